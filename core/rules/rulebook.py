# SPDX-License-Identifier: Apache-2.0
"""The rulebook, and the rules as they stand on one day."""

import datetime
import functools
import hashlib
import json
import operator as operators
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from core.domain.base import Frozen
from core.domain.finding import Source
from core.domain.kept import kept
from core.rules.schema import (
    CoverageRow,
    Edition,
    Instrument,
    Operator,
    Parameter,
    Period,
    SourceRef,
    Standing,
    parsed,
)

_P = TypeVar("_P", bound=Period)

COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">": operators.gt,
    ">=": operators.ge,
    "<": operators.lt,
    "<=": operators.le,
}


DAYS_KEPT = 16
"""Days whose rules a rulebook keeps ready; a calendar asks for more, once each."""


class Threshold(Frozen):
    """A whole number set by a law, as it stands on the day asked. Compared as exact integers."""

    id: str
    title: str
    value: int
    operator: Operator
    standing: Standing

    def crossed_by(self, number: int) -> bool:
        """Whether `number` compares true with the line under the law's own operator."""
        return COMPARE[self.operator](number, self.value)


class Rules(Frozen):
    """Every value as it stands on one day."""

    on: datetime.date
    parameters: dict[str, Parameter]
    instruments: dict[str, Instrument]

    @kept
    def standing(self, place: str) -> tuple[Standing, Period]:
        """How the instrument at `place` ("eu.ai_act") stands, and the period that says so."""
        period = _current(self.instruments[place].periods, self.on)
        return period.standing(self.on), period

    @kept
    def threshold(self, name: str) -> Threshold:
        """The whole number `name` (FLOP or USD) with its operator. Raises KeyError or TypeError for others."""
        parameter = self.parameters[name]
        entry = _current(parameter.values, self.on)
        value = parsed(entry, parameter.unit)
        if not isinstance(value, int) or entry.operator is None:
            raise TypeError(f"{name} is not a number to compare with")
        return Threshold(
            id=name,
            title=parameter.title,
            value=value,
            operator=entry.operator,
            standing=entry.standing(self.on),
        )

    def whole(self, name: str) -> int:
        """A plain whole number (no operator needed)."""
        value = self._value(name)
        if not isinstance(value, int):
            raise TypeError(f"{name} is not a whole number")
        return value

    def share(self, name: str) -> tuple[Fraction, Operator | None]:
        """An exact fraction and, where the law compares with it, the operator."""
        entry = _current(self.parameters[name].values, self.on)
        value = self._value(name)
        if not isinstance(value, Fraction):
            raise TypeError(f"{name} is not a share")
        return value, entry.operator

    def falls(self, day: datetime.date, name: str) -> bool:
        """Whether `day` compares true with the date `name` under its operator ("<" is strictly before)."""
        entry = _current(self.parameters[name].values, self.on)
        if entry.operator is None:
            raise TypeError(f"{name} has no operator")
        return COMPARE[entry.operator](day.toordinal(), self.date(name).toordinal())

    def date(self, name: str) -> datetime.date:
        """A date."""
        value = self._value(name)
        if not isinstance(value, datetime.date):
            raise TypeError(f"{name} is not a date")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words."""
        value = self._value(name)
        if not isinstance(value, tuple):
            raise TypeError(f"{name} is not a list")
        return value

    @kept
    def sources(self, place: str, *names: str) -> tuple[Source, ...]:
        """The instrument's named sources, in the order asked."""
        instrument = self.instruments[place]
        return tuple(_source(instrument.sources[name], instrument.checked_on) for name in names)

    def rows(self) -> list[dict[str, str]]:
        """One row per parameter, for the command line: id, operator, value, unit, status, dates, source."""
        rows = []
        for name, parameter in self.parameters.items():
            entry = _current(parameter.values, self.on)
            value = entry.value
            ref = parameter.sources[0]
            rows.append(
                {
                    "id": name,
                    "title": parameter.title,
                    "operator": entry.operator or "",
                    "value": ", ".join(value) if isinstance(value, tuple) else str(value),
                    "unit": parameter.unit,
                    "status": entry.standing(self.on).value,
                    "from": entry.start.isoformat(),
                    "until": entry.until.isoformat() if entry.until else "",
                    "source": f"{ref.title}, {ref.locator}",
                    "checked_on": parameter.checked_on.isoformat(),
                    "confidence": parameter.confidence,
                }
            )
        return rows

    @kept
    def _value(self, name: str) -> int | Fraction | datetime.date | tuple[str, ...]:
        parameter = self.parameters[name]
        return parsed(_current(parameter.values, self.on), parameter.unit)


class RuleBook(Frozen):
    """All rule data with its whole history."""

    parameters: dict[str, Parameter]
    instruments: dict[str, Instrument]
    coverage: tuple[CoverageRow, ...]
    edition: Edition

    @functools.cached_property
    def hash(self) -> str:
        """SHA-256 (hex) over the canonical data: the same values give the same hash, whatever the layout."""
        data = self.model_dump(mode="json", include={"parameters", "instruments", "coverage"})
        return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def checked_up_to(self) -> datetime.date:
        """The last day up to which every part was checked (the oldest check of all)."""
        days = [parameter.checked_on for parameter in self.parameters.values()]
        days += [instrument.checked_on for instrument in self.instruments.values()]
        days += [row.checked_on for row in self.coverage]
        return min(days)

    def at(self, day: datetime.date) -> Rules:
        """The rules as they stand on `day`."""
        if day not in self._days:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            self._days[day] = Rules(on=day, parameters=self.parameters, instruments=self.instruments)
        return self._days[day]

    @functools.cached_property
    def _days(self) -> dict[datetime.date, Rules]:
        """The rules of the days asked for lately: a window asks for the same day at each key."""
        return {}


def _current(periods: tuple[_P, ...], day: datetime.date) -> _P:
    """The period in force on `day`; else the next that will be; else the last that was; else a mere proposal."""
    for wanted in (Standing.IN_FORCE, Standing.NOT_YET):
        for period in periods:
            if period.standing(day) is wanted:
                return period
    ended = [period for period in periods if period.standing(day) is Standing.ENDED]
    return ended[-1] if ended else periods[-1]


def _source(ref: SourceRef, checked_on: datetime.date) -> Source:
    return Source(
        title=ref.title, locator=ref.locator, url=ref.url, checked_on=checked_on, read_in=ref.read_in
    )
