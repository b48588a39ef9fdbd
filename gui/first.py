# SPDX-License-Identifier: Apache-2.0
"""The first picture: Home as it will stand, shown before the rest of the app is loaded.

What is pressed or dropped meanwhile is kept and carried out when the real page takes its place. Nothing here touches
the namespace `Qt`: PySide makes all of its enumerations at the first touch (34 ms). The style sheet does the rest.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.tokens import UNIT
from gui.words import words

_WIDEST = 880
CHOOSE = "\0choose"
"""Kept instead of a path: the button was pressed."""


class FirstPage(QFrame):
    """Heading, one line of why, the drop zone. `painted` once, when it is on the screen for the first time."""

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wish = ""
        self._seen = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        sheet = QVBoxLayout()
        sheet.setContentsMargins(UNIT * 6, UNIT * 3, UNIT * 4 + 12, 0)
        sheet.setSpacing(UNIT // 2)
        why = words(
            "Wizard",
            "Ten minutes, on this computer only. You get its weight, what applies to you, and a model card.",
        )
        sheet.addWidget(_label(words("Wizard", "What did you train?"), "heading", self))
        sheet.addWidget(_label(why, "quiet", self))
        sheet.addSpacing(UNIT * 3 // 2)
        zone = QFrame(self)
        zone.setProperty("role", "zone")
        zone.setFixedHeight(UNIT * 27)
        zone.setMaximumWidth(_WIDEST)
        box = QVBoxLayout(zone)
        box.setSpacing(UNIT)
        box.addStretch(1)
        box.addWidget(_label(words("DropZone", "Drop your model's folder here"), "zonelead", zone))
        note = words("DropZone", "It stays on this computer. Nothing in it is run or changed.")
        box.addWidget(_label(note, "zonenote", zone))
        self.choose = QPushButton(words("HomePage", "Choose a &folder…"), zone)
        self.choose.setProperty("role", "primary")
        self.choose.clicked.connect(self._pressed)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.choose)
        line.addStretch(1)
        box.addSpacing(UNIT)
        box.addLayout(line)
        box.addStretch(1)
        sheet.addWidget(zone)
        outer.addLayout(sheet)
        outer.addStretch(1)
        foot = QFrame(self)
        foot.setProperty("role", "foot")
        foot.setFixedHeight(UNIT * 20)
        outer.addWidget(foot)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            self.painted.emit()

    def _pressed(self) -> None:
        self.wish = CHOOSE


def _label(said: str, role: str, parent: QWidget) -> QLabel:
    made = QLabel(said, parent)
    made.setProperty("role", role)
    made.setWordWrap(True)
    return made
