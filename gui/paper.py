# SPDX-License-Identifier: Apache-2.0
"""A document on paper: black on white whatever the window's scheme, printed or written as a PDF file."""

import datetime
import re
from typing import Any

import shiboken6
from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QUrl, QUuid
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontDatabase,
    QFontMetrics,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from core.documents.columns import unbroken
from core.errors import CannotWrite
from gui.page_breaks import draw_pages
from gui.widgets.preview import air, bare_page, for_people, is_markdown, is_page
from gui.words import words

_POINTS = 10.0
_SOURCE_POINTS = 9.0
_MARGIN_MM = 5.0  # what printers cannot reach; Qt adds 2 cm of its own
_NAMESPACE = QUuid("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_SHADE, _LINK = QColor("#f2f2f0"), QColor("#1d4f91")


class Paper(QTextDocument):
    """A document for paper; like the preview, it loads nothing from outside."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ARG002
        """Nothing is loaded."""
        return None


def paper(content: str, file_name: str) -> QTextDocument:
    """`content` laid out as the preview shows it: Markdown and pages drawn, anything else as its source."""
    made = Paper()
    drawn = is_markdown(file_name) or is_page(file_name)
    kind = QFontDatabase.SystemFont.GeneralFont if drawn else QFontDatabase.SystemFont.FixedFont
    font = QFontDatabase.systemFont(kind)
    font.setPointSizeF(_POINTS if drawn else _SOURCE_POINTS)
    made.setDefaultFont(font)
    if drawn:
        if is_page(file_name):
            made.setHtml(unbroken(bare_page(content)))
        else:
            made.setMarkdown(unbroken(for_people(content)))
        air(made, QBrush(_SHADE))
        _colour_links(made)
    else:
        made.setPlainText(content)
    return made


def page_layout() -> QPageLayout:
    """Letter where people measure in inches, A4 elsewhere."""
    inches = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    size = QPageSize.PageSizeId.Letter if inches else QPageSize.PageSizeId.A4
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    return QPageLayout(
        QPageSize(size), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )


def pdf(content: str, file_name: str, *, title: str = "", on: datetime.date | None = None) -> bytes:
    """The document as a PDF file; with `on`, the same bytes each time.

    Raises CannotWrite on a machine without fonts, where the pages would be blank, and when nothing came of it.
    """
    if not has_fonts():
        raise CannotWrite(
            words("paper", "The PDF file could not be made."),
            words("paper", "This machine has no fonts."),
            words("paper", "Install a font, or write a Word file."),
        )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout())
    writer.setTitle(title or file_name)
    if on is not None:
        writer.setDocumentId(QUuid.createUuidV5(_NAMESPACE, content.encode()))
    writer.setCreator("Weighbridge")
    try:
        draw_pages(paper(content, file_name), writer)
    finally:
        shiboken6.delete(writer)
    data = bytes(buffer.data().data())
    if not data.startswith(b"%PDF") or b"%%EOF" not in data[-32:]:
        raise CannotWrite(
            words("paper", "The PDF file could not be made."),
            "",
            words("paper", "Print it instead, or copy the text."),
        )
    return data if on is None else _dated(data, on)


def has_fonts() -> bool:
    """Whether letters can be drawn. Names of fonts tell nothing: Qt lists three of its own where there is none."""
    return QFontMetrics(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).inFont("a")


def _dated(data: bytes, on: datetime.date) -> bytes:
    """Qt writes the time of the clock; the day of the document stands there instead, so that equal texts give equal files."""
    day = on.isoformat()
    data = re.sub(
        rb"\(D:\d{14}[^)]*\)", lambda found: _fitted(f"D:{day.replace('-', '')}000000", found[0]), data
    )
    stamp = rb'(?<=Date=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'
    return re.sub(stamp, f"{day}T00:00:00".encode(), data)


def _fitted(words: str, old: bytes) -> bytes:
    """A text of the same length: places in the file are counted in bytes."""
    return f"({words}Z)".encode().ljust(len(old))


def _colour_links(document: QTextDocument) -> None:
    """The window's own link colour may be a light one, for a dark ground."""
    style = QTextCharFormat()
    style.setForeground(_LINK)
    block = document.begin()
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            fragment = walk.fragment()
            if fragment.charFormat().isAnchor():
                cursor = QTextCursor(document)
                cursor.setPosition(fragment.position())
                end = fragment.position() + fragment.length()
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(style)
            walk += 1
        block = block.next()
