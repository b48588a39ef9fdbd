# SPDX-License-Identifier: Apache-2.0
"""Ranges fitted on some published runs and tried on others.

The rule for a width that is fitted: the shortest range of published / central that holds nine in ten of the runs,
counted as ceil(0.9 (n + 1)) of n so that one more run lies in it nine times in ten. Left out together: all runs of
one organisation, because these share habits, machines and mistakes.
"""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

LEVEL = 0.9


class LeftOut(NamedTuple):
    """Median |log10 error|, runs in the range and mean width in decades, each run judged by the others' fit."""

    error: float
    inside: int
    width: float


def shortest(values: Sequence[float]) -> tuple[float, float]:
    """The shortest range that holds ceil(0.9 (n + 1)) of n values, at most all. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    count = min(len(ordered), math.ceil(LEVEL * (len(ordered) + 1)))
    starts = range(len(ordered) - count + 1)
    first = min(starts, key=lambda start: ordered[start + count - 1] - ordered[start])
    return ordered[first], ordered[first + count - 1]


def left_out(ratios: Sequence[tuple[str, float]]) -> LeftOut:
    """`ratios` are (group, log10 of published / central). Each group is judged by what the other groups give."""
    errors, inside, widths = [], 0, []
    for group in dict.fromkeys(group for group, _ in ratios):
        others = [value for other, value in ratios if other != group]
        if not others:
            continue
        low, high = shortest(others)
        middle = statistics.median(others)
        for value in (value for other, value in ratios if other == group):
            errors.append(abs(value - middle))
            inside += low <= value <= high
            widths.append(high - low)
    return LeftOut(statistics.median(errors), inside, statistics.mean(widths))


def bounds(inside: int, count: int, level: float = 0.9) -> tuple[float, float]:
    """Clopper and Pearson's interval for the true share behind `inside` of `count`."""
    side = (1 - level) / 2

    def at_least(share: float, hits: int) -> float:
        return sum(
            math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(hits, count + 1)
        )

    def solve(hits: int, wanted: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if at_least(middle, hits) < wanted else (low, middle)
        return low

    least = 0.0 if inside == 0 else solve(inside, side)
    most = 1.0 if inside == count else solve(inside + 1, 1 - side)
    return least, most
