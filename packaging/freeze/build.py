# SPDX-License-Identifier: Apache-2.0
"""Freeze the app: a clean environment from the build lock, PyInstaller, trimming, licences, a list of what is inside.

    python packaging/freeze/build.py [--hello] [--full-icu]     writes build/dist/weighbridge (or build/dist/hello)

Standard library only. The same commit, Python and system give the same files (SOURCE_DATE_EPOCH is the commit's date).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "packaging"), str(ROOT / "packaging" / "linux")]

import contents  # noqa: E402
import environment  # noqa: E402
import icu  # noqa: E402

LOCK = ROOT / "requirements-build.lock"
DIST = ROOT / "build" / "dist"


def main(arguments: list[str]) -> int:
    """Build; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hello", action="store_true", help="the bare window the app is measured against")
    parser.add_argument("--full-icu", action="store_true", help="leave Qt's ICU data as it is")
    chosen = parser.parse_args(arguments)
    try:
        python = build_environment()
        folder = freeze(python, hello=chosen.hello)
        finish(folder, full_icu=chosen.full_icu)
        if not chosen.hello:
            contents.write(folder, python)
    except (
        environment.SetupError,
        icu.CannotShrink,
        contents.Unowned,
        subprocess.CalledProcessError,
    ) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{folder}: {size_of(folder) / 2**20:.1f} MiB in {sum(1 for _ in files_of(folder))} files")
    return 0


def build_environment() -> Path:
    """The build's own environment under build/venv, from the lock with hashes; returns its Python."""
    python = environment.throw_away(ROOT / "build" / "venv", ["--upgrade-strategy", "only-if-needed", "pip"])
    wanted = ["--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
    quiet = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq", "install"]
    subprocess.run([*quiet, *wanted], check=True)
    # Only its metadata is used (the version); the sources come from the checkout.
    subprocess.run(
        [*quiet, "--force-reinstall", "--no-build-isolation", "--no-deps", str(ROOT)], cwd=ROOT, check=True
    )
    for left in ("lib", f"bdist.{sys.platform}-x86_64"):
        shutil.rmtree(ROOT / "build" / left, ignore_errors=True)
    return python


def freeze(python: Path, *, hello: bool) -> Path:
    """Run PyInstaller; returns the folder it wrote."""
    surroundings = {
        **{key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}},
        "SOURCE_DATE_EPOCH": commit_date(),
        "PYTHONHASHSEED": "1",
        "WEIGHBRIDGE_FREEZE": "hello" if hello else "app",
    }
    work = ROOT / "build" / "work"
    command = [str(python), "-m", "PyInstaller", "-y", "--log-level", "WARN", "--clean"]
    places = ["--distpath", str(DIST), "--workpath", str(work)]
    subprocess.run(
        [*command, *places, str(HERE / "weighbridge.spec")], cwd=ROOT, env=surroundings, check=True
    )
    return DIST / ("hello" if hello else "weighbridge")


def finish(folder: Path, *, full_icu: bool) -> None:
    """Strip and shrink on Linux; elsewhere the toolkits come stripped and use the system's ICU."""
    if not sys.platform.startswith("linux"):
        return
    if not full_icu:
        for library in folder.rglob("libicudata.so.*"):
            if not library.is_symlink():
                icu.shrink(library)
    for path in files_of(folder):
        if is_elf(path):
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=False, capture_output=True)
        path.chmod(0o755 if path.parent == folder else 0o644)
    for path in folder.rglob("*"):
        os.utime(path, (int(commit_date()),) * 2, follow_symlinks=False)


def commit_date() -> str:
    """Seconds since 1970 of the commit; SOURCE_DATE_EPOCH wins; without git the day of the licence file."""
    if os.environ.get("SOURCE_DATE_EPOCH"):
        return os.environ["SOURCE_DATE_EPOCH"]
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "1796083200"


def is_elf(path: Path) -> bool:
    """Whether the file is a Linux program or library. The bootloader keeps its appended archive only unstripped."""
    if path.parent == DIST / "weighbridge" or path.parent == DIST / "hello":
        return False
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def files_of(folder: Path) -> list[Path]:
    """Every file of the folder that is no link."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


def size_of(folder: Path) -> int:
    """Bytes of all its files."""
    return sum(path.stat().st_size for path in files_of(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
