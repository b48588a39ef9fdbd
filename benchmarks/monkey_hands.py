# SPDX-License-Identifier: Apache-2.0
"""What the monkey does: one method for each kind of event. The dice are the monkey's own, so that a seed repeats a run."""

from __future__ import annotations

import random
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from gui.app import App

CHARACTERS = "abcxyz0123456789.,-+ eEBMk%&<>é漢\u202e\u0301"  # no slash: paths stay where they are
KEYS = [
    getattr(Qt.Key, f"Key_{name}")
    for name in (
        *("Tab", "Backtab", "Return", "Escape", "Space", "Left", "Right", "Up", "Down", "Home", "End"),
        *("PageUp", "PageDown", "Backspace", "Delete", "F1", "F10", "Menu", "Alt"),
    )
]
PRESSED: tuple[type[QWidget], ...] = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractSpinBox)
SHORTCUTS = "hnosrzZacvxq"


class Hands:
    """Random events at the window that `app` gives; `paths` are what it may drop."""

    def __init__(
        self,
        qt: QApplication,
        app: Callable[[], App],
        dice: random.Random,
        paths: list[str],
        may_quit: Callable[[], bool],
    ) -> None:
        self.qt = qt
        self._app = app
        self._dice = dice
        self._paths = paths
        self._may_quit = may_quit
        self._kinds: dict[Callable[[], None], int] = {
            self._type: 30,
            self._key: 22,
            self._click: 18,
            self._press_button: 14,
            self._wheel: 5,
            self._drag: 2,
            self._shortcut: 3,
            self._menu: 2,
            self._resize: 2,
            self._drop: 1,
            self._step: 2,
        }

    def choose(self) -> Callable[[], None]:
        """The next event."""
        return self._dice.choices(list(self._kinds), weights=list(self._kinds.values()))[0]

    def close_popups(self) -> None:
        for _ in range(5):
            widget = self.qt.activePopupWidget() or self.qt.activeModalWidget()
            if widget is None or self._dice.random() < 0.3:
                return
            widget.close()

    def _top(self) -> QWidget:
        return self.qt.activePopupWidget() or self.qt.activeModalWidget() or self._app().window

    def _focus(self) -> QWidget:
        top = self._top()
        return top.focusWidget() or top

    def _type(self) -> None:
        focus = self._focus()
        for _ in range(self._dice.randint(1, 4)):
            character = self._dice.choice(CHARACTERS)  # QTest aborts on what is not Latin-1
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character)
                QApplication.sendEvent(focus, event)

    def _key(self) -> None:
        shift = (
            Qt.KeyboardModifier.ShiftModifier if self._dice.random() < 0.2 else Qt.KeyboardModifier.NoModifier
        )
        QTest.keyClick(self._focus(), self._dice.choice(KEYS), shift)

    def _shortcut(self) -> None:
        letter = self._dice.choice(SHORTCUTS)
        modifier = self._dice.choice((Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier))
        if letter in "qQ" and (self._dice.random() < 0.8 or not self._may_quit()):
            return
        QTest.keyClick(self._focus(), letter, modifier)

    def _point(self) -> tuple[QWidget, QPoint]:
        top = self._top()
        place = QPoint(self._dice.randrange(max(1, top.width())), self._dice.randrange(max(1, top.height())))
        target = top.childAt(place) or top
        if not shiboken6.isValid(target):  # a name of PySide for what stood at the same address before
            target = top
        return target, target.mapFrom(top, place)

    def _click(self) -> None:
        target, place = self._point()
        button = Qt.MouseButton.LeftButton if self._dice.random() < 0.9 else Qt.MouseButton.RightButton
        click = QTest.mouseDClick if self._dice.random() < 0.1 else QTest.mouseClick
        click(target, button, pos=place)

    def _press_button(self) -> None:
        # Not findChildren(): PySide makes what it finds a child of the widget that was asked, and what Qt made itself and
        # destroys later (the field of a list to type into) then stays a dead name for as long as that widget lives.
        top = self._top()
        found = [one for one in self.qt.allWidgets() if isinstance(one, PRESSED) and top.isAncestorOf(one)]
        places = sorted(
            (place.y(), place.x(), place.height(), place.width(), index)
            for index, one in enumerate(found)
            if not one.visibleRegion().isEmpty()
            and (place := one.visibleRegion().boundingRect().translated(one.mapTo(top, QPoint())))
        )  # allWidgets() has no order; the same seed must press the same button
        seen = [found[place[-1]] for place in places]
        if seen:
            target = self._dice.choice(seen)
            QTest.mouseClick(
                target, Qt.MouseButton.LeftButton, pos=target.visibleRegion().boundingRect().center()
            )

    def _drag(self) -> None:
        scale = self._app().wizard.foot.scale
        if self._top() is self._app().window and scale.isVisible():
            places = [
                QPoint(self._dice.randrange(scale.width()), self._dice.randrange(scale.height()))
                for _ in "123"
            ]
            QTest.mousePress(scale, Qt.MouseButton.LeftButton, pos=places[0])
            QTest.mouseMove(scale, places[1])
            QTest.mouseRelease(scale, Qt.MouseButton.LeftButton, pos=places[2])

    def _wheel(self) -> None:
        target, place = self._point()
        event = QWheelEvent(
            QPointF(place),
            QPointF(target.mapToGlobal(place)),
            QPoint(),
            QPoint(0, self._dice.choice((-480, -120, 120, 480))),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, event)

    def _menu(self) -> None:
        actions = [
            action
            for menu in self._app().window.findChildren(QMenu)
            for action in menu.actions()
            if action.isEnabled() and action.menu() is None and not action.isSeparator()
        ]
        action = self._dice.choice(actions)
        if "Quit" not in action.text() or (self._dice.random() < 0.2 and self._may_quit()):
            action.trigger()

    def _resize(self) -> None:
        self._app().window.resize(self._dice.randint(300, 1900), self._dice.randint(200, 1200))

    def _drop(self) -> None:
        data = QMimeData()
        data.setUrls(
            [
                QUrl.fromLocalFile(self._dice.choice(self._paths))
                for _ in range(self._dice.choice((1, 1, 1, 2)))
            ]
        )
        event = QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._app().window, event)

    def _step(self) -> None:
        """Any step of the list at the left: else the monkey would see little beyond the first pages."""
        if self._app().wizard.current == "home" and self._dice.random() < 0.3:
            self._app().begin_by_hand()
        buttons = [one for one in self._app().wizard.step_list.buttons if one.isVisible()]
        if buttons and self._top() is self._app().window:
            self._dice.choice(buttons).click()
