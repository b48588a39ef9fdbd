# SPDX-License-Identifier: Apache-2.0
"""Illinois: SB 315 (frontier models), passed by both houses; its signature was not verified."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import said_amount
from core.rules.frontier import Frontier, frontier_ruling
from core.rules.ruling import conclude
from core.rules.trace import day_words, step

PLACE = "us_illinois.sb_315"
_LAW = Frontier(
    place=PLACE, line_id=PLACE, texts="il315", codes=(), offered="", definition=(), all_sources=()
)


def judge_illinois(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """The finding; its line is not drawn while its signature is not verified."""
    ruling = frontier_ruling(case, _LAW, "report", "incidents")
    large, money = said_amount(case, f"{PLACE}.large_revenue", "annual_revenue_usd")
    steps = (*ruling.steps, money)
    if ruling.duties and large:
        day = case.rules.date(f"{PLACE}.audits_from")
        late = "audits_due" if case.rules.on >= day else "audits_later"
        steps = (*steps, step(f"rules_why.step.{late}", day=day_words(day)))
        audit = ("audit",) if case.rules.on >= day else ()
        ruling = ruling.but(duties=(*ruling.duties, "framework", *audit))
    return (conclude(case, PLACE, ruling.but(steps=steps)),), ()
