# SPDX-License-Identifier: Apache-2.0
"""The wizard's questions as data: what is asked, when, why, and what "I do not know" leads to.

A question appears only when its answer can change something: it fits the kind of release, and no file has
answered it already (what a file says can be corrected on the page "What we found").
"""

from collections.abc import Callable
from enum import StrEnum

from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.fact import AnyFact
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.project import Project
from core.domain.reach import misuses_in_reach
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


Relevant = Callable[[Known, Assessment | None], bool]


def _always(_known: Known, _assessment: Assessment | None) -> bool:
    return True


def _origin(known: Known) -> str | None:
    fact = known.text("origin")
    if fact is not None:
        return fact.value
    if (
        known.get("base_model")
        or known.found(FoundOnly.ADAPTER_CONFIG)
        or known.get(FoundOnly.BASE_PATH_NAME)
    ):
        return "fine_tune"
    return None


def _has_base(known: Known, _assessment: Assessment | None) -> bool:
    return _origin(known) in ("fine_tune", "continued_pretraining", "merge", "conversion")


def _base_is_unknown(known: Known, assessment: Assessment | None) -> bool:
    """A base model whose compute no table and no answer gives yet."""
    if not _has_base(known, assessment):
        return False
    own_words = known.said("base_parameters") or known.said("base_tokens") or known.said("base_flop")
    return own_words or assessment is None or assessment.footprint.accounts.base is None


def _base_folder_helps(known: Known, _assessment: Assessment | None) -> bool:
    has_name = known.get(FoundOnly.BASE_PATH_NAME) is not None
    return known.said("base_folder") or (has_name and known.found(FoundOnly.BASE_CONFIG) is None)


def _output_open(known: Known, _assessment: Assessment | None) -> bool:
    """The task already tells what comes out, unless it is unknown or none of the usual ones."""
    task = known.text("pipeline_tag")
    return known.said("output_modalities") or task is None or task.value in ("any-to-any", "other")


def _trained(known: Known, _assessment: Assessment | None) -> bool:
    return _origin(known) not in ("merge", "conversion")


def _tokens_missing(known: Known, assessment: Assessment | None) -> bool:
    if not _trained(known, assessment) or known.said("hours"):
        return _trained(known, assessment) and known.said("tokens")
    recorded = known.found(FoundOnly.TOKENS_RECORDED) or known.found(FoundOnly.RECORDED_FLOS)
    counted = (known.get("samples") or (known.get("steps") and known.get("global_batch"))) and known.get(
        "sequence_length"
    )
    return known.said("tokens") or not (recorded or counted)


def _length_missing(known: Known, assessment: Assessment | None) -> bool:
    counted = known.get("samples") or known.get("steps")
    tokens = known.get("tokens") or known.found(FoundOnly.TOKENS_RECORDED)
    return _trained(known, assessment) and bool(counted) and not tokens


def _is_adapter(known: Known, _assessment: Assessment | None) -> bool:
    method = known.text("training_method")
    return method is not None and method.value in ("lora", "qlora", "dora")


def _hardware_known(known: Known, _assessment: Assessment | None) -> bool:
    return known.get("hardware") is not None or known.dont_know("hardware")


def _licence_is_other(known: Known, _assessment: Assessment | None) -> bool:
    fact = known.text("license")
    return fact is not None and fact.value == "other"


_NEAR = 20
"""A line counts as near when twenty times the model's compute would reach it."""


def _near_any_line(known: Known, assessment: Assessment | None) -> bool:
    """Whether a compute line in force is near: only then do the finer questions change anything.

    Lines on the sum count for a model from scratch: who changes another's model is measured by the own training.
    """
    if assessment is None:
        return False
    accounts = ("direct", "cumulative") if _origin(known) in (None, "from_scratch") else ("direct",)
    return any(
        line.model_value is not None and line.model_value * _NEAR >= line.value
        for line in assessment.lines
        if line.in_force and line.account in accounts
    )


def _near_frontier(_known: Known, assessment: Assessment | None) -> bool:
    """Whether the sum with the base model comes near the frontier line of California and New York."""
    total = None if assessment is None else assessment.footprint.accounts.cumulative
    return total is not None and total.high * 2 >= 10**26


_BY_TASK = {
    "text-to-image": "image",
    "image-to-image": "image",
    "text-to-video": "video",
    "image-to-video": "video",
    "text-to-speech": "audio",
    "text-to-audio": "audio",
}


def _makes(known: Known) -> set[str]:
    task = known.text("pipeline_tag")
    by_task = _BY_TASK.get(task.value) if task is not None else None
    return {*known.strings("output_modalities"), *({by_task} if by_task else set())}


def _makes_media(known: Known, _assessment: Assessment | None) -> bool:
    """Only images, sound or video can copy a person's face or voice."""
    return bool(_makes(known) & {"image", "audio", "video"})


def _makes_pictures(known: Known, _assessment: Assessment | None) -> bool:
    return bool(_makes(known) & {"image", "video"})


def _form(known: Known) -> str | None:
    fact = known.text("release_form")
    return None if fact is None else fact.value


def _may_have_demo(known: Known, _assessment: Assessment | None) -> bool:
    """Weights may come with a demo; an app or API is one; a private model has none that the public sees."""
    return _form(known) in ("open_weights", "gated")


def _is_service(known: Known, _assessment: Assessment | None) -> bool:
    demo = known.flag("with_demo")
    return _form(known) == "api_or_app" or (demo is not None and demo.value)


def _money_matters(known: Known, assessment: Assessment | None) -> bool:
    return _near_any_line(known, assessment) or _is_service(known, assessment)


def _judges_people(known: Known, _assessment: Assessment | None) -> bool:
    """A model that sorts or scores may be made to decide about people."""
    task = known.text("pipeline_tag")
    sorts = task is not None and "classification" in task.value
    return sorts or "label" in known.strings("output_modalities")


def _reach_is_open(known: Known, _assessment: Assessment | None) -> bool:
    """A public hub reaches everyone; a gate, an app or an unknown way may not."""
    return _form(known) not in ("open_weights", "private")


_CHECKS: tuple[tuple[str, str, QuestionKind, bool, Relevant], ...] = (
    # name, step, kind, optional, when
    ("model_name", "model", QuestionKind.TEXT, False, _always),
    ("origin", "model", QuestionKind.CHOICE, False, _always),
    ("base_model", "model", QuestionKind.HUB_ID, False, _has_base),
    ("base_folder", "model", QuestionKind.FOLDER, True, _base_folder_helps),
    ("base_parameters", "model", QuestionKind.COUNT, True, _base_is_unknown),
    ("base_tokens", "model", QuestionKind.COUNT, True, _base_is_unknown),
    ("parameters_total", "model", QuestionKind.COUNT, False, _always),
    ("pipeline_tag", "model", QuestionKind.CHOICE, False, _always),
    ("output_modalities", "model", QuestionKind.MULTI_CHOICE, False, _output_open),
    ("languages", "model", QuestionKind.LIST, True, _always),
    ("summary", "model", QuestionKind.LONG_TEXT, True, _always),
    ("training_method", "training", QuestionKind.CHOICE, False, _trained),
    ("parameters_trainable", "training", QuestionKind.COUNT, True, _is_adapter),
    ("tokens", "training", QuestionKind.COUNT, False, _tokens_missing),
    ("sequence_length", "training", QuestionKind.COUNT, True, _length_missing),
    ("hardware", "training", QuestionKind.ACCELERATOR, True, _trained),
    ("device_count", "training", QuestionKind.COUNT, True, _hardware_known),
    ("hours", "training", QuestionKind.NUMBER, True, _trained),
    ("gradient_checkpointing", "training", QuestionKind.YES_NO, True, _trained),
    ("grid_g_per_kwh", "training", QuestionKind.NUMBER, True, _hardware_known),
    ("datasets", "training", QuestionKind.LIST, True, _trained),
    ("data_summary", "training", QuestionKind.LONG_TEXT, False, _trained),
    ("personal_data", "training", QuestionKind.YES_NO, True, _trained),
    ("data_rights", "training", QuestionKind.CHOICE, True, _near_any_line),
    ("synthetic_data", "training", QuestionKind.CHOICE, True, _near_any_line),
    ("license", "release", QuestionKind.LICENCE, False, _always),
    ("license_name", "release", QuestionKind.TEXT, False, _licence_is_other),
    ("license_link", "release", QuestionKind.TEXT, False, _licence_is_other),
    ("release_form", "release", QuestionKind.CHOICE, False, _always),
    ("purpose", "release", QuestionKind.CHOICE, False, _always),
    ("with_demo", "release", QuestionKind.YES_NO, True, _may_have_demo),
    ("demo_countries", "release", QuestionKind.MULTI_CHOICE, True, _is_service),
    ("demo_uploads", "release", QuestionKind.YES_NO, True, _is_service),
    ("monthly_users", "release", QuestionKind.COUNT, True, _is_service),
    ("real_person", "release", QuestionKind.CHOICE, True, _makes_media),
    ("sexual_images", "release", QuestionKind.CHOICE, True, _makes_pictures),
    ("consequential_decisions", "release", QuestionKind.YES_NO, True, _judges_people),
    ("role", "release", QuestionKind.CHOICE, True, _near_any_line),
    ("monetised", "release", QuestionKind.YES_NO, True, _money_matters),
    ("narrow_task", "release", QuestionKind.YES_NO, True, _near_any_line),
    ("developer_in_eu", "release", QuestionKind.YES_NO, True, _near_any_line),
    ("offered_in_california", "release", QuestionKind.YES_NO, True, _reach_is_open),
    ("developer_kind", "release", QuestionKind.CHOICE, True, _near_frontier),
    ("annual_revenue_usd", "release", QuestionKind.COUNT, True, _near_frontier),
    ("release_date", "release", QuestionKind.DATE, True, _always),
    ("developers", "release", QuestionKind.TEXT, True, _always),
    ("intended_use", "release", QuestionKind.LONG_TEXT, True, _always),
    ("limitations", "release", QuestionKind.LONG_TEXT, True, _always),
    # Asked beside the training-data statement only, by those who owe one.
    ("data_purpose", "statement", QuestionKind.LONG_TEXT, True, _trained),
    ("data_types", "statement", QuestionKind.LONG_TEXT, True, _trained),
    ("data_copyright", "statement", QuestionKind.CHOICE, True, _trained),
    ("data_acquired", "statement", QuestionKind.CHOICE, True, _trained),
    ("consumer_data", "statement", QuestionKind.YES_NO, True, _trained),
    ("data_cleaning", "statement", QuestionKind.LONG_TEXT, True, _trained),
    ("data_collected", "statement", QuestionKind.TEXT, True, _trained),
    ("data_first_used", "statement", QuestionKind.TEXT, True, _trained),
    # Asked beside the risk note only, by those who want one.
    ("risk_misuses", "risk", QuestionKind.MULTI_CHOICE, True, _always),
    ("risk_compared", "risk", QuestionKind.CHOICE, True, _always),
    ("risk_compared_words", "risk", QuestionKind.LONG_TEXT, True, _always),
    ("risk_mitigations", "risk", QuestionKind.MULTI_CHOICE, True, _always),
    ("risk_tests", "risk", QuestionKind.LONG_TEXT, True, _always),
    ("risk_left", "risk", QuestionKind.LONG_TEXT, True, _always),
    ("risk_benefits", "risk", QuestionKind.MULTI_CHOICE, True, _always),
    ("risk_benefits_words", "risk", QuestionKind.LONG_TEXT, True, _always),
    ("risk_decision", "risk", QuestionKind.CHOICE, True, _always),
    # Never asked; there so that what a file says can be corrected.
    ("steps", "found", QuestionKind.COUNT, True, _always),
    ("epochs", "found", QuestionKind.NUMBER, True, _always),
    ("samples", "found", QuestionKind.COUNT, True, _always),
    ("global_batch", "found", QuestionKind.COUNT, True, _always),
    ("batch_per_device", "found", QuestionKind.COUNT, True, _always),
    ("gradient_accumulation", "found", QuestionKind.COUNT, True, _always),
    ("world_size", "found", QuestionKind.COUNT, True, _always),
    ("lora_rank", "found", QuestionKind.COUNT, True, _always),
    ("model_type", "found", QuestionKind.TEXT, True, _always),
    ("training_stage", "found", QuestionKind.CHOICE, True, _always),
    ("precision", "found", QuestionKind.CHOICE, True, _always),
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


def build_question(name: str, known: Known) -> Question:
    """The question for one field, whether or not it is being asked (used by "Correct it").

    Raises KeyError for a field nobody is asked.
    """
    _, step, kind, optional, _ = next(check for check in _CHECKS if check[0] == name)
    words = catalogue("questions")
    choices = tuple(
        Choice(value=key.rsplit(".", 1)[1], label=words[key])
        for key in words
        if key.startswith(f"{name}.choice.")
    )
    if name == "risk_misuses":
        offered = {*misuses_in_reach(known), *known.strings(name)}
        choices = tuple(choice for choice in choices if choice.value in offered)
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
