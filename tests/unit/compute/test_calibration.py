# SPDX-License-Identifier: Apache-2.0
"""Ranges against published training runs, and energy against published energy."""

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from core.compute import weigh
from core.compute.throughput import REAL_RUNS
from core.compute.witnesses import STATED
from core.domain.answers import Answers
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference

ROOT = Path(__file__).parents[3]
TABLES = ROOT / "tests" / "fixtures" / "compute"


def weighed(**answers: Any) -> Footprint:
    return weigh(Known(Project(answers=Answers.model_validate(answers))), load_reference())


@pytest.fixture(scope="module")
def accuracy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("weighbridge_accuracy", ROOT / "benchmarks" / "accuracy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(accuracy: ModuleType) -> list[Any]:
    cases: list[Any] = accuracy.cases(TABLES / "training_compute.csv")
    return cases


def test_ranges_hold_published_values_nine_times_in_ten(accuracy: ModuleType, found: list[Any]) -> None:
    scores = accuracy.scores(found)
    operations, hours, speed, narrowest, combined = scores.values()
    assert operations.count >= 35
    assert hours.count >= 90
    assert speed.count >= 25
    assert combined.count >= 25
    for one in (operations, hours, speed, combined):
        assert 0.85 <= one.covered <= 0.95
        assert one.error < 0.2
    # On the same runs: less wrong than each alone, and narrower than the narrowest of them.
    assert combined.error < min(operations.error, speed.error)
    assert combined.width < narrowest.width < min(operations.width, hours.width)


def test_ranges_hold_for_organisations_the_fit_never_saw(accuracy: ModuleType, found: list[Any]) -> None:
    """Too wide is as wrong as too narrow: the exact bounds of the true share must touch 85 to 95 %."""
    for one in accuracy.scores(found).values():
        for inside in (one.inside, one.left_out.inside):
            least, most = accuracy.bounds(inside, one.count)
            assert least <= 0.95
            assert most >= 0.85
        assert one.left_out.error < 0.15


def test_fitted_widths_are_what_the_rule_gives(accuracy: ModuleType, found: list[Any]) -> None:
    rule = accuracy.fitted(found)
    low, central, high = REAL_RUNS["decoder"]
    for (least, most), (lowest, highest) in (
        (rule["operations"], STATED),
        (rule["throughput"], (low / central, high / central)),
    ):
        assert lowest <= least <= 1.06 * lowest
        assert highest / 1.06 <= most <= highest


def test_bounds_of_a_share_are_those_of_the_textbook(accuracy: ModuleType) -> None:
    """Clopper and Pearson, 90 %: none of ten is at most 1 - 0.05^(1/10), ten of ten at least 0.05^(1/10)."""
    assert accuracy.bounds(0, 10) == pytest.approx((0.0, 1 - 0.05**0.1))
    assert accuracy.bounds(10, 10) == pytest.approx((0.05**0.1, 1.0))
    assert accuracy.bounds(100, 100)[0] > 0.95  # all of a hundred would fail the test above


def test_the_shortest_range_leaves_far_values_out(accuracy: ModuleType) -> None:
    values = [*(float(n) for n in range(20)), 500.0]
    assert accuracy.shortest(values) == (0.0, 19.0)
    with pytest.raises(ValueError, match="no values"):
        accuracy.shortest([])


def test_the_page_says_what_was_measured(accuracy: ModuleType, found: list[Any]) -> None:
    page = accuracy.page(accuracy.scores(found), accuracy.fitted(found))
    assert (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8") == page


def test_typed_in_numbers_have_a_wide_range_until_something_supports_them() -> None:
    bare = weighed(parameters_total=10**9, tokens=10**12).accounts.own
    backed = weighed(parameters_total=10**9, tokens=10**12, epochs=1).accounts.own
    assert bare is not None
    assert backed is not None
    assert bare.central == backed.central == 6 * 10**21
    assert bare.low < backed.low < backed.high < bare.high
    assert any("typed in" in note for note in bare.assumptions)


def energy_rows() -> list[dict[str, str]]:
    with (TABLES / "energy.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["gpu_hours"] and row["power_w"]]


@pytest.mark.parametrize("row", energy_rows(), ids=lambda row: row["name"])
def test_energy_within_five_percent(row: dict[str, str]) -> None:
    answers: dict[str, Any] = {
        "hours": float(row["gpu_hours"]),
        "device_count": 1,
        "device_watts": float(row["power_w"]),
    }
    if row["pue"]:
        answers["pue"] = float(row["pue"])
    if row["grid_gco2_per_kwh"]:
        answers["grid_g_per_kwh"] = float(row["grid_gco2_per_kwh"])
    footprint = weighed(**answers)
    assert footprint.energy is not None
    for key in ("energy_mwh", "calc_mwh"):
        if row[key]:
            assert footprint.energy.central / 1000 == pytest.approx(float(row[key]), rel=0.05)
    if row["calc_tco2"]:
        assert footprint.co2 is not None
        assert footprint.co2.central / 1000 == pytest.approx(float(row["calc_tco2"]), rel=0.12)


def test_no_overhead_is_added_to_watts_that_were_said() -> None:
    said = weighed(hours=10, device_watts=400).energy
    assert said is not None
    assert said.central == pytest.approx(4.0)
    assert said.high == pytest.approx(4.0 * 1.1 * 1.2)
    assert any("none is added" in note for note in said.assumptions)
