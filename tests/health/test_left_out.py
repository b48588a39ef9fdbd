# SPDX-License-Identifier: Apache-2.0
"""The app works without every module that the bundle leaves out: seen here with each commit, not only where it is frozen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.health.tree import ROOT

WITHOUT = """
import importlib, importlib.abc, pkgutil, sys
sys.path[:0] = [{root!r}, {freeze!r}]
from contents import EXCLUDED_MODULES

class LeftOut(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if any(name == one or name.startswith(one + ".") for one in EXCLUDED_MODULES):
            raise ModuleNotFoundError(f"No module named {{name!r}}: the bundle leaves it out", name=name)
        return None

for name in [*sys.modules]:
    if any(name == one or name.startswith(one + ".") for one in EXCLUDED_MODULES):
        del sys.modules[name]
sys.meta_path.insert(0, LeftOut())
{body}
"""
EVERY_MODULE = """
import core, gui
for package in (core, gui):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
print("all imported")
"""
COMMANDS = """
from gui.__main__ import main
for words in {commands!r}:
    code = main(words)
    assert code in (0, 1), (words, code)
print("all done")
"""


def without(body: str, home: Path) -> str:
    """What a program prints that cannot import what the bundle leaves out."""
    program = WITHOUT.format(root=str(ROOT), freeze=str(ROOT / "packaging" / "freeze"), body=body)
    places = {"HOME": str(home), "USERPROFILE": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ | places, capture_output=True, encoding="utf-8",
        timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_every_module_is_imported(tmp_path: Path) -> None:
    assert "all imported" in without(EVERY_MODULE, tmp_path)


def test_commands_do_their_work(tmp_path: Path) -> None:
    example = str(ROOT / "resources" / "examples" / "tiny-llama-lora")
    written = str(tmp_path / "out")
    commands = [
        ["scan", example],
        ["weigh", example],
        ["write", example, "--out", written, "--as", "md,docx,pdf"],
        ["rules"],
        ["check", example],
    ]
    assert "all done" in without(COMMANDS.format(commands=commands), tmp_path)


def test_the_window_does_its_work(tmp_path: Path) -> None:
    assert "written and read back" in without(COMMANDS.format(commands=[["--smoke"]]), tmp_path)
