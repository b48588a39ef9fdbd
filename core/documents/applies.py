# SPDX-License-Identifier: Apache-2.0
""" "What applies to you": the verdict first, then each finding with its reason, dates, distance and sources."""

import re
from collections.abc import Iterable

from core.documents.card.compute import operator_words
from core.documents.card.licence import is_known
from core.documents.engine import html_engine, markdown_page
from core.documents.kinds import WHAT_APPLIES_HTML, document_kind
from core.documents.privacy import Withheld
from core.documents.words import day, flop
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import RenderedDocument
from core.domain.finding import Duty, Finding, Line, Outcome, Source
from core.domain.project import Project
from core.texts import text
from core.verdict.parts import in_front

TEMPLATE = "what_applies/1"
_PLACE = re.compile(r"\. \(((?:[^()]|\([^()]*\))*)\)$")
"""Where a rule stands, behind the sentence on it."""
_ORDER = (Outcome.APPLIES, Outcome.UNCERTAIN, Outcome.NOT_YET, Outcome.DOES_NOT_APPLY, Outcome.HISTORY_ONLY)


class SourceWords(Frozen):
    """A source in words."""

    title: str
    url: str
    checked: str


class StepWords(Frozen):
    """One step of the reasoning."""

    rule: str
    detail: str


class DutyWords(Frozen):
    """One thing owed: the article and the plain words."""

    code: str
    text: str


class FindingWords(Frozen):
    """One finding in words. `tone` is the outcome's id, for the colour of the page."""

    title: str
    tone: str
    outcome: str
    headline: str
    why: str
    dates: tuple[str, ...]
    lines: tuple[str, ...]
    duties: tuple[DutyWords, ...]
    relieved: tuple[DutyWords, ...]
    other_reading: str
    would_change: str
    todo: str
    caveat: str
    steps: tuple[StepWords, ...]
    sources: tuple[SourceWords, ...]


class OwedWords(Frozen):
    """What is still owed, by the law or licence that asks for it."""

    by: str
    duties: tuple[DutyWords, ...]
    caveat: str = ""
    sources: tuple[SourceWords, ...] = ()


class OutcomeWords(Frozen):
    """Findings of one outcome."""

    outcome: str
    findings: tuple[FindingWords, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.findings)


class AppliesContext(Frozen):
    """Everything the document says."""

    title: str
    headline: str
    body: tuple[str, ...]
    stamp: str
    owed: tuple[OwedWords, ...]
    findings: tuple[FindingWords, ...]
    others: tuple[OutcomeWords, ...]
    """Laws and plans that ask nothing of this release: one line each, by their outcome."""
    cannot_know: str
    not_advice: str
    rulebook: str


def render_applies(kind_id: str, project: Project, assessment: Assessment) -> RenderedDocument:
    """The document as Markdown or, for its HTML kind, as one page without scripts."""
    withheld = Withheld()
    context = applies_context(project, assessment)
    if kind_id == WHAT_APPLIES_HTML:
        content = html_engine().get_template(f"{TEMPLATE}/page.html.j2").render(doc=context)
    else:
        content = markdown_page(f"{TEMPLATE}/text.md.j2", doc=context)
    kind = document_kind(kind_id)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=withheld.prose(content, text("documents.section.applies")),
        withheld=withheld.remarks,
    )


def applies_context(project: Project, assessment: Assessment) -> AppliesContext:
    """The words of the document."""
    findings = sorted(
        assessment.findings, key=lambda finding: (not finding.matters, _ORDER.index(finding.outcome))
    )
    name = project.title
    return AppliesContext(
        title=text("documents.applies.title", name=name) if name else text("documents.applies.title_unnamed"),
        headline=assessment.verdict.headline,
        body=assessment.verdict.body,
        stamp=text(
            "documents.applies.on", on=day(assessment.on), checked=day(assessment.rulebook.checked_up_to)
        ),
        owed=tuple(_owed(assessment, findings)),
        findings=tuple(_finding(finding) for finding in findings if in_front(finding)),
        others=_by_outcome(_finding(finding) for finding in findings if not in_front(finding)),
        cannot_know=text("documents.applies.cannot_know"),
        not_advice=text("documents.applies.not_advice"),
        rulebook=text("documents.applies.rulebook", hash=assessment.rulebook.hash),
    )


def _by_outcome(findings: Iterable[FindingWords]) -> tuple[OutcomeWords, ...]:
    groups: dict[str, list[FindingWords]] = {}
    for one in findings:
        groups.setdefault(one.outcome, []).append(one)
    return tuple(OutcomeWords(outcome=outcome, findings=tuple(some)) for outcome, some in groups.items())


def _owed(assessment: Assessment, findings: Iterable[Finding]) -> list[OwedWords]:
    owed = [
        OwedWords(by=owed_by(finding), duties=_duties(finding.duties, finding.instrument))
        for finding in findings
        if finding.duties and is_owed(finding)
    ]
    for duty in assessment.licences:
        if duty.duties:
            by = text(
                "documents.applies.owed_licence"
                if is_known(duty)
                else "documents.applies.owed_unknown_licence",
                licence=duty.licence_name,
                base=duty.base_model,
            )
            words = tuple(DutyWords(code="", text=one) for one in duty.duties)
            sources = (_source(duty.source),) if duty.source is not None else ()
            owed.append(OwedWords(by=by, duties=words, caveat=duty.caveat, sources=sources))
    return owed


def is_owed(finding: Finding) -> bool:
    """Whether the duties of a law belong on the list: owed now, owed from a later day, or owed if it covers this release."""
    return finding.outcome in {Outcome.APPLIES, Outcome.UNCERTAIN} or (
        finding.outcome is Outcome.NOT_YET and finding.matters
    )


def owed_by(finding: Finding) -> str:
    """The law, and from when or whether at all it asks."""
    if finding.outcome is Outcome.UNCERTAIN:
        return text("documents.applies.owed_open", law=finding.title)
    if finding.outcome is Outcome.NOT_YET and finding.applies_from is not None:
        return text("documents.applies.owed_later", law=finding.title, on=day(finding.applies_from))
    return finding.title


def _duties(duties: Iterable[Duty], instrument: str) -> tuple[DutyWords, ...]:
    return tuple(DutyWords(code=duty_place(duty.code, instrument), text=duty.text) for duty in duties)


def duty_place(code: str, instrument: str) -> str:
    """Where a duty stands, for readers: "Article 53(1)(a)", "section 3111"; empty for a name that only we use."""
    if not code[:1].isdigit():
        return ""
    return text(
        f"documents.applies.place.{'article' if instrument.startswith('eu') else 'section'}", code=code
    )


def shown_lines(finding: Finding) -> tuple[str, ...]:
    """The lines to tell: all of a law that matters for this release, those in force of the other main ones."""
    if not in_front(finding):
        return ()
    return tuple(line_words(line) for line in finding.lines if finding.matters or line.in_force)


def _finding(finding: Finding) -> FindingWords:
    dates = [
        text(f"documents.applies.{key}", on=day(value))
        for key, value in (
            ("from", finding.applies_from),
            ("deadline", finding.deadline),
            ("ended", finding.ended_on),
        )
        if value is not None
    ]
    return FindingWords(
        title=finding.title,
        tone=finding.outcome.value,
        outcome=text(f"documents.applies.outcome.{finding.outcome.value}"),
        headline=finding.headline,
        why=finding.why,
        dates=tuple(dates),
        lines=shown_lines(finding),
        duties=_duties(finding.duties, finding.instrument),
        relieved=_duties(finding.relieved, finding.instrument),
        other_reading=finding.other_reading,
        would_change=finding.would_change,
        todo=finding.todo,
        caveat=finding.caveat,
        steps=tuple(
            StepWords(
                rule=_PLACE.sub(r" (\1)", step.rule.rstrip(".:")),
                detail="; ".join(part for part in (step.value, step.inputs, step.result) if part),
            )
            for step in (finding.because if finding.matters else ())
        ),
        sources=tuple(_source(source) for source in finding.sources),
    )


def line_words(line: Line) -> str:
    """A threshold, the model's figure and the distance, as one or two sentences."""
    values = {"label": line.label, "operator": operator_words(line), "value": flop(line.value)}
    if line.model_value is None:
        return text("documents.applies.line_unknown", **values)
    key = "documents.applies.line_straddles" if line.straddles else "documents.applies.line"
    counts = text(f"documents.applies.counts.{line.account}")
    return text(key, **values, counts=counts, model=flop(line.model_value), distance=line.distance)


def _source(source: Source) -> SourceWords:
    title = ", ".join(part for part in (source.title, source.locator) if part)
    key = "checked_in" if source.read_in else "checked"
    return SourceWords(
        title=title,
        url=source.url or "",
        checked=text(f"documents.applies.{key}", on=day(source.checked_on), read_in=source.read_in),
    )
