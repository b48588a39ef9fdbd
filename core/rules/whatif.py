# SPDX-License-Identifier: Apache-2.0
"""The goalposts: move a line, or put a plan in force, and see what changes for this model and for well-known ones.

Nothing here touches the shipped rulebook: a changed copy is made, and both are asked the same questions.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from typing import Protocol

from core.domain.answers import Answers
from core.domain.base import Frozen
from core.domain.estimate import FlopEstimate
from core.domain.finding import Finding, Outcome
from core.domain.footprint import Accounts, Footprint, ParameterCount
from core.domain.known import Known
from core.domain.project import Project
from core.errors import BadAnswers
from core.rules.assess import Judgement, judge
from core.rules.rulebook import RuleBook
from core.rules.schema import Instrument, Parameter, Period, Standing, Status, whole
from core.texts import text

_LINKED = {
    "eu.ai_act.gpai_indicator": "eu.ai_act.stand_in_base",
    "eu.ai_act.systemic_presumption": "eu.ai_act.stand_in_base_systemic",
}
"""Guidelines point 61 takes the line itself as the stand-in for an unknown base: they move together."""
_FACTOR = re.compile(r"([/x*])\s*([1-9]\d*)")
_KINDS = {"image/video generation": "image", "audio": "audio", "embedding": "embedding", "vision": "label"}
_IN_FORCE = "in_force"
SYSTEMIC = "eu-ai-act-gpai:systemic"
"""How a model with systemic risk is listed, beside the id of the chapter."""


class Move(Frozen):
    """One change of the rules, before and after, in words."""

    id: str
    title: str
    before: str
    after: str


class ModelRow(Protocol):
    """What is needed of a row of the base model table."""

    @property
    def hub_id(self) -> str: ...
    @property
    def modality(self) -> str: ...
    @property
    def licence_id(self) -> str: ...
    @property
    def parameters_total(self) -> int | None: ...
    @property
    def flop_best(self) -> int | None: ...
    @property
    def flop_low(self) -> int | None: ...
    @property
    def flop_high(self) -> int | None: ...


class Change(Frozen):
    """What one instrument says before and after. Headlines in words; outcomes for machines."""

    instrument: str
    title: str
    before: Outcome
    after: Outcome
    headline_before: str
    headline_after: str


class Caught(Frozen):
    """A well-known model: which lines catch it before and after. `flop` is its training compute."""

    model: str
    flop: int
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def newly(self) -> tuple[str, ...]:
        """Lines that catch it only after the change."""
        return tuple(one for one in self.after if one not in self.before)

    @property
    def freed(self) -> tuple[str, ...]:
        """Lines that no longer catch it."""
        return tuple(one for one in self.before if one not in self.after)


class WhatIf(Frozen):
    """The answer to one what-if."""

    moves: tuple[Move, ...]
    yours: tuple[Change, ...]
    models: tuple[Caught, ...]
    """By compute, largest first."""


def moved(book: RuleBook, wishes: Iterable[str], on: datetime.date) -> tuple[RuleBook, tuple[Move, ...]]:
    """The rulebook with `wishes` ("eu.ai_act.gpai_indicator=10^22", "…=/10", "us-s2938=in_force") and what moved.

    Raises BadAnswers for an unknown id, a value that does not fit, and a country that has no such law.
    """
    moves: list[Move] = []
    for wish in wishes:
        name, sign, value = (part.strip() for part in wish.partition("="))
        place = next((p for p, one in book.instruments.items() if name in (p, one.id)), None)
        if not sign or not value or (name not in book.parameters and place is None):
            raise _refused(wish)
        if place is not None:
            if value != _IN_FORCE:
                raise _refused(wish)
            book, move = _enact(book, place, on, wish)
            moves.append(move)
            continue
        for one in (name, *([_LINKED[name]] if name in _LINKED else [])):
            book, move = _set(book, one, value, on, wish)
            moves.append(move)
    return book, tuple(moves)


def what_if(
    book: RuleBook,
    wishes: Iterable[str],
    on: datetime.date,
    *,
    yours: tuple[Known, Footprint] | None = None,
    models: Iterable[ModelRow] = (),
) -> WhatIf:
    """Judge this model (if given) and well-known models by the rules of `on`, before and after the change."""
    after, moves = moved(book, wishes, on)
    changed = {move.id for move in moves}
    mine: tuple[Change, ...] = ()
    if yours is not None:
        mine = differences(judge(*yours, book.at(on)).findings, judge(*yours, after.at(on)).findings)
    caught = []
    for row in models:
        if row.flop_best is None:
            continue
        case = _as_published(row)
        caught.append(
            Caught(
                model=row.hub_id,
                flop=row.flop_best,
                before=_catching(judge(*case, book.at(on)), changed),
                after=_catching(judge(*case, after.at(on)), changed),
            )
        )
    return WhatIf(moves=moves, yours=mine, models=tuple(sorted(caught, key=lambda one: -one.flop)))


def _refused(wish: str) -> BadAnswers:
    return BadAnswers(text("rules_why.what_if.refused", wish=wish), todo=text("rules_why.what_if.todo"))


def _set(book: RuleBook, name: str, value: str, on: datetime.date, wish: str) -> tuple[RuleBook, Move]:
    """The parameter with a new value where it stands on `on`. "/10" and "x10" scale what is there."""
    parameter = book.parameters[name]
    rules = book.at(on)
    entry = next((one for one in parameter.values if one.standing(on) is Standing.IN_FORCE), None)
    entry = entry or parameter.values[-1]
    new: object = value
    factor = _FACTOR.fullmatch(value)
    try:
        if factor is not None:
            old, by = rules.whole(name), int(factor[2])
            new = str(old // by if factor[1] == "/" else old * by)
        elif parameter.unit == "date":
            new = datetime.date.fromisoformat(value)
        elif parameter.unit == "list":
            new = tuple(part.strip() for part in value.split(","))
        values = tuple(one.replace(value=new) if one is entry else one for one in parameter.values)
        changed = parameter.replace(values=values)
    except (ValueError, TypeError) as error:
        raise _refused(wish) from error
    sign = f"{entry.operator} " if entry.operator else ""
    move = Move(
        id=name,
        title=parameter.title,
        before=f"{sign}{value_words(entry.value)} {parameter.unit}",
        after=f"{sign}{value_words(new)} {parameter.unit}",
    )
    return _with_parameters(book, {name: changed}), move


def value_words(value: object) -> str:
    """A value of the rule data as people read it: 10^23 for a bare power of ten, lists with commas."""
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    if isinstance(value, str):
        try:
            number = whole(value)
        except ValueError:
            return value
        power = len(str(number)) - 1
        return f"10^{power}" if number == 10**power and power > 6 else value
    return str(value)


def _enact(book: RuleBook, place: str, on: datetime.date, wish: str) -> tuple[RuleBook, Move]:
    """The instrument and its values in force on `on`, whatever their status."""
    instrument = book.instruments[place]
    last = instrument.periods[-1]
    if last.status in (Status.NO_LAW, Status.GENERAL):
        raise _refused(wish)
    before = book.at(on).standing(place)[0]
    period = Period(start=min(on, instrument.checked_on), status=Status.IN_FORCE)
    enacted: Callable[[Parameter], Parameter] = lambda one: one.replace(  # noqa: E731 - used once, below
        values=(one.values[-1].replace(start=min(on, one.checked_on), until=None, status=Status.IN_FORCE),)
    )
    parameters = {
        name: enacted(one) for name, one in book.parameters.items() if name.rsplit(".", 1)[0] == place
    }
    law: Instrument = instrument.replace(periods=(period,))
    changed = _with_parameters(book, parameters).replace(instruments={**book.instruments, place: law})
    move = Move(id=instrument.id, title=instrument.title, before=before.value, after=Standing.IN_FORCE.value)
    return changed, move


def _with_parameters(book: RuleBook, changed: dict[str, Parameter]) -> RuleBook:
    return book.replace(parameters={**book.parameters, **changed})


def differences(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Change, ...]:
    """What two sets of findings on one release say differently, law by law. A law only one of them knows is left out."""
    later = {finding.instrument: finding for finding in after}
    changes = []
    for finding in before:
        other = later.get(finding.instrument)
        if other is None:
            continue
        same = (finding.outcome, finding.headline, finding.duties)
        if same != (other.outcome, other.headline, other.duties):
            changes.append(
                Change(
                    instrument=finding.instrument,
                    title=finding.title,
                    before=finding.outcome,
                    after=other.outcome,
                    headline_before=finding.headline,
                    headline_after=other.headline,
                )
            )
    return tuple(changes)


def _as_published(row: ModelRow) -> tuple[Known, Footprint]:
    """A published model as if its maker asked: trained from scratch, open weights, by a firm, nothing taken for it."""
    best = row.flop_best or 0
    compute = FlopEstimate(
        low=min(row.flop_low or best, best),
        central=best,
        high=max(row.flop_high or best, best),
        method="published",
    )
    answers = Answers.model_validate(
        {
            "origin": "from_scratch",
            "output_modalities": [_KINDS.get(row.modality, "text")],
            "release_form": "open_weights",
            "purpose": "commercial",
            "developer_kind": "company",
            "monetised": False,
            "license": row.licence_id or None,
            "weights_public": True,
            "architecture_public": True,
            "usage_public": True,
            "sexual_images": "no",
            "real_person": "no",
        }
    )
    size = None if row.parameters_total is None else ParameterCount(total=row.parameters_total)
    accounts = Accounts(own=compute, direct=compute, cumulative=compute)
    return Known(Project(answers=answers)), Footprint(parameters=size, accounts=accounts)


def _catching(judgement: Judgement, changed: set[str]) -> tuple[str, ...]:
    """The laws that catch a model by its compute (and those the change is about, whatever they look at)."""
    caught = []
    for finding in judgement.findings:
        live = finding.outcome in (Outcome.APPLIES, Outcome.NOT_YET, Outcome.UNCERTAIN)
        if live and (finding.lines or finding.instrument in changed):
            caught.append(finding.instrument)
    if judgement.eu.systemic == "yes":
        caught.append(SYSTEMIC)
    return tuple(caught)
