# SPDX-License-Identifier: Apache-2.0
"""Australia: no AI act; the plan of December 2025 keeps to existing law."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import conclude, out


def judge_australia(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Told for completeness; it asks nothing of a release."""
    return (conclude(case, "australia.no_ai_act", out("no_law")),), ()
