# SPDX-License-Identifier: Apache-2.0
"""Answers: "I do not know" is an answer, unknown fields are refused, changes are validated."""

import pytest
from pydantic import ValidationError

from core.domain.answers import Answers


def test_the_word_unknown_becomes_dont_know() -> None:
    answers = Answers.model_validate({"steps": "unknown", "tokens": 7})
    assert answers.dont_know == ("steps",)
    assert answers.steps is None
    assert answers.tokens == 7


def test_answering_takes_dont_know_back() -> None:
    answers = Answers().with_dont_know("steps").with_answer("steps", 3)
    assert answers.steps == 3
    assert answers.dont_know == ()


def test_dont_know_clears_the_answer() -> None:
    answers = Answers(steps=3).with_dont_know("steps")
    assert answers.steps is None
    assert answers.dont_know == ("steps",)


@pytest.mark.parametrize(
    "data",
    [
        {"stepz": 3},
        {"steps": -1},
        {"steps": 3, "dont_know": ["steps"]},
        {"dont_know": ["no such question"]},
        {"origin": "stolen"},
        {"utilisation": 1.5},
        {"pue": 0.9},
        {"hours": 0},
    ],
)
def test_what_does_not_fit_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Answers.model_validate(data)


def test_replace_validates() -> None:
    with pytest.raises(ValidationError):
        Answers().replace(steps=-1)
