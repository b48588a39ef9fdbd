# SPDX-License-Identifier: Apache-2.0
"""How the columns of a table share the width of a page, by what they hold. Counted in letters: nothing is drawn here."""

import functools
import math
import re

_LINE, _CELL_EDGES = 95, 3
"""Letters of a table's type across the page, and as many as the edges of a cell take."""
_SHORT_CELL = 16
"""Letters of a cell that had better stay on one line."""
_TIE = 0.1
_RAGGED = 1.08
"""A text takes a little more room than its letters: words end before the line does."""
_POWER = re.compile(r"(\d) × (10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])")

_Columns = tuple[tuple[str, ...], ...]


def unbroken(words: str) -> str:
    """`words` with blanks that no line ends at inside "1.2 × 10¹⁸"."""
    return _POWER.sub("\\1\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}\\2", words)


def is_wide(rows: list[list[str]]) -> bool:
    """Whether a table with every cell on one line is wider than a page."""
    return sum(max(map(len, column)) + _CELL_EDGES for column in _columns(rows)) > _LINE


def column_widths(rows: list[list[str]], total: int) -> list[int]:
    """Widths of columns that share `total`. Each has room for its longest word, and for short cells whole, if the line has.

    What is left over goes where it makes the table shortest.
    """
    widths = _letters(_columns(rows))
    return [round(total * one / sum(widths)) for one in widths]


@functools.lru_cache(maxsize=64)  # a preview draws the same tables after each answer
def _letters(columns: _Columns) -> tuple[int, ...]:
    widths = [_least(column) for column in columns]
    room = _LINE - sum(widths)
    while room > 0:
        tall = _height(columns, widths)
        gains = []
        for place in range(len(columns)):
            for more in range(1, room + 1):
                wider = [*widths[:place], widths[place] + more, *widths[place + 1 :]]
                if (gain := tall - _height(columns, wider)) > 0:
                    gains.append((gain / more, -more, wider))
                    break
        if not gains:
            break
        best = max(gains)
        widths, room = best[2], room + best[1]
    return tuple(widths)


def _least(column: tuple[str, ...]) -> int:
    whole = [cell for cell in column if len(cell) <= _SHORT_CELL]
    pieces = [*whole, *(piece for cell in column for piece in unbroken(cell).split(" "))]
    return max(map(len, pieces), default=1) + _CELL_EDGES


def _height(columns: _Columns, widths: list[int]) -> float:
    """Lines of all rows together; of two that are as high, the one with fewer lines in its cells."""
    lines = [_lines(column, width - _CELL_EDGES) for column, width in zip(columns, widths, strict=True)]
    rows = list(zip(*lines, strict=True))
    return float(sum(max(row) for row in rows)) + _TIE * sum(sum(row) for row in rows)


@functools.lru_cache(maxsize=1024)
def _lines(column: tuple[str, ...], width: int) -> tuple[int, ...]:
    return tuple(1 if len(cell) <= width else math.ceil(len(cell) * _RAGGED / width) for cell in column)


def _columns(rows: list[list[str]]) -> _Columns:
    return tuple(tuple(row[n] if n < len(row) else "" for row in rows) for n in range(max(map(len, rows))))
