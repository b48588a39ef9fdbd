# SPDX-License-Identifier: Apache-2.0
"""What an unchanging object keeps: once for each argument, for this object alone, and never what was refused."""

import datetime

import pytest

from core.domain.base import Frozen
from core.domain.kept import kept
from core.rules import load_rulebook
from core.rules.rulebook import DAYS_KEPT

DAY = datetime.date(2026, 11, 27)


class Counted(Frozen):
    start: int

    @kept
    def plus(self, *more: int) -> list[int]:
        if not more:
            raise ValueError("nothing to add")
        return [self.start, *more]


def test_an_answer_is_worked_out_once_for_each_argument() -> None:
    one = Counted(start=1)
    assert one.plus(2) is one.plus(2)
    assert one.plus(3) == [1, 3]


def test_a_copy_with_changes_keeps_nothing_of_the_old() -> None:
    one = Counted(start=1)
    one.plus(2)
    assert one.replace(start=5).plus(2) == [5, 2]


def test_a_refusal_is_not_kept_and_equal_objects_stay_equal() -> None:
    one = Counted(start=1)
    for _ in range(2):
        with pytest.raises(ValueError, match="nothing"):
            one.plus()
    one.plus(2)
    assert one == Counted(start=1)
    assert one.model_dump() == {"start": 1}


def test_the_rules_of_a_day_are_made_once_and_few_days_are_kept() -> None:
    book = load_rulebook()
    rules = book.at(DAY)
    assert book.at(DAY) is rules
    assert rules.threshold("eu.ai_act.gpai_indicator") is rules.threshold("eu.ai_act.gpai_indicator")
    for later in range(2 * DAYS_KEPT):
        book.at(DAY + datetime.timedelta(days=later))
    assert len(book._days) <= DAYS_KEPT
    assert book.at(DAY).on == DAY


def test_a_changed_line_is_not_answered_from_what_was_kept() -> None:
    book = load_rulebook()
    name = "eu.ai_act.gpai_indicator"
    before = book.at(DAY).threshold(name).value
    parameter = book.parameters[name]
    values = tuple(one.replace(value="10^9") for one in parameter.values)
    changed = book.replace(parameters={**book.parameters, name: parameter.replace(values=values)})
    assert (changed.at(DAY).threshold(name).value, book.at(DAY).threshold(name).value) == (10**9, before)
