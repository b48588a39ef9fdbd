# SPDX-License-Identifier: Apache-2.0
"""Weights in one safetensors file."""

from collections.abc import Iterator

from core.scan.formats.header_texts import header_facts
from core.scan.formats.safetensors_header import read_header
from core.scan.formats.weights import weight_facts
from core.scan.guarded import Source
from core.scan.types import Entry, Item, NotMine
from core.texts import text

NAME = "safetensors"
EVERY_PLACE = False


def matches(entry: Entry) -> bool:
    """Any *.safetensors (core.scan.places picks the one that is the model)."""
    return entry.name.lower().endswith(".safetensors")


def read(source: Source) -> Iterator[Item]:
    """Counts and a trainer's texts from the header; the tensors are not read."""
    header = read_header(source)
    if not header.tensors:
        yield NotMine(text("scan.weights.none"))
        return
    yield from weight_facts(source, header.tensors)
    yield from header_facts(header.metadata, source)
