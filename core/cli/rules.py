# SPDX-License-Identifier: Apache-2.0
"""weighbridge rules: the rulebook as it stands on a date, each value with its source and check date."""

import argparse
import datetime
import json

from core.cli.in_use import rulebook
from core.cli.what_if import run_what_if
from core.glossary import glossary
from core.rules import RuleBook
from core.rules.calendar import calendar, due_for_checking
from core.rules.schema import whole
from core.texts import text


def run(arguments: argparse.Namespace, today: datetime.date) -> int:
    """Print every parameter with its value on the date; or the calendar; or what a change would do."""
    book = rulebook()
    on = arguments.on or today
    if arguments.what_if:
        return run_what_if(arguments, book, on)
    if arguments.words:
        return _words(as_json=arguments.json)
    if arguments.calendar:
        return _calendar(book, on, as_json=arguments.json)
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


def _words(*, as_json: bool) -> int:
    """The glossary: every word of the trade that a finding can use."""
    if as_json:
        terms = [{"term": term.name, "means": term.means} for term in glossary()]
        print(json.dumps({"format": 1, "terms": terms}, indent=1, ensure_ascii=False))
        return 0
    for term in glossary():
        print(f"{term.name}: {term.means}")
    return 0


def _calendar(book: RuleBook, on: datetime.date, *, as_json: bool) -> int:
    events = calendar(book, on)
    due = due_for_checking(book, on)
    if as_json:
        data = {
            "format": 1,
            "on": on.isoformat(),
            "events": [event.model_dump(mode="json") for event in events],
            "due_for_checking": [{"instrument": name, "checked_on": day.isoformat()} for name, day in due],
        }
        print(json.dumps(data, indent=1, ensure_ascii=False))
        return 0
    print(text("cli.calendar.head", date=on.isoformat(), checked=book.checked_up_to.isoformat()))
    for event in events:
        doubt = "" if event.sure else f" {text('cli.calendar.unsure')}"
        print(f"  {event.day.isoformat()} {text(f'cli.calendar.{event.kind}')}: {event.what}{doubt}")
    return 0


def _exact(row: dict[str, str]) -> int | str:
    """Whole numbers as JSON integers; shares, dates and lists as text."""
    try:
        return whole(row["value"])
    except ValueError:
        return row["value"]
