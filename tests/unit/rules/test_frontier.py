# SPDX-License-Identifier: Apache-2.0
"""Laws with a line for very large models: whose training counts, what size settles, and what a large developer owes."""

import datetime
from typing import Any

import pytest

from core.domain.finding import Finding, Outcome
from core.rules.case import Case
from core.rules.frontier import Frontier, frontier_line, judge_frontier, reached
from core.rules.us_california import SB_53
from core.rules.us_new_york import RAISE
from core.texts import text
from core.units import distance
from tests.unit.rules.cases import TODAY, release

LINE = 10**26
OVER = LINE + 1
IN_2027 = datetime.date(2027, 1, 1)
OWN: dict[str, Any] = {"origin": "from_scratch"}
TUNE: dict[str, Any] = {"origin": "fine_tune"}
NO, YES, OPEN = Outcome.DOES_NOT_APPLY, Outcome.APPLIES, Outcome.UNCERTAIN


def asked(law: Frontier, case: Case) -> tuple[Outcome, str]:
    return reached(case, law, frontier_line(case, law))


@pytest.mark.parametrize(
    ("law", "own", "base", "total", "said", "expected"),
    [
        (SB_53, LINE, None, None, OWN, (NO, "below")),
        (SB_53, OVER, None, None, OWN, (YES, "over")),
        (SB_53, OVER, None, None, OWN | {"narrow_task": True}, (NO, "narrow")),
        (SB_53, OVER, None, None, OWN | {"narrow_task": False}, (YES, "over")),
        # only New York asks whether it is offered there, and leaves its colleges out
        (SB_53, OVER, None, None, OWN | {"offered_in_california": False}, (YES, "over")),
        (RAISE, OVER, None, None, OWN | {"offered_in_new_york": False}, (NO, "not_offered")),
        (RAISE, OVER, None, None, OWN | {"offered_in_california": False}, (YES, "over")),
        (RAISE, OVER, None, None, OWN | {"ny_college_research": True}, (NO, "college")),
        (SB_53, OVER, None, None, OWN | {"ny_college_research": True}, (YES, "over")),
        (RAISE, OVER, None, None, OWN | {"developer_kind": "university"}, (OPEN, "university")),
        (SB_53, OVER, None, None, OWN | {"developer_kind": "university"}, (YES, "over")),
        (RAISE, OVER, None, None, OWN | {"developer_kind": "company"}, (YES, "over")),
        (
            *(RAISE, OVER, None, None),
            OWN | {"developer_kind": "university", "ny_college_research": False},
            (YES, "over"),
        ),
        # a base over the line, or both together: open; the own training over it: settled
        (SB_53, 1, LINE, None, TUNE, (OPEN, "inherited")),
        (SB_53, LINE, 1, None, TUNE, (OPEN, "inherited")),
        (SB_53, OVER, 1, None, TUNE, (YES, "over")),
        (SB_53, 1, LINE - 1, None, TUNE, (NO, "below")),
        (SB_53, None, None, OVER, OWN, (YES, "over")),
        (SB_53, None, None, OVER, TUNE, (OPEN, "inherited")),
        (SB_53, None, None, None, OWN, (OPEN, "unknown")),
        (SB_53, None, None, None, TUNE, (OPEN, "unknown")),
    ],
)
def test_whether_the_line_decides(
    law: Frontier,
    own: int | None,
    base: int | None,
    total: int | None,
    said: dict[str, Any],
    expected: tuple[Outcome, str],
) -> None:
    assert asked(law, release(own, base, total=total, **said)) == expected


def without_the_sum(own: int | None, **said: Any) -> Case:
    """The base's training is not known, so nobody knows the sum."""
    case = release(own, **said)
    unknown = case.footprint.accounts.replace(cumulative=None)
    return Case(case.known, case.footprint.replace(accounts=unknown), case.rules)


@pytest.mark.parametrize(
    ("own", "said", "expected"),
    [
        (LINE, TUNE, (OPEN, "base_unknown")),
        (OVER, TUNE, (YES, "over")),
        (LINE, OWN, (OPEN, "unknown")),
        (OVER, OWN, (YES, "over")),
        (None, TUNE, (OPEN, "unknown")),
    ],
)
def test_an_unknown_sum(own: int | None, said: dict[str, Any], expected: tuple[Outcome, str]) -> None:
    assert asked(SB_53, without_the_sum(own, **said)) == expected


def test_a_model_too_small_for_the_line() -> None:
    assert asked(SB_53, release(parameters=16_666_666_666, **TUNE)) == (NO, "too_small")
    assert asked(SB_53, release(parameters=16_666_666_667, **TUNE)) == (OPEN, "unknown")


def found(law: Frontier, case: Case) -> Finding:
    return judge_frontier(case, law, frontier_line(case, law))


def results(finding: Finding) -> list[str]:
    return [step.result for step in finding.because]


SMALL_FIRM = ["22757.12(c)", "22757.13", "22757.12(e)"]


@pytest.mark.parametrize(
    ("revenue", "codes", "name", "inputs"),
    [
        (None, SMALL_FIRM, "revenue_unknown", ""),
        (500_000_000, SMALL_FIRM, "not_large", "USD 500,000,000"),
        (500_000_001, [*SMALL_FIRM, "22757.12(a)", "22757.12(d)"], "large", "USD 500,000,001"),
    ],
)
def test_what_a_frontier_developer_owes(
    revenue: int | None, codes: list[str], name: str, inputs: str
) -> None:
    finding = found(SB_53, release(2 * LINE, annual_revenue_usd=revenue, **OWN))
    assert [duty.code for duty in finding.duties] == codes
    assert [duty.text for duty in finding.duties] == [text(f"rules_us.sb53.duty.{code}") for code in codes]
    last = finding.because[-1]
    assert (last.value, last.inputs) == ("> USD 500,000,000", inputs)
    assert last.result == text(f"rules_us.step.{name}.result")
    assert finding.would_change == ("" if revenue else text("rules_us.frontier.revenue_unknown"))
    assert finding.headline == text("rules_us.frontier.over.headline", name="California SB 53")
    assert finding.why == text("rules_us.frontier.over.why", distance="about 2 times over the line")
    assert finding.todo == text("rules_us.frontier.over.todo")
    assert finding.other_reading == ""
    assert finding.matters
    assert len(finding.sources) == 4


def test_below_the_line_nothing_is_owed() -> None:
    finding = found(SB_53, release(LINE // 2, **OWN))
    assert finding.duties == ()
    assert (finding.todo, finding.other_reading, finding.matters) == ("", "", False)
    assert finding.would_change == text("rules_us.frontier.would_change")
    assert finding.why == text("rules_us.frontier.below.why", distance=distance(LINE // 2, LINE))
    assert len(finding.because) == 1
    assert len(finding.sources) == 1
    small = found(SB_53, release(parameters=1, **OWN))
    assert text("rules_us.step.too_small.result") in results(small)
    assert small.would_change == text("rules_us.frontier.would_change")
    narrow = found(SB_53, release(OVER, narrow_task=True, **OWN))
    assert narrow.would_change == text("rules_us.frontier.would_change")
    assert found(RAISE, release(OVER, offered_in_new_york=False, **OWN)).would_change == ""


def test_an_open_case_shows_both_readings() -> None:
    finding = found(SB_53, release(1, OVER, **TUNE))
    assert finding.outcome is OPEN
    assert finding.other_reading == text("rules_us.frontier.inherited.other")
    assert finding.todo == text("rules_us.frontier.inherited.todo")
    assert finding.duties == ()
    assert finding.matters
    assert len(finding.sources) == 4


@pytest.mark.parametrize(
    ("day", "own", "outcome", "steps"),
    [
        (TODAY, OVER, Outcome.NOT_YET, 3),
        (TODAY, LINE, NO, 2),
        (IN_2027, OVER, YES, 2),
        (IN_2027, LINE, NO, 1),
    ],
)
def test_the_raise_act_before_and_after_it_starts(
    day: datetime.date, own: int, outcome: Outcome, steps: int
) -> None:
    """The line, the day while it has not come, and the revenue where something is owed."""
    finding = found(RAISE, release(own, on=day, **OWN))
    assert finding.outcome is outcome
    assert finding.applies_from == IN_2027
    assert len(finding.because) == steps
    assert bool(finding.duties) is (own == OVER)
    name = "New York RAISE Act"
    headline = {
        Outcome.NOT_YET: text("rules_us.frontier.not_yet.headline", name=name, day="1 January 2027"),
        YES: text("rules_us.frontier.over.headline", name=name),
        NO: text("rules_us.frontier.below.headline", name=name),
    }
    assert finding.headline == headline[outcome]
    assert (text("rules_us.step.not_yet.result") in results(finding)) is (day == TODAY)
