# SPDX-License-Identifier: Apache-2.0
"""A document as people will see it: Markdown drawn by Qt, with no scripts and no outside resources."""

import re
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QBrush,
    QFontDatabase,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from core.documents.front_table import with_front_table
from gui.pictures import draw_svg, svg_size
from gui.tokens import UNIT
from gui.widgets.document_parts import draw_boxes, rule_tables

_COMMENT = re.compile(r"^[ ]{0,3}<!--.*?-->[ ]*\n?", re.DOTALL | re.MULTILINE)
"""A comment is for whoever edits the file; Qt would show its second line."""
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
"""Qt knows too little of style sheets to follow one made for browsers."""


class Preview(QTextBrowser):
    """Shows Markdown, a drawing of ours, or the source of anything else. Links do nothing here; nothing is ever loaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName(self.tr("Preview of the document"))
        self._content: str | None = None
        self._how = ""

    def show_markdown(self, content: str) -> None:
        """Show a Markdown document; its front matter is shown as a table at the top."""
        if (content, "markdown") == (self._content, self._how):
            return
        self._content, self._how = content, "markdown"
        place = self.verticalScrollBar().value()
        self.setMarkdown(for_people(content))
        air(self.document(), self.palette().alternateBase())
        self.verticalScrollBar().setValue(place)

    def forget(self) -> None:
        """Draw the next document even if it is the same: the colours are others now."""
        self._content = None

    def show_page(self, content: str) -> None:
        """Show a page of ours, its words and headings; a browser also shows its colours."""
        if (content, "page") == (self._content, self._how):
            return
        self._content, self._how = content, "page"
        self.setHtml(bare_page(content))
        air(self.document(), self.palette().alternateBase())

    def show_source(self, content: str) -> None:
        """Show a document as it stands in the file."""
        if (content, "source") == (self._content, self._how):
            return
        self._content, self._how = content, "source"
        self.setPlainText(content)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        style = cursor.charFormat()
        style.setFontFamilies([font.family()])
        cursor.mergeCharFormat(style)

    def show_picture(self, svg: str) -> None:
        """Show a drawing of ours, on white paper in both schemes as it will stand in a README."""
        if (svg, "picture") == (self._content, self._how):
            return
        self._content, self._how = svg, "picture"
        width, (wide, high) = max(self.viewport().width() - UNIT * 5, 320), svg_size(svg)
        image = draw_svg(svg, width, round(width * high / wide), self.devicePixelRatioF())
        self.clear()
        self.document().addResource(QTextDocument.ResourceType.ImageResource, QUrl("drawing"), image)
        self.document().setDocumentMargin(UNIT * 2)
        self.textCursor().insertImage("drawing")

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ARG002
        """Nothing is loaded: no picture, no style sheet, not even from the folder."""
        return None


def air(document: QTextDocument, shade: QBrush) -> None:
    """Room between paragraphs and around tables, as a browser gives; code stands on `shade`, items to tick have boxes."""
    document.setDocumentMargin(UNIT * 2)
    whole = QTextCursor(document)
    whole.beginEditBlock()  # one layout for all changes, not one for each
    block = document.begin()
    while block.isValid():
        code = block.blockFormat().nonBreakableLines()
        if code:
            style = QTextBlockFormat()
            style.setBackground(shade)
            style.setNonBreakableLines(False)  # long lines wrap: nothing runs out of sight
            QTextCursor(block).mergeBlockFormat(style)
        elif block.textList() is None and QTextCursor(block).currentTable() is None:
            style = QTextBlockFormat()
            heading = block.blockFormat().headingLevel()
            style.setTopMargin(UNIT * 2 if heading else 0)
            style.setBottomMargin(UNIT)
            QTextCursor(block).mergeBlockFormat(style)
        block = block.next()
    draw_boxes(document)
    rule_tables(document)
    whole.endEditBlock()


def is_markdown(file_name: str) -> bool:
    """Whether a document is Markdown by its name."""
    return file_name.endswith(".md")


def is_page(file_name: str) -> bool:
    """Whether a document is a page for browsers by its name."""
    return file_name.endswith(".html")


def bare_page(content: str) -> str:
    """A page of ours without its style sheet."""
    return _STYLE.sub("", content)


def for_people(content: str) -> str:
    """Markdown without what only machines read: comments gone, the front matter as a table."""
    return with_front_table(_COMMENT.sub("", content))
