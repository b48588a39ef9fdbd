# SPDX-License-Identifier: Apache-2.0
"""What Qt draws badly in a Markdown document: tables, and items to tick."""

from collections.abc import Iterator

from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from core.documents.columns import column_widths, is_wide
from gui.tokens import UNIT

_RULE = QColor("#8a8a8a")
"""Lines of a table: 3:1 on white and on the dark scheme's paper."""
_CELL_PADDING = 3
_BOXES = {QTextBlockFormat.MarkerType.Checked: "☒ ", QTextBlockFormat.MarkerType.Unchecked: "☐ "}


def tables_of(document: QTextDocument) -> Iterator[QTextTable]:
    """The tables of a document; those inside another table are not looked for, Markdown has none.

    Not through rootFrame(): PySide 6.11 keeps each root frame it ever handed out, and a new text has a new one.
    """
    block = document.begin()
    while block.isValid():
        table = QTextCursor(block).currentTable()
        if table is not None:
            yield table
            block = table.lastCursorPosition().block()
        block = block.next()


def rule_tables(document: QTextDocument) -> None:
    """Single thin lines, room around each table and in its cells, and columns as wide as what they hold needs."""
    for table in tables_of(document):
        style = table.format()
        style.setBorderCollapse(True)
        style.setBorder(1)
        style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        style.setBorderBrush(QBrush(_RULE))
        style.setCellPadding(_CELL_PADDING)
        style.setTopMargin(UNIT / 2)
        style.setBottomMargin(UNIT * 1.5)
        cells = _words(table)
        if is_wide(cells):
            percent = QTextLength.Type.PercentageLength
            style.setWidth(QTextLength(percent, 100))
            widths = column_widths(cells, 1000)
            style.setColumnWidthConstraints([QTextLength(percent, width / 10) for width in widths])
        table.setFormat(style)


def _words(table: QTextTable) -> list[list[str]]:
    found = []
    for row in range(table.rows()):
        cells = []
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
            cells.append(cursor.selectedText())
        found.append(cells)
    return found


def draw_boxes(document: QTextDocument) -> None:
    """Boxes as letters, empty and crossed of one size; Qt's own are pictures of two sizes, and no reader finds them."""
    hang = QFontMetricsF(document.defaultFont()).horizontalAdvance(
        _BOXES[QTextBlockFormat.MarkerType.Checked]
    )
    for block in list(_blocks(document)):
        box = _BOXES.get(block.blockFormat().marker())
        listed = block.textList()
        if box is None or listed is None:
            continue
        listed.remove(block)
        style = QTextBlockFormat()
        style.setMarker(QTextBlockFormat.MarkerType.NoMarker)
        style.setIndent(1)  # not a margin: Qt widens only this one for paper
        style.setTextIndent(-hang)
        style.setBottomMargin(UNIT / 2)
        cursor = QTextCursor(block)
        cursor.mergeBlockFormat(style)
        cursor.insertText(box)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()
