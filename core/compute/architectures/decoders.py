# SPDX-License-Identifier: Apache-2.0
"""Every decoder that is one recipe of decoder.py, by its model type."""

from core.compute.architectures import decoder_classic, decoder_moe, decoder_types
from core.compute.architectures.decoder import assemble
from core.compute.architectures.request import Request
from core.compute.layers import Block
from core.compute.notes import refuse

TYPES = decoder_types.TYPES | decoder_classic.TYPES | decoder_moe.TYPES
"""Model type, and what reads its configuration."""


def build(request: Request) -> Block:
    """The layer table of a decoder with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    return assemble(TYPES[request.model_type](request.config), request)
