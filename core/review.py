# SPDX-License-Identifier: Apache-2.0
"""Everything known and asked on one list, before the verdict: the page "Check your answers"."""

from enum import StrEnum

from pydantic import JsonValue

from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.fact import AnyFact, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.flow import StepId, visible_steps
from core.questions import Question, all_questions, build_question, questions_for
from core.texts import catalogue, text


class ReviewSource(StrEnum):
    """Where a line comes from. MISSING is asked and not answered; UNKNOWN is "I don't know"."""

    FOUND = "found"
    SAID = "said"
    ASSUMED = "assumed"
    MISSING = "missing"
    UNKNOWN = "unknown"


class ReviewLine(Frozen):
    """One line. `value` is None for MISSING and UNKNOWN.

    `source_words` says where the value comes from, and what a missing one leads to. `step` is the page where
    the line can be changed; empty when no page asks for it, so that it can only be taken back.
    """

    name: str
    label: str
    value: JsonValue = None
    source: ReviewSource
    source_words: str
    step: str = ""
    remark: str = ""


class ReviewGroup(Frozen):
    """The lines of one page."""

    step: str
    title: str
    lines: tuple[ReviewLine, ...]


def review(project: Project, assessment: Assessment | None = None) -> tuple[ReviewGroup, ...]:
    """What is known or asked, grouped by page in reading order; empty groups are left out.

    The bare numbers of "What we found" come last: they are the least likely to need a change. What a file answered stands with the page that would have asked, and is changed on "What we found".
    """
    known = Known(project)
    lines: dict[str, list[ReviewLine]] = {}
    for step in visible_steps(project):
        questions = questions_for(step, project, assessment, answered_by_files=True)
        if step is StepId.FOUND:  # never asked: only what a file or an answers file gave
            questions = tuple(one for one in questions if known.get(one.name) or known.dont_know(one.name))
        lines[step.value] = [_line(question, known, project) for question in questions]
    own = None if assessment is None else assessment.footprint.accounts.own
    if own is not None:
        lines[StepId.WEIGHT.value] = [_assumption(words) for words in dict.fromkeys(own.assumptions)]
    for question in _found_besides(known, project, {line.name for group in lines.values() for line in group}):
        lines[question.step].append(_line(question, known, project))
    listed = {line.name for group in lines.values() for line in group}
    lines[""] = [_elsewhere(name, known) for name in _said_elsewhere(project, listed)]
    if StepId.FOUND.value in lines:
        lines[StepId.FOUND.value] = lines.pop(StepId.FOUND.value)
    titles = {step.value: text(f"flow.{step.value}.title") for step in StepId} | {
        "": text("flow.review.more")
    }
    return tuple(
        ReviewGroup(step=step, title=titles[step], lines=tuple(group))
        for step, group in lines.items()
        if group
    )


def _line(question: Question, known: Known, project: Project) -> ReviewLine:
    name = question.name
    fact = known.get(name)
    conflicts = () if project.scan is None else project.scan.conflicts
    disagree = not known.said(name) and any(conflict.name == name for conflict in conflicts)
    words = catalogue("facts")
    label = words.get(name, question.label)
    if fact is not None:
        by_file = fact.origin.kind is not OriginKind.USER
        return ReviewLine(
            name=name,
            label=label,
            value=fact.value,
            source=_source(fact),
            source_words=_origin_words(fact),
            step=StepId.FOUND.value if by_file and project.scan is not None else question.step,
            remark=text("flow.review.conflict") if disagree else "",
        )
    if known.dont_know(name):
        source, why = ReviewSource.UNKNOWN, question.unknown
    else:
        source, why = ReviewSource.MISSING, "" if question.optional else question.why
    needed = source is ReviewSource.MISSING and not question.optional
    return ReviewLine(
        name=name,
        label=label,
        source=source,
        source_words=why,
        step=question.step,
        remark=text("flow.review.needed") if needed else "",
    )


def _found_besides(known: Known, project: Project, listed: set[str]) -> list[Question]:
    """What files answered so well that nobody need ask: the tokens of a recorded run, for instance."""
    facts = () if project.scan is None else project.scan.facts
    names = (fact.name for fact in facts if fact.name in all_questions() and fact.name not in listed)
    return [build_question(name, known) for name in names if not known.said(name)]


def _origin_words(fact: AnyFact) -> str:
    where = fact.origin.describe()
    if fact.origin.kind is OriginKind.USER:
        return text("flow.review.said")
    if fact.origin.kind is OriginKind.FILE and where:
        return text("flow.review.found", where=where)
    return text("flow.review.computed", where=where) if fact.origin.kind is OriginKind.COMPUTED else where


def _source(fact: AnyFact) -> ReviewSource:
    if fact.origin.kind is OriginKind.USER:
        return ReviewSource.SAID
    return ReviewSource.ASSUMED if fact.origin.kind is OriginKind.ASSUMED else ReviewSource.FOUND


def _assumption(words: str) -> ReviewLine:
    return ReviewLine(
        name="",
        label=text("flow.review.assumed").capitalize(),
        value=words,
        source=ReviewSource.ASSUMED,
        source_words=text("flow.review.assumed"),
        step=StepId.WEIGHT.value,
    )


def _said_elsewhere(project: Project, listed: set[str]) -> list[str]:
    """Answers that no page asks for just now: given beside a document, in an answers file, or before another answer."""
    answers = project.answers
    names = (name for name in Answers.model_fields if name not in listed and name != "dont_know")
    return [name for name in names if getattr(answers, name) is not None or name in answers.dont_know]


def _elsewhere(name: str, known: Known) -> ReviewLine:
    fact = known.get(name)
    said = fact is not None
    return ReviewLine(
        name=name,
        label=catalogue("facts").get(name) or name.replace("_", " ").capitalize(),
        value=fact.value if fact is not None else None,
        source=ReviewSource.SAID if said else ReviewSource.UNKNOWN,
        source_words=text("flow.review.said") if said else "",
    )
