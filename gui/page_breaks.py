# SPDX-License-Identifier: Apache-2.0
"""Pages of a document for paper: no heading alone at the foot of a page, table heads on each page, no row cut in two.

QTextDocument.print_ knows none of these, so the document is laid out here for the device and drawn page by page.
"""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFontMetricsF,
    QPagedPaintDevice,
    QPainter,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)

from gui.widgets.document_parts import tables_of

_MARGIN_INCHES = 2 / 2.54
_NUMBER_GAP_POINTS = 5
_POINTS_PER_INCH = 72
_MOST_BREAKS = 200
_FIRST_ROWS = 2


def draw_pages(document: QTextDocument, device: QPagedPaintDevice) -> None:
    """Draw `document` on the pages of `device` in black on white, with page numbers.

    Whoever made `device` deletes it with shiboken6.delete(): to PySide 6.11 it now is a child of the document's layout, and neither
    Python nor Qt destroys it any more.
    """
    painter = QPainter(device)
    try:
        repeat_heads(document)
        _lay_out(document, device)
        keep_together(document)
        _draw(document, device, painter)
    finally:
        painter.end()


def repeat_heads(document: QTextDocument) -> None:
    """The first row of each table stands again on the next page."""
    for table in tables_of(document):
        style = table.format()
        style.setHeaderRowCount(1)
        table.setFormat(style)


def keep_together(document: QTextDocument) -> None:
    """Start a new page before a heading, or before a line that leads to a list, when what follows starts there."""
    height = document.pageSize().height()
    for _ in range(_MOST_BREAKS):
        first = next(_torn(document, height), None)
        if first is None:
            return
        if isinstance(first, QTextTable):
            whole = first.format()
            whole.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            first.setFormat(whole)
        else:
            style = QTextBlockFormat()
            style.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            QTextCursor(first).mergeBlockFormat(style)
        document.setPageSize(
            document.pageSize()
        )  # the whole anew: Qt's partial layout loses blocks when drawn


def _torn(document: QTextDocument, height: float) -> Iterator[QTextBlock | QTextTable]:
    """Blocks and tables that must move to the next page, with all that follows them."""
    yield from _cut_tables(document, height)
    block = document.begin()
    while block.isValid():
        following = block.next()
        if _leads(block) and following.isValid():
            first = block
            while _leads(first.previous()) and _page(first.previous(), height) == _page(block, height):
                first = first.previous()
            if _page(following, height) > _page(block, height) and not _moved(first) and first.position() > 0:
                yield first
        block = following


def _cut_tables(document: QTextDocument, height: float) -> Iterator[QTextBlock | QTextTable]:
    """Short tables that a page cuts, inside a row or between two: the whole table moves, with the heading over it.

    A long one may be cut, but not before its second row.
    """
    for table in tables_of(document):
        cells = [
            [table.cellAt(row, column) for column in range(table.columns())] for row in range(table.rows())
        ]
        head = cells[0][0].firstCursorPosition().block()
        over = head.previous()
        if (
            _moved(over)
            or table.format().pageBreakPolicy() & QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
        ):
            continue
        top = document.documentLayout().blockBoundingRect(head).top()
        end = document.documentLayout().blockBoundingRect(cells[-1][0].lastCursorPosition().block()).bottom()
        first = _page(head, height)
        if end - top > height / 2:
            begun = cells[min(_FIRST_ROWS, len(cells) - 1)][0].firstCursorPosition().block()
            cut = _page(begun, height) > first
        else:
            cut = any(
                _page(cell.lastCursorPosition().block(), height, end=True) > first for cell in cells[-1]
            )
        if cut:
            yield over if _leads(over) else table


def _moved(block: QTextBlock) -> bool:
    return bool(block.blockFormat().pageBreakPolicy() & QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)


def _leads(block: QTextBlock) -> bool:
    """Whether a block is nothing without the next one."""
    return block.isValid() and (
        block.blockFormat().headingLevel() > 0
        or (block.textList() is None and block.text().endswith(":") and not _in_table(block))
    )


def _in_table(block: QTextBlock) -> bool:
    return QTextCursor(block).currentTable() is not None


def _page(block: QTextBlock, height: float, *, end: bool = False) -> int:
    """The page on which the first line of `block` stands (the last one with `end`)."""
    top = block.document().documentLayout().blockBoundingRect(block).top()
    layout = block.layout()
    line = layout.lineAt(layout.lineCount() - 1 if end else 0) if layout.lineCount() else None
    return int((top + (line.y() + line.height() / 2 if line is not None else 0)) // height)


def _lay_out(document: QTextDocument, device: QPagedPaintDevice) -> None:
    """Margins of 2 cm beside what the printer cannot reach, in the device's own points."""
    document.documentLayout().setPaintDevice(device)
    style = document.rootFrame().frameFormat()
    margin = round(_MARGIN_INCHES * 96)  # Qt scales the margins of frames from 96 points an inch
    for put in (style.setLeftMargin, style.setRightMargin, style.setTopMargin, style.setBottomMargin):
        put(margin)
    document.rootFrame().setFrameFormat(style)
    block = document.begin()
    while block.isValid():
        if outdent := block.blockFormat().textIndent():  # which Qt does not scale
            wider = QTextBlockFormat()
            wider.setTextIndent(outdent * device.logicalDpiX() / 96)
            QTextCursor(block).mergeBlockFormat(wider)
        block = block.next()
    document.setPageSize(QSizeF(device.width(), device.height()))


def _draw(document: QTextDocument, device: QPagedPaintDevice, painter: QPainter) -> None:
    size = document.pageSize()
    across, down = device.logicalDpiX(), device.logicalDpiY()
    metrics = QFontMetricsF(document.defaultFont(), device)
    gap = metrics.ascent() + _NUMBER_GAP_POINTS * down / _POINTS_PER_INCH
    place = QPointF(
        size.width() - _MARGIN_INCHES * across,
        size.height() - _MARGIN_INCHES * down + gap,
    )
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor("black"))
    context.palette = palette
    for page in range(document.pageCount()):
        if page:
            device.newPage()
        view = QRectF(0, page * size.height(), size.width(), size.height())
        painter.save()
        painter.translate(0, -view.top())
        painter.setClipRect(view)
        context.clip = view
        document.documentLayout().draw(painter, context)
        painter.restore()
        painter.setFont(document.defaultFont())
        painter.setPen(QColor("black"))
        words = str(page + 1)
        painter.drawText(place - QPointF(metrics.horizontalAdvance(words), 0), words)
