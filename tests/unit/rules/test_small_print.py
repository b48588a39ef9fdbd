# SPDX-License-Identifier: Apache-2.0
"""Single points of the rules that no scenario turns on: boundaries of the data, shares, fallbacks, orders."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.domain.estimate import FlopEstimate
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.places import DATA_FOLDER
from core.reference import load_reference
from core.rules import judge, load_rulebook
from core.rules.case import Case
from core.rules.eu.fines import domain_list
from core.rules.eu.lines import eu_lines
from core.rules.schema import Instrument, Period, Standing, Status
from core.rules.updates import own_shelf
from core.rules.whatif import value_words, what_if
from core.texts import catalogue, text
from tests.rules.scenario import run, scenarios

DAY = datetime.date(2026, 7, 4)
TODAY = datetime.date(2026, 11, 26)
RULES = load_rulebook().at(TODAY)


def case(own: int | None = None, **answers: Any) -> Case:
    flop = FlopEstimate(low=own, central=own, high=own, method="said") if own is not None else None
    known = Known(Project(by_hand=True).replace(answers=Project().answers.model_validate(answers)))
    return Case(known, Footprint(accounts=Accounts(own=flop, cumulative=flop)), RULES)


def test_the_own_shelf_lies_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_FOLDER, str(tmp_path))
    assert own_shelf().folder == tmp_path / "rules"


@pytest.mark.parametrize(("status", "fits"), [("in_force", True), ("enacted", False)])
def test_a_law_that_starts_on_the_day_of_the_check_has_started(status: str, fits: bool) -> None:
    """Enacted means that it has not begun when somebody last looked."""
    (law,) = (one for place, one in load_rulebook().instruments.items() if place == "taiwan.ai_basic_act")
    said = law.model_dump(by_alias=True) | {"checked_on": DAY}
    said["periods"] = ({"from": DAY, "status": Status(status)},)
    if fits:
        assert Instrument.model_validate(said).periods[0].status is Status.IN_FORCE
    else:
        with pytest.raises(ValidationError, match="write in_force"):
            Instrument.model_validate(said)


def test_no_law_stands_as_none_on_every_day() -> None:
    period = Period.model_validate({"from": datetime.date(2020, 1, 1), "status": Status.NO_LAW})
    assert period.standing(datetime.date(1999, 1, 1)) is Standing.NO_LAW
    assert period.standing(TODAY) is Standing.NO_LAW


@pytest.mark.parametrize(
    ("domains", "small", "listed"),
    [
        (100, False, 10),
        (101, False, 11),
        (1, False, 1),
        (100, True, 5),
        (101, True, 6),
        (19_980, True, 999),
        (10**6, True, 1000),
    ],
)
def test_how_many_domains_are_listed(domains: int, small: bool, listed: int) -> None:
    """A tenth, or for small firms a twentieth and at most a thousand; parts of one round up."""
    assert domain_list(RULES, domains, small=small) == listed


def test_a_stand_in_is_only_used_for_an_unknown_base() -> None:
    assert eu_lines(case(10**20, origin="from_scratch")).stand_in is False
    assert eu_lines(case(10**20, origin="fine_tune")).stand_in is True


@pytest.mark.parametrize(
    ("tag", "kind"), [("text-generation", True), ("text-classification", False), ("robotics", None)]
)
def test_without_kinds_of_output_the_tag_tells(tag: str, kind: bool | None) -> None:
    assert case(pipeline_tag=tag).indicator_kind is kind


def test_what_if_lists_the_largest_models_first() -> None:
    answer = what_if(
        load_rulebook(), ["eu.ai_act.gpai_indicator=10^24"], TODAY, models=load_reference().well_known_models
    )
    sizes = [one.flop for one in answer.models]
    assert len(sizes) > 30
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("100000000", "10^8"),
        ("10^23", "10^23"),
        ("1000", "1000"),
        ("200000000", "200000000"),
        (("a", "b"), "a, b"),
        (datetime.date(2026, 8, 2), "2026-08-02"),
        ("5/100", "5/100"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert value_words(value) == words


@pytest.mark.parametrize(
    ("offered", "owed", "assumed"), [(None, True, True), (True, True, False), (False, False, False)]
)
def test_what_was_assumed_is_told_only_when_it_was(offered: bool | None, owed: bool, assumed: bool) -> None:
    """California: nobody said whether people there can use it, so it is taken that they can, and that is said."""
    said: dict[str, Any] = {
        "origin": "from_scratch",
        "output_modalities": ("text",),
        "release_form": "open_weights",
    }
    known = case(10**20, **said, **({} if offered is None else {"offered_in_california": offered}))
    judged = judge(known.known, known.footprint, RULES)
    (finding,) = (one for one in judged.findings if one.instrument == "us-ca-ab2013")
    words = text("rules_us.ab2013.step.assumed.result")
    assert bool(finding.duties) is owed
    assert any(step.result == words for step in finding.because) is assumed
    assert bool(finding.would_change) is assumed


def _shown() -> str:
    """Everything that the findings of all scenarios say."""
    said: dict[str, None] = {}
    for scenario in scenarios():
        for one in run(scenario, load_rulebook()).findings:
            said |= dict.fromkeys(
                (one.headline, one.why, one.other_reading, one.would_change, one.todo, one.caveat)
            )
            said |= dict.fromkeys(words for step in one.because for words in (step.rule, step.result))
    return "\n".join(said)


def test_every_step_of_an_explanation_is_shown_by_a_scenario() -> None:
    """A step that no scenario shows could be lost, or tell something wrong, and nobody would see it."""
    shown = _shown()
    missing = []
    for name in ("rules_eu", "rules_us", "rules_why"):
        for key, words in catalogue(name).items():
            if ".step." in f".{key}" and key.endswith((".rule", ".result")):
                pattern = "".join(
                    ".*" if part.startswith("{") else re.escape(part)
                    for part in re.split(r"(\{\w+\})", words)
                )
                if re.search(pattern, shown) is None:
                    missing.append(f"{name}.{key}")
    assert missing == []
