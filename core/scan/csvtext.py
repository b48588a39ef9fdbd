# SPDX-License-Identifier: Apache-2.0
"""Tables that training tools write as CSV: read by header, blanks stripped, bounded in rows and columns."""

import csv
import io

from core.scan.guarded import Source
from core.scan.numbers import real
from core.scan.refusal import refuse

CAP = 20_000_000
"""Bytes of a table."""
_ROWS, _COLUMNS, _CELL = 500_000, 500, 2_000


def table(source: Source) -> list[dict[str, str]]:
    """The rows by column name; old tools pad names and values with blanks. Raises CannotRead."""
    text = source.text(CAP)
    if len(text) > 100_000 and "\n" not in text[:100_000]:
        raise refuse("csv.odd")
    rows: list[dict[str, str]] = []
    header: list[str] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline="")):
            if not any(cells):
                continue
            if len(cells) > _COLUMNS or len(rows) >= _ROWS or any(len(cell) > _CELL for cell in cells):
                raise refuse("csv.odd")
            stripped = [cell.strip() for cell in cells]
            if not header:
                header = stripped
            elif stripped != header:  # a tool that was started again may write its header again
                rows.append(dict(zip(header, stripped, strict=False)))
    except csv.Error as error:
        raise refuse("csv.odd") from error
    return rows


def number(cell: str | None) -> float | None:
    """A cell as a finite number, or None."""
    try:
        return real(float(cell)) if cell and len(cell) <= 40 else None
    except ValueError:
        return None
