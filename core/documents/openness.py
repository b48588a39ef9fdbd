# SPDX-License-Identifier: Apache-2.0
"""Model Openness Framework 1.0: the YAML that the Model Openness Tool takes, with the class it reaches.

Components and classes: lfai/model_openness_tool at 8b5d30e (2026-05-11), mof.settings.yml and ModelEvaluator.php. Only
what files or answers show is listed; what nobody said stays out, so the class is a lower bound. The OSAID 1.0 checks
(opensource.org, October 2024) stand in the comment at the top with yes, no or not known.
"""

import re
from collections.abc import Iterator

import yaml

from core.documents.bom.record import BomRecord, bom_record
from core.documents.kinds import MOF, document_kind
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


def render_openness(project: Project, assessment: Assessment) -> RenderedDocument:
    """mof.yml."""
    withheld = Withheld()
    record, known = bom_record(project, assessment, withheld), Known(project)
    parts = components(known, record)
    licence = _licence(record)
    release = {
        "name": record.title,
        "version": record.version,
        "license": {"distribution": {"name": licence or None, "path": None}},
        "type": next((kind for start, kind in _TYPES if record.identity.pipeline_tag.startswith(start)), ""),
        "architecture": "",
        "origin": record.bases[0].hub_id if record.bases else "",
        "producer": record.supplier,
        "contact": "",
        "components": [{"name": one, "description": text(f"openness.part.{_key(one)}")} for one in parts],
    }
    if record.release_date:
        release["date"] = record.release_date
    framework = {"name": "Model Openness Framework", "version": "1.0", "date": "2024-12-15"}
    body = yaml.safe_dump(
        {"framework": framework, "release": release}, sort_keys=False, allow_unicode=True, width=110
    )
    kind = document_kind(MOF)
    head = "".join(f"# {line}\n" for line in _head(parts, record, known))
    return RenderedDocument(
        kind=kind, file_name=kind.file_name, content=head + body, withheld=withheld.remarks
    )


def components(known: Known, record: BomRecord) -> tuple[str, ...]:
    """The parts that this release is seen to hold, in the tool's own names."""
    found = ["Model card"]
    if (public := known.flag("weights_public")) is not None and public.value:
        found.append("Model parameters (Final)")
    if (public := known.flag("architecture_public")) is not None and public.value:
        found.append("Model architecture")
    if record.metrics:
        found.append("Evaluation results")
    if record.data_summary:
        found.append("Data card")  # the tool counts a card that tells of the data
    if record.settings:
        found.append("Model metadata")
    return tuple(found)


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


def osaid(known: Known, record: BomRecord) -> tuple[tuple[str, bool | None], ...]:
    """(check, yes | no | None for not known) of the Open Source AI Definition."""
    test = free_and_open(known_licence) if (known_licence := record.identity.license) else None
    weights, shape = known.flag("weights_public"), known.flag("architecture_public")
    return (
        ("data", True if record.data_summary else None),
        ("code", None),  # nobody is asked for the training code yet
        ("architecture", shape.value if shape is not None else None),
        ("parameters", weights.value if weights is not None else None),
        ("licence", None if test in (None, "unclear") else test == "pass"),
    )


def _licence(record: BomRecord) -> str:
    return (record.licence.spdx or record.licence.name) if record.licence is not None else ""


def _head(parts: tuple[str, ...], record: BomRecord, known: Known) -> Iterator[str]:
    is_open = record.identity.license != "" and free_and_open(record.identity.license) == "pass"
    reached = class_reached(parts, open_licence=is_open)
    yield text("openness.reached", number=str(reached)) if reached else text("openness.none")
    if not is_open:
        yield text("openness.no_licence")
    missing = [one for one in NEEDED[(reached or 4) - 1] if one not in parts] if reached != 1 else []
    if missing:
        yield text("openness.missing", number=str((reached or 4) - 1), parts=", ".join(missing))
    yield text("openness.osaid")
    for name, answer in osaid(known, record):
        word = "unknown" if answer is None else "yes" if answer else "no"
        yield f"- {text(f'openness.check.{name}')} {text(f'openness.{word}')}"


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")
