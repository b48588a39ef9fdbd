# SPDX-License-Identifier: Apache-2.0
"""What a page shows before there is a model: what will stand here, and the two ways to begin."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.tokens import UNIT
from gui.widgets.mark import Mark, Sign
from gui.widgets.text import label


class NothingYet(QFrame):
    """`folder` and `by_hand`: the person wants to begin that way."""

    folder = Signal()
    by_hand = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT * 3, UNIT * 3, UNIT * 3, UNIT * 3)
        row.setSpacing(UNIT * 2)
        row.addWidget(Mark(Sign.AHEAD, self), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(UNIT // 2)
        words.addWidget(label(self.tr("Nothing to show yet"), "strong", self))
        words.addWidget(
            label(self.tr("This page fills itself once we know which model it is about."), "quiet", self)
        )
        words.addSpacing(UNIT)
        ways = QHBoxLayout()
        ways.setSpacing(UNIT)
        self.choose = QPushButton(self.tr("Go to &Folder"), self)
        self.choose.clicked.connect(self.folder)
        self.hand = QPushButton(self.tr("&Describe it by hand"), self)
        self.hand.clicked.connect(self.by_hand)
        for button in (self.choose, self.hand):
            ways.addWidget(button)
        ways.addStretch(1)
        words.addLayout(ways)
        row.addLayout(words, 1)
