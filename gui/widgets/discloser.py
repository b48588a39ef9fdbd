# SPDX-License-Identifier: Apache-2.0
"""A link that shows something and hides it again. Its words say what a press does."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget


class Discloser(QPushButton):
    """Not a checkable button: to a screen reader that is a check box, as if something were chosen."""

    opened = Signal(bool)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._open = False
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.toggle_open)

    @property
    def is_open(self) -> bool:
        """Whether the rest shows."""
        return self._open

    def set_open(self, opened: bool) -> None:
        """Show or hide the rest."""
        if opened != self._open:
            self._open = opened
            self.opened.emit(opened)

    def toggle_open(self) -> None:
        """The other way round."""
        self.set_open(not self._open)
