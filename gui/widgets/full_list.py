# SPDX-License-Identifier: Apache-2.0
"""A short list that shows every line whole: it wraps, and is as high as its lines."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QListWidget, QWidget

_SLACK = 4


class FullList(QListWidget):
    """Never scrolls by itself; what it stands in may."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unfitted = False
        self.setWordWrap(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit(self) -> None:
        """Take the height the lines need at this width; out of sight, when it comes into sight."""
        self._unfitted = not self.isVisible()
        if self._unfitted:
            return
        self.doItemsLayout()
        rects = [self.visualItemRect(self.item(row)) for row in range(self.count())]
        needed = max((rect.bottom() for rect in rects), default=0) - min(
            (rect.top() for rect in rects), default=0
        )
        self.setFixedHeight(needed + 1 + 2 * self.frameWidth() + _SLACK)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unfitted:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()
