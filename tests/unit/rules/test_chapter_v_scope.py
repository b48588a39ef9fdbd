# SPDX-License-Identifier: Apache-2.0
"""The EU chapter around its compute tests: scope, hobby, dates, and what is owed."""

import datetime
from typing import Any

import pytest

from core.domain.finding import Finding, Outcome
from core.rules.eu import judge_eu
from core.texts import text
from tests.unit.rules.cases import FREE, release

LARGE = 9 * 10**23
TUNE: dict[str, Any] = {"origin": "fine_tune"}
DAY = datetime.timedelta(days=1)


PROVIDER: dict[str, Any] = {
    "origin": "from_scratch",
    "output_modalities": ["text"],
    "purpose": "commercial",
    "offered_in_eu": True,
    "developer_in_eu": True,
    "narrow_task": False,
    "monetised": False,
    "release_form": "open_weights",
}


def chapter(
    own: int | None = 10**24, on: datetime.date = datetime.date(2026, 11, 26), **said: Any
) -> Finding:
    return judge_eu(release(own, on=on, **(PROVIDER | said))).finding


def says(finding: Finding, *keys: str) -> bool:
    """Whether these steps of the catalogue are among those of the explanation."""
    wanted = {(text(f"rules_eu.step.{key}.rule"), text(f"rules_eu.step.{key}.result")) for key in keys}
    return wanted <= {(step.rule, step.result) for step in finding.because}


@pytest.mark.parametrize(
    ("said", "outcome", "headline"),
    [
        ({}, Outcome.APPLIES, "provider"),
        ({"research_only": True}, Outcome.DOES_NOT_APPLY, "research_only"),
        ({"research_only": False}, Outcome.APPLIES, "provider"),
        ({"research_only": True, "monetised": True}, Outcome.APPLIES, "provider"),
        ({"research_only": True, "monetised": None}, Outcome.DOES_NOT_APPLY, "research_only"),
        ({"offered_in_eu": False}, Outcome.DOES_NOT_APPLY, "not_for_eu"),
        ({"offered_in_eu": None}, Outcome.APPLIES, "provider"),
        ({"release_form": "private"}, Outcome.DOES_NOT_APPLY, "private"),
        ({"release_form": "private", "internal_use": True}, Outcome.APPLIES, "provider"),
        ({"release_form": "private", "internal_use": False}, Outcome.DOES_NOT_APPLY, "private"),
        ({"role": "consortium"}, Outcome.UNCERTAIN, "consortium"),
        ({"purpose": "hobby"}, Outcome.UNCERTAIN, "hobby"),
        ({"purpose": "research"}, Outcome.UNCERTAIN, "hobby"),
        ({"purpose": "hobby", "monetised": True}, Outcome.APPLIES, "provider"),
        ({"purpose": "hobby", "monetised": None}, Outcome.UNCERTAIN, "hobby"),
        ({"purpose": None}, Outcome.APPLIES, "provider"),
    ],
)
def test_scope_of_a_provider(said: dict[str, Any], outcome: Outcome, headline: str) -> None:
    finding = chapter(**said)
    assert finding.outcome is outcome
    assert finding.headline == text(f"rules_eu.scope.{headline}.headline")
    assert finding.todo == text(f"rules_eu.scope.{headline}.todo")
    assert bool(finding.duties) is (outcome is not Outcome.DOES_NOT_APPLY)


def test_a_private_model_with_systemic_risk_is_notified() -> None:
    finding = chapter(10**25 + 1, release_form="private")
    assert finding.outcome is Outcome.APPLIES
    assert [duty.code for duty in finding.duties] == ["52(1)"]
    assert finding.duties[0].document == "eu_notification"
    assert finding.applies_from == datetime.date(2025, 8, 2)
    assert finding.headline == text("rules_eu.scope.notify.headline")


@pytest.mark.parametrize(
    ("said", "headline"),
    [
        ({"release_form": "private"}, "private"),
        ({"offered_in_eu": False}, "not_for_eu"),
        ({"release_form": "private", "offered_in_eu": False}, "private"),
    ],
)
def test_an_open_answer_is_closed_by_what_is_not_offered(said: dict[str, Any], headline: str) -> None:
    finding = chapter(None, **said)
    assert finding.outcome is Outcome.DOES_NOT_APPLY
    assert finding.headline == text(f"rules_eu.scope.{headline}.headline")
    open_ = chapter(None)
    assert open_.outcome is Outcome.UNCERTAIN
    assert open_.other_reading
    assert open_.todo
    assert open_.would_change == ""


def test_who_is_no_provider_learns_what_would_change_it() -> None:
    finding = chapter(10**20)
    assert finding.outcome is Outcome.DOES_NOT_APPLY
    assert finding.would_change == text("rules_eu.would_change.no_provider")
    assert (finding.other_reading, finding.todo, finding.duties) == ("", "", ())


@pytest.mark.parametrize(
    ("said", "hints"),
    [
        ({}, []),
        ({"offered_in_eu": None}, ["offered"]),
        ({"developer_in_eu": None}, ["developer"]),
        ({"narrow_task": None}, ["narrow"]),
        ({"monetised": True}, ["micro"]),
        ({"monetised": True, "micro_only": False}, []),
        ({"micro_only": None}, []),
        (
            {"offered_in_eu": None, "developer_in_eu": None, "narrow_task": None, "monetised": True},
            ["offered", "developer", "micro", "narrow"],
        ),
    ],
)
def test_what_was_taken_for_granted(said: dict[str, Any], hints: list[str]) -> None:
    """The licence is open and all is public, so that no hint about the relief is added."""
    finding = chapter(**(FREE | {"monetised": False} | said))
    assert finding.would_change == " ".join(text(f"rules_eu.would_change.{one}") for one in hints)
    assert says(finding, "offered_assumed") is ("offered" in hints)


def test_a_missing_answer_about_the_relief_is_the_hint() -> None:
    assert chapter().would_change == text("rules_eu.open.hint")
    assert chapter(license="cc-by-nc-4.0").would_change == ""


def test_an_unanswered_purpose_leaves_another_reading() -> None:
    assert chapter(purpose=None).other_reading == text("rules_eu.scope.purpose_unknown")
    assert chapter().other_reading == ""


def test_use_inside_a_firm_is_said() -> None:
    assert says(chapter(release_form="private", internal_use=True), "internal")
    assert not says(chapter(), "internal")


@pytest.mark.parametrize(
    ("released", "on", "outcome", "deadline"),
    [
        (datetime.date(2025, 8, 1), datetime.date(2027, 8, 1), Outcome.NOT_YET, True),
        (datetime.date(2025, 8, 1), datetime.date(2027, 8, 2), Outcome.APPLIES, True),
        (datetime.date(2025, 8, 2), datetime.date(2027, 8, 1), Outcome.APPLIES, False),
        (None, datetime.date(2027, 8, 1), Outcome.APPLIES, False),
    ],
)
def test_models_of_before_august_2025(
    released: datetime.date | None, on: datetime.date, outcome: Outcome, deadline: bool
) -> None:
    finding = chapter(on=on, release_date=released)
    last = datetime.date(2027, 8, 2)
    assert finding.outcome is outcome
    assert finding.deadline == (last if deadline else None)
    assert finding.applies_from == (last if deadline else datetime.date(2025, 8, 2))
    assert says(finding, "legacy_data") is deadline
    if deadline:
        assert any(step.inputs == "2025-08-01" for step in finding.because)
    name = "legacy" if outcome is Outcome.NOT_YET else "provider"
    assert finding.headline == text(f"rules_eu.scope.{name}.headline", day="2 August 2027")


def test_a_consortium_with_an_older_model_has_until_the_deadline() -> None:
    released, day = datetime.date(2025, 8, 1), datetime.date(2027, 8, 2)
    before = chapter(on=day - DAY, release_date=released, role="consortium")
    assert before.outcome is Outcome.NOT_YET
    assert chapter(on=day, release_date=released, role="consortium").outcome is Outcome.UNCERTAIN


@pytest.mark.parametrize(
    ("on", "outcome", "fines"),
    [
        (datetime.date(2025, 8, 1), Outcome.NOT_YET, None),
        (datetime.date(2025, 8, 2), Outcome.APPLIES, "no_fines"),
        (datetime.date(2026, 8, 1), Outcome.APPLIES, "no_fines"),
        (datetime.date(2026, 8, 2), Outcome.APPLIES, "fines"),
    ],
)
def test_the_days_of_the_chapter(on: datetime.date, outcome: Outcome, fines: str | None) -> None:
    finding = chapter(on=on)
    assert finding.outcome is outcome
    for name in ("fines", "no_fines"):
        said = text(f"rules_eu.step.{name}.result", day="2 August 2026")
        assert any(step.result == said for step in finding.because) is (fines == name)
    assert says(finding, "complaints", "code", "method") is (fines is not None)


def test_what_a_provider_with_systemic_risk_may_say_against_it() -> None:
    assert not says(chapter(), "rebut")
    over = chapter(10**25 + 1)
    assert says(over, "rebut")
    assert not says(over, "reassess")
    assert says(chapter(10**25 + 1, eu_designated=True), "rebut", "reassess")


ALL_DUTIES = ["53(1)(a)", "53(1)(b)", "53(1)(c)", "53(1)(d)", "53(3)"]
SYSTEMIC = ["52(1)", "55(1)(a)", "55(1)(b)", "55(1)(c)", "55(1)(d)"]


@pytest.mark.parametrize(
    ("own", "said", "owed", "relieved"),
    [
        (10**24, {"license": "cc-by-nc-4.0"}, ALL_DUTIES, []),
        (10**24, {"license": "cc-by-nc-4.0", "developer_in_eu": False}, [*ALL_DUTIES, "54"], []),
        (10**24, {"license": "cc-by-nc-4.0", "developer_in_eu": None}, ALL_DUTIES, []),
        (10**24, "free", ["53(1)(c)", "53(1)(d)", "53(3)"], ["53(1)(a)", "53(1)(b)", "54"]),
        (10**25 + 1, "free", [*ALL_DUTIES, *SYSTEMIC], []),
    ],
)
def test_what_a_provider_owes(own: int, said: Any, owed: list[str], relieved: list[str]) -> None:
    finding = chapter(own, **(FREE if said == "free" else said))
    assert [duty.code for duty in finding.duties] == owed
    assert [duty.code for duty in finding.relieved] == relieved


def test_a_modifier_owes_papers_on_the_modification_only() -> None:
    only = text("rules_eu.duty.modifier_only")
    finding = judge_eu(release(4 * 10**23, LARGE, **(PROVIDER | TUNE))).finding
    narrowed = {duty.code for duty in finding.duties if only in duty.text}
    assert narrowed == {"53(1)(a)", "53(1)(b)", "53(1)(c)", "53(1)(d)"}
    assert not any(only in duty.text for duty in chapter().duties)


@pytest.mark.parametrize(
    ("own", "said", "exempt"),
    [
        (10**20, {}, "not_needed"),
        (10**24, {}, "unclear"),
        (10**24, {"license": "cc-by-nc-4.0"}, "no"),
        (10**24, "free", "yes"),
        (10**24, {"offered_in_eu": False}, "not_needed"),
    ],
)
def test_the_four_answers(own: int, said: Any, exempt: str) -> None:
    judged = judge_eu(release(own, **(PROVIDER | (FREE if said == "free" else said))))
    assert judged.eu.open_source_exempt == exempt
    assert judged.eu.gpai == ("likely" if own == 10**24 else "criterion_not_met")
    assert judged.eu.provider == ("yes" if own == 10**24 and exempt != "not_needed" else "no")
    assert len(judged.lines) == 2
    assert [one.instrument for one in judged.beside] == [
        *("eu-ai-act-art50", "eu-ai-act-art5", "eu-ai-act-art25", "x-eu-pld", "x-eu-gdpr"),
    ]
