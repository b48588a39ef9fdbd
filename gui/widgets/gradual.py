# SPDX-License-Identifier: Apache-2.0
"""Builds long lists a few rows per turn of the event loop, so that no frame waits for all of them."""

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

_BUDGET = 0.006
"""Seconds of building in one turn; laying the rows out takes about as long again."""

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
        self._next.timeout.connect(self._turn)

    @property
    def busy(self) -> bool:
        """Whether rows are still to come."""
        return self._next.isActive()

    def begin(self, makers: Iterable[Make]) -> None:
        """Forget what was still to come and build these; the first few stand when this returns."""
        self._left = iter(makers)
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

    def _turn(self) -> None:
        end = time.monotonic() + _BUDGET
        for make in self._left:
            self._add(make())
            if time.monotonic() > end:
                self._next.start()
                return
        self._next.stop()
        self.whole.emit()
