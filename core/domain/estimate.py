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


class FlopEstimate(Frozen):
    """Training operations (FLOP, multiply and add counted apart) as exact integers, low <= central <= high.

    The range is meant to hold the true value nine times in ten.
    """

    low: int
    central: int
    high: int
    method: str
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 <= self.low <= self.central <= self.high:
            raise ValueError("an estimate needs 0 <= low <= central <= high")
        return self


class Quantity(Frozen):
    """A physical quantity with a range (energy in kWh, CO2 in kg)."""

    low: float
    central: float
    high: float
    unit: str
    method: str
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 <= self.low <= self.central <= self.high:
            raise ValueError("an estimate needs 0 <= low <= central <= high")
        return self
