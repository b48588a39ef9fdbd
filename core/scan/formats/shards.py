# SPDX-License-Identifier: Apache-2.0
"""Weights in several files beside an index that says which tensor lies where."""

from collections.abc import Callable, Generator, Iterable
from typing import Any

from core.errors import CannotRead
from core.scan.formats.safetensors_header import Tensor
from core.scan.guarded import Source
from core.scan.refusal import refuse
from core.scan.types import AlsoRead


def shard_names(index: dict[str, Any], ending: str, most: int) -> list[str]:
    """The plain file names in weight_map, in order. Raises CannotRead for paths: an index may only point beside itself."""
    places = index.get("weight_map")
    if not isinstance(places, dict) or not places:
        raise refuse("index.empty")
    names = sorted({name if isinstance(name, str) else "" for name in places.values()})
    if len(names) > most:
        raise refuse("index.many", count=f"{len(names):,}", cap=f"{most:,}")
    for name in names:
        if not name.endswith(ending) or name.startswith(".") or any(char in name for char in "/\\:\0"):
            raise refuse("index.path")
    return names


def read_shards(
    source: Source, names: Iterable[str], reader: str, tensors_of: Callable[[Source], Iterable[Tensor]]
) -> Generator[AlsoRead, None, tuple[list[Tensor], list[str]]]:
    """Reads each shard beside `source`; returns the tensors and the names of the shards that are missing or unreadable."""
    tensors: list[Tensor] = []
    missing: list[str] = []
    for name in names:
        shard = source.sibling(name)
        if shard is None:
            missing.append(name)
            continue
        try:
            tensors.extend(tensors_of(shard))
            yield AlsoRead(shard.entry, reader)
        except CannotRead as trouble:
            yield AlsoRead(shard.entry, reader, (trouble.what, trouble.why, trouble.todo))
            missing.append(name)
    return tensors, missing
