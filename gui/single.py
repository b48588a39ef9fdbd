# SPDX-License-Identifier: Apache-2.0
"""One window for one person: a second start hands its path to the first and ends.

By a small file in the person's own folder, watched by the first window: no socket is opened, and Qt's network library
(3 MB) stays out of the installer.
"""

import os
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QFileSystemWatcher, QObject, QThread, Signal

from gui.ground import own_folder

_CALL = "window.call"
_WAIT_MS = 2500
_LOOK_MS = 20
_MOST = 8192
"""Bytes of a call; a path is shorter."""


def hand_over(path: str, folder: Path | None = None, *, wait_ms: int = _WAIT_MS) -> bool:
    """Tell the running window to come forward and open `path` ("" for none). False when it does not answer in time."""
    place = (folder or own_folder()) / _CALL
    half = place.with_name(f"{_CALL}.{os.getpid()}")
    try:
        half.write_bytes(path.encode("utf-8", "surrogateescape"))
        half.replace(place)
    except OSError:
        half.unlink(missing_ok=True)
        return False
    waited = QElapsedTimer()
    waited.start()
    while place.exists():  # the window takes it away when it has read it
        if waited.hasExpired(wait_ms):
            place.unlink(missing_ok=True)
            return False
        QThread.msleep(_LOOK_MS)
    return True


class Doorbell(QObject):
    """Watches for later starts. `rung(path)`: come forward, and open the path unless it is empty."""

    rung = Signal(str)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder or own_folder()
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _folder: self._look())

    def listen(self) -> bool:
        """Begin; a call that nobody heard is forgotten."""
        (self._folder / _CALL).unlink(missing_ok=True)
        return self._watcher.addPath(str(self._folder))

    def close(self) -> None:
        """Stop watching."""
        self._watcher.removePath(str(self._folder))

    def _look(self) -> None:
        call = self._folder / _CALL
        try:
            with call.open("rb") as stream:
                said = stream.read(_MOST + 1)
            call.unlink()
        except OSError:
            return
        if len(said) <= _MOST:
            self.rung.emit(said.decode("utf-8", "surrogateescape"))
