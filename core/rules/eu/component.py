# SPDX-License-Identifier: Apache-2.0
"""Article 25(4) of the EU AI Act, as replaced in 2026: who supplies a part of a high-risk system agrees in writing
what its maker gets to know. Free and open parts are left out, unless they are general-purpose models."""

from core.domain.finding import Finding
from core.licences import free_and_open
from core.rules.case import Case
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.rules.trace import day_words, step

PLACE = "eu.article_25"
_NOT_GENERAL = ("no", "criterion_not_met")


def judge_component(case: Case, gpai: str) -> Finding:
    """`gpai` is what the chapter on models says of the model."""
    products = day_words(case.rules.date(f"{PLACE}.products_from"))
    ruling = _ruling(case, gpai)
    if ruling.duties:
        ruling = ruling.but(steps=(step("rules_why.step.products", day=products),))
    return conclude(case, PLACE, ruling)


def _ruling(case: Case, gpai: str) -> Ruling:
    if not case.yes("high_risk_supply"):
        return out("no_component")
    licence = case.word("license")
    test = None if licence is None else free_and_open(licence)
    if test == "fail" or case.takes_money or gpai in ("yes", "likely", "base_yes"):
        return hit("component", "25(4)")
    if test == "pass" and gpai in _NOT_GENERAL:
        return out("open_component")
    return open_("component_open", "25(4)")
