# SPDX-License-Identifier: Apache-2.0
"""weighbridge rulebook: which rules are in use, what a newer rulebook would change, load it, go back."""

import argparse
import datetime
import json
from pathlib import Path

from core.cli.target import open_project
from core.errors import BadAnswers
from core.recheck import Recheck, recheck
from core.reference import load_reference
from core.rules import RuleBook
from core.rules.updates import in_use, open_newer, own_shelf, read_limited, rule_changes
from core.texts import text


def run(arguments: argparse.Namespace, today: datetime.date) -> int:
    """Exit 0 done; 3 with the reason when a rulebook or a key is refused."""
    if arguments.action == "show":
        return _show(as_json=arguments.json)
    if arguments.action == "back":
        went = own_shelf().back()
        print(text("rulebook.said.back" if went else "rulebook.said.no_loaded"))
        return 0
    if not arguments.paths:
        raise BadAnswers(text("rulebook.said.no_file"), todo=text("rulebook.said.no_file_todo"))
    file, *releases = arguments.paths
    data = read_limited(Path(file))
    if arguments.action == "trust":
        key = own_shelf().trust(data)
        print(text("rulebook.said.trusted", holder=key.holder, key=key.id))
        return 0
    now = in_use(own_shelf()).book
    new = open_newer(data, own_shelf().trusted(), now)
    projects = [(path, open_project(path, arguments.answers, None)) for path in releases]
    checked = recheck(projects, now, new, reference=load_reference(), today=arguments.on or today)
    if arguments.json:
        print(json.dumps(_as_json(now, new, checked), indent=1, ensure_ascii=False))
    else:
        _tell(now, new, checked)
    if arguments.action == "load":
        own_shelf().load(data)
        if not arguments.json:
            print(text("rulebook.said.loaded", number=new.edition.number))
    return 0


def _show(*, as_json: bool) -> int:
    found = in_use(own_shelf())
    book = found.book
    if as_json:
        keys = [{"id": key.id, "holder": key.holder} for key in own_shelf().trusted()]
        data = {"format": 1, "loaded": found.loaded, "rulebook": _stamp(book), "keys": keys}
        print(json.dumps(data | {"problem": str(found.problem or "") or None}, indent=1, ensure_ascii=False))
        return 0
    origin = text("rulebook.said.from_file" if found.loaded else "rulebook.said.from_app")
    print(
        text(
            "rulebook.said.in_use",
            number=book.edition.number,
            made_on=book.edition.made_on.isoformat(),
            checked=book.checked_up_to.isoformat(),
            hash=book.hash[:12],
            origin=origin,
        )
    )
    for key in own_shelf().trusted():
        print(text("rulebook.said.key", holder=key.holder, key=key.id))
    if found.problem is not None:
        print(found.problem)
    return 0


def _tell(now: RuleBook, new: RuleBook, checked: tuple[Recheck, ...]) -> None:
    print(text("rulebook.said.editions", ours=now.edition.number, theirs=new.edition.number))
    for change in rule_changes(now, new):
        print(f"  {change.said}")
    for one in checked:
        if not one.differs:
            print(text("rulebook.said.same", name=one.name))
            continue
        print(
            text(
                "rulebook.said.look_again",
                name=one.name,
                before=one.headline_before,
                after=one.headline_after,
            )
        )
        for law in one.changes:
            before, after = law.headline_before, law.headline_after
            print("  " + text("rulebook.said.law", title=law.title, before=before, after=after))


def _as_json(now: RuleBook, new: RuleBook, checked: tuple[Recheck, ...]) -> dict[str, object]:
    return {
        "format": 1,
        "before": _stamp(now),
        "after": _stamp(new),
        "changes": [change.model_dump(mode="json") for change in rule_changes(now, new)],
        "releases": [one.model_dump(mode="json") | {"differs": one.differs} for one in checked],
    }


def _stamp(book: RuleBook) -> dict[str, object]:
    return {
        "edition": book.edition.number,
        "made_on": book.edition.made_on.isoformat(),
        "hash": book.hash,
        "checked_up_to": book.checked_up_to.isoformat(),
    }
