# SPDX-License-Identifier: Apache-2.0
"""The monkey's cage: while it is at work nothing outside its folder is written or listed, and no dialog of the system opens."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

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
