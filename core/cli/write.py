# SPDX-License-Identifier: Apache-2.0
"""weighbridge write: the documents into a folder; a file that differs is shown, never silently replaced."""

import argparse
import datetime
import os
from pathlib import Path

from core import files
from core.assess import assess
from core.cli.in_use import rulebook
from core.cli.target import open_project
from core.documents import (
    ExportPlan,
    badge_snippet,
    export,
    package_bytes,
    plan_export,
    read_formats,
    upload_command,
)
from core.documents.kinds import BADGE
from core.errors import BadAnswers, CannotWrite
from core.reference import load_reference
from core.texts import text
from core.version import version


def run(arguments: argparse.Namespace, today: datetime.date) -> int:
    """Write and name each file; exit 0, or 1 when a file was left because it differs."""
    if not arguments.out:
        raise BadAnswers("No folder for the documents was given.", todo="Add --out DIR.")
    project = open_project(arguments.path, arguments.answers, arguments.base, arguments.stages)
    assessment = assess(project, rulebook=rulebook(), reference=load_reference(), today=arguments.on or today)
    only = [part.strip() for part in arguments.only.split(",") if part.strip()] if arguments.only else None
    folder = Path(arguments.out)
    _make(folder)
    plan = plan_export(
        project,
        assessment,
        folder,
        only,
        app_version=version(),
        formats=read_formats(arguments.formats),
        printer=arguments.printer,
    )
    left = [item for item in plan.items if item.action == "replace"]
    if left and not arguments.replace:
        for item in left:
            print(item.difference)
            print(text("cli.differs", path=item.path))
        return 1
    result = export(plan, accept_changes=arguments.replace)
    for item in plan.items:
        if item.difference and item.action == "replace":
            print(item.difference)
        for what in item.document.withheld:
            print(text("cli.left_out", path=item.document.file_name, what=what))
    for path in result.written:
        print(text("cli.written", path=path))
    for path in result.unchanged:
        print(text("cli.unchanged", path=path))
    if arguments.zip:
        _pack(plan, Path(arguments.zip), assessment.on, replace=arguments.replace)
    if any(item.document.kind.id == BADGE for item in plan.items):
        print(text("cli.badge", line=badge_snippet(assessment)))
    command = upload_command(project, str(folder), windows=os.name == "nt")
    print(text("cli.upload", command=command) if command else text("cli.upload_unnamed"))
    return 0


def _pack(plan: ExportPlan, target: Path, on: datetime.date, *, replace: bool) -> None:
    """Write the package; one that differs is not replaced unasked. Raises CannotWrite."""
    data = package_bytes(plan, on)
    there = files.read_target(target)
    if there is not None and there != data and not replace:
        raise CannotWrite(text("cli.zip_there", name=target.name), todo=text("cli.zip_there_todo"))
    if there != data:
        files.write_file(target, data)
    print(text("cli.packed", path=target, count=len(plan.items)))


def _make(folder: Path) -> None:
    """The output folder, made when it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            text("cli.no_folder", name=folder.name), why=text("cli.because", reason=error.strerror or error)
        ) from error
