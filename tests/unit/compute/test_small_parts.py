# SPDX-License-Identifier: Apache-2.0
"""Numbers for people, ranges, sizes behind total_flos, and versions of a trainer: each at its edges."""

import math
from typing import Any

import pytest

from core.compute.input_size import InputSize, _divided
from core.compute.network import Network
from core.compute.ranges import Z90, estimate, scaled, shown, sigma, step
from core.compute.recorded_tokens import tokens_from_flos
from core.compute.sample_count import SampleCount, sample_count
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from tests.unit.compute.configs import TINY_LLAMA


def known(**found: Any) -> Known:
    facts = [
        Fact[Any](name=name, value=value, origin=Origin(kind=OriginKind.FILE, file="x.json", key=name))
        for name, value in found.items()
    ]
    return Known(Project(scan=ScanResult(folder_name="x", facts=tuple(facts))))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (10**13 - 1, "9,999,999,999,999"),
        (10**13, "1.000 × 10¹³"),
        (-(10**13) + 1, "-9,999,999,999,999"),
        (3.0, "3"),
        (1e12, "1,000,000,000,000"),
        (2.5, "2.5"),
        (0.00015, "0.00015"),
        (0.0001, "0.0001"),
        (12345.6, "1.235e+04"),
        (1234.56, "1,235"),
    ],
)
def test_numbers_as_they_are_typed(value: float, words: str) -> None:
    assert shown(value) == words


def test_very_small_and_very_large_fractions_have_a_power_of_ten() -> None:
    for value in (0.00009, 1e6 + 0.5, 1e13):
        assert "10" in shown(value)
        assert "e" not in shown(value)


def test_scaling_is_exact_and_ranges_hold_their_centre() -> None:
    assert scaled(10**30, 0.3) == 3 * 10**29
    found = estimate(100, 1.5, 0.5, method="counted")
    assert (found.low, found.central, found.high) == (100, 100, 100)
    found = estimate(100, 0.5, 1.5, method="counted", inputs=[None], assumptions=["a", "a", "b"])
    assert (found.low, found.high, found.inputs, found.assumptions) == (50, 150, (), ("a", "b"))
    assert sigma(found) == pytest.approx(math.log(3) / (2 * Z90))
    assert sigma(found.replace(low=0)) == 3.0
    assert sigma(found.replace(low=1)) == pytest.approx(math.log(150) / (2 * Z90))
    assert sigma(found.replace(low=100, high=100)) == 0.01
    assert step("sequence", "1", 1000).result == "1,000 FLOP"
    assert step("sequence", "1", 1000, "").result == "1,000"


FLOS: AnyFact = Fact(name="recorded_flos", value=1.0, origin=Origin(kind=OriginKind.FILE, file="x"))


@pytest.mark.parametrize(
    ("values", "samples", "side"),
    [
        (3 * 8 * 8, 1, 8),
        (3 * 7 * 7, 1, None),
        (2 * 3 * 32 * 32, 2, 32),
        (3 * 8 * 8 + 1, 1, None),
        (3 * 8 * 9, 1, None),
        (3 * 8 * 8 + 3, 1, None),
    ],
)
def test_the_side_of_a_picture(values: int, samples: int, side: int | None) -> None:
    assert InputSize(values, samples, FLOS, 1).side(3) == side


def test_the_length_of_a_clip() -> None:
    for values, samples, length, even in ((800, 2, 400, True), (801, 2, 400, False), (1, 4, 1, False)):
        found = InputSize(values, samples, FLOS, 1)
        assert (found.length, found.even) == (length, even)


@pytest.mark.parametrize(
    ("flos", "each", "times"),
    [
        (60, 6, 10),
        (61, 6, None),
        (59, 6, None),
        (60, 0, None),
        (60, -6, None),
        (2**53 - 2, 2, 2**52 - 1),
        (2**53 - 1, 2, None),
        # Rounded numbers may be a little off, but never by a quarter of what is divided by.
        (2**60 + 2**19, 2**30, 2**30),
        (2**60 + 2**21, 2**30, None),
        (2**60, 2**21, None),
        (2**60, 2**22, 2**38),
    ],
)
def test_total_flos_must_come_out_even(flos: int, each: int, times: int | None) -> None:
    assert _divided(flos, each) == times


@pytest.mark.parametrize(
    ("found", "count", "high"),
    [
        ({}, None, 1.0),
        ({"samples": 1}, 1, 1.0),
        ({"samples": 0}, None, 1.0),
        ({"samples": 0, "steps": 3, "global_batch": 2}, 6, 1.0),
        ({"steps": 1, "global_batch": 1}, 1, 1.0),
        ({"steps": 0, "global_batch": 2}, None, 1.0),
        ({"steps": 3, "global_batch": 0}, None, 1.0),
        ({"steps": 3, "batch_per_device": 2, "gradient_accumulation": 4, "world_size": 5}, 120, 1.0),
        ({"steps": 3, "batch_per_device": 0, "gradient_accumulation": 4, "world_size": 5}, 3, 1.0),
        ({"steps": 3, "batch_per_device": 2}, 6, 64.0),
        ({"steps": 3, "batch_per_device": 2, "gradient_accumulation": 4}, 24, 8.0),
        ({"steps": 3, "batch_per_device": 2, "world_size": 5}, 30, 8.0),
        ({"steps": 3, "batch_per_device": 2, "world_size": 0}, 6, 64.0),
        ({"steps": 3, "batch_per_device": 0}, None, 1.0),
        ({"steps": 3, "batch_per_device": 1, "world_size": 1}, 3, 8.0),
        ({"steps": 10, "samples_per_second": 8.0, "steps_per_second": 1.0}, 80, 1.0),
        ({"steps": 10, "samples_per_second": 0.0, "steps_per_second": 1.0}, None, 1.0),
        ({"steps": 10, "samples_per_second": 8.0, "steps_per_second": 0.001}, None, 1.0),
        # 13.92 and 14.02 lie about seven devices of two.
        ({"steps": 10, "samples_per_second": 14.0, "steps_per_second": 1.0, "batch_per_device": 4}, 140, 1.0),
        ({"steps": 10, "samples_per_second": 0.2, "steps_per_second": 1.0}, 10, 1.0),
        ({"steps": 10, "samples_per_second": 0.012, "steps_per_second": 0.003}, 40, 1.25),
    ],
)
def test_how_many_sequences(found: dict[str, Any], count: int | None, high: float) -> None:
    got = sample_count(known(**found), "sft")
    assert got.count == count
    assert got.high == pytest.approx(high)
    assert bool(got.assumptions) is (high > 1)
    pairs = sample_count(known(**found), "dpo")
    told = count is None or found.get("samples")
    assert pairs.count == (count if told else 2 * (count or 0))


@pytest.mark.parametrize(
    ("epochs", "least"),
    [
        (0.99, 1.0),  # no epoch ended
        (1.0, 80 - 7),
        (3.0, 80 - 21),  # three last batches of one row
        (2.9999, 80 - 21),  # rounded by the log
        (99.0, 10),  # no more than one in each step
    ],
)
def test_last_batches_of_unknown_size_widen_the_range_downwards(epochs: float, least: float) -> None:
    got = sample_count(known(steps=10, global_batch=8, epochs=epochs), "sft")
    assert (got.count, got.high) == (80, 1.0)
    assert got.low == pytest.approx(least / 80 if least > 1 else 1.0)
    assert bool(got.assumptions) is (got.low < 1)
    assert sample_count(known(samples=80, epochs=epochs), "sft").low == 1.0
    many = sample_count(known(steps=10_000, global_batch=8, epochs=epochs), "sft")
    assert not many.assumptions  # less than one in a hundred


@pytest.mark.parametrize(
    ("accumulation", "least"),
    [
        (1, 80 - 21),
        (4, 80 - 21 - 3 * 6),  # and an update after the first pass of each epoch: 2 rows of 8
        (8, 80 - 21 - 3 * 7),
    ],
)
def test_a_script_that_tells_how_many_epochs_it_began(accumulation: int, least: float) -> None:
    facts = {"steps": 10, "global_batch": 8, "gradient_accumulation": accumulation}
    got = sample_count(known(**facts, epochs_planned=3.0), "sft")
    assert (got.count, got.low) == (80, pytest.approx(least / 80))
    assert sample_count(known(**facts, epochs_planned=3.0, epochs=0.5), "sft").low == 1.0
    assert sample_count(known(**facts, epochs_planned=99.0), "sft").low == pytest.approx(1 / 8)


def test_nothing_known_of_sequences_is_nothing_assumed() -> None:
    assert sample_count(known(), "") == SampleCount()


def network(**more: Any) -> Network:
    from core.compute.resolve import _with_count

    return _with_count(Network(method="full", method_fact=None, config={**TINY_LLAMA, **more}))


def test_tokens_behind_total_flos() -> None:
    net = network()
    assert net.total is not None
    assert net.embedding is not None
    outside = net.total - net.embedding
    for flos, steps, tokens in (
        (6 * outside * 1000, None, 1000),
        (6 * outside * 1000, 1000, 1000),
        (6 * outside * 1000, 1001, None),
        (6 * outside * 1000 + 3 * outside - 1, None, 1000),
        (6 * outside * 10**13, None, 10**13),
        (outside, None, None),
        (0, None, None),
    ):
        found = {"recorded_flos": flos} | ({"steps": steps} if steps is not None else {})
        got = tokens_from_flos(known(**found), net)
        assert (got[0] if got else None) == tokens, (flos, steps)
        assert got is None or got[2] == outside
    assert tokens_from_flos(known(recorded_flos=6 * outside, sharded=True), net) is None
    assert tokens_from_flos(known(recorded_flos=10**15), Network(method="full", method_fact=None)) is None
