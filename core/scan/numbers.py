# SPDX-License-Identifier: Apache-2.0
"""Numbers out of parsed files: only what fits the questions, nothing guessed."""

import math

LIMIT = 10**30
"""Upper end of every count (core.domain.answers.Count)."""


def whole(value: object, low: int = 0) -> int | None:
    """`value` as a whole number from `low` to 10**30 (10.0 counts, 10.5, NaN and True do not), or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float):
        if not math.isfinite(value) or value != math.floor(value):
            return None
        value = int(value)
    return value if low <= value <= LIMIT else None


def real(value: object, low: float = -math.inf) -> float | None:
    """`value` as a finite number not below `low`, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
        return None
    number = float(value)
    return number if math.isfinite(number) and number >= low else None
