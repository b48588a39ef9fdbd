# SPDX-License-Identifier: Apache-2.0
"""What a model keeps of a conversation, with numbers worked out by hand (2 bytes each, 4096 tokens)."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.memory import conversation_bytes
from core.compute.network import Network
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Fit
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from tests.unit.compute.configs import LLAMA_8B as LLAMA

GEMMA = {
    "model_type": "gemma3_text",
    "hidden_size": 1152,
    "num_hidden_layers": 26,
    "num_attention_heads": 4,
    "num_key_value_heads": 1,
    "head_dim": 256,
    "intermediate_size": 6912,
    "vocab_size": 262144,
    "sliding_window": 512,
}
QWEN = {
    "model_type": "qwen2",
    "hidden_size": 896,
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "intermediate_size": 4864,
    "vocab_size": 151936,
    "sliding_window": 1024,
}
DEEPSEEK = {
    "model_type": "deepseek_v3",
    "hidden_size": 1024,
    "num_hidden_layers": 5,
    "num_attention_heads": 8,
    "num_key_value_heads": 8,
    "kv_lora_rank": 512,
    "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128,
    "v_head_dim": 128,
    "q_lora_rank": 256,
    "intermediate_size": 2048,
    "moe_intermediate_size": 128,
    "n_routed_experts": 16,
    "num_experts_per_tok": 4,
    "n_shared_experts": 1,
    "n_group": 4,
    "topk_group": 2,
    "first_k_dense_replace": 1,
    "vocab_size": 1000,
}
NEXT = {
    "model_type": "qwen3_next",
    "hidden_size": 2048,
    "num_hidden_layers": 8,
    "num_attention_heads": 16,
    "num_key_value_heads": 2,
    "head_dim": 256,
    "layer_types": (["linear_attention"] * 3 + ["full_attention"]) * 2,
    "linear_num_value_heads": 32,
    "linear_num_key_heads": 16,
    "linear_key_head_dim": 128,
    "linear_value_head_dim": 128,
    "linear_conv_kernel_dim": 4,
}
T = 4096


def kept(config: dict[str, Any], context: int = T, **more: Any) -> int | None:
    network = Network(
        method="full", method_fact=None, config={**config, **more.pop("config", {})}, counted=True
    )
    return conversation_bytes(network, context)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (LLAMA, 32 * 2 * 8 * 128 * T * 2),
        ({**LLAMA, "num_key_value_heads": 32}, 32 * 2 * 4096 * T * 2),
        ({"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12}, 12 * 2 * 768 * T * 2),
        # Of six layers in a row five see 512 tokens; 26 layers hold four that see all.
        (GEMMA, 2 * 256 * (4 * T + 22 * 512) * 2),
        ({**GEMMA, "sliding_window_pattern": 2}, 2 * 256 * (13 * T + 13 * 512) * 2),
        ({**GEMMA, "layer_types": ["full_attention"] + ["sliding_attention"] * 25}, 2 * 256 * (T + 25 * 512) * 2),
        # A list that fits no layers is not followed.
        ({**GEMMA, "layer_types": ["full_attention"] * 3}, 2 * 256 * (4 * T + 22 * 512) * 2),
        # Qwen2 uses its window only where it says so, and then from a layer on.
        ({**QWEN, "use_sliding_window": False}, 24 * 2 * 128 * T * 2),
        ({**QWEN, "use_sliding_window": True, "max_window_layers": 20}, 2 * 128 * (20 * T + 4 * 1024) * 2),
        ({**LLAMA, "model_type": "mistral", "sliding_window": 1024}, 32 * 2 * 8 * 128 * 1024 * 2),
        ({**LLAMA, "model_type": "mistral", "sliding_window": None}, 32 * 2 * 8 * 128 * T * 2),
        ({**LLAMA, "model_type": "mistral", "sliding_window": 10**6}, 32 * 2 * 8 * 128 * T * 2),
        (DEEPSEEK, 5 * (512 + 64) * T * 2),
        # Two layers that attend; six with a matrix of 128 x 128 for each of 32 heads and a convolution over 4 tokens.
        (NEXT, (2 * 2 * 2 * 256 * T + 6 * (32 * 128 * 128 + (2 * 2048 + 4096) * 4)) * 2),
        ({"model_type": "bert"}, 0),
        # The decoder keeps its own keys and values and those of the source.
        ({"model_type": "t5", "d_model": 768, "d_kv": 64, "num_heads": 12, "num_layers": 12, "d_ff": 3072},
         12 * 2 * (2 * 768) * T * 2),
    ],
)  # fmt: skip
def test_what_is_kept(config: dict[str, Any], expected: int) -> None:
    assert kept(config) == expected


def test_a_recurrent_model_keeps_as_much_of_a_long_text_as_of_a_short_one() -> None:
    mamba = {
        "model_type": "mamba",
        "hidden_size": 768,
        "intermediate_size": 1536,
        "state_size": 16,
        "conv_kernel": 4,
        "num_hidden_layers": 24,
    }
    assert kept(mamba) == kept(mamba, 10) == 24 * 1536 * (16 + 4) * 2
    wider = {**mamba, "model_type": "falcon_mamba", "intermediate_size": 3072}
    assert kept(wider) == 24 * 3072 * 20 * 2
    mamba2 = {
        "model_type": "mamba2",
        "hidden_size": 768,
        "state_size": 128,
        "conv_kernel": 4,
        "expand": 2,
        "n_groups": 1,
        "num_heads": 24,
        "head_dim": 64,
        "num_hidden_layers": 24,
    }
    assert kept(mamba2) == 24 * (1536 * 128 + (1536 + 2 * 128) * 4) * 2


def test_jamba_keeps_keys_in_one_layer_of_eight_and_states_in_the_others() -> None:
    jamba = {
        "model_type": "jamba",
        "hidden_size": 512,
        "intermediate_size": 1024,
        "num_hidden_layers": 8,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "mamba_d_state": 16,
        "mamba_d_conv": 4,
        "mamba_expand": 2,
    }
    assert kept(jamba) == (2 * 2 * 64 * T + 7 * 1024 * (16 + 4)) * 2


BESIDE = {
    "hidden_size": 512,
    "num_hidden_layers": 6,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "intermediate_size": 1024,
    "mamba_d_state": 16,
    "mamba_d_conv": 4,
    "mamba_expand": 2,
}
KEPT = 2 * 2 * 64
"""Of one token in one layer of BESIDE: a key and a value of two heads."""
STATE = 1024 * (16 + 4)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # Falcon H1: both in every layer, the state as wide as it says itself, with groups.
        (
            {"model_type": "falcon_h1", "mamba_d_ssm": 384, "mamba_n_groups": 1},
            6 * (KEPT * T + 384 * 16 + (384 + 2 * 16) * 4),
        ),
        # Hymba: the third layer reads the keys of the second; three layers see all; 128 learned tokens stay.
        (
            {
                "model_type": "hymba",
                "sliding_window": 1024,
                "global_attn_idx": [0, 3, 5],
                "kv_reuse_group": [[1, 2]],
                "num_memory_tokens": 128,
            },
            KEPT * (3 * (T + 128) + 2 * (1024 + 128)) + 6 * STATE,
        ),
        # Nemotron-H lists its layers by letter: three that recur, one that attends, two that do neither.
        (
            {
                "model_type": "nemotron_h",
                "hybrid_override_pattern": "M-M*-M",
                "mamba_num_heads": 8,
                "mamba_head_dim": 32,
            },
            KEPT * T + 3 * 256 * (16 + 4),
        ),
        ({"model_type": "of_my_own", "layer_types": ["mamba", "hybrid"] * 3}, 3 * KEPT * T + 6 * STATE),
        ({"model_type": "of_my_own", "layer_types": ["mamba", 7] * 3}, 6 * (KEPT * T + STATE)),
    ],
)
def test_a_state_beside_attention(more: dict[str, Any], expected: int) -> None:
    network = Network(method="full", method_fact=None, config={**BESIDE, **more})
    assert conversation_bytes(network, T) == 2 * expected


def test_zamba_has_a_state_in_each_layer_and_keys_in_those_that_share_one() -> None:
    zamba = {**BESIDE, "model_type": "zamba", "num_key_value_heads": 8}
    # The shared layer stands in the third of six; it reads twice the width.
    assert kept(zamba) == 2 * (2 * 1024 * T + 6 * STATE)


def test_a_type_the_table_does_not_know_is_taken_as_a_usual_decoder() -> None:
    unknown = {**LLAMA, "model_type": "of_my_own"}
    network = Network(method="full", method_fact=None, config=unknown)
    assert conversation_bytes(network, T) == 32 * 2 * 8 * 128 * T * 2
    for key, value in (("num_hidden_layers", None), ("num_attention_heads", 0), ("num_hidden_layers", 10**8)):
        network = Network(
            method="full", method_fact=None, config={**unknown, key: value, "num_key_value_heads": None}
        )
        assert conversation_bytes(network, T) is None


@pytest.mark.parametrize("config", [None, {"model_type": "vit"}, {"_class_name": "UNet2DConditionModel"}])
def test_pictures_and_nothing_known_have_no_conversation(config: dict[str, Any] | None) -> None:
    network = Network(method="full", method_fact=None, config=config, counted=config is not None)
    assert conversation_bytes(network, T) is None


def fit(config: dict[str, Any]) -> Fit:
    origin = Origin(kind=OriginKind.FILE, file="config.json")
    facts = (Fact(name="config", value=config, origin=origin),)
    found = weigh(Known(Project(scan=ScanResult(folder_name="x", facts=facts))), load_reference()).fit
    assert found is not None
    return found


def test_experts_that_rest_take_their_room_all_the_same() -> None:
    config = {
        "model_type": "mixtral",
        "hidden_size": 1024,
        "intermediate_size": 2048,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "num_local_experts": 8,
        "num_experts_per_tok": 2,
        "vocab_size": 32000,
        "max_position_embeddings": 2048,
    }
    experts = 4 * 8 * 3 * 1024 * 2048
    rest = 4 * (2 * 1024 * 1024 + 2 * 1024 * 256 + 8 * 1024 + 2 * 1024) + 1024 + 2 * 32000 * 1024
    sixteen = fit(config).needs[0]
    assert sixteen.weights_gb == pytest.approx(2 * (experts + rest) / 1e9, rel=1e-12)
    assert sixteen.cache_gb == pytest.approx(4 * 2 * 256 * 2048 * 2 / 1e9, rel=1e-12)
    assert sixteen.total_gb == pytest.approx(1.1 * (sixteen.weights_gb + sixteen.cache_gb), rel=1e-12)


def test_an_encoder_says_nothing_of_conversations() -> None:
    found = fit({"model_type": "bert"})
    assert found.needs[0].cache_gb == 0
    assert not any("conversation" in note for note in found.assumptions)
    assert any("conversation of 4096 tokens" in note for note in fit(LLAMA).assumptions)
