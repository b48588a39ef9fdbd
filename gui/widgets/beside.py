# SPDX-License-Identifier: Apache-2.0
"""Widgets in one line where there is room for them, else one below the other: letters may be large, a language long."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.tokens import UNIT
from gui.widgets.fact_row import name_width
from gui.widgets.text import label

_LINE, _COLUMN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_ANY = 16777215  # Qt's own largest width
_CONTROLS_CHARACTERS = 44
"""Width beside a name that a control needs to be of use."""


class Beside(QWidget):
    """The parts as (widget, its share of the room, characters that it needs at least); 0 is as much as it wants."""

    def __init__(
        self, parts: Sequence[tuple[QWidget, int, int]], parent: QWidget | None = None, space: int = UNIT
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._box = QBoxLayout(_LINE, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(space)
        for widget, share, _ in parts:
            self._box.addWidget(widget, share)
        if not any(share for _, share, _ in parts):
            self._box.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        widths = self._widths()
        needed = sum(widths) + self._box.spacing() * (len(widths) - 1)
        direction = _LINE if needed <= event.size().width() else _COLUMN
        if direction != self._box.direction():
            self._box.setDirection(direction)
            for widget, share, _ in self._parts:  # a button keeps its width
                wide = share or direction is _LINE
                self._box.setAlignment(widget, Qt.AlignmentFlag(0) if wide else Qt.AlignmentFlag.AlignLeading)

    def minimumSizeHint(self) -> QSize:
        # What a column needs: by the line that it is now the page would be too wide, and never become narrow again.
        least = max((one.minimumSizeHint().width() for one, *_ in self._shown()), default=0)
        return QSize(least, super().minimumSizeHint().height())

    def _shown(self) -> list[tuple[QWidget, int, int]]:
        return [part for part in self._parts if not part[0].isHidden()]

    def _widths(self) -> list[int]:
        character = self.fontMetrics().averageCharWidth()
        return [
            max(one.minimumWidth(), character * least or one.sizeHint().width())
            for one, _, least in self._shown()
        ]


class ControlRow(QWidget):
    """A name, what is set there, and a line that says what that means; the name above where there is no room beside."""

    def __init__(
        self, name: str, first: QWidget, controls: QWidget, said: QLabel | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._box = QBoxLayout(_LINE, self)
        self._box.setContentsMargins(0, UNIT // 2, 0, UNIT // 2)
        self._box.setSpacing(UNIT * 2)
        self._head = label(name, "strong", self)
        self._head.setBuddy(first)
        self._box.addWidget(self._head, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(controls)
        if said is not None:
            right.addWidget(said)
        self._box.addLayout(right, 1)
        self._place(narrow=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = event.size().width() - name_width(self.fontMetrics())
        self._place(narrow=room < self.fontMetrics().averageCharWidth() * _CONTROLS_CHARACTERS)

    def minimumSizeHint(self) -> QSize:
        return QSize(name_width(self.fontMetrics()), super().minimumSizeHint().height())

    def _place(self, *, narrow: bool) -> None:
        self._box.setDirection(_COLUMN if narrow else _LINE)
        self._box.setSpacing(UNIT // 2 if narrow else UNIT * 2)
        width = name_width(self.fontMetrics())
        self._head.setMinimumWidth(width)
        self._head.setMaximumWidth(_ANY if narrow else width)
