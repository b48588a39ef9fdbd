# SPDX-License-Identifier: Apache-2.0
"""Notices inside the window: what happened, why, what to do. Nothing pops up over the work."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.announce import announce
from gui.tokens import UNIT
from gui.widgets.mark import Mark, Sign
from gui.widgets.text import clear_layout, label, plain_mnemonic, set_role
from gui.widgets.wrapping_link import WrappingLink


class NoticeBoard(QWidget):
    """Shows one notice at a time above the page, until it is dismissed or the next one comes."""

    changed = Signal()
    """A notice came or went."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, UNIT * 2)
        self.message = ""
        self.hide()

    def tell(
        self,
        meaning: str,
        what: str,
        why: str = "",
        todo: str = "",
        action: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show one notice; `meaning` is clear, look or owed. It is announced too."""
        clear_layout(self._box)
        self.message = " ".join(part for part in (what, why, todo) if part)
        frame = QFrame(self)
        frame.setProperty("role", f"{meaning}-notice")
        row = QHBoxLayout(frame)
        row.setContentsMargins(UNIT * 2, UNIT + 4, UNIT * 2, UNIT + 4)
        row.setSpacing(UNIT + 4)
        row.addWidget(Mark(Sign(meaning), frame), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(what, "strong", frame))
        rest = " ".join(part for part in (why, todo) if part)
        if rest:
            words.addWidget(label(rest, "", frame))
        row.addLayout(words, 1)
        if action is not None:
            extra = QPushButton(plain_mnemonic(action[0]), frame)
            extra.setProperty("role", "small")
            extra.clicked.connect(action[1])
            row.addWidget(extra, 0, Qt.AlignmentFlag.AlignTop)
        away = QPushButton(self.tr("Dismiss"), frame)
        away.setProperty("role", "small")
        away.setAccessibleDescription(self.tr("Takes this notice away"))
        away.clicked.connect(self.clear)
        row.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addWidget(frame)
        self.show()
        self.changed.emit()
        announce(self, self.message)

    def clear(self) -> None:
        """Take the notice away."""
        self.message = ""
        clear_layout(self._box)
        self.hide()
        self.changed.emit()


class ErrorSummary(QFrame):
    """What stands in the way of Continue, at the top of the page, each line a way to its field."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "owed-notice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(UNIT * 2, UNIT + 4, UNIT * 2, UNIT + 4)
        self._box.setSpacing(2)
        self.hide()

    def tell(self, problems: Sequence[tuple[str, str]]) -> None:
        """Show (field, message) pairs, take the focus and announce; nothing to show hides it."""
        clear_layout(self._box)
        if not problems:
            self.hide()
            return
        head = self.tr("One thing is left before you go on:")
        if len(problems) > 1:
            head = self.tr("{count} things are left before you go on:").format(count=len(problems))
        self._box.addWidget(label(head, "strong", self))
        before: QWidget = self
        for field, message in problems:
            if field:
                jump = WrappingLink(message, self)
                jump.clicked.connect(lambda _checked=False, name=field: self.chosen.emit(name))
                self._box.addWidget(jump)
                QWidget.setTabOrder(before, jump)  # made last, but read first
                before = jump
            else:
                self._box.addWidget(label(message, "", self))
        self.setAccessibleName(" ".join([head, *(message for _, message in problems)]))
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.accessibleName(), urgent=True)
