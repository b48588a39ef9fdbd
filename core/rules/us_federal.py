# SPDX-License-Identifier: Apache-2.0
"""US federal law: reporting orders (history), bills (plans), export, investment, intimate images."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import intimate, is_service, said_amount
from core.rules.frontier import Frontier, frontier_ruling
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.rules.trace import day_words, step
from core.rules.us_export import judge_export, judge_outbound
from core.rules.us_reports import judge_reports

_GAAIA = "us_federal.gaaia_draft"
_S2938 = "us_federal.s_2938"
_TAKE_IT_DOWN = "us_federal.take_it_down"
_GAAIA_LAW = Frontier(
    place=_GAAIA, line_id=_GAAIA, texts="gaaia", codes=(), offered="", definition=(), all_sources=()
)
_S2938_LAW = Frontier(
    place=_S2938, line_id=_S2938, texts="s2938", codes=(), offered="", definition=(), all_sources=()
)


def judge_federal(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Every federal record. Only the line of the order of 2023 is drawn (as history)."""
    reports, drawn = judge_reports(case)
    findings = (
        *reports,
        conclude(case, "us_federal.ntia_open_weights", out("advice")),
        *judge_export(case),
        judge_outbound(case),
        conclude(case, "us_federal.eo_14365", out("binds_state")),
        conclude(case, "us_federal.eo_14409", out("voluntary")),
        conclude(case, _GAAIA, _gaaia(case)),
        conclude(case, _S2938, frontier_ruling(case, _S2938_LAW, "evaluation")),
        conclude(case, _TAKE_IT_DOWN, _images(case)),
    )
    return findings, drawn


def _gaaia(case: Case) -> Ruling:
    ruling = frontier_ruling(case, _GAAIA_LAW, "report", "incidents")
    large, money = said_amount(case, f"{_GAAIA}.large_revenue", "annual_revenue_usd")
    more = ("framework",) if ruling.duties and large else ()
    return ruling.but(duties=(*ruling.duties, *more), steps=(*ruling.steps, money))


def _images(case: Case) -> Ruling:
    """The crime is to publish such images; platforms take them down. A file of weights is no image."""
    day = case.rules.date(f"{_TAKE_IT_DOWN}.platforms_from")
    if case.yes("shows_intimate"):
        return hit("intimate_samples", "images", forbidden=True)
    posts = is_service(case) and case.yes("demo_uploads")
    made_for = intimate(case).forbidden
    if made_for and is_service(case):
        return hit("intimate_service", "images", forbidden=True)
    if posts and case.rules.on >= day:
        ruling = hit if case.yes("mainly_user_content") else open_
        name = "platform" if case.yes("mainly_user_content") else "gallery"
        return ruling(name, "removal").but(steps=(step("rules_why.step.platforms", day=day_words(day)),))
    if posts:
        return out("gallery_early", filled={"platforms": day_words(day)})
    return open_("weights_for_intimate", "images") if made_for else out("no_such_images")
