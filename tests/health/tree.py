# SPDX-License-Identifier: Apache-2.0
"""The project's own files, for tests about the house itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_PLACES = ("core", "gui", "resources", "packaging", "tests", "docs", "benchmarks")
_NOT_OURS = {"__pycache__", "fixtures", "golden", "examples", "build", "dist"}


def python_files(*places: str) -> list[Path]:
    """Hand-written Python files under `places` (folders of the root; all of ours if none is named)."""
    files = []
    for place in places or _PLACES:
        for file in sorted((ROOT / place).rglob("*.py")):
            inside = file.relative_to(ROOT).parts
            if not _NOT_OURS.intersection(inside):
                files.append(file)
    return files


def name(file: Path) -> str:
    """A file's path as people write it."""
    return file.relative_to(ROOT).as_posix()


def calls(file: Path) -> Iterator[tuple[int, str]]:
    """Each call in a file: its line, and what is called, dotted ("datetime.now", "print")."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)
