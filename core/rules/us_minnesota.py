# SPDX-License-Identifier: Apache-2.0
"""Minnesota: HF 1606 (sites, programs and services that let people undress somebody)."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import intimate, is_service
from core.rules.ruling import Ruling, conclude, hit, open_, out


def judge_minnesota(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Banned when made for it and offered to others; no size test."""
    return (conclude(case, "us_minnesota.hf_1606", _ruling(case)),), ()


def _ruling(case: Case) -> Ruling:
    if case.private:
        return out("private")
    if case.yes("undress_easy") and not intimate(case).forbidden:
        # a checkpoint that takes skill is left out; how the ban treats one that does not is untested
        return hit("undress_easy", "offer", forbidden=True) if is_service(case) else open_("undress_open")
    return intimate(case, "offer")
