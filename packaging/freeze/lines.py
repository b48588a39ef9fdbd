# SPDX-License-Identifier: Apache-2.0
"""Tables of line numbers in less room: an eighth of a module is such a table, and it packs badly.

Of other people's modules a traceback names the file, the function and where it begins; of our own every line. Standard library
only; runs inside PyInstaller.
"""

from __future__ import annotations

from itertools import groupby
from types import CodeType

_UNITS = 8
"""Instructions, of two bytes each, that one entry of the table can cover."""
_SAME_LINE, _NO_COLUMNS, _NO_LINE = 0, 13, 15  # Objects/locations.md of CPython 3.11


def coarse_lines(code: CodeType) -> CodeType:
    """`code`, and what is defined inside it, with every instruction on the line where it begins."""
    inside = tuple(coarse_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_linetable=_table(len(code.co_code) // 2), co_consts=inside)


def _table(instructions: int) -> bytes:
    """A location table for so many instructions, all on the first line."""
    whole, rest = divmod(instructions, _UNITS)
    lengths = [_UNITS] * whole + ([rest] if rest else [])
    return b"".join(bytes((0x80 | _NO_COLUMNS << 3 | length - 1, _SAME_LINE)) for length in lengths)


def joined_lines(code: CodeType) -> CodeType:
    """`code`, and what is defined inside it, with one entry for neighbouring instructions of a line: the same lines in half the room."""
    inside = tuple(joined_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    made, last = bytearray(), code.co_firstlineno
    for line, run in groupby(position[0] for position in code.co_positions()):
        left = sum(1 for _ in run)
        while left:
            units = min(left, _UNITS)
            left -= units
            if line is None:
                made.append(0x80 | _NO_LINE << 3 | units - 1)
            else:
                made.append(0x80 | _NO_COLUMNS << 3 | units - 1)
                made += _signed(line - last)
                last = line
    return code.replace(co_linetable=bytes(made), co_consts=inside)


def _signed(number: int) -> bytes:
    """A signed number in pieces of six bits, the lowest first; a further piece follows where bit 6 is set."""
    rest = (-number << 1 | 1) if number < 0 else number << 1
    made = bytearray()
    while rest > 63:
        made.append(0x40 | rest & 63)
        rest >>= 6
    return bytes((*made, rest))
