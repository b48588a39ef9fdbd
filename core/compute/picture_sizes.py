# SPDX-License-Identifier: Apache-2.0
"""Pictures of several sizes: what one of them costs on average.

Trainers sort pictures into buckets of nearly one area. An operation of a denoiser is linear in the picture's area, or, in
attention, quadratic. So up to three areas are counted through the layer table, and a parabola through them gives the rest.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from core.domain.known import Known
from core.domain.names import FoundOnly

_MOST = 2000
_LARGEST_SIDE = 16384


class Size(NamedTuple):
    """Pictures of one size: width and height in pixels, and how many are read in one pass."""

    wide: int
    high: int
    pictures: int

    @property
    def area(self) -> int:
        return self.wide * self.high


def picture_sizes(known: Known) -> tuple[Size, ...]:
    """The sizes in which the pictures were read, smallest area first; empty when no file tells."""
    told = known.mapping(FoundOnly.PICTURE_SIZES) or {}
    sizes = []
    for name, count in list(told.items())[:_MOST]:
        wide, _, high = name.partition("x")
        if (
            not (wide.isdecimal() and high.isdecimal() and len(name) < 12)
            or type(count) is not int
            or count <= 0
        ):
            return ()
        size = Size(int(wide), int(high), count)
        if not (8 <= size.wide <= _LARGEST_SIDE and 8 <= size.high <= _LARGEST_SIDE):
            return ()
        sizes.append(size)
    return tuple(sorted(sizes, key=lambda size: (size.area, size.wide)))


def asked_sizes(known: Known) -> tuple[Size, ...]:
    """The sizes that were asked for, one picture each, smallest area first; empty for fewer than two."""
    fact = known.get(FoundOnly.RESOLUTIONS)
    told = fact.value if fact is not None and isinstance(fact.value, list) else []
    sizes = set()
    for pair in told[:_MOST]:
        if not isinstance(pair, list) or len(pair) != 2:
            return ()
        wide, high = pair
        if type(wide) is not int or type(high) is not int:
            return ()
        if not (8 <= wide <= _LARGEST_SIDE and 8 <= high <= _LARGEST_SIDE):
            return ()
        sizes.add(Size(wide, high, 1))
    return tuple(sorted(sizes, key=lambda size: (size.area, size.wide))) if len(sizes) > 1 else ()


def most_usual(sizes: tuple[Size, ...]) -> Size:
    """The size that most pictures have."""
    return max(sizes, key=lambda size: size.pictures)


def mean_area(sizes: tuple[Size, ...]) -> float:
    """Pixels of a picture, on average."""
    return sum(size.area * size.pictures for size in sizes) / sum(size.pictures for size in sizes)


def mean_cost(sizes: tuple[Size, ...], cost: Callable[[Size], int]) -> int:
    """What a picture costs on average. `cost` is asked for at most three of the sizes."""
    by_area: dict[int, Size] = {}
    for size in sizes:
        by_area.setdefault(size.area, size)
    areas = sorted(by_area)
    if len(areas) > 3:
        middle = math.isqrt(areas[0] * areas[-1])
        areas = [areas[0], min(areas[1:-1], key=lambda area: abs(area - middle)), areas[-1]]
    counted = [(area, cost(by_area[area])) for area in areas]
    total = sum(size.pictures * _between(counted, size.area) for size in sizes)
    return round(total / sum(size.pictures for size in sizes))


def _between(counted: list[tuple[int, int]], area: int) -> float:
    """Lagrange's polynomial through the points, at `area`."""
    total = 0.0
    for index, (at, value) in enumerate(counted):
        share = 1.0
        for other, (elsewhere, _) in enumerate(counted):
            if other != index:
                share *= (area - elsewhere) / (at - elsewhere)
        total += share * value
    return total
