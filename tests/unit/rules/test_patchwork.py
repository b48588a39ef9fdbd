# SPDX-License-Identifier: Apache-2.0
"""Product liability: what was said of money and purpose, and what had to be taken for it."""

from typing import Any

import pytest

from core.rules.eu.patchwork import judge_patchwork
from core.texts import text
from tests.unit.rules.cases import release


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({}, "unpaid_assumed"),
        ({"monetised": False}, "unpaid"),
        ({"purpose": "hobby"}, "unpaid"),
        ({"monetised": True}, "paid"),
        ({"purpose": "commercial"}, "paid"),
        ({"offered_in_eu": False, "monetised": True}, "not_in_eu"),
        ({"release_form": "private", "monetised": True}, "private"),
    ],
)
def test_why_liability_does_or_does_not_reach_it(answers: dict[str, Any], reason: str) -> None:
    liability, _ = judge_patchwork(release(**answers))
    assert liability.because[0].result.startswith(text(f"rules_why.{reason}.why").split("{")[0])
