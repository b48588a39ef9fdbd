# SPDX-License-Identifier: Apache-2.0
"""What the monkey says of memory must follow from what was measured: flat, leaning, or not known."""

from __future__ import annotations

import random

from benchmarks.monkey_memory import LIMIT, lean


def _run(each: float, noise: float, samples: int = 60) -> list[tuple[int, float]]:
    """Samples a thousand events apart that grow by `each` MiB, after a first quarter that fills caches."""
    dice = random.Random(4)
    return [
        (at * 1000, 50 + min(at, samples // 4) * 0.5 + at * each + dice.gauss(0, noise))
        for at in range(1, samples + 1)
    ]


def test_what_a_cache_took_at_first_is_no_lean() -> None:
    told = lean(_run(0.0, 0.3))
    assert told.verdict == "flat"
    assert told.low < 0 < told.high < LIMIT


def test_what_grows_to_the_end_leans() -> None:
    told = lean(_run(0.56, 3.0))
    assert told.verdict == "leans"
    assert told.low < 0.56 < told.high
    assert abs(told.each - 0.56) < 0.1


def test_noise_or_a_short_run_is_not_called_flat() -> None:
    assert lean(_run(0.0, 8.0)).verdict == "not known, run longer"
    assert lean(_run(0.0, 0.0, samples=10)).verdict == "not known, run longer"
    assert lean([]).verdict == "not known, run longer"


def test_the_interval_is_that_of_student() -> None:
    """Six points beside a flat line: the error of the slope by the book, times t of four degrees of freedom (2.776)."""
    points = [(0, 0.0)] * 6 + [(x * 1000, y) for x, y in enumerate((1.0, -1.0, 0.0, 0.0, -1.0, 1.0))]
    told = lean(points)
    assert told.each == 0
    assert abs(told.high - 2.776 * (4 / 4 / 17.5) ** 0.5) < 0.02
