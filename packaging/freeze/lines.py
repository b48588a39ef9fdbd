# SPDX-License-Identifier: Apache-2.0
"""Line numbers of other people's modules, made coarse: a traceback names the file, the function and where it begins.

A table of lines is an eighth of a module and packs badly. Standard library only; runs inside PyInstaller.
"""

from __future__ import annotations

from types import CodeType

_UNITS = 8
"""Instructions, of two bytes each, that one entry of the table can cover."""
_SAME_LINE, _NO_COLUMNS = 0, 13  # Objects/locations.md of CPython 3.11


def coarse_lines(code: CodeType) -> CodeType:
    """`code`, and what is defined inside it, with every instruction on the line where it begins."""
    inside = tuple(coarse_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_linetable=_table(len(code.co_code) // 2), co_consts=inside)


def _table(instructions: int) -> bytes:
    """A location table for so many instructions, all on the first line."""
    whole, rest = divmod(instructions, _UNITS)
    lengths = [_UNITS] * whole + ([rest] if rest else [])
    return b"".join(bytes((0x80 | _NO_COLUMNS << 3 | length - 1, _SAME_LINE)) for length in lengths)
