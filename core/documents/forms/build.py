# SPDX-License-Identifier: Apache-2.0
"""A form filled: each field with what is known of it, or a gap that says who needs it and how to fill it."""

import re
from collections.abc import Iterator
from pathlib import Path

from core.documents.card.build import model_title
from core.documents.card.facts import CardFacts
from core.documents.context import Item
from core.documents.engine import markdown_page
from core.documents.forms import fill_compute, fill_data, fill_model, fill_release
from core.documents.forms.case import Filled, FormCase, plain
from core.documents.forms.fill_model import Fill
from core.documents.forms.schema import FORM_IDS, Form, FormField, load_form
from core.documents.kinds import asked_by, document_kind
from core.documents.privacy import Withheld
from core.documents.words import day
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import Gap, RenderedDocument, Severity
from core.domain.finding import Finding
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.texts import catalogue, text

TEMPLATE = "eu_form/1/text.md.j2"
FILLS: dict[str, Fill] = {**fill_model.FILLS, **fill_data.FILLS, **fill_release.FILLS, **fill_compute.FILLS}
_WEIGHTS = (".safetensors", ".gguf", ".bin", ".pt", ".pth", ".onnx", ".keras", ".h5")
_FOR_THE_RUN = re.compile(r"(?:optimizer|scheduler|training_args|rng_state|scaler)\b.*")


class FieldWords(Frozen):
    """One field of the form in words; `filled` is None when nothing is known of it."""

    id: str
    label: str
    to: str
    filled: Filled | None
    grouped: bool = False
    """Told with others that this release has no use for, for the same reason."""

    @property
    def name(self) -> str:
        """Its number and label, for a list of fields."""
        return f"{self.id} {self.label.rstrip('?')}"


class SectionWords(Frozen):
    """One section. `missing` names the fields that nobody has filled, `without` those that have no use here, by reason."""

    title: str
    fields: tuple[FieldWords, ...]
    missing: str
    without: tuple[str, ...] = ()


class FormContext(Frozen):
    """Everything the template of a form sees."""

    title: str
    name: str
    intro: str
    modification: str
    sections: tuple[SectionWords, ...]
    source: Item
    doubt: str
    """What about the form itself is not certain, said once."""
    on: str


def form_case(project: Project, assessment: Assessment, withheld: Withheld) -> FormCase:
    """The case of a release that was assessed."""
    known = Known(project)
    return FormCase(
        known=known,
        footprint=assessment.footprint,
        findings=assessment.findings,
        withheld=withheld,
        title=model_title(project, CardFacts(known, withheld)),
        on=assessment.on,
        folder=Path(project.folder) if project.folder else None,
        weight_files=tuple(_weight_files(project)),
    )


def fill(form: Form, case: FormCase) -> Iterator[tuple[FormField, Filled | None]]:
    """Each field of `form` in order with what is known of it."""
    for field in form.fields:
        yield field, (FILLS[field.fill] if field.fill else plain)(case, field.answer)


def form_context(form: Form, case: FormCase) -> FormContext:
    """The form in words."""
    filled = dict(fill(form, case))
    sections: list[SectionWords] = []
    for section in form.sections:
        fields = tuple(
            FieldWords(
                id=field.id,
                label=form.label(field),
                to=", ".join(text(f"forms.to.{who}") for who in field.to),
                filled=filled[field],
            )
            for field in section.fields
        )
        empty = [one.name for one, field in zip(fields, section.fields, strict=True) if one.filled is None and not field.optional]  # fmt: skip
        reasons: dict[str, list[FieldWords]] = {}
        for one in fields:
            reasons.setdefault(_reason(one), []).append(one)
        shared = {reason: told for reason, told in reasons.items() if reason and len(told) > 1}
        sections.append(
            SectionWords(
                title=text(f"forms.{form.id}.section.{section.id}"),
                fields=tuple(one.replace(grouped=_reason(one) in shared) for one in fields),
                without=tuple(
                    text(
                        "forms.without",
                        reason=reason,
                        fields="; ".join(one.name for one in told),
                    )
                    for reason, told in shared.items()
                ),
                missing=text("forms.not_stated", fields="; ".join(empty)) if empty else "",
            )
        )
    base = case.identity.base_model
    words = text("forms.modification_of", base=base) if base else text("forms.modification")
    return FormContext(
        title=text(f"forms.{form.id}.title"),
        name=case.title or text("forms.unnamed"),
        intro=text(f"forms.{form.id}.{_intro(form, case)}"),
        modification=words if form.modification and case.modifies else "",
        sections=tuple(sections),
        source=Item(
            label=f"{form.source.title}, {form.source.locator}",
            value=day(form.source.checked_on),
            url=form.source.url,
        ),
        doubt=_doubt(form),
        on=text("forms.as_of", on=day(case.on)) if case.on is not None else "",
    )


def _reason(field: FieldWords) -> str:
    """Why this release has no use for a field; empty when it has."""
    return field.filled.lines[0] if field.filled is not None and field.filled.no_need else ""


def _doubt(form: Form) -> str:
    read = text("forms.known_from", read_in=form.source.read_in) if form.source.read_in else ""
    special = catalogue("forms").get(f"{form.id}.doubt", "")
    return " ".join(part for part in (read, special) if part)


def _intro(form: Form, case: FormCase) -> str:
    """A notice that is not due must not say that the line is met."""
    due = form.id != "eu_notification" or asked_by(form.id, case.findings)
    return "intro" if due else "not_due"


def render_form(form_id: str, project: Project, assessment: Assessment) -> RenderedDocument:
    """The form as Markdown, with its gaps."""
    form, kind = load_form(form_id), document_kind(form_id)
    withheld = Withheld(_public(Known(project)))
    case = form_case(project, assessment, withheld)
    content = markdown_page(TEMPLATE, doc=form_context(form, case))
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=withheld.prose(content, kind.title),
        gaps=form_gaps(form, case),
        withheld=withheld.remarks,
    )


def form_gaps(form: Form, case: FormCase) -> tuple[Gap, ...]:
    """Fields that nobody has filled, one gap for each answer; owed when a law that applies asks for the form."""
    by = asked_by(form.id, case.findings)
    gaps: dict[str, Gap] = {}
    for field, filled in fill(form, case):
        if (filled is not None and not filled.partly) or field.answer in gaps:
            continue
        severity = Severity.NICE if field.optional else Severity.OWED if by else Severity.READERS
        gaps[field.answer] = Gap(
            document=form.id,
            field=field.answer,
            severity=severity,
            label=f"{field.id} {form.label(field)}",
            how_to_fill=text(f"forms.fill.{field.answer}"),
            needed_by=by[0].title if by and not field.optional else "",
        )
    return tuple(gaps.values())


def owed_form_gaps(known: Known, footprint: Footprint, findings: tuple[Finding, ...]) -> list[Gap]:
    """Gaps of those forms that a law which applies asks for."""
    case = FormCase(known=known, footprint=footprint, findings=findings, withheld=Withheld())
    return [
        gap
        for form_id in FORM_IDS
        if asked_by(form_id, findings)
        for gap in form_gaps(load_form(form_id), case)
    ]


def _public(known: Known) -> tuple[str, ...]:
    """A contact that the person gave for the form may stand in it, e-mail address and all."""
    contact = known.text("contact")
    return (contact.value,) if contact is not None and known.said("contact") else ()


def _weight_files(project: Project) -> Iterator[str]:
    """Weight files at the top of the folder, the model's own and not the run's."""
    if project.scan is None:
        return
    for record in project.scan.files:
        name = record.path
        if "/" not in name and name.endswith(_WEIGHTS) and not _FOR_THE_RUN.match(name):
            yield name
