# SPDX-License-Identifier: Apache-2.0
"""Exact integer arithmetic for ranges, and numbers as a person types them into a calculator."""

import math
from collections.abc import Iterable
from fractions import Fraction

from core.domain.estimate import ArithmeticStep, FlopEstimate
from core.domain.fact import AnyFact
from core.texts import text
from core.units import grouped, scientific

Z90 = 1.6448536269514722
"""A normal value lies within this many standard deviations nine times in ten."""


def scaled(value: int, factor: float) -> int:
    """`value` x `factor` without the rounding of floats (factor to nine digits)."""
    ratio = Fraction(factor).limit_denominator(10**9)
    return value * ratio.numerator // ratio.denominator


def estimate(
    central: int,
    low: float,
    high: float,
    *,
    method: str,
    inputs: Iterable[AnyFact | None] = (),
    assumptions: Iterable[str] = (),
    steps: Iterable[ArithmeticStep] = (),
) -> FlopEstimate:
    """An estimate whose range is `central` x `low` to `central` x `high` (low <= 1 <= high)."""
    return FlopEstimate(
        low=min(central, scaled(central, low)),
        central=central,
        high=max(central, scaled(central, high)),
        method=text(f"compute.method.{method}"),
        inputs=tuple(fact for fact in inputs if fact is not None),
        assumptions=tuple(dict.fromkeys(assumptions)),
        steps=tuple(steps),
    )


def sigma(found: FlopEstimate) -> float:
    """Standard deviation of ln(FLOP) that the 90 % range stands for; never below one percent."""
    if found.low <= 0:
        return 3.0
    return max(0.01, (math.log(found.high) - math.log(found.low)) / (2 * Z90))


def shown(value: int | float) -> str:
    """A number for an arithmetic line: all digits while they can be typed, then four significant ones."""
    if isinstance(value, int):
        return grouped(value) if abs(value) < 10**13 else scientific(value, 4)
    if value == int(value) and abs(value) < 10**13:
        return grouped(int(value))
    return f"{value:,.4g}" if 1e-4 <= abs(value) < 1e6 else scientific(value, 4)


def step(label: str, expression: str, result: int | float, unit: str = "FLOP") -> ArithmeticStep:
    """One line of arithmetic; `label` is a key of the catalogue's `compute.step` entries."""
    number = shown(result)
    return ArithmeticStep(
        label=text(f"compute.step.{label}"),
        expression=expression,
        result=f"{number} {unit}" if unit else number,
    )
