# SPDX-License-Identifier: Apache-2.0
"""Reading and replacing single files so that nothing is ever half-written."""

import contextlib
import errno
import hashlib
import os
import secrets
from pathlib import Path

from core.errors import CannotWrite
from core.texts import text

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


def fingerprint(data: bytes) -> str:
    """SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def check_folder(folder: Path) -> None:
    """Raises CannotWrite when `folder` is missing or no folder."""
    if not folder.exists():
        raise CannotWrite(
            text("documents.write.no_folder", folder=folder.name or folder),
            todo=text("documents.write.no_folder_todo"),
        )
    if not folder.is_dir():
        raise CannotWrite(
            text("documents.write.not_a_folder", folder=folder.name or folder),
            todo=text("documents.write.not_a_folder_todo"),
        )


def read_target(target: Path) -> bytes | None:
    """What stands at `target` now; None when nothing does. Raises CannotWrite for links, folders, unreadable files."""
    name = target.name
    if target.is_symlink():
        raise CannotWrite(
            text("documents.write.link", name=name),
            why=text("documents.write.link_why"),
            todo=text("documents.write.link_todo"),
        )
    if target.is_dir():
        raise CannotWrite(
            text("documents.write.is_folder", name=name), todo=text("documents.write.is_folder_todo")
        )
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotWrite(
            text("documents.write.cannot_compare", name=name),
            why=error.strerror or "",
            todo=text("documents.write.cannot_compare_todo"),
        ) from error


def write_beside(target: Path, data: bytes) -> Path:
    """Write `data` to a new file in the folder of `target`, flushed to the disk; return its path.

    Raises CannotWrite and leaves no file when that fails.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        remove(beside)
        raise cannot_write(target, error) from error
    return beside


def replace(beside: Path, target: Path) -> None:
    """Put the finished file in the place of `target` in one step. Raises CannotWrite; then `target` is as before."""
    try:
        beside.replace(target)
    except OSError as error:
        raise cannot_write(target, error) from error


def sync_folder(folder: Path) -> None:
    """Make the new names last through a power cut, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path) -> None:
    """Remove a file of ours if it is there."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def cannot_write(target: Path, error: OSError) -> CannotWrite:
    """An operating system's error in plain words."""
    kind = "read_only" if error.errno in _DENIED else "full" if error.errno in _FULL else ""
    return CannotWrite(
        text("documents.write.failed", name=target.name),
        why=text(f"documents.write.{kind}_why") if kind else f"{error.strerror or error}.",
        todo=text(f"documents.write.{kind or 'other'}_todo"),
    )
