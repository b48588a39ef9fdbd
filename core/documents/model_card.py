# SPDX-License-Identifier: Apache-2.0
"""The Hugging Face model card (README.md): new, or an existing one edited in place."""

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate

from core.documents.card.build import card_context, model_title
from core.documents.card.facts import CardFacts
from core.documents.card.identity import identify
from core.documents.card.model_index import indexed
from core.documents.context import CardContext
from core.documents.engine import markdown_engine
from core.documents.gaps import gap, with_problems
from core.documents.kinds import MODEL_CARD, document_kind
from core.documents.leftovers import (
    had_template_title,
    tool_lists,
    with_own_name,
    without_leftovers,
    without_machine_folders,
    without_tool_title,
)
from core.documents.metadata import settings
from core.documents.privacy import Withheld, find_private
from core.documents.readme_edit import BLOCKS, authors_sections, decode_readme, edit_card, new_card
from core.documents.readme_parts import lines_of, split_readme
from core.domain.assessment import Assessment
from core.domain.document import Gap, RenderedDocument, Severity
from core.domain.known import Known
from core.domain.project import Project
from core.scan.formats.card_body import written_by_tool
from core.texts import text

TEMPLATE = "model_card/1"
_MOST_REPORTED = 20

# Answers that fill a section which the author may have written already.
_FIELD_OF_SECTION = {
    "summary": {"summary"},
    "uses": {"intended_use", "out_of_scope_use"},
    "limitations": {"limitations"},
    "training-data": {"data_summary", "datasets"},
    "model-details": {"developers"},
    "title": {"model_name"},
}


def render_card(project: Project, assessment: Assessment, existing: bytes | None) -> RenderedDocument:
    """The card for `project`; with `existing`, that file edited. Raises CannotRead when it is no UTF-8 text."""
    known = Known(project)
    contact = known.text("contact")
    allowed = (contact.value,) if contact is not None and known.said("contact") else ()
    withheld = Withheld(allowed)
    identity = identify(known)
    old = decode_readme(existing) if existing is not None else ""
    parts = split_readme(old)
    tool_wrote_it = written_by_tool(parts.body) is not None
    untitled = tool_wrote_it and had_template_title(parts.body)
    if tool_wrote_it:
        old = replace(parts, body=without_machine_folders(without_leftovers(parts.body))).join()
    parts = split_readme(old)
    if tool_wrote_it and known.said("model_name") and not untitled:
        body = without_tool_title(parts.body)
        untitled, parts = body != parts.body, replace(parts, body=body)
    old = replace(
        parts, body=with_own_name(parts.body, model_title(project, CardFacts(known, withheld)))
    ).join()
    parts = split_readme(old)
    measured = indexed(parts.meta, withheld)
    context = card_context(project, assessment, identity, withheld, tool_lists(parts.body), measured)
    wanted = settings(identity, assessment, CardFacts(known, withheld))
    blocks = {
        name: withheld.prose(shown, text(f"documents.section.{name}"))
        for name, shown in render_blocks(context).items()
    }
    if old.strip("\ufeff \t\r\n"):
        always = (
            set(BLOCKS) - {"title", "summary"}
            if tool_wrote_it
            else {"licence"}
            if assessment.licences
            else set()
        )
        if untitled:
            always.add("title")
        if tool_wrote_it and known.said("summary"):
            always.add("summary")  # what stands under the title is the tool's
        edited = edit_card(old, wanted, blocks, always, first=tool_wrote_it)
        theirs = authors_sections(split_readme(old).body) - always
    else:
        edited = new_card(wanted, blocks)
        theirs = frozenset()
    report_kept(edited.content, withheld, allowed)
    return RenderedDocument(
        kind=document_kind(MODEL_CARD),
        file_name=document_kind(MODEL_CARD).file_name,
        content=edited.content,
        gaps=_gaps(assessment, edited.values, edited.left_alone, theirs),
        withheld=withheld.remarks,
    )


def render_blocks(context: CardContext) -> dict[str, str]:
    """The text of each section; a section without content is not in it."""
    engine = markdown_engine()
    found: dict[str, str] = {}
    for name in BLOCKS:
        shown = engine.get_template(f"{TEMPLATE}/{name}.md.j2").render(card=context).strip()
        if shown:
            found[name] = re.sub(r"\n{3,}", "\n\n", shown)
    return found


def report_kept(content: str, withheld: Withheld, allowed: tuple[str, ...]) -> None:
    """Scan every byte of the file. Our blocks were cleaned before: what is found now is the author's own text."""
    ends = list(accumulate(len(line) for line in lines_of(content)))
    spots = find_private(content, allowed)
    for spot in spots[:_MOST_REPORTED]:
        withheld.note_kept(spot.kind, 1 + bisect_right(ends, spot.start))
    if len(spots) > _MOST_REPORTED:
        withheld.note_more(len(spots) - _MOST_REPORTED)


def _gaps(
    assessment: Assessment, values: dict[str, object], left_alone: str, theirs: frozenset[str]
) -> tuple[Gap, ...]:
    covered = {field for name in theirs for field in _FIELD_OF_SECTION.get(name, ())}
    gaps = [one for one in assessment.gaps if one.document == MODEL_CARD and one.field not in covered]
    if left_alone:
        gaps.insert(0, gap("front_matter", Severity.READERS, place=left_alone))
    return with_problems(gaps, values)
