# SPDX-License-Identifier: Apache-2.0
import re
from typing import Any

import pytest

from core.documents import AB2013, LostInWriting, read_back, render
from core.documents.data_points import general_range
from core.domain.answers import Answers
from core.domain.document import RenderedDocument, Severity
from core.domain.finding import Outcome
from core.domain.project import Project
from core.questions import all_questions
from tests.unit.documents import samples

UNSAID = "The developer has not stated this."


def statement(project: Project, **changes: Any) -> RenderedDocument:
    assessment = samples.assessment(project, **changes)
    document = render(AB2013, project, assessment)
    read_back(document, project, assessment)
    return document


def sections(document: RenderedDocument) -> dict[int, str]:
    parts = re.split(r"(?m)^## (\d+)\. .*$", document.content)
    return {int(n): body for n, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_nothing_known_is_twelve_honest_lines_and_twelve_owed_gaps() -> None:
    document = statement(samples.project(Answers(), ()))
    found = sections(document)
    assert sorted(found) == list(range(1, 13))
    assert all(found[n].strip() == UNSAID for n in range(1, 12))
    assert UNSAID in found[12]
    assert len(document.gaps) == 12
    assert {gap.severity for gap in document.gaps} == {Severity.OWED}
    assert {gap.needed_by for gap in document.gaps} == {"California AB 2013"}
    assert {gap.field for gap in document.gaps} <= set(all_questions())


def test_all_said_leaves_no_gap_and_no_honest_line() -> None:
    document = statement(samples.STATED)
    assert document.gaps == ()
    assert "not stated" not in document.content
    found = sections(document)
    assert "[mira/recipes](https://huggingface.co/datasets/mira/recipes)" in found[1]
    assert "Recipes that I wrote down" in found[1]
    assert "Between 5,000 and 10,000 examples" in found[3]
    assert "28,800 examples seen; passes over the data: 3." in found[3]
    assert "59 million tokens" in found[3]
    assert "neither bought nor licensed" in found[6]
    assert "no personal information" in found[7]
    assert "- to save time" in found[9]
    assert "2019 to March 2026" in found[10]


@pytest.mark.parametrize("gap", statement(samples.project(Answers(), ())).gaps, ids=lambda gap: gap.field)
def test_each_gap_closes_with_its_answer_and_no_other(gap: Any) -> None:
    value = getattr(samples.STATED.answers, gap.field)
    document = statement(samples.project(Answers(**{gap.field: value}), ()))
    assert len(document.gaps) == 11
    assert gap.field not in {one.field for one in document.gaps}


def test_do_not_know_is_said_as_such_and_stays_a_gap() -> None:
    document = statement(samples.project(Answers(dont_know=("personal_data",)), ()))
    assert sections(document)[7].strip() == "The developer says that they do not know this."
    assert len(document.gaps) == 12


def test_blank_words_are_no_answer() -> None:
    document = statement(samples.project(Answers(data_cleaning="  \n ", data_summary=" "), ()))
    assert len(document.gaps) == 12


def test_it_is_proposed_and_missed_only_where_the_law_applies() -> None:
    project = samples.project()
    owed = samples.assessment(project)
    assert AB2013 in [kind.id for kind in owed.documents if kind.proposed]
    assert len([gap for gap in owed.gaps if gap.document == AB2013]) == 11
    findings = (samples.FINDINGS[1].replace(outcome=Outcome.DOES_NOT_APPLY),)
    free = samples.assessment(project, findings=findings)
    assert AB2013 not in [kind.id for kind in free.documents if kind.proposed]
    assert not [gap for gap in free.gaps if gap.document == AB2013]
    asked_for = statement(project, findings=findings)
    assert {gap.severity for gap in asked_for.gaps} == {Severity.READERS}


def test_runs_that_may_have_used_other_data_give_no_number() -> None:
    facts = (
        samples.fact("samples", 500),
        samples.fact("tokens_recorded", 9000),
        samples.fact("runs", [{}, {}]),
    )
    assert sections(statement(samples.project(Answers(), facts)))[3].strip() == UNSAID
    one = sections(statement(samples.project(Answers(), facts[:2])))[3]
    assert "saw 500 examples in all" in one
    assert "9,000 tokens" in one
    items = (*facts, samples.fact("dataset_size", 120, "meta.json"))
    assert "Between 100 and 200 items" in sections(statement(samples.project(Answers(), items)))[3]


def test_clips_and_pictures_do_not_hold_several_texts() -> None:
    for task, mixed in (
        ("text-generation", True),
        ("automatic-speech-recognition", False),
        ("text-to-image", False),
    ):
        project = samples.project(samples.ANSWERS.replace(samples=500, pipeline_tag=task))
        assert ("An example can hold more than one text." in sections(statement(project))[3]) == mixed, task


def test_the_base_is_named_and_linked() -> None:
    assert "https://huggingface.co/meta-llama/Llama-3.1-8B" in statement(samples.project()).content
    assert "builds on another model" in statement(samples.project(Answers(origin="fine_tune"), ())).content
    assert "builds on" not in statement(samples.project(Answers(origin="from_scratch"), ())).content


def test_private_things_stay_out() -> None:
    answers = samples.STATED.answers.replace(
        data_summary="From /home/mira/data with hf_abcdefghijklmnopqrstuv.",
        datasets=("/home/mira/data.jsonl", "mira/recipes"),
        data_cleaning="Ask mira@example.org.",
        contact="me@example.net",
    )
    document = statement(samples.project(answers))
    for private in ("/home", "hf_abc", "mira@example.org"):
        assert private not in document.content
    assert "me@example.net" in document.content
    assert len(document.withheld) >= 3


def test_markup_of_a_person_stays_text() -> None:
    answers = samples.STATED.answers.replace(data_types="## 5. Nothing\n<script>x</script>")
    found = sections(statement(samples.project(answers)))
    assert sorted(found) == list(range(1, 13))
    assert "<script" not in found[4]


@pytest.mark.parametrize(
    "words",
    [
        "Between 5,000 and 10,000",
        "October 2026.",
        "[mira/recipes](https://huggingface.co/datasets/mira/recipes)",
        "## 8.",
    ],
)
def test_a_lost_fact_is_noticed(words: str) -> None:
    assessment = samples.assessment(samples.STATED)
    document = render(AB2013, samples.STATED, assessment)
    assert words in document.content
    with pytest.raises(LostInWriting):
        read_back(document.replace(content=document.content.replace(words, "")), samples.STATED, assessment)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (1, 1, 2),
        (2, 1, 2),
        (3, 2, 5),
        (9600, 5000, 10_000),
        (10_000, 10_000, 20_000),
        (999_999, 500_000, 10**6),
    ],
)
def test_a_general_range_holds_the_count(count: int, low: int, high: int) -> None:
    assert general_range(count) == (low, high)
    assert low <= count <= high
