# SPDX-License-Identifier: Apache-2.0
"""The documents this version writes."""

from core.domain.document import DocumentKind
from core.domain.finding import Finding
from core.domain.known import Known
from core.errors import BadAnswers
from core.texts import text

MODEL_CARD = "model_card"
WHAT_APPLIES = "what_applies"
WHAT_APPLIES_HTML = "what_applies_html"

_FILES = {
    MODEL_CARD: "README.md",
    WHAT_APPLIES: "what-applies.md",
    WHAT_APPLIES_HTML: "what-applies.html",
}


def document_kind(kind_id: str) -> DocumentKind:
    """The kind with this id. Raises BadAnswers for an id this version does not know."""
    if kind_id not in _FILES:
        known = ", ".join(_FILES)
        raise BadAnswers(
            text("documents.unknown_kind", id=kind_id), todo=text("documents.unknown_kind_todo", known=known)
        )
    return DocumentKind(
        id=kind_id,
        title=text(f"documents.kind.{kind_id}.title"),
        file_name=_FILES[kind_id],
        why=text(f"documents.kind.{kind_id}.why"),
    )


def propose(known: Known, findings: tuple[Finding, ...]) -> tuple[DocumentKind, ...]:
    """The documents this release needs, the model card first.

    The three of this version suit every release, whatever is known or found: a card for the readers, the answers of
    the law for the person's own file.
    """
    del known, findings
    return tuple(document_kind(kind_id) for kind_id in _FILES)
