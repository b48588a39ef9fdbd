# SPDX-License-Identifier: Apache-2.0
"""A radio button or check box whose words wrap: Qt's own cut long words off when the window is narrow."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from gui.widgets.text import pressable

WORDS = "words"
"""Dynamic property of the button: what it stands for."""


class Option(QWidget):
    """The button at the left, its words beside it; a click on the words is a click on the button."""

    def __init__(self, button: QAbstractButton, words: str, parent: QWidget, *, wrap: bool = True) -> None:
        super().__init__(parent)
        self._button = button
        button.setParent(self)
        button.setProperty(WORDS, words)
        button.setProperty("role", "bare")
        button.setAccessibleName(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.words = pressable(words, "", self, wrap=wrap)
        self.words.setContentsMargins(0, 3, 0, 3)
        self.words.setCursor(Qt.CursorShape.PointingHandCursor)
        self.words.pressed.connect(self._press)
        row.addWidget(self.words, 1)

    def width_of_words(self) -> int:
        """Pixels the button and its words need in one line."""
        return (
            self._button.sizeHint().width()
            + 4
            + self.words.fontMetrics().horizontalAdvance(self.words.text())
        )

    def _press(self) -> None:
        self._button.setFocus(Qt.FocusReason.MouseFocusReason)
        self._button.click()
