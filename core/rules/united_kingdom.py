# SPDX-License-Identifier: Apache-2.0
"""United Kingdom: no AI act; the Online Safety Act for sites where people post; the Crime and Policing Act 2026."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import intimate
from core.rules.ruling import conclude, out


def judge_united_kingdom(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Both records. The crime is making, holding or offering such a tool, so keeping it private does not help."""
    return (
        conclude(case, "united_kingdom.no_ai_act", out("no_law")),
        conclude(case, "united_kingdom.cpa_2026", intimate(case, "tool")),
    ), ()
