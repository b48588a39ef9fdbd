# SPDX-License-Identifier: Apache-2.0
"""co2_eq_emissions: the Hub reads grams. Kilograms there make a model look a thousand times cleaner."""

import re
from collections.abc import Iterator

from core.lint.card import Card
from core.lint.problem import Problem, problem

_HOURS = re.compile(
    r"(?:hours used\W{1,12}|(?<![\w.]))(\d[\d,]*(?:\.\d+)?)\s*(?:k\s*)?(?:x\s*)?(?:[A-Z]{1,2}\d{2,4}\w*[- ])?(?:gpu|tpu|device|accelerator)?[- ]?(?:hours|hrs|h\b)",
    re.IGNORECASE,
)
_USED = re.compile(r"hours used\W{1,12}(\d[\d,]*(?:\.\d+)?)", re.IGNORECASE)
MANY_HOURS = 10.0
"""From here on less than a gram cannot be: 10 h at 20 W and 5 g/kWh, the cleanest grid there is, already give one."""


def emission_problems(card: Card, hours: float | None) -> Iterator[Problem]:
    """`hours` of training that the folder knows of; else the text's own are used."""
    if "co2_eq_emissions" not in card.values:
        return
    line, value = card.line("co2_eq_emissions"), card.values["co2_eq_emissions"]
    amount = value.get("emissions") if isinstance(value, dict) else value
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount < 0 or amount != amount:
        yield problem("emissions-value", line, value=str(amount))
        return
    known = max([hours or 0.0, *stated_hours(card)])
    if 0 < amount < 1 and known > MANY_HOURS:
        yield problem("emissions-unit", line, value=f"{amount:g}", hours=f"{known:g}")
    if not (isinstance(value, dict) and value.get("source")):
        yield problem("emissions-source", line)


def stated_hours(card: Card) -> list[float]:
    """Hours of training that the text names."""
    words = card.prose()
    return [float(found.replace(",", "")) for pattern in (_HOURS, _USED) for found in pattern.findall(words)]
