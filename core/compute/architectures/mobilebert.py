# SPDX-License-Identifier: Apache-2.0
"""MobileBERT: thin layers between bottlenecks, several feed-forwards in each. Layout of transformers 5.23."""

from typing import NamedTuple

from core.compute.architectures.encoder import Encoder, assemble
from core.compute.architectures.encoder_types import plain
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_DEFAULTS: dict[str, object] = {
    "vocab_size": 30522,
    "hidden_size": 512,
    "num_hidden_layers": 24,
    "num_attention_heads": 4,
    "intermediate_size": 512,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "embedding_size": 128,
    "intra_bottleneck_size": 128,
    "num_feedforward_networks": 4,
}


class _Thin(NamedTuple):
    """One layer: the width inside, whether there is a bottleneck, whether attention reads through it."""

    heads: int
    width: int
    inner: int
    feeds: int
    bottleneck: bool
    attention: bool
    key_query: bool


def build(request: Request) -> Block:
    """The layer table of a MobileBERT with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    c = request.config.use(_DEFAULTS)
    e = plain(c, "mobilebert")
    bottleneck = c.flag("use_bottleneck", True)
    thin = _Thin(
        c.count("num_attention_heads"),
        c.count("intra_bottleneck_size") if bottleneck else e.hidden,
        c.count("intermediate_size"),
        c.count("num_feedforward_networks"),
        bottleneck,
        c.flag("use_bottleneck_attention"),
        c.flag("key_query_shared_bottleneck", True),
    )
    c.share("intra_bottleneck_size", thin.width, thin.heads)
    width, trigram = c.count("embedding_size"), c.flag("trigram_input", True)
    pools = c.flag("classifier_activation", True)
    e = e._replace(pooler="pooler.dense" if pools else "", mlm_width=e.hidden, split_head=width)

    def inside(t: Block, e: Encoder, batch: tuple[int, int], path: str) -> Value:
        x = t.embedding(path + e.word, e.vocab, width, batch)
        x = t.mix(x, shape=(*batch, width * (3 if trigram else 1)))
        name = f"{path}embeddings.embedding_transformation"
        if trigram or width != e.hidden:
            x = t.linear(name, x, e.hidden, bias=True)
        else:
            t.linear(name, t.mix(x, shape=(0, width)), e.hidden, bias=True, dead=True)
        for table, rows in e.tables:
            x = t.mix(x, t.embedding(path + table, rows, e.hidden, batch))
        x = t.norm(f"{path}embeddings.LayerNorm", x, bias=True)
        block = _layer(thin, x.shape)
        for index in range(len(e.stack)):
            x = t.layer(f"{path}{e.layers}.{index}", block, x)
        return x

    return assemble(e, request, inside)


def _layer(m: _Thin, shape: Shape) -> Block:
    t = Block(shape)
    (x,) = t.inputs

    def through(name: str, value: Value, out: int, beside: Value | None = None) -> Value:
        y = t.linear(f"{name}.dense", value, out, bias=True, label="feed-forward")
        return t.norm(f"{name}.LayerNorm", y if beside is None else t.mix(y, beside), bias=True)

    thin = through("bottleneck.input", x, m.width) if m.bottleneck else x
    asks = x
    reads = x
    if m.bottleneck and m.key_query:
        shared = through("bottleneck.attention", x, m.width) if not m.attention else None
        if shared is None:
            t.linear(
                "bottleneck.attention.dense", t.mix(x, shape=(0, x.width)), m.width, bias=True, dead=True
            )
            t.norm("bottleneck.attention.LayerNorm", t.mix(x, shape=(0, m.width)), bias=True)
        else:
            asks = shared
    if m.bottleneck and m.attention:
        asks = reads = thin
    q, k = (t.linear(f"attention.self.{name}", asks, m.width, bias=True) for name in ("query", "key"))
    v = t.linear("attention.self.value", reads, m.width, bias=True)
    y = through("attention.output", t.attention(q, k, v, width=m.width, causal=False), m.width, thin)

    def feed(path: str, value: Value) -> Value:
        inner = t.linear(f"{path}intermediate.dense", value, m.inner, bias=True, label="feed-forward")
        return through(f"{path}output", t.mix(inner), m.width, value)

    for index in range(m.feeds - 1):
        y = feed(f"ffn.{index}.", y)
    y = feed("", y)
    return t.ends(through("output.bottleneck", y, shape[-1], x) if m.bottleneck else y)
