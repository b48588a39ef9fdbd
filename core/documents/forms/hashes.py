# SPDX-License-Identifier: Apache-2.0
"""SHA-256 of weight files, for a form that wants to know which model it describes."""

import functools
import hashlib
from pathlib import Path

MOST_BYTES = 400_000_000
"""More than this is not read while somebody waits; then the form asks for the digest."""


def weight_hashes(folder: Path | None, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(file name, digest) of each of `names` in `folder`; empty when one is missing, a link, or all are too large."""
    if folder is None or not names:
        return ()
    paths = [folder / name for name in names]
    try:
        if any(path.is_symlink() or not path.is_file() for path in paths):
            return ()
        stats = [path.stat() for path in paths]
        if sum(one.st_size for one in stats) > MOST_BYTES:
            return ()
        return tuple(
            (path.name, _digest(path, one.st_size, one.st_mtime_ns))
            for path, one in zip(paths, stats, strict=True)
        )
    except OSError:
        return ()


@functools.lru_cache(maxsize=64)
def _digest(path: Path, size: int, changed_ns: int) -> str:
    """The digest of a file as it was at that size and time."""
    del size, changed_ns
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
