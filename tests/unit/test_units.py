# SPDX-License-Identifier: Apache-2.0
"""Numbers in words."""

import pytest

from core.units import distance, grouped, scientific, short_count, times


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (13 * 10**22, 2, "1.3 × 10²³"),
        (10**26 + 1, 2, "1.0 × 10²⁶"),
        (0, 2, "0"),
        (0.00012, 2, "1.2 × 10⁻⁴"),
        (870973440, 3, "8.71 × 10⁸"),
        (12 * 10**400, 2, "1.2 × 10⁴⁰¹"),
    ],
)
def test_scientific(value: float, digits: int, expected: str) -> None:
    assert scientific(value, digits) == expected


def test_groups() -> None:
    assert grouped(8030261248) == "8,030,261,248"


@pytest.mark.parametrize(
    ("count", "words"),
    [(896, "896"), (27680, "28 thousand"), (8030261248, "8.0 billion"), (15 * 10**12, "15 trillion")],
)
def test_short_count(count: int, words: str) -> None:
    assert short_count(count) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(2.34, "2.3"), (138.2, "140"), (21321, "21,000"), (5.14e6, "5.1 million"), (3.3e10, "33 billion")],
)
def test_times_has_two_significant_figures(ratio: float, words: str) -> None:
    assert times(ratio) == words


def test_times_never_shows_a_number_for_nonsense() -> None:
    assert times(float("inf")) == "?"
    assert times(-1) == "?"


def test_distance_names_the_side() -> None:
    line = 10**23
    assert distance(10**20, line) == "about 1,000 times below the line"
    assert distance(line, line) == "exactly on the line"
    assert distance(line - 1, line) == "just below the line"
    assert distance(line + 1, line) == "just over the line"
    assert distance(25 * 10**22, line) == "about 2.5 times over the line"
    assert distance(0, line) == "far below the line"
