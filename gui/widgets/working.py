# SPDX-License-Identifier: Apache-2.0
"""Work under way: a bar, how far it is, and Stop. It shows only when the work takes long enough to notice."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.tokens import UNIT
from gui.widgets.text import label

SHOW_AFTER_MS = 300


class Working(QWidget):
    """`stop` when the person wants it to end. Without a known end the bar only says that something goes on."""

    stopped = Signal()

    def __init__(self, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, UNIT * 2, 0, 0)
        row.setSpacing(UNIT * 2)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.count = label("", "quiet", self)
        self.stop = QPushButton(self.tr("&Stop"), self)
        self.stop.setAccessibleDescription(description)
        self.stop.clicked.connect(self.stopped)
        row.addWidget(self.bar, 1)
        row.addWidget(self.count, 1)
        row.addWidget(self.stop)
        self.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SHOW_AFTER_MS)
        self._soon.timeout.connect(self.show)

    def begin(self, name: str, words: str) -> None:
        """Something of this name goes on; it is shown when it takes longer than a moment."""
        self.bar.setAccessibleName(name)
        self.bar.setRange(0, 0)
        self.count.setText(words)
        if not self.isVisible():
            self._soon.start()

    def say(self, words: str, done: int = 0, total: int = 0) -> None:
        """How far it is."""
        self.count.setText(words)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def end(self) -> None:
        """It is over."""
        self._soon.stop()
        self.hide()
