# SPDX-License-Identifier: Apache-2.0
"""The door to every document: one function, one kind id."""

from collections.abc import Callable

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

_EDITED: dict[str, Callable[[Project, Assessment, bytes | None], RenderedDocument]] = {
    MODEL_CARD: render_card,
    NOTICE: render_notice,
}
_NEW: dict[str, Callable[[Project, Assessment], RenderedDocument]] = {
    AB2013: render_statement,
    COMPUTE_RECORD: render_record,
    CHECKLIST: render_checklist,
    MOF: render_openness,
    RISK_NOTE: render_risk,
    AIBOM_SPDX: render_spdx,
}
_OF_THE_ASSESSMENT: dict[str, Callable[[Assessment], RenderedDocument]] = {
    SCALE: render_scale,
    BADGE: render_badge,
}
_SEVERAL: dict[str, Callable[[str, Project, Assessment], RenderedDocument]] = {
    **dict.fromkeys(FORM_IDS, render_form),
    AIBOM: render_cyclonedx,
    AIBOM_17: render_cyclonedx,
}
"""Kinds that share a function, which is told the kind."""


def render(
    kind_id: str, project: Project, assessment: Assessment, *, existing: bytes | None = None
) -> RenderedDocument:
    """The document `kind_id` for `project`. Writes nothing.

    `existing` is the file that stands there now; the model card is edited in place, NOTICE is added to, other
    kinds are written anew.
    Raises BadAnswers for an unknown kind, CannotRead when `existing` is a card that is no UTF-8 text.
    """
    kind = document_kind(kind_id).id
    if kind in _EDITED:
        return _EDITED[kind](project, assessment, existing)
    if kind in _NEW:
        return _NEW[kind](project, assessment)
    if kind in _OF_THE_ASSESSMENT:
        return _OF_THE_ASSESSMENT[kind](assessment)
    return _SEVERAL.get(kind, render_applies)(kind, project, assessment)
