# SPDX-License-Identifier: Apache-2.0
"""Atomic writing and reading of the project file and its draft."""

import errno
import os
from pathlib import Path

from core.domain.project import Project
from core.errors import CannotRead, CannotWrite
from core.files import cannot_write, fingerprint, write_file
from core.persist import dumps, loads
from gui.words import words

_LARGEST = 64 * 2**20


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and swap it in. Raises CannotWrite; what was there before then still stands."""
    target = Path(os.path.realpath(path))  # a link stays a link: what it points to is written
    try:
        if target.exists() and not os.access(target, os.W_OK):  # the swap would not ask
            raise cannot_write(target, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        write_file(target, data)
    except (CannotWrite, OSError) as error:
        raise CannotWrite(
            words("files", "{name} was not saved.").format(name=path.name),
            error.why if isinstance(error, CannotWrite) else f"{error.strerror or error}.",
            words("files", "Choose another folder, or make room and try again."),
        ) from error


def save_project(path: Path, project: Project) -> None:
    """Save a project file. Raises CannotWrite."""
    write_atomically(path, dumps(project))


def read_project(path: Path) -> Project:
    """Read a project file. Raises CannotRead."""
    try:
        if path.stat().st_size > _LARGEST:
            raise CannotRead(
                words("files", "{name} is too large for a project file.").format(name=path.name),
                "",
                words("files", "Open a file that Weighbridge saved."),
            )
        data = path.read_bytes()
    except OSError as error:
        raise CannotRead(
            words("files", "{name} could not be opened.").format(name=path.name),
            f"{error.strerror or error}.",
            words("files", "Check that the file is still there and that you may read it."),
        ) from error
    return loads(data)


def stamp(path: Path | None) -> str | None:
    """What tells whether a file was changed meanwhile, by another window for instance; None when it cannot be read."""
    try:
        return None if path is None else fingerprint(path.read_bytes())
    except OSError:
        return None
