# SPDX-License-Identifier: Apache-2.0
"""Vietnam: the Law on AI; its final text on open models was not read."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import service
from core.rules.ruling import conclude


def judge_vietnam(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Reached by a service for people there."""
    return (conclude(case, "vietnam.ai_law", service(case, "vn", "label")),), ()
