# SPDX-License-Identifier: Apache-2.0
"""Reads a document back as a reader's program would and compares it with what was meant to be said."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import yaml

from core.documents.applies import shown_lines
from core.documents.blocks import find_blocks
from core.documents.bom.check import lost_in_bill
from core.documents.bom.record import bom_record
from core.documents.card.build import model_title
from core.documents.card.facts import CardFacts
from core.documents.card.identity import identify
from core.documents.card.licence import named
from core.documents.checklist import checklist
from core.documents.forms.build import FieldWords, form_case, form_context
from core.documents.forms.schema import FORM_IDS, load_form
from core.documents.front_matter import NotEditable, read_mapping
from core.documents.kinds import (
    AB2013,
    BADGE,
    CHECKLIST,
    COMPUTE_RECORD,
    FOR_MACHINES,
    MODEL_CARD,
    MOF,
    NOTICE,
    RISK_NOTE,
    SCALE,
    WHAT_APPLIES_HTML,
)
from core.documents.metadata import is_meaningful, same, settings
from core.documents.notice import proposed_name, required_words
from core.documents.openness_parts import parts_shown
from core.documents.privacy import Withheld
from core.documents.readme_parts import split_readme
from core.documents.risk import risk_context
from core.documents.statement import statement_context
from core.documents.words import day, flop, flop_range, for_readers, quantity, quantity_range, range_cell
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.domain.known import Known
from core.domain.project import Project
from core.errors import WeighbridgeError
from core.texts import text
from core.units import grouped, scientific
from core.verdict.parts import in_front


class LostInWriting(WeighbridgeError):
    """A fact did not survive the writing of a document: a bug of this app, told with what was lost."""


def read_back(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    """Compare `document` with the facts it was made of. Raises LostInWriting naming the first one lost."""
    kind = document.kind.id
    of_all: dict[str, Callable[[RenderedDocument, Project, Assessment], None]] = {
        MODEL_CARD: _card,
        AB2013: _statement,
        NOTICE: _notice,
        CHECKLIST: _checklist,
        RISK_NOTE: _risk,
        MOF: _openness,
        **dict.fromkeys(FORM_IDS, _form),
        **dict.fromkeys(FOR_MACHINES, _bill),
    }
    of_the_assessment: dict[str, Callable[[RenderedDocument, Assessment], None]] = {
        COMPUTE_RECORD: _record,
        SCALE: _scale,
        BADGE: _badge,
    }
    if kind in of_all:
        of_all[kind](document, project, assessment)
    else:
        of_the_assessment.get(kind, _applies)(document, assessment)


def _bill(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    if lost := lost_in_bill(document.content, project, assessment):
        raise _lost(lost, document)


def _card(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    parts = split_readme(document.content)
    try:
        values: dict[str, Any] = read_mapping(parts.meta)
    except NotEditable:
        values = {}
        if not any(gap.field == "front_matter" for gap in document.gaps):
            raise _lost("front matter", document) from None
    else:
        if not any(gap.field == "front_matter" for gap in document.gaps):
            _front_matter(values, project, assessment, document)
    blocks = {name: _plain(parts.body[start:end]) for name, (start, end) in find_blocks(parts.body).items()}
    _figures(blocks, document, assessment)
    licence = blocks.get("licence", "")
    title = model_title(project, CardFacts(Known(project), Withheld()))
    for duty in assessment.licences:
        if duty.display_text and _plain(named(duty.display_text, title)) not in licence:
            raise _lost(duty.display_text, document)


def _figures(blocks: dict[str, str], document: RenderedDocument, assessment: Assessment) -> None:
    """Every account, energy and carbon, each with its range, in its own section."""
    accounts = assessment.footprint.accounts
    compute = blocks.get("training-compute", "")
    for estimate in (accounts.own, accounts.base, accounts.cumulative):
        if estimate is None or estimate.high == 0:
            continue
        if flop(estimate.central) not in compute:
            raise _lost(flop(estimate.central), document)
        if (
            range_cell(estimate) not in compute and flop_range(estimate) not in compute
        ):  # in a row or a sentence
            raise _lost(range_cell(estimate), document)
    energy = blocks.get("environmental-impact", "")
    for amount in (assessment.footprint.energy, assessment.footprint.co2):
        if amount is not None:
            shown = f"{quantity(amount.central, amount.unit)} ({quantity_range(amount)})"
            if shown not in energy:
                raise _lost(shown, document)


def _front_matter(
    values: dict[str, Any], project: Project, assessment: Assessment, document: RenderedDocument
) -> None:
    known = Known(project)
    wanted = settings(identify(known), assessment, CardFacts(known, Withheld()))
    for setting in wanted:
        there = values.get(setting.key)
        if setting.said and not same(there, setting.value):
            raise _lost(setting.key, document)
        if not is_meaningful(setting.key, there):
            raise _lost(setting.key, document)


def _applies(document: RenderedDocument, assessment: Assessment) -> None:
    plain = _html_text(document.content) if document.kind.id == WHAT_APPLIES_HTML else document.content
    plain = _plain(plain)
    expected = [assessment.verdict.headline, assessment.rulebook.hash]
    for finding in assessment.findings:
        expected += [finding.title, finding.headline, *shown_lines(finding)]
        expected += [duty.text for duty in finding.duties if in_front(finding)]
    for licence in assessment.licences:
        expected += licence.duties
    for words in expected:
        if _plain(Withheld().prose(words, "")) not in plain:
            raise _lost(words, document)


def _statement(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    """Each topic under its own heading, with all that is known of it or the line that nothing is."""
    known = Known(project)
    contact = known.text("contact")
    context = statement_context(
        project, assessment, Withheld((contact.value,) if contact is not None else ())
    )
    parts = re.split(r"(?m)^## (\d{1,2})\. ", document.content)
    for base in context.bases:
        if base.url not in parts[0]:
            raise _lost(base.label, document)
    under = {int(number): _plain(body) for number, body in zip(parts[1::2], parts[2::2], strict=True)}
    open_fields = {gap.field for gap in document.gaps}
    for topic in context.topics:
        said = [topic.title, *topic.lines, *(item.label for item in topic.items), topic.unsaid]
        for words in (*said, *(line.lstrip("-*+• ") for line in topic.prose.splitlines())):
            if _plain(words) not in under.get(topic.number, ""):
                raise _lost(words, document)
        if bool(topic.unsaid) != (topic.field in open_fields):
            raise _lost(topic.title, document)


def _risk(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    """Every answer and every fact under the note's own headings."""
    context = risk_context(project, assessment, Withheld())
    plain = _plain(document.content)
    prose = (context.compared_words, context.tests, context.left, context.benefits_words)
    expected = [*context.facts, context.compared, *context.set_aside, *context.benefits, context.decision]
    expected += [
        words for part in (*context.misuses, *context.mitigations) for words in (part.title, part.known)
    ]
    expected += [line.lstrip("-*+• ") for words in prose for line in words.splitlines()]
    for words in expected:
        if _plain(Withheld().prose(words, "")) not in plain:
            raise _lost(words, document)


def _form(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    """Each filled field under its own heading with all it says; each other one named as not stated and a gap."""
    contact = Known(project).text("contact")
    withheld = Withheld((contact.value,) if contact is not None else ())
    form = load_form(document.kind.id)
    context = form_context(form, form_case(project, assessment, withheld))
    parts = re.split(r"(?m)^### (\S+) ", document.content)
    under = {name: _plain(body) for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    open_fields = {gap.field for gap in document.gaps}
    plain = _plain(document.content)
    for field, one in zip(
        form.fields, (one for part in context.sections for one in part.fields), strict=True
    ):
        if one.filled is None:
            named = field.optional or _plain(one.name) in plain
            if not named or field.answer not in open_fields:
                raise _lost(one.label, document)
            continue
        if one.grouped:
            if not all(_plain(words) in plain for words in (one.name, *one.filled.lines)):
                raise _lost(one.label, document)
            continue
        for words in _said(one):
            if _plain(withheld.prose(words, "")) not in under.get(one.id, ""):
                raise _lost(words, document)


def _said(field: FieldWords) -> list[str]:
    """Every piece of text that a filled field holds."""
    assert field.filled is not None
    prose = (line.lstrip("-*+• ") for line in field.filled.prose.splitlines())
    return [field.label, *prose, *field.filled.lines, *(item.label for item in field.filled.items)]


def _checklist(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    plain = _plain(document.content)
    for group in checklist(project, assessment):
        for one in group.checks:
            if _plain(f"[{'x' if one.done else ' '}] {Withheld().prose(one.words, '')}") not in plain:
                raise _lost(one.words, document)


def _record(document: RenderedDocument, assessment: Assessment) -> None:
    """Every account and witness to the digit in its own row, every step, assumption and place of an input."""
    footprint = assessment.footprint
    plain = _plain(document.content)
    rows = [_plain(line) for line in document.content.splitlines() if line.startswith("- ")]
    estimates = [one for _, one in footprint.accounts if one is not None]
    estimates += [one.estimate for one in footprint.witnesses if one.estimate is not None]
    for estimate in estimates:
        ends = [grouped(value) for value in (estimate.central, estimate.low, estimate.high)]
        if not any(all(end in row for end in ends) for row in rows):
            raise _lost(ends[0], document)
        for figure in (flop(estimate.central), range_cell(estimate)):
            if figure not in plain:
                raise _lost(figure, document)
    expected = [assessment.rulebook.hash, day(assessment.on)]
    if not footprint.untrained:
        expected.append(for_readers(footprint.agreed))
    for made in (*estimates, footprint.energy, footprint.co2):
        if made is None:
            continue
        expected += [f"{step.label}: {step.expression} = {step.result}" for step in made.steps]
        expected += made.assumptions
        expected += [fact.origin.key for fact in made.inputs if fact.origin.file and fact.origin.key]
    expected += [f"{step.label}: {step.expression} = {step.result}" for step in footprint.explain]
    for words in expected:
        if _plain(Withheld().prose(words, "")) not in plain:
            raise _lost(words, document)


def _notice(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    plain = " ".join(document.content.split())
    name = proposed_name(project, assessment.licences, Withheld())
    for words in required_words(assessment.licences, name):
        if " ".join(words.split()) not in plain:
            raise _lost(words, document)


def _plain(value: str) -> str:
    """Words only: Markdown escapes and entities undone, blanks joined."""
    return " ".join(re.sub(r"\\([^\w\s]|_)", r"\1", html.unescape(value)).split())


def _lost(what: str, document: RenderedDocument) -> LostInWriting:
    return LostInWriting(
        text("documents.lost.what", fact=what, name=document.file_name),
        why=text("documents.lost.why"),
        todo=text("documents.lost.todo"),
    )


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._skip = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._skip = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._skip = False

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words.append(data)


def _scale(document: RenderedDocument, assessment: Assessment) -> None:
    """Each account and each line, with its figure, in the words of the picture."""
    plain = _plain(_html_text(document.content))
    accounts = assessment.footprint.accounts
    expected = [line.label for line in assessment.lines]
    expected += [scientific(line.value) for line in assessment.lines]
    expected += [
        scientific(one.central)
        for one in (accounts.own, accounts.base, accounts.cumulative)
        if one is not None and one.high > 0
    ]
    for words in expected:
        if _plain(words) not in plain:
            raise _lost(words, document)


def _openness(document: RenderedDocument, project: Project, assessment: Assessment) -> None:
    """The file is YAML again, with the licence, the base and exactly the parts that are shown."""
    release = yaml.safe_load(document.content)["release"]
    identity = identify(Known(project))
    licence = release["license"]["distribution"]["name"]
    if bool(identity.license and identity.license != "other") and not licence:
        raise _lost(identity.license, document)
    meant = [one.name for one in parts_shown(project, bom_record(project, assessment, Withheld()))]
    if [one["name"] for one in release["components"]] != meant:
        raise _lost(", ".join(meant), document)
    for name in meant:
        if f"# - {name}: " not in document.content:
            raise _lost(name, document)
    if (
        identity.base_model
        and not Known(project).strings("base_models")
        and release["origin"] != identity.base_model
    ):
        raise _lost(identity.base_model, document)


def _badge(document: RenderedDocument, assessment: Assessment) -> None:
    own = assessment.footprint.accounts.own
    ends = () if own is None else (own.central, own.low, own.high)
    plain = _plain(_html_text(document.content))
    for words in (*(scientific(one) for one in ends), day(assessment.rulebook.checked_up_to)):
        if words not in plain:
            raise _lost(words, document)


def _html_text(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    return " ".join(parser.words)
