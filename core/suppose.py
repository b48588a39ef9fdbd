# SPDX-License-Identifier: Apache-2.0
"""What if: the same release with more or less training, or by other lines. Nothing of it is ever stored.

A run of k times the tokens, at the same length of sequence, takes k times the operations (and, on the same hardware,
k times the hours): operations of a training step do not depend on how many steps there are. So the run's own account
is scaled and the others follow; the model and the base stay what they are.
"""

import datetime
from collections.abc import Iterable
from fractions import Fraction

from core.assess import conclude
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.estimate import FlopEstimate, Quantity
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.reference import Reference
from core.rules import RuleBook
from core.rules.schema import Standing
from core.rules.whatif import Change, Move, differences, moved
from core.texts import text


class Supposed(Frozen):
    """The answer to one what-if: the release as it would be judged, and what is different."""

    assessment: Assessment
    moves: tuple[Move, ...] = ()
    changes: tuple[Change, ...] = ()


class MovableLine(Frozen):
    """A compute line that can be moved. `value` in FLOP as it stands; `in_force` on that day."""

    id: str
    label: str
    value: int
    in_force: bool


class Plan(Frozen):
    """A law that is not in force on a day: a bill, a draft, one that was struck down or has ended."""

    id: str
    title: str


def suppose(
    project: Project,
    before: Assessment,
    *,
    factor: Fraction = Fraction(1),
    wishes: Iterable[str] = (),
    rulebook: RuleBook,
    reference: Reference,
) -> Supposed:
    """Judge `project` with `factor` times its training and the changed rules, on the day of `before`.

    Raises BadAnswers for a wish that does not fit (core.rules.whatif.moved).
    """
    book, moves = moved(rulebook, wishes, before.on)
    footprint = scaled(before.footprint, factor)
    after = conclude(Known(project), footprint, rulebook=book, reference=reference, today=before.on)
    return Supposed(assessment=after, moves=moves, changes=differences(before.findings, after.findings))


def scaled(footprint: Footprint, factor: Fraction) -> Footprint:
    """The footprint of `factor` times the training. Energy and CO2 go with it; witnesses stay as they were."""
    own = footprint.accounts.own
    if factor == 1 or own is None:
        return footprint
    found = footprint.accounts
    return footprint.replace(
        accounts=Accounts(
            own=_times(own, factor),
            base=found.base,
            direct=_with(found.direct, own, factor),
            cumulative=_with(found.cumulative, own, factor),
            hardware_own=None if found.hardware_own is None else _times(found.hardware_own, factor),
        ),
        energy=_more(footprint.energy, factor),
        co2=_more(footprint.co2, factor),
        explain=(),
        fit=None,
    )


def movable_lines(book: RuleBook, on: datetime.date) -> tuple[MovableLine, ...]:
    """Every line in FLOP that a law in the rules draws, those in force first, then by value."""
    rules, found = book.at(on), []
    for name, parameter in book.parameters.items():
        place = name.rsplit(".", 1)[0]
        law = book.instruments.get(place)
        if parameter.unit != "FLOP" or law is None or not any(entry.operator for entry in parameter.values):
            continue
        force = rules.standing(place)[0] is Standing.IN_FORCE
        found.append(
            MovableLine(
                id=name,
                label=f"{law.short}: {parameter.title}",
                value=rules.whole(name),
                in_force=force,
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.in_force, one.value, one.label)))


def line_parameter(line_id: str, value: int, book: RuleBook, on: datetime.date) -> str:
    """The parameter behind a line on the scale, or "" for one that no single value draws (a third of the base's)."""
    parts = set(line_id.split("."))
    fits = [
        one.id
        for one in movable_lines(book, on)
        if one.value == value and parts <= {*one.id.split("."), *one.id.split("_")}
    ]
    return fits[0] if fits else ""


def plans(book: RuleBook, on: datetime.date) -> tuple[Plan, ...]:
    """The laws that can be put in force for a what-if, by title."""
    rules = book.at(on)
    found = [
        Plan(id=law.id, title=law.title)
        for place, law in book.instruments.items()
        if rules.standing(place)[0] is not Standing.IN_FORCE and _can_be(law.periods[-1].status.value)
    ]
    return tuple(sorted(found, key=lambda one: one.title))


def _can_be(status: str) -> bool:
    return status not in ("no_law", "general")


def _times(one: FlopEstimate, factor: Fraction) -> FlopEstimate:
    return one.replace(
        **{name: round(getattr(one, name) * factor) for name in ("low", "central", "high")},
        method=text("suppose.method"),
        steps=(),
    )


def _with(whole: FlopEstimate | None, own: FlopEstimate, factor: Fraction) -> FlopEstimate | None:
    """An account that holds the run's own operations, with `factor` times of them in it."""
    if whole is None:
        return None
    ends = (
        max(0, round(getattr(whole, name) + (factor - 1) * getattr(own, name)))
        for name in ("low", "central", "high")
    )
    low, central, high = sorted(ends)
    return whole.replace(low=low, central=central, high=high, method=text("suppose.method"), steps=())


def _more(one: Quantity | None, factor: Fraction) -> Quantity | None:
    if one is None:
        return None
    by = float(factor)
    return one.replace(low=one.low * by, central=one.central * by, high=one.high * by, steps=())
