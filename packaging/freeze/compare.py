# SPDX-License-Identifier: Apache-2.0
"""Two builds held against each other, file by file, and the sizes of the app against the yardstick.

    python3 packaging/dev.py build --compare    build the commit twice, elsewhere and later, and compare every file
    python3 packaging/dev.py build --sizes      dist/weighbridge against dist/hello: installed and packed

Standard library only.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import environment

BAR = 1.25
Seen = dict[str, tuple[str, str]]


def compare(root: Path) -> int:
    """Build the commit in two folders of different names, at different times; returns 0 when no file differs."""
    with tempfile.TemporaryDirectory(prefix="weighbridge-twice-") as folder:
        trees = [Path(folder, name) for name in ("one", "another-folder/with a longer name")]
        for tree in trees:
            _check_out(root, tree)
            for step in (["build"], ["deb", "--quick"] if sys.platform.startswith("linux") else []):
                _build(tree, step)
        problems = differences(*(listing(tree / "dist") for tree in trees))
        count = len(listing(trees[0] / "dist"))
    for line in problems:
        print(line)
    print(f"{count} files in each of two builds; {len(problems)} differ.")
    return 1 if problems else 0


def listing(folder: Path) -> Seen:
    """Each path under `folder` → (kind and mode, digest of its bytes or target of the link)."""
    found: Seen = {}
    for place in sorted(folder.rglob("*")):
        name = place.relative_to(folder).as_posix()
        mode = f"{place.lstat().st_mode:o}"
        if place.is_symlink():
            found[name] = (mode, f"link to {place.readlink()}")
        elif place.is_file():
            found[name] = (mode, hashlib.sha256(place.read_bytes()).hexdigest())
        else:
            found[name] = (mode, "folder")
    return found


def differences(one: Seen, other: Seen) -> list[str]:
    """A line for each path that only one has, or whose mode or bytes differ."""
    lines = []
    for name in sorted(set(one) | set(other)):
        if name not in one or name not in other:
            lines.append(f"only in the {'second' if name not in one else 'first'}: {name}")
        elif one[name] != other[name]:
            what = "mode" if one[name][0] != other[name][0] else "bytes"
            lines.append(f"{what} differ: {name}")
    return lines


def sizes(root: Path) -> int:
    """Print installed and packed size of app and yardstick; returns 1 when a ratio is over the bar."""
    app, hello = (root / "dist" / name for name in ("weighbridge", "hello"))
    for folder in (app, hello):
        if not folder.is_dir():
            raise environment.SetupError(f"{folder} is missing; first: python3 packaging/dev.py build hello")
    failed = False
    for what, measure, unit in (("installed", _installed, 2**20), ("packed (tar, xz -9)", _packed, 10**6)):
        ours, theirs = measure(app), measure(hello)
        ratio = ours / theirs
        failed |= ratio > BAR
        name = "MiB" if unit == 2**20 else "MB"
        print(f"{what}: {ours / unit:.1f} against {theirs / unit:.1f} {name} = {ratio:.3f} (bar {BAR})")
    return int(failed)


def _installed(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _packed(folder: Path) -> int:
    """Bytes of a tar of `folder`, compressed as the .deb is; names in order, no owner, no time."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.add(folder, ".", filter=_plain)
    return len(lzma.compress(made.getvalue(), preset=9))


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def _check_out(root: Path, tree: Path) -> None:
    """The commit's own files, without what lies around in the working folder."""
    tree.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", "--local", str(root), str(tree)], check=True)


def _build(tree: Path, step: list[str]) -> None:
    if not step:
        return
    # Another folder for temporary files each time: its name must not get into what is built.
    scratch = tree / "scratch"
    scratch.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "packaging/dev.py", *step],
        cwd=tree,
        env=os.environ | {"TMPDIR": str(scratch)},
        check=False,
    )
    shutil.rmtree(scratch, ignore_errors=True)
    if done.returncode != 0:
        raise environment.SetupError(f"The build in {tree} stopped.")
