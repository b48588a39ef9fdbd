# SPDX-License-Identifier: Apache-2.0
"""Builds the context of the model card."""

import re
from collections.abc import Collection

from core.documents.card import sections
from core.documents.card.compute import compute_part
from core.documents.card.energy import energy_part
from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity
from core.documents.card.licence import display_texts, licence_part
from core.documents.card.snippet import snippet
from core.documents.context import CardContext, Item
from core.documents.hub import is_hub_id
from core.documents.markdown import clean
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
    measured: tuple[Item, ...] = (),
) -> CardContext:
    """Everything the card can say about `project`; private things are noted in `withheld`.

    `listed`: lists that a tool's card already holds and that stay there ("hyperparameters", "versions"). `measured`:
    results of the card's own front matter; they come behind those of the log.
    """
    known = Known(project)
    facts = CardFacts(known, withheld)
    title = model_title(project, facts)
    procedure = sections.procedure(facts)
    base_name = identity.base_model
    logged = sections.evaluation(facts)
    return CardContext(
        title=title or text("documents.card.untitled"),
        summary=facts.said("summary"),
        display_texts=display_texts(assessment, title),
        details=sections.details(facts, identity),
        snippet=snippet(identity, title, facts.short("trigger_words")),
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
        evaluation=_evaluation(logged, measured),
        evaluation_intro=_evaluation_intro(known) if logged else text("documents.evaluation.listed"),
        citation=citation(facts, title, assessment.on.year),
        technical=sections.technical(facts, identity, assessment.footprint),
        versions=() if "versions" in listed else sections.versions(facts),
        licence=licence_part(facts, assessment, identity, title),
        contact=facts.said("contact"),
    )


def _evaluation(logged: tuple[Item, ...], measured: tuple[Item, ...]) -> tuple[Item, ...]:
    """Both, without a result of the front matter that says again what the log says (the Trainer writes it there)."""
    said = {_rounded(row.value) for row in logged}
    return (*logged, *(row for row in measured if _rounded(row.value) not in said))


def _rounded(value: str) -> str:
    try:
        return f"{float(value.replace(',', '')):.3g}"
    except ValueError:
        return value


def _evaluation_intro(known: Known) -> str:
    """A log tells the last evaluation; the lists of the Hub tell results that somebody measured."""
    fact = known.found("eval_metrics")
    listed = fact is not None and ".eval_results" in (fact.origin.file or "")
    return text(f"documents.evaluation.{'listed' if listed else 'logged'}")


def citation(facts: CardFacts, title: str, year: int) -> str:
    """A BibTeX entry; empty unless somebody said who made the model."""
    developers, released = facts.short("developers"), facts.known.text("release_date")
    if not developers or not title:
        return ""
    shown = released.value[:4] if released is not None else str(year)
    key = re.sub(r"[^a-z0-9]+", "_", title.rsplit("/", 1)[-1].lower()).strip("_") or "model"
    url = f"  url = {{https://huggingface.co/{title}}},\n" if is_hub_id(title) else ""
    rows = f"  title = {{{_tex(title)}}},\n  author = {{{_tex(developers)}}},\n  year = {{{shown}}},\n{url}"
    return f"@misc{{{key},\n{rows}}}"


def _tex(value: str) -> str:
    """One line that breaks neither the entry nor the page around it; special letters are escaped for TeX."""
    plain = " ".join(re.sub(r"[{}\\<>`]", "", clean(value)).split())
    return re.sub(r"([_%&#$])", r"\\\1", plain)


def model_title(project: Project, facts: CardFacts) -> str:
    """The name of the model: said, found, or the folder's own name; empty when nothing names it."""
    return facts.short("model_name") or facts.withheld.value(
        project.title, text("documents.field.model_name")
    )
