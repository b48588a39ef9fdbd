# SPDX-License-Identifier: Apache-2.0
"""Adapters as layers of the table: which layers they reach, and what they cost there."""

from typing import Any

import pytest

from core.compute.flops import FlopCount, count_flops
from core.compute.inputs import Inputs
from core.compute.resolve import resolve_network
from core.errors import BadConfig
from core.reference import load_reference
from tests.unit.compute.configs import TINY_LLAMA as LLAMA
from tests.unit.compute.test_small_parts import known

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
ROWS = 2 * 16
PLAIN = count_flops(LLAMA, Inputs(batch=2, seq_len=16))


def tuned(**adapter: Any) -> FlopCount:
    config = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], **adapter}
    return count_flops(LLAMA, Inputs(batch=2, seq_len=16), adapter=config)


def test_the_adapter_costs_its_two_small_matrices() -> None:
    got = tuned()
    assert got.parameters_trainable == 4 * 4 * (64 + 64)
    assert got.forward_flop - PLAIN.forward_flop == 2 * ROWS * got.parameters_trainable


def test_all_linear_is_every_linear_layer_without_the_head() -> None:
    assert tuned(target_modules="all-linear") == tuned(target_modules=ALL)
    assert (
        tuned(target_modules=[*ALL, "lm_head"]).parameters_trainable
        > tuned(target_modules=ALL).parameters_trainable
    )


@pytest.mark.parametrize(
    ("adapter", "layers"),
    [
        ({}, 4),
        ({"layers_to_transform": [0, 3]}, 2),
        ({"layers_to_transform": 2}, 1),
        ({"layers_to_transform": [1], "layers_pattern": "layers"}, 1),
        ({"target_modules": r"model\.layers\.[01]\.self_attn\.q_proj"}, 2),
        ({"target_modules": r".*q_proj"}, 4),
        ({"target_modules": ["model.layers.2.self_attn.q_proj"]}, 1),
        ({"exclude_modules": ["model.layers.2.self_attn.q_proj"]}, 3),
        ({"exclude_modules": r".*layers\.[012]\..*"}, 1),
    ],
)
def test_which_layers_are_reached(adapter: dict[str, Any], layers: int) -> None:
    assert tuned(**adapter).parameters_trainable == layers * 4 * 128


def test_a_rank_pattern_changes_single_layers() -> None:
    got = tuned(rank_pattern={r"layers\.0\.self_attn\.q_proj": 10})
    assert got.parameters_trainable == (10 + 3 * 4) * 128


def test_nothing_is_computed_backwards_below_the_first_adapter() -> None:
    first, last = tuned(layers_to_transform=[0]), tuned(layers_to_transform=[3])
    assert first.forward_flop == last.forward_flop
    assert last.backward_flop < first.backward_flop < PLAIN.backward_flop


def test_gradients_run_on_to_the_words_where_a_tool_asks_for_it() -> None:
    """As Axolotl does for each adapter, and gradient checkpointing for those of other tools: the first layer's projections
    and keys give gradients to what nothing below needs. Measured on runs: trainer_runs.jsonl, axolotl_*."""
    adapter = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj", "v_proj"]}
    shut, opened = (
        count_flops(LLAMA, Inputs(batch=2, seq_len=16), adapter=adapter, opened=one) for one in (False, True)
    )
    size = LLAMA["hidden_size"]
    kv = size * LLAMA["num_key_value_heads"] // LLAMA["num_attention_heads"]
    below = size * (size + 2 * kv) + 2 * 4 * size  # q, k, v, and both matrices A
    assert opened.step_flop - shut.step_flop == 2 * ROWS * (below + 16 * size)
    assert opened.forward_flop == shut.forward_flop
    full = count_flops(LLAMA, Inputs(batch=2, seq_len=16), opened=True)
    assert full.step_flop == PLAIN.step_flop
    lora = {"config": LLAMA, "adapter_config": adapter, "training_method": "lora"}
    for more, asked in (
        ({}, False),
        ({"training_tool": "Axolotl"}, True),
        ({"gradient_checkpointing": True}, True),
    ):
        assert resolve_network(known(**{**lora, **more}), load_reference()).opened is asked


def test_modules_to_save_are_copied_and_trained() -> None:
    got = tuned(modules_to_save=["lm_head"])
    assert got.parameters_total == tuned().parameters_total + 6400
    assert got.parameters_trainable == tuned().parameters_trainable + 6400
    assert got.forward_flop == tuned().forward_flop
    assert got.backward_flop == tuned().backward_flop + 2 * ROWS * 6400


def test_a_target_inside_a_saved_module_is_left_to_it() -> None:
    assert tuned(target_modules=["q_proj", "lm_head"], modules_to_save=["lm_head"]) == tuned(
        modules_to_save=["lm_head"]
    )._replace(notes=tuned(target_modules=["q_proj", "lm_head"], modules_to_save=["lm_head"]).notes)


def test_dora_adds_a_magnitude_and_the_norm_of_the_weight() -> None:
    plain, dora = tuned(), tuned(use_dora=True)
    assert dora.parameters_trainable == plain.parameters_trainable + 4 * 64
    assert dora.forward_flop - plain.forward_flop == 4 * (2 * 64 * 64 * 4 + 2 * 64 * 4 * 64)
    assert dora.backward_flop == plain.backward_flop
    dropped = tuned(use_dora=True, lora_dropout=0.1)
    assert dropped.forward_flop - dora.forward_flop == 4 * 2 * ROWS * 64 * 64
    # Before peft 0.14 the base layer always ran twice (0.13.2 measured: 438,112,000 for 80 texts of a tiny Llama).
    assert tuned(use_dora=True, peft_version="0.13.2") == dropped
    assert tuned(peft_version="0.13.2") == plain


def test_the_version_on_the_card_stands_for_one_that_the_adapter_does_not_name() -> None:
    config = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], "use_dora": True}
    counts = []
    for more, versions in (
        ({}, {"PEFT": "0.13.2"}),
        ({"peft_version": "0.15.0"}, {"PEFT": "0.13.2"}),
        ({}, {}),
    ):
        found = known(adapter_config={**config, **more}, base_config=LLAMA, versions=versions)
        network = resolve_network(found, load_reference())
        counts.append(network.sequence(16).step_flop)
    assert counts[0] > counts[1] == counts[2]


def test_an_adapter_on_the_embedding_has_a_look_up_and_a_product() -> None:
    got = tuned(target_modules=["embed_tokens"])
    assert got.parameters_trainable == 4 * (100 + 64)
    assert got.forward_flop - PLAIN.forward_flop == 2 * ROWS * 4 * 64


def test_biases_are_trained_when_asked() -> None:
    config = {**LLAMA, "attention_bias": True}
    counts = {
        bias: count_flops(
            config, Inputs(seq_len=4), adapter={"r": 4, "target_modules": ["q_proj"], "bias": bias}
        ).parameters_trainable
        for bias in ("none", "lora_only", "all")
    }
    assert counts["lora_only"] - counts["none"] == 4 * 64
    assert counts["all"] - counts["none"] == 4 * (64 + 16 + 16 + 64)


def test_a_missing_target_is_said_and_the_others_count() -> None:
    got = tuned(target_modules=["q_proj", "Wqkv"])
    assert any("Wqkv" in str(note) for note in got.notes)
    assert got.parameters_trainable == tuned().parameters_trainable


@pytest.mark.parametrize(
    "adapter",
    [
        {"target_modules": ["Wqkv"]},
        {"target_modules": None},
        {"target_modules": []},
        {"target_modules": [3]},
        {"target_modules": "(((a+)+)+)+b"},
        {"target_modules": "(.|.)*x"},
        {"target_modules": ".*a" * 20},
        {"target_modules": "("},
        {"target_modules": "a" * 5000},
        {"r": 0},
        {"r": "8"},
        {"r": True},
        {"r": 10**9},
        {"rank_pattern": [1]},
        {"rank_pattern": {"q_proj": -1}},
        {"peft_type": "UNHEARD_OF"},
        {"bias": "some"},
        {"use_dora": "yes"},
        {"lora_dropout": 2},
        {"layers_to_transform": "all"},
    ],
    ids=str,
)
def test_bad_adapters_are_refused(adapter: dict[str, Any]) -> None:
    with pytest.raises(BadConfig) as caught:
        tuned(**adapter)
    assert caught.value.todo


@pytest.mark.parametrize(
    ("targets", "layers"),
    [({"q_proj": 4, "v_proj": 4}, ["q_proj", "v_proj"]), ({"q_proj": 4, "v_proj": 8}, "all-linear"), ({}, "all-linear")],
)  # fmt: skip
def test_layers_that_a_tool_names_without_peft(targets: dict[str, int], layers: Any) -> None:
    found = {"config": LLAMA, "training_method": "lora", "lora_rank": 4, "adapter_targets": targets}
    network = resolve_network(known(**found), load_reference())
    assert (network.adapter or {})["target_modules"] == layers
    assert network.guessed is (layers == "all-linear")
