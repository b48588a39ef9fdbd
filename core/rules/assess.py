# SPDX-License-Identifier: Apache-2.0
"""The one entry point of the rules: one release, one day, every instrument."""

from collections.abc import Callable

from core.domain.base import Frozen
from core.domain.finding import EuSummary, Finding, Line
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.rules.australia import judge_australia
from core.rules.brazil import judge_brazil
from core.rules.canada import judge_canada
from core.rules.case import Case
from core.rules.china import judge_china
from core.rules.eu import judge_eu
from core.rules.india import judge_india
from core.rules.japan import judge_japan
from core.rules.kazakhstan import judge_kazakhstan
from core.rules.rulebook import Rules
from core.rules.singapore_uae import judge_singapore_uae
from core.rules.south_korea import judge_south_korea
from core.rules.switzerland import judge_switzerland
from core.rules.taiwan import judge_taiwan
from core.rules.trace import nearest_first
from core.rules.united_kingdom import judge_united_kingdom
from core.rules.us_california import judge_california
from core.rules.us_colorado import judge_colorado
from core.rules.us_connecticut import judge_connecticut
from core.rules.us_federal import judge_federal
from core.rules.us_illinois import judge_illinois
from core.rules.us_minnesota import judge_minnesota
from core.rules.us_new_york import judge_new_york
from core.rules.us_tennessee import judge_tennessee
from core.rules.us_texas import judge_texas
from core.rules.us_utah import judge_utah
from core.rules.vietnam import judge_vietnam
from core.rules.worldwide import judge_worldwide

Jurisdiction = Callable[[Case], tuple[tuple[Finding, ...], tuple[Line, ...]]]

JURISDICTIONS: tuple[Jurisdiction, ...] = (
    judge_california,
    judge_new_york,
    judge_illinois,
    judge_connecticut,
    judge_colorado,
    judge_texas,
    judge_utah,
    judge_minnesota,
    judge_tennessee,
    judge_federal,
    judge_worldwide,
    judge_united_kingdom,
    judge_south_korea,
    judge_china,
    judge_japan,
    judge_india,
    judge_vietnam,
    judge_taiwan,
    judge_kazakhstan,
    judge_brazil,
    judge_canada,
    judge_australia,
    judge_switzerland,
    judge_singapore_uae,
)
"""One judge per place: its findings, and the lines it wants on the scale."""


class Judgement(Frozen):
    """Every finding (those that matter for this release first), the EU chapter in four answers, and every line for
    the scale (nearest first)."""

    findings: tuple[Finding, ...]
    eu: EuSummary
    lines: tuple[Line, ...]


def judge(known: Known, footprint: Footprint, rules: Rules) -> Judgement:
    """Judge a release as the rules stand on their day. Pure: no clock, no files."""
    case = Case(known=known, footprint=footprint, rules=rules)
    eu = judge_eu(case)
    findings: tuple[Finding, ...] = (eu.finding, *eu.beside)
    lines = eu.lines
    for jurisdiction in JURISDICTIONS:
        more, drawn = jurisdiction(case)
        findings, lines = (*findings, *more), (*lines, *drawn)
    ordered = sorted(findings, key=lambda finding: not finding.matters)  # stable: the order within stays
    return Judgement(findings=tuple(ordered), eu=eu.eu, lines=nearest_first(lines))
