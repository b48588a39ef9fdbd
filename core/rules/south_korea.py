# SPDX-License-Identifier: Apache-2.0
"""South Korea: AI Basic Act. Labels fall on whoever serves people there; the safety duty needs three things at once."""

from core.domain.finding import Finding, Line, Outcome, TraceStep
from core.rules.case import Case
from core.rules.conditions import flop_line, said_amount, service, shown
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
        steps = (
            *steps,
            step(f"rules_why.step.{when}", day=day_words(fines)),
            *(step_ for _, step_ in _foreign(case)),
        )
    return (conclude(case, PLACE, ruling.but(lines=(line,), steps=steps)),), (line,)


def _ruling(case: Case, line: Line) -> Ruling:
    serving = service(case, "kr", "notice", "label")
    if serving.outcome is Outcome.APPLIES and any(crossed for crossed, _ in _foreign(case)):
        serving = serving.but(duties=(*serving.duties, "representative"))
    if line.crossed and not case.private:
        return open_("three_tests", *serving.duties)
    return serving


def _foreign(case: Case) -> tuple[tuple[bool | None, TraceStep], ...]:
    """From which size a service from abroad names somebody in Korea (article 36); any one of three is enough."""
    names = (
        ("foreign_revenue", "korea_revenue_krw"),
        ("foreign_ai_revenue", "korea_ai_revenue_krw"),
        ("foreign_users", "korea_daily_users"),
    )
    return tuple(said_amount(case, f"{PLACE}.{name}", answer) for name, answer in names)
