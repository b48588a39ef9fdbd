# SPDX-License-Identifier: Apache-2.0
"""Own, base, direct, cumulative: Commission Guidelines, annex points 115 to 119."""

from typing import Any

import pytest

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference

SIZE, TOKENS = 8 * 10**9, 10**9
OWN = 6 * SIZE * TOKENS


def weighed(**answers: Any) -> Footprint:
    given: dict[str, Any] = {"parameters_total": SIZE, "tokens": TOKENS}
    return weigh(Known(Project(answers=Answers.model_validate(given | answers))), load_reference())


def centrals(footprint: Footprint) -> dict[str, int | None]:
    accounts = footprint.accounts
    names = ("own", "base", "direct", "cumulative", "hardware_own")
    return {name: getattr(getattr(accounts, name), "central", None) for name in names}


def test_from_scratch_is_its_own_everything() -> None:
    found = centrals(weighed(origin="from_scratch"))
    assert found == {"own": OWN, "base": None, "direct": OWN, "cumulative": OWN, "hardware_own": None}


def test_a_base_you_know_is_added() -> None:
    found = centrals(weighed(origin="fine_tune", base_flop=10**23))
    assert (found["base"], found["direct"], found["cumulative"]) == (10**23, OWN, 10**23 + OWN)


def test_base_from_parameters_and_tokens() -> None:
    found = centrals(weighed(origin="fine_tune", base_parameters=SIZE, base_tokens=10**12))
    assert found["base"] == 6 * SIZE * 10**12


def test_what_the_person_says_beats_the_table() -> None:
    assert centrals(weighed(base_model="meta-llama/Llama-3.1-8B"))["base"] == 723 * 10**21
    assert centrals(weighed(base_model="meta-llama/Llama-3.1-8B", base_flop=10**24))["base"] == 10**24


def test_half_of_what_a_base_took_does_not_replace_the_table() -> None:
    named = {"base_model": "meta-llama/Llama-3.1-8B"}
    assert centrals(weighed(**named, base_parameters=SIZE))["base"] == 723 * 10**21
    assert centrals(weighed(**named, base_tokens=10**12))["base"] == 723 * 10**21
    assert centrals(weighed(**named, base_parameters=SIZE, base_tokens=10**12))["base"] == 6 * SIZE * 10**12


def test_row_from_memory_tells_its_doubt() -> None:
    base = weighed(base_model="Qwen/Qwen2.5-7B").accounts.base
    assert base is not None
    assert (base.low, base.central, base.high) == (658 * 10**21, 823 * 10**21, 123 * 10**22)
    assert any("from memory" in note for note in base.assumptions)
    verified = weighed(base_model="meta-llama/Llama-3.1-8B").accounts.base
    assert verified is not None
    assert not any("from memory" in note for note in verified.assumptions)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "started from another one"),
        ({"origin": "fine_tune"}, "The base model is not named"),
        ({"origin": "fine_tune", "base_model": "x/y"}, "base model is not known"),
        ({"origin": "merge", "base_model": "meta-llama/Llama-3.1-8B"}, "every parent"),
    ],
)
def test_unknown_base_leaves_the_sum_unknown(answers: dict[str, Any], words: str) -> None:
    footprint = weighed(**answers)
    found = centrals(footprint)
    assert found["base"] is None
    assert found["cumulative"] is None
    assert found["own"] is not None
    assert any(words in warning for warning in footprint.warnings)


def test_synthetic_data() -> None:
    """Private data adds to the cumulative account only; public data adds nothing."""
    private = centrals(weighed(origin="from_scratch", synthetic_data="private", synthetic_flop=10**22))
    assert private["cumulative"] == OWN + 10**22
    assert private["direct"] == OWN
    public = centrals(weighed(origin="from_scratch", synthetic_data="public", synthetic_flop=10**22))
    assert public["cumulative"] == OWN
    unknown = weighed(origin="from_scratch", synthetic_data="private")
    assert any("synthetic" in warning for warning in unknown.warnings)


def test_a_merge_trains_nothing() -> None:
    footprint = weighed(origin="merge", tokens=None, base_flop=10**24)
    assert footprint.accounts.own is not None
    assert footprint.accounts.own.central == 0
    assert centrals(footprint)["cumulative"] == 10**24


def test_recomputation_is_hardware_work_and_never_own() -> None:
    plain, again = weighed(gradient_checkpointing=False), weighed(gradient_checkpointing=True)
    assert centrals(plain)["hardware_own"] == OWN
    assert centrals(again)["own"] == OWN
    assert centrals(again)["hardware_own"] == pytest.approx(OWN * 4 / 3, rel=1e-6)
    frozen = weighed(gradient_checkpointing=True, training_method="lora", parameters_trainable=10**6)
    found = centrals(frozen)
    assert found["own"] is not None
    assert found["hardware_own"] == pytest.approx(found["own"] * 1.5, rel=1e-6)
