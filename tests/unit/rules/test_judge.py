# SPDX-License-Identifier: Apache-2.0
"""What every judgement has, whatever the release: reasons, sources, order, and both readings when open."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.estimate import FlopEstimate
from core.domain.finding import Outcome
from core.rules import load_rulebook
from core.rules.trace import compare, nearest_first, part_of
from tests.rules.scenario import run, scenarios

ALL = scenarios()


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: f"{one['file']}: {one['name']}")
def test_every_finding_can_be_checked(scenario: dict[str, Any]) -> None:
    judgement = run(scenario, load_rulebook())
    known = {instrument.id for instrument in load_rulebook().instruments.values()}
    assert sorted(finding.instrument for finding in judgement.findings) == sorted(known)
    assert judgement.findings[0].instrument == "eu-ai-act-gpai"
    matters = [finding.matters for finding in judgement.findings]
    assert matters == sorted(matters, reverse=True), "what matters comes first"
    for finding in judgement.findings:
        assert finding.headline
        assert finding.why
        assert finding.because, finding.instrument
        assert all(step.rule and step.result for step in finding.because)
        assert finding.sources
        assert all(source.locator and source.checked_on for source in finding.sources)
        if all(source.read_in for source in finding.sources):
            assert "copies" in finding.caveat
        if finding.outcome is Outcome.UNCERTAIN:
            assert finding.other_reading
            assert finding.todo
        if finding.outcome in (Outcome.DOES_NOT_APPLY, Outcome.HISTORY_ONLY):
            assert finding.duties == ()
            assert finding.instrument == "eu-ai-act-gpai" or not finding.matters
        if finding.outcome is Outcome.HISTORY_ONLY:
            assert not finding.todo, "history never asks for anything"
        if finding.outcome is Outcome.APPLIES and finding.duties:
            assert finding.matters, finding.instrument
            assert finding.todo, finding.instrument
    assert len({line.id for line in judgement.lines}) == len(judgement.lines)


def test_lines_come_nearest_first() -> None:
    scenario = next(
        one for one in ALL if one["name"] == "A home LoRA on an 8B base" and one["file"].startswith("eu")
    )
    lines = run(scenario, load_rulebook()).lines
    away = [Fraction(line.value, line.model_value or 1) for line in lines]
    assert away == sorted(away)
    assert lines[0].id == "eu.systemic_presumption"
    assert not next(line for line in lines if line.id == "us_federal.eo_14110").in_force
    assert nearest_first(lines[::-1]) == lines


@given(
    value=st.integers(min_value=1, max_value=10**27),
    top=st.integers(min_value=1, max_value=9),
    bottom=st.integers(min_value=1, max_value=9),
    number=st.integers(min_value=0, max_value=10**27),
)
def test_a_share_of_a_line_compares_exactly(value: int, top: int, bottom: int, number: int) -> None:
    """The whole number put in place of v × share gives the same answer as the fraction, for every operator."""
    share = Fraction(top, bottom)
    for operator, truth in (
        (">", number > value * share),
        (">=", number >= value * share),
        ("<", number < value * share),
        ("<=", number <= value * share),
    ):
        line = part_of(value, share, operator)
        assert {">": number > line, ">=": number >= line, "<": number < line, "<=": number <= line}[
            operator
        ] == truth


def _line(low: int, central: int, high: int, value: int = 1000) -> Any:
    return compare(
        name="x",
        label="x",
        value=value,
        operator=">",
        account="direct",
        estimate=FlopEstimate(low=low, central=central, high=high, method="t"),
        margin=Fraction(30, 100),
    )


@pytest.mark.parametrize(
    ("low", "central", "high", "straddles"),
    [
        (100, 200, 999, False),
        (100, 200, 1000, False),  # the upper end is not over a strict line
        (100, 200, 1001, True),
        (699, 699, 699, False),
        (700, 700, 700, True),
        (1300, 1300, 1300, True),
        (1301, 1301, 1301, False),
        (1000, 5000, 9000, True),  # the lower end is not over it
        (1001, 5000, 9000, False),
    ],
)
def test_near_a_line(low: int, central: int, high: int, straddles: bool) -> None:
    assert _line(low, central, high).straddles is straddles


def test_an_unknown_number_crosses_nothing_and_says_so() -> None:
    line = compare(
        name="x", label="x", value=10, operator=">", account="own", estimate=None, margin=Fraction(3, 10)
    )
    assert line.crossed is None
    assert line.model_value is None
    assert not line.straddles


def test_the_same_release_is_judged_by_the_rules_of_its_day() -> None:
    scenario = next(one for one in ALL if one["name"] == "Large company, the first day")
    book = load_rulebook()
    outcomes = {
        day: next(
            f.outcome for f in run(scenario | {"day": day}, book).findings if f.instrument == "us-ny-raise"
        )
        for day in (datetime.date(2026, 12, 31), datetime.date(2027, 1, 1))
    }
    assert list(outcomes.values()) == [Outcome.NOT_YET, Outcome.APPLIES]
