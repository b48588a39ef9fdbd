# SPDX-License-Identifier: Apache-2.0
"""The header of a safetensors file: names, shapes, types. The tensors themselves are never read.

Layout and limits: safetensors/src/tensor.rs (8 bytes little-endian length n, n bytes of JSON, then the data).
"""

import math
from dataclasses import dataclass
from typing import Any

from core.scan import strictjson
from core.scan.guarded import Source
from core.scan.names import shown
from core.scan.refusal import refuse

MAX_HEADER = 100_000_000
"""Bytes (MAX_HEADER_SIZE of the format's own library)."""
BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
    "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as the header declares it. `size` in bytes."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    size: int

    @property
    def elements(self) -> int:
        """Product of the shape (1 for a scalar)."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Header:
    """All tensors of a file, its text metadata, and the bytes of its data part."""

    tensors: tuple[Tensor, ...]
    metadata: dict[str, str]
    data_bytes: int


def read_header(source: Source) -> Header:
    """The header of `source`. Raises CannotRead when the file is cut off or breaks a rule of the format."""
    head = source.part(0, 8)
    if len(head) < 8:
        raise refuse("safetensors.short", size=f"{source.size:,}")
    length = int.from_bytes(head, "little")
    if length > MAX_HEADER:
        raise refuse("safetensors.length", length=f"{length:,}", cap=f"{MAX_HEADER:,}")
    if length + 8 > source.size:
        raise refuse("safetensors.cut", have=f"{source.size:,}", need=f"{length + 8:,}")
    data = source.part(8, length)
    if len(data) < length:
        raise refuse("safetensors.cut", have=f"{len(data) + 8:,}", need=f"{length + 8:,}")
    if not data.startswith(b"{"):
        raise refuse("safetensors.rule", rule="the header does not start with a brace")
    return parse_header(strictjson.parse(data.rstrip(b" ")), source.size - 8 - length)


def parse_header(value: Any, data_bytes: int) -> Header:
    """Check a parsed header against `data_bytes`, the number of bytes after it. Raises CannotRead."""
    if not isinstance(value, dict):
        raise refuse("safetensors.rule", rule="the header is not an object")
    metadata = value.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict) or not all(isinstance(item, str) for item in metadata.values()):
        raise refuse("safetensors.rule", rule="__metadata__ does not map text to text")
    spans = sorted((*_span(name, entry), name) for name, entry in value.items())
    position = 0
    for begin, end, name in spans:
        if begin != position:
            kind = "overlap" if begin < position else "leave a hole"
            raise refuse("safetensors.rule", rule=f"the places of the tensors {kind} at {_quoted(name)}")
        position = end
    if position > data_bytes:
        raise refuse("safetensors.cut", have=f"{data_bytes:,}", need=f"{position:,}")
    if position < data_bytes:
        raise refuse("safetensors.rule", rule=f"{data_bytes - position:,} bytes follow the last tensor")
    return Header(tuple(_tensor(name, entry) for name, entry in value.items()), metadata, data_bytes)


def _span(name: str, entry: Any) -> tuple[int, int]:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(_count(item) for item in offsets):
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no usable place")
    begin, end = offsets
    if begin > end:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} ends before it begins")
    return begin, end


def _tensor(name: str, entry: dict[str, Any]) -> Tensor:
    dtype, shape = entry.get("dtype"), entry.get("shape")
    if not isinstance(dtype, str) or len(dtype) > 32:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no type")
    if not isinstance(shape, list) or len(shape) > 64 or not all(_count(item) for item in shape):
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no usable shape")
    begin, end = entry["data_offsets"]
    tensor = Tensor(name, dtype, tuple(shape), end - begin)
    if tensor.elements >= 2**63:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} is too large to exist")
    bits = BITS.get(dtype)
    if bits is not None and tensor.elements * bits != tensor.size * 8:
        raise refuse("safetensors.rule", rule=f"the shape of {_quoted(name)} does not fit its bytes")
    return tensor


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _quoted(name: str) -> str:
    return f"“{shown(name[:80])}”"
