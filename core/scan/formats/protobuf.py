# SPDX-License-Identifier: Apache-2.0
"""The wire form of protocol buffers, field by field, over a file of any size: what is not asked for is stepped over.

Encoding: protobuf.dev/programming-guides/encoding. Groups (wire types 3 and 4) are refused; nobody writes them here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import CannotRead
from core.scan.guarded import Source
from core.scan.refusal import refuse

MAX_FIELDS = 400_000
"""Fields visited in one file, which takes about a second."""
_CHUNK = 1 << 18
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `value` is the number of a varint; for bytes, `start` and `length` say where they lie."""

    number: int
    wire: int
    value: int
    start: int
    length: int


class Wire:
    """Reads fields between two places of a file through a window of bytes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._window, self._start = b"", 0
        self._left = MAX_FIELDS

    def fields(self, start: int, end: int) -> Iterator[Field]:
        """The fields from `start` to `end` (bytes from the start of the file). Raises CannotRead."""
        at = start
        while at < end:
            self._left -= 1
            if self._left < 0:
                raise _bad("it has too many parts")
            key, at = self._varint(at, end)
            number, wire = key >> 3, key & 7
            if wire == _VARINT:
                value, at = self._varint(at, end)
                yield Field(number, wire, value, at, 0)
                continue
            length = 8 if wire == _FIXED64 else 4 if wire == _FIXED32 else -1
            if wire == _BYTES:
                length, at = self._varint(at, end)
            if length < 0:
                raise _bad("it holds a part of an unknown kind")
            if length > end - at:
                raise _bad(f"a part claims {length:,} bytes, but {end - at:,} are left")
            yield Field(number, wire, 0, at, length)
            at += length

    def inside(self, field: Field) -> Iterator[Field]:
        """The fields of a message within a field."""
        return self.fields(field.start, field.start + field.length)

    def text(self, field: Field, cap: int = 2_000) -> str:
        """The text of a field, cut at `cap` bytes."""
        return self._see(field.start, min(field.length, cap)).decode("utf-8", "replace")

    def numbers(self, field: Field, most: int = 64) -> list[int]:
        """The numbers of a repeated varint: one, or packed in bytes."""
        if field.wire == _VARINT:
            return [field.value]
        found: list[int] = []
        at, end = field.start, field.start + field.length
        while at < end:
            value, at = self._varint(at, end)
            found.append(value)
            if len(found) > most:
                raise _bad("a tensor has too many dimensions")
        return found

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        data = self._see(at, min(10, end - at))
        value = 0
        for index, byte in enumerate(data):
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                return value & (2**64 - 1), at + index + 1
        raise _bad("it is cut off, or a number does not end")

    def _see(self, start: int, length: int) -> bytes:
        at = start - self._start
        if at < 0 or at + length > len(self._window):
            self._window, self._start, at = self.source.part(start, max(length, _CHUNK)), start, 0
        return self._window[at : at + length]


def _bad(rule: str) -> CannotRead:
    return refuse("onnx.rule", of="scan_files", rule=rule)
