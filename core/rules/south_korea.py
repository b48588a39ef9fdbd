# SPDX-License-Identifier: Apache-2.0
"""South Korea: AI Basic Act. Labels fall on whoever serves people there; the safety duty needs three things at once."""

from core.domain.finding import Finding, Line, TraceStep
from core.rules.case import Case
from core.rules.conditions import amount, flop_line, service, shown
from core.rules.ruling import Ruling, conclude, open_
from core.rules.trace import day_words, step
from core.texts import text

PLACE = "south_korea.ai_basic_act"


def judge_south_korea(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Over the line the safety duty is open (never "applies" on compute alone); else the service duty decides."""
    line = flop_line(case, PLACE, "safety_line", text("rules_world.kr-ai-basic-act.line"))
    ruling = _ruling(case, line)
    steps: tuple[TraceStep, ...] = shown(line)
    if ruling.duties:
        fines = case.rules.date(f"{PLACE}.fines_from")
        when = "fines_on" if case.rules.on >= fines else "fines_later"
        steps = (*steps, step(f"rules_why.step.{when}", day=day_words(fines)), *_foreign(case))
    return (conclude(case, PLACE, ruling.but(lines=(line,), steps=steps)),), (line,)


def _ruling(case: Case, line: Line) -> Ruling:
    serving = service(case, "kr", "notice", "label")
    if line.crossed and not case.private:
        return open_("three_tests", *serving.duties)
    return serving


def _foreign(case: Case) -> tuple[TraceStep, ...]:
    """From which size a service from abroad names somebody in Korea; nobody at home gets near, so nobody is asked."""
    names = ("foreign_revenue", "foreign_ai_revenue", "foreign_users")
    return tuple(amount(case, f"{PLACE}.{name}", None)[1] for name in names)
