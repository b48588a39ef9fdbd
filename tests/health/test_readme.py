# SPDX-License-Identifier: Apache-2.0
"""The front door: its figures are those that were measured, its pictures and links are there, its commands exist."""

from __future__ import annotations

import importlib
import re
from types import ModuleType

import pytest

from core.cli.main import COMMANDS
from tests.health.tree import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("figures")


def test_the_figures_are_those_that_were_measured(figures: ModuleType) -> None:
    """`python packaging/figures.py` writes them anew."""
    assert figures.filled(README) == README
    names = [*figures.ACCURACY.values(), *figures.QUICK.values()]
    assert [name for name in names if name not in figures.figures()] == [], "a row was renamed"


def test_no_measured_figure_stands_outside_the_marks(figures: ModuleType) -> None:
    """One that was typed would go stale. Dates, versions and names have their digits."""
    before, _, rest = README.partition(figures.FIRST)
    words = re.sub(
        r"`[^`]*`|```.*?```|\]\([^)]*\)|<[^>]*>", "", before + rest.partition(figures.LAST)[2], flags=re.S
    )
    assert re.findall(r"\b\d[\d,.]*\s?(?:%|ms|s\b|MB|MiB|times|FLOP|instruments|laws|models)", words) == []


def test_pictures_and_links_are_there() -> None:
    inside = re.findall(r"\]\(([^)#:]+)\)|(?:src|srcset)=\"([^\":]+)\"", README)
    paths = [one or other for one, other in inside]
    assert len(paths) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_command_is_shown() -> None:
    assert [name for name in COMMANDS if f"weighbridge {name}" not in README] == []
