# SPDX-License-Identifier: Apache-2.0
"""The door of the layer table: parameters and operations of a configuration, exact.

Standard library only in this import chain: the command line must start in milliseconds.
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.compute.architectures import build, knows, model_type
from core.compute.count import Counter, Line
from core.compute.inputs import Inputs
from core.compute.layers import Block
from core.compute.notes import Note
from core.compute.trained import FULL, Trained, predicate
from core.compute.while_training import as_trained
from core.errors import BadConfig


class FlopCount(NamedTuple):
    """Parameters and operations (FLOP, multiply and add counted apart) of one batch, forward and backward once.

    `parameters_active`: used for one token (routed experts counted as far as they run). `parameters_embedding`: in
    input embedding tables. `step_flop` = `forward_flop` + `backward_flop`. `attention_flop`: the part of the step in
    attention scores and values; `causal_flop`: the part of that under a causal mask, half of which a
    causal-skipping kernel leaves out. `recompute_flop`: what gradient checkpointing of the stacked layers adds.
    `skipped_flop`: what a step spares on average because layers are left out at random while training; no other number
    is less for it.
    `lines`: the same numbers by kind of layer.
    """

    parameters_total: int
    parameters_trainable: int
    parameters_active: int
    parameters_embedding: int
    forward_flop: int
    backward_flop: int
    step_flop: int
    attention_flop: int
    causal_flop: int
    recompute_flop: int
    skipped_flop: int
    lines: Mapping[str, Line]
    notes: tuple[Note, ...]


class Parameters(NamedTuple):
    """Parameter counts of a model, adapter included."""

    total: int
    trainable: int
    active: int
    embedding: int


def count_flops(
    config: Mapping[str, object],
    inputs: Inputs,
    *,
    model_class: str | None = None,
    part: str = "main",
    adapter: Mapping[str, object] | None = None,
    trained: Trained = FULL,
    opened: bool = False,
) -> FlopCount:
    """Count one batch of `inputs` through the model of `config` (a config.json as a mapping).

    `model_class` is the class built (default: the first of the configuration's `architectures`, else the usual one
    of the type), `part` one tower or half. With `adapter` (a PEFT adapter_config.json) the base is frozen and
    `trained` is not looked at; `opened` as in `Counter`. Raises BadConfig for unknown types, classes, parts and values that make no model.
    """
    if adapter is not None:
        from core.compute.prompts import is_prompt, lengthened

        inputs = lengthened(inputs, adapter) if is_prompt(adapter) else inputs
    network, reader = build(config, inputs, model_class=model_class, part=part)
    as_trained(network, config, model_type(config))
    notes = reader.notes
    if adapter is not None:
        from core.compute.adapters import adapt

        network, base, more = adapt(network, adapter, model_type(config))
        notes.extend(more)
        counted = _count(network, base, opened)
    else:
        counted = _count(network, trained)
    return counted._replace(notes=tuple(dict.fromkeys(notes)))


def parameter_count(
    config: Mapping[str, object],
    *,
    model_class: str | None = None,
    adapter: Mapping[str, object] | None = None,
) -> Parameters:
    """Parameters of the model of `config`, with those of `adapter` when given. Raises BadConfig."""
    c = count_flops(config, Inputs(), model_class=model_class, adapter=adapter)
    return Parameters(c.parameters_total, c.parameters_trainable, c.parameters_active, c.parameters_embedding)


def supported(config: Mapping[str, object], model_class: str | None = None) -> bool:
    """Can this configuration be counted? False for unknown types and for values that make no model."""
    if not knows(config):
        return False
    try:
        build(config, Inputs(), model_class=model_class)
    except BadConfig:
        return False
    return True


def _count(network: Block, trained: Trained, opened: bool = False) -> FlopCount:
    counter = Counter(predicate(trained, network), modules=trained.mode == "part", opened=opened)
    tally = counter.count(network)
    lines = tally.lines
    whole = Line()
    for line in lines.values():
        whole = whole.plus(line)
    causal = lines.get("causal attention", Line())
    attention = lines.get("attention", Line()).plus(causal)
    return FlopCount(
        parameters_total=whole.parameters,
        parameters_trainable=whole.trainable,
        parameters_active=whole.active,
        parameters_embedding=lines.get("embeddings", Line()).parameters,
        forward_flop=whole.forward_flop,
        backward_flop=whole.backward_flop,
        step_flop=whole.forward_flop + whole.backward_flop,
        attention_flop=attention.forward_flop + attention.backward_flop,
        causal_flop=causal.forward_flop + causal.backward_flop,
        recompute_flop=tally.again_flop,
        skipped_flop=round(tally.skipped_flop),
        lines=lines,
        notes=(),
    )
