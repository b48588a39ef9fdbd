# SPDX-License-Identifier: Apache-2.0
"""`dev.py test-install`: `pipx install .` and `uv tool install .` from a clean checkout, each in a home of its own.

Both must give the command line and the window: a command answers, --smoke does the whole job, and a real window is
painted on a virtual X server (Linux with Xvfb; elsewhere --smoke offscreen is the proof). Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import environment
from freeze import start

PIPX, UV = "pipx==1.8.0", "uv==0.13.9"
EXAMPLE = Path("resources", "examples", "tiny-llama-lora")


def main(rest: list[str], root: Path) -> int:
    """Try both, or the one named in `rest`."""
    with tempfile.TemporaryDirectory(prefix="weighbridge-install-") as folder:
        place = Path(folder)
        source = place / "checkout"
        subprocess.run(["git", "clone", "--quiet", "--local", str(root), str(source)], check=True)
        tool = environment.throw_away(place / "tools", [PIPX, UV])
        for name in rest or ["pipx", "uv"]:
            home = place / name
            home.mkdir()
            _install(name, tool, source, home)
            _use(home / "bin" / ("weighbridge.exe" if os.name == "nt" else "weighbridge"), source, home)
            _remove(name, tool, home)
            print(f"{name}: window and command line work, and it goes again.", flush=True)
    return 0


def _install(name: str, tool: Path, source: Path, home: Path) -> None:
    words = {
        "pipx": ["-m", "pipx", "install", "--python", sys.executable, "."],
        "uv": ["-m", "uv", "tool", "install", "--quiet", "--python", sys.executable, "."],
    }[name]
    _run([str(tool), *words], source, home)
    # Nothing may lean on the checkout, and installing must not have changed it.
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=source, capture_output=True, text=True, check=True
    )
    if changed.stdout:
        raise environment.SetupError(f"{name} left files in the checkout:\n{changed.stdout}")


def _use(program: Path, source: Path, home: Path) -> None:
    example = home / "model"
    shutil.copytree(source / EXAMPLE, example)
    said = _run([str(program), "--version"], home, home)
    if not said.startswith("weighbridge 0") and "unknown" in said:
        raise environment.SetupError(f"--version said: {said}")
    if "FLOP" not in _run([str(program), "weigh", str(example), "--on", "2026-11-26"], home, home):
        raise environment.SetupError("weigh told no FLOP")
    print(_run([str(program), "--smoke"], home, home, QT_QPA_PLATFORM="offscreen"), end="")
    if sys.platform.startswith("linux") and shutil.which("Xvfb"):
        with start.server() as screen:
            print(f"first painted pixel after {start.first_pixel(program, screen, str(home)):.2f} s")


def _remove(name: str, tool: Path, home: Path) -> None:
    words = {"pipx": ["-m", "pipx", "uninstall"], "uv": ["-m", "uv", "tool", "uninstall"]}[name]
    _run([str(tool), *words, "weighbridge"], home, home)
    if list((home / "bin").glob("weighbridge*")):
        raise environment.SetupError(f"{name} left the command behind")


def _run(words: list[str], folder: Path, home: Path, **more: str) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    own = {
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"),
        "PIPX_HOME": str(home / "pipx"), "PIPX_BIN_DIR": str(home / "bin"), "PIPX_MAN_DIR": str(home / "man"),
        "UV_TOOL_DIR": str(home / "uv"), "UV_TOOL_BIN_DIR": str(home / "bin"), "UV_CACHE_DIR": str(home / "cache"),
    }  # fmt: skip
    done = subprocess.run(
        words, cwd=folder, env=kept | own | more, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise environment.SetupError(
            f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return done.stdout
