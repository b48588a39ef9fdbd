# SPDX-License-Identifier: Apache-2.0
"""Editors in which something is picked: one of a few, some of a few, one of many."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gui.tokens import UNIT
from gui.widgets.inner_parts import let_go_with
from gui.widgets.lines import Editor, leave_undo_to_window
from gui.widgets.option import Option

_FEW = 3


class _Options(QWidget):
    """Options in one column, or in two where they have room: so a page needs less height. Reading goes row by row."""

    def __init__(self, parent: QWidget, *, beside: bool = False) -> None:
        super().__init__(parent)
        self._options: list[Option] = []
        self._beside = beside
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(UNIT * 2)
        self._grid.setVerticalSpacing(0)

    def add(self, button: QAbstractButton, words: str) -> None:
        """One more."""
        self._options.append(Option(button, words, self, wrap=not self._beside))
        self._place(len(self._options) if self._beside else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._beside:
            self._place(2 if self._has_room_for_two(event.size().width()) else 1)

    def _has_room_for_two(self, width: int) -> bool:
        return len(self._options) > _FEW and sum(self._column_widths()) + UNIT * 3 <= width

    def _column_widths(self) -> tuple[int, int]:
        widths = [option.width_of_words() for option in self._options]
        return max(widths[::2]), max(widths[1::2], default=0)

    def _place(self, columns: int) -> None:
        if columns == self._columns and self._grid.count() == len(self._options):
            return
        self._columns = columns
        for option in self._options:
            self._grid.removeWidget(option)
        for place, option in enumerate(self._options):
            self._grid.addWidget(option, place // columns, place % columns)
        if self._beside:
            self._grid.setColumnStretch(columns, 1)
        else:  # each column in proportion to its longest words: neither need wrap
            left, right = self._column_widths()
            self._grid.setColumnStretch(0, left)
            self._grid.setColumnStretch(1, right if columns == 2 else 0)


class ChoiceEditor(Editor):
    """One of a few answers, all in sight."""

    def __init__(
        self, choices: Sequence[tuple[Any, str]], *, beside: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in choices]
        options = _Options(self, beside=beside)
        for place, (_, words) in enumerate(choices):
            button = QRadioButton(options)
            self._group.addButton(button, place)
            options.add(button, words)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(options)
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
        options = _Options(self)
        self._boxes: dict[Any, QCheckBox] = {}
        for value, words in choices:
            box = QCheckBox(options)
            box.clicked.connect(self._clicked)
            self._boxes[value] = box
            options.add(box, words)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(options)

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
            leave_undo_to_window(edit)
            let_go_with(edit, self.combo.view().parentWidget())
        completer.activated.connect(self._typed)
        self.combo.activated.connect(lambda place: self._picked(self._values[place]))
        leave_undo_to_window(self.combo)  # it speaks for its line edit
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
                if (edit := self.combo.lineEdit()) is not None and not edit.hasFocus():
                    edit.setCursorPosition(0)  # the start of a long name says more than its end
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
