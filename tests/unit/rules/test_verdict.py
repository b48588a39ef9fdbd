# SPDX-License-Identifier: Apache-2.0
"""The verdict: the answer first, under 150 words, easy to read, with what is owed and the source."""

import datetime
from typing import Any

import pytest

from core.domain.assessment import Verdict
from core.licences import licence_duties
from core.reference import load_reference
from core.rules import load_rulebook
from core.verdict import verdict
from tests.rules.scenario import footprint, known, run, scenarios
from tests.unit.rules.readability import grade

ALL = scenarios()
TODAY = datetime.date(2026, 11, 23)


def _verdict(scenario: dict[str, Any]) -> Verdict:
    who = known(scenario)
    return verdict(
        who,
        footprint(scenario),
        run(scenario, load_rulebook()),
        licence_duties(who, load_reference()),
    )


def _of(flop: dict[str, str] | None = None, **answers: Any) -> Verdict:
    return _verdict({"name": "x", "day": TODAY, "answers": answers, "flop": flop or {}})


def _body(said: Verdict) -> str:
    return " ".join(said.body)


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: f"{one['file']}: {one['name']}")
def test_every_verdict_is_short_and_plain(scenario: dict[str, Any]) -> None:
    said = _verdict(scenario)
    everything = " ".join((said.headline, *said.body))
    assert said.words == len(everything.split())
    assert said.words < 150, everything
    assert grade(everything) <= 9.0, (grade(everything), everything)
    assert said.sources
    if scenario["day"] >= datetime.date(2025, 1, 20):
        assert "14110" not in everything


def test_home_lora_on_llama_31() -> None:
    said = _of(
        {"own": "3.4*10^18", "base": "7.2*10^23"},
        origin="fine_tune",
        base_model="meta-llama/Llama-3.1-8B",
        output_modalities=["text"],
        release_form="open_weights",
        purpose="hobby",
    )
    assert said.headline == "Nothing in these laws stops this release."
    body = _body(said)
    assert "does not make you a provider: your training is about 71,000 times below the line" in body
    assert "one third of the base model's compute" in body
    assert "about 140 times below the line of California's and New York's laws" in body
    assert "name starts with Llama, show “Built with Llama”, notice and licence copy" in body
    assert "Llama 3.1 Community License, section 1.b" in body
    assert (
        "California AB 2013: a short statement on your training data (Cal. Civ. Code 3111), if Californians can use it"
        in body
    )
    assert any("points 59 to 63" in source for source in said.sources)
    assert any("Cal. Civ. Code 3111" in source for source in said.sources)
    assert any("Llama 3.1 Community License" in source for source in said.sources)


def test_small_model_from_scratch() -> None:
    said = _of(
        {"own": "7*10^18"}, origin="from_scratch", output_modalities=["text"], offered_in_california=True
    )
    assert said.headline == "Nothing in these laws stops this release."
    assert "does not reach you: your training is about 14,000 times below the line" in _body(said)
    assert _body(said).endswith("(Cal. Civ. Code 3111).")


def test_provider_is_told_what_is_owed_first() -> None:
    said = _of(
        {"own": "5*10^23"},
        origin="from_scratch",
        output_modalities=["text"],
        purpose="commercial",
        license="mit",
        monetised=False,
        weights_public=True,
        architecture_public=True,
        usage_public=True,
    )
    assert "provider" in said.headline
    assert "owe" in said.headline
    assert "copyright policy, public summary of training data, answers to the Commission" in _body(said)
    assert "you are spared: technical file" in _body(said)


def test_open_questions_are_counted_once() -> None:
    both = _of()
    assert both.headline == "Two questions are open."
    one = _of({"base": "7.2*10^23"}, origin="fine_tune", output_modalities=["text"])
    assert one.headline == "One question is open."
    assert "Tell us the hours and the graphics card" in _body(one)
    assert "130,000 hours" in _body(one)


def test_hobby_release_over_the_line_is_not_told_that_it_owes() -> None:
    said = _of({"own": "5*10^23"}, origin="from_scratch", output_modalities=["text"], purpose="hobby")
    assert said.headline == "One question is open."
    assert "if it counts: technical file" in _body(said)


def test_unknown_licence_of_a_known_base_leads() -> None:
    said = _of(
        {"own": "10^18", "base": "10^23 + 1"},
        origin="fine_tune",
        base_model="me/base",
        output_modalities=["text"],
    )
    assert said.headline == "Check the licence of the base model before you publish."
    assert "no permission found for me/base" in _body(said)


def test_older_model_hears_its_date() -> None:
    said = _of(
        {"own": "5*10^23"},
        origin="from_scratch",
        output_modalities=["text"],
        purpose="commercial",
        release_date=datetime.date(2024, 1, 1),
    )
    assert said.headline == "You have duties under EU law from 2 August 2027."
    assert "from 2 August 2027" in _body(said)


def test_a_law_that_starts_later_is_dated() -> None:
    said = _of(
        {"own": "1.5*10^26"},
        origin="from_scratch",
        output_modalities=["text"],
        purpose="commercial",
        annual_revenue_usd=600000000,
    )
    assert "New York RAISE Act, from 1 January 2027: report on the model" in _body(said)


def test_near_a_line_and_demo_are_said() -> None:
    near = _of({"own": "9*10^22"}, origin="from_scratch", output_modalities=["text"])
    assert "A line is close" in _body(near)
    far = _of({"own": "10^20"}, origin="from_scratch", output_modalities=["text"], with_demo=True)
    assert "A line is close" not in _body(far)
    assert "EU AI Act, Article 50: notice that it is AI, marks on what it makes" in _body(far)


def test_a_classifier_of_ones_own_owes_nothing() -> None:
    said = _of({"own": "10^17"}, origin="from_scratch", output_modalities=["label"])
    assert said.headline == "Nothing in these laws stops this release."
    assert "Nothing is owed" in _body(said)


def test_a_home_model_on_an_unnamed_base_is_not_left_in_doubt() -> None:
    said = _verdict(
        {
            "name": "x",
            "day": TODAY,
            "answers": {"origin": "fine_tune", "output_modalities": ["text"]},
            "flop": {"own": "10^18", "base": "unknown"},
            "parameters": 8 * 10**9,
        }
    )
    assert said.headline == "Check the licence of the base model before you publish."
    assert "the lowest one for any base" in _body(said)
    assert "too few parameters to get there" in _body(said)
