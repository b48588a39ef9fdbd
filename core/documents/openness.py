# SPDX-License-Identifier: Apache-2.0
"""Model Openness Framework 1.0: the YAML that the Model Openness Tool takes, with the class it reaches.

Components and classes: lfai/model_openness_tool at 8b5d30e (2026-05-11), mof.settings.yml and ModelEvaluator.php. Only
what files or answers show is listed; what nobody said stays out, so the class is a lower bound. The OSAID 1.0 checks
(opensource.org, October 2024) stand in the comment at the top with yes, no or not known.
"""

import re
from collections.abc import Collection, Iterator

import yaml

from core.documents.bom.record import BomRecord, bom_record
from core.documents.card.facts import CardFacts
from core.documents.kinds import MOF, document_kind
from core.documents.openness_parts import FIELD, Shown, openness_gaps, parts_shown, weights_public
from core.documents.privacy import Withheld
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.domain.known import Known
from core.domain.project import Project
from core.licences.data import free_and_open
from core.texts import text

# Needed for each class, the classes above include those below (1 is the most open).
NEEDED: dict[int, tuple[str, ...]] = {
    3: ("Model architecture", "Model parameters (Final)", "Evaluation results", "Model card", "Data card", "Technical report"),
    2: ("Training code", "Inference code", "Evaluation code", "Evaluation data"),
    1: ("Datasets", "Data preprocessing code", "Model parameters (Intermediate)", "Research paper"),
}  # fmt: skip
_TYPES = (
    ("text-to-image", "image"), ("image-to-image", "image"), ("text-to-video", "video"), ("text-to-3d", "3d"),
    ("image-text-to-text", "multimodal"), ("any-to-any", "multimodal"), ("automatic-speech", "audio"), ("text-to-speech", "audio"),
    ("audio-", "audio"), ("image-", "vision"), ("object-", "vision"), ("text-", "language"), ("token-", "language"), ("fill-mask", "language"),
    ("question-", "language"), ("feature-extraction", "language"), ("sentence-", "language"),
)  # fmt: skip


_DIFFUSED = ("text-to-image", "image-to-image", "text-to-video", "unconditional-image-generation")
_ENCODERS = (
    "Bert",
    "Roberta",
    "DistilBert",
    "Deberta",
    "Electra",
    "MPNet",
    "XLMRoberta",
    "ModernBert",
    "ViT",
)


def render_openness(project: Project, assessment: Assessment) -> RenderedDocument:
    """mof.yml."""
    known = Known(project)
    contact = known.text("contact") if known.said("contact") else None
    withheld = Withheld((contact.value,) if contact is not None else ())
    record = bom_record(project, assessment, withheld)
    shown = parts_shown(project, record)
    licence = _licence(record)
    release = {
        "name": record.title,
        "version": record.version,
        "license": {"distribution": {"name": licence or None, "path": None}},
        "type": next((kind for start, kind in _TYPES if record.identity.pipeline_tag.startswith(start)), ""),
        "architecture": _architecture(known, record),
        "origin": record.bases[0].hub_id if record.bases else "",
        "producer": record.supplier,
        "contact": CardFacts(known, withheld).said("contact") if contact is not None else "",
        "components": [_component(one) for one in shown],
    }
    stage = known.text("training_stage")
    if stage is not None and stage.value == "pretraining":
        release["treatment"] = "pre-trained"
    if record.release_date:
        release["date"] = record.release_date
    framework = {"name": "Model Openness Framework", "version": "1.0", "date": "2024-12-15"}
    body = yaml.safe_dump(
        {"framework": framework, "release": release}, sort_keys=False, allow_unicode=True, width=110
    )
    kind = document_kind(MOF)
    head = "".join(f"# {line}\n" for line in _head(shown, record, known))
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=head + body,
        gaps=openness_gaps(known),
        withheld=withheld.remarks,
    )


def _component(one: Shown) -> dict[str, str]:
    found = {"name": one.name, "description": text(f"openness.part.{_key(one.name)}")}
    return found | {"component_path": one.path} if one.path else found


def _architecture(known: Known, record: BomRecord) -> str:
    """The tool's word for the kind of network; empty when the files do not tell."""
    if record.identity.library == "diffusers" or record.identity.pipeline_tag in _DIFFUSED:
        return "diffusion"
    config, name = known.mapping("config") or {}, known.text("architecture_class")
    if config.get("is_encoder_decoder") is True:
        return "transformer encoder-decoder"
    if name is not None and name.value.endswith(("ForCausalLM", "LMHeadModel")):
        return "transformer decoder"
    return "encoder" if name is not None and name.value.startswith(_ENCODERS) else ""


def class_reached(parts: tuple[str, ...], *, open_licence: bool) -> int | None:
    """1, 2 or 3; None when not even class 3 is shown. Without an open licence no part counts."""
    reached = None
    for number in (3, 2, 1):
        missing = [
            one for one in NEEDED[number]
            if one not in parts and not (one == "Technical report" and "Research paper" in parts)
        ]  # fmt: skip
        if missing or not open_licence:
            break
        reached = number
    return reached


def osaid(known: Known, record: BomRecord, parts: Collection[str]) -> tuple[tuple[str, bool | None], ...]:
    """(check, yes | no | None for not known) of the Open Source AI Definition."""
    test = free_and_open(known_licence) if (known_licence := record.identity.license) else None
    weights, shape = weights_public(known), known.flag("architecture_public")
    by_library = True if "Model architecture" in parts else None
    return (
        ("data", True if record.data_summary else None),
        ("code", True if {"Training code", "Inference code"} <= set(parts) else None),
        ("architecture", shape.value if shape is not None else by_library),
        ("parameters", weights),
        ("licence", None if test in (None, "unclear") else test == "pass"),
    )


def _licence(record: BomRecord) -> str:
    return (record.licence.spdx or record.licence.name) if record.licence is not None else ""


def _head(shown: tuple[Shown, ...], record: BomRecord, known: Known) -> Iterator[str]:
    parts = tuple(one.name for one in shown)
    is_open = record.identity.license != "" and free_and_open(record.identity.license) == "pass"
    reached = class_reached(parts, open_licence=is_open)
    yield text("openness.reached", number=str(reached)) if reached else text("openness.none")
    if not is_open:
        yield text("openness.no_licence")
    missing = [one for one in NEEDED[(reached or 4) - 1] if one not in parts] if reached != 1 else []
    if missing:
        yield text("openness.missing", number=str((reached or 4) - 1), parts=", ".join(missing))
    if known.get(FIELD) is None:
        yield text("openness.not_asked")
    yield text("openness.shown")
    for one in shown:
        yield f"- {one.name}: {one.by}{f' ({one.path})' if one.path else ''}"
    yield text("openness.osaid")
    for name, answer in osaid(known, record, parts):
        word = "unknown" if answer is None else "yes" if answer else "no"
        yield f"- {text(f'openness.check.{name}')} {text(f'openness.{word}')}"


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")
