# SPDX-License-Identifier: Apache-2.0
"""The project's own Python environment in .venv, made from the lock. Standard library only."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import system_libraries

OLDEST = (3, 11)
LOCK = "requirements-dev.lock"
_PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "-qq", "install"]


class SetupError(Exception):
    """The environment could not be made; the message says what to do."""


def python_of(root: Path) -> Path:
    """The interpreter inside the project's environment."""
    return _interpreter(root / ".venv")


def ensure(root: Path) -> None:
    """Make .venv as the lock says. Quick when nothing changed. Raises SetupError with what to do."""
    if sys.version_info < OLDEST:
        raise SetupError(
            f"Weighbridge needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}."
        )
    folder = root / ".venv"
    if not _works(python_of(root)):
        _make(folder)
    packages = _digest(root / LOCK)
    project = _digest(root / "pyproject.toml", *(name for name in ("core", "gui") if (root / name).is_dir()))
    if _stamp(folder, "packages") != packages:
        print(f"Installing what {LOCK} names into .venv (once; about 150 MB) …", flush=True)
        _install(python_of(root), ["--require-hashes", "--only-binary", ":all:", "-r", str(root / LOCK)])
        _write_stamp(folder, "packages", packages)
    if _stamp(folder, "project") != project:
        _install(python_of(root), ["--no-build-isolation", "--no-deps", "-e", str(root)])
        _write_stamp(folder, "project", project)


def throw_away(folder: Path, wanted: list[str]) -> Path:
    """An environment outside the project with `wanted` (pip's own words) installed; returns its interpreter."""
    if not _works(_interpreter(folder)):
        _make(folder)
    _install(_interpreter(folder), wanted)
    return _interpreter(folder)


def _interpreter(folder: Path) -> Path:
    if os.name == "nt":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def _works(python: Path) -> bool:
    """Whether the environment's interpreter starts, is new enough and has pip (a moved Python breaks it)."""
    if not python.exists():
        return False
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([str(python), "-c", probe], capture_output=True, check=False).returncode == 0


def _make(folder: Path) -> None:
    _ensure_venv_module()
    if folder.exists():
        shutil.rmtree(folder)
    print(f"Making {folder} with Python {sys.version.split()[0]} …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False)
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise SetupError(f"Python could not make {folder}; see the lines above.")


def _ensure_venv_module() -> None:
    """Debian ships Python without ensurepip; get it, or say how."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if system_libraries.may_install():
        system_libraries.apt_update()
        system_libraries.apt_install([package])
        return
    if system_libraries.is_debian_like():
        line = f"sudo apt-get update && sudo apt-get install -y {package}"
        raise SetupError(f"Python's venv module is missing. Please run:\n    {line}")
    raise SetupError("This Python has no venv and ensurepip modules; please install them, or another Python.")


def _install(python: Path, wanted: list[str]) -> None:
    if subprocess.run([str(python), *_PIP, *wanted], check=False).returncode != 0:
        raise SetupError("pip could not install everything; see the lines above. Running it again is safe.")


def _digest(file: Path, *words: str) -> str:
    """What an installed state depends on: the file, further words, and the Python in use."""
    state = hashlib.sha256(file.read_bytes())
    for word in (*words, str(sys.version_info[:2])):
        state.update(word.encode())
    return state.hexdigest()


def _stamp(folder: Path, name: str) -> str:
    try:
        return (folder / f"weighbridge-{name}").read_text(encoding="ascii")
    except OSError:
        return ""


def _write_stamp(folder: Path, name: str, digest: str) -> None:
    (folder / f"weighbridge-{name}").write_text(digest, encoding="ascii")
