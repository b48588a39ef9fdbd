# SPDX-License-Identifier: Apache-2.0
"""Energy and CO2: the person's meter first, then watts, never from operations alone."""

from typing import Any

import pytest

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.estimate import Quantity
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference


def weighed(**answers: Any) -> Footprint:
    return weigh(Known(Project(answers=Answers.model_validate(answers))), load_reference())


def energy(**answers: Any) -> Quantity:
    found = weighed(**answers).energy
    assert found is not None
    assert found.unit == "kWh"
    return found


def test_a_meter_wins() -> None:
    found = energy(energy_kwh=12.5, hardware="nvidia-rtx-4090", hours=1000)
    assert found.central == 12.5
    assert found.high == pytest.approx(12.5 * 1.05)


def test_board_limit_is_an_upper_bound() -> None:
    found = energy(hardware="nvidia-rtx-4090", hours=10, device_count=2, pue=1.0)
    assert found.high == pytest.approx(20 * 0.450)
    assert found.low == pytest.approx(20 * 0.450 * 0.6)
    assert found.low < found.central < found.high
    assert any("60 to 100 percent" in note for note in found.assumptions)


def test_watts_and_overhead_of_the_person() -> None:
    found = energy(hours=10, device_count=4, device_watts=300, pue=1.5, device_peak_flops=10**14)
    assert found.central == pytest.approx(10 * 4 * 0.3 * 1.5)


def test_unknown_overhead_is_stated() -> None:
    home = energy(hardware="nvidia-rtx-4090", hours=10, device_watts=400)
    assert home.central == pytest.approx(4.0)
    assert home.high == pytest.approx(4.0 * 1.1 * 1.2)
    centre = energy(hardware="nvidia-h100-sxm5-80gb", hours=10, device_watts=400)
    assert centre.central == pytest.approx(4.0)  # published watts often hold the overhead already
    assert any("none is added" in note for note in centre.assumptions)
    assert energy(hardware="nvidia-h100-sxm5-80gb", hours=10).central == pytest.approx(0.8 * 7 * 1.1)
    assert any("as at home" in note for note in home.assumptions)


def test_hours_worked_out_from_operations_only_with_hardware() -> None:
    assert weighed(parameters_total=10**9, tokens=10**9).energy is None
    found = energy(parameters_total=10**9, tokens=10**9, hardware="nvidia-rtx-4090", utilisation=0.25, pue=1)
    hours = 6e18 / (165.2e12 * 0.25 * 3600)
    assert found.central == pytest.approx(hours * 0.45 * 0.8)
    assert found.high / found.low > 2


def test_no_hardware_no_energy() -> None:
    assert weighed(hours=10, device_peak_flops=10**14).energy is None


def test_co2_needs_the_persons_grid() -> None:
    assert weighed(energy_kwh=10).co2 is None
    found = weighed(energy_kwh=10, grid_g_per_kwh=56).co2
    assert found is not None
    assert (found.unit, found.central) == ("kg", pytest.approx(0.56))
    assert found.steps[-1].expression == "10 kWh × 56 / 1000"


def test_a_clean_grid_is_zero_and_not_unknown() -> None:
    found = weighed(energy_kwh=10, grid_g_per_kwh=0).co2
    assert found is not None
    assert found.central == 0
