# SPDX-License-Identifier: Apache-2.0
"""The installed size beside a bare PySide6 window that was frozen by the same build."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.pairs import MIB, ROOT, Growth, Row

COMMAND = "make build; make build ARGS=hello; make bench"


def rows(_peers: Path | None, _quick: bool) -> Iterator[Row]:
    """Sizes of what lies in dist/; a line that says so where nothing was built."""
    ours, bare = ROOT / "dist" / "weighbridge", ROOT / "dist" / "hello"
    built = ours.is_dir() and bare.is_dir()
    for what, measure in (("installed size", _size), ("compressed size (tar.xz)", _packed)):
        name = f"{what}, beside a frozen bare PySide6 window"
        if not built:
            yield Row("bundle", name, "not built in this run", "at most 1.25 times", None, COMMAND)
            continue
        mine, other = measure(ours), measure(bare)
        ratio = mine / other
        yield Row(
            "bundle",
            name,
            f"{ratio:.2f} times ({mine / MIB:.1f} and {other / MIB:.1f} MiB)",
            "at most 1.25 times",
            ratio <= 1.25,
            COMMAND,
        )


def growth(_quick: bool) -> Iterator[Growth]:
    """Nothing grows here."""
    yield from ()


def _size(folder: Path) -> int:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files)


def _packed(folder: Path) -> int:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:xz") as packed:
        packed.add(folder, arcname=folder.name)
    return held.tell()
