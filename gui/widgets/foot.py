# SPDX-License-Identifier: Apache-2.0
"""The foot of the window: the number in words, and the scale."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.domain.assessment import Assessment
from gui.announce import announce
from gui.tokens import UNIT
from gui.widgets.scale import Scale
from gui.widgets.scale_text import scale_words
from gui.widgets.text import label, rule

_WORDS_WIDTH = 232


class Foot(QFrame):
    """Always in sight. The words beside the scale are live text and are announced when they change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule(self))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._words = QWidget(self)
        words = QVBoxLayout(self._words)
        words.setContentsMargins(UNIT * 2 + 4, UNIT * 2, UNIT, UNIT)
        words.setSpacing(2)
        self._caption = label(self.tr("Your training"), "small", self._words)
        self.figure = label("", "figure", self._words)
        self.distance = label("", "smallink", self._words)
        for one in (self._caption, self.figure, self.distance):
            words.addWidget(one)
        words.addStretch(1)
        self._words.setFixedWidth(_WORDS_WIDTH)
        row.addWidget(self._words)
        self.scale = Scale(self)
        row.addWidget(self.scale, 1, Qt.AlignmentFlag.AlignBottom)
        outer.addLayout(row)
        self.show_assessment(None)

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show what the scale shows, in words too."""
        said = scale_words(assessment)
        changed = self.figure.text() not in ("", said.figure)
        self.figure.setText(said.figure)
        self.distance.setText(said.distance)
        self._caption.setVisible(bool(said.range))
        self.scale.show_assessment(assessment)
        if changed and self.isVisible():
            announce(self, f"{said.figure} {said.distance}")

    def show_lines(self, assessment: Assessment | None) -> None:
        """Show the lines of an assessment with nothing resting on the scale yet."""
        self.scale.show_assessment(assessment)

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the words take less room."""
        self._words.setFixedWidth(_WORDS_WIDTH - UNIT * 6 if narrow else _WORDS_WIDTH)

    def sizeHint(self) -> QSize:
        return QSize(800, max(self.scale.sizeHint().height(), UNIT * 14))
