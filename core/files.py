# SPDX-License-Identifier: Apache-2.0
"""Reading and replacing single files so that nothing is ever half-written."""

import contextlib
import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from core.errors import CannotWrite
from core.texts import text

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_BESIDE = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{12}\.tmp", re.DOTALL)
_NAMED = 50
"""Letters of the name that a file beside keeps: a longer one could be too long for the disk."""
_OLD_S = 3600


def fingerprint(data: bytes) -> str:
    """SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder. What cannot be a path (too long, no text) is none; whoever opens it says why."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def check_folder(folder: Path) -> None:
    """Raises CannotWrite when `folder` is missing, no folder or out of reach."""
    try:
        there, as_wanted = folder.exists(), folder.is_dir()
    except OSError as error:
        raise cannot_write(folder, error) from error
    if not there:
        raise CannotWrite(
            text("documents.write.no_folder", folder=folder.name or folder),
            todo=text("documents.write.no_folder_todo"),
        )
    if not as_wanted:
        raise CannotWrite(
            text("documents.write.not_a_folder", folder=folder.name or folder),
            todo=text("documents.write.not_a_folder_todo"),
        )


def read_target(target: Path) -> bytes | None:
    """What stands at `target` now; None when nothing does. Raises CannotWrite for links, folders, unreadable files."""
    name = target.name
    try:
        is_link, folder = target.is_symlink(), target.is_dir()
        if not is_link and not folder:
            return target.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotWrite(
            text("documents.write.cannot_compare", name=name),
            why=error.strerror or "",
            todo=text("documents.write.cannot_compare_todo"),
        ) from error
    if is_link:
        raise CannotWrite(
            text("documents.write.link", name=name),
            why=text("documents.write.link_why"),
            todo=text("documents.write.link_todo"),
        )
    raise CannotWrite(
        text("documents.write.is_folder", name=name), todo=text("documents.write.is_folder_todo")
    )


def write_file(target: Path, data: bytes) -> None:
    """Write `data` and put it in the place of `target` in one step. Raises CannotWrite; then `target` is as before."""
    beside = write_beside(target, data)
    try:
        replace(beside, target)
    finally:
        remove(beside)
    sync_folder(target.parent)
    sweep(target.parent, [target])


def write_beside(target: Path, data: bytes) -> Path:
    """Write `data` to a new file in the folder of `target`, flushed to the disk; return its path.

    Raises CannotWrite and leaves no file when that fails.
    """
    beside = target.with_name(f".{target.name[:_NAMED]}.{secrets.token_hex(6)}.tmp")
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
    except BaseException:
        remove(beside)
        raise
    return beside


def sweep(folder: Path, targets: Iterable[Path]) -> None:
    """Remove what a power cut left of earlier writes to `targets`, all of them just written in `folder`.

    Only what is an hour older than they are: a younger one may belong to another window that is still writing.
    """
    names = {target.name[:_NAMED] for target in targets}
    with contextlib.suppress(OSError):
        now = max(target.stat().st_mtime for target in targets)
        for entry in list(os.scandir(folder)):
            ours = _BESIDE.fullmatch(entry.name)
            if ours and ours["name"] in names and now - entry.stat(follow_symlinks=False).st_mtime > _OLD_S:
                remove(Path(entry.path))


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
