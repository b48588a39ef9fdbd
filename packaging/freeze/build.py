# SPDX-License-Identifier: Apache-2.0
"""Freeze the app: a clean environment from locks with hashes, PyInstaller, then trimming. Standard library only.

The bundle is dist/weighbridge (a folder), the yardstick dist/hello. The same commit gives the same files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import environment
import system_libraries
from freeze import small_lxml

HERE = Path(__file__).resolve().parent
BUILD_LOCK = HERE / "requirements-build.lock"


def build(root: Path, what: str = "weighbridge") -> Path:
    """Freeze `what` (weighbridge or hello) into dist/; returns the folder. Raises SetupError when a step fails."""
    if sys.platform.startswith("linux"):
        # A library that is not here is not in the bundle either, and the window would not open on a plain desktop.
        system_libraries.ensure(system_libraries.OFFSCREEN | system_libraries.X11)
    python = _environment(root)
    target = root / "dist" / what
    shutil.rmtree(target, ignore_errors=True)
    work = root / "build" / f"freeze-{what}"
    work.mkdir(parents=True, exist_ok=True)
    _order(python, what, work)
    words = [
        *(
            "-X",
            "no_debug_ranges",
        ),  # columns of tracebacks: they underline source text, and none is in the bundle
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--clean",
        "--log-level",
        "WARN",
        "--distpath",
        str(root / "dist"),
    ]
    _run(root, python, *words, "--workpath", str(work), str(HERE / f"{what}.spec"))
    _run(root, python, str(HERE / "finish.py"), str(target), str(work / what))
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"dist/{what}: {size / 2**20:.1f} MiB", flush=True)
    return target


def source_date(root: Path) -> int:
    """Seconds since 1970 for every date in what is built: SOURCE_DATE_EPOCH, else the commit's own time."""
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said:
        return int(said)
    shown = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False
    )
    return int(shown.stdout.strip() or 315532800) if shown.returncode == 0 else 315532800


def _environment(root: Path) -> Path:
    """An environment for this build alone: run-time and build locks, then the project as a person would install it."""
    folder = root / "build" / "venv"
    stamp = folder / "locks"
    locks = (root / "requirements.lock").read_bytes() + BUILD_LOCK.read_bytes()
    locks += Path(small_lxml.__file__).read_bytes()
    if not stamp.is_file() or stamp.read_bytes() != locks:
        shutil.rmtree(folder, ignore_errors=True)
        hashed = ["--require-hashes", "--only-binary", ":all:"]
        environment.throw_away(folder, [*hashed, "-r", str(root / "requirements.lock")])
        environment.throw_away(folder, [*hashed, "-r", str(BUILD_LOCK)])
        stamp.write_bytes(locks)
    small = folder / "small-lxml"
    if sys.platform.startswith("linux") and not small.is_file():
        if small_lxml.rebuild(folder / "bin" / "python", root / "requirements.lock"):
            small.touch()
    # The tree is copied: setuptools would leave its own build folder and egg-info in it.
    source = root / "build" / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name in ("core", "gui", "resources"):
        shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(root / name, source / name)
    again = ["--no-build-isolation", "--no-deps", "--no-compile", "--force-reinstall", str(source)]
    return environment.throw_away(folder, again)


def _order(python: Path, what: str, work: Path) -> None:
    """Write the names of the modules that the first picture needs; the archive begins with them."""
    with tempfile.TemporaryDirectory() as home:
        own = {"QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        done = subprocess.run(
            [str(python), "-B", str(HERE / "first_modules.py"), what],
            cwd=home, env=_bare() | own, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    if done.returncode != 0 or not done.stdout:
        raise environment.SetupError(f"The first picture did not come:\n{done.stderr}")
    (work / "first-modules.txt").write_text(done.stdout, encoding="utf-8")


def _bare() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH"}}


def _run(root: Path, python: Path, *words: str) -> None:
    # Not in the project's folder: what is frozen is the installed copy, as a person would get it.
    fixed = {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(source_date(root)),
        "PYTHONUTF8": "1",
        "PYINSTALLER_CONFIG_DIR": str(root / "build" / "cache"),  # nothing of another build is used again
        # Modules lie in the archive as they are: the package around it packs them together and better than one by
        # one, and the start need not unpack them.
        "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0",
    }
    if (
        subprocess.run([str(python), *words], cwd=root / "build", env=_bare() | fixed, check=False).returncode
        != 0
    ):
        raise environment.SetupError(f"The build stopped at: {' '.join(words[:3])}")


def main(rest: list[str], root: Path) -> int:
    """`make build`; with `hello`, the yardstick too; `--compare`, `--sizes` and `--start` hold builds against each other."""
    from freeze import compare, start

    if "--compare" in rest:
        return compare.compare(root)
    if "--sizes" in rest:
        return compare.sizes(root)
    if "--start" in rest:
        return start.main(root, next((int(word) for word in rest if word.isdigit()), 11))
    if sys.version_info < environment.OLDEST:
        raise environment.SetupError("Python 3.11 or newer is needed.")
    for what in ("weighbridge", *(word for word in rest if word == "hello")):
        build(root, what)
    return 0
