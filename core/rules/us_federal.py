# SPDX-License-Identifier: Apache-2.0
"""US federal: Executive Order 14110, which stood from 30 October 2023 to 20 January 2025. History, never a duty."""

from core.domain.finding import Duty, Finding, Line, Outcome
from core.rules.case import Case
from core.rules.schema import Standing
from core.rules.trace import caveat, compare, day_words, line_step
from core.texts import text

_PLACE = "us_federal.eo_14110"


def judge_federal(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """The order's finding and its line."""
    instrument = case.rules.instruments[_PLACE]
    standing, period = case.rules.standing(_PLACE)
    threshold = case.rules.threshold(f"{_PLACE}.report_line")
    margin, _ = case.rules.share("eu.ai_act.error_margin")
    line = compare(
        name=_PLACE,
        label=text("rules_us.eo14110.line"),
        value=threshold.value,
        operator=threshold.operator,
        account="cumulative",
        estimate=case.accounts.cumulative,
        margin=margin,
        in_force=standing is Standing.IN_FORCE,
    )
    outcome, reason = _outcome(standing, line)
    sources = case.rules.sources(_PLACE, "report", "end")
    ended = period.until
    words = {
        "start": day_words(period.start),
        "end": day_words(ended) if ended is not None else "",
        "distance": line.distance,
    }
    finding = Finding(
        instrument=instrument.id,
        jurisdiction=instrument.jurisdiction,
        title=instrument.title,
        outcome=outcome,
        headline=text(f"rules_us.eo14110.{reason}.headline", **words),
        why=text(f"rules_us.eo14110.{reason}.why", **words),
        duties=(Duty(code="4.2(a)", text=text("rules_us.eo14110.duty")),)
        if outcome is Outcome.APPLIES
        else (),
        applies_from=period.start,
        ended_on=ended,
        lines=(line,),
        because=(line_step(line),),
        other_reading=text("rules_us.eo14110.unknown.other") if outcome is Outcome.UNCERTAIN else "",
        caveat=caveat((line,), sources),
        sources=sources,
    )
    return (finding,), (line,)


def _outcome(standing: Standing, line: Line) -> tuple[Outcome, str]:
    if standing is Standing.ENDED:
        return Outcome.HISTORY_ONLY, "history"
    if standing is not Standing.IN_FORCE:
        return Outcome.NOT_YET, "not_yet"
    if line.crossed is None:
        return Outcome.UNCERTAIN, "unknown"
    return (Outcome.APPLIES, "over") if line.crossed else (Outcome.DOES_NOT_APPLY, "below")
