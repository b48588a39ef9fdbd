# SPDX-License-Identifier: Apache-2.0
"""The shape of the rule data: dated values with status, operator, sources and the day they were last checked."""

import datetime
import itertools
import re
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from core.domain.base import Frozen

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Day = Annotated[datetime.date, Field(strict=True)]
Operator = Literal[">", ">=", "<", "<="]
Unit = Literal[
    "FLOP",
    "FLOP amount",
    "FLOP per hour",
    "FLOP per second",
    "Gbit/s",
    "USD",
    "KRW",
    "persons",
    "EUR amount",
    "count",
    "share",
    "date",
    "list",
]

_WHOLE = re.compile(r"(?:([1-9]\d*)\s*[*×]\s*)?(?:10\^([1-9]\d*))|([1-9]\d*)")
_SHARE = re.compile(r"([1-9]\d*)/([1-9]\d*)")
UNITS_WITH_OPERATOR = ("FLOP", "FLOP per second", "Gbit/s", "USD", "KRW", "persons")
"""Lines are compared with; an amount is only an input."""
_WHOLE_UNITS = (*UNITS_WITH_OPERATOR, "FLOP amount", "FLOP per hour", "EUR amount", "count")


class Status(StrEnum):
    """What a law's text says about a value. Proposed and announced values are never computed with.

    passed: by both houses, signature not verified. unenforced: on the books, but the office said it will not act.
    vetoed: never became law. general: law of long standing without one start. no_law: a country without such a
    law; its date is that of the last news.
    """

    IN_FORCE = "in_force"
    ENACTED = "enacted"
    ANNOUNCED = "announced"
    PROPOSED = "proposed"
    REPEALED = "repealed"
    PASSED = "passed"
    UNENFORCED = "unenforced"
    VETOED = "vetoed"
    GENERAL = "general"
    NO_LAW = "no_law"


class Standing(StrEnum):
    """How a value or an instrument stands on one day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    ENDED = "ended"
    PROPOSED = "proposed"
    UNSURE = "unsure"
    """Its day has come, but whether it became law could not be verified."""
    NO_LAW = "no_law"


def whole(text: str) -> int:
    """The exact integer of "100000", "10^23" or "3*10^25". Raises ValueError for anything else (also floats)."""
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an exact whole number such as 10^23")
    factor, exponent, digits = match.groups()
    return int(digits) if digits else int(factor or 1) * 10 ** int(exponent)


def share(text: str) -> Fraction:
    """The exact fraction of "1/3". Raises ValueError for anything else."""
    match = _SHARE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an exact fraction such as 1/3")
    return Fraction(int(match[1]), int(match[2]))


def _no_number(value: Any) -> Any:
    """Numbers must be written as text: YAML would round them or read them as days."""
    if isinstance(value, bool | int | float):
        raise ValueError('write numbers as exact text in quotes, for example "10^23"')
    return tuple(value) if isinstance(value, list) else value


def _url(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("a url starts with https://")
    return value


class SourceRef(Frozen):
    """Where something was read. `read_in` is empty when the original itself was read."""

    title: Text
    locator: Text
    url: Annotated[Text, AfterValidator(_url)] | None = None
    read_in: str = ""


class Period(Frozen):
    """A stretch of time with a status. `until` is the first day on which it no longer stands."""

    model_config = ConfigDict(populate_by_name=True)

    start: Day = Field(alias="from")
    until: Day | None = None
    status: Status

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.until is not None and self.until <= self.start:
            raise ValueError(f"dates out of order: until {self.until} is not after from {self.start}")
        if self.status in (Status.REPEALED, Status.VETOED) and self.until is None:
            raise ValueError(f"a {self.status.value} value needs the day it ended (until)")
        return self

    def standing(self, day: datetime.date) -> Standing:
        """How this stands on `day`."""
        if self.status is Status.NO_LAW:
            return Standing.NO_LAW
        if self.status is Status.GENERAL:
            return Standing.IN_FORCE
        if self.until is not None and day >= self.until:
            return Standing.ENDED
        if self.status in (Status.PROPOSED, Status.ANNOUNCED, Status.VETOED):
            return Standing.PROPOSED
        if day < self.start:
            return Standing.NOT_YET
        return Standing.UNSURE if self.status is Status.PASSED else Standing.IN_FORCE


class Value(Period):
    """One dated value. `operator` tells how a model's number is compared with it."""

    value: Annotated[datetime.date | Text | tuple[Text, ...], BeforeValidator(_no_number)]
    operator: Operator | None = None


def _in_order(periods: tuple[Period, ...], checked_on: datetime.date) -> None:
    for earlier, later in itertools.pairwise(periods):
        if earlier.until is None or earlier.until > later.start:
            raise ValueError(f"dates out of order: the value from {earlier.start} must end by {later.start}")
    for period in periods:
        if period.status in (Status.IN_FORCE, Status.UNENFORCED) and period.start > checked_on:
            raise ValueError(
                f"{period.status.value} from {period.start}, which is after checked_on: write enacted"
            )
        if period.status is Status.ENACTED and period.start <= checked_on:
            raise ValueError(f"enacted, but it started on {period.start}: write in_force")


class Parameter(Frozen):
    """One parameter file: a number, a date or a list that a law sets, with its whole history."""

    id: Text
    title: Text
    description: Text
    unit: Unit
    values: Annotated[tuple[Value, ...], Field(min_length=1)]
    sources: Annotated[tuple[SourceRef, ...], Field(min_length=1)]
    checked_on: Day
    confidence: Literal["high", "medium", "low"]

    @model_validator(mode="after")
    def _values_fit_unit(self) -> Self:
        _in_order(self.values, self.checked_on)
        for entry in self.values:
            parsed(entry, self.unit)
            if self.unit in UNITS_WITH_OPERATOR and entry.operator is None:
                raise ValueError(f"the value from {entry.start} needs an operator")
        return self


class Instrument(Frozen):
    """instrument.yaml: a law, order or act; when it stands; the sources its duties are read from, by name."""

    id: Text
    title: Text
    short: Text
    jurisdiction: Text
    citation: Text
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]
    note: str = ""
    """What could not be verified, as one plain line for the reader."""
    sources: Annotated[dict[Text, SourceRef], Field(min_length=1)]
    checked_on: Day
    confidence: Literal["high", "medium", "low"]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _in_order(self.periods, self.checked_on)
        return self


class CoverageRow(Frozen):
    """coverage.yaml: what of an instrument is judged, and what is not."""

    instrument: Text
    folder: Text
    covers: Text
    leaves_out: Text
    checked_on: Day


class Edition(Frozen):
    """edition.yaml: which issue of the rulebook this is. A rulebook with a higher number is the newer one."""

    number: Annotated[int, Field(strict=True, ge=1)]
    made_on: Day


def parsed(entry: Value, unit: Unit) -> int | Fraction | datetime.date | tuple[str, ...]:
    """The value in its own type: int for FLOP and USD, Fraction, date or list. Raises ValueError on a misfit."""
    value = entry.value
    if unit == "date" and isinstance(value, datetime.date):
        return value
    if unit == "list" and isinstance(value, tuple) and value:
        return value
    if isinstance(value, str) and unit == "share":
        return share(value)
    if isinstance(value, str) and unit in _WHOLE_UNITS:
        return whole(value)
    raise ValueError(f"{value!r} does not fit the unit {unit}")
