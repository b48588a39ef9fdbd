# SPDX-License-Identifier: Apache-2.0
"""For benchmarks/mutation.py: pytest in a child process, once to see which test runs which line, then for each mutant."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple, NoReturn

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent
_QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Libraries that the parent loaded already."""


class Tested(NamedTuple):
    """One test: how long it takes, whether it is one of the package's own, and the lines it runs, by file."""

    id: str
    seconds: float
    own: bool
    lines: dict[str, frozenset[int]]

    @property
    def file(self) -> str:
        """The test file."""
        return self.id.partition("::")[0]


def digest(files: list[Path]) -> str:
    """A short name for the text of these files."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def forked(
    copy: Path,
    files: list[str],
    limit: float,
    *,
    note: Path | None = None,
    package: str = "",
    only: list[str] | None = None,
) -> int | None:
    """pytest in a child that has its libraries loaded already; the exit code, or None when it had to be stopped."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _child(copy, files, _Watch(copy, package, note) if note else _Only(only or []))
    until = time.monotonic() + limit
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _child(copy: Path, files: list[str], plugin: _Watch | _Only) -> NoReturn:
    code = 70
    try:
        os.setpgid(0, 0)
        os.chdir(copy)
        ours = (ROOT, ROOT / "benchmarks")
        sys.path[:] = [str(copy), *(one for one in sys.path if Path(one or ".").resolve() not in ours)]
        sys.dont_write_bytecode = True
        log = os.open(copy / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *_QUIET, *files], plugins=[plugin]))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


class _Only:
    """Runs these tests, in this order."""

    def __init__(self, ids: list[str]) -> None:
        self._place = {id: number for number, id in enumerate(ids)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what was asked for."""
        items[:] = sorted(
            (one for one in items if one.nodeid in self._place), key=lambda one: self._place[one.nodeid]
        )


class _Watch:
    """Notes which lines each test runs, and how long it takes."""

    def __init__(self, copy: Path, package: str, note: Path) -> None:
        self._copy, self._note = copy, note
        inside = f"{copy / package}/*" if (copy / package).is_dir() else str(copy / package)
        self._cover = coverage.Coverage(data_file=None, include=[inside], config_file=False)
        self._cover.start()
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """What runs from here on belongs to this test, its fixtures too."""
        self._cover.switch_context(item.nodeid)
        started = time.monotonic()
        result = yield
        self._seconds[item.nodeid] = time.monotonic() - started
        return result

    def pytest_sessionfinish(self) -> None:
        """Write down what was seen; a test that runs nothing of the package is left out."""
        self._cover.stop()
        data = self._cover.get_data()
        seen: dict[str, dict[str, list[int]]] = {}
        for file in data.measured_files():
            name = Path(file).resolve().relative_to(self._copy.resolve()).as_posix()
            for line, contexts in data.contexts_by_lineno(file).items():
                for test in filter(None, contexts):
                    seen.setdefault(test, {}).setdefault(name, []).append(line)
        found = {test: (self._seconds[test], lines) for test, lines in seen.items()}
        self._note.write_text(json.dumps(found), "utf-8")
