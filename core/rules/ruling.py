# SPDX-License-Identifier: Apache-2.0
"""From "does the text fit this release?" to a finding: standing on the day, words, reasons, sources.

A jurisdiction's module says only what the text asks (a Ruling). Whether the text stands on the day, and what that
does to the answer, is the same for all of them and lives here.
"""

import dataclasses
import datetime
import functools
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from core.domain.finding import Duty, Finding, Line, Outcome, TraceStep
from core.rules.case import Case
from core.rules.schema import Standing, Status
from core.rules.trace import caveat, day_words
from core.texts import catalogue, text

_NEVER_LAW = (Status.VETOED, Status.PROPOSED)


class _Parts(TypedDict, total=False):
    """The parts of a Ruling beside its outcome, reason and duties."""

    lines: tuple[Line, ...]
    steps: tuple[TraceStep, ...]
    filled: dict[str, str]
    aside: bool
    forbidden: bool
    deadline: datetime.date | None


class _Changes(_Parts, total=False):
    outcome: Outcome
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Ruling:
    """What a text asks of this release, were it in force.

    `reason` is the prefix of catalogue entries (.why, and .other, .todo, .change where there are such).
    `aside`: true, but nothing to do or to settle. `forbidden`: the text bans such a model. `deadline`: more
    time for a part of what is owed.
    """

    outcome: Outcome
    reason: str
    duties: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    steps: tuple[TraceStep, ...] = ()
    filled: dict[str, str] = field(default_factory=dict)
    aside: bool = False
    forbidden: bool = False
    deadline: datetime.date | None = None

    def but(self, **changes: Unpack[_Changes]) -> "Ruling":
        """The same with some parts changed."""
        return dataclasses.replace(self, **changes)


def out(reason: str, **more: Unpack[_Parts]) -> Ruling:
    """The text does not reach this release."""
    return Ruling(Outcome.DOES_NOT_APPLY, f"rules_why.{reason}", **more)


def hit(reason: str, *duties: str, **more: Unpack[_Parts]) -> Ruling:
    """The text reaches this release and asks `duties`."""
    return Ruling(Outcome.APPLIES, f"rules_why.{reason}", duties, **more)


def open_(reason: str, *duties: str, **more: Unpack[_Parts]) -> Ruling:
    """Law or facts do not decide it."""
    return Ruling(Outcome.UNCERTAIN, f"rules_why.{reason}", duties, **more)


def conclude(case: Case, place: str, ruling: Ruling) -> Finding:
    """The finding of the instrument at `place` on the rules' day."""
    instrument = case.rules.instruments[place]
    standing, period = case.rules.standing(place)
    ruling, kind = _on_the_day(ruling, standing, period.status)
    about = text(f"rules_world.{instrument.id}.about")
    words = {
        "name": instrument.short,
        "about": about,
        "day": day_words(period.start),
        "end": day_words(period.until) if period.until is not None else "",
        **ruling.filled,
    }
    sources = case.rules.sources(place, *instrument.sources)
    reason = text(f"{ruling.reason}.why", **words)
    uncertain = ruling.outcome is Outcome.UNCERTAIN
    live = ruling.outcome in (Outcome.APPLIES, Outcome.UNCERTAIN, Outcome.NOT_YET)
    standing_law = standing in (Standing.IN_FORCE, Standing.NOT_YET, Standing.ENDED, Standing.UNSURE)
    never = standing is Standing.ENDED and period.status in _NEVER_LAW
    dated = standing_law and period.status is not Status.GENERAL and not never
    return Finding(
        instrument=instrument.id,
        jurisdiction=instrument.jurisdiction,
        title=instrument.title,
        outcome=ruling.outcome,
        headline=_headline(instrument.id, kind, words),
        why=f"{about} {reason}",
        duties=tuple(_duty(instrument.id, code) for code in ruling.duties) if live else (),
        applies_from=period.start if dated else None,
        ended_on=period.until if standing is Standing.ENDED else None,
        deadline=ruling.deadline if live else None,
        lines=ruling.lines,
        because=(
            TraceStep(rule=f"{about} ({sources[0].locator})", result=reason),
            *ruling.steps,
        ),
        other_reading=_maybe(ruling.reason, "other", words) if uncertain else "",
        would_change=_maybe(ruling.reason, "change", words) if not uncertain else "",
        todo=_maybe(ruling.reason, "todo", words) if live else "",
        caveat=" ".join(filter(None, (caveat(ruling.lines if live else (), sources), instrument.note))),
        sources=sources,
        matters=live and not ruling.aside and (bool(ruling.duties) or ruling.outcome is not Outcome.NOT_YET),
        forbidden=ruling.forbidden and live,
    )


def _on_the_day(ruling: Ruling, standing: Standing, status: Status) -> tuple[Ruling, str]:
    """The ruling as the text stands on the day, and the kind of headline."""
    if standing is Standing.NO_LAW and ruling.duties:  # no act on AI, but another one that binds services
        return ruling, "applies" if ruling.outcome is Outcome.APPLIES else "open"
    if standing is Standing.NO_LAW:
        return out("no_law", lines=ruling.lines, steps=ruling.steps), "no_law"
    if standing is Standing.ENDED:
        kind = "never" if status in _NEVER_LAW else "history"
        past = out(kind, lines=ruling.lines, steps=ruling.steps)
        return past.but(outcome=Outcome.HISTORY_ONLY), kind
    if standing is Standing.PROPOSED:
        return out("proposed", lines=ruling.lines, steps=ruling.steps), "proposed"
    if ruling.outcome is Outcome.DOES_NOT_APPLY:
        return ruling, "out"
    if standing is Standing.NOT_YET:
        return ruling.but(outcome=Outcome.NOT_YET), "not_yet"
    if standing is Standing.UNSURE:
        unsigned = ruling if ruling.outcome is Outcome.UNCERTAIN else open_("unsigned", *ruling.duties)
        return unsigned.but(lines=ruling.lines, steps=ruling.steps, filled=ruling.filled), "open"
    if ruling.outcome is Outcome.UNCERTAIN:
        return ruling, "open"
    if ruling.forbidden:
        return ruling, "forbidden"
    return ruling, "applies" if ruling.duties else "covered"


def _headline(instrument: str, kind: str, words: dict[str, str]) -> str:
    own = catalogue("rules_world").get(f"{instrument}.{kind}")
    if own is not None:
        return text(f"rules_world.{instrument}.{kind}", **words)
    return text(f"rules_why.head.{kind}", **words)


def _maybe(prefix: str, part: str, words: dict[str, str]) -> str:
    name, entry = prefix.split(".", 1)
    return text(f"{prefix}.{part}", **words) if f"{entry}.{part}" in catalogue(name) else ""


@functools.cache
def _duty(instrument: str, code: str) -> Duty:
    return Duty(
        code=code,
        text=text(f"rules_world.{instrument}.duty.{code}"),
        short=text(f"rules_world.{instrument}.short.{code}"),
    )
