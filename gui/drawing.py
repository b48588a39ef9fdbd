# SPDX-License-Identifier: Apache-2.0
"""What the page Documents shows of one document, made off the window's thread: a model card takes up to 0.1 s."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import render
from core.documents.export import difference
from core.documents.provenance import Source, sources
from core.documents.side_by_side import LinePair, side_by_side
from core.domain.assessment import Assessment
from core.domain.document import DocumentKind, RenderedDocument
from core.domain.project import Project
from gui.existing import existing_card

DRAW, MARK = "draw document", "mark values"
"""Kinds of work."""


@dataclass(frozen=True)
class Drawing:
    """A document, what its values come from, and the author's README beside it if there is one."""

    kind: DocumentKind
    project: Project
    assessment: Assessment
    document: RenderedDocument
    pairs: Sequence[LinePair]
    known: tuple[Source, ...]


def drawing(kind: DocumentKind, project: Project, assessment: Assessment) -> Drawing:
    """Render one document. Raises WeighbridgeError when the README that is there cannot be edited."""
    existing = existing_card(kind, project)
    document = render(kind.id, project, assessment, existing=existing)
    pairs: Sequence[LinePair] = ()
    if existing is not None:
        pairs = side_by_side(difference(existing, document.content, document.file_name))
    return Drawing(kind, project, assessment, document, pairs, sources(project, assessment))
