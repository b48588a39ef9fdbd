# SPDX-License-Identifier: Apache-2.0
"""Scope and dates around the model test: placing on the market (Article 3(9), Guidelines point 51), hobby
(recital 109), the Union market, and the dates of Articles 111(3) and 113."""

import datetime

from core.domain.base import Frozen
from core.domain.finding import Duty, Outcome, TraceStep
from core.rules.case import Case
from core.rules.eu.answer import Answer, Three
from core.rules.eu.duties import notify
from core.rules.eu.fines import fine_step
from core.rules.eu.lines import PLACE
from core.rules.schema import Standing
from core.rules.trace import day_words, step
from core.texts import text


class Scope(Frozen):
    """The outcome with its words. `owes_all`: the provider's duties are to be listed."""

    outcome: Outcome
    provider: Three
    headline: str
    why: str
    owes_all: bool = False
    duties: tuple[Duty, ...] = ()
    applies_from: datetime.date | None = None
    deadline: datetime.date | None = None
    steps: tuple[TraceStep, ...] = ()
    other_reading: str = ""
    would_change: str = ""
    todo: str = ""
    sources: tuple[str, ...] = ()


def scope(case: Case, answer: Answer) -> Scope:
    """Turn the model test into an outcome for this release on the rules' day."""
    if answer.provider != "no" and case.yes("research_only") is True and case.takes_money is not True:
        return _say(Outcome.DOES_NOT_APPLY, "no", "research_only", sources=("research",))
    if answer.provider != "yes":
        return _not_provider(case, answer)
    if _kept(case):
        return _private(case, answer)
    if case.yes("offered_in_eu") is False:
        return _say(Outcome.DOES_NOT_APPLY, "no", "not_for_eu", sources=("not_for_eu",))
    return _provider(case, answer)


def _not_provider(case: Case, answer: Answer) -> Scope:
    outcome = Outcome.UNCERTAIN if answer.provider == "unclear" else Outcome.DOES_NOT_APPLY
    kept = _kept(case)
    if outcome is Outcome.UNCERTAIN and (kept or case.yes("offered_in_eu") is False):
        name, source = ("private", "research") if kept else ("not_for_eu", "not_for_eu")
        return _say(Outcome.DOES_NOT_APPLY, "no", name, sources=(source,))
    uncertain = outcome is Outcome.UNCERTAIN
    return Scope(
        outcome=outcome,
        provider=answer.provider,
        headline=text(f"rules_eu.reason.{answer.reason}.headline", **answer.filled),
        why=text(f"rules_eu.reason.{answer.reason}.why", **answer.filled),
        other_reading=text(f"rules_eu.reason.{answer.reason}.other", **answer.filled) if uncertain else "",
        todo=text(f"rules_eu.reason.{answer.reason}.todo", **answer.filled) if uncertain else "",
        would_change="" if uncertain else text("rules_eu.would_change.no_provider"),
    )


def _kept(case: Case) -> bool:
    """Kept private, and not used inside a firm for what its offer rests on, which counts as placing (point 51)."""
    return case.private and case.yes("internal_use") is not True


def _private(case: Case, answer: Answer) -> Scope:
    if answer.systemic == "yes":
        start = case.rules.standing(PLACE)[1].start
        said = _say(Outcome.APPLIES, "yes", "notify", sources=("systemic",))
        return said.replace(duties=notify(case), applies_from=start)
    return _say(Outcome.DOES_NOT_APPLY, "no", "private", sources=("research",))


def _provider(case: Case, answer: Answer) -> Scope:
    standing, period = case.rules.standing(PLACE)
    why = text(f"rules_eu.reason.{answer.reason}.why", **answer.filled)
    steps, assumed = _assumed(case)
    base = Scope(
        outcome=Outcome.APPLIES,
        provider="yes",
        headline=text("rules_eu.scope.provider.headline"),
        why=why,
        owes_all=True,
        applies_from=period.start,
        steps=steps,
        other_reading=_stand_in(case, answer),
        would_change=assumed,
        todo=text("rules_eu.scope.provider.todo"),
        sources=("release", "dates", "code", "powers"),
    )
    if standing is Standing.NOT_YET:
        return base.replace(
            outcome=Outcome.NOT_YET,
            headline=text("rules_eu.scope.not_yet.headline", day=day_words(period.start)),
        )
    fines = case.rules.date("eu.ai_act.fines_from")
    powers = "fines" if case.rules.on >= fines else "no_fines"
    base = base.replace(
        steps=(
            *base.steps,
            step(f"rules_eu.step.{powers}", day=day_words(fines)),
            fine_step(case.rules, PLACE, higher=True),
            step("rules_eu.step.complaints"),
            step("rules_eu.step.code"),
            step("rules_eu.step.method"),
            *(_systemic_steps(case) if answer.systemic == "yes" else ()),
        )
    )
    base = _legacy(case, base)
    if case.word("role") == "consortium":
        return base.replace(
            outcome=Outcome.UNCERTAIN if base.outcome is Outcome.APPLIES else base.outcome,
            provider="unclear",
            headline=text("rules_eu.scope.consortium.headline"),
            other_reading=text("rules_eu.scope.consortium.other"),
            todo=text("rules_eu.scope.consortium.todo"),
            sources=("roles", "release", "dates"),
        )
    if case.word("purpose") in ("hobby", "research") and case.takes_money is not True:
        return base.replace(
            outcome=Outcome.UNCERTAIN,
            provider="unclear",
            headline=text("rules_eu.scope.hobby.headline"),
            other_reading=text("rules_eu.scope.hobby.other"),
            todo=text("rules_eu.scope.hobby.todo"),
            sources=("placing", "hobby", "release", "dates"),
        )
    if case.word("purpose") is None:
        return base.replace(
            other_reading=" ".join(filter(None, (base.other_reading, text("rules_eu.scope.purpose_unknown"))))
        )
    return base


def _systemic_steps(case: Case) -> tuple[TraceStep, ...]:
    """What a provider may still say against it: Articles 52(2) and, once named, 52(5)."""
    rebut = step("rules_eu.step.rebut")
    return (rebut, step("rules_eu.step.reassess")) if case.yes("eu_designated") else (rebut,)


def _legacy(case: Case, scope_: Scope) -> Scope:
    """Placed strictly before 2 August 2025: until the deadline of Article 111(3)."""
    released = case.released
    if released is None or not case.rules.falls(released, "eu.ai_act.legacy_cutoff"):
        return scope_
    deadline = case.rules.date("eu.ai_act.legacy_deadline")
    reached = case.rules.on >= deadline
    return scope_.replace(
        outcome=Outcome.APPLIES if reached else Outcome.NOT_YET,
        headline=text("rules_eu.scope.provider.headline")
        if reached
        else text("rules_eu.scope.legacy.headline", day=day_words(deadline)),
        applies_from=deadline,
        deadline=deadline,
        steps=(
            *scope_.steps,
            step("rules_eu.step.legacy_data"),
            step("rules_eu.step.legacy", inputs=released.isoformat(), day=day_words(deadline)),
        ),
    )


def _assumed(case: Case) -> tuple[tuple[TraceStep, ...], str]:
    """Say what was taken for granted because nobody answered it."""
    steps = []
    hints = []
    if case.yes("internal_use") is True:
        steps.append(step("rules_eu.step.internal"))
    if case.yes("offered_in_eu") is None:
        steps.append(step("rules_eu.step.offered_assumed"))
        hints.append(text("rules_eu.would_change.offered"))
    if case.yes("developer_in_eu") is None:
        hints.append(text("rules_eu.would_change.developer"))
    if case.takes_money is True and case.yes("micro_only") is None:
        hints.append(text("rules_eu.would_change.micro"))
    if case.narrow is None:
        hints.append(text("rules_eu.would_change.narrow"))
    return tuple(steps), " ".join(hints)


def _stand_in(case: Case, answer: Answer) -> str:
    """Whether the EU lists the base as systemic was not said: the stand-in might be the larger one (point 61)."""
    if answer.reason == "over_bar_stand_in" and case.yes("base_systemic") is None:
        return text("rules_eu.reason.over_bar_stand_in.other")
    return ""


def _say(outcome: Outcome, provider: Three, name: str, *, sources: tuple[str, ...]) -> Scope:
    return Scope(
        outcome=outcome,
        provider=provider,
        headline=text(f"rules_eu.scope.{name}.headline"),
        why=text(f"rules_eu.scope.{name}.why"),
        todo=text(f"rules_eu.scope.{name}.todo"),
        sources=sources,
    )
