# SPDX-License-Identifier: Apache-2.0
"""nanochat: the classes of transformers 5.23 (modeling_nanochat.py), and those of the repository itself (nanochat/gpt.py).

The repository writes its own keys (n_embd). Since it has windows (window_pattern) each second layer, the last among them, also
mixes a table of values into what it attends to, through a gate that reads the first channels; norms hold no weights.
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import assemble, head_of
from core.compute.architectures.decoder_types import Recipe, usual
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_OF_TRANSFORMERS = Recipe(
    usual(50304, 768, 8192, 12, 6),
    qkv_bias="attention_bias",
    out_bias="attention_bias",
    mlp={"ups": ("fc1",), "down": "fc2", "gated": False},
    layer={"norm_size": 0},
    more={"norm_size": 0},
)
_OWN = {"sequence_len": 2048, "vocab_size": 32768, "n_layer": 12, "n_head": 6, "n_embd": 768}
_PADDED_TO = 64
_GATE, _SMEAR = 12, 24
"""Channels that the gates read."""


class _Values(NamedTuple):
    """Attention whose values are mixed with those of a table of `words` rows."""

    a: Attention
    words: int

    def run(self, t: Block, x: Value) -> Value:
        a, path = self.a, f"{self.a.name}."
        q = t.linear(path + a.names[0], x, a.width)
        k = t.linear(path + a.names[1], x, a.kv_width)
        v = t.linear(path + a.names[2], x, a.kv_width)
        kept = t.embedding("value_embeds", self.words, a.kv_width, x.shape[:-1])
        gate = t.linear(f"{path}ve_gate", t.mix(x, shape=(*x.shape[:-1], _GATE)), a.kv_heads)
        mixed = t.attention(q, k, t.mix(v, kept, gate, shape=v.shape), width=a.width, causal=True)
        return t.linear(path + a.out, mixed, x.width)


def build(request: Request) -> Block:
    """The layer table of a nanochat model."""
    if "n_embd" not in request.config.values:
        return assemble(_OF_TRANSFORMERS.read(request.config), request)
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if head_of(request) != "lm":
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    return _own(request)


def _own(request: Request) -> Block:
    c = request.config
    newer = "window_pattern" in c.values
    c.use(_OWN)
    heads, hidden = c.count("n_head"), c.count("n_embd")
    words = _PADDED_TO * -(-c.count("vocab_size") // _PADDED_TO)
    a = Attention(
        heads,
        c.count("n_kv_head", heads),
        c.share("n_embd", hidden, heads),
        name="attn",
        names=("c_q", "c_k", "c_v"),
        out="c_proj",
    )
    f = FeedForward(4 * hidden, ups=("c_fc",), down="c_proj", gated=False)
    layers = c.layers("n_layer")
    t = Block()
    x = t.embedding("transformer.wte", words, hidden, (request.inputs.batch, request.inputs.seq_len or 1))
    if newer:
        batch, length = x.shape[:2]  # the first token has none before it to be smeared with
        gate = t.linear("smear_gate", t.mix(x, shape=(batch, max(1, length - 1), _SMEAR)), 1)
        x = t.mix(x, gate, t.free("lambdas", (2 * layers + 2,), label="projections"), shape=x.shape)
        _windows(c, request.inputs.seq_len or 1)
    plain, mixing = (_block(x.shape, a, f, words if one else 0) for one in (False, newer))
    for index in range(layers):
        last = index % 2 == (layers - 1) % 2
        x = t.layer(f"transformer.h.{index}", mixing if last else plain, x)
    return t.ends(t.linear("lm_head", x, words, label="output head", role="head"))


def _block(shape: Shape, a: Attention, f: FeedForward, words: int) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    x = t.mix(x, _Values(a, words).run(t, x) if words else attend(t, x, a))
    return t.ends(t.mix(x, feed_forward(t, x, f)))


def _windows(c: Config, length: int) -> None:
    """A short window is a quarter of the longest text, in steps of 128."""
    short = 128 * -(-c.count("sequence_len") // 512)
    if "S" in (c.word("window_pattern", "L") or "").upper() and length > short:
        c.notes.append(note("window", window=short))
