# SPDX-License-Identifier: Apache-2.0
"""Editors in which something is typed: texts, counts, numbers, lists, dates, folders."""

import datetime
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QLocale, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.stage_run import StageRun
from core.errors import WeighbridgeError
from core.numbers import parse_count, parse_number
from core.stage_words import parse_stages, write_stages
from gui.number_words import count_words
from gui.tokens import UNIT
from gui.widgets.text import label, leave_ground_to_frame, repolish

_LINES = 3
_WORTH_SAYING = 10_000


class _WindowUndo(QObject):
    """Leaves Ctrl+Z to the window: one history for everything, instead of one more inside each field."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def leave_undo_to_window(field: QWidget) -> None:
    """Give up a field's own history: Ctrl+Z undoes in the project, wherever the focus is."""
    field.installEventFilter(_WindowUndo(field))


class Editor(QWidget):
    """`edited(value)` when a person gave a value that fits (None: nothing); `spoiled()` when it does not fit."""

    edited = Signal(object)
    spoiled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = ""
        self._last: Any = None

    def show_value(self, value: Any) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError

    def clear(self) -> None:
        """Empty the editor without telling anybody."""
        self._last = object()
        self.show_value(None)

    def controls(self) -> Sequence[QWidget]:
        """Everything that takes input, the one for the focus first."""
        raise NotImplementedError

    def set_wrong(self, wrong: bool) -> None:
        """Show that something is the matter here."""
        for control in self.controls():
            if control.property("wrong") != wrong:
                control.setProperty("wrong", wrong)
                repolish(control)


class LineEditor(Editor):
    """One line of text, read by `parse` and written by `write`."""

    def __init__(self, example: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        if example:
            self.line.setPlaceholderText(self.tr("for example {example}").format(example=example))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(UNIT)
        self.row.addWidget(self.line, 1)
        self.line.textEdited.connect(self._typed)
        leave_undo_to_window(self.line)

    def controls(self) -> Sequence[QWidget]:
        return (self.line,)

    def show_value(self, value: Any) -> None:
        if self._reads_as(value) or (self.problem and value == self._last):
            return  # what was typed says the same, or is half-typed: leave it as the person wrote it
        self.problem = ""
        self._last = value
        self.line.setText("" if value is None else self.write(value))
        if not self.line.hasFocus():
            self.line.setCursorPosition(0)  # of what is too long the start is shown

    def parse(self, written: str) -> Any:
        """The value of a text that is not empty; raises WeighbridgeError when it does not fit."""
        return written

    def write(self, value: Any) -> str:
        """The text for a value."""
        return str(value)

    def _reads_as(self, value: Any) -> bool:
        written = self.line.text().strip()
        if not written:
            return value is None
        try:
            return bool(self.parse(written) == value)
        except WeighbridgeError:
            return False

    def _typed(self) -> None:
        written = self.line.text().strip()
        try:
            value = self.parse(written) if written else None
        except WeighbridgeError as error:
            self.problem = error.what
            self.spoiled.emit()
            return
        self.problem = ""
        self._last = value
        self.edited.emit(value)


class CountEditor(LineEditor):
    """A whole number, with an echo in words beside it."""

    def __init__(self, example: str = "", parent: QWidget | None = None) -> None:
        super().__init__(example, parent)
        self.echo = label("", "small", self, wrap=False)
        self.echo.hide()
        self.row.addWidget(self.echo)
        self.line.textChanged.connect(self._say)

    def parse(self, written: str) -> int:
        return parse_count(written, QLocale().decimalPoint())

    def write(self, value: Any) -> str:
        return QLocale().toString(value) if isinstance(value, int) and value < 2**63 else str(value)

    def _say(self) -> None:
        try:
            value = self.parse(self.line.text())
        except WeighbridgeError:
            value = 0
        self.echo.setText(count_words(value))
        self.echo.setVisible(value >= _WORTH_SAYING)


class NumberEditor(LineEditor):
    """A number with decimals."""

    def parse(self, written: str) -> float:
        return parse_number(written, QLocale().decimalPoint())

    def write(self, value: Any) -> str:
        return QLocale().toString(float(value), "g", 12)


class ListEditor(LineEditor):
    """Texts with commas between them."""

    def parse(self, written: str) -> tuple[str, ...] | None:
        return tuple(part.strip() for part in written.split(",") if part.strip()) or None

    def write(self, value: Any) -> str:
        return ", ".join(value)


class StagesEditor(LineEditor):
    """Stages of a training, as "sft tokens 50M; dpo tokens 8M"."""

    def parse(self, written: str) -> tuple[StageRun, ...] | None:
        return parse_stages(written, QLocale().decimalPoint()) or None

    def write(self, value: Any) -> str:
        return write_stages(value)


class DateEditor(LineEditor):
    """A date, as 2026-11-23 or as the person's language writes it."""

    def parse(self, written: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            pass
        for form in (QLocale.FormatType.ShortFormat, QLocale.FormatType.LongFormat):
            read = QLocale().toDate(written, form)
            if read.isValid() and read.year() >= 2000:
                return datetime.date(read.year(), read.month(), read.day())
        raise WeighbridgeError(self.tr("Write the date like 2026-12-31: year, month, day."))

    def write(self, value: Any) -> str:
        return str(value.isoformat())


class FolderEditor(LineEditor):
    """A folder on this computer, typed or chosen."""

    def __init__(self, example: str = "", parent: QWidget | None = None) -> None:
        super().__init__(example, parent)
        self.button = QPushButton(self.tr("Choose…"), self)
        self.row.addWidget(self.button)
        self.button.clicked.connect(self._choose)

    def controls(self) -> Sequence[QWidget]:
        return (self.line, self.button)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), self.line.text())
        if chosen:
            self.line.setText(chosen)
            self._typed()


class LongEditor(Editor):
    """A few sentences. Tab goes on to the next field."""

    def __init__(self, example: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = QPlainTextEdit(self)
        leave_ground_to_frame(self.area)
        self.area.setTabChangesFocus(True)
        self.area.setUndoRedoEnabled(False)
        leave_undo_to_window(self.area)
        self.area.setPlaceholderText(example)
        height = self.area.fontMetrics().lineSpacing() * _LINES + UNIT * 3
        self.area.setFixedHeight(height)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.area)
        self._quiet = False
        self.area.textChanged.connect(self._typed)

    def controls(self) -> Sequence[QWidget]:
        return (self.area,)

    def show_value(self, value: Any) -> None:
        if (self.area.toPlainText().strip() or None) != value:
            self._quiet = True
            self.area.setPlainText(value or "")
            self._quiet = False

    def _typed(self) -> None:
        if not self._quiet:
            self.edited.emit(self.area.toPlainText().strip() or None)
