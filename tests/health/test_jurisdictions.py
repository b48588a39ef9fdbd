# SPDX-License-Identifier: Apache-2.0
"""One name for a jurisdiction in code, data and tests: core/rules/NAME.py, resources/rules/NAME/, tests/rules/NAME*."""

from __future__ import annotations

from tests.health.tree import ROOT

CODE = ROOT / "core" / "rules"
DATA = ROOT / "resources" / "rules"
TESTS = ROOT / "tests" / "rules"


def _jurisdictions() -> list[str]:
    if not DATA.is_dir():
        return []
    return sorted(place.name for place in DATA.iterdir() if place.is_dir() and any(place.rglob("*.yaml")))


def test_each_jurisdiction_has_code() -> None:
    """Data without logic would be shown nowhere."""
    code = {place.stem for place in CODE.rglob("*.py")} | {place.name for place in CODE.glob("*/")}
    assert [name for name in _jurisdictions() if name not in code] == []


def test_each_jurisdiction_has_scenarios() -> None:
    """A rule without a scenario that a lawyer can read is not finished."""
    scenarios = [place.relative_to(TESTS).as_posix() for place in TESTS.rglob("*.y*ml")]
    assert [name for name in _jurisdictions() if not any(path.startswith(name) for path in scenarios)] == []


def test_each_scenario_names_a_jurisdiction() -> None:
    """A scenario file that matches none was probably left behind by a renaming."""
    known = (*_jurisdictions(), "all", "shared", "annex", "cross")
    scenarios = [place.relative_to(TESTS).as_posix() for place in TESTS.rglob("*.y*ml")]
    assert [path for path in scenarios if not path.startswith(known)] == []
