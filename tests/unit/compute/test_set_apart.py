# SPDX-License-Identifier: Apache-2.0
"""Configurations that set values of single layers, as transformers 5.2x writes them. Totals: named_parameters() on the meta device, 5.23."""

from typing import Any

import pytest

from core.compute.flops import count_flops, parameter_count
from core.compute.inputs import Inputs
from core.errors import BadConfig

TEXT: dict[str, Any] = {
    "vocab_size": 300, "vocab_size_per_layer_input": 300, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "hidden_size_per_layer_input": 8,
    "layer_types": ["sliding_attention", "full_attention"], "num_kv_shared_layers": 0,
}  # fmt: skip
VISION = {"hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 3,
          "num_key_value_heads": 3, "head_dim": 8, "patch_size": 4, "position_embedding_size": 64}  # fmt: skip
AUDIO = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "conv_kernel_size": 3,
         "subsampling_conv_channels": [16, 8], "output_proj_dims": 24}  # fmt: skip
OLD, NEW = {"global_head_dim": 16}, {"per_layer_config": {"1": {"head_dim": 16}}}


def gemma4(text: dict[str, Any], **towers: Any) -> dict[str, Any]:
    named = {"model_type": "gemma4", "architectures": ["Gemma4ForConditionalGeneration"]}
    return {**named, "text_config": {**TEXT, **text}, **towers}


@pytest.mark.parametrize("wide", [OLD, NEW])
@pytest.mark.parametrize(
    ("towers", "total"),
    [({}, 34_776), ({"vision_config": VISION}, 50_360), ({"audio_config": AUDIO}, 88_616)],
)
def test_gemma_4_with_its_towers(wide: dict[str, Any], towers: dict[str, Any], total: int) -> None:
    assert parameter_count(gemma4(wide, **towers)).total == total


def test_heads_of_wide_layers_by_old_and_new_files() -> None:
    single = {"attention_k_eq_v": True}
    old = gemma4({**OLD, **single, "num_global_key_value_heads": 1})
    new = gemma4({**single, "per_layer_config": {"1": {"head_dim": 16, "num_key_value_heads": 1}}})
    inputs = Inputs(seq_len=8)
    assert count_flops(old, inputs) == count_flops(new, inputs)
    # Keys of one head and no values of their own, instead of keys and values of two heads.
    assert parameter_count(old).total == 34_776 - 3 * 16 * 32


def test_a_layer_that_is_set_like_the_others_has_their_sizes() -> None:
    """A file of the new form in which the wide layers have no wider heads names none of them."""
    same = gemma4({"per_layer_config": {"0": {"intermediate_size": 48}}})
    assert parameter_count(same).total == 34_776 - (2 * 32 * 32 + 2 * 16 * 32) - 2 * 8


@pytest.mark.parametrize(
    "apart",
    [{"2": {"head_dim": 16}}, {"1": {"skip": ["mlp"]}}, {"1": 16}, {"-1": {}}, {"01": {"head_dim": 8}}, [1]],
)
def test_what_cannot_be_read_is_refused(apart: Any) -> None:
    with pytest.raises(BadConfig, match="per_layer_config"):
        parameter_count(gemma4({"per_layer_config": apart}))


def test_other_types_with_layers_set_apart_are_not_counted_wrong() -> None:
    """NVIDIA's pruned Llamas, for instance."""
    llama = {"model_type": "llama", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
             "num_attention_heads": 4, "vocab_size": 100}  # fmt: skip
    assert parameter_count({**llama, "per_layer_config": {}}) == parameter_count(llama)
    with pytest.raises(BadConfig, match="sets some layers apart"):
        parameter_count({**llama, "per_layer_config": {"0": {"intermediate_size": 16}}})


@pytest.mark.parametrize("channels", [[16], [], [16, 8, 4], "x"])
def test_the_channels_of_the_sound_are_two(channels: Any) -> None:
    config = gemma4(NEW, audio_config={**AUDIO, "subsampling_conv_channels": channels})
    if channels == []:
        assert parameter_count(config).total > 88_616  # none given: the class's own
        return
    with pytest.raises(BadConfig, match="subsampling_conv_channels"):
        parameter_count(config)
