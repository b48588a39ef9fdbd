# SPDX-License-Identifier: Apache-2.0
"""What the window remembers between starts: an INI file. Bad settings never stop the start."""

import contextlib
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gui.theme import CHOICES

_RECENT = 8


class Settings:
    """Typed access to the settings file. A value that does not fit counts as not set."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        self.notices: list[str] = []
        self._file = self._open()

    @property
    def theme(self) -> str:
        """system, light or dark."""
        value = self._text("look/theme", "system")
        return value if value in CHOICES else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        self._file.setValue("look/theme", value)

    @property
    def reduce_motion(self) -> bool:
        """Whether the person asked this app to keep still."""
        return self._text("look/reduce_motion", "false") == "true"

    @reduce_motion.setter
    def reduce_motion(self, value: bool) -> None:
        self._file.setValue("look/reduce_motion", "true" if value else "false")

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window; empty at the first start."""
        try:
            return QByteArray.fromBase64(QByteArray(self._text("window/geometry", "").encode("ascii")))
        except UnicodeEncodeError:
            return QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._file.setValue("window/geometry", bytes(value.toBase64().data()).decode("ascii"))

    @property
    def recent_folders(self) -> tuple[str, ...]:
        """Folders read lately which still exist, newest first."""
        value = self._file.value("recent/folders")
        listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(entry for entry in listed if isinstance(entry, str) and _is_folder(entry))[:_RECENT]

    def remember_folder(self, folder: str) -> None:
        """Put a folder first in the list."""
        kept = [folder, *(other for other in self.recent_folders if other != folder)]
        self._file.setValue("recent/folders", kept[:_RECENT])

    def save(self) -> None:
        """Write now."""
        self._file.sync()

    def _text(self, key: str, default: str) -> str:
        value = self._file.value(key, default)
        return value if isinstance(value, str) else default

    def _open(self) -> QSettings:
        found = QSettings(str(self.path), QSettings.Format.IniFormat)
        if found.status() is QSettings.Status.NoError:
            return found
        with contextlib.suppress(OSError):
            self.path.replace(self.path.with_suffix(".damaged.ini"))
        self.notices.append(str(self.path))
        return QSettings(str(self.path), QSettings.Format.IniFormat)


def default_path() -> Path:
    """Where the settings live on this system."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "weighbridge.ini"


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False
