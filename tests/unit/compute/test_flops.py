# SPDX-License-Identifier: Apache-2.0
"""The door of the layer table: rules that hold for every model, refusals, and what it costs to ask."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.architectures import model_types
from core.compute.flops import FlopCount, count_flops, parameter_count, supported
from core.compute.inputs import Inputs, parse_inputs
from core.compute.trained import FROZEN, FULL, HEAD_ONLY, Trained, last_layers, matching
from core.errors import BadConfig
from tests.unit.compute.configs import TINY_LLAMA as LLAMA

SMALL = {
    "llama": LLAMA,
    "gpt2": {"model_type": "gpt2", "n_embd": 32, "n_head": 4, "n_layer": 3, "vocab_size": 50},
    "gemma2": {**LLAMA, "model_type": "gemma2", "architectures": ["Gemma2ForCausalLM"], "head_dim": 16},
    "mixtral": {**LLAMA, "model_type": "mixtral", "num_local_experts": 6, "num_experts_per_tok": 2},
    "deepseek_v3": {
        "model_type": "deepseek_v3",
        "hidden_size": 32,
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "n_routed_experts": 8,
        "vocab_size": 50,
    },
}
LORA = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj", "v_proj"]}
models = st.sampled_from(sorted(SMALL))
lengths = st.integers(1, 3000)


def count(config: dict[str, Any], length: int = 16, **more: Any) -> FlopCount:
    return count_flops(config, Inputs(batch=2, seq_len=length), **more)


@given(models, lengths, lengths)
def test_more_tokens_never_cost_less(name: str, one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert count(SMALL[name], short).step_flop <= count(SMALL[name], long).step_flop


@given(models, st.integers(1, 60), st.integers(0, 60))
def test_more_layers_cost_more(name: str, layers: int, more: int) -> None:
    key = "n_layer" if name == "gpt2" else "num_hidden_layers"
    few = count({**SMALL[name], key: layers})
    many = count({**SMALL[name], key: layers + more})
    assert (many.step_flop - few.step_flop, many.parameters_total - few.parameters_total) >= (0, 0)
    assert (more > 0) == (many.forward_flop > few.forward_flop)


@given(models, st.integers(1, 8), lengths)
def test_a_batch_costs_as_many_times_one_sequence(name: str, batch: int, length: int) -> None:
    one = count_flops(SMALL[name], Inputs(batch=1, seq_len=length))
    many = count_flops(SMALL[name], Inputs(batch=batch, seq_len=length))
    assert many.step_flop == batch * one.step_flop
    assert many.parameters_total == one.parameters_total


@given(models, st.sampled_from([FROZEN, HEAD_ONLY, last_layers(0), last_layers(2), last_layers(99)]), lengths)
def test_freezing_never_costs_more(name: str, trained: Trained, length: int) -> None:
    full, some = count(SMALL[name], length), count(SMALL[name], length, trained=trained)
    assert some.forward_flop == full.forward_flop
    assert some.backward_flop <= full.backward_flop
    assert 0 <= some.parameters_trainable <= some.parameters_total == full.parameters_total


@given(
    models,
    st.frozensets(st.sampled_from(["embed", "layers.0", "layers.2", "mlp", "norm", "lm_head", "q_proj"])),
)
def test_training_more_weights_never_costs_less(name: str, parts: frozenset[str]) -> None:
    less = count(SMALL[name], trained=matching(lambda one: any(part in one for part in sorted(parts)[:2])))
    more = count(SMALL[name], trained=matching(lambda one: any(part in one for part in parts)))
    assert less.step_flop <= more.step_flop <= count(SMALL[name]).step_flop
    assert less.parameters_trainable <= more.parameters_trainable


@given(models, st.integers(1, 32), st.booleans())
def test_an_adapter_adds_weights_and_saves_work_behind(name: str, rank: int, every: bool) -> None:
    adapter = {**LORA, "r": rank, "target_modules": "all-linear" if every else ["q_proj", "c_attn", "o_proj"]}
    plain, tuned = count(SMALL[name]), count(SMALL[name], adapter=adapter)
    assert tuned.parameters_total == plain.parameters_total + tuned.parameters_trainable
    assert tuned.forward_flop > plain.forward_flop
    assert tuned.backward_flop - (tuned.forward_flop - plain.forward_flop) * 2 < plain.backward_flop


@given(models, lengths)
def test_the_lines_add_up_and_full_training_is_three_passes(name: str, length: int) -> None:
    got = count(SMALL[name], length)
    assert got.step_flop == got.forward_flop + got.backward_flop == 3 * got.forward_flop
    assert sum(line.forward_flop for line in got.lines.values()) == got.forward_flop
    assert (
        sum(line.parameters for line in got.lines.values())
        == got.parameters_total
        == got.parameters_trainable
    )
    assert got.parameters_embedding <= got.parameters_active <= got.parameters_total
    assert got.causal_flop == got.attention_flop <= got.step_flop
    assert 0 < got.recompute_flop < got.forward_flop


def test_frozen_means_forward_only() -> None:
    got = count(LLAMA, trained=FROZEN)
    assert got.backward_flop == got.recompute_flop == got.parameters_trainable == 0


def test_head_only_costs_one_weight_gradient() -> None:
    got = count(LLAMA, trained=HEAD_ONLY)
    assert got.backward_flop == 2 * 32 * 64 * 100
    assert got.parameters_trainable == 6400


def test_last_layers_leave_the_head_frozen_and_the_rest_untouched() -> None:
    got = count(LLAMA, trained=last_layers(1))
    layer = 64 * (64 + 2 * 16 + 64) + 3 * 64 * 160 + 2 * 64
    assert got.parameters_trainable == layer + 64
    assert last_layers(4).last == 4
    with pytest.raises(ValueError, match="negative"):
        last_layers(-1)


def test_active_parameters_leave_out_idle_experts() -> None:
    got = count(SMALL["mixtral"])
    assert got.parameters_total - got.parameters_active == 4 * 4 * 3 * 64 * 160
    assert count(LLAMA).parameters_active == count(LLAMA).parameters_total


def test_a_tied_head_is_counted_once_and_trained_with_the_embedding() -> None:
    tied = {**LLAMA, "tie_word_embeddings": True}
    assert count(LLAMA).parameters_total - count(tied).parameters_total == 6400
    assert count(LLAMA).step_flop == count(tied).step_flop
    assert count(tied, trained=HEAD_ONLY).parameters_trainable == 6400


@pytest.mark.parametrize(
    ("model_class", "head"),
    [
        ("LlamaModel", 0),
        ("LlamaForCausalLM", 6400),
        ("LlamaForSequenceClassification", 5 * 64),
        ("LlamaForTokenClassification", 5 * 65),
        ("LlamaForQuestionAnswering", 2 * 65),
    ],
)
def test_the_class_decides_the_head(model_class: str, head: int) -> None:
    config = {**LLAMA, "id2label": {str(one): "" for one in range(5)}}
    body = parameter_count(config, model_class="LlamaModel").total
    assert parameter_count(config, model_class=model_class).total == body + head


def test_missing_keys_take_class_defaults_and_say_so() -> None:
    got = count({"model_type": "qwen2", "hidden_size": 64, "num_hidden_layers": 1})
    said = [str(note) for note in got.notes]
    assert any("vocab_size" in one and "151936" in one for one in said)
    assert any("names no model class" in one for one in said)
    assert not count(LLAMA).notes


def test_a_null_switches_a_default_off() -> None:
    base = {"model_type": "deepseek_v2", "num_experts_per_tok": 6}
    with_rank, without = parameter_count(base), parameter_count({**base, "q_lora_rank": None})
    assert with_rank.total != without.total


def test_windows_are_counted_in_full_and_said() -> None:
    config = {**LLAMA, "model_type": "mistral", "sliding_window": 8}
    assert any("8 tokens" in str(note) for note in count(config, 16).notes)
    assert not count(config, 8).notes


KEYS = (
    "hidden_size num_hidden_layers num_attention_heads vocab_size n_layer d_model num_labels "
    "tie_word_embeddings architectures head_dim num_experts_per_tok layer_types"
).split()
BAD: list[dict[str, Any]] = [
    {**LLAMA, "num_hidden_layers": 10**9},
    {**LLAMA, "num_hidden_layers": 0},
    {**LLAMA, "hidden_size": -64},
    {**LLAMA, "hidden_size": "64"},
    {**LLAMA, "hidden_size": True},
    {**LLAMA, "hidden_size": 64.0},
    {**LLAMA, "vocab_size": 10**20},
    {**LLAMA, "vocab_size": None},
    {**LLAMA, "num_attention_heads": 7},
    {**LLAMA, "num_key_value_heads": 3},
    {**LLAMA, "tie_word_embeddings": "yes"},
    {**LLAMA, "model_type": "mixtral", "num_experts_per_tok": 9},
    {**LLAMA, "model_type": "qwen3_moe", "mlp_only_layers": "none"},
    {"hidden_size": 64},
    {"model_type": ["llama"]},
    {"model_type": "nothing-like-this"},
]


@pytest.mark.parametrize("config", BAD, ids=lambda config: str(config)[-60:])
def test_bad_values_are_refused_in_plain_words(config: dict[str, Any]) -> None:
    with pytest.raises(BadConfig) as caught:
        count(config)
    assert caught.value.todo
    assert len(str(caught.value)) < 300
    assert not supported(config)


@pytest.mark.parametrize("name", ["decoders", "config", "..config", "os", "__init__", "llama\n", ""])
def test_a_type_is_a_word_of_the_list_and_never_the_name_of_a_module(name: str) -> None:
    with pytest.raises(BadConfig):
        count_flops({"model_type": name}, Inputs(seq_len=8))


def test_the_unknown_type_is_named() -> None:
    with pytest.raises(BadConfig, match="nothing-like-this"):
        count({"model_type": "nothing-like-this"})
    with pytest.raises(BadConfig, match="vision"):
        count(LLAMA, part="vision")


@given(
    st.sampled_from(model_types()),
    st.dictionaries(
        st.sampled_from(KEYS),
        st.none()
        | st.booleans()
        | st.integers(-5, 10**12)
        | st.text(max_size=5)
        | st.lists(st.integers(), max_size=3),
        max_size=5,
    ),
)
def test_no_value_leads_to_anything_but_a_count_or_a_refusal(name: str, values: dict[str, Any]) -> None:
    config = {"model_type": name, **values}
    try:
        got = count_flops(config, Inputs())
    except BadConfig:
        assert not supported(config)
    else:
        assert got.parameters_total > 0
        assert supported(config)


def test_a_405b_model_is_described_by_as_few_blocks_as_a_small_one() -> None:
    from core.compute.architectures import build
    from core.compute.layers import Call

    big = {**LLAMA, "num_hidden_layers": 126, "hidden_size": 16384, "num_attention_heads": 128}
    network, _ = build(big, Inputs(seq_len=8))
    assert len({id(step.block) for step in network.steps if isinstance(step, Call)}) == 1


def test_counting_needs_nothing_but_the_standard_library() -> None:
    """The command line must start in milliseconds: no pydantic, no yaml, nothing else of core but the errors."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from core.compute.flops import count_flops; from core.compute.inputs import Inputs\n"
        "adapter = {'r': 4, 'target_modules': ['q_proj']}\n"
        "count_flops({'model_type': 'llama'}, Inputs(seq_len=8), adapter=adapter)\n"
        "new = {m for m in set(sys.modules) - before}\n"
        "print(sorted({m.split('.')[0] for m in new} - set(sys.stdlib_module_names)))\n"
        "print(sorted(m for m in new if m.startswith('core') and not m.startswith('core.compute')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:2] == ["['core']", "['core', 'core.errors']"]


def test_inputs_are_read_from_words() -> None:
    assert parse_inputs(["batch=4", "seq_len=128"]) == Inputs(batch=4, seq_len=128)
    assert parse_inputs(["image=224x112", "latent=4x64x32"]) == Inputs(image=(224, 112), latent=(4, 64, 32))


@pytest.mark.parametrize(
    "word", ["batch=0", "batch", "seq=1", "image=224", "batch=-1", "batch=9999999999", "image=1x2x3"]
)
def test_bad_input_words_are_named(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        parse_inputs([word])


def test_full_is_what_is_meant_without_a_word() -> None:
    assert count(LLAMA) == count(LLAMA, trained=FULL)
