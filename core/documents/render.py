# SPDX-License-Identifier: Apache-2.0
"""The door to every document: one function, one kind id."""

from core.documents.applies import render_applies
from core.documents.badge import render_badge
from core.documents.bom.cyclonedx import render_cyclonedx
from core.documents.bom.spdx import render_spdx
from core.documents.checklist import render_checklist
from core.documents.forms.build import render_form
from core.documents.forms.schema import FORM_IDS
from core.documents.kinds import (
    AB2013,
    AIBOM,
    AIBOM_17,
    AIBOM_SPDX,
    BADGE,
    CHECKLIST,
    COMPUTE_RECORD,
    MODEL_CARD,
    MOF,
    NOTICE,
    RISK_NOTE,
    SCALE,
    document_kind,
)
from core.documents.model_card import render_card
from core.documents.notice import render_notice
from core.documents.openness import render_openness
from core.documents.record import render_record
from core.documents.risk import render_risk
from core.documents.scale import render_scale
from core.documents.statement import render_statement
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.domain.project import Project


def render(
    kind_id: str, project: Project, assessment: Assessment, *, existing: bytes | None = None
) -> RenderedDocument:
    """The document `kind_id` for `project`. Writes nothing.

    `existing` is the file that stands there now; the model card is edited in place, NOTICE is added to, other
    kinds are written anew.
    Raises BadAnswers for an unknown kind, CannotRead when `existing` is a card that is no UTF-8 text.
    """
    kind = document_kind(kind_id)
    if kind.id == MODEL_CARD:
        return render_card(project, assessment, existing)
    if kind.id == AB2013:
        return render_statement(project, assessment)
    if kind.id == COMPUTE_RECORD:
        return render_record(project, assessment)
    if kind.id == NOTICE:
        return render_notice(project, assessment, existing)
    if kind.id == CHECKLIST:
        return render_checklist(project, assessment)
    if kind.id in FORM_IDS:
        return render_form(kind.id, project, assessment)
    if kind.id == SCALE:
        return render_scale(assessment)
    if kind.id == MOF:
        return render_openness(project, assessment)
    if kind.id == BADGE:
        return render_badge(assessment)
    if kind.id == RISK_NOTE:
        return render_risk(project, assessment)
    if kind.id in (AIBOM, AIBOM_17):
        return render_cyclonedx(kind.id, project, assessment)
    if kind.id == AIBOM_SPDX:
        return render_spdx(project, assessment)
    return render_applies(kind.id, project, assessment)
