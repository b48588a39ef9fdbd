# SPDX-License-Identifier: Apache-2.0
"""Weights in several safetensors files, listed by an index."""

from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.packed import element_bytes
from core.scan.formats.safetensors_header import Tensor, read_header
from core.scan.formats.shards import read_shards, shard_names
from core.scan.formats.weights import weight_facts
from core.scan.guarded import Source
from core.scan.names import shown
from core.scan.numbers import whole
from core.scan.refusal import refuse
from core.scan.types import Entry, Found, Item
from core.texts import text

NAME = "safetensors_index"
EVERY_PLACE = False
MAX_SHARDS = 10_000
"""huggingface.js refuses more as well."""
INDEX_CAP = 100_000_000


def matches(entry: Entry) -> bool:
    """model.safetensors.index.json and its kin."""
    return entry.name.endswith(".safetensors.index.json")


def read(source: Source) -> Iterator[Item]:
    """Counts over all shards. When a shard is missing, what the index claims is given instead."""
    index = source.json_object(INDEX_CAP)
    names = shard_names(index, ".safetensors", MAX_SHARDS)
    tensors, missing = yield from read_shards(source, names, "safetensors", _tensors)
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise refuse("index.twice")
    if not missing:
        yield from weight_facts(source, tuple(tensors), text("scan.index.shards", count=len(names)))
        return
    yield from _claims(source, index)
    raise refuse("index.missing", count=len(missing), total=len(names), first=shown(missing[0]))


def _tensors(shard: Source) -> tuple[Tensor, ...]:
    return read_header(shard).tensors


def _claims(source: Source, index: dict[str, Any]) -> Iterator[Item]:
    """Parameters as the index claims them, for a copy whose shards are not all here."""
    metadata = index.get("metadata")
    if not isinstance(metadata, dict):
        return
    total = whole(metadata.get("total_parameters"), 1)
    if total:
        yield Found("parameters_total", total, "metadata.total_parameters", text("scan.index.claim"))
        return
    size = whole(metadata.get("total_size"), 1)
    config = source.sibling("config.json")
    if size is None or config is None:
        return
    try:
        settings = config.json_object()
    except CannotRead:
        return
    dtype = settings.get("dtype") or settings.get("torch_dtype")
    width = element_bytes(dtype) if isinstance(dtype, str) else None
    if width and not settings.get("quantization_config") and size % width == 0:
        yield Found(FoundOnly.WEIGHT_BYTES, size, "metadata.total_size", text("scan.index.claim"))
        yield Found(
            "parameters_total",
            size // width,
            "metadata.total_size",
            text("scan.index.claim_bytes", dtype=dtype),
        )
