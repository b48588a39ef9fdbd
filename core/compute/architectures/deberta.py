# SPDX-License-Identifier: Apache-2.0
"""DeBERTa: attention to content and to relative positions, apart.

The table of relative positions is projected by every layer; in DeBERTa v3 by the same layers as the content.
Defaults and layout are those of transformers 5.23 (modeling_deberta.py, modeling_deberta_v2.py).
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import layer_block
from core.compute.architectures.encoder import Encoder, assemble
from core.compute.architectures.encoder_mixers import out
from core.compute.architectures.encoder_types import plain
from core.compute.architectures.request import Request
from core.compute.layers import Block, Value
from core.compute.notes import refuse

_LABEL = "attention"
_SELF = "attention.self"
_SIZES: dict[str, object] = {
    "max_position_embeddings": 512,
    "type_vocab_size": 0,
    "max_relative_positions": -1,
}


class Disentangled(NamedTuple):
    """`kinds`: scores of content with positions (c2p) and of positions with content (p2c). `shared`: positions go
    through the layers of the content. `fused`: the first DeBERTa, with one layer for queries, keys and values."""

    heads: int
    size: int
    kinds: tuple[str, ...]
    shared: bool
    fused: bool
    talking: bool

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer without relative positions to `t`."""
        return self._layer(t, x, None)

    def read(self, t: Block, x: Value, memory: Value) -> Value:
        """Add the layer to `t`; `memory` is the table of relative positions."""
        return self._layer(t, x, memory)

    def _layer(self, t: Block, x: Value, memory: Value | None) -> Value:
        wide = self.heads * self.size
        q, k, v = self._fused(t, x, wide) if self.fused else self._apart(t, x, wide)
        keys = x.shape[1]
        shape = (*x.shape[:-1], keys)
        scores = t.product(_LABEL, q, k, flop=2 * x.rows * keys * wide, shape=shape)
        if memory is not None:
            scores = t.mix(scores, *self._positions(t, x, q, k, memory), shape=shape)
        if self.talking:
            scores = self._talk(t, scores, "head_logits_proj")
            scores = self._talk(t, scores, "head_weights_proj")
        mixed = t.product(_LABEL, scores, v, flop=2 * x.rows * keys * wide, shape=q.shape)
        return out(t, mixed, x.width)

    def _fused(self, t: Block, x: Value, wide: int) -> tuple[Value, Value, Value]:
        fused = t.linear(f"{_SELF}.in_proj", x, 3 * wide)
        shape = (*x.shape[:-1], wide)
        q, k, v = (t.mix(fused, shape=shape) for _ in range(3))
        shifts = [t.free(f"{_SELF}.{name}_bias", (wide,), label="projections") for name in "qv"]
        return t.mix(q, shifts[0]), k, t.mix(v, shifts[1])

    def _apart(self, t: Block, x: Value, wide: int) -> tuple[Value, Value, Value]:
        names = ("query_proj", "key_proj", "value_proj")
        q, k, v = (t.linear(f"{_SELF}.{name}", x, wide, bias=True) for name in names)
        return q, k, v

    def _positions(self, t: Block, x: Value, q: Value, k: Value, table: Value) -> list[Value]:
        """Scores with the table's rows, for every token and head."""
        found = []
        for kind, content in (("c2p", q), ("p2c", k)):
            if kind not in self.kinds and not self.shared:
                continue
            rows = self._project(t, table, kind, q.width)
            if kind in self.kinds:
                flop = 2 * x.rows * table.shape[1] * q.width
                found.append(t.products(_LABEL, content, rows, flop=flop, shape=(*x.shape[:-1], x.shape[1])))
        return found

    def _project(self, t: Block, table: Value, kind: str, wide: int) -> Value:
        if self.shared:
            name = "key_proj" if kind == "c2p" else "query_proj"
            again = Block(table.shape)
            again.ends(again.linear(name, again.inputs[0], wide, bias=True))
            return t.call(_SELF, again, table, layer=False, again=True, dead=kind not in self.kinds)[0]
        if self.fused:
            name, bias = ("pos_proj", False) if kind == "c2p" else ("pos_q_proj", True)
        else:
            name, bias = ("pos_key_proj", True) if kind == "c2p" else ("pos_query_proj", True)
        return t.linear(f"{_SELF}.{name}", table, wide, bias=bias)

    def _talk(self, t: Block, scores: Value, name: str) -> Value:
        pairs = t.mix(scores, shape=(*scores.shape, self.heads))
        return t.mix(t.linear(f"{_SELF}.{name}", pairs, self.heads), shape=scores.shape)


class _Positions(NamedTuple):
    """The table of relative positions: its rows, how many of them a batch uses, whether it is normalised."""

    rows: int
    used: int
    norm: bool


def build(request: Request) -> Block:
    """The layer table of a DeBERTa with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    c = request.config
    second = request.model_type == "deberta-v2"
    _defaults(c, second=second)
    e = plain(c, "deberta")
    heads = c.count("num_attention_heads")
    each = c.share("hidden_size", e.hidden, heads)
    positions = _relative(c, request.inputs.seq_len or 1, second=second)
    mixer = Disentangled(
        heads,
        c.count("attention_head_size", each) if second else each,
        _kinds(c) if positions else (),
        shared=second and c.flag("share_att_key"),
        fused=not second,
        talking=not second and c.flag("talking_head"),
    )
    tables = e.tables if c.flag("position_biased_input", True) else e.tables[1:]
    layer = e.stack[0]._replace(attention=mixer)
    e = e._replace(
        stack=(layer,) * len(e.stack), tables=tables, pooler="", classify=("pooler.dense", "classifier")
    )
    if not c.flag("legacy", True):
        # The newer head multiplies by the word table itself.
        e = e._replace(tied=True)
    e = e._replace(embed_width=c.count("embedding_size", e.hidden))
    kernel = c.count("conv_kernel_size", 0, low=0) if second else 0
    groups = c.count("conv_groups", 1)

    def inside(t: Block, e: Encoder, batch: tuple[int, int], path: str) -> Value:
        return _layers(t, e, batch, path, positions, (kernel, groups))

    return assemble(e, request, inside)


def _defaults(c: Config, *, second: bool) -> None:
    if second:
        sizes: dict[str, object] = {"vocab_size": 128100, "hidden_size": 1536, "num_hidden_layers": 24}
        c.use({**_SIZES, **sizes, "num_attention_heads": 24, "intermediate_size": 6144})
    else:
        sizes = {"vocab_size": 50265, "hidden_size": 768, "num_hidden_layers": 12}
        c.use({**_SIZES, **sizes, "num_attention_heads": 12, "intermediate_size": 3072})


def _kinds(c: Config) -> tuple[str, ...]:
    value = c.get("pos_att_type")
    words = c.word("pos_att_type").split("|") if isinstance(value, str) else c.names("pos_att_type") or ()
    return tuple(word.strip().lower() for word in words)


def _relative(c: Config, length: int, *, second: bool) -> _Positions | None:
    """None without relative attention."""
    if not c.flag("relative_attention"):
        return None
    most = c.count("max_relative_positions", -1, low=-1)
    most = most if most > 0 else c.count("max_position_embeddings")
    buckets = c.count("position_buckets", -1, low=-1) if second else 0
    if second:
        span = buckets if buckets > 0 else most
        norm = "layer_norm" in c.word("norm_rel_ebd", "none").lower()
        return _Positions(2 * span, 2 * span, norm)
    return _Positions(2 * most, 2 * min(length, most), norm=False)


def _layers(
    t: Block,
    e: Encoder,
    batch: tuple[int, int],
    path: str,
    relative: _Positions | None,
    conv: tuple[int, int],
) -> Value:
    wide = e.embed_width
    x = t.embedding(path + e.word, e.vocab, wide, batch)
    for name, rows in e.tables:
        x = t.mix(x, t.embedding(path + name, rows, wide, batch))
    if wide != e.hidden:
        x = t.linear(f"{path}embeddings.embed_proj", x, e.hidden)
    x = first = t.norm(path + e.embed_norm, x, bias=True)
    more: list[Value] = []
    if relative is not None:
        table = t.embedding(f"{path}encoder.rel_embeddings", relative.rows, e.hidden, (1, relative.used))
        more.append(t.norm(f"{path}encoder.LayerNorm", table, bias=True) if relative.norm else table)
    block = layer_block(e.stack[0], x.shape, *(value.shape for value in more))
    for index in range(len(e.stack)):
        x = t.layer(f"{path}{e.layers}.{index}", block, x, *more)
        if index == 0 and conv[0]:
            kernel, groups = conv
            pad = (kernel - 1) // 2
            near = t.conv(
                f"{path}encoder.conv.conv", first, e.hidden, kernel=(kernel,), padding=pad, groups=groups
            )
            x = t.norm(f"{path}encoder.conv.LayerNorm", t.mix(x, t.mix(near), shape=x.shape), bias=True)
    return x
