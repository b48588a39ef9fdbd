# SPDX-License-Identifier: Apache-2.0
"""One view: the person's answer wins over the file, and keeps its origin."""

import datetime

from core.domain.answers import Answers
from core.domain.fact import AnyFact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult

STATE = Origin(kind=OriginKind.FILE, file="trainer_state.json", key="global_step")


def _project(**answers: object) -> Project:
    scan = ScanResult(folder_name="run", facts=(AnyFact(name="steps", value=30, origin=STATE),))
    return Project(scan=scan, answers=Answers.model_validate(answers))


def test_a_file_speaks_when_nobody_answered() -> None:
    fact = Known(_project()).integer("steps")
    assert fact is not None
    assert fact.value == 30
    assert fact.origin.describe() == "trainer_state.json, global_step"


def test_an_answer_wins_and_says_so() -> None:
    fact = Known(_project(steps=31)).integer("steps")
    assert fact is not None
    assert (fact.value, fact.origin.kind) == (31, OriginKind.USER)


def test_dont_know_does_not_hide_what_a_file_says() -> None:
    known = Known(_project(dont_know=["steps"]))
    assert known.dont_know("steps")
    fact = known.integer("steps")
    assert fact is not None
    assert fact.value == 30


def test_unknown_is_none_never_zero() -> None:
    known = Known(Project())
    assert known.integer("steps") is None
    assert known.text("license") is None
    assert known.flag("monetised") is None
    assert known.strings("datasets") == ()


def test_values_of_another_kind_are_not_numbers() -> None:
    known = Known(Project(answers=Answers(with_demo=True, release_date=datetime.date(2026, 12, 1))))
    assert known.integer("with_demo") is None
    assert known.number("with_demo") is None
    date = known.text("release_date")
    assert date is not None
    assert date.value == "2026-12-01"


def test_numbers_are_finite_or_nothing() -> None:
    facts = tuple(
        AnyFact(name=name, value=value, origin=STATE)
        for name, value in (("loss", float("nan")), ("rate", float("inf")), ("huge", 10**400))
    )
    known = Known(Project(scan=ScanResult(folder_name="run", facts=facts)))
    assert known.number("loss") is None
    assert known.integer("rate") is None
    assert known.number("huge") is None
    huge = known.integer("huge")
    assert huge is not None
    assert huge.value == 10**400
