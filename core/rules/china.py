# SPDX-License-Identifier: Apache-2.0
"""China: measures on generative AI services to the public in mainland China. They attach to services, not to files."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import service
from core.rules.ruling import conclude
from core.rules.trace import day_words, step

PLACE = "china.generative_ai"


def judge_china(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Filing and lawful data since 2023, labels since 2025, the changed Cybersecurity Law since 2026."""
    labels = case.rules.date(f"{PLACE}.labels_from")
    duties = ("filing", "data", *(("label",) if case.rules.on >= labels else ()))
    ruling = service(case, "cn", *duties)
    if ruling.duties:
        law = case.rules.date(f"{PLACE}.cyber_law_from")
        name = "cyber_law" if case.rules.on >= law else "cyber_law_later"
        ruling = ruling.but(steps=(step(f"rules_why.step.{name}", day=day_words(law)),))
    return (conclude(case, PLACE, ruling),), ()
