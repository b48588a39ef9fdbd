# SPDX-License-Identifier: Apache-2.0
"""Builds long lists a few rows per turn of the event loop, so that no frame waits for all of them."""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

_WHOLE = 0.016
"""Seconds that a turn should take with the layout and the painting of what it built."""
_FIRST, _LEAST, _MOST = 0.002, 0.0005, 0.006
"""Seconds of building in one turn: to begin with, and within which bounds it follows what the turns before took."""

Make = Callable[[], QWidget]


class Gradual(QObject):
    """`add(widget)` gets the rows in order. `whole` when the last one stands.

    What scrolls is not painted between a row's coming and the page's growing: rows would be seen squeezed for a moment.
    """

    whole = Signal()

    def __init__(self, add: Callable[[QWidget], None], parent: QObject) -> None:
        super().__init__(parent)
        self._add = add
        self._left: Iterator[Make] = iter(())
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._go_on)
        self._budget, self._begun = _FIRST, 0.0
        self._ended = True
        self._still: list[QWidget] = []  # what is not painted at the moment: one at most
        self.destroyed.connect(partial(_paint, self._still))

    @property
    def busy(self) -> bool:
        """Whether rows are still to come, or the last ones to be painted."""
        return self._next.isActive()

    def begin(self, makers: Iterable[Make]) -> None:
        """Forget what was still to come and build these; the first few stand when this returns."""
        self._left = iter(makers)
        self._budget, self._ended = _FIRST, False
        self._turn()

    def stop(self) -> None:
        """Forget what was still to come; nobody is told."""
        self._next.stop()
        self._left, self._ended = iter(()), True
        _paint(self._still)

    def finish(self) -> None:
        """Build all that is left, now: something among it is wanted."""
        for make in self._left:
            self._add(make())
        self.stop()
        self.whole.emit()

    def _go_on(self) -> None:
        if self._still:  # Qt has laid out what came
            _paint(self._still)
            if not self._ended:
                self._next.start()
            return
        whole = max(time.monotonic() - self._begun, 1e-4)
        self._budget = min(_MOST, max(_LEAST, self._budget * min(1.5, max(0.4, _WHOLE / whole))))
        self._turn()

    def _turn(self) -> None:
        self._begun = time.monotonic()
        self._keep_still()
        for make in self._left:
            self._add(make())
            if time.monotonic() > self._begun + self._budget:
                self._next.start()
                return
        self._ended = True
        if self._still:
            self._next.start()
        self.whole.emit()

    def _keep_still(self) -> None:
        """Leave what scrolls unpainted until the rows of this turn are laid out."""
        holder = _scrolling(self)
        if holder is not None and holder.updatesEnabled():
            holder.setUpdatesEnabled(False)
            self._still.append(holder)


def _paint(still: list[QWidget]) -> None:
    for one in still:
        if shiboken6.isValid(one):
            one.setUpdatesEnabled(True)
    still.clear()


def _scrolling(thing: QObject | None) -> QWidget | None:
    """What moves in the scroll area around `thing`; None where nothing scrolls."""
    while thing is not None:
        parent = thing.parent()
        area = None if parent is None else parent.parent()
        if isinstance(area, QScrollArea) and area.widget() is thing:
            return area.widget()
        thing = parent
    return None
