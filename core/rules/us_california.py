# SPDX-License-Identifier: Apache-2.0
"""California: SB 53 (frontier models), AB 2013 (statement on training data); marks on media and SB 1047 apart."""

from core.domain.finding import Duty, Finding, Line, Outcome, TraceStep
from core.rules.case import Case, Start
from core.rules.frontier import Frontier, frontier_line, judge_frontier
from core.rules.schema import Standing
from core.rules.trace import caveat, day_words, step
from core.rules.us_california_media import judge_marks
from core.rules.us_california_vetoed import judge_sb_1047
from core.texts import text

SB_53 = Frontier(
    place="us_california.sb_53",
    line_id="us_california.sb_53",
    texts="sb53",
    codes=(
        ("22757.12(c)", False),
        ("22757.13", False),
        ("22757.12(e)", False),
        ("22757.12(a)", True),
        ("22757.12(d)", True),
    ),
    offered="offered_in_california",
    definition=("definition",),
    all_sources=("definition", "report", "incidents", "fines"),
)
_AB_2013 = "us_california.ab_2013"


def judge_california(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """The findings of the laws in force and of the vetoed SB 1047, and the line of SB 53."""
    line = frontier_line(case, SB_53)
    findings = (
        _ab_2013(case),
        judge_frontier(case, SB_53, line),
        judge_marks(case),
        judge_sb_1047(case),
    )
    return findings, (line,)


def _ab_2013(case: Case) -> Finding:
    """Cal. Civ. Code 3110, 3111: no size, money or user test; fine-tuning that changes the model counts."""
    instrument = case.rules.instruments[_AB_2013]
    standing, period = case.rules.standing(_AB_2013)
    outcome, reason = _ab_2013_reason(case)
    if standing is Standing.NOT_YET and outcome is not Outcome.DOES_NOT_APPLY:
        outcome = Outcome.NOT_YET
    sources = case.rules.sources(_AB_2013, "definition", "statement")
    owed = reason == "owed"
    day = day_words(period.start)
    assumed = owed and case.yes("offered_in_california") is None
    steps: tuple[TraceStep, ...] = (step(f"rules_us.ab2013.step.{reason}"),)
    if assumed:
        steps = (*steps, step("rules_us.ab2013.step.assumed"))
    headline = "not_yet" if outcome is Outcome.NOT_YET else reason
    uncertain = outcome is Outcome.UNCERTAIN
    return Finding(
        instrument=instrument.id,
        jurisdiction=instrument.jurisdiction,
        title=instrument.title,
        outcome=outcome,
        headline=text(f"rules_us.ab2013.{headline}.headline", day=day),
        why=text(f"rules_us.ab2013.{reason}.why"),
        duties=(Duty(code="3111", text=text("rules_us.ab2013.duty.3111"), document="ab2013"),)
        if owed
        else (),
        applies_from=period.start,
        because=steps,
        other_reading=text(f"rules_us.ab2013.{reason}.other") if uncertain else "",
        would_change=text("rules_us.ab2013.would_change.assumed") if assumed else "",
        todo=text(f"rules_us.ab2013.{reason}.todo") if owed or uncertain else "",
        caveat=caveat((), sources),
        sources=sources,
        matters=outcome is not Outcome.DOES_NOT_APPLY,
    )


def _ab_2013_reason(case: Case) -> tuple[Outcome, str]:
    if case.private:
        return Outcome.DOES_NOT_APPLY, "private"
    if case.yes("offered_in_california") is False:
        return Outcome.DOES_NOT_APPLY, "not_offered"
    released = case.released
    if released is not None and not case.rules.falls(released, f"{_AB_2013}.released_from"):
        return Outcome.DOES_NOT_APPLY, "too_old"
    if case.generative is False:
        return Outcome.DOES_NOT_APPLY, "not_generative"
    if case.word("special_use") is not None:
        return Outcome.DOES_NOT_APPLY, "exempt"
    if case.start is Start.CONVERSION:
        return Outcome.DOES_NOT_APPLY, "conversion"
    if case.generative is None:
        return Outcome.UNCERTAIN, "kind_unknown"
    if case.start is Start.MERGE:
        return Outcome.UNCERTAIN, "merge"
    return Outcome.APPLIES, "owed"
