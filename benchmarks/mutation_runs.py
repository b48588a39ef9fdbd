# SPDX-License-Identifier: Apache-2.0
"""For benchmarks/mutation.py: the tests, loaded once, run again and again in forked children.

Loading the code and the tests takes seconds, a few tests take milliseconds. So one process loads all, and for each mutant
a child puts the changed code in place of the function's old one and runs the tests that matter (`Loaded`). What is worked
out while a file is loaded cannot be changed that way: there the tests run in a process that loads anew (`Fresh`).
"""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple, NoReturn

import coverage
import pytest
from mutants import Mutant

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ("-q", "-p", "no:cacheprovider", "--timeout=0", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""The parent looks after the time; and some libraries are loaded before pytest."""
TOO_SLOW = ("test_a_changed_rule_is_noticed",)
"""Tests that run all others again with changed data."""
PATIENCE, GRACE = 6.0, 10
"""A mutant may take so many times the processor time of its tests, and so many seconds more, before it is stopped."""
LONGEST = 600.0
"""Seconds by the clock, for what waits without working."""
MEMORY = 4 * 2**30
"""Bytes: a mutant that gathers without end fails here, not when the machine is full."""


class Tested(NamedTuple):
    """One test: its processor time, whether it is one of the package's own, and the lines it runs, by file."""

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


def enter(copy: Path) -> None:
    """Make `copy` the tree whose code is loaded."""
    os.chdir(copy)
    ours = (ROOT, ROOT / "benchmarks")
    sys.path[:] = [str(copy), *(one for one in sys.path if Path(one or ".").resolve() not in ours)]
    sys.dont_write_bytecode = True


def in_child(work: Callable[[], int], seconds: float, log: Path, longest: float = LONGEST) -> int | None:
    """The exit code of `work` in a forked child; None when it had to be stopped (far more than `seconds`)."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _child(work, seconds, log)
    until = time.monotonic() + longest
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return None if code in (-signal.SIGXCPU, -signal.SIGKILL) else code
        time.sleep(0.005)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _child(work: Callable[[], int], seconds: float, log: Path) -> NoReturn:
    code = 70
    try:
        os.setpgid(0, 0)
        used = int(time.process_time())
        most = used + GRACE + int(PATIENCE * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        code = work()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class Fresh:
    """A process with the libraries loaded and none of our code: its children load all of it from the disk."""

    def __init__(self, copy: Path) -> None:
        to_server, self._write = os.pipe()
        self._read, from_server = os.pipe()
        if os.fork() == 0:
            try:
                os.close(self._write)
                os.close(self._read)
                self._serve(copy, to_server, from_server)
            finally:
                os._exit(0)
        os.close(to_server)
        os.close(from_server)
        self._answers = os.fdopen(self._read)

    @staticmethod
    def _serve(copy: Path, read: int, write: int) -> None:
        enter(copy)
        for line in os.fdopen(read):
            ids, seconds = json.loads(line)
            files = list(dict.fromkeys(one.partition("::")[0] for one in ids))
            words = ["-x", *OPTIONS, f"--basetemp={copy / 'fresh'}", *files]
            run = functools.partial(pytest.main, words, plugins=[_Only(ids)])
            code = in_child(lambda run=run: int(run()), seconds + 5 + len(files), copy / "log")
            os.write(write, f"{json.dumps(code)}\n".encode())

    def run(self, ids: list[str], seconds: float) -> int | None:
        """The exit code of these tests; None when they had to be stopped."""
        os.write(self._write, f"{json.dumps([ids, seconds])}\n".encode())
        code: int | None = json.loads(self._answers.readline())
        return code


class _Only:
    """Runs these tests, in this order."""

    def __init__(self, ids: list[str]) -> None:
        self._place = {id: number for number, id in enumerate(ids)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what was asked for."""
        wanted = [one for one in items if one.nodeid in self._place]
        items[:] = sorted(wanted, key=lambda one: self._place[one.nodeid])


class Loaded:
    """pytest with everything loaded; instead of running the tests it calls `work`."""

    def __init__(self, copy: Path, package: str, work: Callable[[Loaded], None]) -> None:
        self._copy, self._work = copy, work
        self._inside = f"{copy / package}/*" if (copy / package).is_dir() else str(copy / package)
        self._early = self._cover()
        self._items: dict[str, pytest.Item] = {}
        self._functions: dict[tuple[str, str, int], list[FunctionType]] = {}
        self._caches: list[Any] = []
        self.early: dict[str, frozenset[int]] = {}
        """Lines that ran while the files were loaded."""

    def start(self, files: list[str]) -> None:
        """Load the test files, then work."""
        self._early.start()
        pytest.main([*OPTIONS, "-s", f"--basetemp={self._copy / 'loaded'}", *files], plugins=[self])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of the run."""
        self._early.stop()
        data = self._early.get_data()
        self.early = {self._name(file): frozenset(data.lines(file) or ()) for file in data.measured_files()}
        self._session = session
        self._items = {one.nodeid: one for one in session.items if not one.name.startswith(TOO_SLOW)}
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(self._copy)):
                self._functions.setdefault(_key(one.__code__), []).append(one)
            elif isinstance(one, functools._lru_cache_wrapper) and one.__module__.startswith("core"):
                self._caches.append(one)
        gc.collect()
        gc.freeze()
        self._work(self)
        return True

    def seen(self, files: list[str]) -> dict[str, tuple[float, dict[str, list[int]]]]:
        """Test of these files → its seconds and the lines it runs; one that runs nothing of the package is left out."""
        note = self._copy / "seen.json"
        in_child(lambda: self._watch(note, set(files)), 3000.0, self._copy / "log", 7200.0)
        found: dict[str, tuple[float, dict[str, list[int]]]] = json.loads(note.read_text("utf-8"))
        return found

    def run(
        self, mutant: Mutant, source: bytes, ids: list[str], seconds: float, *, forget: bool
    ) -> int | None:
        """The exit code of these tests with the changed function; 99 when it cannot be put in place.

        `forget` what was worked out while the files were loaded, because the changed statement had a part in it.
        """
        return in_child(lambda: self._run(mutant, source, ids, forget), seconds, self._copy / "log")

    def _run(self, mutant: Mutant, source: bytes, ids: list[str], forget: bool) -> int:
        if not self._put(str(self._copy / mutant.file), mutant.function, source):
            return 99
        if forget:
            self._forget()
        return int(any(not self._passes(self._items[one]) for one in ids))

    def _passes(self, item: pytest.Item) -> bool:
        before = self._session.testsfailed
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return self._session.testsfailed == before

    def _put(self, path: str, function: int, source: bytes) -> bool:
        """Put the new code into the functions that are already there."""
        found = False
        for outer in _functions_of(compile(source, path, "exec", dont_inherit=True)):
            codes = list(_within(outer))
            if all(one.co_firstlineno != function for one in codes):
                continue
            for code in codes:
                for live in self._functions.get(_key(code), ()):
                    if live.__code__.co_freevars != code.co_freevars:
                        return False
                    live.__code__ = code
                    found = True
        return found

    def _forget(self) -> None:
        for one in self._caches:
            one.cache_clear()

    def _watch(self, note: Path, files: set[str]) -> int:
        cover, seconds, last = self._cover(), {}, ""
        cover.start()
        for id, item in self._items.items():
            if (file := id.partition("::")[0]) not in files:
                continue
            if file != last:
                last = file
                self._forget()
                print(file, file=sys.stderr, flush=True)
            cover.switch_context(id)
            started = _used()
            if self._passes(item):
                seconds[id] = _used() - started
            else:
                print(f"{id}: left out, it fails before anything is changed", file=sys.stderr)
        cover.stop()
        data = cover.get_data()
        seen: dict[str, dict[str, list[int]]] = {}
        for path in data.measured_files():
            name = self._name(path)
            for line, contexts in data.contexts_by_lineno(path).items():
                for test in contexts:
                    if test in seconds:
                        seen.setdefault(test, {}).setdefault(name, []).append(line)
        note.write_text(json.dumps({test: (seconds[test], lines) for test, lines in seen.items()}), "utf-8")
        return 0

    def _cover(self) -> coverage.Coverage:
        cover = coverage.Coverage(data_file=None, include=[self._inside], config_file=False)
        cover.set_option("run:disable_warnings", ["no-data-collected"])
        return cover

    def _name(self, path: str) -> str:
        return Path(path).resolve().relative_to(self._copy.resolve()).as_posix()


def _used() -> float:
    """Processor seconds of this process and of those it waited for."""
    return sum(os.times()[:4])


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _functions_of(code: CodeType) -> Iterator[CodeType]:
    """The outermost functions of a module, and those of its classes."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            is_function = bool(one.co_flags & 0x0001)  # CO_OPTIMIZED: a class body has it not
            yield from [one] if is_function else _functions_of(one)


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _within(one)
