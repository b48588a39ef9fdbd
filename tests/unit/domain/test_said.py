# SPDX-License-Identifier: Apache-2.0
"""Sentences as keys and values: English for documents, the language spoken for the window."""

from collections.abc import Iterator

import pytest

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.known import Known
from core.domain.project import Project
from core.domain.said import Said, as_spoken, in_english, said
from core.languages import ENGLISH, LANGUAGES
from core.reference import load_reference
from core.texts import in_words, read_names, speak

OTHERS = [one for one in LANGUAGES if one != ENGLISH]


@pytest.fixture(params=OTHERS)
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    speak(request.param)
    yield request.param
    speak(ENGLISH)


def test_values_come_back_as_they_were_put_in(spoken: str) -> None:
    # A name that looks like the sentence around it: what is told apart by its words would be cut in the wrong place.
    name = "Titan” is not in our table, so its speed is not known. “{x}"
    remark = said("compute.remark.hardware_unknown", name=name)
    words = read_names(spoken)["compute.remark.hardware_unknown"]
    assert as_spoken([remark]) == words.replace("{name}", name)
    assert name in str(remark)


def test_sentences_that_follow_one_another_are_each_said(spoken: str) -> None:
    names = read_names(spoken)
    both = (said("compute.remark.recorded_frozen"), said("compute.remark.confirms"))
    assert as_spoken(both) == f"{names['compute.remark.recorded_frozen']} {names['compute.remark.confirms']}"
    assert in_english(both).startswith("The Trainer counts frozen weights")


def test_a_name_inside_a_sentence_is_said_in_its_language(spoken: str) -> None:
    other = said("compute.remark.same_hours", name=said("compute.name.throughput"))
    assert read_names(spoken)["compute.name.throughput"] in as_spoken([other])
    assert "the figure from speed and hours" in str(other)


@pytest.mark.parametrize(
    "without", [said("cli.not_known"), said("compute.remark.same_hours", name=said("cli.not_known"))]
)
def test_no_text_is_in_two_languages(spoken: str, without: Said) -> None:
    assert spoken
    both = (said("compute.remark.confirms"), without)
    assert as_spoken(both) == in_english(both)


def test_in_english_nothing_is_looked_up() -> None:
    assert as_spoken([said("compute.agree.share", percent="34")]) == str(
        said("compute.agree.share", percent="34")
    )
    assert in_words("Compute record") == "Compute record"
    assert as_spoken(()) == ""


def test_what_the_weighing_says_is_told_in_the_language(spoken: str) -> None:
    """Hours of a device that no table holds, and a size with its tokens: every remark has its words."""
    assert spoken
    answers = Answers(parameters_total=10**9, tokens=10**9, hardware="Owl 9000", hours=3.0)
    found = weigh(Known(Project(by_hand=True, answers=answers)), load_reference())
    remarks = [one.remarks for one in found.witnesses if one.remarks]
    assert len(remarks) >= 2
    for each in (*remarks, found.agreed):
        assert as_spoken(each) != in_english(each)
    assert any("Owl 9000" in as_spoken(each) for each in remarks)
