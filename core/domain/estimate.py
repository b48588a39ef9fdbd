# SPDX-License-Identifier: Apache-2.0
"""A number that reaches a user: a range, a method, and what it was made of."""

from typing import Self

from pydantic import model_validator

from core.domain.base import Frozen
from core.domain.fact import AnyFact


class ArithmeticStep(Frozen):
    """One line a person can check with a calculator: `label`: `expression` = `result`."""

    label: str
    expression: str
    result: str


class _Estimate(Frozen):
    """What every range tells beside its numbers: how it was found, from what, with what assumed."""

    method: str
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low, central, high = (getattr(self, name) for name in ("low", "central", "high"))
        if not 0 <= low <= central <= high:
            raise ValueError("an estimate needs 0 <= low <= central <= high")
        return self


class FlopEstimate(_Estimate):
    """Training operations (FLOP, multiply and add counted apart) as exact integers, low <= central <= high.

    The range is meant to hold the true value nine times in ten.
    """

    low: int
    central: int
    high: int


class Quantity(_Estimate):
    """A physical quantity with a range (energy in kWh, CO2 in kg)."""

    low: float
    central: float
    high: float
    unit: str
