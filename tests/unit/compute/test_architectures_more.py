# SPDX-License-Identifier: Apache-2.0
"""State space models, unusual encoders, speech and vision-language models: counted by hand, and refused when absurd."""

from typing import Any

import pytest

from core.compute.architectures import model_types
from core.compute.flops import FlopCount, Inputs, count_flops
from core.errors import BadConfig

TYPES = """
    audio-spectrogram-transformer bamba big_bird bigbird_pegasus blip blip-2 convbert deberta deberta-v2 deepseek_v32
    deepseek_v4 eurobert falcon_mamba fnet funnel fuyu gemma3 gemma4 git granitemoehybrid hubert idefics idefics3
    internvl jamba layoutlmv3 led lfm2 lfm2_vl llama4_text llava llava_next longformer longt5 mamba mamba2 minimax
    mllama mobilebert moonshine mra nystromformer paligemma prophetnet qwen2_5_vl qwen2_audio qwen2_vl qwen3_5
    qwen3_5_moe qwen3_next qwen3_vl qwen3_vl_moe recurrent_gemma roformer rwkv smolvlm speech_to_text squeezebert
    switch_transformers vilt voxtral wav2vec2 wavlm xlnet zamba zamba2
""".split()
SMALL = {
    "vocab_size": 100,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
}
SIGHT = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
LLAVA: dict[str, Any] = {
    "model_type": "llava",
    "text_config": {"model_type": "llama", **SMALL},
    "vision_config": {"model_type": "clip_vision_model", "image_size": 16, "patch_size": 8, **SIGHT},
}


def count(config: dict[str, Any], length: int = 8, **more: Any) -> FlopCount:
    return count_flops(config, Inputs(batch=1, seq_len=length), **more)


def test_every_type_is_in_the_table() -> None:
    assert set(TYPES) <= set(model_types())


@pytest.mark.parametrize("name", sorted(set(TYPES) - {"blip-2", "gemma4", "llama4_text", "deepseek_v4"}))
def test_the_class_defaults_alone_make_a_model(name: str) -> None:
    got = count({"model_type": name})
    assert got.parameters_total > 10**6
    assert 0 < got.forward_flop < got.step_flop <= 3 * got.forward_flop
    assert got.notes


def test_one_mamba2_layer_by_hand() -> None:
    """16 channels in 2 heads of 8, 1 group, state 4, chunks of 4 tokens; 6 tokens make 2 chunks (8 rows)."""
    config = {
        "model_type": "mamba2",
        "vocab_size": 10,
        "hidden_size": 8,
        "num_heads": 2,
        "head_dim": 8,
        "n_groups": 1,
        "state_size": 4,
        "num_hidden_layers": 1,
        "chunk_size": 4,
        "conv_kernel": 4,
    }
    linear = 2 * 6 * 8 * (16 + 24 + 2) + 2 * 6 * 16 * 8
    convolution = 2 * (6 + 3) * 4 * 24
    scores, inside = 2 * 8 * 4 * 4 * 2, 2 * 8 * 4 * 16
    left, carried, read = 2 * 8 * 4 * 16, 2 * 3 * 3 * 4 * 16, 2 * 8 * 4 * 16
    head = 2 * 6 * 8 * 10
    got = count(config, 6)
    assert got.forward_flop == linear + convolution + scores + inside + left + carried + read + head
    assert got.step_flop == 3 * got.forward_flop
    own = 8 * 42 + 4 * 24 + 24 + 3 * 2 + 16 + 16 * 8 + 8
    assert got.parameters_total == 2 * 80 + own + 8


def test_the_delta_rule_asks_no_gradient_of_an_empty_memory() -> None:
    """One chunk: nothing is carried on, so reading the empty memory needs one gradient of two and the last update
    none; the two triangular systems cost nothing forward and one product each backward."""
    config = {
        "model_type": "qwen3_next",
        **SMALL,
        "num_hidden_layers": 1,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "linear_num_key_heads": 1,
        "linear_num_value_heads": 2,
        "linear_key_head_dim": 4,
        "linear_value_head_dim": 8,
        "num_experts": 2,
        "num_experts_per_tok": 1,
        "moe_intermediate_size": 8,
        "shared_expert_intermediate_size": 8,
    }
    got = count(config, 5)
    one = 2 * 64 * 2 * 4 * 8
    systems = 2 * 64 * 64 * 2 * (8 + 4)
    assert 3 * got.forward_flop - got.step_flop == 2 * one + 2 * one - systems


def test_longformer_pads_and_says_so() -> None:
    config = {
        "model_type": "longformer",
        **SMALL,
        "attention_window": 16,
        "architectures": ["LongformerModel"],
    }
    assert count(config, 17).forward_flop == count(config, 32).forward_flop
    assert any(note.key == "padded" for note in count(config, 17).notes)
    assert not any(note.key == "padded" for note in count(config, 32).notes)


def test_big_bird_is_sparse_only_when_long() -> None:
    config = {"model_type": "big_bird", **SMALL, "block_size": 4, "num_random_blocks": 1}
    full = {**config, "attention_type": "original_full"}
    assert count(config, 28).forward_flop == count(full, 28).forward_flop
    assert count(config, 400).forward_flop < count(full, 400).forward_flop


def test_a_tower_counts_only_where_it_runs() -> None:
    whole, text, tower = (count(LLAVA, part=part) for part in ("main", "text_only", "vision_tower"))
    projector = 2 * 5 * (32 * 32 + 32 * 32)
    assert whole.forward_flop == text.forward_flop + tower.forward_flop + projector
    assert whole.parameters_total == text.parameters_total == tower.parameters_total


def test_no_picture_no_cost() -> None:
    none = count_flops(LLAVA, Inputs(batch=1, seq_len=8, images=0))
    assert none.forward_flop == count(LLAVA, part="text_only").forward_flop
    two = count_flops(LLAVA, Inputs(batch=1, seq_len=8, images=2))
    assert two.forward_flop - none.forward_flop == 2 * (count(LLAVA).forward_flop - none.forward_flop)


def test_positions_through_the_same_layer_hold_its_adapter_once() -> None:
    config = {
        "model_type": "deberta-v2",
        **SMALL,
        "relative_attention": True,
        "pos_att_type": ["c2p", "p2c"],
        "share_att_key": True,
        "position_buckets": 4,
        "architectures": ["DebertaV2ForSequenceClassification"],
    }
    got = count(config, adapter={"peft_type": "LORA", "r": 2, "target_modules": ["query_proj"]})
    assert got.parameters_trainable == 2 * 2 * (32 + 32)


def test_idefics_trains_only_what_is_new() -> None:
    config: dict[str, Any] = {
        "model_type": "idefics",
        **SMALL,
        "architectures": ["IdeficsForVisionText2Text"],
    }
    config["vision_config"] = {"embed_dim": 32, "image_size": 16, "patch_size": 8, **SIGHT}
    got = count(config)
    layer = 4 * 32 * 32 + 3 * 32 * 48 + 2 * 32 + 2
    assert got.parameters_trainable == 2 * layer + 100 * 32
    thawed = count({**config, "freeze_text_layers": False, "freeze_vision_layers": False})
    assert thawed.parameters_trainable == thawed.parameters_total == got.parameters_total
    assert thawed.step_flop > got.step_flop


@pytest.mark.parametrize(("name", "key"), [("mra", "unseen"), ("gemma4", "text_half"), ("mamba", "scan")])
def test_what_is_left_out_is_said(name: str, key: str) -> None:
    assert any(note.key == key for note in count({"model_type": name, "num_hidden_layers": 1}).notes)


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "mamba2", "num_hidden_layers": 10**9},
        {"model_type": "mamba", "time_step_rank": "often"},
        {"model_type": "jamba", "attn_layer_period": 0},
        {"model_type": "bamba", "mamba_n_heads": 7},
        {"model_type": "lfm2", "block_ffn_dim_multiplier": "wide"},
        {"model_type": "recurrent_gemma", "block_types": []},
        {"model_type": "zamba2", "layers_block_type": ["hybrid"]},
        {"model_type": "qwen3_next", "linear_num_value_heads": 5},
        {"model_type": "longformer", "attention_window": 7},
        {"model_type": "longformer", "attention_window": [4]},
        {"model_type": "funnel", "block_sizes": []},
        {"model_type": "funnel", "block_sizes": [2, 2], "block_repeats": [1]},
        {"model_type": "funnel", "block_sizes": [100_000]},
        {"model_type": "deberta-v2", "pos_att_type": 3, "relative_attention": True},
        {"model_type": "squeezebert", "q_groups": 5},
        {"model_type": "wav2vec2", "conv_dim": [1, 2]},
        {"model_type": "wav2vec2", "conv_dim": [], "conv_kernel": [], "conv_stride": []},
        {"model_type": "llava", "text_config": {"model_type": "nobody"}},
        {"model_type": "llava", "text_config": 5},
        {"model_type": "llava", "vision_config": {"model_type": "nobody"}},
        {"model_type": "qwen2_vl", "vision_config": {"depth": -1}},
        {"model_type": "internvl", "vision_config": {"patch_size": [1, 2, 3]}},
        {"model_type": "deepseek_v4", "compress_ratios": [3] * 43},
        {"model_type": "prophetnet", "ngram": 10**6},
    ],
    ids=str,
)
def test_absurd_values_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(BadConfig):
        count(config)


@pytest.mark.parametrize("name", TYPES)
def test_unknown_parts_and_classes_are_refused(name: str) -> None:
    with pytest.raises(BadConfig):
        count({"model_type": name, "num_hidden_layers": 1}, part="wheels")
    with pytest.raises(BadConfig):
        count({"model_type": name, "num_hidden_layers": 1}, model_class="SomethingElse")
