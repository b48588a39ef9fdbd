# SPDX-License-Identifier: Apache-2.0
"""From what a text asks to what a reader is told, for each way a text can stand on the day."""

import datetime
from typing import Any

import pytest

from core.domain.finding import Finding, Outcome
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.texts import catalogue, text
from tests.unit.rules.cases import TODAY, release

NO, YES, OPEN = Outcome.DOES_NOT_APPLY, Outcome.APPLIES, Outcome.UNCERTAIN
LAW = ("us_federal.take_it_down", "images")
LATER = ("eu.article_25", "25(4)")
GONE = ("us_federal.eo_14110", "4.2(a)")
VETOED = ("us_california.sb_1047", "plan")
BILL = ("us_federal.s_2938", "evaluation")
NONE = ("canada.no_ai_act", "")
UNSIGNED = ("us_illinois.sb_315", "report")
IN_2027 = datetime.date(2027, 1, 1)


def said(place: str, ruling: Ruling, on: datetime.date = TODAY) -> Finding:
    return conclude(release(on=on), place, ruling)


def head(kind: str, place: str, on: datetime.date = TODAY) -> str:
    law = release(on=on).rules.instruments[place]
    own = f"{law.id}.{kind}"
    day = {"us_federal.take_it_down": "19 May 2025", "eu.article_25": "2 December 2027"}.get(place, "")
    if own in catalogue("rules_world"):
        return text(f"rules_world.{own}")
    return text(f"rules_why.head.{kind}", name=law.short, day=day)


@pytest.mark.parametrize(
    ("law", "make", "on", "outcome", "kind"),
    [
        (LAW, hit, TODAY, YES, "applies"),
        (LAW, open_, TODAY, OPEN, "open"),
        (LATER, hit, TODAY, Outcome.NOT_YET, "not_yet"),
        (LATER, open_, TODAY, Outcome.NOT_YET, "not_yet"),
        (GONE, hit, TODAY, Outcome.HISTORY_ONLY, "history"),
        (VETOED, hit, TODAY, Outcome.HISTORY_ONLY, "never"),
        (BILL, hit, TODAY, NO, "proposed"),
        (UNSIGNED, hit, IN_2027, OPEN, "open"),
        (UNSIGNED, open_, IN_2027, OPEN, "open"),
        (UNSIGNED, hit, TODAY, Outcome.NOT_YET, "not_yet"),
    ],
)
def test_how_a_text_stands(
    law: tuple[str, str], make: Any, on: datetime.date, outcome: Outcome, kind: str
) -> None:
    place, duty = law
    finding = said(place, make("weights_for_intimate", duty), on)
    live = outcome in (YES, OPEN, Outcome.NOT_YET)
    assert finding.outcome is outcome
    assert [one.code for one in finding.duties] == ([duty] if live else [])
    if live:
        assert finding.duties[0].short == text(f"rules_world.{finding.instrument}.short.{duty}")
    if kind not in ("not_yet", "history"):
        assert finding.headline == head(kind, place, on)
    assert finding.matters is live
    assert bool(finding.other_reading) is (outcome is OPEN)


@pytest.mark.parametrize(("make", "outcome", "kind"), [(hit, YES, "applies"), (open_, OPEN, "open")])
def test_where_there_is_no_ai_act_another_law_may_bind(make: Any, outcome: Outcome, kind: str) -> None:
    """The Online Safety Act binds a demo where people post, though the UK has no act on AI."""
    finding = said("united_kingdom.no_ai_act", make("people_post", "safety"))
    assert finding.outcome is outcome
    assert finding.headline == text(f"rules_world.uk-none.{kind}")
    assert finding.matters
    assert [one.code for one in finding.duties] == ["safety"]


def test_an_unsigned_law_is_open_even_where_its_text_is_clear() -> None:
    finding = said(UNSIGNED[0], hit("no_media", "report"), IN_2027)
    assert finding.other_reading == text("rules_why.unsigned.other")
    assert finding.todo == text("rules_why.unsigned.todo")
    own = said(UNSIGNED[0], open_("weights_for_intimate", "report"), IN_2027)
    assert own.other_reading == text("rules_why.weights_for_intimate.other")


@pytest.mark.parametrize(
    ("law", "start", "end"),
    [
        (LAW, datetime.date(2025, 5, 19), None),
        (LATER, datetime.date(2027, 12, 2), None),
        (GONE, datetime.date(2023, 10, 30), datetime.date(2025, 1, 20)),
        (BILL, None, None),
        (NONE, None, None),
        (("worldwide.copyright", ""), None, None),
    ],
)
def test_the_days_that_are_shown(
    law: tuple[str, str], start: datetime.date | None, end: datetime.date | None
) -> None:
    finding = said(law[0], out("no_media"))
    assert (finding.applies_from, finding.ended_on) == (start, end)


def test_a_text_that_never_bound_anybody_has_no_first_day() -> None:
    finding = said(VETOED[0], out("no_media"))
    assert finding.applies_from is None
    assert finding.ended_on == datetime.date(2024, 9, 29)


def test_what_does_not_reach_the_release() -> None:
    finding = said(LAW[0], out("no_such_images"))
    assert finding.outcome is NO
    assert finding.headline == head("out", LAW[0])
    assert finding.would_change == text("rules_why.no_such_images.change")
    assert (finding.todo, finding.other_reading, finding.duties, finding.matters) == ("", "", (), False)
    about = text("rules_world.us-take-it-down.about")
    assert finding.why == f"{about} {text('rules_why.no_such_images.why')}"
    assert finding.because[0].result == text("rules_why.no_such_images.why")
    assert finding.because[0].rule.startswith(f"{about} (")


def test_a_ban_a_safe_side_and_what_is_said_by_the_way() -> None:
    banned = said(LAW[0], hit("intimate_service", "images", forbidden=True))
    assert (banned.headline, banned.forbidden, banned.matters) == (head("forbidden", LAW[0]), True, True)
    assert banned.todo == text("rules_why.intimate_service.todo")
    safe = said(LAW[0], hit("intimate_service"))
    assert (safe.headline, safe.forbidden, safe.matters) == (head("covered", LAW[0]), False, True)
    aside = said(LAW[0], hit("intimate_service", "images", aside=True))
    assert not aside.matters
    past = said(GONE[0], hit("intimate_service", "4.2(a)", forbidden=True))
    assert not past.forbidden


def test_a_law_to_come_that_asks_nothing_does_not_matter_yet() -> None:
    assert not said(LATER[0], hit("no_media")).matters
    assert said(LATER[0], hit("no_media", "25(4)")).matters


def test_more_time_is_told_only_while_something_is_owed() -> None:
    day = datetime.date(2027, 3, 4)
    assert said(LAW[0], hit("no_media", "images", deadline=day)).deadline == day
    assert said(LAW[0], out("no_media", deadline=day)).deadline is None
    assert said(BILL[0], hit("no_media", deadline=day)).deadline is None


def test_where_there_is_no_act_nothing_is_owed() -> None:
    finding = said(NONE[0], out("no_media"))
    assert finding.outcome is NO
    assert text("rules_why.no_law.why", day="19 May 2026") in finding.why
