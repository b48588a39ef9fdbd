# SPDX-License-Identifier: Apache-2.0
"""weighbridge scan: every fact with its file and key."""

import argparse
import datetime
import json
from pathlib import Path

from pydantic import JsonValue

from core.cli.paragraph import paragraph
from core.domain.fact import AnyFact
from core.domain.scan_result import ScanResult
from core.scan import require_model, scan_path
from core.texts import text


def run(arguments: argparse.Namespace, _today: datetime.date) -> int:
    """Scan and print; exit 0, or 3 through CannotRead when nothing about a model was found."""
    base = Path(arguments.base) if arguments.base else None
    result = scan_path(Path(arguments.path), base_folder=base)
    if arguments.json:
        print(json.dumps({"format": 1} | result.model_dump(mode="json"), indent=1, ensure_ascii=False))
        require_model(result)
        return 0
    require_model(result)
    _print(result)
    return 0


def _print(result: ScanResult) -> None:
    print(text("cli.facts", folder=result.folder_name, facts=len(result.facts), files=_count_read(result)))
    for fact in result.facts:
        print(f"  {fact.name:24} {short(fact.value):44} {_where(fact)}")
    if result.conflicts:
        print("\n" + text("cli.disagree"))
        for conflict in result.conflicts:
            print(f"  {conflict.name}: {conflict.why_first}")
            for fact in conflict.facts:
                print(f"    {short(fact.value):44} {_where(fact)}")
    print_troubles(result)


def print_troubles(result: ScanResult) -> None:
    """What could not be read and why, and what the scan has to say besides; nothing when all is well."""
    if result.unreadable:
        print("\n" + text("cli.unreadable"))
        for record in result.unreadable:
            words = " ".join(part for part in (record.what, record.why, record.todo) if part)
            paragraph(f"{record.path}: {words}", indent="  ")
    for note in result.notes:
        print()
        paragraph(text("cli.note", note=note))
    if not result.complete:
        print()
        paragraph(text("cli.not_all"))


def _count_read(result: ScanResult) -> int:
    return len({fact.origin.file for fact in result.facts if fact.origin.file})


def _where(fact: AnyFact) -> str:
    return fact.origin.describe()


def short(value: JsonValue, width: int = 44) -> str:
    """A value on one line, cut with an ellipsis."""
    if isinstance(value, dict):
        shown = f"({len(value)} entries)"
    elif isinstance(value, list):
        shown = ", ".join(str(item) for item in value)
    elif isinstance(value, int) and not isinstance(value, bool):
        shown = f"{value:,}"
    else:
        shown = str(value)
    shown = "".join(char if char.isprintable() else "�" for char in shown)
    return shown if len(shown) <= width else shown[: width - 1] + "…"
