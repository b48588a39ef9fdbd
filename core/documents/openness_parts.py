# SPDX-License-Identifier: Apache-2.0
"""The parts of a release as the Model Openness Framework names them, and what shows that each is there.

A file of the folder shows a part by its name, because the folder is what gets published; an answer shows it too.
Whether weights will be public only an answer tells. What nothing shows is not there.
"""

import re
from collections.abc import Iterator

from core.documents.bom.record import BomRecord
from core.documents.hub import hub_names
from core.domain.base import Frozen
from core.domain.document import Gap, Severity
from core.domain.fact import public_file
from core.domain.known import Known
from core.domain.project import Project
from core.texts import text

FIELD = "openness_parts"
"""The answer that names what comes along."""

_BY_ANSWER = {
    "technical_report": "Technical report",
    "research_paper": "Research paper",
    "training_code": "Training code",
    "inference_code": "Inference code",
    "evaluation_code": "Evaluation code",
    "evaluation_data": "Evaluation data",
    "datasets": "Datasets",
    "preprocessing_code": "Data preprocessing code",
    "checkpoints": "Model parameters (Intermediate)",
}
_CODE = r"[\w.-]*\.(?:py|ipynb|sh|jl|rs|cpp)"
_DATA = r"[\w.-]*\.(?:jsonl|parquet|csv|tsv|arrow|txt)(?:\.gz)?"
_WEIGHTS = r"[\w.-]+\.(?:safetensors|gguf|bin|pt|pth|onnx|keras|h5)"
# By the name of a file, whatever folder it is in; the first pattern that fits decides.
_BY_NAME: tuple[tuple[str, str], ...] = (
    ("Technical report", r"(?:.*/)?(?:[\w.-]*technical[_-]?report[\w.-]*|report)\.(?:pdf|md|tex)"),
    ("Research paper", r"(?:.*/)?(?:[\w.-]*[_-])?paper(?:[_-][\w.-]*)?\.(?:pdf|tex)"),
    ("Model architecture", r"(?:.*/)?modeling_[\w.-]+\.py"),
    ("Evaluation code", rf"(?:.*/)?(?:eval|evaluate|evaluation|benchmark){_CODE}"),
    ("Data preprocessing code", rf"(?:.*/)?(?:preprocess|prepare_data|prepare_dataset|tokenize_data|clean_data){_CODE}"),
    ("Training code", rf"(?:.*/)?(?:train|finetune|fine_tune|pretrain|run_sft|sft|dpo|grpo){_CODE}"),
    ("Inference code", rf"(?:.*/)?(?:inference|infer|generate|predict|handler|pipeline|demo|app){_CODE}"),
    ("Evaluation data", rf"(?:.*/)?(?:test|eval|validation|valid|dev){_DATA}"),
    ("Datasets", rf"(?:.*/)?train{_DATA}"),
    ("Model parameters (Intermediate)", rf"(?:.*/)?checkpoint-\d+/{_WEIGHTS}"),
)  # fmt: skip
_ORDER = (
    "Model card", "Model parameters (Final)", "Model architecture", "Evaluation results", "Data card", "Technical report",
    "Training code", "Inference code", "Evaluation code", "Evaluation data", "Datasets", "Data preprocessing code",
    "Model parameters (Intermediate)", "Research paper", "Model metadata",
)  # fmt: skip
_OPEN_LIBRARIES = frozenset(
    {"transformers", "diffusers", "peft", "sentence-transformers", "keras", "timm", "setfit", "spacy", "mlx", "mlx-lm"}
)  # fmt: skip
"""Libraries under an open licence that hold the code of the architectures they load."""
_PUBLIC_FORMS = {"open_weights": True, "api_or_app": False, "private": False}


class Shown(Frozen):
    """A part that is there; `by` says in words what shows it, `path` is the file when one does."""

    name: str
    by: str
    path: str = ""


def parts_shown(project: Project, record: BomRecord) -> tuple[Shown, ...]:
    """The parts that files or answers show, in the order of the framework."""
    known = Known(project)
    found: dict[str, Shown] = {}
    for one in (*_by_answers(known), *_by_files(project), *_by_record(known, record)):
        before = found.get(one.name)
        if before is None or (one.path and not before.path):
            found[one.name] = one
    if weights_public(known) is not True:
        found.pop("Model parameters (Final)", None)
        found.pop("Model parameters (Intermediate)", None)
    if _said_no(known, "architecture_public"):
        found.pop("Model architecture", None)
    return tuple(found[name] for name in _ORDER if name in found)


def weights_public(known: Known) -> bool | None:
    """Whether everyone gets the weights: said, or by the way of release; None when nobody said."""
    said = known.flag("weights_public")
    if said is not None:
        return said.value
    form = known.text("release_form")
    return None if form is None else _PUBLIC_FORMS.get(form.value)


def openness_gaps(known: Known) -> tuple[Gap, ...]:
    """The one question that only this file asks; nobody owes it."""
    if known.get(FIELD) is not None or known.dont_know(FIELD):
        return ()
    return (
        Gap(
            document="mof",
            field=FIELD,
            severity=Severity.NICE,
            label=text(f"questions.{FIELD}.label"),
            how_to_fill=text(f"questions.{FIELD}.why"),
        ),
    )


def _by_answers(known: Known) -> Iterator[Shown]:
    by = text("openness.by.answer")
    for word in known.strings(FIELD):
        yield Shown(name=_BY_ANSWER[word], by=by)
    if weights_public(known):
        yield Shown(name="Model parameters (Final)", by=by)
    shape = known.flag("architecture_public")
    if shape is not None and shape.value:
        yield Shown(name="Model architecture", by=by)


def _by_files(project: Project) -> Iterator[Shown]:
    for record in project.scan.files if project.scan is not None else ():
        path = record.path.replace("\\", "/")
        name = next((name for name, form in _BY_NAME if re.fullmatch(form, path, re.IGNORECASE)), None)
        if name is None and "/" not in path and re.fullmatch(_WEIGHTS, path):
            name = "Model parameters (Final)" if path != "training_args.bin" else None
        if name is not None:
            yield Shown(name=name, by=text("openness.by.file"), path=public_file(path))


def _by_record(known: Known, record: BomRecord) -> Iterator[Shown]:
    yield Shown(name="Model card", by=text("openness.by.written"), path="README.md")
    library = record.identity.library
    named = known.text("architecture_class") is not None or record.identity.is_adapter
    if library in _OPEN_LIBRARIES and named and not _own_code(known):
        shown = hub_names().libraries.get(library, library)
        yield Shown(name="Model architecture", by=text("openness.by.library", library=shown))
    if record.metrics:
        yield Shown(name="Evaluation results", by=text("openness.by.card"), path="README.md")
    if record.data_summary:  # the tool counts a card that tells of the data
        yield Shown(name="Data card", by=text("openness.by.card"), path="README.md")
    if record.settings:
        yield Shown(name="Model metadata", by=text("openness.by.card"), path="README.md")


def _own_code(known: Known) -> bool:
    """Whether the configuration loads code of its own: then the library's code is not the architecture's."""
    return bool((known.mapping("config") or {}).get("auto_map"))


def _said_no(known: Known, field: str) -> bool:
    said = known.flag(field)
    return said is not None and not said.value
