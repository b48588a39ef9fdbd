# SPDX-License-Identifier: Apache-2.0
"""The sheet a page lies on: heading, why, notices, the page itself, Back and Continue always in the same place."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gui.pages.base import Page
from gui.theme import Theme
from gui.tokens import UNIT
from gui.widgets.nothing_yet import NothingYet
from gui.widgets.notice import ErrorSummary, NoticeBoard
from gui.widgets.text import label, rule, steady_bar

_WIDEST = 880
_SCROLL_BAR = 12
_LEFT, _RIGHT = UNIT * 6, UNIT * 4


class Sheet(QWidget):
    """Frames every page in the same way. Each page scrolls by itself when the window is small."""

    def __init__(
        self, pages: Mapping[str, Page], board: NoticeBoard, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAutoFillBackground(True)
        outer = _column(self)
        top = QWidget(self)
        above = _column(top)
        self.heading = label("", "heading", top)
        self.why = label("", "quiet", top)
        head = QVBoxLayout()
        head.setContentsMargins(_LEFT, UNIT * 3, _RIGHT, UNIT)
        head.setSpacing(UNIT // 2)
        head.addWidget(self.heading)
        head.addWidget(self.why)
        above.addLayout(head)
        self.summary = ErrorSummary(top)
        notices = QVBoxLayout()
        notices.setContentsMargins(_LEFT, 0, _RIGHT + _SCROLL_BAR, 0)
        notices.setSpacing(UNIT)
        for notice in (board, self.summary):
            notice.setMaximumWidth(_WIDEST)
            notices.addWidget(notice)
        above.addLayout(notices)
        outer.addWidget(top)
        self._stack = QStackedWidget(self)
        bottom = QWidget(self)
        below = _column(bottom)
        self._edge = rule(bottom)
        self.nothing = {name: NothingYet() for name, page in pages.items() if page.needs_model}
        self._pages = pages
        self._areas = {name: _framed(page, self.nothing.get(name)) for name, page in pages.items()}
        for area in self._areas.values():
            self._stack.addWidget(area)
            theme.dress_late(area)
            area.verticalScrollBar().valueChanged.connect(lambda _value: self._show_edge())
            area.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._show_edge())
        outer.addWidget(self._stack, 1)
        below.addWidget(self._edge)
        below.addWidget(self._build_buttons())
        outer.addWidget(bottom)
        theme.dress(top, bottom)

    def freshen(self, name: str) -> None:
        """Give a page that is about to be shown the colours in use."""
        self._theme.freshen(self._areas[name])

    def show_page(self, name: str) -> None:
        """Bring a page to the top."""
        self._stack.setCurrentWidget(self._areas[name])
        self._show_edge()

    def _show_edge(self) -> None:
        """A hairline over the buttons says that the page goes on below it."""
        area = self._stack.currentWidget()
        bar = area.verticalScrollBar() if isinstance(area, QScrollArea) else None
        self._edge.setVisible(bar is not None and bar.value() < bar.maximum())

    def show_nothing(self, name: str, nothing: bool) -> None:
        """Show a page, or the words that stand in for it while there is no model."""
        if name in self.nothing:
            self.nothing[name].setVisible(nothing)
            self._pages[name].setVisible(not nothing)

    def area(self, name: str) -> QScrollArea:
        """The scroll area of a page."""
        return self._areas[name]

    def shows(self, name: str) -> bool:
        """Whether a page is on top."""
        return self._stack.currentWidget() is self._areas[name]

    def _build_buttons(self) -> QWidget:
        self.buttons = QWidget(self)
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(_LEFT, UNIT, _RIGHT + _SCROLL_BAR, UNIT)
        inner = QWidget(self.buttons)
        inner.setMaximumWidth(_WIDEST)
        pair = QHBoxLayout(inner)
        pair.setContentsMargins(0, 0, 0, 0)
        self.back = QPushButton(self.tr("&Back"), inner)
        self.forward = QPushButton(self.tr("&Continue"), inner)
        self.forward.setProperty("role", "primary")
        pair.addWidget(self.back)
        pair.addStretch(1)
        pair.addWidget(self.forward)
        row.addWidget(inner, 1000)
        row.addStretch(1)
        return self.buttons


def _column(holder: QWidget) -> QVBoxLayout:
    made = QVBoxLayout(holder)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(0)
    return made


def _framed(page: Page, nothing: NothingYet | None) -> QScrollArea:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(_LEFT, UNIT, _RIGHT, UNIT // 2)
    page.setMaximumWidth(_WIDEST)
    row.addWidget(page, 1000)
    if nothing is not None:
        nothing.setMaximumWidth(_WIDEST)
        nothing.hide()
        row.addWidget(nothing, 1000, Qt.AlignmentFlag.AlignTop)
    row.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    steady_bar(area)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(holder)
    return area
