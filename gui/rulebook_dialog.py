# SPDX-License-Identifier: Apache-2.0
"""Which rules are in use; load newer ones after seeing what they change; go back."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.errors import WeighbridgeError
from core.rules.updates import RULEBOOK_SUFFIX
from core.rules.updates.keys import KEY_SUFFIX
from gui import errors
from gui.number_words import date_words
from gui.rulebook import Offer, Rulebook
from gui.shelf import Entry
from gui.theme import Theme
from gui.tokens import UNIT
from gui.widgets.mark import Mark, Sign
from gui.widgets.notice import NoticeBoard
from gui.widgets.text import clear_layout, label, leave_ground_to_frame, rule, steady_bar

_CHARACTERS, _LINES = 84, 26
"""Width, and height while there is something to compare."""


class RulebookDialog(QDialog):
    """Shows, offers, and hands every decision to `Rulebook`."""

    def __init__(
        self, rulebook: Rulebook, entries: tuple[Entry, ...], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme.dress(self)
        self._rulebook = rulebook
        self._entries = entries
        self._offer: Offer | None = None
        self.setWindowTitle(self.tr("Rules in use"))
        box = QVBoxLayout(self)
        box.setContentsMargins(UNIT * 4, UNIT * 3, UNIT * 4, UNIT * 3)
        box.setSpacing(UNIT)
        box.addWidget(label(self.tr("Rules in use"), "heading", self))
        self._state = label("", "", self)
        self._hash = label("", "small", self)
        box.addWidget(self._state)
        box.addWidget(self._hash)
        box.addSpacing(UNIT)
        self.board = NoticeBoard(self)
        box.addWidget(self.board)
        self._news = QVBoxLayout()
        inner = QWidget(self)
        inner.setLayout(self._news)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        steady_bar(self._scroll)
        leave_ground_to_frame(self._scroll)
        self._scroll.setWidget(inner)
        self._scroll.setAccessibleName(self.tr("What the newer rules change"))
        box.addWidget(self._scroll, 1)
        box.addStretch(0)  # takes the room when there is nothing to show
        box.addLayout(self._buttons())
        self._show()

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        self.choose = self._button(self.tr("&Load newer rules…"), self._choose)
        self.take = self._button("", self._take)
        self.take.setProperty("role", "primary")
        self.keep = self._button("", self._keep)
        self.return_to_own = self._button(self.tr("&Go back to the app’s own"), self._back)
        self.trust = self._button(self.tr("&Trust a key…"), self._trust)
        self.trust.setAccessibleDescription(
            self.tr("For rulebooks of somebody you know. The app’s own key needs nothing.")
        )
        self.done_button = self._button(self.tr("&Close"), self.accept)
        for button in (self.choose, self.take, self.keep, self.return_to_own, self.trust):
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self.done_button)
        return line

    def _button(self, words: str, run: object) -> QPushButton:
        made = QPushButton(words, self)
        made.setAutoDefault(False)
        made.clicked.connect(lambda _checked=False: run())  # type: ignore[operator]
        return made

    def _show(self) -> None:
        book = self._rulebook.book
        said = (
            self.tr("Edition {number} of {made}, loaded from a file. The rules were checked up to {checked}.")
            if self._rulebook.loaded
            else self.tr(
                "Edition {number} of {made}, as it came with the app. The rules were checked up to {checked}."
            )
        )
        self._state.setText(
            said.format(
                number=book.edition.number,
                made=date_words(book.edition.made_on),
                checked=date_words(book.checked_up_to),
            )
        )
        self._hash.setText(
            self.tr("Your documents name these rules by their mark, {mark}.").format(mark=book.hash[:12])
        )
        offer = self._offer
        self._scroll.setVisible(offer is not None)
        for button in (self.take, self.keep):
            button.setVisible(offer is not None)
        self.choose.setVisible(offer is None)
        self.trust.setVisible(offer is None)
        self.return_to_own.setVisible(offer is None and self._rulebook.loaded)
        clear_layout(self._news)
        if offer is None:
            self._fit()
            return
        self.take.setText(self.tr("&Use edition {number}").format(number=offer.book.edition.number))
        self.keep.setText(self.tr("&Keep edition {number}").format(number=book.edition.number))
        self._list_changes(offer)
        self._list_releases(offer)
        self._news.addStretch(1)
        self._fit(self.fontMetrics().lineSpacing() * _LINES)
        self.take.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self, least: int = 0) -> None:
        """As high as the words need, and no higher than the screen."""
        room = self.screen().availableGeometry().size()
        width = min(self.fontMetrics().averageCharWidth() * _CHARACTERS, room.width() - UNIT * 4)
        box = self.layout()
        needed = max(least, box.totalHeightForWidth(width) if box is not None else 0)
        self.resize(width, min(needed + UNIT * 2, room.height() - UNIT * 8))

    def _list_changes(self, offer: Offer) -> None:
        self._news.addWidget(label(self.tr("What changes"), "lead", self))
        if not offer.changes:
            self._news.addWidget(label(self.tr("Nothing that a rule says."), "", self))
        for change in offer.changes:
            self._news.addWidget(rule(self))
            self._news.addWidget(label(change.said, "", self))
        self._news.addSpacing(UNIT * 2)

    def _list_releases(self, offer: Offer) -> None:
        self._news.addWidget(label(self.tr("Your saved releases"), "lead", self))
        if not offer.releases:
            self._news.addWidget(label(self.tr("You have none that could change."), "", self))
        for release in sorted(offer.releases, key=lambda one: not one.differs):
            self._news.addWidget(rule(self))
            line = QHBoxLayout()
            line.setSpacing(UNIT)
            sign = Sign.LOOK if release.differs else Sign.CLEAR
            line.addWidget(Mark(sign, self), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(label(release.name, "strong", self))
            if not release.differs:
                words.addWidget(label(self.tr("Nothing changes."), "", self))
            for law in release.changes:
                said = self.tr("{law}: “{before}” becomes “{after}”")
                words.addWidget(
                    label(
                        said.format(law=law.title, before=law.headline_before, after=law.headline_after),
                        "",
                        self,
                    )
                )
            line.addLayout(words, 1)
            self._news.addLayout(line)

    def _choose(self) -> None:
        names = self.tr("Rulebooks ({pattern})").format(pattern=f"*{RULEBOOK_SUFFIX}")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Load newer rules"), str(Path.home()), names)
        if chosen:
            self.offer(Path(chosen))

    def offer(self, path: Path) -> None:
        """Check the rulebook at `path`, and show what it would change or why it is refused."""
        self.board.clear()
        try:
            self._offer = self._rulebook.open(path, self._entries)
        except (WeighbridgeError, OSError) as error:
            errors.show(self.board, error)
        self._show()

    def _take(self) -> None:
        offer, self._offer = self._offer, None
        if offer is None:
            return
        try:
            self._rulebook.use(offer)
        except (WeighbridgeError, OSError) as error:
            errors.show(self.board, error)
        else:
            self.board.tell(
                "clear", self.tr("Edition {number} is in use.").format(number=offer.book.edition.number)
            )
        self._show()

    def _keep(self) -> None:
        self._offer = None
        self._show()
        self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        try:
            self._rulebook.back()
        except (WeighbridgeError, OSError) as error:
            errors.show(self.board, error)
        else:
            self.board.tell("clear", self.tr("The app’s own rules are in use again."))
        self._show()
        self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _trust(self) -> None:
        names = self.tr("Keys ({pattern})").format(pattern=f"*{KEY_SUFFIX}")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Trust a key"), str(Path.home()), names)
        if not chosen:
            return
        try:
            key = self._rulebook.trust(Path(chosen))
        except (WeighbridgeError, OSError) as error:
            errors.show(self.board, error)
            return
        self.board.tell(
            "clear",
            self.tr("From now on rulebooks signed by {holder} count.").format(holder=key.holder),
            self.tr("Compare the mark with the holder: {mark}.").format(mark=key.id),
        )
