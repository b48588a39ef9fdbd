# SPDX-License-Identifier: Apache-2.0
"""The one entry point of the rules: one release, one day, every instrument."""

from core.domain.base import Frozen
from core.domain.finding import EuSummary, Finding, Line
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.rules.case import Case
from core.rules.eu import judge_eu
from core.rules.rulebook import Rules
from core.rules.trace import nearest_first
from core.rules.us_california import judge_california
from core.rules.us_federal import judge_federal
from core.rules.us_new_york import judge_new_york


class Judgement(Frozen):
    """Every finding, the EU chapter in four answers, and every line for the scale (nearest first)."""

    findings: tuple[Finding, ...]
    eu: EuSummary
    lines: tuple[Line, ...]


def judge(known: Known, footprint: Footprint, rules: Rules) -> Judgement:
    """Judge a release as the rules stand on their day. Pure: no clock, no files."""
    case = Case(known=known, footprint=footprint, rules=rules)
    eu = judge_eu(case)
    findings: tuple[Finding, ...] = (eu.finding,)
    lines = eu.lines
    for module in (judge_california, judge_new_york, judge_federal):
        more, drawn = module(case)
        findings, lines = (*findings, *more), (*lines, *drawn)
    return Judgement(findings=findings, eu=eu.eu, lines=nearest_first(lines))
