# SPDX-License-Identifier: Apache-2.0
"""Colorado: SB 26-189 (technology that decides, or helps to decide, on people)."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import Ruling, conclude, hit, open_, out


def judge_colorado(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Covered when it decides on people and works with their data."""
    return (conclude(case, "us_colorado.sb_26_189", _ruling(case)),), ()


def _ruling(case: Case) -> Ruling:
    if case.private:
        return out("private")
    decides = case.yes("consequential_decisions")
    if decides is None:
        return out("decides_assumed")
    if decides is False:
        return out("decides_nothing")
    data = case.yes("personal_data")
    if data is False:
        return open_("decides_without_data", "papers")
    return hit("decides", "papers")
