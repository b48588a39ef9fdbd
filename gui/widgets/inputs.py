# SPDX-License-Identifier: Apache-2.0
"""One editor for each kind of question. Each gives a value, keeps what was typed, and says what does not fit."""

import datetime
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QCompleter,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import WeighbridgeError
from core.numbers import parse_count, parse_number
from core.questions import Choice, Question, QuestionKind
from core.units import short_count
from gui.tokens import UNIT
from gui.widgets.text import label, plain_mnemonic, repolish

_LINES = 3


class _WindowUndo(QObject):
    """Leaves Ctrl+Z to the window: one history for everything, instead of one more inside each field."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


class Editor(QWidget):
    """`edited(value)` when a person gave a value that fits (None: nothing); `spoiled()` when it does not fit."""

    edited = Signal(object)
    spoiled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = ""
        self._last: Any = None

    def leave_undo_to_window(self, field: QWidget) -> None:
        """Give up the field's own history."""
        field.installEventFilter(_WindowUndo(field))

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
        self.leave_undo_to_window(self.line)

    def controls(self) -> Sequence[QWidget]:
        return (self.line,)

    def show_value(self, value: Any) -> None:
        if self._reads_as(value) or (self.problem and value == self._last):
            return  # what was typed says the same, or is half-typed: leave it as the person wrote it
        self.problem = ""
        self._last = value
        self.line.setText("" if value is None else self.write(value))

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
            self.echo.setText("")
            return
        self.echo.setText(short_count(value) if value >= 10_000 else "")


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
        self.area.setTabChangesFocus(True)
        self.area.setUndoRedoEnabled(False)
        self.leave_undo_to_window(self.area)
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


class ChoiceEditor(Editor):
    """One of a few answers, all in sight."""

    def __init__(
        self, choices: Sequence[tuple[Any, str]], *, beside: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in choices]
        box = QHBoxLayout(self) if beside else QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(UNIT * 2 if beside else 0)
        for place, (_, words) in enumerate(choices):
            button = QRadioButton(plain_mnemonic(words), self)
            self._group.addButton(button, place)
            box.addWidget(button)
        if beside:
            box.addStretch(1)
        self._group.idClicked.connect(lambda place: self.edited.emit(self._values[place]))

    def controls(self) -> Sequence[QWidget]:
        checked = self._group.checkedButton()
        rest = [button for button in self._group.buttons() if button is not checked]
        return (checked, *rest) if checked is not None else rest

    def show_value(self, value: Any) -> None:
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)
        elif (checked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)


class ManyEditor(Editor):
    """Any of a few answers."""

    def __init__(self, choices: Sequence[tuple[Any, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        self._boxes: dict[Any, QCheckBox] = {}
        for place, (value, words) in enumerate(choices):
            box = QCheckBox(plain_mnemonic(words), self)
            box.clicked.connect(self._clicked)
            self._boxes[value] = box
            grid.addWidget(box, place, 0)

    def controls(self) -> Sequence[QWidget]:
        return tuple(self._boxes.values())

    def show_value(self, value: Any) -> None:
        for one, box in self._boxes.items():
            box.setChecked(value is not None and one in value)

    def _clicked(self) -> None:
        self.edited.emit(tuple(value for value, box in self._boxes.items() if box.isChecked()) or None)


class PickEditor(Editor):
    """One of many answers: type a part of the name, or open the list."""

    def __init__(
        self, choices: Sequence[tuple[str, str]], example: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values = [value for value, _ in choices]
        self._names = [name for _, name in choices]
        self.combo = QComboBox(self)
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(16)
        self.combo.addItems(self._names)
        self.combo.setCurrentIndex(-1)
        completer = QCompleter(self._names, self.combo)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.combo.setCompleter(completer)
        edit = self.combo.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(example or self.tr("Type a part of the name, or open the list"))
            edit.textEdited.connect(self._typed)
            self.leave_undo_to_window(edit)
        completer.activated.connect(self._typed)
        self.combo.activated.connect(lambda place: self._picked(self._values[place]))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.combo, 1)

    def controls(self) -> Sequence[QWidget]:
        return (self.combo,)

    def show_value(self, value: Any) -> None:
        if self.problem and value == self._last:
            return
        self._last = value
        if value is None:
            self.problem = ""
            if self.combo.currentText():
                self.combo.setCurrentIndex(-1)
                self.combo.clearEditText()
        elif value in self._values:
            self.problem = ""
            if self._value_of(self.combo.currentText()) != value:
                self.combo.setCurrentIndex(self._values.index(value))
        elif self.combo.currentText() != value:
            self.combo.setEditText(str(value))

    def _value_of(self, written: str) -> str | None:
        plain = written.strip().casefold()
        for value, name in zip(self._values, self._names, strict=True):
            if plain in (value.casefold(), name.casefold()):
                return value
        return None

    def _picked(self, value: str) -> None:
        self.problem = ""
        self._last = value
        self.edited.emit(value)

    def _typed(self, written: str) -> None:
        if not written.strip():
            self.problem = ""
            self._last = None
            self.edited.emit(None)
            return
        value = self._value_of(written)
        if value is not None:
            self._picked(value)
            return
        self.problem = self.tr(
            "“{written}” is not in the list. Pick the nearest one, or choose “I don't know”."
        ).format(written=written.strip())
        self.spoiled.emit()


def editor_for(
    question: Question, lists: dict[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
) -> Editor:
    """The editor for a question. `lists` holds the long lists (accelerator, licence) by kind."""
    kind, example = question.kind, question.example
    if kind in (QuestionKind.ACCELERATOR, QuestionKind.LICENCE):
        return PickEditor(lists[kind], parent=parent)
    if kind is QuestionKind.CHOICE:
        return ChoiceEditor(_pairs(question.choices), parent=parent)
    if kind is QuestionKind.MULTI_CHOICE:
        return ManyEditor(_pairs(question.choices), parent=parent)
    if kind is QuestionKind.YES_NO:
        editor = ChoiceEditor([(True, "Yes"), (False, "No")], beside=True, parent=parent)
        for button, words in zip(editor.controls(), (editor.tr("Yes"), editor.tr("No")), strict=True):
            if isinstance(button, QRadioButton):
                button.setText(words)
        return editor
    lines: dict[QuestionKind, type[LineEditor]] = {
        QuestionKind.COUNT: CountEditor,
        QuestionKind.NUMBER: NumberEditor,
        QuestionKind.LIST: ListEditor,
        QuestionKind.DATE: DateEditor,
        QuestionKind.FOLDER: FolderEditor,
    }
    if kind is QuestionKind.LONG_TEXT:
        return LongEditor(example, parent)
    return lines.get(kind, LineEditor)(example, parent)


def _pairs(choices: Sequence[Choice]) -> list[tuple[Any, str]]:
    return [(choice.value, choice.label) for choice in choices]
