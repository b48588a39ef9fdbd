# SPDX-License-Identifier: Apache-2.0
"""The release checklist: what is done, as far as files and answers show, and what is left, in the order of a release."""

from core.documents.applies import is_owed, owed_by
from core.documents.card.build import model_title
from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity, identify
from core.documents.card.licence import is_known
from core.documents.engine import markdown_page
from core.documents.kinds import CHECKLIST, document_kind
from core.documents.privacy import Withheld
from core.documents.words import day
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import Gap, RenderedDocument, Severity
from core.domain.finding import LicenceDuty, Outcome
from core.domain.known import Known
from core.domain.project import Project
from core.licences import find_licence
from core.texts import text

TEMPLATE = "checklist/1/text.md.j2"
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_SAFE = (".safetensors", ".gguf", ".onnx")


class Check(Frozen):
    """One line. `done` only when a file or an answer shows it; a person ticks the rest."""

    words: str
    done: bool = False
    by: str = ""
    """The law or licence that asks for it; told once over all of its lines."""


class CheckGroup(Frozen):
    """Lines under one heading."""

    title: str
    checks: tuple[Check, ...]


def render_checklist(project: Project, assessment: Assessment) -> RenderedDocument:
    """The list as Markdown with boxes to tick."""
    known, withheld = Known(project), Withheld()
    name = model_title(project, CardFacts(known, withheld))
    groups = checklist(project, assessment)
    content = markdown_page(
        TEMPLATE, name=name or text("checklist.unnamed"), groups=groups, on=day(assessment.on)
    )
    kind = document_kind(CHECKLIST)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=withheld.prose(content, kind.title),
        withheld=withheld.remarks,
    )


def checklist(project: Project, assessment: Assessment) -> tuple[CheckGroup, ...]:
    """The groups that have lines, in the order of a release."""
    known = Known(project)
    identity = identify(known)
    groups = (
        ("files", _files(project, identity)),
        ("card", _card(assessment.gaps, identity)),
        ("licence", _licence(known, assessment, identity)),
        ("law", _law(assessment)),
        ("publish", tuple(Check(words=text(f"checklist.publish.{n}")) for n in range(1, 5))),
        ("after", _after(assessment)),
    )
    return tuple(
        CheckGroup(title=text(f"checklist.group.{key}"), checks=checks) for key, checks in groups if checks
    )


def _files(project: Project, identity: Identity) -> tuple[Check, ...]:
    names = (
        []
        if project.scan is None
        else [record.path for record in project.scan.files if "/" not in record.path]
    )
    kinds = set() if project.scan is None else {f".{kind.lstrip('.')}" for kind, _ in project.scan.kinds}
    lines: list[Check] = []
    if names or kinds:
        safe = any(name.endswith(_SAFE) for name in names)
        unsafe = sorted(name for name in names if name.endswith(_PICKLES) and name != "training_args.bin")
        lines.append(Check(words=text("checklist.files.safe"), done=safe and not unsafe))
        lines += [Check(words=text("checklist.files.pickle", name=name)) for name in unsafe[:5]]
        if "training_args.bin" in names:
            lines.append(Check(words=text("checklist.files.training_args")))
    lines.append(Check(words=text("checklist.files.private")))
    if identity.is_adapter or identity.base_model:
        lines.append(Check(words=text("checklist.files.base"), done=bool(identity.base_model)))
    return tuple(lines)


def _card(gaps: tuple[Gap, ...], identity: Identity) -> tuple[Check, ...]:
    open_ones = [gap for gap in gaps if gap.document == "model_card" and gap.severity is not Severity.NICE]
    lines = [
        Check(words=text("checklist.card.gap", label=gap.label, fill=gap.how_to_fill)) for gap in open_ones
    ]
    if not lines:
        lines = [Check(words=text("checklist.card.whole"), done=True)]
    if identity.library:
        lines.append(Check(words=text("checklist.card.snippet")))
    return tuple(lines)


def _licence(known: Known, assessment: Assessment, identity: Identity) -> tuple[Check, ...]:
    lines = [Check(words=text("checklist.licence.chosen"), done=bool(identity.license))]
    name = known.text("model_name")
    for duty in assessment.licences:
        by = duty.licence_name if is_known(duty) else ""
        if duty.name_prefix:
            fits = name is not None and name.value.rsplit("/", 1)[-1].startswith(duty.name_prefix)
            words = text("checklist.licence.name", prefix=duty.name_prefix)
            lines.append(Check(words=words, done=fits, by=by))
        elsewhere = {
            text("licences.name_prefix", prefix=duty.name_prefix) if duty.name_prefix else "",
            _on_output(duty),
        }
        lines += [Check(words=one, by=by) for one in duty.duties if one not in elsewhere]
    return tuple({(line.by, line.words): line for line in lines}.values())


def _on_output(duty: LicenceDuty) -> str:
    """What the licence asks once another model is trained on the output of this one; empty when it asks nothing."""
    licence = find_licence(duty.licence_id)
    return licence.outputs if licence is not None else ""


def _law(assessment: Assessment) -> tuple[Check, ...]:
    """The duties law by law; of a law that may not reach this release, that it wants to be settled."""
    asking = [one for one in assessment.findings if one.duties and one.matters and is_owed(one)]
    lines = [
        Check(words=duty.text, by=owed_by(one))
        for one in asking
        if one.outcome is not Outcome.UNCERTAIN
        for duty in one.duties
    ]
    unsettled = text("checklist.law.unsettled")
    lines += [
        Check(words=text("checklist.law.settle", law=one.title), by=unsettled)
        for one in asking
        if one.outcome is Outcome.UNCERTAIN
    ]
    return tuple(lines)


def _after(assessment: Assessment) -> tuple[Check, ...]:
    codes = {
        duty.code for one in assessment.findings if one.outcome is Outcome.APPLIES for duty in one.duties
    }
    keys = ["keep"]
    if "53(1)(a)" in codes:
        keys += ["ten_years", "fortnight"]
    if "53(1)(d)" in codes:
        keys.append("half_year")
    keys.append("again")
    lines = [text(f"checklist.after.{key}") for key in keys]
    lines += [
        f"{duty.licence_name}: {words}"
        for duty in assessment.licences
        if (words := _on_output(duty)) in duty.duties
    ]
    return tuple(Check(words=words) for words in dict.fromkeys(lines))
