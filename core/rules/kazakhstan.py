# SPDX-License-Identifier: Apache-2.0
"""Kazakhstan: the Law on AI asks for labels on what a service makes."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import service
from core.rules.ruling import conclude


def judge_kazakhstan(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Reached by a service for people there."""
    return (conclude(case, "kazakhstan.ai_law", service(case, "kz", "label")),), ()
