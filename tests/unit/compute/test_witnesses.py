# SPDX-License-Identifier: Apache-2.0
"""Each witness by itself: what it takes, what it lacks, which error it names."""

import math
from typing import Any

import pytest
from pydantic import JsonValue

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Footprint, Witness
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

LLAMA: dict[str, JsonValue] = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
    "tie_word_embeddings": True,
}
"""Llama 3.2 1B: 1,235,814,400 parameters."""
SIZE, EMBEDDING = 1_235_814_400, 128256 * 2048
PER_TOKEN = 6 * (SIZE - 33 * 2048)
"""Every parameter but the 33 norms takes part in matrix products; the tied head makes up for the embedding."""


def attention(length: int) -> int:
    return 12 * 16 * 2048 * length


def weighed(
    found: dict[str, Any] | None = None, keys: dict[str, str] | None = None, **answers: Any
) -> Footprint:
    facts = tuple(
        Fact[JsonValue](
            name=name,
            value=value,
            origin=Origin(kind=OriginKind.FILE, file="trainer_state.json", key=(keys or {}).get(name, name)),
        )
        for name, value in (found or {}).items()
    )
    scan = ScanResult(folder_name="x", facts=facts) if facts else None
    return weigh(Known(Project(scan=scan, answers=Answers.model_validate(answers))), load_reference())


def one(footprint: Footprint, name: str) -> Witness:
    return next(witness for witness in footprint.witnesses if witness.id == name)


def central(footprint: Footprint, name: str = "operations") -> int:
    estimate = one(footprint, name).estimate
    assert estimate is not None
    return estimate.central


# --- operations: how much data


def test_sequences_times_length_is_exact() -> None:
    footprint = weighed({"config": LLAMA}, samples=1000, sequence_length=2048)
    assert central(footprint) == 1000 * 2048 * (PER_TOKEN + attention(2048))
    estimate = one(footprint, "operations").estimate
    assert estimate is not None
    assert estimate.low == pytest.approx(0.95 * estimate.central)
    assert estimate.high == pytest.approx(1.05 * estimate.central)


def test_a_rough_witness_that_agrees_does_not_move_an_exact_count() -> None:
    """6.2e19 FLOP in 450 hours of a 4090 at a usual share: both agree, the count stays."""
    counted = weighed({"config": LLAMA}, samples=4_000_000, sequence_length=2048)
    both = weighed(
        {"config": LLAMA}, samples=4_000_000, sequence_length=2048, hardware="nvidia-rtx-4090", hours=450
    )
    estimate = one(both, "hardware").estimate
    assert estimate is not None
    assert estimate.low < central(both) < estimate.high
    assert both.accounts.own == counted.accounts.own
    assert not one(both, "hardware").used
    assert "do not change it" in both.agreement


def test_uneven_lengths_are_split_into_whole_ones() -> None:
    footprint = weighed({"config": LLAMA}, samples=3, tokens=1000)
    lengths = (333, 333, 334)
    assert central(footprint) == sum(length * (PER_TOKEN + attention(length)) for length in lengths)
    estimate = one(footprint, "operations").estimate
    assert estimate is not None
    assert estimate.high > 1.05 * estimate.central


def test_tokens_alone_take_an_assumed_length_and_a_wider_range() -> None:
    estimate = one(weighed({"config": LLAMA}, tokens=10**9), "operations").estimate
    assert estimate is not None
    assert estimate.central == pytest.approx(10**9 * (PER_TOKEN + attention(1024)), rel=1e-3)
    assert estimate.low == pytest.approx(0.95 * 10**9 * PER_TOKEN, rel=1e-3)
    assert estimate.high > 10**9 * (PER_TOKEN + attention(3000))
    assert any("1024 tokens" in note for note in estimate.assumptions)


def test_answer_beats_log_beats_steps() -> None:
    log = {"config": LLAMA, "tokens_recorded": 4_096_000, "steps": 10, "global_batch": 8}
    said = weighed(log, tokens=2_048_000, sequence_length=1024)
    logged = weighed(log, sequence_length=1024)
    assert central(logged) > 1.9 * central(said)


def test_batch_from_logged_speed() -> None:
    """52.305 / 6.538 is 8: the log's own rounding is taken into account, and multiples of the device's batch win."""
    log = {"steps": 30, "samples_per_second": 52.305, "steps_per_second": 6.538, "batch_per_device": 4}
    footprint = weighed({"config": LLAMA, **log}, sequence_length=32)
    assert central(footprint) == 240 * 32 * (PER_TOKEN + attention(32))
    rounded = {"steps": 1000, "samples_per_second": 14.427, "steps_per_second": 0.128, "batch_per_device": 8}
    footprint = weighed({"config": LLAMA, **rounded}, sequence_length=32)
    assert central(footprint) == 112_000 * 32 * (PER_TOKEN + attention(32))


def test_a_maximal_length_from_a_file_may_be_mostly_padding_that_was_never_there() -> None:
    log = {"config": LLAMA, "steps": 100, "global_batch": 8, "sequence_length": 2048}
    estimate = one(weighed(log), "operations").estimate
    assert estimate is not None
    assert estimate.low < 0.4 * estimate.central
    assert any("longest allowed" in note for note in estimate.assumptions)


def test_trl_tokens_leave_padding_out() -> None:
    keys = {"tokens_recorded": "log_history.num_tokens"}
    log = {"config": LLAMA, "tokens_recorded": 600_000}
    padded = weighed(log, keys, samples=1000, sequence_length=1024)
    assert central(padded) == 1000 * 1024 * (PER_TOKEN + attention(1024))


@pytest.mark.parametrize(
    ("more", "most"),
    [
        ({"batch_per_device": 1}, 1.0),
        ({"batch_per_device": 2}, 1.5),
        ({"batch_per_device": 4}, 25 / 12),
        ({}, 761 / 280),  # eight, the Trainer's default
        ({"hyperparameters": {"packing": True}}, 1.0),
        ({"hyperparameters": {"padding_free": True}}, 1.0),
        ({"hyperparameters": {"packing": False}}, 761 / 280),
    ],
)
def test_padding_is_bounded_by_how_many_texts_stand_together(more: dict[str, Any], most: float) -> None:
    """The longest of b lengths that spread like an exponential distribution is 1 + 1/2 + ... + 1/b means."""
    log = {"config": LLAMA, "tokens_recorded": 600_000, "training_tool": "x", **more}
    found = one(weighed(log, {"tokens_recorded": "log_history.num_tokens"}), "operations").estimate
    plain = one(weighed({"config": LLAMA, "tokens": 600_000, "training_tool": "x"}), "operations").estimate
    assert found is not None
    assert plain is not None
    assert found.high / found.central == pytest.approx(most * plain.high / plain.central, rel=1e-6)
    assert any("padding" in note for note in found.assumptions) is (most > 1)


def test_pairs_hold_two_sequences() -> None:
    log = {"config": LLAMA, "steps": 10, "global_batch": 8}
    sft = weighed(log, training_stage="sft", sequence_length=512)
    orpo = weighed(log, training_stage="orpo", sequence_length=512)
    dpo = weighed(log, training_stage="dpo", sequence_length=512)
    assert central(orpo) == 2 * central(sft)
    assert central(dpo) == central(orpo) * 4 // 3


# --- operations: without a configuration


@pytest.mark.parametrize(
    ("size", "low", "high"), [(10**9, 1.0, 1.2), (7 * 10**8, 0.95, 1.4), (10**8, 0.95, 1.55)]
)
def test_six_n_d_and_its_error(size: int, low: float, high: float) -> None:
    """Compute methods, section 8: -0/+20 % for large models, -5/+55 % below half a billion."""
    estimate = one(weighed(parameters_total=size, tokens=10**6, epochs=1), "operations").estimate
    assert estimate is not None
    assert estimate.central == 6 * size * 10**6
    assert estimate.low == pytest.approx(low * estimate.central)
    assert estimate.high == pytest.approx(high * estimate.central)


def test_frozen_base_counts_four_n() -> None:
    footprint = weighed(
        parameters_total=7 * 10**9, parameters_trainable=10**7, training_method="lora", tokens=10**6
    )
    assert central(footprint) == (4 * (7 * 10**9 - 10**7) + 6 * 10**7) * 10**6


def test_adapter_file_and_base_size_make_the_whole_model() -> None:
    found = {"parameters_stored": 13_631_488, "adapter_config": {"peft_type": "LORA", "r": 16}}
    footprint = weighed(found, base_parameters=8_030_261_248, tokens=10**6)
    assert footprint.parameters is not None
    assert footprint.parameters.total == 8_030_261_248 + 13_631_488
    assert footprint.parameters.trainable == 13_631_488
    assert _places(footprint) == ("base_parameters", "parameters_stored")
    assert central(footprint) == (4 * 8_030_261_248 + 6 * 13_631_488) * 10**6


def _places(footprint: Footprint) -> tuple[str | None, str | None]:
    """The facts that the total and the trained parameters rest on."""
    count = footprint.parameters
    assert count is not None
    return count.origin and count.origin.name, count.trainable_origin and count.trainable_origin.name


LORA = {"peft_type": "LORA", "r": 8, "target_modules": ["q_proj"]}


@pytest.mark.parametrize(
    ("found", "said", "places"),
    [
        ({"config": LLAMA}, {}, ("parameters_total", "parameters_total")),
        ({"config": LLAMA, "parameters_stored": SIZE}, {}, ("parameters_stored", "parameters_stored")),
        ({"config": LLAMA}, {"parameters_trainable": 10**6}, ("parameters_total", "parameters_trainable")),
        (
            {"base_config": LLAMA, "adapter_config": LORA, "parameters_stored": 10**6},
            {},
            ("parameters_total", "parameters_stored"),
        ),
        (
            {"base_config": LLAMA, "adapter_config": LORA},
            {"parameters_trainable": 10**6},
            ("parameters_total", "parameters_trainable"),
        ),
    ],
)
def test_each_count_tells_the_fact_it_rests_on(
    found: dict[str, Any], said: dict[str, Any], places: tuple[str, str]
) -> None:
    assert _places(weighed(found, samples=10, sequence_length=10, **said)) == places


def test_mixture_of_experts_counts_active_parameters() -> None:
    footprint = weighed(parameters_total=47 * 10**9, parameters_active=13 * 10**9, tokens=10**6)
    assert central(footprint) == 6 * 13 * 10**9 * 10**6


@pytest.mark.parametrize("stage", ["kto", "grpo", "ppo", "other"])
def test_other_stages_have_a_wide_range_and_say_so(stage: str) -> None:
    plain = weighed(parameters_total=10**9, tokens=10**6)
    footprint = weighed(parameters_total=10**9, tokens=10**6, training_stage=stage)
    estimate = one(footprint, "operations").estimate
    assert estimate is not None
    assert estimate.central >= central(plain)
    assert estimate.high >= 1.4 * estimate.central
    assert any(stage.upper() in note for note in estimate.assumptions)
    direct = footprint.accounts.direct
    assert direct is not None
    # PPO passes four times over what it wrote, when nothing says otherwise.
    assert direct.central == pytest.approx((4 if stage == "ppo" else 1) * central(plain), rel=1e-6)


@pytest.mark.parametrize(("passes", "own", "direct", "cumulative"), [(1, 20, 6, 12), (2, 32, 12, 18)])
def test_passes_of_ppo_are_read_from_the_trainers_settings(
    passes: int, own: int, direct: int, cumulative: int
) -> None:
    """8 N for writing and scoring, 12 N for each pass; the value model's part is left out of the cumulative account."""
    log = {"hyperparameters": {"num_ppo_epochs": passes}, "parameters_total": 10**9, "tokens": 10**6}
    accounts = weighed(log, training_stage="ppo", origin="from_scratch").accounts
    assert accounts.own is not None
    assert accounts.direct is not None
    assert accounts.cumulative is not None
    found = (accounts.own.central, accounts.direct.central, accounts.cumulative.central)
    assert found == pytest.approx((own * 10**15, direct * 10**15, cumulative * 10**15), rel=1e-6)
    assert accounts.own.high == pytest.approx(1.4 * 1.2 * accounts.own.central, rel=1e-6)


def test_header_and_table_that_differ_are_reported() -> None:
    footprint = weighed({"config": LLAMA, "parameters_stored": SIZE * 2}, samples=10, sequence_length=10)
    assert footprint.parameters is not None
    assert footprint.parameters.total == SIZE * 2
    assert any("weight files hold 2,471,628,800" in warning for warning in footprint.warnings)
    same = weighed({"config": LLAMA, "parameters_stored": SIZE}, samples=10, sequence_length=10)
    assert not any("weight files" in warning for warning in same.warnings)


def test_packed_weights_do_not_shrink_the_model() -> None:
    """Four-bit weights are stored two to a byte: the header's element count is not the parameter count."""
    found = {
        "config": LLAMA,
        "parameters_stored": SIZE // 2,
        "quantization": {"quant_method": "bitsandbytes"},
    }
    footprint = weighed(found, samples=10, sequence_length=10)
    assert footprint.parameters is not None
    assert footprint.parameters.total == SIZE


# --- hardware


def test_hardware_is_devices_hours_peak_and_share() -> None:
    footprint = weighed(hardware="nvidia-h100-sxm5-80gb", hours=10, device_count=8, utilisation=0.4)
    assert central(footprint, "hardware") == 8 * 36_000 * 989_400_000_000_000 * 4 // 10


def test_precision_the_person_names_picks_the_peak() -> None:
    half = weighed(hardware="nvidia-rtx-4090", hours=1, device_count=1, utilisation=0.5)
    full = weighed(hardware="nvidia-rtx-4090", hours=1, device_count=1, utilisation=0.5, precision="fp32")
    assert central(half, "hardware") == pytest.approx(2 * central(full, "hardware"), rel=1e-3)
    stored = weighed(
        {"precision": "fp32"}, hardware="nvidia-rtx-4090", hours=1, device_count=1, utilisation=0.5
    )
    assert central(stored, "hardware") == central(half, "hardware")


def test_hours_come_from_the_log_when_nobody_says() -> None:
    footprint = weighed(
        {"train_runtime_seconds": 7200.0}, hardware="nvidia-l4", world_size=2, utilisation=0.5
    )
    assert central(footprint, "hardware") == 2 * 7200 * 121_200_000_000_000 // 2


def test_default_share_is_stated_with_its_spread() -> None:
    estimate = one(weighed({"config": LLAMA}, hardware="nvidia-rtx-4090", hours=1), "hardware").estimate
    assert estimate is not None
    assert any("0.25 (0.08 to 0.45)" in note for note in estimate.assumptions)
    assert estimate.low == pytest.approx(estimate.central * 0.08 / 0.25)
    assert estimate.high == pytest.approx(estimate.central * 0.45 / 0.25)


# --- recorded by the Trainer


def test_full_repair_adds_attention_and_the_tied_head() -> None:
    tokens = 1000 * 2048
    raw = 6 * (SIZE - EMBEDDING) * tokens
    footprint = weighed({"config": LLAMA, "recorded_flos": float(raw)}, samples=1000)
    witness = one(footprint, "recorded")
    assert witness.raw == raw
    assert central(footprint, "recorded") == tokens * (PER_TOKEN + attention(2048))
    assert not witness.used


def test_frozen_base_without_configuration_lies_between_two_thirds_and_one() -> None:
    footprint = weighed({"recorded_flos": 9e17}, training_method="lora")
    estimate = one(footprint, "recorded").estimate
    assert estimate is not None
    assert estimate.low == pytest.approx(6e17, rel=1e-6)
    assert estimate.high == pytest.approx(9e17, rel=1e-6)
    assert estimate.central == pytest.approx(9e17 * math.sqrt(2 / 3), rel=1e-6)
    assert footprint.accounts.own == estimate


@pytest.mark.parametrize("model_type", ["vit", "whisper", "wav2vec2", "clip"])
def test_pixels_and_sound_are_not_used(model_type: str) -> None:
    footprint = weighed({"config": {"model_type": model_type}, "recorded_flos": 7.81e17})
    witness = one(footprint, "recorded")
    assert witness.raw == 781 * 10**15
    assert witness.estimate is None
    assert not witness.used
    assert "pixel" in witness.remark


def test_impossible_speed_is_not_used() -> None:
    log = {"recorded_flos": 7.81e17, "train_runtime_seconds": 359.0}
    witness = one(weighed(log, hardware="nvidia-rtx-3090"), "recorded")
    assert witness.estimate is None
    assert "more than the hardware could do" in witness.remark


def test_sharded_weights_give_a_figure_that_is_far_too_small() -> None:
    log = {"config": LLAMA, "recorded_flos": 1e9, "steps": 500}
    witness = one(weighed(log), "recorded")
    assert witness.estimate is None
    assert "too small" in witness.remark


def test_experts_are_scaled_to_the_active_ones() -> None:
    footprint = weighed({"recorded_flos": 4e20}, parameters_total=40 * 10**9, parameters_active=10 * 10**9)
    estimate = one(footprint, "recorded").estimate
    assert estimate is not None
    assert 0.9e20 <= estimate.low <= 1e20 <= estimate.high
