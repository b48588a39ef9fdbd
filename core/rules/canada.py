# SPDX-License-Identifier: Apache-2.0
"""Canada: no federal AI act (AIDA died in January 2025)."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import conclude, out


def judge_canada(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Told for completeness; it asks nothing of a release."""
    return (conclude(case, "canada.no_ai_act", out("no_law")),), ()
