# SPDX-License-Identifier: Apache-2.0
"""A moved line changes exactly the verdicts it should."""

import datetime

from core.domain.answers import Answers
from core.domain.project import Project
from core.recheck import recheck
from core.reference import load_reference
from core.rules import load_rulebook
from core.rules.updates.pack import open_newer
from tests.unit.rules.updates.making import pair, signed, ten_times_higher

TODAY = datetime.date(2026, 11, 26)


def _project(flop: int | None, **answers: object) -> Project:
    said = {"origin": "from_scratch", "output_modalities": ["text"], "release_form": "open_weights"}
    given = {**said, "stated_flop": flop, **answers}
    return Project(answers=Answers.model_validate(given), by_hand=True)


PROJECTS = {
    "tiny": _project(10**20),
    "just under": _project(10**23 - 1),
    "on the old line": _project(10**23),
    "between": _project(5 * 10**23),
    "on the new line": _project(10**24),
    "over both": _project(10**24 + 10**23),
    "systemic": _project(2 * 10**25),
    "labels only": _project(5 * 10**23, output_modalities=["label"]),
    "unknown": _project(None),
}


def test_moving_the_eu_line_to_ten_to_the_24_changes_exactly_the_right_verdicts() -> None:
    new = open_newer(signed(ten_times_higher()), [pair()[1]], load_rulebook())
    found = recheck(PROJECTS.items(), load_rulebook(), new, reference=load_reference(), today=TODAY)
    outcomes = {
        one.name: [change for change in one.changes if change.before != change.after] for one in found
    }
    caught = {
        name for name, changes in outcomes.items() if any(c.instrument == "eu-ai-act-gpai" for c in changes)
    }
    assert caught == {"between", "on the new line"}
    others = {change.instrument for changes in outcomes.values() for change in changes}
    assert others == {"eu-ai-act-gpai"}
    assert next(one for one in found if one.name == "between").differs
    assert not next(one for one in found if one.name == "tiny").changes


def test_the_same_rulebook_changes_nothing() -> None:
    book = load_rulebook()
    for one in recheck(PROJECTS.items(), book, book, reference=load_reference(), today=TODAY):
        assert not one.differs
