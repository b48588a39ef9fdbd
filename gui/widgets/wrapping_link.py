# SPDX-License-Identifier: Apache-2.0
"""A link whose words wrap: Qt's own buttons cut long words off when the window is narrow or the letters are large."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.text import label


class WrappingLink(QPushButton):
    """Looks and works like any other link; a screen reader hears its words as its name."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words)
        self.words = label(words, "linkwords", self)
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.addWidget(self.words)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.words.heightForWidth(width - 8) + 8

    def sizeHint(self) -> QSize:
        words = self.words.sizeHint()
        return QSize(words.width() + 8, words.height() + 8)

    def minimumSizeHint(self) -> QSize:
        words = self.words.minimumSizeHint()
        return QSize(words.width() + 8, words.height() + 8)
