# SPDX-License-Identifier: Apache-2.0
"""Where the values in a document come from: which words of its text are which fact or answer."""

import re
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.fact import AnyFact, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.flow import StepId
from core.questions import all_questions, build_question
from core.texts import catalogue, text
from core.units import scientific

_SHORT = 4
"""A value of fewer letters stands in many places by chance: it counts only near a word of its name."""
_NEAR = 60
_LONGEST = 2000


class Source(Frozen):
    """One value: its name for people, where it comes from, and the page where it can be changed."""

    name: str
    label: str
    where: str
    step: str
    forms: tuple[str, ...]


class Span(Frozen):
    """Where in a text a value stands."""

    start: int
    end: int
    source: Source


def sources(project: Project, assessment: Assessment | None) -> tuple[Source, ...]:
    """Everything known that a document may name, and the results."""
    known = Known(project)
    names = [] if project.scan is None else [fact.name for fact in project.scan.facts]
    names += [name for name in Answers.model_fields if name != "dont_know" and known.said(name)]
    found = [_source(fact, known) for name in dict.fromkeys(names) if (fact := known.get(name)) is not None]
    return (*_results(assessment), *(one for one in found if one.forms))


def spans(written: str, known: Iterable[Source]) -> tuple[Span, ...]:
    """The places in `written`, in reading order; where two values could stand, the longer one."""
    candidates = [
        Span(start=start, end=end, source=source)
        for source in known
        for form in source.forms
        for start, end in _places(written, form, source)
    ]
    taken: list[Span] = []
    for one in sorted(candidates, key=lambda span: (span.start - span.end, span.start)):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return tuple(sorted(taken, key=lambda span: span.start))


def _source(fact: AnyFact, known: Known) -> Source:
    by_person = fact.origin.kind is OriginKind.USER
    step = StepId.FOUND.value
    if by_person:  # what no page asks is asked beside a document
        asked = fact.name in all_questions()
        step = build_question(fact.name, known).step if asked else StepId.DOCUMENTS.value
    return Source(
        name=fact.name,
        label=catalogue("facts").get(fact.name) or fact.name.replace("_", " ").capitalize(),
        where=text("documents.provenance.found", where=fact.origin.describe())
        if fact.origin.kind is OriginKind.FILE
        else fact.origin.describe(),
        step=step,
        forms=tuple(dict.fromkeys(_forms(fact.name, fact.value))),
    )


def _results(assessment: Assessment | None) -> Iterator[Source]:
    if assessment is None:
        return
    for account in ("own", "base", "cumulative"):
        estimate = getattr(assessment.footprint.accounts, account)
        if estimate is None:
            continue
        inputs = ", ".join(dict.fromkeys(fact.origin.describe() for fact in estimate.inputs))
        yield Source(
            name="",
            label=text(f"documents.provenance.{account}"),
            where=text("documents.provenance.computed", inputs=inputs)
            if inputs
            else text("documents.provenance.computed_bare"),
            step=StepId.WEIGHT.value,
            forms=(f"{scientific(estimate.central)} FLOP",),
        )


def _forms(name: str, value: JsonValue) -> Iterator[str]:
    """How a document may write a value."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int):
        yield from (f"{value:,}", str(value)) if abs(value) < 10**30 else ()
    elif isinstance(value, float):
        yield from (repr(value), f"{value:g}")
    elif isinstance(value, str):
        if value.strip() and len(value) <= _LONGEST:
            yield value.strip()
            yield catalogue("questions").get(f"{name}.choice.{value}", value)
    elif isinstance(value, list):
        items = [item for item in value if isinstance(item, str)]
        yield from ((", ".join(items), *items) if items else ())


def _places(written: str, form: str, source: Source) -> Iterator[tuple[int, int]]:
    pattern = r"(?<![\w.,/-])" + r"\s+".join(map(re.escape, form.split())) + r"(?![\w/-]|[.,]\d)"
    words = {
        part.casefold() for part in re.findall(r"\w{4,}", f"{source.label} {source.name.replace('_', ' ')}")
    }
    for found in re.finditer(pattern, written):
        near = written[max(found.start() - _NEAR, 0) : found.start()].casefold()
        if (len(form) >= _SHORT and not form.isdecimal()) or any(word in near for word in words):
            yield found.start(), found.end()
