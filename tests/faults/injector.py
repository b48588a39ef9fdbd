# SPDX-License-Identifier: Apache-2.0
"""A disk that fails: every call by which the writers touch it is counted, and the n-th one raises, or cuts the power."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest

from core import files

CALLS = ("open", "fsync", "replace", "unlink", "rename", "stat", "scandir", "fdopen")
POWER_CUT = 77
"""The exit code of a process that ended in the middle of a write."""


class Disk:
    """Counts calls. `fail_at` is the call that fails (1 is the first), `for_ever` lets all later ones fail as well."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int = errno.ENOSPC) -> None:
        self.number = number
        self.calls: list[str] = []
        self.fail_at = 0
        self.for_ever = False
        self.cut = False
        for name in CALLS:
            patch.setattr(files.os, name, self._counted(name, getattr(os, name)))
        # pathlib keeps no names of its own: its methods call os.replace, os.unlink and os.stat above.

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self._count(name)
            made = real(*given, **named)
            return _Stream(made, self) if name == "fdopen" else made

        return call

    def _count(self, name: str) -> None:
        self.calls.append(name)
        at = len(self.calls)
        if self.fail_at and (at == self.fail_at or (self.for_ever and at > self.fail_at)):
            if self.cut:
                os._exit(POWER_CUT)
            raise OSError(self.number, os.strerror(self.number))


class _Stream:
    """A file whose write and flush may fail as well: the disk may be full only there. Half of the bytes are written then."""

    def __init__(self, stream: Any, disk: Disk) -> None:
        self._stream, self._disk = stream, disk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, data: bytes) -> int:
        self._stream.write(data[: len(data) // 2])
        self._disk._count("write")
        self._stream.write(data[len(data) // 2 :])
        return len(data)

    def flush(self) -> None:
        self._stream.flush()
        self._disk._count("flush")

    def fileno(self) -> int:
        return int(self._stream.fileno())


def calls_of(patch: pytest.MonkeyPatch, work: Callable[[], object]) -> list[str]:
    """Every call that `work` makes when nothing fails."""
    with patch.context() as inner:
        disk = Disk(inner)
        work()
    return disk.calls


def listing(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, files beside included."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def cut_at(patch: pytest.MonkeyPatch, number: int, work: Callable[[], object]) -> bool:
    """Do `work` in a copy of this process that ends at once at call `number`; whether it got that far."""
    child = os.fork()
    if child == 0:  # nothing of the parent's runs here after the cut: no handler, no clean-up, no flush
        try:
            disk = Disk(patch)
            disk.fail_at, disk.cut = number, True
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == POWER_CUT
