# SPDX-License-Identifier: Apache-2.0
"""The monkey's cage: while it is at work nothing outside its folder is written or listed, and no dialog of the system opens."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import shiboken6
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

ROOT = Path(__file__).resolve().parent.parent
_only: str | None = None


def _guard(event: str, given: tuple[Any, ...]) -> None:
    """Refuse writes and listings by Python outside the monkey's folder, while it is at work."""
    if _only is None:
        return
    if event == "open" and isinstance(given[0], str):
        writes = bool(int(given[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if writes and not given[0].startswith((_only, "/dev/null")) and not given[0].endswith(".pyc"):
            raise PermissionError(13, "outside the monkey's folder", given[0])
    elif event == "os.scandir" and isinstance(given[0], str | Path):
        allowed = str(given[0]).startswith((_only, str(ROOT)))
        if not allowed:
            raise PermissionError(13, "outside the monkey's folder", str(given[0]))


sys.addaudithook(_guard)


@contextlib.contextmanager
def caged(folder: Path, path: Callable[[], str], target: Callable[[], str]) -> Iterator[None]:
    """Keep the work inside `folder`; dialogs answer with `path()` to open and `target()` to save."""
    global _only
    with contextlib.ExitStack() as stack:
        for name, answer in (
            ("getExistingDirectory", lambda *_a, **_k: path()),
            ("getOpenFileName", lambda *_a, **_k: (path(), "")),
            ("getSaveFileName", lambda *_a, **_k: (target(), "")),
        ):
            # Plain functions: a mock keeps every call, and with it the windows that asked.
            stack.enter_context(mock.patch.object(QFileDialog, name, staticmethod(answer)))
        stack.enter_context(mock.patch.object(QDesktopServices, "openUrl", staticmethod(lambda _url: True)))
        stack.enter_context(mock.patch.dict(os.environ, {"HOME": str(folder)}))
        _only = str(folder)
        try:
            yield
        finally:
            _only = None


def furnish(folder: Path) -> list[str]:
    """Put models, an empty folder and a broken project into `folder`; the paths the monkey may open."""
    example = ROOT / "resources" / "examples" / "tiny-llama-lora"
    models = [str(shutil.copytree(example, folder / f"model {number}")) for number in (1, 2)]
    (folder / "empty").mkdir()
    broken = folder / "broken.weighbridge.json"
    broken.write_text('{"format": 99}', encoding="utf-8")
    saved = folder / "saved.weighbridge.json"
    return [*models, str(folder / "empty"), str(broken), str(saved), str(folder / "missing")]


class Sample:
    """How much is in use now: resident MiB, MiB after the C library gave back what is free, Python objects, widgets."""

    def __init__(self, events: int) -> None:
        self.events = events
        self.resident = _resident_mb()
        gc.collect()
        _trim()
        self.used = _resident_mb()
        things = gc.get_objects()
        self.objects = len(things)
        # type(), not isinstance(): the latter asks foreign proxies for __class__ and may run their code.
        self.widgets = sum(1 for one in things if issubclass(type(one), QWidget) and shiboken6.isValid(one))

    def line(self) -> str:
        """One line of a table, as of `HEAD`."""
        return f"{self.events:8} {self.resident:9.1f} {self.used:9.1f} {self.objects:9} {self.widgets:8}"


HEAD = f"{'events':>8} {'resident':>9} {'in use':>9} {'objects':>9} {'widgets':>8}   (MiB, MiB after malloc_trim)"


def slope(samples: list[Sample]) -> float:
    """MiB in use that a million events more would add, by a straight line through the second half of the samples."""
    half = samples[len(samples) // 2 :]
    if len(half) < 2:
        return 0.0
    at = sum(one.events for one in half) / len(half)
    mean = sum(one.used for one in half) / len(half)
    spread = sum((one.events - at) ** 2 for one in half)
    return sum((one.events - at) * (one.used - mean) for one in half) / spread * 1e6


def _resident_mb() -> float:
    """Resident memory of this process in MiB (Linux; 0 elsewhere)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def _trim() -> None:
    """Have the C library give back what is free: what is left is in use, not only kept for later."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
