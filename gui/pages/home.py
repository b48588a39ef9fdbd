# SPDX-License-Identifier: Apache-2.0
"""The first page: go on where you left off, drop a folder, describe by hand, or try the example."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.domain.project import Project
from core.resources import resource
from gui.context import Context
from gui.pages.base import Page
from gui.tokens import UNIT
from gui.widgets.drop_zone import DropZone
from gui.widgets.text import clear_layout, label, plain_mnemonic

EXAMPLE = "examples/tiny-llama-lora"
_RECENT = 4


class HomePage(Page):
    """Offers ways in; the window carries them out."""

    step = "home"
    open_path = Signal(str)
    by_hand = Signal()
    resume = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._card = QFrame(self)
        self._card.setProperty("role", "card")
        self._card_box = QHBoxLayout(self._card)
        self._card_box.setContentsMargins(UNIT * 3, UNIT * 2, UNIT * 2, UNIT * 2)
        self._card_box.setSpacing(UNIT * 2)
        self._card.hide()
        self.box.addWidget(self._card)
        self._gap = QWidget(self)
        self._gap.setFixedHeight(UNIT * 3)
        self._gap.hide()
        self.box.addWidget(self._gap)

        self.zone = DropZone(self)
        self.zone.setMinimumHeight(UNIT * 27)
        self.zone.dropped.connect(self.open_path)
        self.zone.refused.connect(lambda words: context.board.tell("look", words))
        self.choose = QPushButton(self.tr("Choose a &folder…"), self.zone)
        self.choose.setProperty("role", "primary")
        self.choose.clicked.connect(self._choose)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.choose)
        line.addStretch(1)
        self.zone.box.insertLayout(self.zone.box.count() - 1, line)
        self.zone.box.insertSpacing(self.zone.box.count() - 2, UNIT)
        self.box.addWidget(self.zone)
        self.box.addSpacing(UNIT * 3)

        ways = QHBoxLayout()
        ways.setSpacing(UNIT * 2)
        self.hand = QPushButton(self.tr("&Describe it by hand"), self)
        self.hand.clicked.connect(self.by_hand)
        self.example = QPushButton(self.tr("&Try the example"), self)
        self.example.clicked.connect(self._example)
        ways.addWidget(self.hand)
        ways.addWidget(self.example)
        ways.addStretch(1)
        self.box.addLayout(ways)
        self.box.addSpacing(UNIT * 3)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self.box.addLayout(self._recent)
        self.box.addStretch(1)

    def offer(self, draft: Project | None, where: str) -> None:
        """Offer to go on with `draft`, which stopped at the page titled `where`; None takes the offer away."""
        clear_layout(self._card_box)
        self._card.setVisible(draft is not None)
        self._gap.setVisible(draft is not None)
        if draft is None:
            return
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(self.tr("Continue where you left off"), "strong", self._card))
        title = draft.title or self.tr("A model described by hand")
        words.addWidget(label(f"{title} · {where}", "quiet", self._card))
        self._card_box.addLayout(words, 1)
        button = QPushButton(self.tr("&Continue"), self._card)
        button.setProperty("role", "primary")
        button.setObjectName("resume")
        button.clicked.connect(self.resume)
        button.setAccessibleDescription(f"{title}, {where}")
        self._card_box.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        QWidget.setTabOrder(button, self.choose)

    def entered(self) -> None:
        clear_layout(self._recent)
        folders = self.context.settings.recent_folders[:_RECENT]
        if not folders:
            return
        head = label(self.tr("Read lately"), "quiet", self)
        head.setContentsMargins(0, 0, 0, UNIT // 2)
        self._recent.addWidget(head)
        for folder in folders:
            button = QPushButton(plain_mnemonic(Path(folder).name), self)
            button.setProperty("role", "link")
            button.setToolTip(folder)
            button.setAccessibleDescription(folder)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, path=folder: self.open_path.emit(path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def initial_focus(self) -> QWidget | None:
        resume = self._card.findChild(QPushButton, "resume")
        return resume if isinstance(resume, QPushButton) and not self._card.isHidden() else self.choose

    def _choose(self) -> None:
        start = next(iter(self.context.settings.recent_folders), str(Path.home()))
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose your model's folder"), start)
        if chosen:
            self.open_path.emit(chosen)

    def _example(self) -> None:
        self.open_path.emit(str(resource(EXAMPLE)))
