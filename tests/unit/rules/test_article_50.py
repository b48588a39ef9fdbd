# SPDX-License-Identifier: Apache-2.0
"""Article 50: which reason is given, by what is run for others and what it puts out."""

from typing import Any

import pytest

from core.rules.eu.systems import judge_systems
from core.texts import text
from tests.unit.rules.cases import release


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"generative": False}, "files_assumed"),
        ({"generative": False, "with_demo": False}, "files_only"),
        ({"generative": False, "with_demo": True}, "labels"),
        ({"generative": True, "with_demo": True, "output_modalities": ["text"]}, "demo"),
        ({"generative": True, "with_demo": True, "output_modalities": ["image"]}, "demo_media"),
        ({"generative": True, "with_demo": True, "output_modalities": ["text", "audio"]}, "demo_media"),
        ({"generative": True, "with_demo": True}, "demo"),
    ],
)
def test_the_reason_follows_what_is_run_and_what_it_puts_out(answers: dict[str, Any], reason: str) -> None:
    finding = judge_systems(release(offered_in_eu=True, **answers), "no")[0]
    assert finding.because[0].result == text(f"rules_why.{reason}.why")
