# SPDX-License-Identifier: Apache-2.0
"""The wizard's questions as data: what is asked, when, why, and what "I do not know" leads to.

A question appears only when its answer can change something: it fits the kind of release, and no file has
answered it already (what a file says can be corrected on the page "What we found").
"""

import functools
from enum import StrEnum

from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.fact import AnyFact
from core.domain.known import Known
from core.domain.project import Project
from core.domain.reach import misuses_in_reach
from core.domain.training_method import OFFERED
from core.law_questions import LAW_CHECKS
from core.relevance import (
    Relevant,
    always,
    asks_method,
    base_folder_helps,
    base_is_unknown,
    data_untold,
    devices_unknown,
    energy_known,
    has_base,
    is_service,
    judges_people,
    length_missing,
    licence_is_other,
    makes_media,
    makes_pictures,
    may_have_demo,
    money_matters,
    near_any_line,
    near_frontier,
    output_open,
    reach_is_open,
    samples_missing,
    serves_content,
    size_unknown,
    stages_help,
    tokens_missing,
    trained,
    trained_part_unknown,
)
from core.texts import catalogue, text


class QuestionKind(StrEnum):
    """How an answer is given."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    COUNT = "count"
    NUMBER = "number"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    DATE = "date"
    HUB_ID = "hub_id"
    LIST = "list"
    FOLDER = "folder"
    ACCELERATOR = "accelerator"
    LICENCE = "licence"
    STAGES = "stages"


class Choice(Frozen):
    """One of the answers offered."""

    value: str
    label: str


class Question(Frozen):
    """One question. `name` is the field of Answers it fills; `unknown` says what "I do not know" leads to."""

    name: str
    step: str
    kind: QuestionKind
    label: str
    why: str
    unknown: str
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    example: str = ""
    optional: bool = False
    found: AnyFact | None = None


_CHECKS: tuple[tuple[str, str, QuestionKind, bool, Relevant], ...] = (
    # name, step, kind, optional, when
    ("model_name", "model", QuestionKind.TEXT, False, always),
    ("origin", "model", QuestionKind.CHOICE, False, always),
    ("base_model", "model", QuestionKind.HUB_ID, False, has_base),
    ("base_folder", "model", QuestionKind.FOLDER, True, base_folder_helps),
    ("base_parameters", "model", QuestionKind.COUNT, True, base_is_unknown),
    ("base_tokens", "model", QuestionKind.COUNT, True, base_is_unknown),
    ("parameters_total", "model", QuestionKind.COUNT, False, size_unknown),
    ("pipeline_tag", "model", QuestionKind.CHOICE, False, always),
    ("output_modalities", "model", QuestionKind.MULTI_CHOICE, False, output_open),
    ("languages", "model", QuestionKind.LIST, True, always),
    ("summary", "model", QuestionKind.LONG_TEXT, True, always),
    ("training_method", "training", QuestionKind.CHOICE, False, asks_method),
    ("parameters_trainable", "training", QuestionKind.COUNT, True, trained_part_unknown),
    ("stages", "training", QuestionKind.STAGES, True, stages_help),
    ("tokens", "training", QuestionKind.COUNT, False, tokens_missing),
    ("samples", "training", QuestionKind.COUNT, False, samples_missing),
    ("sequence_length", "training", QuestionKind.COUNT, True, length_missing),
    ("hardware", "training", QuestionKind.ACCELERATOR, True, trained),
    ("device_count", "training", QuestionKind.COUNT, True, devices_unknown),
    ("hours", "training", QuestionKind.NUMBER, True, trained),
    ("gradient_checkpointing", "training", QuestionKind.YES_NO, True, trained),
    ("grid_g_per_kwh", "training", QuestionKind.NUMBER, True, energy_known),
    ("datasets", "training", QuestionKind.LIST, True, trained),
    ("data_summary", "training", QuestionKind.LONG_TEXT, False, data_untold),
    ("personal_data", "training", QuestionKind.YES_NO, True, trained),
    ("data_rights", "training", QuestionKind.CHOICE, True, near_any_line),
    ("synthetic_data", "training", QuestionKind.CHOICE, True, near_any_line),
    ("license", "release", QuestionKind.LICENCE, False, always),
    ("license_name", "release", QuestionKind.TEXT, False, licence_is_other),
    ("license_link", "release", QuestionKind.TEXT, False, licence_is_other),
    ("release_form", "release", QuestionKind.CHOICE, False, always),
    ("purpose", "release", QuestionKind.CHOICE, False, always),
    ("with_demo", "release", QuestionKind.YES_NO, True, may_have_demo),
    ("demo_countries", "release", QuestionKind.MULTI_CHOICE, True, serves_content),
    ("demo_uploads", "release", QuestionKind.YES_NO, True, is_service),
    ("monthly_users", "release", QuestionKind.COUNT, True, is_service),
    ("real_person", "release", QuestionKind.CHOICE, True, makes_media),
    ("sexual_images", "release", QuestionKind.CHOICE, True, makes_pictures),
    ("consequential_decisions", "release", QuestionKind.YES_NO, True, judges_people),
    ("role", "release", QuestionKind.CHOICE, True, near_any_line),
    ("monetised", "release", QuestionKind.YES_NO, True, money_matters),
    ("narrow_task", "release", QuestionKind.YES_NO, True, near_any_line),
    ("developer_in_eu", "release", QuestionKind.YES_NO, True, near_any_line),
    ("offered_in_california", "release", QuestionKind.YES_NO, True, reach_is_open),
    ("developer_kind", "release", QuestionKind.CHOICE, True, near_frontier),
    ("annual_revenue_usd", "release", QuestionKind.COUNT, True, near_frontier),
    ("release_date", "release", QuestionKind.DATE, True, near_any_line),
    ("intended_use", "release", QuestionKind.LONG_TEXT, True, always),
    ("limitations", "release", QuestionKind.LONG_TEXT, True, always),
    # Asked beside the training-data statement only, by those who owe one.
    ("data_purpose", "statement", QuestionKind.LONG_TEXT, True, trained),
    ("data_types", "statement", QuestionKind.LONG_TEXT, True, trained),
    ("data_copyright", "statement", QuestionKind.CHOICE, True, trained),
    ("data_acquired", "statement", QuestionKind.CHOICE, True, trained),
    ("consumer_data", "statement", QuestionKind.YES_NO, True, trained),
    ("data_cleaning", "statement", QuestionKind.LONG_TEXT, True, trained),
    ("data_collected", "statement", QuestionKind.TEXT, True, trained),
    ("data_first_used", "statement", QuestionKind.TEXT, True, trained),
    # Asked beside the risk note only, by those who want one.
    ("risk_misuses", "risk", QuestionKind.MULTI_CHOICE, True, always),
    ("risk_compared", "risk", QuestionKind.CHOICE, True, always),
    ("risk_compared_words", "risk", QuestionKind.LONG_TEXT, True, always),
    ("risk_mitigations", "risk", QuestionKind.MULTI_CHOICE, True, always),
    ("risk_tests", "risk", QuestionKind.LONG_TEXT, True, always),
    ("risk_left", "risk", QuestionKind.LONG_TEXT, True, always),
    ("risk_benefits", "risk", QuestionKind.MULTI_CHOICE, True, always),
    ("risk_benefits_words", "risk", QuestionKind.LONG_TEXT, True, always),
    ("risk_decision", "risk", QuestionKind.CHOICE, True, always),
    *((name, step, QuestionKind(kind), True, when) for name, step, kind, when in LAW_CHECKS),
    # Asked beside the documents: a card is whole without it, a citation is not.
    ("developers", "statement", QuestionKind.TEXT, True, always),
    # Asked beside the openness file only, by those who want one.
    ("openness_parts", "openness", QuestionKind.MULTI_CHOICE, True, always),
    # Never asked; there so that what a file says can be corrected.
    ("steps", "found", QuestionKind.COUNT, True, always),
    ("epochs", "found", QuestionKind.NUMBER, True, always),
    ("global_batch", "found", QuestionKind.COUNT, True, always),
    ("batch_per_device", "found", QuestionKind.COUNT, True, always),
    ("gradient_accumulation", "found", QuestionKind.COUNT, True, always),
    ("world_size", "found", QuestionKind.COUNT, True, always),
    ("lora_rank", "found", QuestionKind.COUNT, True, always),
    ("model_type", "found", QuestionKind.TEXT, True, always),
    ("training_stage", "found", QuestionKind.CHOICE, True, always),
    ("precision", "found", QuestionKind.CHOICE, True, always),
)


def all_questions() -> tuple[str, ...]:
    """The names of every question that can be asked, in order."""
    return tuple(check[0] for check in _CHECKS)


def questions_for(
    step: str, project: Project, assessment: Assessment | None = None, *, answered_by_files: bool = False
) -> tuple[Question, ...]:
    """The questions of a step that matter for this project, in order.

    A question that a file answered is left out, unless the person gave another answer; `answered_by_files`
    takes it in too (for the review of everything).
    """
    known = Known(project)
    return tuple(
        build_question(name, known)
        for name, where, _kind, _optional, when in _CHECKS
        if where == step and (answered_by_files or _open(name, known)) and when(known, assessment)
    )


def _open(name: str, known: Known) -> bool:
    return known.said(name) or known.dont_know(name) or known.found(name) is None


@functools.cache
def _choices(name: str) -> tuple[Choice, ...]:
    """The answers on offer, in the catalogue's order."""
    start = f"{name}.choice."
    return tuple(
        Choice(value=key.rsplit(".", 1)[1], label=words)
        for key, words in catalogue("questions").items()
        if key.startswith(start)
    )


def build_question(name: str, known: Known) -> Question:
    """The question for one field, whether or not it is being asked (used by "Correct it").

    Raises KeyError for a field nobody is asked.
    """
    _, step, kind, optional, _ = next(check for check in _CHECKS if check[0] == name)
    words = catalogue("questions")
    choices = _choices(name)
    if name == "risk_misuses":
        offered = {*misuses_in_reach(known), *known.strings(name)}
        choices = tuple(choice for choice in choices if choice.value in offered)
    elif name == "training_method":
        method = known.text(name)
        given = {*OFFERED, method.value} if method is not None else OFFERED
        choices = tuple(choice for choice in choices if choice.value in given)
    return Question(
        name=name,
        step=step,
        kind=kind,
        label=text(f"questions.{name}.label"),
        why=text(f"questions.{name}.why"),
        unknown=text(f"questions.{name}.unknown"),
        choices=choices,
        unit=words.get(f"{name}.unit", ""),
        example=words.get(f"{name}.example", ""),
        optional=optional,
        found=known.found(name),
    )


def unanswered(questions: tuple[Question, ...], project: Project) -> tuple[Question, ...]:
    """Those of `questions` that have neither an answer nor "I do not know"."""
    known = Known(project)
    return tuple(q for q in questions if known.get(q.name) is None and not known.dont_know(q.name))
