# SPDX-License-Identifier: Apache-2.0
"""Lines, steps and sources: how a comparison is written down so that a lawyer can follow it."""

import datetime
import functools
from fractions import Fraction
from typing import Literal

from core.domain.estimate import FlopEstimate
from core.domain.finding import Line, Source, TraceStep
from core.rules.rulebook import COMPARE
from core.texts import text
from core.units import distance, scientific

Account = Literal["own", "base", "direct", "cumulative"]


def compare(
    *,
    name: str,
    label: str,
    value: int,
    operator: str,
    account: Account,
    estimate: FlopEstimate | None,
    margin: Fraction,
    in_force: bool = True,
    spread: tuple[int, int] | None = None,
) -> Line:
    """Compare the central estimate with the line, as exact integers.

    `margin` is the error an estimate may have (Guidelines point 120): a central value within it, or a range on
    both sides, sets `straddles`. `spread` is the range of the line itself when it is derived from an estimate.
    """
    if estimate is None:
        return Line(id=name, label=label, value=value, operator=operator, account=account, in_force=in_force)
    crosses = COMPARE[operator]
    lowest, highest = spread or (value, value)
    both_sides = crosses(estimate.high, lowest) and not crosses(estimate.low, highest)
    near = abs(estimate.central - value) * margin.denominator <= margin.numerator * value
    return Line(
        id=name,
        label=label,
        value=value,
        operator=operator,
        account=account,
        model_value=estimate.central,
        crossed=crosses(estimate.central, value),
        straddles=both_sides or near,
        distance=distance(estimate.central, value),
        in_force=in_force,
    )


def part_of(value: int, share: Fraction, operator: str) -> int:
    """The whole number which compares with integers exactly as share x value does.

    For > and <= the floor does (x > v/3 is the same as x > floor(v/3) for whole x); for >= and < the ceiling.
    """
    product = value * share
    return product.__floor__() if operator in (">", "<=") else product.__ceil__()


def line_step(line: Line) -> TraceStep:
    """The comparison as one step: rule, line, what was put in, result."""
    if line.model_value is None:
        return TraceStep(
            rule=line.label,
            value=f"{line.operator} {scientific(line.value, 3)} FLOP",
            inputs=text("rules.trace.not_known", account=text(f"rules.account.{line.account}")),
            result=text("rules.trace.open"),
        )
    return TraceStep(
        rule=line.label,
        value=f"{line.operator} {scientific(line.value, 3)} FLOP",
        inputs=f"{text(f'rules.account.{line.account}')}: {scientific(line.model_value, 3)} FLOP",
        result=text("rules.trace.over" if line.crossed else "rules.trace.under", distance=line.distance),
    )


def step(key: str, *, value: str = "", inputs: str = "", **filled: object) -> TraceStep:
    """A step which is no comparison; `key` names its rule and result in the catalogue."""
    return TraceStep(
        rule=text(f"{key}.rule", **filled), value=value, inputs=inputs, result=text(f"{key}.result", **filled)
    )


def caveat(lines: tuple[Line, ...], sources: tuple[Source, ...]) -> str:
    """What a reader must know about the certainty: near a line, or read only in a copy."""
    near = [line for line in lines if line.straddles and line.in_force]
    parts = [text("rules.caveat.near", line=line.label, distance=line.distance) for line in near]
    if sources and all(source.read_in for source in sources):
        parts.append(text("rules.caveat.copy"))
    return " ".join(parts)


@functools.cache
def day_words(day: datetime.date) -> str:
    """ "2 August 2027", whatever language the machine speaks (documents are English)."""
    return f"{day.day} {text('rules.months').split()[day.month - 1]} {day.year}"


def unique(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """The sources without repetition, in order."""
    return tuple(dict.fromkeys(sources))


def nearest_first(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines ordered by how close the model is to them; without a value, the lowest line first."""

    def away(line: Line) -> tuple[bool, Fraction, int, bool, str]:
        if not line.model_value:
            return (True, Fraction(0), line.value, not line.in_force, line.id)
        high, low = max(line.model_value, line.value), min(line.model_value, line.value)
        return (False, Fraction(high, low), line.value, not line.in_force, line.id)

    return tuple(sorted(lines, key=away))
