# SPDX-License-Identifier: Apache-2.0
"""Every number is judged as it is typed: 1 on the way to 1e23, and 0. None of them stops the assessment."""

import datetime

import pytest
from pydantic import ValidationError

from core.assess import assess
from core.domain.answers import Answers
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook

FULL = {"origin": "fine_tune", "base_model": "owls/base", "parameters_total": 10**9, "tokens": 10**9, "training_method": "full"}  # fmt: skip
BASE = {"base_parameters": 10**9, "base_tokens": 10**9}
ON = datetime.date(2026, 11, 23)
NUMBERS = [
    name
    for name, field in Answers.model_fields.items()
    if any(word in str(field.annotation) for word in ("int", "float"))
    and "Literal" not in str(field.annotation)
]


def test_there_are_numbers() -> None:
    assert {"base_flop", "tokens", "hours", "annual_revenue_usd"} <= set(NUMBERS)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_half_typed(name: str) -> None:
    for value in (0, 1, 2):
        for said in ({}, BASE):
            try:
                answers = Answers.model_validate({**FULL, **said, name: value})
            except ValidationError:  # refused with words beside its field
                continue
            project = Project(answers=answers, by_hand=True)
            result = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=ON)
            assert result.findings


def test_a_base_of_next_to_nothing_leaves_a_line_that_is_crossed() -> None:
    answers = Answers.model_validate({**FULL, "base_flop": 2})
    result = assess(
        Project(answers=answers, by_hand=True), rulebook=load_rulebook(), reference=load_reference(), today=ON
    )
    bars = [line for one in result.findings for line in one.lines if line.id == "eu.modification_bar"]
    assert bars
    assert all(line.crossed and line.value == 1 and line.distance for line in bars)
