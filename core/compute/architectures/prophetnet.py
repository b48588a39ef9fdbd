# SPDX-License-Identifier: Apache-2.0
"""ProphetNet: the decoder predicts several tokens ahead, with one stream of values for each.

Defaults and layout are those of transformers 5.23 (modeling_prophetnet.py).
"""

from typing import NamedTuple

from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS: dict[str, object] = {
    "vocab_size": 30522,
    "hidden_size": 1024,
    "num_encoder_layers": 12,
    "num_decoder_layers": 12,
    "num_encoder_attention_heads": 16,
    "num_decoder_attention_heads": 16,
    "encoder_ffn_dim": 4096,
    "decoder_ffn_dim": 4096,
    "max_position_embeddings": 512,
    "ngram": 2,
    "num_buckets": 32,
}
_LABEL = "attention"


class _Sizes(NamedTuple):
    """One half's widths; `buckets` relative positions for each head; `length` of a stream and how many there are."""

    inner: int
    places: int = 0
    length: int = 0
    streams: int = 0


def build(request: Request) -> Block:
    """The layer table of a ProphetNet, with or without its output head."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    c, inputs, name = request.config.use(_DEFAULTS), request.inputs, request.model_class
    if not name:
        c.notes.append(note("head", head="ForConditionalGeneration"))
    alone = name.endswith("ForCausalLM")
    with_head = not name or alone or name.endswith("ForConditionalGeneration")
    if not with_head and not name.endswith("NetModel"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    hidden, vocab, rows = c.count("hidden_size"), c.count("vocab_size"), c.count("max_position_embeddings")
    heads = c.count("num_decoder_attention_heads")
    c.share("hidden_size", hidden, heads)
    path = "prophetnet." if with_head else ""
    t = Block()
    words = f"{path}word_embeddings"
    if not c.flag("tie_word_embeddings", True):
        # Each half has a table of its own then, and the shared one is left over.
        t.free(f"{path}decoder.word_embeddings", (1,), count=vocab * hidden)
        t.free(f"{path}encoder.word_embeddings", (1,), count=0 if alone else vocab * hidden)
    # The decoder alone has its attention to an encoder, which runs over nothing.
    read = 0 if alone else inputs.encoder_len or inputs.seq_len or 1
    x = t.embedding(words, vocab, hidden, (inputs.batch, read))
    if not alone:
        x = t.mix(x, t.embedding(f"{path}encoder.position_embeddings", rows, hidden, x.shape[:-1]))
        x = t.norm(f"{path}encoder.embeddings_layer_norm", x, bias=True)
        block = _encoder(x.shape, _Sizes(c.count("encoder_ffn_dim")))
        for index in range(c.layers("num_encoder_layers")):
            x = t.layer(f"{path}encoder.layers.{index}", block, x)
    length, ahead = inputs.decoder_len or inputs.seq_len or 1, c.count("ngram", high=1000)
    y = t.embedding(words, vocab, hidden, (inputs.batch, length), shares=words)
    y = t.mix(y, t.embedding(f"{path}decoder.position_embeddings", rows, hidden, y.shape[:-1]))
    streams = t.embedding(f"{path}decoder.ngram_embeddings", ahead, hidden, (inputs.batch, ahead))
    y = t.mix(y, streams, shape=(inputs.batch, (1 + ahead) * length, hidden))
    y = t.norm(f"{path}decoder.embeddings_layer_norm", y, bias=True)
    sizes = _Sizes(c.count("decoder_ffn_dim"), c.count("num_buckets") * heads, length, ahead)
    block = _decoder(y.shape, x.shape, sizes)
    for index in range(c.layers("num_decoder_layers")):
        y = t.layer(f"{path}decoder.layers.{index}", block, y, x)
    if with_head:
        y = t.mix(y, shape=(inputs.batch, ahead * length, hidden))
        shares = words if c.flag("tie_word_embeddings", True) else ""
        y = t.linear("lm_head", y, vocab, shares=shares, label="output head", role="head")
    return t.ends(y)


def _qkv(t: Block, name: str, x: Value, memory: Value) -> tuple[Value, Value, Value]:
    q = t.linear(f"{name}.query_proj", x, x.width, bias=True)
    k = t.linear(f"{name}.key_proj", memory, x.width, bias=True)
    return q, k, t.linear(f"{name}.value_proj", memory, x.width, bias=True)


def _sum(t: Block, name: str, x: Value, y: Value, project: str = "") -> Value:
    if project:
        y = t.linear(f"{project}.out_proj", y, x.width, bias=True)
    return t.norm(name, t.mix(x, y), bias=True)


def _feed(t: Block, x: Value, inner: int) -> Value:
    label = "feed-forward"
    y = t.linear("feed_forward.intermediate", x, inner, bias=True, label=label)
    y = t.linear("feed_forward.output", t.mix(y), x.width, bias=True, label=label)
    return _sum(t, "feed_forward_layer_norm", x, y)


def _encoder(shape: Shape, s: _Sizes) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    mixed = t.attention(*_qkv(t, "self_attn", x, x), width=x.width, causal=False)
    return t.ends(_feed(t, _sum(t, "self_attn_layer_norm", x, mixed, "self_attn"), s.inner))


def _decoder(shape: Shape, memory: Shape, s: _Sizes) -> Block:
    t = Block(shape, memory)
    x, read = t.inputs
    q, k, v = _qkv(t, "self_attn", x, x)
    places = t.linear("self_attn.relative_pos_embeddings", x, s.places, bias=True)
    # The main stream sees its own tokens, each further stream the main one's and its own.
    flop = 2 * shape[0] * s.length * s.length * x.width * (1 + 2 * s.streams)
    scores = t.mix(t.product(_LABEL, q, k, flop=flop, shape=q.shape), places, shape=q.shape)
    mixed = t.product(_LABEL, scores, v, flop=flop, shape=q.shape)
    x = _sum(t, "self_attn_layer_norm", x, mixed, "self_attn")
    if memory[1]:
        mixed = t.attention(*_qkv(t, "cross_attn", x, read), width=x.width, causal=False)
        x = _sum(t, "cross_attn_layer_norm", x, mixed, "cross_attn")
    else:
        nothing = t.mix(x, shape=(shape[0], 0, x.width), detached=True)
        mixed = t.attention(*_qkv(t, "cross_attn", nothing, read), width=x.width, causal=False)
        _sum(t, "cross_attn_layer_norm", nothing, mixed, "cross_attn")
    return t.ends(_feed(t, x, s.inner))
