# SPDX-License-Identifier: Apache-2.0
"""The rules that the window judges by, and the way to newer ones. Everything is decided in core."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.errors import WeighbridgeError
from core.rules.rulebook import RuleBook
from core.rules.updates import Key, RuleChange, Shelf, in_use, open_newer, read_limited, rule_changes
from gui.derive import Assess, assess_on
from gui.files import read_project
from gui.number_words import date_words
from gui.shelf import Entry, EntryKind
from gui.words import words

if TYPE_CHECKING:
    from core.recheck import Recheck


@dataclass(frozen=True)
class Offer:
    """A newer rulebook that passed every check, and what it would change."""

    data: bytes
    book: RuleBook
    changes: tuple[RuleChange, ...]
    releases: "tuple[Recheck, ...]"


class Rulebook(QObject):
    """`changed` after other rules came into use."""

    changed = Signal()

    def __init__(self, shelf: Shelf, today: datetime.date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._today = today
        self._now = in_use(shelf)

    @property
    def book(self) -> RuleBook:
        """The rules in use."""
        return self._now.book

    @property
    def loaded(self) -> bool:
        """Whether they were loaded from a file."""
        return self._now.loaded

    def words(self) -> str:
        """Which rules these are, for people."""
        return words("Rulebook", "checked up to {day}, {hash}").format(
            day=date_words(self.book.checked_up_to), hash=self.book.hash[:12]
        )

    @property
    def problem(self) -> WeighbridgeError | None:
        """Why a loaded rulebook is passed over, if one is."""
        return self._now.problem

    def assess(self) -> Assess:
        """The assessment by the rules in use."""
        return assess_on(self._today, self.book)

    def open(self, path: Path, entries: Iterable[Entry]) -> Offer:
        """Check the file at `path` and judge the saved projects by both. Raises CannotRead."""
        from core.recheck import recheck
        from core.reference import load_reference

        data = read_limited(path)
        book = open_newer(data, self._shelf.trusted(), self.book)
        projects = []
        for entry in entries:
            if entry.kind is EntryKind.PROJECT:
                try:
                    projects.append((entry.title, read_project(Path(entry.path))))
                except WeighbridgeError:
                    continue  # opening it tells why
        releases = recheck(projects, self.book, book, reference=load_reference(), today=self._today)
        return Offer(data, book, rule_changes(self.book, book), releases)

    def use(self, offer: Offer) -> None:
        """Judge by the offered rules from now on. Raises CannotRead or CannotWrite; then nothing has changed."""
        self._shelf.load(offer.data)
        self._refresh()

    def back(self) -> None:
        """Judge by the app's own rules again. Raises CannotWrite."""
        self._shelf.back()
        self._refresh()

    def trust(self, path: Path) -> Key:
        """Believe rulebooks signed with the key at `path`. Raises CannotRead or CannotWrite."""
        return self._shelf.trust(read_limited(path))

    def _refresh(self) -> None:
        self._now = in_use(self._shelf)
        self.changed.emit()
