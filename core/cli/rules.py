# SPDX-License-Identifier: Apache-2.0
"""weighbridge rules: the rulebook as it stands on a date, each value with its source and check date."""

import argparse
import datetime
import json

from core.rules import load_rulebook
from core.rules.schema import whole


def run(arguments: argparse.Namespace, today: datetime.date) -> int:
    """Print every parameter with its value on the date."""
    book = load_rulebook()
    on = arguments.on or today
    rows = book.at(on).rows()
    if arguments.json:
        print(
            json.dumps(
                {
                    "format": 1,
                    "on": on.isoformat(),
                    "hash": book.hash,
                    "checked_up_to": book.checked_up_to.isoformat(),
                    "parameters": [row | {"value": _exact(row)} for row in rows],
                },
                indent=1,
                ensure_ascii=False,
            )
        )
        return 0
    print(f"Rules on {on.isoformat()} (checked up to {book.checked_up_to.isoformat()}, {book.hash[:12]})")
    for row in rows:
        print(
            f"  {row['id']}: {row['operator']} {row['value']} {row['unit']} [{row['status']}] {row['source']}"
        )
    return 0


def _exact(row: dict[str, str]) -> int | str:
    """Whole numbers as JSON integers; shares, dates and lists as text."""
    try:
        return whole(row["value"])
    except ValueError:
        return row["value"]
