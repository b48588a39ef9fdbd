# SPDX-License-Identifier: Apache-2.0
"""Lists the files of a folder: bounded, never out of it, never blocking, cancellable."""

import os
import stat
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import Cancelled
from core.scan.names import ending, shown
from core.scan.refusal import refuse
from core.scan.types import Entry, ScanProgress
from core.texts import text

MAX_ENTRIES = 200_000
MAX_DEPTH = 32
SKIPPED_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", "node_modules", "venv", ".venv", "env", "__pycache__", "site-packages",
        ".cache", ".idea", ".vscode", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox",
        "__MACOSX", ".Trash",
    }
)  # fmt: skip
_REPORT_EVERY = 500


@dataclass
class Tree:
    """What a walk saw. `ignored` counts entries that were left alone; `notes` says which and why."""

    entries: list[Entry] = field(default_factory=list)
    seen: int = 0
    ignored: int = 0
    complete: bool = True
    notes: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


def walk(
    root: Path,
    *,
    depth: int = MAX_DEPTH,
    progress: Callable[[ScanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    max_entries: int = MAX_ENTRIES,
) -> Tree:
    """List the regular files under `root` (already resolved), in the order of their names, folder by folder.

    Symbolic links are followed only to regular files inside the root, or inside the model's own cache folder
    (`models--owner--name/blobs`). Raises CannotRead when the root cannot be listed, Cancelled when stopped.
    """
    walker = _Walker(root, depth, max_entries, progress, cancelled)
    walker.run()
    return walker.finish()


class _Walker:
    def __init__(
        self,
        root: Path,
        depth: int,
        max_entries: int,
        progress: Callable[[ScanProgress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.root, self.depth, self.max_entries = root, depth, max_entries
        self.progress, self.cancelled = progress, cancelled
        self.inside = allowed_roots(root)
        self.tree = Tree()
        self.skipped: Counter[str] = Counter()
        self.links = self.special = self.unlisted = self.deep = 0

    def run(self) -> None:
        # Breadth first: when the limit cuts the walk short, the files nearest to the root were seen.
        level: list[tuple[str, str]] = [(str(self.root), "")]
        for depth in range(self.depth + 1):
            deeper: list[tuple[str, str]] = []
            for path, relative in level:
                deeper.extend(self._folder(path, relative))
                if not self.tree.complete:
                    return
            if depth == self.depth:
                self.deep = len(deeper)
            level = deeper

    def _folder(self, path: str, relative: str) -> list[tuple[str, str]]:
        folders: list[tuple[str, str]] = []
        try:
            with os.scandir(path) as listing:
                found = []
                for item in listing:
                    found.append(item)
                    if len(found) + self.tree.seen > self.max_entries:
                        break
        except OSError as error:
            if not relative:
                raise refuse("folder.unreadable", reason=reason(error)) from error
            self.unlisted += 1
            return folders
        for item in sorted(found, key=lambda item: item.name):
            self._tick(relative)
            if self.tree.seen >= self.max_entries:
                self.tree.complete = False
                break
            self.tree.seen += 1
            label = f"{relative}/{shown(item.name)}" if relative else shown(item.name)
            if self._is_folder(item):
                if item.name in SKIPPED_FOLDERS:
                    self.skipped[shown(item.name)] += 1
                    self.tree.ignored += 1
                else:
                    folders.append((item.path, label))
                continue
            self._file(item, relative, label)
        return folders

    def _is_folder(self, item: os.DirEntry[str]) -> bool:
        try:
            # A junction (Windows, Python 3.12 on) is a link to a folder: it is not entered.
            junction = getattr(item, "is_junction", None)
            return item.is_dir(follow_symlinks=False) and not (junction is not None and junction())
        except OSError:
            return False

    def _file(self, item: os.DirEntry[str], relative: str, label: str) -> None:
        try:
            real = Path(item.path)
            if item.is_symlink():
                real = real.resolve(strict=True)
                if not any(real.is_relative_to(root) for root in self.inside) or not real.is_file():
                    self.links += 1
                    self.tree.ignored += 1
                    return
            status = real.lstat()
        except (OSError, RuntimeError, ValueError):
            self.links += 1
            self.tree.ignored += 1
            return
        if not stat.S_ISREG(status.st_mode):
            self.special += 1
            self.tree.ignored += 1
            return
        self.tree.kinds[ending(item.name)] += 1
        self.tree.entries.append(
            Entry(path=label, folder=relative, name=shown(item.name), real=real, size=status.st_size)
        )

    def _tick(self, relative: str) -> None:
        if self.tree.seen % _REPORT_EVERY:
            return
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(text("scan.cancelled"))
        if self.progress is not None:
            self.progress(ScanProgress(self.tree.seen, relative))

    def finish(self) -> Tree:
        notes = self.tree.notes
        if not self.tree.complete:
            notes.append(text("scan.walk.too_many", limit=f"{self.max_entries:,}"))
        if self.deep and self.depth:
            self.tree.complete = False
            notes.append(text("scan.walk.too_deep", limit=self.depth))
        if self.skipped:
            notes.append(text("scan.walk.skipped", names=", ".join(sorted(self.skipped))))
        if self.links:
            notes.append(text("scan.walk.links", count=self.links))
        if self.special:
            notes.append(text("scan.walk.special", count=self.special))
        if self.unlisted:
            self.tree.complete = False
            notes.append(text("scan.walk.unlisted", count=self.unlisted))
        return self.tree


def allowed_roots(root: Path) -> tuple[Path, ...]:
    """Folders a link may lead into: the root, and the cache folder `models--…` around a snapshot of the hub cache."""
    for folder in root.parents:
        if folder.name.startswith("models--") and root.relative_to(folder).parts[0] == "snapshots":
            return (root, folder)
    return (root,)


def reason(error: OSError) -> str:
    """Why the system refused, in its own words but without a path."""
    return (error.strerror or type(error).__name__).rstrip(".")
