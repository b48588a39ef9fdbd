# SPDX-License-Identifier: Apache-2.0
"""How many small changes of the code do the tests notice? A random sample, with the interval its size allows.

    nice .venv/bin/python benchmarks/mutation.py --package core/compute --count 150 --seed 1 --json /tmp/found.json
    nice .venv/bin/python benchmarks/mutation.py --package core/compute --again /tmp/found.json

Works in a throw-away copy of the tree, so sources here are never touched. First each test runs once and it is noted which
lines of the package it runs (`--map FILE` keeps that for the next time). Then each mutant (benchmarks/mutants.py) meets
the tests that run its statement, those of the package itself first (`_TESTS`) and then some that show
its results (`_OTHERS`), up to the first failure. Tests beyond `--seconds` are left out, the slowest first. A run that takes far more than the tests took
counts as noticed. `--again` tries only the survivors of an earlier run: for the one who writes tests for them.

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
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mutants import Mutant, mutants_of
from mutation_runs import ROOT, Fresh, Loaded, Tested, digest, enter

_TESTS = {
    "core/compute": ["tests/unit/compute", "tests/unit/test_annex_a3.py"],
    "core/rules": ["tests/unit/rules", "tests/rules", "tests/unit/test_recheck.py"],
}
_OTHERS = [
    *("tests/unit/cli", "tests/unit/documents/test_golden.py", "tests/unit/documents/test_applies.py"),
    *("tests/unit/documents/test_record.py", "tests/unit/test_annex_a3.py", "tests/unit/test_review.py"),
]
_EQUIVALENT = ROOT / "benchmarks" / "equivalent.txt"


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
    first = {str(file) for place in own for file in _test_files(copy, place)}
    second = {str(file) for place in others for file in _test_files(copy, place)} - first
    files = [*sorted(first), *sorted(second)]
    out = os.fdopen(os.dup(1), "w", buffering=1)
    trials: dict[Mutant, str] = {}
    fresh = Fresh(copy)

    def work(loaded: Loaded) -> None:
        tested = _tested(copy, given, first, files, loaded)
        print(f"{len(tested)} tests", file=out)
        for number, mutant in enumerate(chosen, 1):
            started = time.monotonic()
            trials[mutant] = how = _try(copy, mutant, tested, given.seconds, loaded, fresh)
            print(f"{number}/{len(chosen)} {how} {time.monotonic() - started:.1f} s {mutant}", file=out)
            if given.json:
                left = [one._asdict() for one in chosen if _survived(trials.get(one, ""))]
                given.json.write_text(json.dumps(left, indent=1), "utf-8")

    enter(copy)
    Loaded(copy, given.package.rstrip("/"), work).start(files)
    return _report(trials, given.least, out) if trials else 2


def _survived(how: str) -> bool:
    return how.startswith(("survived", "no test"))


def _report(trials: dict[Mutant, str], least: float, out: TextIO) -> int:
    equal = _equivalent()
    survivors = [one for one, how in trials.items() if _survived(how)]
    noticed, number = len(trials) - len(survivors), len(trials)
    same = [one for one in survivors if one.name in equal]
    low, high = wilson(noticed, number)
    by_own = sum(how in ("noticed", "hung") for how in trials.values())
    print(
        f"\n{noticed} of {number} noticed = {noticed / number:.1%} (95 %: {low:.1%} to {high:.1%})", file=out
    )
    print(f"{by_own} of them by the package's own tests", file=out)
    if same:
        print(f"without the {len(same)} that change nothing: {noticed / (number - len(same)):.1%}", file=out)
    for one in survivors:
        why = f"  [equivalent: {equal[one.name]}]" if one in same else ""
        print(f"  {trials[one]} {one}{why}", file=out)
    return int(noticed / number < least)


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


def _tested(
    copy: Path, given: argparse.Namespace, own: set[str], files: list[str], loaded: Loaded
) -> list[Tested]:
    """Run every test once on the unchanged copy, or take from the kept map what was seen with the same text."""
    place = copy / given.package
    code = digest(sorted(place.rglob("*.py")) if place.is_dir() else [place])
    kept = json.loads(given.map.read_text("utf-8")) if given.map and given.map.exists() else {}
    kept = {file: one for file, one in kept.items() if one["code"] == code}
    keys = {file: digest([copy / file]) for file in files}
    new = [file for file, key in keys.items() if kept.get(file, {}).get("key") != key]
    seen = loaded.seen(new) if new else {}
    for file in new:
        tests = {name: one for name, one in seen.items() if name.partition("::")[0] == file}
        kept[file] = {"code": code, "key": keys[file], "tests": tests}
    if given.map:
        given.map.write_text(json.dumps(kept), "utf-8")
    return [
        Tested(name, seconds, file in own, {one: frozenset(some) for one, some in lines.items()})
        for file in files
        for name, (seconds, lines) in kept[file]["tests"].items()
    ]


def _try(copy: Path, mutant: Mutant, tested: list[Tested], most: float, loaded: Loaded, fresh: Fresh) -> str:
    at_load = not mutant.function or mutant.line < mutant.body
    ran = loaded.early.get(mutant.file, frozenset())
    early = not ran.isdisjoint(range(mutant.first, mutant.last + 1))
    chosen, cut = _seeing(mutant, tested, most)
    place = copy / mutant.file
    source = place.read_bytes()
    changed = mutant.apply(source)
    place.write_bytes(changed)
    try:
        for own in (True, False):
            ids = [one.id for one in chosen if one.own is own]
            if not ids:
                continue
            seconds = sum(one.seconds for one in chosen if one.own is own)
            code = 99 if at_load else loaded.run(mutant, changed, ids, seconds, forget=early)
            if code == 99 or (code == 0 and early):
                code = fresh.run(ids, seconds)
            if code != 0:
                return ("hung" if code is None else "noticed") + ("" if own else " by others")
    finally:
        place.write_bytes(source)
    if not chosen:
        return "no test"
    return "survived, slow tests left out" if cut else "survived"


def _seeing(mutant: Mutant, tested: list[Tested], most: float) -> tuple[list[Tested], bool]:
    """The tests that can see it, its own and the quickest first, in `most` seconds; and whether some are left out."""
    lines = range(mutant.first, mutant.last + 1)
    seeing = [
        one
        for one in tested
        if (here := one.lines.get(mutant.file)) is not None
        and (not mutant.function or not here.isdisjoint(lines))
    ]
    chosen, spent = [], 0.0
    for one in sorted(seeing, key=lambda one: (not one.own, one.seconds)):
        spent += one.seconds
        if spent <= most or not chosen:
            chosen.append(one)
    return chosen, len(chosen) < len(seeing)


_LOADED = (
    "docx hypothesis jinja2 markdown_it pydantic._internal._validators pydantic.fields pydantic.types yaml"
)
"""Once, for all children; pydantic in full, because it does not load well behind Qt's import hook."""

if __name__ == "__main__":
    for library in _LOADED.split():
        importlib.import_module(library)
    raise SystemExit(main())
