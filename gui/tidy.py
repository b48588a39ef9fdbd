# SPDX-License-Identifier: Apache-2.0
"""Python's cycle collector, on the window's thread only and in small steps.

By itself it runs on whatever thread allocates: a job in the background would then destroy widgets, which Qt forbids
off the window's thread, and a full pass in the middle of a frame makes the window wait.

What is free goes back to the system too: glibc keeps what lies between live pieces, after a long page tens of MiB.
"""

import contextlib
import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000
_YOUNG = 700
"""New containers worth a look."""
_OLD_EVERY = 30
"""Each so many looks at the young ones, one at all of them, and what is free is given back: 0.2 to 5 ms."""


class Tidy(QObject):
    """While it lives nothing else collects; `begin` starts its own looks."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """What is there now (modules, rules, tables) stays for good and is not looked at again."""
        gc.collect()
        gc.freeze()
        self._timer.start()

    def look(self) -> None:
        """Collect if there is something to collect."""
        if gc.get_count()[0] < _YOUNG:
            return
        self._looks += 1
        if self._looks % _OLD_EVERY:
            gc.collect(1)
        else:
            gc.collect()
            give_back()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()


def give_back() -> None:
    """Have the C library give the system what is free in it. Only glibc (most of Linux) must be asked.

    Without ctypes, which needs a library that not each system has, it is left as it is.
    """
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL("libc.so.6").malloc_trim(0)
