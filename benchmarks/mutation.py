# SPDX-License-Identifier: Apache-2.0
"""How many small changes of the code do the tests notice? A random sample, with the interval its size allows.

    nice .venv/bin/python benchmarks/mutation.py --package core/compute --count 150 --seed 1 --json /tmp/found.json
    nice .venv/bin/python benchmarks/mutation.py --package core/compute --again /tmp/found.json

Works in a throw-away copy of the tree, so sources here are never touched. First each test file runs alone on the copy
and it is noted which lines of the package each of its tests runs (`--map FILE` keeps that for the next time). Then each
mutant (benchmarks/mutants.py) meets the tests that run its statement, those of the package itself first (`_TESTS`) and
then the other files of tests/unit, up to the first failure; then the rest of the files of the package's own tests that
reach it, since what is kept in memory hides a line from all tests but the first. Tests beyond `--seconds` are left out,
the slowest first. A run that hangs for much longer than the tests took counts as noticed. `--again` tries only the
survivors of an earlier run: for the one who writes tests for them.

Mutants that change nothing anybody could see ("equivalent") count against the share, like all that survive, unless
benchmarks/equivalent.txt names them with the reason; those are told apart and printed too.
Needs fork (Linux, macOS). The exit code is 1 when the share is under `--least`.
"""

from __future__ import annotations

import argparse
import compileall
import importlib
import json
import math
import os
import py_compile
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mutants import Mutant, mutants_of
from mutation_runs import ROOT, Tested, digest, forked

_TESTS = {
    "core/compute": ["tests/unit/compute", "tests/unit/test_annex_a3.py"],
    "core/rules": ["tests/unit/rules", "tests/rules", "tests/unit/test_recheck.py"],
}
_OTHERS = ["tests/unit"]
_EQUIVALENT = ROOT / "benchmarks" / "equivalent.txt"
_PATIENCE, _GRACE = 6.0, 20.0
"""A mutant may take so many times as long as its tests, and so many seconds more (a busy machine), before it is stopped."""


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
    parser.add_argument("--seconds", type=float, default=60.0, help="of tests that one mutant meets, at most")
    parser.add_argument("--map", type=Path, help="keep here which test runs which line")
    parser.add_argument("--again", type=Path, help="try the survivors of this earlier file only")
    given = parser.parse_args()
    if not hasattr(os, "fork"):
        parser.error("this system cannot fork")
    own = given.tests or _TESTS.get(given.package.rstrip("/"))
    if not own:
        parser.error("no tests are known for this package: name them with --tests")
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder, "tree")
        _copy(copy)
        # Byte code that is checked by the text of its source, so that a mutant is never hidden by an old file.
        compileall.compile_dir(
            copy / "core", quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH
        )
        return _run(given, copy, own, [] if given.tests else _OTHERS)


def _run(given: argparse.Namespace, copy: Path, own: list[str], others: list[str]) -> int:
    chosen = _chosen(given, copy)
    if not chosen:
        print("nothing to change here")
        return 2
    tested = _tested(copy, given, own, others)
    equal = _equivalent()
    survivors: list[Mutant] = []
    by_own = 0
    for number, mutant in enumerate(chosen, 1):
        started = time.monotonic()
        how = _try(copy, mutant, tested, given.seconds)
        by_own += how in ("noticed", "hung")
        if how.startswith(("survived", "no test")):
            survivors.append(mutant)
        print(f"{number}/{len(chosen)} {how} {time.monotonic() - started:.0f} s {mutant}", flush=True)
        if given.json:
            given.json.write_text(json.dumps([one._asdict() for one in survivors], indent=1), "utf-8")
    noticed = len(chosen) - len(survivors)
    same = [one for one in survivors if one.name in equal]
    low, high = wilson(noticed, len(chosen))
    print(
        f"\n{noticed} of {len(chosen)} noticed = {noticed / len(chosen):.1%} (95 %: {low:.1%} to {high:.1%})"
    )
    print(f"{by_own} of them by the package's own tests")
    if same:
        print(f"without the {len(same)} that change nothing: {noticed / (len(chosen) - len(same)):.1%}")
    for one in survivors:
        print(f"  {one}" + (f"  [equivalent: {equal[one.name]}]" if one in same else ""))
    return int(noticed / len(chosen) < given.least)


def _equivalent() -> dict[str, str]:
    """Mutants that are proved to change nothing: name → reason."""
    rows = _EQUIVALENT.read_text("utf-8").splitlines()
    pairs = [row.rpartition(" # ") for row in rows if row and not row.startswith("#")]
    return {name.strip(): reason.strip() for name, _, reason in pairs}


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


def _tested(copy: Path, given: argparse.Namespace, own: list[str], others: list[str]) -> list[Tested]:
    """Run each test file once on the unchanged copy, or take from the kept map what was run on the same text."""
    kept = json.loads(given.map.read_text("utf-8")) if given.map and given.map.exists() else {}
    code = digest(sorted((copy / "core").rglob("*.py")))
    first = {str(file) for place in own for file in _test_files(copy, place)}
    second = {str(file) for place in others for file in _test_files(copy, place)} - first
    found = []
    for file in sorted(first) + sorted(second):
        key = f"{file} {given.package} {code} {digest([copy / file])}"
        if key not in kept:
            note = copy / "seen.json"
            started = time.monotonic()
            how = forked(copy, [file], 900.0, note=note, package=given.package)
            if how != 0:
                # On a busy machine a test of time may fail. Such a file can prove nothing here, so it is left out.
                print(f"{file}: left out, it fails before anything is changed ({how})", flush=True)
                print((copy / "log").read_text("utf-8")[-2000:], flush=True)
                continue
            kept[key] = json.loads(note.read_text("utf-8"))
            print(f"{file}: {time.monotonic() - started:.1f} s", flush=True)
            if given.map:
                given.map.write_text(json.dumps(kept), "utf-8")
        for name, (seconds, lines) in kept[key].items():
            seen = {place: frozenset(numbers) for place, numbers in lines.items()}
            found.append(Tested(name, seconds, file in first, seen))
    return found


def _try(copy: Path, mutant: Mutant, tested: list[Tested], most: float) -> str:
    place = copy / mutant.file
    source = place.read_bytes()
    place.write_bytes(mutant.apply(source))
    how, cut = "no test", False
    spent = 0.0
    try:
        for batch in _batches(mutant, tested):
            run = [one for one in batch if (spent := spent + one.seconds) <= most]
            cut |= len(run) < len(batch)
            if not run:
                continue
            files = list(dict.fromkeys(one.file for one in run))
            limit = _GRACE + _PATIENCE * sum(one.seconds for one in run)
            code = forked(copy, files, limit, only=[one.id for one in run])
            if code != 0:
                kind = "hung" if code is None else "noticed"
                return kind if batch[0].own else f"{kind} by others"
            how = "survived"
    finally:
        place.write_bytes(source)
    return f"{how}, slow tests left out" if cut else how


def _batches(mutant: Mutant, tested: list[Tested]) -> Iterator[list[Tested]]:
    """The tests that can see it, a few files at a time: each further file costs its loading."""
    lines = set(range(mutant.first, mutant.last + 1))
    whole_file = not mutant.function
    seeing = [
        one
        for one in tested
        if (here := one.lines.get(mutant.file)) is not None and (whole_file or not lines.isdisjoint(here))
    ]
    beside = {one.file for one in seeing if one.own}
    rest = [one for one in tested if one.file in beside and one not in seeing]
    for group in ([one for one in seeing if one.own], [one for one in seeing if not one.own], rest):
        files: dict[str, list[Tested]] = {}
        for one in sorted(group, key=lambda one: one.seconds):
            files.setdefault(one.file, []).append(one)
        # A file whose few quick tests see it is most likely the one that is about it.
        order = sorted(files.values(), key=lambda some: sum(one.seconds for one in some))
        for start, end in ((0, 3), (3, 9), (9, None)):
            if batch := [one for some in order[start:end] for one in some]:
                yield sorted(batch, key=lambda one: one.seconds)


_LOADED = (
    "docx hypothesis jinja2 markdown_it pydantic._internal._validators pydantic.fields pydantic.types yaml"
)
"""Once, for all children; pydantic in full, because it does not load well behind Qt's import hook."""

if __name__ == "__main__":
    for library in _LOADED.split():
        importlib.import_module(library)
    raise SystemExit(main())
