# SPDX-License-Identifier: Apache-2.0
"""A row that folds open: a sign, a title and one line; behind a button, the rest."""

import itertools
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gui.tokens import UNIT
from gui.widgets.discloser import Discloser
from gui.widgets.mark import Mark, Sign
from gui.widgets.text import plain_mnemonic, pressable, tab_stops

Fill = Callable[[QVBoxLayout], None]
_NARROW_CHARACTERS = 30


class Fold(QWidget):
    """Closed it shows title, remark and headline. `fill` builds the inside when it is first opened."""

    toggled = Signal(bool)

    def __init__(
        self,
        title: str,
        headline: str,
        fill: Fill,
        *,
        sign: Sign | None = None,
        remark: str = "",
        remark_role: str = "small",
        more: str = "",
        less: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill: Fill | None = fill
        self._more = more or self.tr("Why")
        self._less = less or self.tr("Less")
        self._title = title
        self._narrow = False
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, UNIT + 4, 0, UNIT + 4)
        grid.setHorizontalSpacing(UNIT + 4)
        grid.setVerticalSpacing(UNIT // 2)
        grid.setColumnStretch(1, 1)
        if sign is not None:
            grid.addWidget(Mark(sign, self), 0, 0, Qt.AlignmentFlag.AlignTop)
        self._name = pressable(title, "strong", self)
        grid.addWidget(self._name, 0, 1)
        self._remark = pressable(remark, remark_role, self, wrap=False)
        self._remark.setVisible(bool(remark))
        grid.addWidget(self._remark, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._headline = pressable(headline, "quiet", self)
        self._headline.setVisible(bool(headline))
        grid.addWidget(self._headline, 1, 1)
        self.button = Discloser(self._more, self)
        self.button.setAccessibleName(f"{self._more}: {title}")
        self.button.opened.connect(self._toggle)
        grid.addWidget(self.button, 1, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.body = QWidget(self)
        self.body.hide()
        self._inside = QVBoxLayout(self.body)
        self._inside.setContentsMargins(0, UNIT, 0, UNIT)
        self._inside.setSpacing(UNIT)
        grid.addWidget(self.body, 3, 1, 1, 2)
        for target in (self._name, self._headline, self._remark):
            target.pressed.connect(self.button.toggle_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _NARROW_CHARACTERS
        if narrow != self._narrow:  # beside the headline where there is room, else below it
            self._narrow = narrow
            for one in (self._name, self._headline, self.button):
                self._grid.removeWidget(one)
            self._grid.addWidget(self._name, 0, 1, 1, 2 if narrow and not self._remark.text() else 1)
            self._grid.addWidget(self._headline, 1, 1, 1, 2 if narrow else 1)
            below = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop
            beside = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(self.button, *((2, 1, below) if narrow else (1, 2, beside)))

    @property
    def title(self) -> str:
        """The title shown."""
        return self._title

    @property
    def is_open(self) -> bool:
        """Whether the inside shows."""
        return self.button.is_open

    def set_plain(self) -> None:
        """There is nothing to open: no button, and the words are no link."""
        self.button.hide()
        for target in (self._name, self._headline, self._remark):
            target.pressed.disconnect(self.button.toggle_open)

    def say(self, headline: str) -> None:
        """Show another headline."""
        self._headline.setText(headline)
        self._headline.setVisible(bool(headline))

    def set_open(self, opened: bool) -> None:
        """Open or close."""
        self.button.set_open(opened)

    def _toggle(self, opened: bool) -> None:
        if opened and self._fill is not None:
            self._fill(self._inside)
            self._fill = None
            for one, other in itertools.pairwise((self.button, *tab_stops(self.body))):
                QWidget.setTabOrder(one, other)  # right after the button, not at the end of the page
        self.body.setVisible(opened)
        words = self._less if opened else self._more
        self.button.setText(plain_mnemonic(words))
        self.button.setAccessibleName(f"{words}: {self._title}")
        self.toggled.emit(opened)
