# SPDX-License-Identifier: Apache-2.0
"""Singapore and the Emirates: none found, and not more than that is said."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import conclude, out


def judge_singapore_uae(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Told for completeness; it asks nothing of a release."""
    return (conclude(case, "singapore_uae.no_ai_act", out("no_law")),), ()
