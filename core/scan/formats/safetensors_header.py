# SPDX-License-Identifier: Apache-2.0
"""The header of a safetensors file: names, shapes, types. The tensors themselves are never read.

Layout and limits: safetensors/src/tensor.rs (8 bytes little-endian length n, n bytes of JSON, then the data).
"""

from dataclasses import dataclass
from typing import Any

from core.scan import strictjson
from core.scan.formats.safetensors_quick import Tensor, read_quickly
from core.scan.guarded import Source
from core.scan.names import shown
from core.scan.refusal import refuse

MAX_HEADER = 100_000_000
"""Bytes (MAX_HEADER_SIZE of the format's own library)."""
MOST_TENSORS = 200_000
"""Tensors of one file that are read: 200 MB of memory and a second. The largest models hold a tenth of that in a shard."""
_WORD = len('"dtype"')
_HEADER_VALUES = 1_200 * MOST_TENSORS
_LARGE = 25_000_000
_CHUNK = 1 << 16
"""Bytes of the first read: most headers whole. A larger one is read again at its own length: memory that is asked for and
not used costs as much as parsing."""
_LARGEST = 2**63
BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
    "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}  # fmt: skip


__all__ = ["BITS", "MAX_HEADER", "Header", "Tensor", "parse_header", "read_header"]


@dataclass(frozen=True, slots=True)
class Header:
    """All tensors of a file, its text metadata, and the bytes of its data part."""

    tensors: tuple[Tensor, ...]
    metadata: dict[str, str]
    data_bytes: int


def read_header(source: Source) -> Header:
    """The header of `source`. Raises CannotRead when the file is cut off or breaks a rule of the format."""
    start = source.part(0, _CHUNK)
    if len(start) < 8:
        raise refuse("safetensors.short", size=f"{source.size:,}")
    length = int.from_bytes(start[:8], "little")
    if length > MAX_HEADER:
        raise refuse("safetensors.length", length=f"{length:,}", cap=f"{MAX_HEADER:,}")
    if length + 8 > source.size:
        raise refuse("safetensors.cut", have=f"{source.size:,}", need=f"{length + 8:,}")
    data = start[8 : 8 + length] if length + 8 <= len(start) else source.part(8, length)
    if len(data) < length:
        raise refuse("safetensors.cut", have=f"{len(data) + 8:,}", need=f"{length + 8:,}")
    if not data.startswith(b"{"):
        raise refuse("safetensors.rule", rule="the header does not start with a brace")
    data = data.rstrip(b" ")
    if len(data) > _LARGE and strictjson.heavy(data, _HEADER_VALUES):
        raise refuse("json.many")
    if len(data) > _WORD * MOST_TENSORS and data.count(b'"dtype"') > MOST_TENSORS:
        raise refuse("safetensors.many", most=f"{MOST_TENSORS:,}")
    after = source.size - 8 - length
    if found := read_quickly(data, after, BITS):
        return Header(found[0], found[1], after)
    return parse_header(strictjson.parse(data, most=_HEADER_VALUES), after)


def parse_header(value: Any, data_bytes: int) -> Header:
    """Check a parsed header against `data_bytes`, the number of bytes after it. Raises CannotRead."""
    if not isinstance(value, dict):
        raise refuse("safetensors.rule", rule="the header is not an object")
    metadata = value.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict) or not all(isinstance(item, str) for item in metadata.values()):
        raise refuse("safetensors.rule", rule="__metadata__ does not map text to text")
    spans = [(*_span(name, entry), name) for name, entry in value.items()]
    spans.sort()
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
    return Header(tuple([_tensor(name, entry) for name, entry in value.items()]), metadata, data_bytes)


def _span(name: str, entry: Any) -> tuple[int, int]:
    offsets = entry.get("data_offsets") if type(entry) is dict else None
    if type(offsets) is not list or len(offsets) != 2:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no usable place")
    begin, end = offsets
    if type(begin) is not int or type(end) is not int or not 0 <= begin < _LARGEST > end >= 0:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no usable place")
    if begin > end:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} ends before it begins")
    return begin, end


def _tensor(name: str, entry: dict[str, Any]) -> Tensor:
    dtype, shape = entry.get("dtype"), entry.get("shape")
    if type(dtype) is not str or len(dtype) > 32:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no type")
    if type(shape) is not list or len(shape) > 64:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no usable shape")
    elements = 1
    for size in shape:
        if type(size) is not int or not 0 <= size < _LARGEST:
            raise refuse("safetensors.rule", rule=f"{_quoted(name)} has no usable shape")
        elements *= size
    if elements >= _LARGEST:
        raise refuse("safetensors.rule", rule=f"{_quoted(name)} is too large to exist")
    begin, end = entry["data_offsets"]
    bits = BITS.get(dtype)
    if bits is not None and elements * bits != (end - begin) * 8:
        raise refuse("safetensors.rule", rule=f"the shape of {_quoted(name)} does not fit its bytes")
    return Tensor(name, dtype, tuple(shape), end - begin, elements)


def _quoted(name: str) -> str:
    return f"“{shown(name[:80])}”"
