# SPDX-License-Identifier: Apache-2.0
"""A short list that shows every line whole: it wraps, and is as high as its lines."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QListWidget, QWidget

_SLACK = 4
_ABOVE, _HEAD_ABOVE, _BESIDE = 10, 20, 11
"""Pixels around the words of a line: padding, ring and Qt's own margin, as the style sheet has them. Qt wraps a line without
counting them, and then cuts the last word of a line that needs one more."""
_HIGHEST = 10_000


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
        inside = self.viewport().width() - 2 * _BESIDE
        needed = 0
        for row in range(self.count()):
            item = self.item(row)
            words = self.fontMetrics().boundingRect(
                0, 0, inside, _HIGHEST, int(Qt.TextFlag.TextWordWrap), item.text()
            )
            above = _HEAD_ABOVE if item.flags() == Qt.ItemFlag.NoItemFlags else _ABOVE
            item.setSizeHint(QSize(0, words.height() + above + _ABOVE))
            needed += item.sizeHint().height()
        self.setFixedHeight(needed + 2 * self.frameWidth() + _SLACK)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unfitted:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()
