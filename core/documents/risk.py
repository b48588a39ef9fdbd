# SPDX-License-Identifier: Apache-2.0
"""The risk note: what could go wrong, what is new about it, what was done, what is left, and what not releasing costs.

It follows the steps of the marginal risk framework (Kapoor, Bommasani et al. 2024, arXiv:2403.07918): threat,
what exists already, defences, what this model adds, what is left. It gives no score.
"""

from core.documents.card.build import model_title
from core.documents.card.facts import CardFacts
from core.documents.card.identity import bases
from core.documents.context import Item
from core.documents.engine import markdown_page
from core.documents.kinds import RISK_NOTE, document_kind
from core.documents.privacy import Withheld
from core.documents.words import day, flop, flop_range
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import Gap, RenderedDocument, Severity
from core.domain.known import Known
from core.domain.project import Project
from core.domain.reach import misuses_in_reach
from core.texts import text
from core.units import times

TEMPLATE = "risk_note/1/text.md.j2"
FIELDS = (
    "risk_misuses",
    "risk_compared",
    "risk_compared_words",
    "risk_mitigations",
    "risk_tests",
    "risk_left",
    "risk_benefits",
    "risk_benefits_words",
    "risk_decision",
)
"""The questions of the note, in its order."""


class Part(Frozen):
    """One thing the note speaks of, with what is known about it in general."""

    name: str
    title: str
    known: str
    limit: str = ""


class RiskContext(Frozen):
    """Everything the note says. A text that is empty was not said; `unsaid` is the line that says so."""

    title: str
    facts: tuple[str, ...]
    bases: tuple[Item, ...]
    misuses: tuple[Part, ...]
    set_aside: tuple[str, ...]
    misuses_said: bool
    compared: str
    compared_words: str
    mitigations: tuple[Part, ...]
    mitigations_said: bool
    tests: str
    left: str
    benefits: tuple[str, ...]
    benefits_words: str
    decision: str
    weights_out: bool
    unsaid: str
    on: str


def risk_begun(known: Known) -> bool:
    """Whether the person answered a question of the note: then it belongs to the release."""
    return any(known.said(field) for field in FIELDS)


def render_risk(project: Project, assessment: Assessment) -> RenderedDocument:
    """The note as Markdown; what nobody said is named as such in it, and listed as a gap."""
    known = Known(project)
    withheld = Withheld()
    content = markdown_page(TEMPLATE, doc=risk_context(project, assessment, withheld))
    kind = document_kind(RISK_NOTE)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=withheld.prose(content, text("documents.section.risk_note")),
        gaps=risk_gaps(known),
        withheld=withheld.remarks,
    )


def risk_gaps(known: Known) -> tuple[Gap, ...]:
    """The questions nobody answered. No law asks for the note: none is owed."""
    return tuple(
        Gap(
            document=RISK_NOTE,
            field=field,
            severity=Severity.NICE if field.endswith("_words") else Severity.READERS,
            label=text(f"questions.{field}.label"),
            how_to_fill=text(f"questions.{field}.why"),
        )
        for field in FIELDS
        if known.get(field) is None and not known.dont_know(field)
    )


def risk_context(project: Project, assessment: Assessment, withheld: Withheld) -> RiskContext:
    """The words of the note; private things are noted in `withheld`."""
    facts = CardFacts(Known(project), withheld)
    known = facts.known
    chosen = known.strings("risk_misuses")
    asked = misuses_in_reach(known)
    form = known.text("release_form")
    mitigations = [one for one in known.strings("risk_mitigations") if one != "nothing"]
    said_mitigations = known.get("risk_mitigations") is not None
    return RiskContext(
        title=model_title(project, facts) or text("risk.unnamed"),
        facts=_facts(known, assessment),
        bases=bases(known),
        misuses=tuple(_part("misuse", one) for one in chosen),
        set_aside=tuple(text(f"risk.misuse.{one}.title") for one in asked if one not in chosen),
        misuses_said=known.get("risk_misuses") is not None,
        compared=_choice(known, "risk_compared", "compared"),
        compared_words=facts.said("risk_compared_words"),
        mitigations=tuple(_part("mitigation", one) for one in mitigations),
        mitigations_said=said_mitigations,
        tests=facts.said("risk_tests"),
        left=facts.said("risk_left"),
        benefits=tuple(text(f"risk.benefit.{one}") for one in known.strings("risk_benefits")),
        benefits_words=facts.said("risk_benefits_words"),
        decision=_choice(known, "risk_decision", "decision"),
        weights_out=form is None or form.value in ("open_weights", "gated"),
        unsaid=text("risk.unsaid"),
        on=day(assessment.on),
    )


def _facts(known: Known, assessment: Assessment) -> tuple[str, ...]:
    """What the files say that bears on the question: size, compute, and how much of it is new."""
    said = []
    parameters = assessment.footprint.parameters
    if parameters is not None:
        said.append(text("risk.fact.size", count=f"{parameters.total:,}"))
    accounts = assessment.footprint.accounts
    if accounts.own is not None and accounts.own.central > 0:
        said.append(text("risk.fact.own", flop=flop(accounts.own.central), range=flop_range(accounts.own)))
        if accounts.base is not None and accounts.base.central > accounts.own.central:
            share = times(accounts.base.central / accounts.own.central)
            said.append(text("risk.fact.base", share=share))
    form = known.text("release_form")
    if form is not None:
        said.append(text(f"risk.form.{form.value}"))
    return tuple(said)


def _part(kind: str, name: str) -> Part:
    return Part(
        name=name,
        title=text(f"risk.{kind}.{name}.title"),
        known=text(f"risk.{kind}.{name}.known"),
        limit=text(f"risk.{kind}.{name}.limit") if kind == "mitigation" else "",
    )


def _choice(known: Known, field: str, group: str) -> str:
    said = known.text(field)
    return "" if said is None else text(f"risk.{group}.{said.value}")
