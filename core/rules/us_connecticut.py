# SPDX-License-Identifier: Apache-2.0
"""Connecticut: Public Act 26-15 (staff of frontier developers who speak up; marks on media of very large services)."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import flop_line, is_service, outputs, said_amount, shown
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.texts import text

PLACE = "us_connecticut.pa_26_15"


def judge_connecticut(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Very large models with staff, and very large services."""
    line = flop_line(case, PLACE, "frontier_line", text("rules_world.us-ct-pa26-15.line"))
    many, people = said_amount(case, f"{PLACE}.monthly_users", "monthly_users")
    ruling = _ruling(case, line, many)
    if ruling.duties and case.rules.on < case.rules.date(f"{PLACE}.all_parts_from"):
        ruling = open_("staggered", *ruling.duties)
    return (conclude(case, PLACE, ruling.but(lines=(line,), steps=(*shown(line), people))),), ()


def _ruling(case: Case, line: Line, many: bool | None) -> Ruling:
    marked = set(case.rules.words(f"{PLACE}.marked_media"))
    if many and is_service(case) and outputs(case) & marked:
        return hit("many_users", "provenance")
    if line.crossed and case.narrow is not True:
        kind = case.word("developer_kind")
        if kind == "individual":
            return out("no_staff")
        return open_("staff_open", "staff") if kind is None else hit("staff", "staff")
    return out("small")
