# SPDX-License-Identifier: Apache-2.0
"""What both converters share: exact numbers, a judgement from answers and accounts."""

import datetime
from typing import Any

from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.rules import Judgement, judge, load_rulebook


def flop(value: Any) -> FlopEstimate | None:
    """A number of operations. 1e24 means 10^24, not the nearest double."""
    if value is None:
        return None
    whole = int(value) if isinstance(value, str | int) and "e" not in str(value).lower() else None
    if whole is None:
        mantissa, _, power = repr(float(value)).partition("e")
        digits = mantissa.replace(".", "").rstrip("0") or "0"
        shift = int(power) - (len(digits) - 1) if power else None
        whole = int(digits) * 10**shift if shift is not None and shift >= 0 else round(float(value))
    return FlopEstimate(low=whole, central=whole, high=whole, method="scenario")


def total(*parts: FlopEstimate | None) -> FlopEstimate | None:
    """The sum; None when a part is not known."""
    numbers = [part.central for part in parts if part is not None]
    return flop(sum(numbers)) if len(numbers) == len(parts) else None


def judged(answers: dict[str, Any], accounts: Accounts, on: datetime.date) -> Judgement:
    """By the shipped rulebook on that day."""
    said = {key: value for key, value in answers.items() if value is not None}
    known = Known(Project(answers=Answers.model_validate(said)))
    return judge(known, Footprint(accounts=accounts), load_rulebook().at(on))


def same_named(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts that carry the name of an answer already."""
    return {key: value for key, value in facts.items() if key in Answers.model_fields and value is not None}
