# SPDX-License-Identifier: Apache-2.0
"""RWKV 4: a recurrence per channel (elementwise, so it counts nothing) between linear layers.

Defaults and layout are those of transformers 5.23 (modeling_rwkv.py).
"""

from typing import NamedTuple

from core.compute.architectures.decoder import head_of
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS = {"vocab_size": 50277, "hidden_size": 4096, "num_hidden_layers": 32}


class _Widths(NamedTuple):
    attention: int
    inner: int


def build(request: Request) -> Block:
    """The layer table of an RWKV model."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    head = head_of(request)
    if head not in ("lm", "none"):
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    c = request.config.use(_DEFAULTS)
    c.notes.append(note("scan"))
    hidden, vocab = c.count("hidden_size"), c.count("vocab_size")
    widths = _Widths(c.count("attention_hidden_size", hidden), c.count("intermediate_size", 4 * hidden))
    path = "rwkv." if head == "lm" else ""
    t = Block()
    x = t.embedding(f"{path}embeddings", vocab, hidden, (request.inputs.batch, request.inputs.seq_len or 1))
    first, later = (_layer(x.shape, widths, first=one) for one in (True, False))
    for index in range(c.layers()):
        x = t.layer(f"{path}blocks.{index}", later if index else first, x)
    x = t.norm(f"{path}ln_out", x, bias=True, role="final_norm")
    if head == "lm":
        shares = f"{path}embeddings" if c.flag("tie_word_embeddings") else ""
        x = t.linear("head", x, vocab, shares=shares, label="output head", role="head")
    return t.ends(x)


def _layer(shape: Shape, w: _Widths, *, first: bool) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    if first:
        x = t.norm("pre_ln", x, bias=True)
    x = t.mix(x, _time_mix(t, t.norm("ln1", x, bias=True), w.attention))
    return t.ends(t.mix(x, _channel_mix(t, t.norm("ln2", x, bias=True), w.inner)))


def _shifted(t: Block, x: Value, name: str) -> Value:
    """Each token mixed with the one before, by a learned share per channel."""
    return t.mix(x, t.free(name, (x.width,), label="projections"))


def _time_mix(t: Block, x: Value, width: int) -> Value:
    path = "attention."
    r, k, v = (
        t.linear(path + name, _shifted(t, x, f"{path}time_mix_{name}"), width)
        for name in ("receptance", "key", "value")
    )
    decay = [t.free(f"{path}time_{name}", (width,), label="projections") for name in ("decay", "first")]
    y = t.mix(t.mix(k), v, t.mix(r), *decay)
    return t.linear(f"{path}output", y, x.width)


def _channel_mix(t: Block, x: Value, width: int) -> Value:
    path = "feed_forward."
    label = "feed-forward"
    k = t.linear(f"{path}key", _shifted(t, x, f"{path}time_mix_key"), width, label=label)
    v = t.linear(f"{path}value", t.mix(k), x.width, label=label)
    r = t.linear(f"{path}receptance", _shifted(t, x, f"{path}time_mix_receptance"), x.width, label=label)
    return t.mix(v, r, keeps=True)
