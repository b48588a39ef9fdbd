# SPDX-License-Identifier: Apache-2.0
"""The wizard's flow, walked without a window."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from core.assess import assess
from core.domain.answers import Answers
from core.domain.fact import AnyFact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.flow import STEPS, StepState, next_step, previous_step, problems, steps, visible_steps
from core.questions import all_questions, build_question, questions_for
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path
from core.verdict.tone import Tone, tone

EXAMPLE = Path(__file__).parents[2] / "resources" / "examples" / "tiny-llama-lora"

FILE = Origin(kind=OriginKind.FILE, file="config.json", key="x")


def _scanned(*facts: tuple[str, object]) -> Project:
    listed = tuple(AnyFact(name=name, value=value, origin=FILE) for name, value in facts)
    return Project(scan=ScanResult(folder_name="run", facts=listed))


def _names(step: str, project: Project) -> list[str]:
    return [question.name for question in questions_for(step, project)]


def test_without_a_folder_the_first_page_holds_you() -> None:
    assert problems("folder", Project())
    assert not problems("folder", Project(by_hand=True))
    assert not problems("folder", _scanned(("model_type", "llama")))


def test_found_page_exists_only_with_a_folder() -> None:
    assert "found" not in visible_steps(Project(by_hand=True))
    assert "found" in visible_steps(_scanned(("model_type", "llama")))


def test_next_and_previous_are_inverse_inside() -> None:
    project = _scanned(("model_type", "llama"))
    for step in STEPS[:-1]:
        assert previous_step(project, next_step(project, step)) == step
    assert next_step(project, "export") == "export"
    assert previous_step(project, "folder") == "folder"
    assert next_step(project, "no such step") == "folder"


def test_what_a_file_answered_is_not_asked_again() -> None:
    asked = _names("model", _scanned(("parameters_total", 27680)))
    assert "parameters_total" not in asked
    assert "parameters_total" in _names("model", Project(by_hand=True))


def test_a_corrected_fact_stays_open_to_change() -> None:
    project = _scanned(("parameters_total", 27680)).replace(answers=Answers(parameters_total=27000))
    assert "parameters_total" in _names("model", project)


def test_base_is_asked_only_when_there_is_one() -> None:
    scratch = Project(by_hand=True, answers=Answers(origin="from_scratch"))
    tuned = Project(by_hand=True, answers=Answers(origin="fine_tune"))
    assert "base_model" not in _names("model", scratch)
    assert {"base_model", "base_parameters", "base_tokens"} <= set(_names("model", tuned))


def test_a_merge_is_not_asked_how_it_was_trained() -> None:
    merged = Project(by_hand=True, answers=Answers(origin="merge"))
    assert "training_method" not in _names("training", merged)
    assert "tokens" not in _names("training", merged)


def test_tokens_are_asked_only_when_no_file_gives_them() -> None:
    assert "tokens" in _names("training", _scanned(("model_type", "llama")))
    recorded = _scanned(("model_type", "llama"), ("tokens_recorded", 5120))
    assert "tokens" not in _names("training", recorded)


def test_dont_know_is_accepted_for_every_question() -> None:
    project = Project(by_hand=True, answers=Answers(origin="fine_tune"))
    for step in ("model", "training", "release"):
        told = project
        for _ in range(2):  # who does not know the task is asked what comes out
            for question in questions_for(step, told):
                told = told.replace(answers=told.answers.with_dont_know(question.name))
        assert not problems(step, told)


def test_what_comes_out_is_asked_only_when_the_task_does_not_tell() -> None:
    project = Project(by_hand=True)
    assert "output_modalities" not in _names("model", project), "the task is asked first"
    for answers, asked in (
        (project.answers.with_dont_know("pipeline_tag"), True),
        (project.answers.with_answer("pipeline_tag", "text-generation"), False),
        (project.answers.with_answer("pipeline_tag", "any-to-any"), True),
    ):
        assert ("output_modalities" in _names("model", project.replace(answers=answers))) is asked


def test_what_applies_is_not_done_while_questions_are_open() -> None:
    today = datetime.date(2026, 11, 23)

    def state(project: Project) -> StepState:
        assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=today)
        return next(view for view in steps(project, assessment) if view.id == "applies").state

    project = Project(by_hand=True)
    assert state(project) is StepState.AHEAD, "nothing is weighed yet"
    weighed = Answers(origin="from_scratch", parameters_total=10**7, tokens=10**9)
    project = project.replace(answers=weighed)
    assert state(project) is StepState.OPTIONAL, "an answer so far"
    for _ in range(2):
        for step in ("model", "training", "release"):
            for question in questions_for(step, project):
                if not question.optional and getattr(project.answers, question.name) is None:
                    project = project.replace(answers=project.answers.with_dont_know(question.name))
    assert state(project) is StepState.NEEDS_YOU, (
        "who knows nothing has open points of law: no tick beside them"
    )
    said = {
        "release_form": "private",
        "purpose": "hobby",
        "license": "apache-2.0",
        "data_summary": "Made by a script.",
    }
    settled = project.answers
    for name, value in said.items():
        settled = settled.with_answer(name, value)
    assert state(project.replace(answers=settled)) is StepState.DONE


@pytest.mark.parametrize(
    ("said", "headline", "sign"),
    [
        ({"origin": "from_scratch"}, "Nothing in these laws stops", Tone.CLEAR),
        ({"origin": "fine_tune", "base_model": "org/one"}, "Check the licence of the base", Tone.LOOK),
        ({"origin": "merge", "base_model": "org/one"}, "Two questions are open", Tone.LOOK),
        (
            {"origin": "from_scratch", "parameters_total": 10**11, "tokens": 10**14, "purpose": "commercial"},
            "You are a provider",
            Tone.OWED,
        ),
    ],
)
def test_a_tick_stands_beside_a_plain_yes_only(said: dict[str, Any], headline: str, sign: Tone) -> None:
    given = {"parameters_total": 10**7, "tokens": 10**9, "release_form": "open_weights", "purpose": "hobby"}
    answers = Answers(license="apache-2.0", output_modalities=("text",), **(given | said))
    project = Project(by_hand=True, answers=answers)
    day = datetime.date(2026, 11, 23)
    assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=day)
    assert assessment.verdict.headline.startswith(headline)
    assert tone(assessment) is sign


def test_states_follow_the_answers() -> None:
    project = Project(by_hand=True)
    before = {view.id: view.state for view in steps(project)}
    assert before["folder"] is StepState.DONE
    assert before["release"] is StepState.NEEDS_YOU
    answers = Answers(license="apache-2.0", release_form="open_weights", purpose="hobby")
    after = {view.id: view.state for view in steps(project.replace(answers=answers))}
    assert after["release"] is StepState.OPTIONAL
    assert after["weight"] is StepState.AHEAD


def test_the_review_tells_what_is_open_on_every_page_and_holds_nobody_up() -> None:
    """Three pages ask; the review counts what they still need and lets everybody through."""
    project = Project(by_hand=True)
    order = [step.value for step in visible_steps(project)]
    assert order.index("release") + 1 == order.index("review") == order.index("applies") - 1
    needed = [
        question.name
        for step in ("model", "training", "release")
        for question in questions_for(step, project)
        if not question.optional
    ]
    view = next(view for view in steps(project) if view.id == "review")
    assert view.state is StepState.NEEDS_YOU
    assert view.remark.startswith(f"{len(needed)} ")
    assert not problems("review", project)
    answers = project.answers
    for name in needed:
        answers = answers.with_dont_know(name)
    told = project.replace(answers=answers.with_dont_know("output_modalities"))
    assert next(view for view in steps(told) if view.id == "review").state is StepState.DONE
    assert next(view for view in steps(Project()) if view.id == "review").state is StepState.AHEAD


@pytest.mark.parametrize("name", all_questions())
def test_every_question_has_its_words_and_a_field(name: str) -> None:
    question = build_question(name, Known(Project()))
    assert name in Answers.model_fields
    assert question.label
    assert question.why
    assert question.unknown
    if question.kind in ("choice", "multi_choice"):
        assert question.choices
        for choice in question.choices:
            value = [choice.value] if question.kind == "multi_choice" else choice.value
            Answers.model_validate({name: value})


def test_size_blind_laws_are_asked_about_only_where_they_can_matter() -> None:
    """Faces, voices and intimate images for models that make media; numbers of people for services."""
    narrow = {"real_person", "sexual_images", "monthly_users", "demo_countries", "demo_uploads"}
    text = Project(by_hand=True, answers=Answers(pipeline_tag="text-generation", release_form="open_weights"))
    assert not narrow & set(_names("release", text))
    assert "with_demo" in _names("release", text)
    assert "offered_in_california" not in _names("release", text)
    voice = text.replace(answers=Answers(pipeline_tag="text-to-speech", release_form="gated"))
    assert "real_person" in _names("release", voice)
    assert "sexual_images" not in _names("release", voice)
    assert "offered_in_california" in _names("release", voice)
    image = text.replace(answers=Answers(output_modalities=("image",), release_form="api_or_app"))
    assert narrow <= set(_names("release", image))
    assert "with_demo" not in _names("release", image)
    sorter = text.replace(answers=Answers(output_modalities=("label",)))
    assert "consequential_decisions" in _names("release", sorter)


def test_an_ordinary_lora_is_asked_at_most_fifteen_questions() -> None:
    """The shipped example with its base named: what is left to ask on all pages."""
    project = Project(
        scan=scan_path(EXAMPLE),
        answers=Answers(base_model="meta-llama/Llama-3.1-8B", release_form="open_weights"),
    )
    assessment = assess(
        project, rulebook=load_rulebook(), reference=load_reference(), today=datetime.date(2026, 11, 23)
    )
    asked = [
        question.name
        for step in ("model", "training", "release")
        for question in questions_for(step, project, assessment)
    ]
    assert len(asked) <= 15, asked


def test_rare_kinds_of_adapters_are_offered_only_where_one_was_found_or_said() -> None:
    usual = [choice.value for choice in build_question("training_method", Known(Project())).choices]
    assert {"full", "lora", "adapter"} <= set(usual)
    assert "hra" not in usual
    for project in (_scanned(("training_method", "hra")), Project(answers=Answers(training_method="hra"))):
        offered = build_question("training_method", Known(project)).choices
        assert [choice.value for choice in offered] == [*usual, "hra"]
        assert offered[-1].label == "HRA"
