# SPDX-License-Identifier: Apache-2.0
"""Shapes, number formats and small values of HDF5: messages 1, 3 and 12 of an object header, and texts in the global heap."""

import math
import struct
from typing import NamedTuple

from core.scan.formats.hdf5_bytes import View, bad

MAX_TEXT = 10_000_000
"""Bytes of a text in an attribute (the description of a model's layers)."""
_MOST_TEXTS = 5_000
_MOST_HEAP = 10_000
_WHOLE, _DECIMAL, _TEXT, _VARIABLE = 0, 1, 3, 9


class Kind(NamedTuple):
    """A number format: `letter` i, u, f, S (text of fixed length), V (of any length) or ?; `size` in bytes of one."""

    letter: str
    size: int

    @property
    def word(self) -> str:
        """As safetensors spells it: F32, I64, U8."""
        names = {"f": "F", "i": "I", "u": "U"}
        return f"{names[self.letter]}{8 * self.size}" if self.letter in names else "?"


def dataspace(data: bytes) -> tuple[int, ...]:
    """The sides of an array; none for a single value. Raises CannotRead when there are more numbers than can exist."""
    version, rank = data[0], data[1]
    if version not in (1, 2) or rank > 32:
        raise bad("an array has an unusual shape")
    shape = struct.unpack_from(f"<{rank}Q", data, 8 if version == 1 else 4)
    if math.prod(shape) >= 2**50 or any(side >= 2**40 for side in shape):
        raise bad("an array is too large to exist")
    return shape


def datatype(data: bytes) -> Kind:
    """The number format of a message."""
    first, bits = data[0], data[1]
    (size,) = struct.unpack_from("<I", data, 4)
    kind = first & 15
    if kind == _WHOLE:
        return Kind("i" if bits & 8 else "u", size)
    if kind == _DECIMAL:
        return Kind("f", size)
    if kind == _TEXT:
        return Kind("S", size)
    # Of any length, and then a text (1) or a list (0).
    return Kind("V", size) if kind == _VARIABLE and bits & 15 == 1 else Kind("?", size)


def attribute(view: View, data: bytes) -> dict[str, object]:
    """The attribute of a message when it is a text, a list of texts or a whole number; empty for any other."""
    version, flags = data[0], data[1]
    if version not in (1, 2, 3) or (version > 1 and flags & 3):
        return {}
    name_size, type_size, space_size = struct.unpack_from("<HHH", data, 2)
    at = 9 if version == 3 else 8
    padded = 7 if version == 1 else 0
    name = data[at : at + min(name_size, 500)].partition(b"\0")[0].decode("utf-8", "replace")
    at += (name_size + padded) & ~padded
    kind = datatype(data[at : at + type_size])
    at += (type_size + padded) & ~padded
    shape = dataspace(data[at : at + space_size])
    at += (space_size + padded) & ~padded
    count = math.prod(shape)
    if kind.letter == "?" or kind.size == 0 or count > _MOST_TEXTS or len(shape) > 1:
        return {}
    values = [value_of(view, kind, data[at + k * kind.size : at + (k + 1) * kind.size]) for k in range(count)]
    return {name: values if shape else values[0] if values else None}


def value_of(view: View, kind: Kind, data: bytes) -> int | str | None:
    """One value as a whole number or a text; None for a decimal."""
    if len(data) < kind.size:
        raise bad("a value is cut off")
    if kind.letter in "iu":
        return int.from_bytes(data, "little", signed=kind.letter == "i")
    if kind.letter == "S":
        return data.rstrip(b"\0").decode("utf-8", "replace")
    return _from_heap(view, data) if kind.letter == "V" and kind.size == 16 else None


def _from_heap(view: View, data: bytes) -> str | None:
    """A text of any length: its bytes, the address of a collection in the global heap, and its number there."""
    length, address, wanted = struct.unpack("<IQI", data)
    if not length or not address:
        return ""
    head = view.part(address, 16)
    if head[:4] != b"GCOL":
        raise bad("a text is not where its address says")
    (room,) = struct.unpack_from("<Q", head, 8)
    at = address + 16
    for _ in range(_MOST_HEAP):
        if at + 16 > address + room:
            return None
        number, _, size = struct.unpack("<HHxxxxQ", view.part(at, 16))
        if number == wanted:
            if length > min(size, MAX_TEXT):
                raise bad("a text is longer than its place")
            return view.part(at + 16, length).rstrip(b"\0").decode("utf-8", "replace")
        if number == 0:
            return None
        at += 16 + ((size + 7) & ~7)
    return None
