# SPDX-License-Identifier: Apache-2.0
"""The Commission's eight worked examples, end to end: figure and verdict.

Commission Guidelines on general-purpose AI models, C(2025) 7719, annex A.3 (points 131 to 141). Model G is printed as
1.5e23 and computes to 1.56e23; B is printed as "about 1e23" and computes to 1.08e23.
"""

import datetime
from typing import Any

import pytest

from core.assess import assess
from core.domain.answers import Answers
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook

EXAMPLES: dict[str, tuple[dict[str, Any], float, str]] = {
    "A": ({"parameters_total": 3_800_000_000, "tokens": 3_300_000_000_000}, 7.5e22, "criterion_not_met"),
    "B": (
        {"hours": 200_000, "device_count": 1, "device_peak_flops": 300 * 10**12, "utilisation": 0.5}
        | {"output_modalities": ["image"]},
        1.08e23,
        "likely",
    ),
    "C": ({"parameters_total": 600_000_000, "tokens": 36 * 10**12}, 1.3e23, "likely"),
    "D": ({"parameters_total": 1_540_000_000, "tokens": 18 * 10**12}, 1.663e23, "likely"),
    "E": ({"parameters_total": 1_700_000_000, "tokens": 36 * 10**12}, 3.7e23, "likely"),
    "F": ({"parameters_total": 2_500_000_000, "tokens": 12 * 10**12}, 1.8e23, "likely"),
    "G": ({"parameters_total": 2_600_000_000, "tokens": 61 * 10**9 * 164}, 1.5e23, "likely"),
    "H": (
        {"hours": 370_000, "device_count": 1, "device_peak_flops": 989 * 10**12, "utilisation": 0.5},
        6.5e23,
        "likely",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_figure_and_verdict(name: str) -> None:
    answers, printed, gpai = EXAMPLES[name]
    common = {
        "origin": "from_scratch",
        "output_modalities": ["text"],
        "narrow_task": False,
        "purpose": "commercial",
        "release_date": "2026-06-01",
    }
    project = Project(by_hand=True, answers=Answers.model_validate(common | answers))
    assessment = assess(
        project, rulebook=load_rulebook(), reference=load_reference(), today=datetime.date(2026, 11, 23)
    )
    direct = assessment.footprint.accounts.direct
    assert direct is not None
    assert direct.central == pytest.approx(printed, rel=0.05)
    assert assessment.eu.gpai == gpai
    assert assessment.eu.systemic == "no"
