# SPDX-License-Identifier: Apache-2.0
"""weighbridge check: lints a card or a folder; for people, as JSON, or as SARIF for code hosts."""

import argparse
import datetime
import json
from pathlib import Path
from typing import Any

from core.errors import BadAnswers, CannotRead
from core.files import is_folder
from core.lint import RULES, Level, Report, in_order, lint
from core.lint.sarif import sarif
from core.persist import PROJECT_SUFFIX
from core.texts import text
from core.version import version


def run(arguments: argparse.Namespace, today: datetime.date) -> int:
    """Check and print; exit 0 when only notes are left, 1 with an error or a warning, 3 when nothing can be read."""
    off = [part.strip() for part in arguments.off.split(",") if part.strip()]
    for name in off:
        if name not in RULES:
            raise BadAnswers(
                text("lint.unknown_rule", name=name),
                todo=text("lint.unknown_rule_todo", known=", ".join(RULES)),
            )
    if arguments.answers and len(arguments.paths) > 1:
        raise BadAnswers(text("lint.one_release"), todo=text("lint.one_release_todo"))
    reports = [(path, _checked(path, off, arguments, today)) for path in arguments.paths]
    if arguments.sarif:
        print(json.dumps(sarif(reports, version()), indent=1, ensure_ascii=False))
    elif arguments.json:
        print(json.dumps(report_json([report for _, report in reports]), indent=1, ensure_ascii=False))
    else:
        for _, report in reports:
            _print(report)
    return 0 if all(report.clean for _, report in reports) else 1


def _checked(path: str, off: list[str], arguments: argparse.Namespace, today: datetime.date) -> Report:
    """A card alone by its own text; a folder or a saved project also by what is owed for the release."""
    if not path.endswith(PROJECT_SUFFIX) and not is_folder(Path(path)):
        return lint(Path(path), off)
    from core.cli.owed import with_owed
    from core.cli.target import open_project

    try:
        project = open_project(path, arguments.answers, None)
    except CannotRead:
        if arguments.answers or path.endswith(PROJECT_SUFFIX):
            raise
        return lint(Path(path), off)  # a card in a folder without a model
    folder = Path(project.folder) if project.folder and path.endswith(PROJECT_SUFFIX) else Path(path)
    answered = bool(arguments.answers) or path.endswith(PROJECT_SUFFIX)
    report = with_owed(lint(folder, off), project, arguments.on or today, answered=answered)
    return in_order(report, off)


def report_json(reports: list[Report]) -> dict[str, Any]:
    """The documented object (docs/check.md), format 1."""
    problems = [
        one | {"checked": report.name}
        for report in reports
        for one in report.model_dump(mode="json")["problems"]
    ]
    return {
        "format": 1,
        "clean": all(report.clean for report in reports),
        "counts": {level.value: sum(report.count(level) for report in reports) for level in Level},
        "problems": problems,
        "remarks": [said for report in reports for said in report.remarks],
    }


def _print(report: Report) -> None:
    print(report.name if report.problems else text("lint.clean", name=report.name))
    for level in Level:
        found = [one for one in report.problems if one.level is level]
        if not found:
            continue
        print(f"\n{text(f'lint.head.{level.value}', count=len(found))}")
        for one in found:
            place = f"{one.file}:{one.line}" if one.line else one.file
            print(f"  {place}  {one.what}  [{one.rule}]")
            print(f"      {one.todo}")
    for said in report.remarks:
        print(f"\n{said}")
    if not report.problems:
        return
    counts = {f"{level.value}s": report.count(level) for level in Level}
    print("\n" + text("lint.counts", **counts))
