# SPDX-License-Identifier: Apache-2.0
"""How many small changes of the code do the tests notice? A random sample, with the interval its size allows.

    nice .venv/bin/python benchmarks/mutation.py --package core/compute --count 150 --seed 1 --json /tmp/found.json
    nice .venv/bin/python benchmarks/mutation.py --package core/compute --again /tmp/found.json

Works in a throw-away copy of the tree, so sources here are never touched. First each test file runs alone on the copy
and it is noted which functions of the package it enters; then each mutant (benchmarks/mutants.py) meets the test files
that enter its function, quickest first, up to the first failure. A run that hangs for much longer than the tests took
counts as noticed. `--again` tries only the survivors of an earlier run: for the one who writes tests for them. Needs
fork (Linux, macOS). The exit code is 1 when the share is under `--least`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import pytest  # noqa: E402
from mutants import Mutant, mutants_of  # noqa: E402

_TESTS = {
    "core/compute": ["tests/unit/compute", "tests/unit/test_annex_a3.py"],
    "core/rules": ["tests/unit/rules", "tests/rules", "tests/unit/test_recheck.py"],
}
_PATIENCE, _GRACE = 6.0, 20.0
"""A mutant may take so many times as long as its tests, and so many seconds more (a busy machine), before it is stopped."""


class Tested(NamedTuple):
    """One test file: how long it takes, and (file, first line) of what it enters in the package."""

    file: str
    seconds: float
    entered: frozenset[tuple[str, int]]


def main() -> int:
    """Read the command line, run, print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--package", default="core/compute", help="folder or file whose code is changed")
    parser.add_argument("--without", action="append", default=[], help="leave out files under this path")
    parser.add_argument(
        "--tests", nargs="*", help="test files or folders; known for core/compute and core/rules"
    )
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=0.85, help="share that must be noticed")
    parser.add_argument("--json", type=Path, help="write what was found here")
    parser.add_argument("--again", type=Path, help="try the survivors of this earlier file only")
    given = parser.parse_args()
    if not hasattr(os, "fork"):
        parser.error("this system cannot fork")
    tests = given.tests or _TESTS.get(given.package.rstrip("/"))
    if not tests:
        parser.error("no tests are known for this package: name them with --tests")
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder, "tree")
        _copy(copy)
        return _run(given, copy, tests)


def _run(given: argparse.Namespace, copy: Path, tests: list[str]) -> int:
    chosen = _chosen(given, copy)
    if not chosen:
        print("nothing to change here")
        return 2
    files = sorted({str(file) for place in tests for file in _test_files(copy, place)})
    tested = sorted(_tested(copy, given.package, files), key=lambda one: one.seconds)
    survivors: list[Mutant] = []
    for number, mutant in enumerate(chosen, 1):
        started = time.monotonic()
        how = _try(copy, mutant, tested)
        if how in ("survived", "no test"):
            survivors.append(mutant)
        print(f"{number}/{len(chosen)} {how} {time.monotonic() - started:.0f} s {mutant}", flush=True)
        if given.json:
            given.json.write_text(json.dumps([one._asdict() for one in survivors], indent=1), "utf-8")
    noticed = len(chosen) - len(survivors)
    low, high = wilson(noticed, len(chosen))
    print(
        f"\n{noticed} of {len(chosen)} noticed = {noticed / len(chosen):.1%} (95 %: {low:.1%} to {high:.1%})"
    )
    for one in survivors:
        print(f"  {one}")
    return int(noticed / len(chosen) < given.least)


def _chosen(given: argparse.Namespace, copy: Path) -> list[Mutant]:
    place = copy / given.package
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    without = tuple(copy / one for one in given.without)
    files = [file for file in files if not any(file.is_relative_to(one) for one in without)]
    every = [mutant for file in files for mutant in mutants_of(copy, file)]
    if given.again:
        # Lines move between two runs: the same change that is nearest to the old line is the one.
        found = []
        for one in json.loads(given.again.read_text("utf-8")):
            same = [
                m
                for m in every
                if (m.file, m.kind, m.old, m.new) == (one["file"], one["kind"], one["old"], one["new"])
            ]
            found += sorted(same, key=lambda m: abs(m.start - one["start"]))[:1]
        return found
    print(f"{len(every)} mutants in {len(files)} files; seed {given.seed}", flush=True)
    return random.Random(given.seed).sample(every, min(given.count, len(every)))


def wilson(hits: int, number: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval for a share (E. B. Wilson, 1927): right for small samples and shares near one too."""
    share, grown = hits / number, 1 + z * z / number
    middle = (share + z * z / (2 * number)) / grown
    half = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number)) / grown
    return middle - half, middle + half


def _copy(copy: Path) -> None:
    """The files git knows, with uncommitted changes."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)


def _test_files(copy: Path, place: str) -> list[Path]:
    found = copy / place
    files = found.rglob("test_*.py") if found.is_dir() else [found]
    return [file.relative_to(copy) for file in files]


def _tested(copy: Path, package: str, files: list[str]) -> list[Tested]:
    """Run each test file once on the unchanged copy."""
    found = []
    for file in files:
        note = copy / "entered.json"
        started = time.monotonic()
        how = _forked(copy, [file], 600.0, note)
        if how != 0:
            # On a busy machine a test of time may fail. Such a file can prove nothing here, so it is left out.
            print(f"{file}: left out, it fails before anything is changed ({how})", flush=True)
            print((copy / "log").read_text("utf-8")[-2000:], flush=True)
            continue
        entered = frozenset((name, line) for name, line in json.loads(note.read_text("utf-8")))
        seconds = time.monotonic() - started
        if any(name.startswith(package) for name, _ in entered):
            found.append(Tested(file, seconds, entered))
        print(f"{file}: {seconds:.1f} s", flush=True)
    return found


def _try(copy: Path, mutant: Mutant, tested: list[Tested]) -> str:
    if mutant.function:
        reached = [one for one in tested if (mutant.file, mutant.function) in one.entered]
    else:
        reached = [one for one in tested if any(name == mutant.file for name, _ in one.entered)]
    if not reached:
        return "no test"
    place = copy / mutant.file
    source = place.read_bytes()
    place.write_bytes(mutant.apply(source))
    try:
        limit = _GRACE + _PATIENCE * sum(one.seconds for one in reached)
        how = _forked(copy, [one.file for one in reached], limit, None)
    finally:
        place.write_bytes(source)
    if how is None:
        return "hung"
    return "survived" if how == 0 else "noticed"


def _forked(copy: Path, tests: list[str], limit: float, note: Path | None) -> int | None:
    """pytest in a child that has its libraries loaded already; the exit code, or None when it had to be stopped."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _child(copy, tests, note)
    until = time.monotonic() + limit
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _child(copy: Path, tests: list[str], note: Path | None) -> NoReturn:
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
        entered: set[tuple[str, int]] = set()
        if note is not None:
            _watch(copy, entered)
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]))
        sys.settrace(None)
        if note is not None:
            note.write_text(json.dumps(sorted(entered)), "utf-8")
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def _watch(copy: Path, entered: set[tuple[str, int]]) -> None:
    """Note each function that is entered. One call for each call: line by line would take ten times as long."""
    start = f"{copy}{os.sep}core{os.sep}"
    cut = len(f"{copy}{os.sep}")

    def trace(frame: FrameType, _event: str, _argument: object) -> None:
        code = frame.f_code
        if code.co_filename.startswith(start):
            entered.add((code.co_filename[cut:].replace(os.sep, "/"), code.co_firstlineno))

    sys.settrace(trace)


if __name__ == "__main__":
    # Loaded once, for all children; pydantic in full, because it does not load well behind Qt's import hook.
    import pydantic._internal._validators
    import pydantic.fields
    import pydantic.types  # noqa: F401
    import yaml  # noqa: F401

    raise SystemExit(main())
