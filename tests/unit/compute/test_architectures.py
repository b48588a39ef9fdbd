# SPDX-License-Identifier: Apache-2.0
"""Model types: every one builds, has distinct weight names, and keeps to its published size where that is known."""

from collections import Counter
from typing import Any

import pytest

from core.compute.architectures import build, model_types
from core.compute.flops import count_flops, parameter_count
from core.compute.inputs import Inputs
from core.compute.layers import Block, Call
from core.errors import BadConfig

NEEDED: dict[str, dict[str, Any]] = {
    # The class defaults make no model: its two widths differ.
    "HunyuanDiT2DModel": {"hidden_size": 1408},
    "deepseek_v2": {"num_experts_per_tok": 6},
    "esm": {"vocab_size": 33},
}


def weight_names(block: Block, prefix: str = "") -> Counter[str]:
    names: Counter[str] = Counter()
    for step in block.steps:
        if isinstance(step, Call):
            if not step.again:
                names.update(weight_names(step.block, f"{prefix}{step.prefix}."))
        elif step.weights or step.bias:
            names[prefix + step.name] += 1
    return names


@pytest.mark.parametrize("name", model_types())
def test_the_class_defaults_make_a_model_whose_weights_are_told_apart(name: str) -> None:
    network, reader = build({"model_type": name, **NEEDED.get(name, {})}, Inputs(seq_len=8))
    names = weight_names(network)
    assert [one for one, times in names.items() if times > 1] == []
    assert all(part for one in names for part in one.split("."))
    assert reader.notes


# Parameters of the released checkpoints, as their model cards or safetensors headers give them.
PUBLISHED: list[tuple[dict[str, Any], str, int]] = [
    ({"model_type": "gpt2"}, "GPT2LMHeadModel", 124_439_808),
    ({"model_type": "bert"}, "BertModel", 109_482_240),
    ({"model_type": "distilbert"}, "DistilBertModel", 66_362_880),
    (
        {"model_type": "roberta", "max_position_embeddings": 514, "type_vocab_size": 1},
        "RobertaModel",
        124_645_632,
    ),
    ({"model_type": "mpnet", "max_position_embeddings": 514}, "MPNetModel", 109_486_464),
    ({"model_type": "llama"}, "LlamaForCausalLM", 6_738_415_616),
    ({"model_type": "mistral"}, "MistralForCausalLM", 7_241_732_096),
    ({"model_type": "mixtral"}, "MixtralForCausalLM", 46_702_792_704),
    ({"model_type": "gptj"}, "GPTJForCausalLM", 6_050_882_784),
    ({"model_type": "gpt_neox", "vocab_size": 50432}, "GPTNeoXForCausalLM", 20_554_567_680),
    ({"model_type": "falcon"}, "FalconForCausalLM", 6_921_720_704),
]


@pytest.mark.parametrize(("config", "model_class", "parameters"), PUBLISHED)
def test_published_sizes(config: dict[str, Any], model_class: str, parameters: int) -> None:
    assert parameter_count(config, model_class=model_class).total == parameters


def test_the_unused_pooler_costs_no_backward_pass() -> None:
    got = count_flops({"model_type": "bert"}, Inputs(seq_len=16), model_class="BertModel")
    assert 3 * got.forward_flop - got.step_flop == 2 * 2 * 768 * 768
    used = count_flops(
        {"model_type": "bert"}, Inputs(seq_len=16), model_class="BertForSequenceClassification"
    )
    assert used.step_flop == 3 * used.forward_flop


def test_shared_layers_are_run_often_and_held_once() -> None:
    one = {"model_type": "albert", "num_hidden_layers": 1}
    twelve = {"model_type": "albert", "num_hidden_layers": 12}
    three_sets = {**twelve, "num_hidden_groups": 3}
    assert parameter_count(one).total == parameter_count(twelve).total < parameter_count(three_sets).total
    few, many = (count_flops(config, Inputs(seq_len=16)) for config in (one, twelve))
    layer = (many.forward_flop - few.forward_flop) // 11
    assert layer * 12 < many.forward_flop < layer * 13


def test_a_mask_of_an_encoder_is_not_causal() -> None:
    got = count_flops({"model_type": "bert"}, Inputs(seq_len=16))
    assert got.causal_flop == 0 < got.attention_flop


@pytest.mark.parametrize(
    ("name", "model_class"), [("bert", "BertForNothing"), ("llama", "T5"), ("albert", "AlbertForWater")]
)
def test_unknown_classes_are_refused(name: str, model_class: str) -> None:
    with pytest.raises(BadConfig, match=model_class):
        count_flops({"model_type": name}, Inputs(), model_class=model_class)


def test_a_class_that_the_file_names_and_nobody_knows_is_said() -> None:
    base = {"model_type": "bert", "num_hidden_layers": 2}
    usual = count_flops(base, Inputs(seq_len=16))
    got = count_flops({**base, "architectures": ["BertForNothing"]}, Inputs(seq_len=16))
    assert got.forward_flop == usual.forward_flop
    assert any("BertForNothing" in str(note) for note in got.notes)
    assert not any("BertForNothing" in str(note) for note in usual.notes)


def test_expert_layers_follow_the_configuration() -> None:
    base = {"model_type": "qwen3_moe", "num_hidden_layers": 6}
    all_experts = parameter_count(base)
    every_second = parameter_count({**base, "decoder_sparse_step": 2})
    none_first = parameter_count({**base, "mlp_only_layers": [0, 2, 4]})
    assert every_second.total == none_first.total < all_experts.total
    assert all_experts.active < all_experts.total
