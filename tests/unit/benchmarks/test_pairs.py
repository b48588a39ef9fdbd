# SPDX-License-Identifier: Apache-2.0
"""The measuring itself: what a benchmark page says must be what was measured."""

from __future__ import annotations

import sys

import pytest

from benchmarks.pairs import Cost, Growth, Row, cold, in_turn, middle, ms, p99, times
from benchmarks.performance import page


@pytest.mark.skipif(sys.platform == "win32", reason="needs posix_spawn")
def test_the_peak_of_a_small_process_is_its_own() -> None:
    """Linux starts a child's peak with what its parent held; this process holds far more than a bare Python."""
    held = bytearray(150 * 2**20)
    cost = cold([sys.executable, "-c", "pass"])
    assert 1 < cost.peak < 60 < len(held) / 2**20
    assert cost.own > 0
    assert cost.wall > 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs posix_spawn")
def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(SystemExit, match=r"exit code 3\n.*why it failed"):
        cold([sys.executable, "-c", "import sys; print('why it failed', file=sys.stderr); sys.exit(3)"])


def test_pairs_take_turns() -> None:
    """After one of each, the side that goes first changes, so that a warm cache favours neither."""
    order: list[str] = []

    def ours() -> int:
        order.append("ours")
        return len(order)

    def theirs() -> int:
        order.append("theirs")
        return -len(order)

    pairs = in_turn(ours, theirs, 2)
    assert order == ["ours", "theirs", "ours", "theirs", "theirs", "ours"]
    assert pairs == [(3, -4), (6, -5)]


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    """One slow spell hits one pair: the ratio of two sums would move, this does not."""
    pairs = [
        (Cost(1, 1, 1), Cost(2, 1, 1)),
        (Cost(100, 1, 1), Cost(200, 1, 1)),
        (Cost(1, 1, 1), Cost(50, 1, 1)),
    ]
    assert times(pairs, lambda cost: cost.wall) == 2
    assert middle([one for one, _ in pairs]) == Cost(1, 1, 1)
    assert p99([*[0.0] * 198, 7.0, 8.0]) == 7.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.00123, "1.2 ms"), (0.0099, "9.9 ms"), (0.0456, "46 ms"), (9.9, "9900 ms"), (12.34, "12.3 s")],
)
def test_seconds_in_words(seconds: float, words: str) -> None:
    assert ms(seconds) == words


def test_the_page_says_what_was_missed_and_what_was_not_measured() -> None:
    rows = [
        Row("scan", "shards", "1 s", "under 1 s", False, "make bench"),
        Row("flops", "cold", "80 ms", "under 300 ms", True, "make bench"),
        Row("flops", "beside", "no --peers in this run", "20 times", None, "make bench"),
    ]
    shown = page(rows, [Growth("scan", "files", (("1", "2 ms"), ("10", "3 ms")))], "a machine")
    assert "1 met, 1 missed, 1 without a bar or not measured in this run." in shown
    lines = shown.splitlines()
    assert "| scan | shards | 1 s | under 1 s | **no** | `make bench` |" in lines
    assert "| flops | cold | 80 ms | under 300 ms | yes | `make bench` |" in lines
    assert "| flops | beside | no --peers in this run | 20 times | – | `make bench` |" in lines
    assert lines[lines.index("| files | 1 | 10 |") + 2] == "| scan | 2 ms | 3 ms |"
