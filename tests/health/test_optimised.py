# SPDX-License-Identifier: Apache-2.0
"""The frozen app runs without asserts and docstrings: neither may do any work."""

from __future__ import annotations

import ast

import pytest

from tests.health.tree import ROOT

FILES = [path for name in ("core", "gui") for path in sorted((ROOT / name).rglob("*.py"))]


def narrows(test: ast.expr) -> bool:
    """`x is not None` or `isinstance(x, …)`: told to the type checker, nothing a person could cause."""
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], ast.IsNot) and getattr(test.comparators[0], "value", 0) is None
    return isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "isinstance"


@pytest.mark.parametrize(
    "source", ["assert number > 3", "assert read(x)", "print(main.__doc__)", "print(__doc__)"]
)
def test_the_rule_finds_work(source: str) -> None:
    assert at_work(source) == [1]


def at_work(source: str) -> list[int]:
    """The lines where an assert or a docstring does work."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if (
            (isinstance(node, ast.Assert) and not narrows(node.test))
            or (isinstance(node, ast.Attribute) and node.attr == "__doc__")
            or (isinstance(node, ast.Name) and node.id == "__doc__")
        ):
            found.append(node.lineno)
    return found


def test_asserts_and_docstrings_do_no_work() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in FILES
        if (lines := at_work(path.read_text(encoding="utf-8")))
    }
    assert found == {}
