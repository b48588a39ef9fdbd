# SPDX-License-Identifier: Apache-2.0
"""A radio button or check box whose words wrap: Qt's own cut long words off when the window is narrow."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from gui.widgets.text import label

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
        self.words = label(words, "", self, wrap=wrap)
        self.words.setContentsMargins(0, 3, 0, 3)
        self.words.setCursor(Qt.CursorShape.PointingHandCursor)
        self.words.installEventFilter(self)
        row.addWidget(self.words, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self._button.setFocus(Qt.FocusReason.MouseFocusReason)
            self._button.click()
            return True
        return super().eventFilter(watched, event)
