# SPDX-License-Identifier: Apache-2.0
"""The scale picture as a document of its own, to stand in a README or a paper."""

from core.documents.kinds import SCALE, document_kind
from core.documents.scale_svg import landmarks, scale_svg
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.reference import load_reference


def render_scale(assessment: Assessment) -> RenderedDocument:
    """training-compute.svg: accounts, legal lines and known models on one axis, told in words inside the file too."""
    kind = document_kind(SCALE)
    return RenderedDocument(
        kind=kind, file_name=kind.file_name, content=scale_svg(assessment, landmarks(load_reference()))
    )
