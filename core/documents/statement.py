# SPDX-License-Identifier: Apache-2.0
"""The statement on training data of California AB 2013: the twelve topics of Cal. Civ. Code 3111(a), in its order."""

from collections.abc import Callable
from typing import NamedTuple

from core.documents.card.build import model_title
from core.documents.card.facts import CardFacts
from core.documents.card.identity import bases, identify
from core.documents.card.sections import datasets
from core.documents.context import Item
from core.documents.data_points import data_points
from core.documents.engine import markdown_page
from core.documents.kinds import AB2013, asked_by, document_kind
from core.documents.privacy import Withheld
from core.documents.words import day
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import Gap, RenderedDocument, Severity
from core.domain.finding import Finding
from core.domain.known import Known
from core.domain.project import Project
from core.texts import text

TEMPLATE = "ab2013/1/text.md.j2"


class Topic(Frozen):
    """One topic. `field` is the answer that would fill it; `unsaid` is the honest line when nothing does."""

    number: int
    title: str
    field: str
    prose: str = ""
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    unsaid: str = ""


class StatementContext(Frozen):
    """Everything the statement says."""

    title: str
    developers: str
    bases: tuple[Item, ...]
    unnamed_base: bool
    topics: tuple[Topic, ...]
    contact: str
    on: str


class _Filled(NamedTuple):
    prose: str = ""
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


def render_statement(project: Project, assessment: Assessment) -> RenderedDocument:
    """The statement as Markdown; what nobody said is named as such in it, and listed as a gap."""
    known = Known(project)
    contact = known.text("contact")
    withheld = Withheld((contact.value,) if contact is not None and known.said("contact") else ())
    context = statement_context(project, assessment, withheld)
    content = markdown_page(TEMPLATE, doc=context)
    kind = document_kind(AB2013)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=withheld.prose(content, text("documents.section.ab2013")),
        gaps=statement_gaps(known, assessment.findings),
        withheld=withheld.remarks,
    )


def statement_context(project: Project, assessment: Assessment, withheld: Withheld) -> StatementContext:
    """The words of the statement; private things are noted in `withheld`."""
    facts = CardFacts(Known(project), withheld)
    identity = identify(facts.known)
    named = bases(facts.known)
    origin = facts.known.text("origin")
    built_on = identity.is_adapter or (origin is not None and origin.value != "from_scratch")
    return StatementContext(
        title=model_title(project, facts) or text("documents.ab2013.unnamed"),
        developers=facts.short("developers"),
        bases=named,
        unnamed_base=built_on and not named,
        topics=topics(facts),
        contact=facts.said("contact"),
        on=day(assessment.on),
    )


def topics(facts: CardFacts) -> tuple[Topic, ...]:
    """The twelve topics, each with what is known of it."""
    return tuple(
        _topic(number, field, fill(facts), facts) for number, (field, fill) in enumerate(_TOPICS, start=1)
    )


def statement_gaps(known: Known, findings: tuple[Finding, ...]) -> tuple[Gap, ...]:
    """The topics nobody spoke of. They are owed when a law that applies asks for the statement."""
    by = asked_by(AB2013, findings)
    return tuple(
        Gap(
            document=AB2013,
            field=topic.field,
            severity=Severity.OWED if by else Severity.READERS,
            label=topic.title,
            how_to_fill=text(f"documents.gap.ab2013.{topic.number}.fill"),
            needed_by=by[0].title if by else "",
        )
        for topic in topics(CardFacts(known, Withheld()))
        if topic.unsaid
    )


def _topic(number: int, field: str, filled: _Filled, facts: CardFacts) -> Topic:
    unsaid = ""
    if not any(filled):
        honest = facts.known.dont_know(field)
        unsaid = text("documents.ab2013.unknown") if honest else text("documents.ab2013.unsaid")
    return Topic(
        number=number,
        title=text(f"documents.ab2013.topic.{number}"),
        field=field,
        prose=filled.prose,
        lines=filled.lines,
        items=filled.items,
        unsaid=unsaid,
    )


def _sources(facts: CardFacts) -> _Filled:
    return _Filled(prose=facts.said("data_summary"), items=datasets(facts))


def _amount(facts: CardFacts) -> _Filled:
    return _Filled(lines=data_points(facts))


def _prose(field: str) -> Callable[[CardFacts], _Filled]:
    return lambda facts: _Filled(prose=facts.said(field))


def _choice(field: str) -> Callable[[CardFacts], _Filled]:
    def fill(facts: CardFacts) -> _Filled:
        said = facts.known.text(field)
        return _Filled() if said is None else _Filled(lines=(text(f"documents.ab2013.{field}.{said.value}"),))

    return fill


def _synthetic(facts: CardFacts) -> _Filled:
    """Said for this statement, or ticked among the sources of the EU forms."""
    if facts.known.text("synthetic_data") is None and "synthetic" in facts.known.strings("data_sources"):
        return _Filled(lines=(text("documents.ab2013.synthetic_data.own"),))
    return _choice("synthetic_data")(facts)


def _yes_no(field: str) -> Callable[[CardFacts], _Filled]:
    def fill(facts: CardFacts) -> _Filled:
        said = facts.known.flag(field)
        if said is None:
            return _Filled()
        return _Filled(lines=(text(f"documents.ab2013.{field}.{'yes' if said.value else 'no'}"),))

    return fill


_TOPICS: tuple[tuple[str, Callable[[CardFacts], _Filled]], ...] = (
    ("data_summary", _sources),
    ("data_purpose", _prose("data_purpose")),
    ("samples", _amount),
    ("data_types", _prose("data_types")),
    ("data_copyright", _choice("data_copyright")),
    ("data_acquired", _choice("data_acquired")),
    ("personal_data", _yes_no("personal_data")),
    ("consumer_data", _yes_no("consumer_data")),
    ("data_cleaning", _prose("data_cleaning")),
    ("data_collected", _prose("data_collected")),
    ("data_first_used", _prose("data_first_used")),
    ("synthetic_data", _synthetic),
)
"""In the order of Cal. Civ. Code 3111(a)(1) to (12): the answer that fills each, and how it is read."""
