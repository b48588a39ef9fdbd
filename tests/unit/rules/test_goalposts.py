# SPDX-License-Identifier: Apache-2.0
"""Moving a line: how a wish is read, what it changes, whom it catches; and what is due for a new look."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest

from core.domain.finding import Outcome
from core.rules import judge, load_rulebook
from core.rules.calendar import due_for_checking
from core.rules.schema import Standing, Status
from core.rules.whatif import SYSTEMIC, Caught, differences, moved, what_if
from tests.unit.rules.cases import TODAY, release

BOOK = load_rulebook()
CHAPTER = "eu-ai-act-gpai"
LINE = "eu.ai_act.gpai_indicator"


@dataclass(frozen=True)
class Row:
    """A published model."""

    flop_best: int | None = 2 * 10**23
    modality: str = "text"
    flop_low: int | None = None
    flop_high: int | None = None
    parameters_total: int | None = None
    licence_id: str = ""
    hub_id: str = "a/b"


def caught(row: Row, wish: str = f"{LINE}=10^24") -> Caught:
    (found,) = what_if(BOOK, [wish], TODAY, models=[row]).models
    return found


@pytest.mark.parametrize(
    ("value", "words", "number"),
    [
        ("/10", "10^22", 10**22),
        ("x10", "10^24", 10**24),
        ("*10", "10^24", 10**24),
        ("x 3", "300000000000000000000000", 3 * 10**23),
        ("3*10^23", "3*10^23", 3 * 10**23),
        (" 10^22 ", "10^22", 10**22),
    ],
)
def test_how_a_new_value_is_written(value: str, words: str, number: int) -> None:
    book, moves = moved(BOOK, [f"{LINE}={value}"], TODAY)
    assert book.at(TODAY).threshold(LINE).value == number
    assert moves[0].before == "> 10^23 FLOP"
    assert moves[0].after == f"> {words} FLOP"
    # the stand-in for an unknown base is the line itself
    assert book.at(TODAY).whole("eu.ai_act.stand_in_base") == number
    assert [move.id for move in moves] == [LINE, "eu.ai_act.stand_in_base"]
    assert moves[1].before == "10^23 FLOP amount"


def test_only_the_value_of_the_day_is_moved() -> None:
    name = "us_california.sb_53.frontier_line"
    book, moves = moved(BOOK, [f"{name}=10^25"], TODAY)
    assert [move.id for move in moves] == [name]
    assert book.at(TODAY).threshold(name).value == 10**25
    assert BOOK.at(TODAY).threshold(name).value == 10**26
    assert book.parameters.keys() == BOOK.parameters.keys()
    others = [one for one in BOOK.parameters if one != name]
    assert all(book.parameters[one] == BOOK.parameters[one] for one in others)


@pytest.mark.parametrize("wish", ["us-s2938=in_force", "us_federal.s_2938=in_force"])
def test_a_plan_is_put_in_force_by_either_name(wish: str) -> None:
    book, (move,) = moved(BOOK, [wish], TODAY)
    assert (move.id, move.before, move.after) == ("us-s2938", "proposed", "in_force")
    standing, period = book.at(TODAY).standing("us_federal.s_2938")
    assert standing is Standing.IN_FORCE
    assert (period.status, period.until) == (Status.IN_FORCE, None)
    assert book.at(TODAY).threshold("us_federal.s_2938.frontier_line").standing is Standing.IN_FORCE
    # nothing else stands differently
    assert book.at(TODAY).standing("us_federal.gaaia_draft")[0] is Standing.PROPOSED


def test_a_plan_stands_from_the_day_asked_or_the_day_it_was_checked() -> None:
    early = datetime.date(2025, 12, 1)
    book, _ = moved(BOOK, ["us-s2938=in_force"], early)
    assert book.at(early).standing("us_federal.s_2938")[0] is Standing.IN_FORCE
    late, _ = moved(BOOK, ["us-s2938=in_force"], datetime.date(2030, 1, 1))
    law = late.instruments["us_federal.s_2938"]
    assert law.periods[0].start == law.checked_on


@pytest.mark.parametrize(
    ("row", "is_caught"),
    [
        (Row(), True),
        (Row(flop_best=10**23), False),
        (Row(modality="image/video generation"), True),
        (Row(modality="audio"), True),
        (Row(modality="embedding"), False),
        (Row(modality="vision"), False),
        (Row(modality="something new"), True),
    ],
)
def test_whom_the_chapter_catches(row: Row, is_caught: bool) -> None:
    found = caught(row)
    assert (CHAPTER in found.before) is is_caught
    assert CHAPTER not in found.after
    assert found.freed == ((CHAPTER,) if is_caught else ())
    assert found.newly == ()
    assert found.flop == row.flop_best


def test_a_model_without_published_compute_is_left_out() -> None:
    assert what_if(BOOK, [f"{LINE}=10^24"], TODAY, models=[Row(flop_best=None)]).models == ()


def test_a_range_that_does_not_hold_its_figure_is_widened_to_it() -> None:
    found = caught(Row(flop_low=3 * 10**23, flop_high=10**22))
    assert CHAPTER in found.before
    assert caught(Row(flop_low=10**20, flop_high=10**25)).before == found.before


def test_systemic_risk_is_listed_beside_the_chapter() -> None:
    large = caught(Row(flop_best=10**25 + 1), "eu.ai_act.systemic_presumption=x10")
    assert SYSTEMIC in large.before
    assert SYSTEMIC not in large.after
    assert large.freed == (SYSTEMIC,)
    assert SYSTEMIC not in caught(Row(flop_best=10**25), "eu.ai_act.systemic_presumption=x10").before


def test_a_law_without_a_line_counts_only_when_it_is_the_one_that_changed() -> None:
    """California AB 2013 binds every such model whatever its size, so it is not among those that compute catches."""
    assert "us-ca-ab2013" not in caught(Row()).before
    bill = caught(Row(), "us-ny-s6955=in_force")
    assert bill.newly == ("us-ny-s6955",)


def test_models_come_by_compute() -> None:
    rows = [Row(flop_best=size, hub_id=f"m/{size}") for size in (10**22, 10**24, 10**23)]
    found = what_if(BOOK, [f"{LINE}=10^24"], TODAY, models=rows).models
    assert [one.flop for one in found] == [10**24, 10**23, 10**22]


SAID: dict[str, Any] = {"origin": "from_scratch", "output_modalities": ["text"], "purpose": "commercial"}


def test_what_two_judgements_say_differently() -> None:
    case = release(2 * 10**23, **SAID)
    book, _ = moved(BOOK, [f"{LINE}=10^24"], TODAY)
    before = judge(case.known, case.footprint, BOOK.at(TODAY)).findings
    after = judge(case.known, case.footprint, book.at(TODAY)).findings
    (change,) = differences(before, after)
    assert (change.instrument, change.before, change.after) == (
        CHAPTER,
        Outcome.APPLIES,
        Outcome.DOES_NOT_APPLY,
    )
    assert change.headline_before != change.headline_after
    assert change.title == "EU AI Act, Chapter V: general-purpose AI models"
    assert differences(before, before) == ()
    others = tuple(one for one in after if one.instrument != CHAPTER)
    assert differences(before, others) == ()


def test_other_duties_alone_are_a_change() -> None:
    case = release(2 * 10**23, **SAID)
    (finding, *_) = judge(case.known, case.footprint, BOOK.at(TODAY)).findings
    (change,) = differences([finding], [finding.replace(duties=finding.duties[:1])])
    assert change.headline_before == change.headline_after
    assert differences([finding], [finding.replace(todo="something else")]) == ()


def test_what_is_due_for_a_new_look() -> None:
    """Exactly so many days ago is not yet more than so many."""
    law = min(BOOK.instruments.values(), key=lambda one: (one.checked_on, one.id))
    day = law.checked_on + datetime.timedelta(days=30)
    assert due_for_checking(BOOK, day, days=30) == ()
    due = due_for_checking(BOOK, day + datetime.timedelta(days=1), days=30)
    assert due[0] == (law.id, law.checked_on)
    assert {checked for _, checked in due} == {law.checked_on}
    usual = law.checked_on + datetime.timedelta(days=180)
    assert due_for_checking(BOOK, usual) == ()
    assert due_for_checking(BOOK, usual + datetime.timedelta(days=1)) != ()
    all_of_them = due_for_checking(BOOK, datetime.date(2030, 1, 1))
    assert len(all_of_them) == len(BOOK.instruments)
    assert list(all_of_them) == sorted(all_of_them, key=lambda one: (one[1], one[0]))
