# SPDX-License-Identifier: Apache-2.0
"""Documents: what can be written, what is missing in it, what was written."""

from enum import StrEnum

from core.domain.base import Frozen


class Severity(StrEnum):
    """How much a gap matters: owed by law or by the licence, needed by readers, nice to have."""

    OWED = "owed"
    READERS = "readers"
    NICE = "nice"


class Gap(Frozen):
    """Something a document lacks. `field` is the answer that would fill it, where there is one."""

    document: str
    field: str
    severity: Severity
    label: str
    how_to_fill: str
    needed_by: str = ""


class DocumentKind(Frozen):
    """A document Weighbridge writes. `proposed` when this release needs it."""

    id: str
    title: str
    file_name: str
    why: str
    proposed: bool = True


class RenderedDocument(Frozen):
    """A document ready to write. `content` is the exact text of the file (UTF-8)."""

    kind: DocumentKind
    file_name: str
    content: str
    gaps: tuple[Gap, ...] = ()
    withheld: tuple[str, ...] = ()
    """Plain remarks about private things that were left out."""
