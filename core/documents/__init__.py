# SPDX-License-Identifier: Apache-2.0
"""Documents: proposed, rendered, checked, written without harm to what is already there."""

from core.documents.badge import badge_snippet
from core.documents.check import LostInWriting, read_back
from core.documents.export import (
    ExportPlan,
    ExportProgress,
    ExportResult,
    FileAction,
    PlannedFile,
    export,
    plan_export,
)
from core.documents.formats import Format, Printer, convert, read_formats
from core.documents.gaps import find_gaps
from core.documents.kinds import (
    AB2013,
    COMPUTE_RECORD,
    MODEL_CARD,
    NOTICE,
    RISK_NOTE,
    WHAT_APPLIES,
    WHAT_APPLIES_HTML,
    propose,
)
from core.documents.package import package_bytes, upload_command
from core.documents.render import render

__all__ = [
    "AB2013",
    "COMPUTE_RECORD",
    "MODEL_CARD",
    "NOTICE",
    "RISK_NOTE",
    "WHAT_APPLIES",
    "WHAT_APPLIES_HTML",
    "ExportPlan",
    "ExportProgress",
    "ExportResult",
    "FileAction",
    "Format",
    "LostInWriting",
    "PlannedFile",
    "Printer",
    "badge_snippet",
    "convert",
    "export",
    "find_gaps",
    "package_bytes",
    "plan_export",
    "propose",
    "read_back",
    "read_formats",
    "render",
    "upload_command",
]
