# SPDX-License-Identifier: Apache-2.0
"""The door: the Guidelines' eight models, a model described by hand, and what must hold for any answers."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate, Quantity
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference


def weighed(**answers: Any) -> Footprint:
    return weigh(Known(Project(answers=Answers.model_validate(answers))), load_reference())


A100, H100 = 300 * 10**12, 989 * 10**12
ANNEX = {
    "A": ({"parameters_total": 3_800_000_000, "tokens": 3_300_000_000_000}, 75 * 10**21),
    "B": (
        {
            "parameters_total": 10**9,
            "device_count": 1000,
            "hours": 200,
            "device_peak_flops": A100,
            "utilisation": 0.5,
            "output_modalities": ["image"],
        },
        108 * 10**21,  # printed as 1e23, one digit
    ),
    "C": ({"parameters_total": 600_000_000, "tokens": 36 * 10**12}, 130 * 10**21),
    "D": ({"parameters_total": 1_540_000_000, "tokens": 18 * 10**12}, 166_300 * 10**18),
    "E": ({"parameters_total": 1_700_000_000, "tokens": 36 * 10**12}, 370 * 10**21),
    "F": ({"parameters_total": 2_500_000_000, "tokens": 12 * 10**12}, 180 * 10**21),
    "G": ({"parameters_total": 2_600_000_000, "tokens": 61 * 10**9 * 164}, 156 * 10**21),
    "H": (
        {
            "parameters_total": 10**9,
            "device_count": 370,
            "hours": 1000,
            "device_peak_flops": H100,
            "utilisation": 0.5,
        },
        650 * 10**21,
    ),
}
"""Commission Guidelines on general-purpose AI models, annex A.3."""


@pytest.mark.parametrize("name", ANNEX)
def test_annex_a3(name: str) -> None:
    answers, printed = ANNEX[name]
    footprint = weighed(origin="from_scratch", **answers)
    for account in (footprint.accounts.own, footprint.accounts.direct, footprint.accounts.cumulative):
        assert account is not None
        assert account.central == pytest.approx(printed, rel=0.05)
    assert footprint.accounts.base is None


def test_described_by_hand_is_six_n_d_to_the_digit() -> None:
    own = weighed(parameters_total=1_234_567_891, tokens=9_876_543_211, epochs=1).accounts.own
    assert own is not None
    assert own.central == 6 * 1_234_567_891 * 9_876_543_211
    assert own.low == own.central
    assert own.high == pytest.approx(1.2 * own.central)
    assert own.steps[-1].expression == "6 × 1,234,567,891 × 9,876,543,211"


def test_nothing_known_is_still_a_footprint() -> None:
    everything = [name for name in Answers.model_fields if name != "dont_know"]
    for footprint in (weighed(), weighed(dont_know=everything)):
        assert footprint.accounts.own is None
        assert footprint.accounts.cumulative is None
        assert footprint.energy is None
        assert footprint.parameters is None
        operations, hardware, recorded = footprint.witnesses
        assert operations.missing == ("parameters_total", "tokens")
        assert hardware.missing == ("hardware", "hours")
        assert recorded.raw is None
        assert footprint.agreement


def test_home_lora_of_an_8b_llama() -> None:
    """No folder at all: the base's row gives the layer sizes, the answers the rest."""
    footprint = weighed(
        base_model="unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit",
        training_method="qlora",
        lora_rank=16,
        samples=10_000,
        sequence_length=1024,
        hardware="nvidia-rtx-4090",
        hours=3,
        grid_g_per_kwh=300,
    )
    accounts = footprint.accounts
    assert footprint.parameters is not None
    assert footprint.parameters.total == pytest.approx(8.07e9, rel=0.01)
    assert footprint.parameters.trainable == 41_943_040  # rank 16 on all linear layers of Llama 3 8B
    assert accounts.own is not None
    # 4N per token with the frozen base, and attention on top (measured: 2.0 to 2.2 times the forward pass).
    tokens = 10_000 * 1024
    assert 4 * 7.5e9 * tokens < accounts.own.central < 4.6 * 8.03e9 * tokens
    assert accounts.base is not None
    assert accounts.base.central == 723 * 10**21
    assert accounts.cumulative is not None
    assert accounts.cumulative.central == accounts.base.central + accounts.own.central
    assert accounts.hardware_own is not None
    assert accounts.hardware_own.central > 1.3 * accounts.own.central
    assert footprint.energy is not None
    assert footprint.co2 is not None
    assert any("copy" in note or "no row" in note for note in accounts.base.assumptions)


def test_unknown_base_leaves_the_sum_open() -> None:
    footprint = weighed(origin="fine_tune", base_model="nobody/secret", parameters_total=10**9, tokens=10**9)
    assert footprint.accounts.own is not None
    assert footprint.accounts.base is None
    assert footprint.accounts.cumulative is None
    assert any("base model is not known" in warning for warning in footprint.warnings)


def test_explanation_follows_the_accounts() -> None:
    footprint = weighed(base_model="meta-llama/Llama-3.1-8B", parameters_total=8 * 10**9, tokens=10**9)
    labels = [line.label for line in footprint.explain]
    assert labels[-1] == "Added up"
    assert len(labels) == len(set(labels))


counts = st.one_of(st.none(), st.integers(0, 10**13))
positive = st.one_of(st.none(), st.floats(1e-3, 1e6))
answers_strategy = st.fixed_dictionaries(
    {},
    optional={
        "parameters_total": counts,
        "parameters_active": counts,
        "parameters_trainable": counts,
        "tokens": counts,
        "samples": counts,
        "sequence_length": st.integers(0, 10**6),
        "steps": counts,
        "global_batch": st.integers(0, 10**5),
        "batch_per_device": st.integers(0, 1000),
        "gradient_accumulation": st.integers(0, 1000),
        "world_size": st.integers(0, 1000),
        "hours": positive,
        "device_count": st.integers(0, 10**5),
        "device_peak_flops": st.integers(0, 10**16),
        "utilisation": st.floats(0.01, 1),
        "hardware": st.sampled_from(
            ["nvidia-rtx-4090", "nvidia-h100-sxm5-80gb", "apple-m5", "no such thing"]
        ),
        "training_method": st.sampled_from(
            ["full", "lora", "qlora", "dora", "frozen_partial", "prompt_tuning"]
        ),
        "training_stage": st.sampled_from(
            ["pretraining", "sft", "dpo", "orpo", "cpo", "kto", "grpo", "rloo", "ppo", "reward", "other"]
        ),
        "origin": st.sampled_from(
            ["from_scratch", "fine_tune", "continued_pretraining", "merge", "conversion"]
        ),
        "base_model": st.sampled_from(["meta-llama/Llama-3.1-8B", "gpt2", "x/y", "Qwen/Qwen3-30B-A3B-Base"]),
        "base_flop": counts,
        "base_parameters": counts,
        "base_tokens": counts,
        "synthetic_data": st.sampled_from(["none", "public", "private"]),
        "synthetic_flop": counts,
        "gradient_checkpointing": st.booleans(),
        "device_watts": positive,
        "pue": st.floats(1, 3),
        "energy_kwh": positive,
        "grid_g_per_kwh": st.floats(0, 1000),
        "precision": st.sampled_from(["fp32", "bf16", "int4"]),
        "lora_rank": st.integers(0, 512),
    },
)


@settings(max_examples=150, deadline=None)
@given(answers_strategy)
def test_any_answers_give_ordered_ranges_and_accounts_that_add_up(answers: dict[str, Any]) -> None:
    footprint = weighed(**answers)
    accounts = footprint.accounts
    found: list[FlopEstimate | Quantity | None] = [
        *(getattr(accounts, name) for name in type(accounts).model_fields),
        *(witness.estimate for witness in footprint.witnesses),
        footprint.energy,
        footprint.co2,
    ]
    for estimate in found:
        if estimate is not None:
            assert 0 <= estimate.low <= estimate.central <= estimate.high
    if accounts.own is not None and accounts.direct is not None:
        assert accounts.direct.central <= accounts.own.central
    if accounts.own is not None and accounts.hardware_own is not None:
        assert accounts.hardware_own.central >= accounts.own.central
    if accounts.cumulative is not None:
        assert accounts.own is not None
        synthetic = answers.get("synthetic_flop") or 0
        if answers.get("synthetic_data") in ("none", "public"):
            synthetic = 0
        base = accounts.base.central if accounts.base is not None else 0
        own = accounts.own.central
        if answers.get("training_stage") == "ppo":
            # The value model is auxiliary: its training counts nothing here (annex, point 119).
            operations = next(one.estimate for one in footprint.witnesses if one.id == "operations")
            if operations is not None:
                # Four passes: 8 + 4 x 12 N for each token written, of which 2 + 4 x 6 are the value model's.
                # The share is taken from whole operations, which a run of one token has few of.
                whole = 1 / max(operations.central, 1)
                counted = accounts.cumulative.central - base - synthetic
                assert counted == pytest.approx(own * 30 / 56, rel=whole, abs=2)
                own = accounts.cumulative.central - base - synthetic
        assert accounts.cumulative.central == base + own + synthetic
    if accounts.own is None:
        assert not any(witness.estimate for witness in footprint.witnesses)
    if footprint.co2 is not None:
        assert "grid_g_per_kwh" in answers


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 10**12),
    st.integers(1, 10**12),
    st.sampled_from(["full", "lora", "frozen_partial", "prompt_tuning"]),
    st.sampled_from([None, "gpt2", "meta-llama/Llama-3.1-8B"]),
)
def test_more_tokens_are_never_less_work(one: int, other: int, method: str, base: str | None) -> None:
    fewer, more = sorted((one, other))
    given_answers: dict[str, Any] = {"parameters_total": 10**9, "training_method": method, "base_model": base}
    less, much = (weighed(**given_answers, tokens=tokens).accounts.own for tokens in (fewer, more))
    assert less is not None
    assert much is not None
    assert less.central <= much.central
    assert less.high <= much.high
