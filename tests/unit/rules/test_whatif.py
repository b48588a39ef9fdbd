# SPDX-License-Identifier: Apache-2.0
"""The goalposts: a moved line catches exactly the models between old and new, and the shipped rulebook stays as it is."""

import datetime
import json
from typing import Any

import pytest

from core.cli.main import main
from core.domain.answers import Answers
from core.domain.finding import Outcome
from core.domain.known import Known
from core.domain.project import Project
from core.errors import BadAnswers
from core.reference import load_reference
from core.rules import load_rulebook
from core.rules.calendar import calendar, due_for_checking
from core.rules.whatif import SYSTEMIC, moved, what_if
from tests.rules.scenario import footprint

TODAY = datetime.date(2026, 11, 23)
MODELS = load_reference().well_known_models
CHAPTER = "eu-ai-act-gpai"


def _ask(*wishes: str, flop: dict[str, str] | None = None, **answers: Any) -> Any:
    yours = None
    if flop is not None:
        yours = (
            Known(Project(answers=Answers.model_validate(answers))),
            footprint({"flop": flop}),
        )
    return what_if(load_rulebook(), wishes, TODAY, yours=yours, models=MODELS)


def _newly(answer: Any, line: str) -> set[str]:
    return {model.model for model in answer.models if line in model.newly}


def _between(low: int, high: int) -> set[str]:
    """Models over `low` but not over `high`: strictly, as the law says."""
    return {row.hub_id for row in MODELS if row.flop_best is not None and low < row.flop_best <= high}


def test_about_forty_models_all_with_published_compute() -> None:
    assert 40 <= len(MODELS) <= 50
    assert all(row.flop_best for row in MODELS)


def test_ten_times_lower_catches_exactly_those_between() -> None:
    answer = _ask("eu.ai_act.gpai_indicator=10^22")
    assert _newly(answer, CHAPTER) == _between(10**22, 10**23)
    assert "stabilityai/stable-diffusion-xl-base-1.0" in _newly(answer, CHAPTER)
    assert [move.id for move in answer.moves] == ["eu.ai_act.gpai_indicator", "eu.ai_act.stand_in_base"]
    assert not any(model.freed for model in answer.models)


def test_ten_times_higher_frees_exactly_those_between() -> None:
    answer = _ask("eu.ai_act.gpai_indicator=x10")
    freed = {model.model for model in answer.models if CHAPTER in model.freed}
    assert freed == _between(10**23, 10**24)


def test_the_systemic_line() -> None:
    answer = _ask("eu.ai_act.systemic_presumption=/10")
    assert _newly(answer, SYSTEMIC) == _between(10**24, 10**25)
    today = {model.model for model in answer.models if SYSTEMIC in model.before}
    assert today == {row.hub_id for row in MODELS if (row.flop_best or 0) > 10**25}


def test_a_plan_put_in_force() -> None:
    answer = _ask("us-s2938=in_force", "us_federal.s_2938.frontier_line=10^25")
    assert _newly(answer, "us-s2938") == {row.hub_id for row in MODELS if (row.flop_best or 0) > 10**25}
    vetoed = _ask("us_california.sb_1047=in_force", "us_california.sb_1047.frontier_line=10^25")
    assert _newly(vetoed, "us-ca-sb1047") == _newly(answer, "us-s2938")


def test_your_model() -> None:
    small = {"origin": "from_scratch", "output_modalities": ["text"], "purpose": "commercial"}
    answer = _ask("eu.ai_act.gpai_indicator=10^22", flop={"own": "2*10^22"}, **small)
    (change,) = answer.yours
    assert (change.instrument, change.before, change.after) == (
        CHAPTER,
        Outcome.DOES_NOT_APPLY,
        Outcome.APPLIES,
    )
    assert _ask("eu.ai_act.gpai_indicator=10^22", flop={"own": "10^18"}, **small).yours[0].after is (
        Outcome.DOES_NOT_APPLY
    ), "only the distance changes"
    bill = _ask("us-ny-s6955=in_force", flop={"own": "10^18"}, **small)
    assert [(one.instrument, one.after) for one in bill.yours] == [("us-ny-s6955", Outcome.APPLIES)]


def test_the_shipped_rulebook_stays() -> None:
    book = load_rulebook()
    before = book.hash
    changed, _ = moved(book, ["eu.ai_act.gpai_indicator=10^22"], TODAY)
    assert changed.hash != before
    assert load_rulebook().hash == before
    assert book.at(TODAY).threshold("eu.ai_act.gpai_indicator").value == 10**23


@pytest.mark.parametrize(
    "wish",
    [
        "no.such.line=10^22",
        "eu.ai_act.gpai_indicator=banana",
        "eu.ai_act.gpai_indicator=1e22",
        "eu.ai_act.gpai_indicator",
        "eu.ai_act.gpai_indicator=",
        "us-s2938=10^22",
        "canada.no_ai_act=in_force",
        "eu.ai_act.fines_from=soon",
        "eu.ai_act.fines_from=/10",
    ],
)
def test_what_cannot_be_moved_is_refused(wish: str) -> None:
    with pytest.raises(BadAnswers) as caught:
        moved(load_rulebook(), [wish], TODAY)
    assert wish in str(caught.value)


def test_dates_shares_and_lists_can_be_moved() -> None:
    book, moves = moved(
        load_rulebook(),
        [
            "eu.ai_act.modification_share=1/5",
            "eu.ai_act.fines_from=2027-01-01",
            "eu.ai_act.generative_modalities=text",
        ],
        TODAY,
    )
    rules = book.at(TODAY)
    assert str(rules.share("eu.ai_act.modification_share")[0]) == "1/5"
    assert rules.date("eu.ai_act.fines_from") == datetime.date(2027, 1, 1)
    assert rules.words("eu.ai_act.generative_modalities") == ("text",)
    assert moves[0].before == "> 1/3 share"


def test_calendar_of_what_comes_next() -> None:
    events = calendar(load_rulebook(), TODAY)
    days = [event.day for event in events]
    assert days == sorted(days)
    assert days[0] == datetime.date(2026, 12, 2)
    starts = {(event.instrument, str(event.day)) for event in events if event.kind == "starts"}
    assert starts == {
        ("eu-ai-act-art5", "2026-12-02"),
        ("eu-ai-act-art25", "2027-12-02"),
        ("x-eu-pld", "2026-12-09"),
        ("us-co-sb26-189", "2027-01-01"),
        ("us-il-sb315", "2027-01-01"),
        ("us-ny-raise", "2027-01-01"),
    }
    assert {event.instrument for event in events if not event.sure} == {"us-il-sb315"}
    assert not any(event.instrument in ("us-s2938", "us-gaaia-draft", "us-eo-14110") for event in events)
    assert calendar(load_rulebook(), TODAY, until=datetime.date(2026, 12, 2)) == events[:2]
    assert calendar(load_rulebook(), datetime.date(2030, 1, 1)) == ()
    assert any(event.day == TODAY + datetime.timedelta(days=9) for event in events)
    past = calendar(load_rulebook(), datetime.date(2026, 6, 29), until=datetime.date(2026, 7, 1))
    assert [event.instrument for event in past] == ["us-ct-pa26-15"]


def test_what_is_due_for_checking_is_listed() -> None:
    assert due_for_checking(load_rulebook(), TODAY) == ()
    later = due_for_checking(load_rulebook(), datetime.date(2027, 1, 1))
    assert ("us-ca-sb53", datetime.date(2026, 7, 4)) in later
    assert "eu-ai-act-gpai" not in [name for name, _ in later]


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--what-if", "eu.ai_act.gpai_indicator=10^22"], today=TODAY) == 0
    said = capsys.readouterr().out
    assert "> 10^23 FLOP becomes > 10^22 FLOP" in said
    assert "29 are caught" in said
    assert "42 would be" in said
    assert main(["rules", "--calendar"], today=TODAY) == 0
    assert "2027-01-01 starts: New York RAISE Act" in capsys.readouterr().out
    assert main(["rules", "--calendar", "--json"], today=TODAY) == 0
    assert json.loads(capsys.readouterr().out)["events"][0]["day"] == "2026-12-02"
    assert main(["rules", "--what-if", "us-s2938=in_force", "--json"], today=TODAY) == 0
    assert json.loads(capsys.readouterr().out)["moves"][0]["after"] == "in_force"
    assert main(["rules", "--words"], today=TODAY) == 0
    assert "provider: The one who puts a model out" in capsys.readouterr().out
    assert main(["rules", "--words", "--json"], today=TODAY) == 0
    assert len(json.loads(capsys.readouterr().out)["terms"]) > 40
    assert main(["rules", "--what-if", "x=1"], today=TODAY) == 2
    assert "x=1" in capsys.readouterr().err
