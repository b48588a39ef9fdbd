# SPDX-License-Identifier: Apache-2.0
"""weighbridge rules --what-if: who is caught today, and who would be."""

import argparse
import datetime
import json

from core.cli.target import open_project
from core.compute import weigh
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.reference import load_reference
from core.rules import RuleBook
from core.rules.whatif import SYSTEMIC, WhatIf, what_if
from core.texts import text


def run_what_if(arguments: argparse.Namespace, book: RuleBook, on: datetime.date) -> int:
    """Print the answer. Raises BadAnswers for a change that cannot be made."""
    reference = load_reference()
    yours: tuple[Known, Footprint] | None = None
    if arguments.path or arguments.answers:
        known = Known(open_project(arguments.path, arguments.answers, arguments.base))
        yours = known, weigh(known, reference)
    answer = what_if(book, arguments.what_if, on, yours=yours, models=reference.well_known_models)
    if arguments.json:
        print(json.dumps({"format": 1, "on": on.isoformat()} | answer.model_dump(mode="json"), indent=1))
        return 0
    for move in answer.moves:
        print(text("cli.what_if.moved", title=move.title, before=move.before, after=move.after))
    for change in answer.yours:
        before, after = change.headline_before, change.headline_after
        print(text("cli.what_if.yours", title=change.title, before=before, after=after))
    if yours is not None and not answer.yours:
        print(text("cli.what_if.same"))
    _models(answer, book)
    return 0


def _models(answer: WhatIf, book: RuleBook) -> None:
    lines = list(dict.fromkeys(one for model in answer.models for one in (*model.newly, *model.freed)))
    if not lines:
        print(text("cli.what_if.nobody", count=len(answer.models)))
    titles = {law.id: law.title for law in book.instruments.values()}
    titles[SYSTEMIC] = text("rules_eu.line.systemic")
    for line in lines:
        before = sum(line in model.before for model in answer.models)
        after = sum(line in model.after for model in answer.models)
        print(
            text(
                "cli.what_if.counts",
                count=len(answer.models),
                name=titles.get(line, line),
                before=before,
                after=after,
            )
        )
        for key, names in (
            ("new", [model.model for model in answer.models if line in model.newly]),
            ("freed", [model.model for model in answer.models if line in model.freed]),
        ):
            if names:
                print("  " + text(f"cli.what_if.{key}", models=", ".join(names)))
