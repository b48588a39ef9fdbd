# SPDX-License-Identifier: Apache-2.0
"""Soft prompts: longer sequences through a frozen base. Also what a run's own records say was trained."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from tests.unit.compute.test_witnesses import LLAMA, PER_TOKEN, SIZE, attention, central, weighed

SOFT = {"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 20}


def prompted(adapter: dict[str, Any], **found: Any) -> int:
    return central(
        weighed({"base_config": LLAMA, "adapter_config": adapter, **found}, samples=100, sequence_length=480)
    )


def test_soft_prompts_run_through_every_layer_and_the_base_keeps_its_weights() -> None:
    """The same by hand; equal to PyTorch's own count in test_prompts.py."""
    length = 480 + 20
    expected = 100 * length * (PER_TOKEN * 2 / 3 + attention(length))
    assert prompted(SOFT) == pytest.approx(expected, rel=0.01)
    without = 100 * 480 * (PER_TOKEN * 2 / 3 + attention(480))
    assert prompted({**SOFT, "peft_type": "PREFIX_TUNING"}) == pytest.approx(without, rel=0.01)


@pytest.mark.parametrize("count", [-5, 0, 10**9, True, "20", None])
def test_a_number_of_virtual_tokens_that_cannot_be_is_none(count: Any) -> None:
    assert prompted({**SOFT, "num_virtual_tokens": count}) == prompted({"peft_type": "PROMPT_TUNING"})


@pytest.mark.parametrize("kind", ["MULTITASK_PROMPT_TUNING", "CPT"])
def test_a_kind_of_prompt_with_settings_of_its_own_is_taken_as_twenty_tokens(kind: str) -> None:
    assert prompted({"peft_type": kind, "num_virtual_tokens": 7}) == prompted(SOFT)


def test_the_network_behind_a_soft_prompt_costs_little() -> None:
    made = prompted({**SOFT, "peft_type": "P_TUNING"}, training_method="p_tuning")
    assert prompted(SOFT) < made < 1.001 * prompted(SOFT)


def test_vectors_that_a_network_made_are_not_what_was_trained() -> None:
    found = {"base_config": LLAMA, "parameters_stored": 40_960}
    kept = weighed({**found, "adapter_config": SOFT}).parameters
    made = weighed({**found, "adapter_config": {**SOFT, "peft_type": "P_TUNING"}}).parameters
    assert kept is not None
    assert made is not None
    layers = 3 * (2048 * 2048 + 2048)
    assert (kept.trainable, made.trainable) == (40_960, 40_960 + layers)
    assert made.total == kept.total


def test_what_stays_fixed_is_not_counted_as_trained() -> None:
    found = {
        "config": LLAMA,
        "parameters_total": SIZE,
        "parameters_trainable": SIZE - 7,
        "training_method": "full",
    }
    parameters = weighed(found).parameters
    assert parameters is not None
    assert (parameters.total, parameters.trainable) == (SIZE, SIZE - 7)


def test_kto_beside_a_frozen_base_pays_its_passes_in_full() -> None:
    """Training costs 4 N and three passes without gradients 6 N: ten for four, where a whole model has twelve for six."""
    run: dict[str, Any] = {"parameters_total": 10**9, "tokens": 10**6, "training_method": "lora"}
    plain = central(weighed(**run))
    assert central(weighed(**run, training_stage="kto")) == pytest.approx(2.5 * plain, rel=1e-9)
    adapter = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"]}
    config = {
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 100, "hidden_size": 32,
        "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64,
    }  # fmt: skip
    one = count_flops(config, Inputs(batch=1, seq_len=16), adapter=adapter)
    bare = count_flops(config, Inputs(batch=1, seq_len=16))
    found = {"base_config": config, "adapter_config": adapter, "training_method": "lora"}
    assert central(weighed(found, tokens=1600, samples=100, training_stage="kto")) == pytest.approx(
        100 * (one.step_flop + one.forward_flop + 2 * bare.forward_flop), rel=1e-6
    )


def test_kto_reads_each_text_four_times() -> None:
    """Model and reference, each with the right answer and with another's; one of the four is trained on."""
    plain = weighed(parameters_total=10**9, tokens=10**6)
    assert central(weighed(parameters_total=10**9, tokens=10**6, training_stage="kto")) == 2 * central(plain)


def test_tokens_that_the_scan_took_from_total_flos_are_no_second_witness() -> None:
    from core.scan.derive import derive

    found = {"config": LLAMA, "parameters_total": SIZE, "parameters_embedding": 128256 * 2048,
             "recorded_flos": 6 * (SIZE - 128256 * 2048) * 51_200, "samples": 100}  # fmt: skip
    facts = weighed_facts(found)
    result = weigh(Known(Project(scan=ScanResult(folder_name="x", facts=derive(facts)))), load_reference())
    recorded = next(one for one in result.witnesses if one.id == "recorded")
    operations = next(one for one in result.witnesses if one.id == "operations")
    assert operations.estimate is not None
    assert operations.estimate.central == 51_200 * (PER_TOKEN + attention(512))
    assert (operations.used, recorded.used) == (True, False)


def weighed_facts(found: dict[str, Any]) -> Any:
    from core.domain.fact import Fact, Origin, OriginKind

    origin = Origin(kind=OriginKind.FILE, file="trainer_state.json", key="total_flos")
    return tuple(Fact(name=name, value=value, origin=origin) for name, value in found.items())
