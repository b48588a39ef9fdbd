# SPDX-License-Identifier: Apache-2.0
"""What a newer rulebook changes, in words."""

import datetime
from collections.abc import Iterator
from typing import Literal

from core.domain.base import Frozen
from core.rules.rulebook import RuleBook
from core.rules.schema import Parameter, Period, Value
from core.rules.whatif import value_words
from core.texts import text

_NAMES = {">": "over", ">=": "at_least", "<": "under", "<=": "at_most"}
Kind = Literal["value", "law", "new_value", "new_law", "sources"]


class RuleChange(Frozen):
    """One thing that a newer rulebook says differently. `id` is the value's or the law's, `said` one sentence."""

    kind: Kind
    id: str
    said: str


def rule_changes(old: RuleBook, new: RuleBook) -> tuple[RuleChange, ...]:
    """Every difference between two rulebooks: values and laws first, those only checked again or sourced anew last."""
    changes = [*_values(old, new), *_laws(old, new)]
    order = list(Kind.__args__)  # type: ignore[attr-defined]
    return tuple(sorted(changes, key=lambda one: (order.index(one.kind), one.id)))


def _values(old: RuleBook, new: RuleBook) -> Iterator[RuleChange]:
    for name, after in new.parameters.items():
        before = old.parameters.get(name)
        law = new.instruments[name.rsplit(".", 1)[0]].short
        if before is None:
            said = text("rulebook.change.new_value", law=law, title=after.title, value=_history(after))
            yield RuleChange(kind="new_value", id=name, said=said)
        elif before.values != after.values:
            said = text(
                "rulebook.change.value",
                law=law, title=after.title, before=_history(before), after=_history(after),
            )  # fmt: skip
            yield RuleChange(kind="value", id=name, said=said)
        elif before != after:
            yield _again(name, f"{law}: {after.title}", before.checked_on, after.checked_on)


def _laws(old: RuleBook, new: RuleBook) -> Iterator[RuleChange]:
    for place, after in new.instruments.items():
        before = old.instruments.get(place)
        if before is None:
            said = text("rulebook.change.new_law", title=after.title, status=_periods(after.periods))
            yield RuleChange(kind="new_law", id=place, said=said)
        elif before.periods != after.periods:
            said = text(
                "rulebook.change.law",
                title=after.title, before=_periods(before.periods), after=_periods(after.periods),
            )  # fmt: skip
            yield RuleChange(kind="law", id=place, said=said)
        elif before != after:
            yield _again(place, after.title, before.checked_on, after.checked_on)


def _again(name: str, title: str, before: datetime.date, after: datetime.date) -> RuleChange:
    key = "checked" if after > before else "reworded"
    return RuleChange(
        kind="sources", id=name, said=text(f"rulebook.change.{key}", title=title, day=after.isoformat())
    )


def _history(parameter: Parameter) -> str:
    return text("rulebook.then").join(_value(entry, parameter.unit) for entry in parameter.values)


def _value(entry: Value, unit: str) -> str:
    unit = "" if unit in ("date", "list", "share", "count") else unit.removesuffix(" amount")
    operator = text(f"rulebook.operator.{_NAMES[entry.operator]}") if entry.operator else ""
    parts = (operator, value_words(entry.value), unit)
    return f"{' '.join(part for part in parts if part)} ({_period(entry)})"


def _periods(periods: tuple[Period, ...]) -> str:
    return text("rulebook.then").join(_period(one) for one in periods)


def _period(one: Period) -> str:
    key = "rulebook.period.until" if one.until else "rulebook.period.open"
    until = one.until.isoformat() if one.until else ""
    return text(
        key, status=text(f"rulebook.status.{one.status.value}"), start=one.start.isoformat(), until=until
    )
