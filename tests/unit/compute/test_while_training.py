# SPDX-License-Identifier: Apache-2.0
"""Layers that training leaves out at random, and layers that end in dropout."""

from typing import Any

import pytest

from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from tests.unit.compute.test_witnesses import central, weighed

WAVE: dict[str, Any] = {
    "model_type": "wav2vec2", "vocab_size": 20, "hidden_size": 32, "num_hidden_layers": 6, "num_attention_heads": 4,
    "intermediate_size": 64, "conv_dim": [16, 16], "conv_stride": [5, 2], "conv_kernel": [10, 3],
    "num_feat_extract_layers": 2, "num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 4,
}  # fmt: skip
BART: dict[str, Any] = {
    "model_type": "m2m_100", "vocab_size": 64, "d_model": 32, "encoder_layers": 4, "decoder_layers": 2,
    "encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64,
}  # fmt: skip


def layers(config: dict[str, Any], inputs: Inputs, *changes: tuple[str, int]) -> int:
    """A step of all stacked layers, from the difference that more of them make."""
    whole = count_flops(config, inputs)
    fewer = count_flops({**config, **{key: value // 2 for key, value in changes}}, inputs)
    return 2 * (whole.step_flop - fewer.step_flop)


def test_a_tenth_of_the_layers_of_a_sound_encoder_is_left_out() -> None:
    inputs = Inputs(samples=8000)
    stacked = layers(WAVE, inputs, ("num_hidden_layers", 6))
    assert count_flops(WAVE, inputs).skipped_flop == pytest.approx(0.1 * stacked, rel=1e-6)
    assert count_flops({**WAVE, "layerdrop": 0.3}, inputs).skipped_flop == pytest.approx(0.3 * stacked)
    assert count_flops({**WAVE, "layerdrop": 0}, inputs).skipped_flop == 0
    for odd in (True, "0.5", 1, -0.1, 7):
        assert count_flops({**WAVE, "layerdrop": odd}, inputs).skipped_flop == pytest.approx(0.1 * stacked)


def test_each_half_of_a_translator_has_its_own_chance() -> None:
    inputs = Inputs(encoder_len=16, decoder_len=12)
    encoder = layers(BART, inputs, ("encoder_layers", 4))
    decoder = layers(BART, inputs, ("decoder_layers", 2))
    usual = count_flops(BART, inputs).skipped_flop
    assert usual == pytest.approx(0.05 * (encoder + decoder), rel=0.01)
    one = count_flops({**BART, "encoder_layerdrop": 0.2, "decoder_layerdrop": 0.0}, inputs).skipped_flop
    assert one == pytest.approx(0.2 * encoder, rel=0.01)
    assert count_flops({**BART, "model_type": "marian"}, inputs).skipped_flop == 0


def test_a_run_is_weighed_without_the_layers_that_were_left_out() -> None:
    run = {"config": {**WAVE, "layerdrop": 0.0}}
    whole = central(weighed(run, samples=100))
    fewer = weighed({"config": {**WAVE, "layerdrop": 0.5}}, samples=100)
    assert 0.5 < central(fewer) / whole < 0.95
    own = fewer.accounts.own
    assert own is not None
    assert any("LayerDrop" in note for note in own.assumptions)


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"model_type": "gpt2", "n_embd": 32, "n_layer": 2, "n_head": 4}, "resid_pdrop"),
        ({"model_type": "esm", "vocab_size": 33, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
          "intermediate_size": 64}, "hidden_dropout_prob"),
        ({"model_type": "t5", "d_model": 32, "d_ff": 64, "d_kv": 8, "num_layers": 2, "num_heads": 4}, "dropout_rate"),
    ],
)  # fmt: skip
def test_a_layer_that_ends_in_dropout_is_run_again_to_its_end(config: dict[str, Any], key: str) -> None:
    """Its mask is the last thing stored; without it the last product is not run again."""
    inputs = Inputs(seq_len=16, encoder_len=16, decoder_len=16)
    dropped, plain = count_flops(config, inputs), count_flops({**config, key: 0.0}, inputs)
    assert dropped.step_flop == plain.step_flop
    assert dropped.recompute_flop > 1.2 * plain.recompute_flop
    assert dropped.recompute_flop < dropped.forward_flop
    llama = {"model_type": "llama", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
             "num_attention_heads": 4}  # fmt: skip
    assert count_flops({**llama, key: 0.5}, inputs) == count_flops(llama, inputs)


def test_both_halves_of_t5_are_run_again_as_measured() -> None:
    """transformers 5.23, PyTorch 2.13: 32 pairs of 20 and 20 tokens with gradient checkpointing, by FlopCounterMode."""
    config = {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 128, "d_model": 32,
              "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4, "dropout_rate": 0.1}  # fmt: skip
    one = count_flops(config, Inputs(encoder_len=20, decoder_len=20))
    assert 32 * (one.step_flop + one.recompute_flop) == 264_765_440
