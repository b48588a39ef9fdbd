# SPDX-License-Identifier: Apache-2.0
"""A line of the first page: what it is called, what came out, when and where; open it, or take it off the list."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.number_words import date_words
from gui.shelf import Entry, EntryKind
from gui.tokens import UNIT
from gui.widgets.text import label, plain_mnemonic


class ShelfRow(QWidget):
    """`opened(entry)` and `removed(entry)`. Removing never touches a saved file."""

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, entry: Entry, parent: QWidget | None = None, *, news: str = "") -> None:
        """`news` is the verdict today when the laws answer otherwise than the entry says."""
        super().__init__(parent)
        self.entry = entry
        headline = news or entry.headline
        row = QHBoxLayout(self)
        row.setContentsMargins(0, UNIT, 0, UNIT)
        row.setSpacing(UNIT)
        self._words = QVBoxLayout()
        self._words.setSpacing(2)
        self._words.addWidget(label(entry.title, "strong", self))
        if news:
            self._words.addWidget(
                label(self.tr("Needs another look: the rules answer otherwise now."), "look", self)
            )
        if headline:
            self._words.addWidget(label(headline, "", self))
        self._words.addWidget(label(self._when_and_where(), "small", self))
        row.addLayout(self._words, 1)
        self.open = self._button(self.tr("Open"), self.opened)
        self.remove = self._button(self.tr("Remove"), self.removed)
        self.open.setAccessibleDescription(" ".join(filter(None, (headline, self._when_and_where()))))
        self.remove.setAccessibleDescription(
            self.tr("Throws this draft away. You can undo it.")
            if entry.kind is EntryKind.DRAFT
            else self.tr("Takes it off this list. Nothing on the disk changes. You can undo it.")
        )
        for button in (self.open, self.remove):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def _button(self, words: str, told: SignalInstance) -> QPushButton:
        made = QPushButton(plain_mnemonic(words), self)
        made.setProperty("role", "small")
        made.setAccessibleName(f"{words}: {self.entry.title}")
        made.clicked.connect(lambda: told.emit(self.entry))
        return made

    def _when_and_where(self) -> str:
        day = self.entry.date
        when = date_words(day) if day is not None else ""
        if self.entry.kind is EntryKind.FOLDER:
            return self.entry.path
        if self.entry.kind is EntryKind.DRAFT:
            return self.tr("Draft of {date}, not saved").format(date=when)
        return self.tr("{date} · {path}").format(date=when, path=self.entry.path) if when else self.entry.path
