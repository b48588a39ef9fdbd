# SPDX-License-Identifier: Apache-2.0
"""The layer walls: the contracts of pyproject.toml hold, and the core runs where there is no Qt."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

from tests.health.tree import ROOT, python_files

HEAVY = ("PySide6", "shiboken6", "torch", "numpy", "transformers", "huggingface_hub", "gui")
# A fresh process: this one has Qt loaded by pytest-qt.
_IMPORT_ALL = """
import importlib, json, sys
for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
print(json.dumps(sorted(sys.modules)))
"""


def _core_modules() -> list[str]:
    modules = []
    for file in python_files("core"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        if parts[-1] != "__main__":  # importing it would start the program
            modules.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return modules


def test_core_imports_alone() -> None:
    """Every core module can be imported in one fresh process, and none brings Qt or a model library along."""
    command = [sys.executable, "-W", "error", "-c", _IMPORT_ALL, json.dumps(_core_modules())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    loaded = {module.partition(".")[0] for module in json.loads(done.stdout)}
    assert loaded.intersection(HEAVY) == set()


def test_import_contracts() -> None:
    """import-linter keeps the contracts of pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_window_does_not_wait_for_the_enums_of_qt() -> None:
    """PySide makes the hundred enums of `Qt` when the name is first imported: a tenth of the start, measured as pairs by
    benchmarks/start_window.py. What is loaded before the first paint imports it inside its functions."""
    quick = "main_window first ground language quick settings start stylesheet theme tokens words".split()
    code = "import json, sys; " + "; ".join(f"import gui.{name}" for name in quick)
    code += "; print(json.dumps(sorted(one for one in sys.modules if one.startswith('gui.'))))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    for module in json.loads(done.stdout):
        path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
        tree = ast.parse(path.read_text("utf-8") if path.exists() else "")
        taken = {
            one.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module == "PySide6.QtCore"
            for one in node.names
        }
        assert "Qt" not in taken, module
