# SPDX-License-Identifier: Apache-2.0
"""Parameters in embedding layers, which the Trainer leaves out of its count (`num_parameters(exclude_embeddings=True)`): the
tables proper, not the bare parameters beside them (a class token)."""

from collections.abc import Mapping
from typing import Any

from core.compute.architectures import build
from core.compute.inputs import Inputs
from core.compute.layers import Block, Call
from core.errors import BadConfig


def table_weights(config: Mapping[str, Any], model_class: str | None) -> int | None:
    """Weights of all tables of the model of `config`; None when it makes no model."""
    try:
        network, _ = build(config, Inputs(), model_class=model_class)
    except BadConfig:
        return None
    return _tables(network)


def _tables(block: Block) -> int:
    found = 0
    for step in block.steps:
        if not isinstance(step, Call):
            found += step.weights if step.kind == "embedding" else 0
        elif not step.again:
            found += _tables(step.block)
    return found
