# SPDX-License-Identifier: Apache-2.0
"""The project: the only thing that is saved."""

from typing import Literal

from core.domain.answers import Answers
from core.domain.base import Frozen
from core.domain.export_wish import ExportWish
from core.domain.scan_result import ScanResult

PROJECT_FORMAT: Literal[1] = 1


class Project(Frozen):
    """One release: what was found, what was said, where the person is. Everything else is derived.

    `folder` is the absolute path on this machine; it is private and never reaches a document.
    """

    format: Literal[1] = PROJECT_FORMAT
    folder: str | None = None
    scan: ScanResult | None = None
    answers: Answers = Answers()
    by_hand: bool = False
    """The person describes the model without a folder."""
    step: str = "folder"
    """Id of the page the person was on (core.flow)."""
    export_folder: str | None = None
    written_to: str | None = None
    """Folder that the documents were last written to; private, like `folder`."""
    export_wish: ExportWish = ExportWish()

    @property
    def title(self) -> str:
        """The release's name for lists and windows; empty when nothing names it yet."""
        if self.answers.model_name:
            return self.answers.model_name
        if self.scan is not None:
            return self.scan.folder_name
        return ""
