# SPDX-License-Identifier: Apache-2.0
"""The risk note: asks only what a model can do, prints what was said, names what was not, and scores nothing."""

import datetime
from typing import Any, get_args

import pytest

from core.assess import assess
from core.documents import RISK_NOTE, LostInWriting, read_back, render
from core.documents.risk import FIELDS
from core.domain.answers import Answers
from core.domain.document import RenderedDocument
from core.domain.known import Known
from core.domain.project import Project
from core.domain.reach import HOLDS_KNOWLEDGE, WRITES_PROGRAMS, misuses_in_reach
from core.domain.risk import Misuse
from core.questions import build_question
from core.reference import load_reference
from core.rules import load_rulebook
from core.texts import catalogue
from tests.unit.documents import samples

TODAY = datetime.date(2026, 11, 26)
UNSAID = "The developer has not stated this."


def _note(project: Project) -> RenderedDocument:
    assessment = samples.assessment(project)
    document = render(RISK_NOTE, project, assessment)
    read_back(document, project, assessment)
    return document


def _reach(**answers: Any) -> set[str]:
    return set(misuses_in_reach(Known(Project(answers=Answers.model_validate(answers)))))


def test_nothing_said_is_said_for_each_part_and_asked() -> None:
    note = _note(samples.project(Answers(), ()))
    assert note.content.count(UNSAID) == 7
    assert tuple(gap.field for gap in note.gaps) == FIELDS


def test_all_said_leaves_no_gap() -> None:
    note = _note(samples.RISKY)
    assert UNSAID not in note.content
    assert note.gaps == ()
    for words in ("50 harmful things", "Scams and false identities", "undo it", "The developer releases it"):
        assert words in note.content


def test_i_do_not_know_is_an_answer_and_still_named() -> None:
    project = samples.RISKY.replace(answers=samples.RISKY.answers.with_dont_know("risk_left"))
    note = _note(project)
    assert note.gaps == ()
    assert note.content.count(UNSAID) == 1


def test_private_words_are_left_out() -> None:
    said = samples.RISKY.answers.with_answer("risk_tests", "See /home/mira/secret/notes.txt for it.")
    note = _note(samples.RISKY.replace(answers=said))
    assert "/home/mira" not in note.content
    assert note.withheld


def test_a_lost_answer_is_noticed() -> None:
    note = _note(samples.RISKY)
    assessment = samples.assessment(samples.RISKY)
    broken = note.replace(content=note.content.replace("50 harmful things", "some things"))
    with pytest.raises(LostInWriting):
        read_back(broken, samples.RISKY, assessment)


@pytest.mark.parametrize(
    ("answers", "within", "beyond"),
    [
        ({"output_modalities": ["image"]}, {"deepfakes", "intimate_images"}, {"malware", "voice_cloning"}),
        ({"output_modalities": ["audio"]}, {"voice_cloning", "fraud"}, {"deepfakes", "malware"}),
        ({"pipeline_tag": "text-to-video"}, {"deepfakes"}, {"malware"}),
        ({"output_modalities": ["label"]}, {"unfair_decisions"}, {"fraud", "deepfakes"}),
        ({"output_modalities": ["embedding"]}, {"private_data"}, {"fraud"}),
        (
            {"pipeline_tag": "automatic-speech-recognition"},
            {"private_data"},
            {"malware", "dangerous_knowledge"},
        ),
        ({"output_modalities": ["text"]}, {"malware", "dangerous_knowledge"}, {"deepfakes"}),
        (
            {"output_modalities": ["text"], "parameters_total": WRITES_PROGRAMS - 1},
            {"fraud"},
            {"malware", "dangerous_knowledge"},
        ),
        (
            {"output_modalities": ["text"], "parameters_total": WRITES_PROGRAMS},
            {"malware"},
            {"dangerous_knowledge"},
        ),
        (
            {"output_modalities": ["text"], "parameters_total": HOLDS_KNOWLEDGE},
            {"malware", "dangerous_knowledge"},
            set(),
        ),
        (
            {"output_modalities": ["text"], "parameters_total": 10**8, "biological_data": True},
            {"dangerous_knowledge"},
            {"malware"},
        ),
    ],
)
def test_only_what_a_model_of_its_kind_and_size_can_do_is_asked(
    answers: dict[str, Any], within: set[str], beyond: set[str]
) -> None:
    reach = _reach(**answers)
    assert within <= reach
    assert not beyond & reach


def test_a_model_nobody_described_is_asked_about_all() -> None:
    assert _reach() == set(get_args(Misuse))


def test_the_question_offers_what_is_in_reach_and_what_was_chosen() -> None:
    known = Known(Project(answers=Answers(output_modalities=("image",), risk_misuses=("malware",))))
    offered = {choice.value for choice in build_question("risk_misuses", known).choices}
    assert offered == {"deepfakes", "intimate_images", "disinformation", "private_data", "malware"}


def test_each_choice_has_its_words() -> None:
    asked = catalogue("questions")
    told = catalogue("risk")
    for misuse in get_args(Misuse):
        assert asked[f"risk_misuses.choice.{misuse}"]
        assert told[f"misuse.{misuse}.known"]
    mitigations = {key.split(".")[2] for key in asked if key.startswith("risk_mitigations.choice.")}
    assert {key.split(".")[1] for key in told if key.startswith("mitigation.")} == mitigations - {"nothing"}


def test_it_comes_once_it_is_begun_and_no_law_makes_it_owed() -> None:
    def listed(answers: Answers) -> tuple[bool, set[str]]:
        found = assess(
            Project(answers=answers, by_hand=True),
            rulebook=load_rulebook(),
            reference=load_reference(),
            today=TODAY,
        )
        gaps = {gap.severity.value for gap in found.gaps if gap.document == RISK_NOTE}
        return any(kind.id == RISK_NOTE and kind.proposed for kind in found.documents), gaps

    assert listed(Answers(model_name="x")) == (False, set())
    begun, severities = listed(Answers(model_name="x", risk_compared="same"))
    assert begun
    assert severities == {"readers", "nice"}
