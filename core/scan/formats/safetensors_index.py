# SPDX-License-Identifier: Apache-2.0
"""Weights in several safetensors files, listed by an index."""

from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.packed import element_bytes
from core.scan.formats.safetensors_header import Tensor, read_header
from core.scan.formats.weights import weight_facts
from core.scan.guarded import Source
from core.scan.names import shown
from core.scan.numbers import whole
from core.scan.refusal import refuse
from core.scan.types import AlsoRead, Entry, Found, Item
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
    names = shard_names(index)
    tensors: list[Tensor] = []
    missing: list[str] = []
    for name in names:
        shard = source.sibling(name)
        if shard is None:
            missing.append(name)
            continue
        try:
            tensors.extend(read_header(shard).tensors)
            yield AlsoRead(shard.entry, "safetensors")
        except CannotRead as trouble:
            yield AlsoRead(shard.entry, "safetensors", (trouble.what, trouble.why, trouble.todo))
            missing.append(name)
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise refuse("index.twice")
    if not missing:
        yield from weight_facts(source, tuple(tensors), text("scan.index.shards", count=len(names)))
        return
    yield from _claims(source, index)
    raise refuse("index.missing", count=len(missing), total=len(names), first=shown(missing[0]))


def shard_names(index: dict[str, Any]) -> list[str]:
    """The plain file names in weight_map. Raises CannotRead for paths: an index may only point beside itself."""
    places = index.get("weight_map")
    if not isinstance(places, dict) or not places:
        raise refuse("index.empty")
    names = sorted({name if isinstance(name, str) else "" for name in places.values()})
    if len(names) > MAX_SHARDS:
        raise refuse("index.many", count=f"{len(names):,}", cap=f"{MAX_SHARDS:,}")
    for name in names:
        if (
            not name.endswith(".safetensors")
            or any(char in name for char in "/\\:\0")
            or name.startswith("..")
        ):
            raise refuse("index.path")
    return names


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
