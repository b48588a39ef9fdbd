# SPDX-License-Identifier: Apache-2.0
"""The first page: go on where you left off, drop a folder, describe by hand, or try the example."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.domain.project import Project
from core.resources import resource
from gui import errors
from gui.autosave import set_aside
from gui.context import Context
from gui.pages.base import Page
from gui.shelf import Entry, EntryKind, project_title
from gui.tokens import UNIT
from gui.widgets.drop_zone import DropZone
from gui.widgets.shelf_row import ShelfRow
from gui.widgets.text import clear_layout, label, rule
from gui.words import words as said

EXAMPLE = "examples/tiny-llama-lora"
_RECENT = 4


class HomePage(Page):
    """Offers ways in; the window carries them out."""

    step = "home"
    open_path = Signal(str)
    by_hand = Signal()
    resume = Signal()
    open_draft = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.heading = said("Wizard", "What did you train?")
        self.why = said(
            "Wizard",
            "Ten minutes, on this computer only. You get its weight, what applies to you, and a model card.",
        )
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
        self._shelf = QVBoxLayout()
        self._shelf.setSpacing(0)
        self.box.addLayout(self._shelf)
        self._drafts: tuple[Entry, ...] = ()
        self._news: dict[str, str] = {}
        self.box.addStretch(1)

    def offer(self, draft: Project | None, where: str) -> None:
        """Offer to go on with `draft`, which stopped at the page titled `where`; None takes the offer away."""
        clear_layout(self._card_box)
        self._card.setVisible(draft is not None)
        self._gap.setVisible(draft is not None)
        self.choose.setProperty("role", "primary" if draft is None else "")  # one way on stands out, not two
        self.choose.style().polish(self.choose)
        if draft is None:
            return
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(self.tr("Continue where you left off"), "strong", self._card))
        title = project_title(draft)
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
        self._list()

    def show_drafts(self, drafts: tuple[Entry, ...]) -> None:
        """List the drafts of windows that are gone, above the saved projects."""
        if drafts != self._drafts:
            self._drafts = drafts
            self._list()

    def show_news(self, news: dict[str, str]) -> None:
        """Mark the saved projects whose laws answer otherwise now: path to the verdict of today."""
        if news == self._news:
            return
        self._news = news
        self._list()
        if news:
            count = len(news)
            self.context.board.tell(
                "look",
                self.tr("One release needs another look.")
                if count == 1
                else self.tr("{count} releases need another look.").format(count=count),
                self.tr("The rules answer otherwise than when you saved it."),
            )

    @property
    def rows(self) -> tuple[ShelfRow, ...]:
        """The lines listed, from top to bottom."""
        items = (self._shelf.itemAt(place) for place in range(self._shelf.count()))
        widgets = (item.widget() for item in items if item is not None)
        return tuple(widget for widget in widgets if isinstance(widget, ShelfRow))

    def _list(self) -> None:
        clear_layout(self._shelf)
        settings = self.context.settings
        folders = tuple(
            Entry(EntryKind.FOLDER, folder, Path(folder).name or folder)
            for folder in settings.recent_folders[:_RECENT]
        )
        self._section(self.tr("Your releases"), (*self._drafts, *settings.projects))
        self._section(self.tr("Folders read lately"), folders)
        self.zone.setMinimumHeight(UNIT * (17 if self.rows else 27))

    def _section(self, title: str, entries: tuple[Entry, ...]) -> None:
        if not entries:
            return
        head = label(title, "lead", self)
        head.setContentsMargins(0, UNIT, 0, UNIT)
        self._shelf.addWidget(head)
        for entry in entries:
            self._shelf.addWidget(rule(self))
            row = ShelfRow(entry, self, news=self._news.get(entry.path, ""))
            row.opened.connect(self._open)
            row.removed.connect(self._remove)
            self._shelf.addWidget(row)
        self._shelf.addSpacing(UNIT * 2)

    def _open(self, entry: Entry) -> None:
        told = self.open_draft if entry.kind is EntryKind.DRAFT else self.open_path
        told.emit(entry.path)

    def _remove(self, entry: Entry) -> None:
        place = next(number for number, row in enumerate(self.rows) if row.entry == entry)
        try:
            undo = (
                set_aside(Path(entry.path))
                if entry.kind is EntryKind.DRAFT
                else self.context.settings.forget(entry)
            )
        except OSError as error:
            errors.show(self.context.board, error)
            return
        drafts = self._drafts
        self._drafts = tuple(draft for draft in drafts if draft != entry)
        self._list()
        left = self.rows
        (left[min(place, len(left) - 1)].remove if left else self.choose).setFocus()

        def bring_back() -> None:
            undo()
            self._drafts = drafts
            self._list()
            self.context.board.clear()
            back = next((row for row in self.rows if row.entry == entry), None)
            (back.open if back is not None else self.choose).setFocus()

        self.context.board.tell(
            "clear",
            self.tr("{name} was taken off the list.").format(name=entry.title),
            action=(self.tr("Undo"), bring_back),
        )

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
