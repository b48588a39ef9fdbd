# SPDX-License-Identifier: Apache-2.0
"""Tennessee: the ELVIS Act (tools whose main purpose is to copy one real person's voice or likeness)."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import likeness
from core.rules.ruling import conclude, out


def judge_tennessee(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Reached without the person's leave; no size test."""
    ruling = out("private") if case.private else likeness(case, "consent")
    return (conclude(case, "us_tennessee.elvis_act", ruling),), ()
