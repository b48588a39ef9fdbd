# SPDX-License-Identifier: Apache-2.0
"""Several witnesses: when they agree, when they do not, and which input is then the likeliest wrong one."""

from typing import Any

import pytest

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference

BILLION = 10**9
PEAK = 989_400_000_000_000


def weighed(**answers: Any) -> Footprint:
    return weigh(Known(Project(answers=Answers.model_validate(answers))), load_reference())


def run(hours: float, **answers: Any) -> Footprint:
    """Seven billion parameters, a hundred billion tokens: 4.2e21 FLOP, 2,948 hours of an H100 at 0.4."""
    base: dict[str, Any] = {
        "parameters_total": 7 * BILLION,
        "tokens": 100 * BILLION,
        "hardware": "nvidia-h100-sxm5-80gb",
        "device_count": 1,
        "utilisation": 0.4,
        "hours": hours,
        "epochs": 1,
    }
    return weighed(**(base | answers))


HOURS = 6 * 7 * BILLION * 100 * BILLION / (PEAK * 0.4 * 3600)


def used(footprint: Footprint) -> set[str]:
    return {str(witness.id) for witness in footprint.witnesses if witness.used}


def test_agreeing_witnesses_are_combined() -> None:
    footprint = run(HOURS * 1.2)
    own = footprint.accounts.own
    operations, hardware = footprint.witnesses[0].estimate, footprint.witnesses[1].estimate
    assert own is not None
    assert operations is not None
    assert hardware is not None
    assert used(footprint) == {"operations", "hardware"}
    assert operations.central < own.central < hardware.central
    # The surer witness weighs more.
    assert own.central - operations.central < hardware.central - own.central
    assert own.high / own.low < hardware.high / hardware.low
    assert "agree within" in footprint.agreement


@pytest.mark.parametrize(
    ("hours", "extra", "words"),
    [
        (HOURS * 2, {"device_peak_flops": PEAK}, "sparsity"),
        (HOURS, {"device_peak_flops": 2 * PEAK}, "sparsity"),
        (HOURS * 64, {"device_count": 1}, "unique ones"),
        (HOURS, {"device_count": 16}, "already be device hours"),
        (HOURS * 3, {"epochs": 3}, "those of one epoch"),
        (HOURS / 4, {}, "160 percent of the peak"),
        (HOURS * 5, {"parameters_active": 7 * BILLION, "parameters_total": 35 * BILLION}, "active"),
    ],
)
def test_disagreement_names_the_likeliest_wrong_input(
    hours: float, extra: dict[str, Any], words: str
) -> None:
    footprint = run(hours, **extra)
    assert words in footprint.agreement
    assert used(footprint) == {"operations"}
    assert footprint.accounts.own == footprint.witnesses[0].estimate


def test_total_instead_of_active_parameters() -> None:
    """The person gave all parameters of a mixture of experts: the count needs more than the device can do."""
    footprint = run(HOURS, parameters_total=70 * BILLION)
    assert "instead of the active ones" in footprint.agreement


def test_tiny_models_are_not_argued_with() -> None:
    footprint = run(100, parameters_total=10**6, tokens=10**6, utilisation=None)
    assert "sparsity" not in footprint.agreement
    assert "percent" not in footprint.agreement
    assert footprint.accounts.own is not None
    assert footprint.accounts.own.central == 6 * 10**12


def test_one_witness_alone() -> None:
    assert "nothing to compare" in weighed(parameters_total=BILLION, tokens=BILLION).agreement
