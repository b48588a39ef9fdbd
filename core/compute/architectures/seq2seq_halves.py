# SPDX-License-Identifier: Apache-2.0
"""One half of an encoder-decoder by itself: BART's kin and Whisper as decoders of text, Whisper's encoder as a
classifier of sound. Layout of transformers 5.23 (modeling_bart.py, modeling_marian.py, modeling_whisper.py)."""

from core.compute.architectures import Request
from core.compute.architectures.seq2seq import Pair, half_of, sound
from core.compute.layers import Block

_LABEL = "output head"


def decoder_alone(m: Pair, request: Request) -> Block:
    """`...ForCausalLM`: the decoder with its head. Its attention to an encoder is there and never runs."""
    inputs = request.inputs
    t = Block()
    words = f"{m.prefix}.decoder.embed_tokens"
    length = inputs.seq_len or inputs.decoder_len or 1
    x = t.embedding(words, m.decoder_vocab or m.vocab, m.hidden, (inputs.batch, length))
    x = half_of(t, m.decoder, x, f"{m.prefix}.")
    # BigBird-Pegasus names no tied weights in this class. Marian's makes a head for the encoder's words; tied to the
    # table, it is as large as the table.
    tied = m.tied and request.model_type != "bigbird_pegasus"
    wide = (m.decoder_vocab or m.vocab) if tied else m.vocab
    return t.ends(t.linear(m.head, x, wide, shares=words if tied else "", label=_LABEL, role="head"))


def sound_classes(m: Pair, request: Request) -> Block:
    """`...ForAudioClassification`: the encoder, a projection of each frame, and a class for their mean."""
    c, t = request.config, Block()
    x = half_of(t, m.encoder, sound(t, m, request, ""), "")
    if c.flag("use_weighted_layer_sum"):
        # The mean of all layers by trained weights: each of them reaches the loss by itself.
        x = t.mix(x, t.free("layer_weights", (m.encoder.layers + 1,), label="norms"), keeps=True)
    x = t.linear("projector", x, c.count("classifier_proj_size", 256), bias=True, label=_LABEL)
    pooled = t.mix(x, shape=(x.shape[0], x.width))
    return t.ends(t.linear("classifier", pooled, c.labels(), bias=True, label=_LABEL, role="head"))
