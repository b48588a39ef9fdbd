# SPDX-License-Identifier: Apache-2.0
"""What California SB 53 and New York RAISE share: one line on the total compute of a foundation model.

Both count the original run and the developer's later changes. Whether somebody who tunes another's model inherits
that model's compute is open (no ruling known); both readings are shown.
"""

from dataclasses import dataclass

from core.domain.finding import Duty, Finding, Line, Outcome, TraceStep
from core.rules.case import TOKENS_BEYOND_ANY, Case, Start
from core.rules.ruling import Ruling
from core.rules.schema import Standing
from core.rules.trace import caveat, compare, day_words, line_step, step
from core.texts import text
from core.units import scientific


@dataclass(frozen=True)
class Frontier:
    """Where an instrument's data and words lie. `codes` are (duty code, large developers only)."""

    place: str
    line_id: str
    texts: str
    codes: tuple[tuple[str, bool], ...]
    offered: str
    """The question that asks whether people there can use the model."""
    definition: tuple[str, ...]
    all_sources: tuple[str, ...]


def frontier_line(case: Case, law: Frontier) -> Line:
    """The line on cumulative operations."""
    threshold = case.rules.threshold(f"{law.place}.frontier_line")
    margin, _ = case.rules.share("eu.ai_act.error_margin")
    return compare(
        name=law.line_id,
        label=text(f"rules_us.{law.texts}.line"),
        value=threshold.value,
        operator=threshold.operator,
        account="cumulative",
        estimate=case.accounts.cumulative,
        margin=margin,
        in_force=threshold.standing in (Standing.IN_FORCE, Standing.NOT_YET),
    )


def judge_frontier(case: Case, law: Frontier, line: Line) -> Finding:
    """The finding: below the line, above it, or open."""
    answer, reason = reached(case, law, line)
    instrument = case.rules.instruments[law.place]
    standing, period = case.rules.standing(law.place)
    outcome = answer
    if standing is Standing.NOT_YET and answer is not Outcome.DOES_NOT_APPLY:
        outcome = Outcome.NOT_YET
    day = day_words(period.start)
    steps: tuple[TraceStep, ...] = (line_step(line),)
    if reason == "too_small":
        steps = (*steps, step("rules_us.step.too_small", tokens=scientific(TOKENS_BEYOND_ANY, 1)))
    if standing is Standing.NOT_YET:
        steps = (*steps, step("rules_us.step.not_yet", day=day))
    owed = answer is Outcome.APPLIES
    uncertain = answer is Outcome.UNCERTAIN
    duties, steps = _duties(case, law, steps) if owed else ((), steps)
    key = f"rules_us.frontier.{reason}"
    name = instrument.short
    sources = case.rules.sources(law.place, *(law.all_sources if owed or uncertain else law.definition))
    headline = f"{key}.headline" if outcome is not Outcome.NOT_YET else "rules_us.frontier.not_yet.headline"
    return Finding(
        instrument=instrument.id,
        jurisdiction=instrument.jurisdiction,
        title=instrument.title,
        outcome=outcome,
        headline=text(headline, name=name, distance=line.distance, day=day),
        why=text(f"{key}.why", name=name, distance=line.distance),
        duties=duties,
        applies_from=period.start,
        lines=(line,),
        because=steps,
        other_reading=text(f"{key}.other", name=name) if uncertain else "",
        would_change=_would_change(case, reason),
        todo=text(f"{key}.todo", name=name) if owed or uncertain else "",
        caveat=caveat((line,), sources),
        sources=sources,
        matters=outcome not in (Outcome.DOES_NOT_APPLY, Outcome.HISTORY_ONLY),
    )


def frontier_ruling(case: Case, law: Frontier, *duties: str) -> Ruling:
    """The same test for a text with a line like these, as a ruling (bills, and laws not verified)."""
    line = frontier_line(case, law)
    outcome, reason = reached(case, law, line)
    owed = duties if outcome is Outcome.APPLIES else ()
    return Ruling(
        outcome=outcome,
        reason=f"rules_us.frontier.{reason}",
        duties=owed,
        lines=(line,),
        steps=(line_step(line),),
        filled={"distance": line.distance},
    )


def reached(case: Case, law: Frontier, line: Line) -> tuple[Outcome, str]:
    """Whether the line decides, and the entry of the catalogue that says why."""
    if line.crossed is False:
        return Outcome.DOES_NOT_APPLY, "below"
    if case.narrow is True:
        return Outcome.DOES_NOT_APPLY, "narrow"
    if case.yes(law.offered) is False and law.texts == "raise":
        return Outcome.DOES_NOT_APPLY, "not_offered"
    if case.yes("ny_college_research") is True and law.texts == "raise":
        return Outcome.DOES_NOT_APPLY, "college"
    if line.crossed is None:
        too_small = case.too_small_for(line)
        return (Outcome.DOES_NOT_APPLY, "too_small") if too_small else _total_unknown(case, law)
    own = case.accounts.own
    threshold = case.rules.threshold(f"{law.place}.frontier_line")
    own_over = own is not None and threshold.crossed_by(own.central)
    if case.start is Start.SCRATCH or own_over:
        asked = case.yes("ny_college_research") is None and case.word("developer_kind") == "university"
        if law.texts == "raise" and asked:
            return Outcome.UNCERTAIN, "university"
        return Outcome.APPLIES, "over"
    return Outcome.UNCERTAIN, "inherited"


def _total_unknown(case: Case, law: Frontier) -> tuple[Outcome, str]:
    own = case.accounts.own
    threshold = case.rules.threshold(f"{law.place}.frontier_line")
    if own is not None and threshold.crossed_by(own.central):
        return Outcome.APPLIES, "over"
    if own is not None and case.start is not Start.SCRATCH:
        return Outcome.UNCERTAIN, "base_unknown"
    return Outcome.UNCERTAIN, "unknown"


def _duties(
    case: Case, law: Frontier, steps: tuple[TraceStep, ...]
) -> tuple[tuple[Duty, ...], tuple[TraceStep, ...]]:
    revenue = case.known.integer("annual_revenue_usd")
    line = case.rules.threshold(f"{law.place}.large_revenue")
    large = revenue is not None and line.crossed_by(revenue.value)
    name = "large" if large else "revenue_unknown" if revenue is None else "not_large"
    duties = tuple(
        Duty(code=code, text=text(f"rules_us.{law.texts}.duty.{code}"))
        for code, only_large in law.codes
        if large or not only_large
    )
    amount = "" if revenue is None else f"USD {revenue.value:,}"
    return duties, (
        *steps,
        step(f"rules_us.step.{name}", value=f"{line.operator} USD {line.value:,}", inputs=amount),
    )


def _would_change(case: Case, reason: str) -> str:
    if reason == "over" and case.known.integer("annual_revenue_usd") is None:
        return text("rules_us.frontier.revenue_unknown")
    return text("rules_us.frontier.would_change") if reason in ("below", "narrow", "too_small") else ""
