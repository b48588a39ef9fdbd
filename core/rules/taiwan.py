# SPDX-License-Identifier: Apache-2.0
"""Taiwan: the AI Basic Act binds the state."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import conclude, out


def judge_taiwan(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Told for completeness; it asks nothing of a release."""
    return (conclude(case, "taiwan.ai_basic_act", out("binds_state")),), ()
