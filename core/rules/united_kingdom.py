# SPDX-License-Identifier: Apache-2.0
"""United Kingdom: no AI act; the Online Safety Act for sites where people post; the Crime and Policing Act 2026."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import intimate, is_service, serves
from core.rules.ruling import Ruling, conclude, hit, open_, out


def judge_united_kingdom(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Both records. The crime is making, holding or offering such a tool, so keeping it private does not help."""
    return (
        conclude(case, "united_kingdom.no_ai_act", _services(case)),
        conclude(case, "united_kingdom.cpa_2026", intimate(case, "tool")),
    ), ()


def _services(case: Case) -> Ruling:
    """The Online Safety Act 2023 looks at services where people post for others, whatever is behind them."""
    if case.private or not is_service(case) or not case.yes("demo_uploads"):
        return out("no_law")
    there = serves(case, "gb")
    if there is None:
        return open_("where", "safety")
    return hit("people_post", "safety") if there else out("no_law")
