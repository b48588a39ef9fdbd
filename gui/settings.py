# SPDX-License-Identifier: Apache-2.0
"""What the window remembers between starts: an INI file. Bad settings never stop the start."""

import contextlib
import itertools
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gui.language import CHOICES as LANGUAGE_CHOICES
from gui.language import SYSTEM
from gui.theme import CHOICES

if TYPE_CHECKING:
    from gui.shelf import Entry

_RECENT = 8
_PROJECTS = 12


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
    def language(self) -> str:
        """system, en, de or fr."""
        value = self._text("look/language", SYSTEM)
        return value if value in LANGUAGE_CHOICES else SYSTEM

    @language.setter
    def language(self, value: str) -> None:
        self._file.setValue("look/language", value)

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
        there = (line for line in self._lines("recent/folders") if _is_folder(line))
        return tuple(islice(there, _RECENT))  # no more disks are asked than is shown

    def remember_folder(self, folder: str) -> None:
        """Put a folder first in the list."""
        kept = [folder, *(other for other in self.recent_folders if other != folder)]
        self._file.setValue("recent/folders", kept[:_RECENT])

    @property
    def projects(self) -> tuple["Entry", ...]:
        """Projects saved or opened lately whose files still exist, newest first."""
        from gui.shelf import from_line  # not needed for the first picture

        kept = (
            from_line(line) for line in self._lines("recent/projects")
        )  # lazily: 12 are wanted, thousands may be there
        there = (entry for entry in kept if entry is not None and _is_file(entry.path))
        return tuple(itertools.islice(there, _PROJECTS))

    def remember_project(self, entry: "Entry") -> None:
        """Put a project first in the list, in place of what was known of the same file."""
        from gui.shelf import to_line

        kept = [entry, *(other for other in self.projects if other.path != entry.path)]
        self._file.setValue("recent/projects", [to_line(one) for one in kept[:_PROJECTS]])

    def forget(self, entry: "Entry") -> Callable[[], None]:
        """Take a project or a folder off its list; calling what is returned puts it back where it was."""
        from gui.shelf import EntryKind, to_line

        key = "recent/projects" if entry.kind is EntryKind.PROJECT else "recent/folders"
        before = self._lines(key)
        place = {to_line(entry), entry.path}
        self._file.setValue(key, [line for line in before if line not in place])
        return lambda: self._file.setValue(key, before)

    def save(self) -> None:
        """Write now."""
        self._file.sync()

    def _text(self, key: str, default: str) -> str:
        value = self._file.value(key, default)
        return value if isinstance(value, str) else default

    def _lines(self, key: str) -> list[str]:
        """A list of texts; an INI file keeps a list of one as a bare text."""
        value = self._file.value(key)
        listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [line for line in listed if isinstance(line, str)]

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


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
