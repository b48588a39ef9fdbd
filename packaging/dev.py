# SPDX-License-Identifier: Apache-2.0
"""One command for every platform: set up, run, test, lint, lock, and show the bundled example.

    python3 packaging/dev.py setup                 make .venv from the lock
    python3 packaging/dev.py run [FOLDER|PROJECT]  open the app; without a display, weigh the example instead
    python3 packaging/dev.py test [pytest options] everything that continuous integration checks
    python3 packaging/dev.py lint                  the same without pytest
    python3 packaging/dev.py bench                 measure: writes docs/accuracy.md and docs/performance.md
    python3 packaging/dev.py coverage              branch coverage of core and gui against its bars
    python3 packaging/dev.py example [--rebuild]   weigh the bundled example; --rebuild makes it anew
    python3 packaging/dev.py lock [--upgrade]      write the lock files from pyproject.toml
    python3 packaging/dev.py build [hello]         freeze the app into dist/; --compare, --sizes, --start
    python3 packaging/dev.py deb | test-deb        the Linux packages; try them in a clean Debian
    python3 packaging/dev.py test-frozen           the tests of the frozen app
    python3 packaging/dev.py test-install          pipx and uv from a checkout

Standard library only: it runs before anything is installed. On Windows: py packaging\\dev.py run
"""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import environment
import system_libraries
import try_install
from freeze import build as freezing
from linux import packages, trial

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = Path("resources", "examples", "tiny-llama-lora")
OUTPUT = Path("weighbridge-output")
BUILD_INPUT = Path("packaging", "freeze", "requirements-build.in")
COVERED = {"core": 95, "gui": 85}
"""Least branch coverage in per cent."""
_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
UV_VERSION = "0.13.9"

Step = tuple[str, list[str]]


def main(arguments: list[str]) -> int:
    """Carry out one command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = {
        "setup": setup, "run": run, "test": test, "lint": lint, "bench": bench, "coverage": coverage, "example": example, "lock": lock,
        "build": lambda rest: freezing.main(rest, ROOT), "test-frozen": test_frozen,
        "deb": lambda rest: packages.main(rest, ROOT), "test-deb": lambda rest: trial.main(rest, ROOT),
        "test-install": lambda rest: try_install.main(rest, ROOT),
    }  # fmt: skip
    parser.add_argument("command", choices=list(commands))
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…")
    chosen = parser.parse_args(arguments)
    rest: list[str] = [word for word in chosen.rest if word != "--"]
    try:
        return commands[chosen.command](rest)
    except (environment.SetupError, system_libraries.MissingLibraries) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def setup(rest: list[str]) -> int:
    """Make .venv and the system libraries for tests ready."""
    del rest
    environment.ensure(ROOT)
    system_libraries.ensure(system_libraries.needed_for_tests())
    print("Ready. Next: make run, make test (Windows: py packaging\\dev.py run, … test)")
    return 0


def run(rest: list[str]) -> int:
    """Open the window; where there is no display, do the main job in the terminal instead."""
    environment.ensure(ROOT)
    paths = [str(Path(word).resolve()) if Path(word).exists() else word for word in rest]
    if not system_libraries.has_display():
        return _without_display(paths)
    system_libraries.ensure(system_libraries.needed_for_window())
    return _python("-m", "gui", *paths)


def example(rest: list[str]) -> int:
    """Weigh the bundled example and write its documents; with --rebuild, make the example folder anew."""
    if "--rebuild" in rest:
        return _rebuild_example()
    environment.ensure(ROOT)
    return _weigh_and_write(str(EXAMPLE))


def test(rest: list[str]) -> int:
    """All checks, pytest last; every step runs, and any failure fails the command."""
    environment.ensure(ROOT)
    system_libraries.ensure(system_libraries.needed_for_tests())
    *quick, (name, slow) = _lint_steps()
    # The type checker runs beside the rest; pytest's own closing line stays the last one.
    types = subprocess.Popen(slow, cwd=ROOT, env=_environment())
    failed = _run_steps(quick)
    _announce(f"pytest, and {name} beside it")
    if _python("-m", "pytest", *_workers(), *rest, extra=_OFFSCREEN) != 0:
        failed.append("pytest")
    if types.wait() != 0:
        failed.append(name)
    return _verdict(failed)


def lint(rest: list[str]) -> int:
    """Style, types and layers, without the tests. `--fix` lets ruff repair what it can first."""
    environment.ensure(ROOT)
    if "--fix" in rest:
        _python("-m", "ruff", "check", "--fix-only", "-q", ".")
        _python("-m", "ruff", "format", "-q", ".")
    return _verdict(_run_steps(_lint_steps()))


def test_frozen(rest: list[str]) -> int:
    """Freeze this commit (an older bundle would tell nothing of it), then run tests/frozen, which `make test` skips."""
    environment.ensure(ROOT)
    freezing.main([], ROOT)
    return _python("-m", "pytest", "tests/frozen", *rest, extra=_OFFSCREEN)


def bench(rest: list[str]) -> int:
    """Measure again: docs/accuracy.md from its table, docs/performance.md from this machine (`--peers PYTHON`, `--only`)."""
    environment.ensure(ROOT)
    system_libraries.ensure(system_libraries.needed_for_tests())
    hidden = {} if system_libraries.has_display() else {"QT_QPA_PLATFORM": "offscreen"}
    failed = [
        _python(
            str(Path("benchmarks", f"{name}.py")),
            *options,
            "--write",
            str(Path("docs", f"{name}.md")),
            extra=hidden,
        )
        for name, options in (("accuracy", []), ("performance", rest))
    ]
    # What README.md tells of both pages.
    return max(*failed, _python(str(Path("packaging", "figures.py"))))


def coverage(rest: list[str]) -> int:
    """Branch coverage of core and gui by the whole suite (or what pytest options choose), against the bars."""
    environment.ensure(ROOT)
    system_libraries.ensure(system_libraries.needed_for_tests())
    _announce("pytest under coverage")
    failed = ["pytest"] if _python("-m", "coverage", "run", "-m", "pytest", *rest, extra=_OFFSCREEN) else []
    for place, least in COVERED.items():
        _announce(f"coverage of {place}, at least {least} %")
        only = ["--include", f"{place}/*", "--fail-under", str(least)]
        if _python("-m", "coverage", "report", "--skip-covered", "--sort", "cover", *only) != 0:
            failed.append(f"coverage of {place}")
    return _verdict(failed)


def lock(rest: list[str]) -> int:
    """Resolve pyproject.toml into the two lock files, for every platform and with hashes, without addresses."""
    options = ["--upgrade"] if "--upgrade" in rest else []
    with tempfile.TemporaryDirectory() as folder:
        tool = environment.throw_away(Path(folder) / "uv", [f"uv=={UV_VERSION}"])
        compile_lock = [
            *(str(tool), "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
            *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", *options),
        ]
        jobs = (
            ["pyproject.toml", "-o", "requirements.lock"],
            ["pyproject.toml", "--extra", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock"],
            [str(BUILD_INPUT), "-c", "requirements.lock", "-o", str(BUILD_INPUT.with_suffix(".lock"))],
        )
        for job in jobs:
            result = subprocess.run([*compile_lock, *job], cwd=ROOT, check=False)
            if result.returncode != 0:
                return result.returncode
    return 0


def _workers() -> list[str]:
    """One test process per core, two at least; options given on the command line come later and win (-n 0)."""
    return ["-n", str(max(2, os.cpu_count() or 2)), "--dist", "worksteal"]


def _lint_steps() -> list[Step]:
    python = str(environment.python_of(ROOT))
    checked = [name for name in ("core", "gui") if (ROOT / name).is_dir()]
    return [
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("import layers", [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"]),
        ("mypy --strict", [python, "-m", "mypy", "--strict", *checked]),
    ]


def _run_steps(steps: list[Step]) -> list[str]:
    """Run each step whatever the others did; returns the names of those that failed."""
    failed = []
    for name, command in steps:
        _announce(name)
        if subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode != 0:
            failed.append(name)
    return failed


def _announce(name: str) -> bool:
    print(f"── {name}", flush=True)
    return False


def _verdict(failed: list[str]) -> int:
    # Silent when all went well, so that pytest's own closing line stays the last one.
    if failed:
        print("FAILED: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


def _without_display(paths: list[str]) -> int:
    print("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.")
    print("Doing the main job in the terminal instead.\n", flush=True)
    code = _weigh_and_write(paths[0] if paths else str(EXAMPLE))
    print("\nTo open the window: run the same command in a desktop session, or on a virtual display:")
    print("    xvfb-run -a make run        (Debian package: xvfb)")
    return code


def _weigh_and_write(path: str) -> int:
    today = datetime.date.today().isoformat()  # noqa: DTZ011 - the user's own calendar day is meant
    print(f"weighbridge weigh {path} --on {today}\n", flush=True)
    weighed = _python("-m", "core.cli", "weigh", path, "--on", today)
    # This folder is ours, so a second run may replace what the first one wrote; the differences are shown all the same.
    print(f"\nweighbridge write {path} --on {today} --out {OUTPUT} --replace\n", flush=True)
    written = _python("-m", "core.cli", "write", path, "--on", today, "--out", str(OUTPUT), "--replace")
    return weighed or written


def _rebuild_example() -> int:
    folder = Path(tempfile.gettempdir()) / "weighbridge-example-venv"
    requirements = ROOT / "packaging" / "example-requirements.txt"
    tool = environment.throw_away(folder, ["-r", str(requirements)])
    script = ROOT / "packaging" / "make_example.py"
    return subprocess.run([str(tool), str(script)], cwd=ROOT, check=False).returncode


def _python(*words: str, extra: dict[str, str] | None = None) -> int:
    command = [str(environment.python_of(ROOT)), *words]
    return subprocess.run(command, cwd=ROOT, env=_environment() | (extra or {}), check=False).returncode


def _environment() -> dict[str, str]:
    """The caller's environment without what would mix another Python's modules into ours."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH"}}
    return kept | {"PYTHONUTF8": "1"}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
