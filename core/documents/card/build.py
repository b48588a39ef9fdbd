# SPDX-License-Identifier: Apache-2.0
"""Builds the context of the model card."""

from collections.abc import Collection

from core.documents.card import sections
from core.documents.card.compute import compute_part
from core.documents.card.energy import energy_part
from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity
from core.documents.card.licence import display_texts, licence_part
from core.documents.card.snippet import snippet
from core.documents.context import CardContext
from core.documents.privacy import Withheld
from core.domain.assessment import Assessment
from core.domain.known import Known
from core.domain.project import Project
from core.texts import text


def card_context(
    project: Project,
    assessment: Assessment,
    identity: Identity,
    withheld: Withheld,
    listed: Collection[str] = (),
) -> CardContext:
    """Everything the card can say about `project`; private things are noted in `withheld`.

    `listed`: lists that a tool's card already holds and that stay there ("hyperparameters", "versions").
    """
    known = Known(project)
    facts = CardFacts(known, withheld)
    title = model_title(project, facts)
    procedure = sections.procedure(facts)
    base_name = identity.base_model
    return CardContext(
        title=title or text("documents.card.untitled"),
        summary=facts.said("summary"),
        display_texts=display_texts(assessment, title),
        details=sections.details(facts, identity),
        snippet=snippet(identity, title),
        intended_use=facts.said("intended_use"),
        out_of_scope_use=facts.said("out_of_scope_use"),
        limitations=facts.said("limitations"),
        remarks=sections.remarks(known),
        datasets=sections.datasets(facts),
        data_summary=facts.said("data_summary"),
        data_facts=sections.data_facts(facts),
        procedure=procedure,
        procedure_heading=text(f"documents.heading.{'run' if listed else 'procedure'}"),
        hyperparameters=() if "hyperparameters" in listed else sections.hyperparameters(facts, procedure),
        compute=compute_part(facts, assessment, base_name),
        energy=energy_part(facts, assessment),
        evaluation=sections.evaluation(facts),
        technical=sections.technical(facts, identity, assessment.footprint),
        versions=() if "versions" in listed else sections.versions(facts),
        licence=licence_part(facts, assessment, identity, title),
        contact=facts.said("contact"),
    )


def model_title(project: Project, facts: CardFacts) -> str:
    """The name of the model: said, found, or the folder's own name; empty when nothing names it."""
    return facts.short("model_name") or facts.withheld.value(
        project.title, text("documents.field.model_name")
    )
