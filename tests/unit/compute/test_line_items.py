# SPDX-License-Identifier: Apache-2.0
"""Every line of the accounts, counted or not, with the point of the Guidelines (annex A.1)."""

from typing import Any

import pytest

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.footprint import Footprint, LineItem, counted_word
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference

B = 10**9
ALL: dict[str, Any] = {
    "parameters_total": B,
    "origin": "fine_tune",
    "base_flop": 10**22,
    "stages": [
        {"kind": "synthetic", "helper_parameters": 70 * B, "generated": 10**9},
        {"kind": "sft", "tokens": 10**9},
        {"kind": "reward", "tokens": 10**8},
        {"kind": "ppo", "generated": 10**8, "passes": 1},
        {"kind": "distillation", "tokens": 10**8, "helper_parameters": 70 * B},
    ],
}


def weighed(**answers: Any) -> Footprint:
    return weigh(Known(Project(answers=Answers.model_validate(answers))), load_reference())


def items(footprint: Footprint) -> dict[str, LineItem]:
    return {one.key: one for one in footprint.items}


def test_lines_add_up_to_the_accounts() -> None:
    footprint = weighed(**ALL)
    accounts, lines = footprint.accounts, footprint.items
    assert accounts.own is not None
    assert accounts.direct is not None
    assert accounts.cumulative is not None
    flop = {one.key: one.flop or 0 for one in lines}
    own = flop["updates"] + flop["served"] + flop["auxiliary"]
    assert own == accounts.own.central
    counted = [one for one in lines if one.cumulative]
    assert sum(one.flop or 0 for one in counted) == pytest.approx(accounts.cumulative.central, rel=1e-9)
    direct = [one for one in lines if one.direct]
    assert sum(one.flop or 0 for one in direct) == pytest.approx(accounts.direct.central, rel=1e-9)


@pytest.mark.parametrize(
    ("key", "word", "points"),
    [
        ("updates", "both", "115, 116"),
        ("served", "cumulative", "115, 117"),
        ("auxiliary", "none", "119"),
        ("synthetic", "cumulative", "115, 117"),
        ("base", "cumulative", "118"),
        ("teacher", "none", "119"),
        ("checks", "none", "119"),
    ],
)
def test_each_line_names_its_point(key: str, word: str, points: str) -> None:
    line = items(weighed(**ALL))[key]
    assert counted_word(line) == word
    assert line.points == points


def test_both_readings_are_shown_where_the_text_is_silent() -> None:
    line = items(weighed(**ALL))["served"]
    assert line.direct is None
    assert "Read the other way" in line.why


def test_public_data_and_recomputation_do_not_count() -> None:
    public = items(weighed(parameters_total=B, tokens=B, synthetic_data="public", origin="from_scratch"))
    assert public["public"].flop is None
    assert not public["public"].cumulative
    found = items(weighed(parameters_total=B, tokens=B, gradient_checkpointing=True))
    assert found["recompute"].flop == 2 * B * B
    assert counted_word(found["recompute"]) == "none"


def test_the_formula_by_its_letter_stands_beside_an_adapter() -> None:
    found = items(weighed(parameters_total=B, parameters_trainable=10**7, tokens=B, training_method="lora"))
    assert found["formula"].flop == 6 * B * B
    assert found["updates"].flop == (4 * (B - 10**7) + 6 * 10**7) * B
    assert counted_word(found["formula"]) == "open"


def test_nothing_known_gives_no_lines() -> None:
    assert weighed().items == ()
