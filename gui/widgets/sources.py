# SPDX-License-Identifier: Apache-2.0
"""The values of a document with where each comes from: a list beside the preview, for keys and screen readers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from core.documents.provenance import Span
from gui.theme import tokens_of
from gui.tokens import UNIT
from gui.widgets.preview import Preview
from gui.widgets.text import label

_LINES = 9
_LONGEST = 60


class _ValueList(QListWidget):
    """Enter here is meant for the value, not for Continue."""

    entered_value = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_value.emit()
        else:
            super().keyPressEvent(event)


class Sources(QWidget):
    """Marks the values in a preview, and lists them in reading order. `wanted(step, field)`: the person would change one."""

    wanted = Signal(str, str)

    def __init__(self, preview: Preview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = preview
        self._spans: tuple[Span, ...] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, UNIT, 0, 0)
        box.setSpacing(UNIT // 2)
        self.head = label("", "small", self)
        box.addWidget(self.head)
        self.list = _ValueList(self)
        self.list.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Where each value comes from"))
        self.list.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES)
        self.list.currentRowChanged.connect(self._show)
        self.list.entered_value.connect(self._want)
        self.list.itemDoubleClicked.connect(lambda _item: self._want())
        box.addWidget(self.list)

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Mark these places in the preview and list them."""
        self._spans = tuple(spans)
        self._mark()
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        written = self._preview.toPlainText()
        for span in self._spans:
            value = " ".join(written[span.start : span.end].split())
            short = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
            item = QListWidgetItem(f"{span.source.label}: {short}\n{span.source.where}")
            item.setToolTip(self.tr("Enter opens the page where this can be changed"))
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1) if row >= 0 else -1)
        self.list.blockSignals(False)
        self.head.setText(
            self.tr("Point at an underlined value, or walk through this list. Enter opens its page.")
            if self._spans
            else self.tr("Nothing in this document comes from your files or answers.")
        )

    def _mark(self) -> None:
        """A dotted line under each value, and its origin for the mouse."""
        whole = QTextCursor(self._preview.document())
        whole.beginEditBlock()
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        style.setUnderlineColor(QColor(tokens_of(self.palette()).accent))
        for span in self._spans:
            style.setToolTip(f"{span.source.label}. {span.source.where}")
            cursor = QTextCursor(self._preview.document())
            cursor.setPosition(span.start)
            cursor.setPosition(span.end, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(style)
        whole.endEditBlock()

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._spans):
            return
        span, cursor = self._spans[row], self._preview.textCursor()
        cursor.setPosition(span.end)
        cursor.setPosition(span.start, QTextCursor.MoveMode.KeepAnchor)
        self._preview.setTextCursor(cursor)
        self._preview.ensureCursorVisible()

    def _want(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._spans):
            source = self._spans[row].source
            self.wanted.emit(source.step, source.name)
