# SPDX-License-Identifier: Apache-2.0
"""Builds long lists a few rows per turn of the event loop, so that no frame waits for all of them."""

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

_WHOLE = 0.016
"""Seconds that a turn should take with the layout and the painting of what it built."""
_FIRST, _LEAST, _MOST = 0.002, 0.0005, 0.006
"""Seconds of building in one turn: to begin with, and within which bounds it follows what the turns before took."""

Make = Callable[[], QWidget]


class Gradual(QObject):
    """`add(widget)` gets the rows in order. `whole` when the last one stands."""

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

    @property
    def busy(self) -> bool:
        """Whether rows are still to come."""
        return self._next.isActive()

    def begin(self, makers: Iterable[Make]) -> None:
        """Forget what was still to come and build these; the first few stand when this returns."""
        self._left = iter(makers)
        self._budget = _FIRST
        self._turn()

    def stop(self) -> None:
        """Forget what was still to come; nobody is told."""
        self._next.stop()
        self._left = iter(())

    def finish(self) -> None:
        """Build all that is left, now: something among it is wanted."""
        self._next.stop()
        for make in self._left:
            self._add(make())
        self.whole.emit()

    def _go_on(self) -> None:
        """The turn before is over, with all that Qt did after it."""
        whole = max(time.monotonic() - self._begun, 1e-4)
        self._budget = min(_MOST, max(_LEAST, self._budget * min(1.5, max(0.4, _WHOLE / whole))))
        self._turn()

    def _turn(self) -> None:
        self._begun = time.monotonic()
        for make in self._left:
            self._add(make())
            if time.monotonic() > self._begun + self._budget:
                self._next.start()
                return
        self._next.stop()
        self.whole.emit()
