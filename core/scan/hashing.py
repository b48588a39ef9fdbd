# SPDX-License-Identifier: Apache-2.0
"""SHA-256 of whole files, on request: two forms ask for it. Nothing else reads a file from end to end."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from core.errors import Cancelled, CannotRead
from core.scan.guarded import OPEN_FLAGS, no_placeholder
from core.scan.names import shown
from core.scan.refusal import refuse
from core.scan.walk import reason
from core.texts import text

_CHUNK = 4 << 20


@dataclass(frozen=True, slots=True)
class HashProgress:
    """Bytes read so far and in all, over all files, and the name of the file at hand."""

    done: int
    total: int
    current: str


@dataclass(frozen=True, slots=True)
class FileHash:
    """One file. `sha256` is 64 small hexadecimal letters; empty when `trouble` (what, why, todo) says why not."""

    path: Path
    size: int
    sha256: str
    trouble: tuple[str, str, str] | None = None


def hash_files(
    paths: Iterable[Path],
    progress: Callable[[HashProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[FileHash, ...]:
    """SHA-256 of each file, in the order given; each is read once, 4 MB at a time.

    A file that is missing, no plain file, a git-lfs placeholder, or that changes while it is read has a trouble in
    place of its hash. Raises Cancelled when `cancelled` says so.
    """
    listed = list(paths)
    total = sum(_size(path) for path in listed)
    found: list[FileHash] = []
    before = 0

    def tick(done: int, path: Path) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled(text("scan.cancelled"))
        if progress is not None:
            progress(HashProgress(min(before + done, total), total, shown(path.name)))

    for path in listed:
        size = _size(path)
        try:
            found.append(_one(path, tick))
        except CannotRead as trouble:
            found.append(FileHash(path, size, "", (trouble.what, trouble.why, trouble.todo)))
        before += size
        tick(0, path)
    return tuple(found)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _one(path: Path, tick: Callable[[int, Path], None]) -> FileHash:
    try:
        # A link of the hub's cache leads to a file named otherwise; the last step itself may be no link.
        handle = os.open(path.resolve(strict=True), OPEN_FLAGS)
        with os.fdopen(handle, "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise refuse("file.not_regular")
            digest, done = hashlib.sha256(), 0
            while block := file.read(_CHUNK):
                if not done:
                    no_placeholder(block[:400])
                digest.update(block)
                done += len(block)
                tick(done, path)
            after = os.fstat(file.fileno())
    except (OSError, RuntimeError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "the path cannot be followed"
        raise refuse("file.closed", reason=why) from error
    if (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns) or done != after.st_size:
        raise refuse("hash.changed", of="scan_files")
    return FileHash(path, done, digest.hexdigest())
