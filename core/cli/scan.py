# SPDX-License-Identifier: Apache-2.0
"""weighbridge scan: every fact with its file and key."""

import argparse
import datetime
import json
from pathlib import Path

from pydantic import JsonValue

from core.domain.fact import AnyFact
from core.domain.scan_result import ScanResult
from core.scan import require_model, scan_path


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
    print(f"{result.folder_name}: {len(result.facts)} facts from {_count_read(result)} files")
    for fact in result.facts:
        print(f"  {fact.name:24} {short(fact.value):44} {_where(fact)}")
    if result.conflicts:
        print("\nFiles disagree:")
        for conflict in result.conflicts:
            print(f"  {conflict.name}: {conflict.why_first}")
            for fact in conflict.facts:
                print(f"    {short(fact.value):44} {_where(fact)}")
    if result.unreadable:
        print("\nCould not be read:")
        for record in result.unreadable:
            print(
                f"  {record.path}: {' '.join(part for part in (record.what, record.why, record.todo) if part)}"
            )
    for note in result.notes:
        print(f"\nNote: {note}")
    if not result.complete:
        print("\nThe folder is very large; not everything was looked at.")


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
