# SPDX-License-Identifier: Apache-2.0
"""Modules with short tables of lines do what they did: a traceback tells where a function begins, of our own each line."""

from __future__ import annotations

import importlib
import marshal
import traceback
from pathlib import Path
from types import CodeType, ModuleType

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


def each_line(code: CodeType) -> list[tuple[str, list[int | None]]]:
    """The line of every instruction, of all that is defined inside as well."""
    own = [(code.co_qualname, [position[0] for position in code.co_positions()])]
    return own + [found for one in code.co_consts if isinstance(one, CodeType) for found in each_line(one)]


@pytest.mark.parametrize("folder", ["core/scan", "core/compute", "gui/pages"])
def test_of_our_own_modules_no_line_is_lost(lines: ModuleType, folder: str) -> None:
    before = after = 0
    for file in sorted(Path(ROOT, folder).rglob("*.py")):
        whole = compile(file.read_text(encoding="utf-8"), str(file), "exec", optimize=2)
        short = lines.joined_lines(whole)
        assert each_line(short) == each_line(whole)
        before, after = before + len(marshal.dumps(whole)), after + len(marshal.dumps(short))
    assert after < 0.9 * before


def test_a_step_of_thousands_of_lines_and_back(lines: ModuleType) -> None:
    source = "(" + "\n" * 5000 + "first" + "\n" * 70_000 + ".second)"
    whole = compile(source, "far.py", "exec")
    assert each_line(lines.joined_lines(whole)) == each_line(whole)
    back = compile("f(\n\n\n1,\n2)", "back.py", "exec")
    assert each_line(lines.joined_lines(back)) == each_line(back)
