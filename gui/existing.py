# SPDX-License-Identifier: Apache-2.0
"""The card that stands in the model's folder now: the preview starts from it, as the export will."""

from pathlib import Path

from core.domain.document import DocumentKind
from core.domain.project import Project

CARD = "README.md"


def existing_card(kind: DocumentKind, project: Project) -> bytes | None:
    """The bytes of the card of the model's folder, or None when there is none or it is another document.

    One that cannot be read counts as none here: the export says so in words before it writes.
    """
    if kind.file_name != CARD or project.folder is None:
        return None
    path = Path(project.folder) / CARD
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None
