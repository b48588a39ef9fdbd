# SPDX-License-Identifier: Apache-2.0
"""Ranges, remarks and formulas of the count, each with its number: what a run of random changes found nobody looked at."""

import math
from typing import Any

import pytest

from core.compute.adapter_only import adapter_factors
from core.compute.families import config_of_family
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from tests.unit.compute.test_witnesses import LLAMA, PER_TOKEN, SIZE, attention, central, one, weighed

B = 10**9


def spread(footprint: Footprint) -> tuple[float, float]:
    found = one(footprint, "operations").estimate
    assert found is not None
    return found.low / found.central, found.high / found.central


def own(footprint: Footprint) -> int:
    assert footprint.accounts.own is not None
    return footprint.accounts.own.central


@pytest.mark.parametrize(
    ("answers", "flop", "low", "high"),
    [
        ({"training_method": "full"}, 6 * B, 1.0, 1.2),
        ({"training_method": "lora", "parameters_trainable": 10**7}, 4 * B - 4 * 10**7 + 6 * 10**7, 0.9, 1.3),
        # One percent of the model, when nobody tells the adapter's size.
        ({"training_method": "lora"}, 4 * (B - 10**7) + 6 * 10**7, 0.9, 1.3),
        ({"training_method": "prompt_tuning"}, 4 * B, 0.9, 1.32),
        ({"training_method": "frozen_partial"}, 35 * B // 10, 0.57, 1.2 * 1.72),
        (
            {"training_method": "frozen_partial", "parameters_trainable": B // 4},
            3 * (B - B // 4) + 6 * (B // 4),
            0.66,
            1.2 * 1.34,
        ),
    ],
)
def test_the_formula_of_each_method_and_its_range(
    answers: dict[str, Any], flop: int, low: float, high: float
) -> None:
    found = weighed(parameters_total=B, tokens=1000, epochs=1, **answers)
    assert central(found) == 1000 * flop
    assert spread(found) == pytest.approx((low, high), rel=1e-6)


@pytest.mark.parametrize(
    ("size", "low", "high"),
    [(5 * 10**8, 0.75, 1.6), (B - 1, 0.75, 1.6), (B, 0.9, 1.3)],
)
def test_an_adapter_on_a_small_model_is_less_certain(size: int, low: float, high: float) -> None:
    found = weighed(parameters_total=size, tokens=1000, epochs=1, training_method="lora")
    assert spread(found) == pytest.approx((low, high), rel=1e-6)


def test_hardware_runs_a_third_more_or_half_more_with_a_frozen_base() -> None:
    for method, ratio in (("full", 8 / 6), ("lora", 1.5), ("prompt_tuning", 1.5), ("frozen_partial", 8 / 6)):
        found = weighed(
            parameters_total=B, tokens=1000, epochs=1, training_method=method, gradient_checkpointing=True
        )
        assert found.accounts.hardware_own is not None
        assert found.accounts.hardware_own.central / own(found) == pytest.approx(ratio, rel=1e-6)


def test_a_head_that_may_be_skipped_is_said_and_widens_the_range() -> None:
    log = {"config": LLAMA, "versions": {"TRL": "1.9.0", "Pytorch": "2.8.0"}}
    found = weighed(log, samples=10, sequence_length=100, training_stage="sft")
    estimate = one(found, "operations").estimate
    assert estimate is not None
    assert any("head" in note for note in estimate.assumptions)
    head = 6 * 128256 * 2048 * 100
    sequence = 100 * (PER_TOKEN + attention(100))
    # All but the last token of each text.
    assert estimate.central == pytest.approx(10 * sequence * (1 - head / sequence / 100), rel=1e-8)
    assert estimate.low / estimate.central == pytest.approx(0.95 * (1 - head / sequence), rel=1e-6)
    old = weighed(log | {"versions": {"TRL": "1.0.0"}}, samples=10, sequence_length=100, training_stage="sft")
    assert central(old) == 10 * sequence
    assert spread(old) == pytest.approx((0.95, 1.05), rel=1e-6)


def test_a_guessed_adapter_widens_the_range() -> None:
    sure = {"peft_type": "LORA", "r": 16, "target_modules": "all-linear"}
    with_file = weighed({"base_config": LLAMA, "adapter_config": sure}, samples=10, sequence_length=100)
    guessed = weighed({"base_config": LLAMA}, samples=10, sequence_length=100, training_method="lora")
    assert central(with_file) == central(guessed)
    assert spread(with_file) == pytest.approx((0.95, 1.05), rel=1e-6)
    assert spread(guessed) == pytest.approx((0.95 * 0.92, 1.05 * 1.1), rel=1e-6)
    none = weighed(
        {"base_config": LLAMA, "lora_rank": 0}, samples=10, sequence_length=100, training_method="lora"
    )
    assert central(none) == central(guessed)
    four = weighed(
        {"base_config": LLAMA, "lora_rank": 4}, samples=10, sequence_length=100, training_method="lora"
    )
    assert central(four) < central(guessed)


def test_some_frozen_layers_lie_between_the_head_alone_and_all() -> None:
    found = weighed({"config": LLAMA}, samples=10, sequence_length=100, training_method="frozen_partial")
    full = 100 * (PER_TOKEN + attention(100))
    assert central(found) == pytest.approx(10 * full / math.sqrt(3), rel=1e-3)
    assert spread(found) == pytest.approx((0.58, 1.74), rel=1e-6)


def test_a_picture_model_with_some_frozen_layers() -> None:
    found = {"model_family": "sd_v1", "resolution": [512, 512], "samples": 10}
    full = weighed({**found, "training_method": "full"})
    some = weighed({**found, "training_method": "frozen_partial"})
    forward = 803_273_441_280
    frozen = 1_116_658_466_816 + 2 * 85_054_464 * 77
    whole = own(full) // 10
    assert own(some) == pytest.approx(10 * math.sqrt((forward + frozen) * whole), rel=1e-6)


def test_a_picture_whose_size_is_not_known_is_taken_as_the_models_own() -> None:
    plain = weighed({"model_family": "sd_v1", "samples": 10, "training_method": "full"})
    said = weighed(
        {"model_family": "sd_v1", "samples": 10, "training_method": "full", "resolution": [512, 512]}
    )
    assert own(plain) == own(said)
    assert any("512" in note for note in plain.accounts.own.assumptions)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("word", "parameters", "forward"),
    [
        # The published U-Nets: 859,520,964, 865,910,724 and 2,567,463,684 parameters.
        ("sd_v1", 859_520_964, None),
        ("stable-diffusion-2", 865_910_724, None),
        ("sdxl", 2_567_463_684, None),
    ],
)
def test_families_are_the_published_models(word: str, parameters: int, forward: int | None) -> None:
    found = config_of_family(word)
    assert found is not None
    got = count_flops(found[1], Inputs(text_len=77))
    assert got.parameters_total == parameters
    side = {"sd_v1": 64, "stable-diffusion-2": 96, "sdxl": 128}[word]
    assert got == count_flops(found[1], Inputs(latent=(4, side, side), text_len=77))


def test_active_parameters_of_experts_that_the_table_does_not_know() -> None:
    config = {
        "model_type": "of_my_own",
        "num_local_experts": 8,
        "num_experts_per_tok": 2,
        "intermediate_size": 2048,
        "num_hidden_layers": 4,
        "hidden_size": 1024,
    }
    found = weighed({"config": config}, parameters_total=B, tokens=1000, epochs=1).parameters
    assert found is not None
    assert found.active_per_token == B - 4 * 6 * 3 * 1024 * 2048
    for change in ({"num_experts_per_tok": 8}, {"num_local_experts": None}, {"hidden_size": 10**6}):
        none = weighed({"config": config | change}, parameters_total=B, tokens=1000, epochs=1).parameters
        assert none is not None
        assert none.active_per_token is None


def test_shapes_of_an_adapter_that_make_no_sense_are_not_used() -> None:
    def known(shapes: dict[str, Any]) -> Known:
        origin = Origin(kind=OriginKind.FILE, file="adapter_model.safetensors")
        values = {
            FoundOnly.ADAPTER_SHAPES: shapes,
            FoundOnly.LAYERS_TOUCHED: 16,
            "parameters_trainable": 10**6,
        }
        facts = tuple(Fact(name=name, value=value, origin=origin) for name, value in values.items())
        return Known(Project(scan=ScanResult(folder_name="x", facts=facts)))

    good = {"q_proj": [2048, 2048, 8], "v_proj": [2048, 512, 8]}
    assert adapter_factors(known(good), 10**15, 1000) is not None
    for bad in ([2048, -1, 8], [2048, 0, 8], [2048, True, 8], [2048, 2048], "x", [2 * 10**6, 2048, 8]):
        assert adapter_factors(known({"q_proj": bad}), 10**15, 1000) is None
    factors = adapter_factors(known(good), 10**15, 1000)
    assert factors is not None
    assert factors.low <= factors.central <= factors.high


@pytest.mark.parametrize("config", [{"model_type": "t5"}, {"model_type": "marian"}])
def test_no_published_speed_is_taken_for_models_with_two_halves(config: dict[str, Any]) -> None:
    found = weighed(
        {"config": config},
        parameters_total=6_700_000_000,
        hardware="nvidia-a100-sxm4-80-gb",
        device_count=8,
        hours=100,
        origin="from_scratch",
        output_modalities=["text"],
    )
    assert all(witness.id != "throughput" for witness in found.witnesses)


def test_a_logged_speed_of_pairs_is_typed_as_it_was_worked_out() -> None:
    log = {"config": LLAMA, "samples_per_second": 4.0, "train_runtime_seconds": 3600.0}
    for stage, more in (("sft", ""), ("dpo", " × 2")):
        found = weighed(log, sequence_length=100, training_stage=stage)
        witness = one(found, "throughput").estimate
        assert witness is not None
        assert witness.steps[0].expression == f"4 × 1 h × 3600{more}"
        assert witness.steps[0].result == ("28,800" if more else "14,400")


def test_a_size_in_the_header_half_a_percent_off_is_said() -> None:
    for stored, warned in ((SIZE * 1004 // 1000, False), (SIZE * 1006 // 1000, True)):
        found = weighed({"config": LLAMA, "parameters_stored": stored}, samples=10, sequence_length=10)
        assert any("The files are used" in note for note in found.warnings) is warned
