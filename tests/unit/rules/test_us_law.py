# SPDX-License-Identifier: Apache-2.0
"""US law, question by question: export, investment, images, marks on media, reports, and texts that were never law."""

import datetime
from typing import Any

import pytest

from core.domain.finding import Finding, Outcome
from core.rules import load_rulebook
from core.rules.case import Case
from core.rules.us_california_media import judge_marks
from core.rules.us_california_vetoed import judge_sb_1047
from core.rules.us_export import judge_export, judge_outbound
from core.rules.us_federal import judge_federal
from core.rules.us_illinois import judge_illinois
from core.rules.us_new_york import judge_new_york
from core.rules.us_reports import judge_reports
from core.rules.whatif import moved
from core.texts import text
from tests.unit.rules.cases import TODAY, release

NO, YES, OPEN = Outcome.DOES_NOT_APPLY, Outcome.APPLIES, Outcome.UNCERTAIN
IN_2027 = datetime.date(2027, 1, 1)


def by_id(findings: tuple[Finding, ...], name: str) -> Finding:
    return next(one for one in findings if one.instrument == name)


@pytest.mark.parametrize(
    ("said_", "outcome", "reason"),
    [
        ({"release_form": "open_weights"}, YES, "published"),
        ({"release_form": "gated"}, OPEN, "gated"),
        ({"weights_public": True}, YES, "published"),
        ({"weights_public": False}, NO, "shape_open"),
        ({}, NO, "shape_open"),
        ({"release_form": "api_or_app", "weights_public": True}, NO, "keeps_weights"),
        ({"release_form": "private"}, NO, "keeps_weights"),
    ],
)
def test_published_weights_are_outside_export_control(
    said_: dict[str, Any], outcome: Outcome, reason: str
) -> None:
    finding = by_id(judge_export(release(1, **said_)), "us-ear-published")
    assert finding.outcome is outcome
    assert finding.because[0].result == text(f"rules_why.{reason}.why")
    assert finding.matters is (reason == "gated")


LINE = 10**26


@pytest.mark.parametrize(
    ("own", "answers", "reason"),
    [
        (LINE - 1, {"release_form": "private"}, "under_line"),
        (LINE, {"release_form": "private"}, "closed_over"),
        (LINE, {"release_form": "open_weights"}, "published_out"),
        (LINE, {"weights_public": True}, "published_out"),
        (LINE, {"release_form": "private", "largest_open_flop": LINE}, "less_than_open"),
        (LINE, {"release_form": "private", "largest_open_flop": LINE - 1}, "closed_over"),
        (None, {"release_form": "private"}, "closed_unknown"),
        (None, {"release_form": "private", "largest_open_flop": LINE}, "closed_unknown"),
    ],
)
def test_closed_weights(own: int | None, answers: dict[str, Any], reason: str) -> None:
    finding = by_id(judge_export(release(own, **answers)), "us-ear-4e091")
    distance = finding.lines[0].distance or ""
    assert finding.because[0].result == text(f"rules_why.{reason}.why", distance=distance)
    assert text("rules_why.step.followed.rule", day="15 May 2025") in {one.rule for one in finding.because}


@pytest.mark.parametrize(
    ("own", "answers", "duties", "banned"),
    [
        (10**25 + 1, {"investing_abroad": False}, [], False),
        (10**25 + 1, {}, [], False),
        (10**23, {"investing_abroad": True}, [], False),
        (10**23 + 1, {"investing_abroad": True}, ["notice"], False),
        (10**24 + 1, {"investing_abroad": True}, ["notice"], False),
        (10**24, {"investing_abroad": True, "biological_data": True}, ["notice"], False),
        (10**24 + 1, {"investing_abroad": True, "biological_data": True}, ["stop"], True),
        (10**25, {"investing_abroad": True}, ["notice"], False),
        (10**25 + 1, {"investing_abroad": True}, ["stop"], True),
    ],
)
def test_who_invests_abroad(own: int, answers: dict[str, Any], duties: list[str], banned: bool) -> None:
    finding = judge_outbound(release(own, **answers))
    assert [one.code for one in finding.duties] == duties
    assert finding.forbidden is banned
    assert [line.value for line in finding.lines] == [10**23, 10**25, 10**24]


@pytest.mark.parametrize(
    ("answers", "on", "outcome", "duties", "reason"),
    [
        ({}, TODAY, NO, [], "no_such_images"),
        ({"shows_intimate": True}, TODAY, YES, ["images"], "intimate_samples"),
        ({"sexual_images": "real_people"}, TODAY, OPEN, ["images"], "weights_for_intimate"),
        ({"sexual_images": "real_people", "with_demo": True}, TODAY, YES, ["images"], "intimate_service"),
        ({"with_demo": True, "demo_uploads": True}, TODAY, OPEN, ["removal"], "gallery"),
        (
            {"with_demo": True, "demo_uploads": True, "mainly_user_content": True},
            *(TODAY, YES, ["removal"], "platform"),
        ),
        ({"with_demo": True, "demo_uploads": True}, datetime.date(2026, 5, 18), NO, [], "gallery_early"),
        ({"with_demo": True, "demo_uploads": True}, datetime.date(2026, 5, 19), OPEN, ["removal"], "gallery"),
        ({"with_demo": False, "demo_uploads": True}, TODAY, NO, [], "no_such_images"),
    ],
)
def test_intimate_images(
    answers: dict[str, Any], on: datetime.date, outcome: Outcome, duties: list[str], reason: str
) -> None:
    finding = by_id(judge_federal(release(1, on=on, **answers))[0], "us-take-it-down")
    assert finding.outcome is outcome
    assert [one.code for one in finding.duties] == duties
    assert finding.because[0].result == text(f"rules_why.{reason}.why", platforms="19 May 2026")
    assert finding.forbidden is reason.startswith("intimate_s")


MARKS: dict[str, Any] = {"with_demo": True, "output_modalities": ["image"], "release_form": "open_weights"}


@pytest.mark.parametrize(
    ("answers", "on", "reason"),
    [
        ({"monthly_users": 1_000_001}, TODAY, "many_users"),
        ({"monthly_users": 1_000_000}, TODAY, "hosted_media_later"),
        ({"monthly_users": 1_000_001, "output_modalities": ["text"]}, TODAY, "many_users_text"),
        ({"monthly_users": 1_000_001, "with_demo": False}, TODAY, "hosted_media_later"),
        ({"monthly_users": 1_000_001, "generative": False}, TODAY, "hosted_media_later"),
        ({"output_modalities": ["text"]}, TODAY, "small"),
        ({"release_form": "api_or_app"}, TODAY, "small"),
        ({"self_hosted": True}, TODAY, "own_site_media_later"),
        ({}, IN_2027, "hosted_media"),
        ({"self_hosted": True}, IN_2027, "own_site_media"),
        ({"release_form": "private"}, IN_2027, "private"),
        ({"offered_in_california": False}, IN_2027, "not_in_california"),
        ({"offered_in_california": True}, IN_2027, "hosted_media"),
    ],
)
def test_marks_on_media(answers: dict[str, Any], on: datetime.date, reason: str) -> None:
    finding = judge_marks(release(1, on=on, **(MARKS | answers)))
    assert finding.because[0].result == text(f"rules_why.{reason}.why")
    many = answers.get("monthly_users") == 1_000_001
    assert len(finding.because) == 3 + (many and on == IN_2027)
    assert [one.code for one in finding.duties] == (
        ["tool", "mark", "terms"] if reason == "many_users" else []
    )
    assert finding.outcome is (
        YES
        if reason == "many_users"
        else OPEN
        if reason in ("many_users_text", "hosted_media", "own_site_media")
        else NO
    )


IN_FORCE = datetime.date(2024, 6, 1)


@pytest.mark.parametrize(
    ("own", "answers", "duties", "reason"),
    [
        (LINE, {}, [], "under_line"),
        (LINE + 1, {}, ["4.2(a)"], "over_line"),
        (None, {}, [], "compute_unknown"),
        (10**23, {"biological_data": True}, [], "under_line"),
        (10**23 + 1, {"biological_data": True}, ["4.2(a)"], "over_line"),
        # 10^15 a device: 100,000 devices make 10^20, with links over 100 Gbit/s
        (1, {"device_count": 100_000, "network_gbit_s": 101}, ["cluster"], "cluster"),
        (1, {"device_count": 100_000, "network_gbit_s": 100}, [], "under_line"),
        (1, {"device_count": 99_999, "network_gbit_s": 101}, [], "under_line"),
        (1, {"network_gbit_s": 101}, [], "under_line"),
        (LINE + 1, {"device_count": 100_000, "network_gbit_s": 101}, ["4.2(a)", "cluster"], "cluster"),
    ],
)
def test_reports_under_the_order_of_2023(
    own: int | None, answers: dict[str, Any], duties: list[str], reason: str
) -> None:
    (order, _), (line,) = judge_reports(
        release(own, on=IN_FORCE, origin="from_scratch", device_peak_flops=10**15, **answers)
    )
    assert [one.code for one in order.duties] == duties
    assert order.because[0].result == text(f"rules_why.{reason}.why", distance=line.distance or "")
    assert line.in_force
    assert line.account == "cumulative"
    assert len(order.because) == 4
    assert not judge_reports(release(own))[1][0].in_force


@pytest.mark.parametrize(
    ("own", "base", "origin", "cost", "would"),
    [
        (LINE + 1, None, "from_scratch", 100_000_001, "over_line"),
        (LINE + 1, None, "from_scratch", 100_000_000, "under_line"),
        (LINE, None, "from_scratch", 100_000_001, "under_line"),
        (LINE + 1, None, "from_scratch", None, "cost_open"),
        (3 * 10**25, LINE + 1, "fine_tune", 10_000_001, "over_line"),
        (3 * 10**25, LINE + 1, "fine_tune", 10_000_000, "under_line"),
        (3 * 10**25 - 1, LINE + 1, "fine_tune", 10_000_001, "under_line"),
        (3 * 10**25, LINE, "fine_tune", 10_000_001, "under_line"),
        (3 * 10**25, LINE + 1, "merge", 10_000_001, "over_line"),
    ],
)
def test_what_sb_1047_would_have_covered(
    own: int, base: int | None, origin: str, cost: int | None, would: str
) -> None:
    """Put in force by hand: as a vetoed text it asks nothing."""
    case = release(own, base, origin=origin, training_cost_usd=cost)
    assert judge_sb_1047(case).outcome is Outcome.HISTORY_ONLY
    book, _ = moved(load_rulebook(), ["us-ca-sb1047=in_force"], TODAY)
    finding = judge_sb_1047(Case(case.known, case.footprint, book.at(TODAY)))
    distance = finding.lines[1 if base else 0].distance
    assert finding.because[0].result == text(f"rules_why.{would}.why", distance=distance)
    assert len(finding.because) == 6
    assert [line.account for line in finding.lines] == ["base" if base else "cumulative", "own"]


@pytest.mark.parametrize(
    ("own", "answers", "would"),
    [
        (LINE + 1, {"training_cost_usd": 100_000_001}, "over_line"),
        (LINE + 1, {"training_cost_usd": 100_000_000}, "under_line"),
        (LINE, {"training_cost_usd": 100_000_001}, "under_line"),
        (LINE + 1, {}, "cost_open"),
        (1, {}, "under_line"),
        (1, {"training_cost_usd": 5_000_001, "distilled": True}, "over_line"),
        (1, {"training_cost_usd": 5_000_000, "distilled": True}, "under_line"),
        (1, {"training_cost_usd": 5_000_001, "distilled": False}, "under_line"),
        (1, {"training_cost_usd": 5_000_001}, "under_line"),
    ],
)
def test_the_first_text_of_the_raise_act(own: int, answers: dict[str, Any], would: str) -> None:
    case = release(own, origin="from_scratch", **answers)
    book, _ = moved(load_rulebook(), ["us-ny-raise-original=in_force"], TODAY)
    findings, _ = judge_new_york(Case(case.known, case.footprint, book.at(TODAY)))
    finding = by_id(findings, "us-ny-raise-original")
    assert finding.because[0].result == text(f"rules_why.{would}.why", distance=finding.lines[0].distance)
    assert len(finding.because) == 4


@pytest.mark.parametrize(
    ("on", "revenue", "duties"),
    [
        (datetime.date(2027, 12, 31), 500_000_001, ["report", "incidents", "framework"]),
        (datetime.date(2028, 1, 1), 500_000_001, ["report", "incidents", "framework", "audit"]),
        (datetime.date(2028, 1, 1), 500_000_000, ["report", "incidents"]),
        (datetime.date(2028, 1, 1), None, ["report", "incidents"]),
    ],
)
def test_yearly_audits_in_illinois(on: datetime.date, revenue: int | None, duties: list[str]) -> None:
    case = release(LINE + 1, on=on, origin="from_scratch", annual_revenue_usd=revenue)
    (finding,) = judge_illinois(case)[0]
    assert [one.code for one in finding.duties] == duties
