# SPDX-License-Identifier: Apache-2.0
"""Keeps a draft on disk, so that a crash or a power cut costs at most two seconds of typing."""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, Signal, Slot

from core.domain.project import Project
from core.errors import WeighbridgeError
from gui.files import read_project, save_project
from gui.journal import Journal
from gui.store import Store

_log = logging.getLogger(__name__)

PAUSE_S = 0.5
"""A quarter of the two seconds that are promised: on a busy machine the rest goes into waiting for a turn and for the disk."""
_SOON_S = 0.1
"""After a folder was read: not in the frame that shows what was found."""
_SLOTS = 9


class Autosave(QObject):
    """Writes the draft a moment after a first change, and at once when the page changes, beside the window.

    Make it before whatever computes with the project: changes are told in that order, and the draft must not wait for that.
    Each running window holds one of a few draft slots by a lock file; a lock left by a killed process is taken over.
    """

    failed = Signal(object)
    """A WeighbridgeError or OSError, told once until saving works again."""
    _from_journal = Signal(object)

    def __init__(self, store: Store, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._folder = folder or default_folder()
        self._lock: QLockFile | None = None
        self._told = False
        self._path = self._claim()
        self._pause_s = PAUSE_S
        self._journal = Journal(self._write, self._from_journal.emit)
        self._from_journal.connect(self._tell)  # queued: it comes from another thread
        store.changed.connect(self._changed)

    @property
    def path(self) -> Path:
        """The draft of this window."""
        return self._path

    def draft(self) -> Project | None:
        """The project left behind last time, or None when there is nothing worth going on with."""
        if not self._path.is_file():
            return None
        try:
            project = read_project(self._path)
        except WeighbridgeError as error:
            _log.info("the draft could not be read: %s", error)
            return None
        return project if project.scan is not None or project.by_hand else None

    def others(self) -> tuple[Path, ...]:
        """Drafts of other windows that are gone: their locks can be had."""
        left = []
        for slot in range(1, _SLOTS + 1):
            path = self._folder / f"draft-{slot}.json"
            if path == self._path or not path.is_file():
                continue
            lock = QLockFile(str(path.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if lock.tryLock(0):
                lock.unlock()
                left.append(path)
        return tuple(left)

    def save_now(self) -> bool:
        """Write the draft now; tells whether that worked."""
        try:
            self._journal.write_now(self._store.project)
        except (WeighbridgeError, OSError) as error:
            self._tell(error)
            return False
        return True

    def close(self) -> None:
        """Write what is pending and give the slot back."""
        self._journal.stop()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _changed(self, old: Project, new: Project) -> None:
        if new.scan is None and not new.by_hand:
            return
        if old.scan is not new.scan:
            self._journal.put(new, _SOON_S)
        elif old.step != new.step:
            self._journal.put(new, 0)
        else:
            self._journal.put(new, self._pause_s)

    def _write(self, project: Project) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        save_project(self._path, project)
        self._told = False

    def _claim(self) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _log.info("no folder for drafts: %s", error)
        for slot in range(1, _SLOTS + 1):
            lock = QLockFile(str(self._folder / f"draft-{slot}.lock"))
            lock.setStaleLockTime(0)  # only the death of its process makes a lock stale
            if lock.tryLock(0):
                self._lock = lock
                break
        return self._folder / f"draft-{slot}.json"

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            self.failed.emit(error)


def default_folder() -> Path:
    """Where drafts live on this system."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(folder) / "drafts"


def set_aside(path: Path) -> Callable[[], None]:
    """Take a draft out of sight; calling what is returned brings it back. Raises OSError.

    What was set aside lies beside it until the next draft of the same slot is.
    """
    aside = path.with_suffix(".removed")
    path.replace(aside)
    return lambda: None if path.exists() else _bring_back(aside, path)


def _bring_back(aside: Path, path: Path) -> None:
    """Put a draft back that was set aside; one that is gone by now stays gone."""
    with contextlib.suppress(OSError):
        aside.replace(path)
