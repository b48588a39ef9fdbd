# SPDX-License-Identifier: Apache-2.0
"""The package: what was written as one zip file, and the command that puts a folder on the Hub."""

import datetime
import io
import re
import shlex
import zipfile
from collections.abc import Iterable

from core.documents.export import ExportPlan
from core.documents.hub import is_hub_id
from core.documents.manifest import MANIFEST_NAME
from core.domain.known import Known
from core.domain.project import Project


def package_bytes(plan: ExportPlan, on: datetime.date) -> bytes:
    """Every document of `plan` and the manifest (hash of each file, rulebook, app version, date) as a zip file.

    The same plan on the same day gives the same bytes: names are sorted and every time stamp is `on`.
    """
    files = [(item.path.name, item.data) for item in plan.items]
    return _zipped([*files, (MANIFEST_NAME, plan.manifest)], on)


def _zipped(files: Iterable[tuple[str, bytes]], on: datetime.date) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files):
            info = zipfile.ZipInfo(name, (max(on.year, 1980), on.month, on.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()


def upload_command(project: Project, folder: str, *, windows: bool = False) -> str | None:
    """`hf upload owner/name FOLDER .` quoted for the shell (POSIX, or PowerShell on Windows).

    None when the model has no name of the form owner/name: a made-up one must not be copied.
    """
    name = Known(project).text("model_name")
    if name is None or not is_hub_id(name.value):
        return None
    folder = f"./{folder}" if folder.startswith("-") else folder  # else it would be taken for an option
    quoted = _powershell(folder) if windows else shlex.quote(folder)
    return f"hf upload {name.value} {quoted} ."


def _powershell(word: str) -> str:
    """A word for PowerShell: in single quotes nothing is special but the quote itself, which is doubled."""
    # PowerShell takes the curly ones for quotes too.
    return (
        word if re.fullmatch(r"[A-Za-z0-9_.:\\/-]+", word) else "'" + re.sub("(['‘’‚‛])", r"\1\1", word) + "'"
    )
