# SPDX-License-Identifier: Apache-2.0
"""What stands before the first window: the locale, and where the icons are. Light: it is loaded before the first picture."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QLocale, QLockFile, QMimeData, QStandardPaths

import resources

if TYPE_CHECKING:
    from PySide6.QtGui import QDropEvent

RESOURCES = Path(str(resources.__file__)).parent
"""Not by core.resources: importlib.resources costs 7 ms before the first picture."""

SUFFIX = ".weighbridge.json"
"""How the file of a saved project ends."""


def prepare() -> None:
    """Set both for the whole application."""
    if QLocale().name() == "C":  # a bare system names no language: use the app's own
        QLocale.setDefault(QLocale("en_US"))
    QDir.setSearchPaths("icons", [str(RESOURCES / "icons")])


def dropped_path(data: QMimeData) -> Path | None:
    """The one local path that was dropped, or None."""
    urls = [url for url in data.urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None


def take_copy(event: "QDropEvent") -> None:
    """Accept what is dropped as a copy, whatever is proposed: after a move its owner may delete it."""
    from PySide6.QtCore import Qt  # its hundred enums take a tenth of the start

    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def own_folder() -> Path:
    """The app's folder among the person's data, made if need be."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def first_window() -> QLockFile | None:
    """The lock that makes this the first window of this person; None when another holds it."""
    lock = QLockFile(str(own_folder() / "window.lock"))
    lock.setStaleLockTime(0)  # only the death of its process makes it stale
    return lock if lock.tryLock(0) else None
