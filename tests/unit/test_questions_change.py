# SPDX-License-Identifier: Apache-2.0
"""No question is asked in vain: whatever a page asks, two answers to it lead to different results or documents."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.assess import assess
from core.documents import MODEL_CARD, plan_export, render
from core.domain.assessment import Assessment
from core.domain.project import Project
from core.questions import Question, QuestionKind, questions_for, unanswered
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path
from tests.folders import bert, full, lora, merge, sdxl_kohya, whisper

ORDINARY: dict[str, Any] = {
    "model_name": "tiny", "origin": "fine_tune", "base_model": "meta-llama/Llama-3.1-8B",
    "pipeline_tag": "text-generation", "training_method": "full", "tokens": 30_000_000, "samples": 1600,
    "data_summary": "Recipes.", "license": "apache-2.0", "release_form": "open_weights", "purpose": "hobby",
}  # fmt: skip
SERVICE: dict[str, Any] = {
    "with_demo": True, "demo_countries": ("kr",), "monthly_users": 2_000_000, "hardware": "nvidia-rtx-4090",
    "hours": 5.0, "demo_uploads": True, "consequential_decisions": True, "sexual_images": "real_people", "monetised": True,
}  # fmt: skip
LARGE: dict[str, Any] = {"tokens": 10**12, "parameters_total": 70 * 10**9, "hardware": "nvidia-h100-sxm"}
MADE: dict[str, Any] = {"origin": "from_scratch", "parameters_total": 10**7}
PEOPLE: dict[str, tuple[Callable[[Path], None] | None, dict[str, Any]]] = {
    "LoRA on Llama": (lora, ORDINARY | {"base_model": "HuggingFaceTB/SmolLM2-135M"}),
    "full fine-tune": (full, ORDINARY),
    "classifier with a demo": (bert, ORDINARY | SERVICE),
    "SDXL LoRA with kohya": (sdxl_kohya, ORDINARY | {"base_model": "stabilityai/stable-diffusion-xl-base-1.0"}),
    "SDXL LoRA, as a service": (sdxl_kohya, ORDINARY | SERVICE | {"sexual_images": "no"}),
    "Whisper": (whisper, ORDINARY | {"base_model": "openai/whisper-tiny"}),
    "merge": (merge, ORDINARY),
    "nanoGPT": (None, ORDINARY | MADE | {"tokens": 300_000_000}),
    "from nothing, near the lines": (None, ORDINARY | MADE | LARGE),
    "I know nothing": (None, {}),
}  # fmt: skip
TOGETHER = {
    "base_parameters": {"base_tokens": 10**12},
    "base_tokens": {"base_parameters": 10**9},
    "device_count": {"hours": 5.0},
    "hours": {"hardware": "nvidia-rtx-4090"},
    "sequence_length": {},
}
"""What stands on the same page and gives a number only with it."""


_tables = functools.cache(lambda: (load_rulebook(), load_reference()))


def assessed(project: Project) -> Assessment:
    rulebook, reference = _tables()
    return assess(project, rulebook=rulebook, reference=reference, today=datetime.date(2026, 11, 26))


def tries(question: Question) -> list[Any]:
    """Answers that are far apart."""
    given: dict[QuestionKind, list[Any]] = {
        QuestionKind.YES_NO: [True, False],
        QuestionKind.COUNT: [1, 10**13, 10**9],
        QuestionKind.NUMBER: [2.0, 400.0],
        QuestionKind.DATE: [
            datetime.date(2026, 11, 30),
            datetime.date(2025, 6, 1),
            datetime.date(2031, 1, 1),
        ],
        QuestionKind.HUB_ID: ["meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B"],
        QuestionKind.LIST: [("en",), ("de",)] if question.name == "languages" else [("org/a",), ("org/b",)],
        QuestionKind.ACCELERATOR: ["nvidia-rtx-4090", "nvidia-h100-sxm"],
        QuestionKind.LICENCE: ["apache-2.0", "mit", "cc-by-nc-4.0"],
        QuestionKind.CHOICE: [choice.value for choice in question.choices],
        QuestionKind.MULTI_CHOICE: [(choice.value,) for choice in question.choices],
    }
    return given.get(question.kind, ["One thing.", "Another thing."])


def result(project: Project, folder: Path) -> tuple[object, ...]:
    """The assessment and every document that would be written."""
    assessment = assessed(project)
    plan = plan_export(project, assessment, folder, None, app_version="0")
    return assessment, *((item.document.file_name, item.document.content) for item in plan.items)


UNKNOWN = object()
""""I don't know": of some questions every answer leads to the same, and it differs from no answer."""
NOT_TRIED = {QuestionKind.FOLDER, QuestionKind.STAGES}
"""A folder has to be there, a list of stages has a form of its own; tests/unit/compute tries both."""


@pytest.mark.parametrize("person", PEOPLE)
def test_every_question_asked_can_change_something(person: str, tmp_path: Path) -> None:
    make, said = PEOPLE[person]
    out = tmp_path / "out"
    out.mkdir()
    project = Project(by_hand=True)
    if make is not None:
        folder = tmp_path / "model"
        folder.mkdir()
        make(folder)
        project = Project(folder=str(folder), scan=scan_path(folder))
    idle: list[str] = []
    asked = 0
    for step in ("model", "training", "release"):
        while left := unanswered(questions_for(step, project, assessed(project)), project):
            question, asked = left[0], asked + 1
            if question.kind not in NOT_TRIED:
                with_others = project
                for name, value in TOGETHER.get(question.name, {}).items():
                    if getattr(project.answers, name) is None:
                        with_others = with_others.replace(
                            answers=with_others.answers.with_answer(name, value)
                        )
                first: tuple[object, ...] | None = None
                for value in (*tries(question), UNKNOWN):
                    answers = with_others.answers.with_dont_know(question.name)
                    if value is not UNKNOWN:
                        answers = with_others.answers.with_answer(question.name, value)
                    now = result(with_others.replace(answers=answers), out)
                    if first is not None and now != first:
                        break
                    first = first or now
                else:
                    idle.append(question.name)
            answers = project.answers
            name = question.name
            answers = answers.with_answer(name, said[name]) if name in said else answers.with_dont_know(name)
            project = project.replace(answers=answers)
    assert asked > 8
    assert idle == []


@pytest.mark.parametrize("person", ["full fine-tune", "SDXL LoRA with kohya", "Whisper"])
def test_what_the_card_can_tell_is_not_asked(person: str, tmp_path: Path) -> None:
    make, _ = PEOPLE[person]
    assert make is not None
    make(tmp_path)
    project = Project(folder=str(tmp_path), scan=scan_path(tmp_path))
    names = [question.name for question in questions_for("model", project, assessed(project))]
    assert "pipeline_tag" not in names
    assert "output_modalities" not in names


def test_pictures_are_asked_for_by_their_number_and_not_by_tokens(tmp_path: Path) -> None:
    sdxl_kohya(tmp_path)
    project = Project(folder=str(tmp_path), scan=scan_path(tmp_path))
    needed = [q.name for q in questions_for("training", project, assessed(project)) if not q.optional]
    assert needed == ["samples", "data_summary"]
    project = project.replace(answers=project.answers.with_answer("samples", 1600))
    assert assessed(project).footprint.accounts.own is not None


def test_a_model_from_nothing_is_not_asked_how_it_was_trained() -> None:
    project = Project(by_hand=True)
    project = project.replace(answers=project.answers.with_answer("origin", "from_scratch"))
    assert "training_method" not in [q.name for q in questions_for("training", project, assessed(project))]


def test_how_many_cards_and_how_clean_the_power_wait_for_what_they_belong_to() -> None:
    project = Project(by_hand=True)
    for name in ("origin", "hardware"):
        project = project.replace(answers=project.answers.with_dont_know(name))
    names = [q.name for q in questions_for("training", project, assessed(project))]
    assert not {"device_count", "grid_g_per_kwh"} & set(names)
    for name, value in (("hardware", "nvidia-rtx-4090"), ("hours", 3.0), ("device_count", 2)):
        project = project.replace(answers=project.answers.with_answer(name, value))
    names = [q.name for q in questions_for("training", project, assessed(project))]
    assert {"device_count", "grid_g_per_kwh"} <= set(names)


def test_a_card_says_in_its_own_words_that_nothing_is_known(tmp_path: Path) -> None:
    """The card is public: it does not point to answers of a window."""
    sdxl_kohya(tmp_path)
    answers = {"base_model": "stabilityai/stable-diffusion-xl-base-1.0"}
    project = Project(folder=str(tmp_path), scan=scan_path(tmp_path))
    for name, value in answers.items():
        project = project.replace(answers=project.answers.with_answer(name, value))
    card = str(render(MODEL_CARD, project, assessed(project)).content)
    assert "How much was computed is not known." in card
    assert "below" not in card.split("## Training compute")[1].split("##", maxsplit=1)[0]
