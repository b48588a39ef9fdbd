# SPDX-License-Identifier: Apache-2.0
"""Utah: the AI Policy Act is about firms that use AI with buyers; a frontier bill (HB 286) failed."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import is_service
from core.rules.ruling import conclude, open_, out


def judge_utah(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Nothing on releasing weights; a business that answers buyers with a bot may owe an honest answer."""
    business = case.word("purpose") == "commercial" or case.takes_money is True
    ruling = open_("sells_with_bot", "tell") if is_service(case) and business else out("no_release_duty")
    return (conclude(case, "us_utah.ai_policy_act", ruling),), ()
