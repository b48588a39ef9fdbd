# SPDX-License-Identifier: Apache-2.0
"""The length a batch is padded to, against distributions whose expected longest is known, and against drawn lengths."""

import random

import pytest

from core.compute.uneven_texts import padded_length


@pytest.mark.parametrize("together", [2, 4, 9, 32])
def test_even_lengths_reach_n_over_n_plus_one(together: int) -> None:
    """The expected maximum of n even variables on [0, 1] is n / (n + 1)."""
    expected = 5 + 30 * together / (together + 1)
    assert padded_length(5, 20, 35, together) == pytest.approx(expected, abs=0.05)  # lengths have one decimal
    # So wide that the decimal does not matter.
    assert padded_length(0, 5e5, 1e6, together) == pytest.approx(1e6 * together / (together + 1), rel=1e-4)


@pytest.mark.parametrize("together", [2, 8, 16])
def test_a_long_tail_reaches_the_harmonic_number(together: int) -> None:
    """The expected maximum of n exponential variables is their mean times 1 + 1/2 + ... + 1/n."""
    harmonic = sum(1 / number for number in range(1, together + 1))
    assert padded_length(0, 50, 1000, together) == pytest.approx(50 * harmonic, rel=0.02)


def test_a_mean_near_the_longest() -> None:
    """The mirror image: of the gaps below the longest, the smallest of n is a n-th part of their mean."""
    assert padded_length(0, 980, 1000, 4) == pytest.approx(1000 - 20 / 4, abs=0.5)


@pytest.mark.parametrize(
    ("least", "mean", "longest", "together", "expected"),
    [(8, 8, 8, 16, 8), (0, 10, 20, 1, 10), (0, 20, 20, 4, 20)],
)
def test_nothing_to_pad(least: int, mean: int, longest: int, together: int, expected: int) -> None:
    assert padded_length(least, mean, longest, together) == pytest.approx(expected)


@pytest.mark.parametrize(("mean", "longest"), [(1, 10**9), (10**9 - 1, 10**9), (0.001, 1)])
def test_odd_lengths_stay_between_the_mean_and_the_longest(mean: float, longest: int) -> None:
    assert mean <= padded_length(0, mean, longest, 8) <= longest


def test_more_texts_are_padded_further() -> None:
    lengths = [padded_length(3, 17, 120, together) for together in (1, 2, 4, 8, 64, 1024)]
    assert lengths == sorted(lengths)
    assert 17 <= lengths[0] < lengths[-1] <= 120


@pytest.mark.parametrize("sigma", [0.5, 0.8])
def test_texts_as_people_write_them(sigma: float) -> None:
    """Lognormal lengths, in batches of 16, padded one by one."""
    drawn = random.Random(4)
    texts = [int(drawn.lognormvariate(3.2, sigma)) + 3 for _ in range(960)]
    true = sum(max(texts[start : start + 16]) for start in range(0, 960, 16)) / 60
    got = padded_length(min(texts), sum(texts) / len(texts), max(texts), 16)
    assert 0.85 < got / true < 1.3
