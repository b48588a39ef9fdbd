# SPDX-License-Identifier: Apache-2.0
"""The outline of a msgpack file: counts, small numbers and where texts and bytes lie. Their content is stepped over.

Format: github.com/msgpack/msgpack/blob/master/spec.md. Nothing is built from what a file says: a list of a million
members is a number here. Bounded in members and in pieces read from the disk.
"""

from typing import Literal, NamedTuple

from core.errors import CannotRead
from core.scan.guarded import Source
from core.scan.refusal import refuse

MOST_MEMBERS = 50_000
MOST_PIECES = 5_000
_PIECE = 4_096
_LONGEST = 200
"""Bytes of a text that is read: names of fields and number formats."""
Sort = Literal["map", "list", "bytes", "number", "true", "other"]


class Head(NamedTuple):
    """One member: `size` is its pairs (map), members (list), bytes (bytes: a text too) or value (a whole number)."""

    sort: Sort
    size: int
    place: int
    """Where the content begins."""


class Outline:
    """Reads one member after the other. Every method raises CannotRead."""

    def __init__(self, source: Source) -> None:
        self.at = 0
        self._source = source
        self._piece, self._start = b"", 0
        self._members, self._pieces = MOST_MEMBERS, MOST_PIECES

    def head(self) -> Head:
        """The next member. A text or bytes are already passed, a map's or list's members come next."""
        self._members -= 1
        if self._members < 0:
            raise bad("there are too many members")
        first = self.part(self.at, 1)[0]
        self.at += 1
        if first < 0x80 or first >= 0xE0:
            return Head("number", first if first < 0x80 else first - 256, self.at)
        if first < 0xC0:
            if first < 0xA0:
                return Head("map" if first < 0x90 else "list", first & 15, self.at)
            return self._content(first & 31)
        if first in _WIDTHS:
            sort, width, extra = _WIDTHS[first]
            size = int.from_bytes(self.part(self.at, width), "big", signed=first in _SIGNED) if width else 0
            self.at += width
            return self._content(size, extra) if sort == "bytes" else Head(sort, size, self.at)
        if first in _FIXED:
            return self._content(_FIXED[first], 0)._replace(sort="other")
        raise bad("a member is of no known kind")

    def text(self) -> str:
        """The next member, a short text (or bytes that are one)."""
        head = self.head()
        if head.sort != "bytes" or head.size > _LONGEST:
            raise bad("a name is missing or too long")
        return self.part(head.place, head.size).decode("latin-1")

    def skip(self) -> None:
        """Step over the next member with all that is inside."""
        waiting = 1
        while waiting:
            head = self.head()
            waiting += {"map": 2 * head.size, "list": head.size}.get(head.sort, 0) - 1

    def part(self, start: int, length: int) -> bytes:
        """`length` bytes (never more than 200) from `start`."""
        inside = start - self._start
        if inside < 0 or inside + length > len(self._piece):
            self._pieces -= 1
            if self._pieces < 0:
                raise bad("its parts are scattered over too many places")
            self._piece, self._start, inside = self._source.part(start, _PIECE), start, 0
        data = self._piece[inside : inside + length]
        if len(data) < length:
            raise bad("it is cut off")
        return data

    def _content(self, size: int, extra: int = 0) -> Head:
        head = Head("bytes", size, self.at + extra)
        self.at = head.place + size
        if self.at > self._source.size:
            raise bad("it is cut off")
        return head


# First byte: sort, bytes of the size or value, bytes between the size and the content (the type of an extension).
_WIDTHS: dict[int, tuple[Sort, int, int]] = {
    0xC0: ("other", 0, 0), 0xC2: ("other", 0, 0), 0xC3: ("true", 0, 0),
    0xC4: ("bytes", 1, 0), 0xC5: ("bytes", 2, 0), 0xC6: ("bytes", 4, 0),
    0xC7: ("bytes", 1, 1), 0xC8: ("bytes", 2, 1), 0xC9: ("bytes", 4, 1),
    0xCC: ("number", 1, 0), 0xCD: ("number", 2, 0), 0xCE: ("number", 4, 0), 0xCF: ("number", 8, 0),
    0xD0: ("number", 1, 0), 0xD1: ("number", 2, 0), 0xD2: ("number", 4, 0), 0xD3: ("number", 8, 0),
    0xD9: ("bytes", 1, 0), 0xDA: ("bytes", 2, 0), 0xDB: ("bytes", 4, 0),
    0xDC: ("list", 2, 0), 0xDD: ("list", 4, 0), 0xDE: ("map", 2, 0), 0xDF: ("map", 4, 0),
}  # fmt: skip
_SIGNED = frozenset({0xD0, 0xD1, 0xD2, 0xD3})
_FIXED = {0xCA: 4, 0xCB: 8, 0xD4: 2, 0xD5: 3, 0xD6: 5, 0xD7: 9, 0xD8: 17}
"""Broken numbers, and extensions with their type."""


def bad(rule: str) -> CannotRead:
    """The refusal of a file that breaks the form."""
    return refuse("spacy.pack", of="scan_tools", rule=rule)
