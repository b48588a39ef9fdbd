# SPDX-License-Identifier: Apache-2.0
"""The documents this version writes."""

from core.documents.forms.schema import FORM_IDS, load_form
from core.domain.document import DocumentKind
from core.domain.finding import Finding, LicenceDuty, Outcome
from core.domain.known import Known
from core.errors import BadAnswers
from core.texts import text

MODEL_CARD = "model_card"
WHAT_APPLIES = "what_applies"
WHAT_APPLIES_HTML = "what_applies_html"
AB2013 = "ab2013"
COMPUTE_RECORD = "compute_record"
NOTICE = "notice"
SCALE = "scale"
RISK_NOTE = "risk_note"
CHECKLIST = "checklist"
BADGE = "badge"
MOF = "mof"
AIBOM = "aibom"
AIBOM_17 = "aibom_17"
AIBOM_SPDX = "aibom_spdx"

FOR_MACHINES = (AIBOM, AIBOM_17, AIBOM_SPDX)
"""Nobody asks a hobbyist for these: on request."""
ON_REQUEST = (
    *FORM_IDS,
    AB2013,
    RISK_NOTE,
    *FOR_MACHINES,
    MOF,
)
"""Kinds that can be asked for where nothing wants them."""

_FILES = {
    MODEL_CARD: "README.md",
    WHAT_APPLIES: "what-applies.md",
    WHAT_APPLIES_HTML: "what-applies.html",
    AB2013: "training-data-statement.md",
    COMPUTE_RECORD: "compute-record.md",
    NOTICE: "NOTICE",
    SCALE: "training-compute.svg",
    RISK_NOTE: "risk-note.md",
    CHECKLIST: "release-checklist.md",
    BADGE: "training-compute-badge.svg",
    MOF: "mof.yml",
    AIBOM: "aibom.cdx.json",
    AIBOM_17: "aibom-1.7.cdx.json",
    AIBOM_SPDX: "aibom.spdx.json",
    **{form_id: load_form(form_id).file for form_id in FORM_IDS},
}


def document_kind(kind_id: str) -> DocumentKind:
    """The kind with this id. Raises BadAnswers for an id this version does not know."""
    if kind_id not in _FILES:
        known = ", ".join(_FILES)
        raise BadAnswers(
            text("documents.unknown_kind", id=kind_id), todo=text("documents.unknown_kind_todo", known=known)
        )
    form = kind_id in FORM_IDS
    return DocumentKind(
        id=kind_id,
        title=text(f"forms.{kind_id}.title") if form else text(f"documents.kind.{kind_id}.title"),
        file_name=_FILES[kind_id],
        why=text(f"forms.{kind_id}.why") if form else text(f"documents.kind.{kind_id}.why"),
    )


def asked_by(kind_id: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The laws that apply and have a duty which this document meets."""
    return tuple(
        finding
        for finding in findings
        if finding.outcome is Outcome.APPLIES and any(duty.document == kind_id for duty in finding.duties)
    )


def wants_notice(licences: tuple[LicenceDuty, ...]) -> bool:
    """Whether a licence of a base has words of its own that the release must carry."""
    return any(duty.notice or duty.display_text for duty in licences)


def propose(
    known: Known,
    findings: tuple[Finding, ...],
    licences: tuple[LicenceDuty, ...] = (),
    *,
    weighed: bool = False,
    risk: bool = False,
) -> tuple[DocumentKind, ...]:
    """The documents of this release, the model card first; those that nothing asks for come last and are not proposed.

    Some suit every release: a card for the readers; for the own file the answers of the law and the arithmetic
    behind them. The others come when a law that applies or the licence of a base asks for them.
    With own compute known (`weighed`) there is something to draw. No law asks for the risk note: it comes once its
    first question is answered (`risk`), or on request.
    """
    del known
    wanted = [MODEL_CARD, WHAT_APPLIES, WHAT_APPLIES_HTML, COMPUTE_RECORD]
    if asked_by(AB2013, findings):
        wanted.insert(1, AB2013)
    wanted[1:1] = [form_id for form_id in FORM_IDS if asked_by(form_id, findings)]
    if wants_notice(licences):
        wanted.insert(1, NOTICE)
    if weighed:
        wanted += [SCALE, BADGE]
    if risk:
        wanted.append(RISK_NOTE)
    wanted.append(CHECKLIST)
    others = [kind_id for kind_id in ON_REQUEST if kind_id not in wanted]
    return (
        *(document_kind(kind_id) for kind_id in wanted),
        *(document_kind(kind_id).replace(proposed=False) for kind_id in others),
    )
