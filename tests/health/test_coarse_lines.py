# SPDX-License-Identifier: Apache-2.0
"""Modules with coarse lines do what they did, and a traceback still tells the function and where it begins."""

from __future__ import annotations

import importlib
import marshal
import traceback
from types import ModuleType

import pytest

from tests.health.tree import ROOT

SOURCE = """
import sys


def outer(value):
    def inner():
        total = 0
        for number in range(value):
            total += number
        if value > 20:
            raise ValueError("too much", total)
        return total

    return inner()
"""


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging" / "freeze"))
    return importlib.import_module("lines")


def test_the_code_does_the_same_and_tells_where_a_function_begins(lines: ModuleType) -> None:
    whole = compile(SOURCE, "other.py", "exec", optimize=2)
    short = lines.coarse_lines(whole)
    assert len(marshal.dumps(short)) < len(marshal.dumps(whole))
    space: dict[str, object] = {}
    exec(short, space)
    outer = space["outer"]
    assert callable(outer)
    assert outer(5) == 10
    with pytest.raises(ValueError, match="too much") as caught:
        outer(30)
    told = [(one.name, one.lineno) for one in traceback.extract_tb(caught.tb)[1:]]
    assert told == [("outer", 5), ("inner", 6)]


@pytest.mark.parametrize("size", range(1, 40))
def test_the_table_covers_every_instruction(lines: ModuleType, size: int) -> None:
    code = lines.coarse_lines(compile("value = 1\n" * size, "other.py", "exec", optimize=2))
    assert {line for _, _, line in code.co_lines()} == {code.co_firstlineno}
    assert list(code.co_lines())[-1][1] == len(code.co_code)
