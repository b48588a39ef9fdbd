# SPDX-License-Identifier: Apache-2.0
"""Japan: the AI Promotion Act asks the state and, softly, firms; no duty, no fine."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import conclude, out


def judge_japan(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Told for completeness; it asks nothing of a release."""
    return (conclude(case, "japan.ai_promotion_act", out("soft")),), ()
