# SPDX-License-Identifier: Apache-2.0
"""Minnesota: HF 1606 (sites, programs and services that let people undress somebody)."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import intimate
from core.rules.ruling import conclude, out


def judge_minnesota(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Banned when made for it and offered to others; no size test."""
    ruling = out("private") if case.private else intimate(case, "offer")
    return (conclude(case, "us_minnesota.hf_1606", ruling),), ()
