# SPDX-License-Identifier: Apache-2.0
"""The bytes of an HDF5 file, or of one that lies whole inside another file, in small pieces and up to a cap in all."""

from core.errors import CannotRead
from core.scan.guarded import Source
from core.scan.refusal import refuse

UNDEFINED = 2**64 - 1
MAX_BYTES = 32_000_000
"""Bytes of one file that are handed out: descriptions, not the numbers."""
MAX_READS = 30_000
"""Pieces read from the disk."""
_PIECE = 16_384
_LONGEST_NAME = 500


class View:
    """Reads places by their address. Raises CannotRead for one beyond the end."""

    def __init__(self, source: Source, start: int, length: int) -> None:
        self._source, self._first, self._length = source, start, length
        self._piece, self._start = b"", 0
        self._left, self._reads = MAX_BYTES, MAX_READS

    def part(self, start: int, length: int) -> bytes:
        """`length` bytes from `start`, fewer only at the end of the file."""
        if not 0 <= start < self._length or length < 0:
            raise bad("an address lies beyond the end")
        length = min(length, self._length - start)
        self._left -= length
        if self._left < 0:
            raise bad("its description is too long")
        inside = start - self._start
        if inside < 0 or inside + length > len(self._piece):
            self._reads -= 1
            if self._reads < 0:
                raise bad("its description is scattered over too many places")
            room = min(max(length, _PIECE), self._length - start)
            self._piece, self._start, inside = self._source.part(self._first + start, room), start, 0
        return self._piece[inside : inside + length]

    def name(self, start: int, most: int) -> str:
        """The text that ends with a zero, cut at 500 bytes."""
        data = self.part(start, min(most, _LONGEST_NAME))
        return data.partition(b"\0")[0].decode("utf-8", "replace")


def bad(rule: str) -> CannotRead:
    """The refusal of a file that breaks the form, or of one of a form that is not read."""
    return refuse("hdf5.rule", of="scan_files", rule=rule)
