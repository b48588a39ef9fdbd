# SPDX-License-Identifier: Apache-2.0
"""Building blocks that many families share: self-attention, feed-forward, routed experts."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, runtime_checkable

from core.compute.layers import Block, Value


class Attention(NamedTuple):
    """Self-attention. `names` holds q, k, v apart, or one fused projection; `norm_sizes` the numbers in the norms on
    queries and keys (0: none). `biases` are those of q, k, v (fused: the first counts) and of the output. `sub_norm`
    sits before the output projection. `differential`: DiffLlama's, which attends twice with half of the value
    heads. `sinks`: one learned score per head. `gate`: the first projection also makes a gate for the output.
    `pad_to`: heads are filled up to a multiple of this size while they attend."""

    heads: int
    kv_heads: int
    head_dim: int
    name: str = "self_attn"
    names: tuple[str, ...] = ("q_proj", "k_proj", "v_proj")
    out: str = "o_proj"
    biases: tuple[bool, bool, bool, bool] = (False, False, False, False)
    norm_names: tuple[str, str] = ("q_norm", "k_norm")
    norm_sizes: tuple[int, int] = (0, 0)
    norm_bias: bool = False
    sub_norm: str = ""
    causal: bool = True
    differential: bool = False
    sinks: bool = False
    gate: bool = False
    pad_to: int = 0

    @property
    def width(self) -> int:
        """Width of the queries, all heads together."""
        return self.heads * self.head_dim

    @property
    def kv_width(self) -> int:
        """Width of the keys, all their heads together."""
        return self.kv_heads * self.head_dim


class Mixer(Protocol):
    """Any other part of a layer: it lays itself out. A NamedTuple, so that equal layers are found equal."""

    def run(self, t: Block, x: Value) -> Value:
        """Add the part, applied to `x`, to `t`."""
        ...


@runtime_checkable
class Reader(Protocol):
    """A mixer that can also read a second value, the same one in all layers."""

    def read(self, t: Block, x: Value, memory: Value) -> Value:
        """Add the part, applied to `x` and `memory`, to `t`."""
        ...


class FeedForward(NamedTuple):
    """Two linear layers round an activation. `ups` names the first: one plain (`gated` False), one fused with the
    gate, or gate and up apart. `sub_norm` sits before the last layer; `act_weights` belong to the activation."""

    width: int
    name: str = "mlp"
    ups: tuple[str, ...] = ("gate_proj", "up_proj")
    down: str = "down_proj"
    gated: bool = True
    bias: bool = False
    sub_norm: str = ""
    act_weights: int = 0


class Experts(NamedTuple):
    """Routed experts: `used` of `number` run for each token. `shared` is a feed-forward that runs for all of them,
    weighed by `shared_gate` where that is named. `fixed` holds numbers that no optimizer touches (score correction). `most`: so many
    tokens of a sequence reach an expert at all (0: every one)."""

    number: int
    used: int
    width: int
    name: str = "mlp"
    router: str = "gate"
    router_bias: bool = False
    up: str = "experts.gate_up_proj"
    down: str = "experts.down_proj"
    gated: bool = True
    bias: bool = False
    shared: FeedForward | None = None
    shared_gate: str = ""
    fixed: int = 0
    most: int = 0


class Latent(NamedTuple):
    """Multi-head latent attention (DeepSeek): queries through `q_rank` (0: straight), keys and values through
    `kv_rank`; a head's key has a part without (`nope`) and with (`rope`) rotation, its value `v_dim` numbers."""

    heads: int
    q_rank: int
    kv_rank: int
    nope: int
    rope: int
    v_dim: int
    bias: bool
    name: str = "self_attn"


def aside(t: Block, step: Callable[..., Value], *values: Value, dead: bool) -> Value:
    """`step(block, *values)`. `dead`: it runs, and nothing of the loss depends on it."""
    if not dead:
        return step(t, *values)
    side = Block(*(value.shape for value in values))
    return t.call("", side.ends(step(side, *side.inputs)), *values, layer=False, dead=True)[0]


def attend(
    t: Block,
    x: Value,
    a: "Attention | Latent | Mixer",
    memory: Value | None = None,
    beside: Value | None = None,
    *,
    raw: bool = False,
) -> Value:
    """Attention of `x` to itself, or to `memory`. `beside` enters the scores (a position bias); `raw`: all four layers
    are read, not called."""
    if isinstance(a, Latent):
        return attend_latent(t, x, a)
    if not isinstance(a, Attention):
        if memory is not None and isinstance(a, Reader):
            return a.read(t, x, memory)
        return a.run(t, x)
    path = f"{a.name}." if a.name else ""
    q_bias, k_bias, v_bias, o_bias = a.biases
    if len(a.names) == 1:
        fused = gated = t.linear(path + a.names[0], x, a.width + 2 * a.kv_width, bias=q_bias)
        q = t.mix(fused, shape=(*x.shape[:-1], a.width))
        k = v = t.mix(fused, shape=(*x.shape[:-1], a.kv_width))
    else:
        gated = t.linear(path + a.names[0], x, a.width * (2 if a.gate else 1), bias=q_bias, raw=raw)
        q = t.mix(gated, shape=(*x.shape[:-1], a.width)) if a.gate else gated
        source = x if memory is None else memory
        k = t.linear(path + a.names[1], source, a.kv_width, bias=k_bias, raw=raw)
        v = t.linear(path + a.names[2], source, a.kv_width, bias=v_bias, raw=raw)
    if a.norm_sizes[0]:
        q = t.norm(path + a.norm_names[0], q, size=a.norm_sizes[0], bias=a.norm_bias)
        k = t.norm(path + a.norm_names[1], k, size=a.norm_sizes[1], bias=a.norm_bias)
    if a.sinks:
        beside = t.free(f"{path}sinks", (a.heads,), label="projections")
    if a.pad_to:
        wide = a.pad_to * -(-a.head_dim // a.pad_to) * a.heads
        filled = t.mix(q, shape=(*x.shape[:-1], wide))
        mixed = t.attention(filled, k, v, width=wide, causal=a.causal, beside=beside)
        mixed = t.mix(mixed, shape=(*x.shape[:-1], a.width))
    else:
        mixed = t.attention(q, k, v, width=a.width, causal=a.causal, beside=beside)
    if a.differential:
        gates = t.free(f"{path}lambdas", (4 * a.head_dim,), label="projections")
        second = t.attention(q, k, v, width=a.width, causal=a.causal)
        mixed = t.mix(mixed, second, gates)
    if a.sub_norm:
        mixed = t.norm(path + a.sub_norm, mixed)
    if a.gate:
        mixed = t.mix(mixed, gated, shape=mixed.shape)
    return t.linear(path + a.out, mixed, x.width, bias=o_bias, raw=raw)


def attend_latent(
    t: Block, x: Value, a: Latent, beside: Callable[[Block, Value, Value], None] | None = None
) -> Value:
    """Latent attention; `beside` adds what reads the layer's input and the short queries (an indexer)."""
    path = f"{a.name}."
    wide = a.heads * (a.nope + a.rope)
    if a.q_rank:
        low = t.norm(f"{path}q_a_layernorm", t.linear(f"{path}q_a_proj", x, a.q_rank, bias=a.bias))
        q = t.linear(f"{path}q_b_proj", low, wide)
    else:
        low = x
        q = t.linear(f"{path}q_proj", x, wide)
    if beside is not None:
        beside(t, x, low)
    both = t.linear(f"{path}kv_a_proj_with_mqa", x, a.kv_rank + a.rope, bias=a.bias)
    low = t.norm(f"{path}kv_a_layernorm", t.mix(both, shape=(*x.shape[:-1], a.kv_rank)))
    v = t.linear(f"{path}kv_b_proj", low, a.heads * (a.nope + a.v_dim))
    k = t.mix(v, both, shape=(*x.shape[:-1], wide))
    mixed = t.attention(q, k, v, width=a.heads * a.v_dim, causal=True)
    return t.linear(f"{path}o_proj", mixed, x.width, bias=a.bias)


def feed_forward(t: Block, x: Value, f: FeedForward, out: int | None = None) -> Value:
    """The feed-forward part applied to `x`."""
    path = f"{f.name}." if f.name else ""
    label = "feed-forward"
    if not f.gated:
        inner = t.linear(path + f.ups[0], x, f.width, bias=f.bias, label=label)
        inner = t.mix(inner)
    elif len(f.ups) == 1:
        both = t.linear(path + f.ups[0], x, 2 * f.width, bias=f.bias, label=label)
        inner = t.mix(both, shape=(*x.shape[:-1], f.width))
    else:
        gate = t.linear(path + f.ups[0], x, f.width, bias=f.bias, label=label)
        inner = t.mix(gate, t.linear(path + f.ups[1], x, f.width, bias=f.bias, label=label))
    if f.act_weights:
        inner = t.mix(inner, t.free(f"{path}act_fn", (f.act_weights,), label=label))
    if f.sub_norm:
        inner = t.norm(path + f.sub_norm, inner)
    return t.linear(path + f.down, inner, out or x.width, bias=f.bias, label=label)


def route(t: Block, x: Value, e: Experts) -> Value:
    """The mixture of experts applied to `x`: router, the experts used, the shared one."""
    router = f"{e.name}.{e.router}"
    scores = t.linear(router, x, e.number, bias=e.router_bias, label="router", role="router")
    if e.fixed:
        t.free(f"{router}.correction", (e.fixed,), label="router", fixed=True)
    kept = (*x.shape[:-2], min(x.shape[-2], e.most)) if e.most else x.shape[:-1]
    sent = t.mix(x, shape=(*kept, e.used, x.width))
    wide = e.width * (2 if e.gated else 1)
    inner = t.experts(f"{e.name}.{e.up}", sent, wide, experts=e.number, used=e.used, bias=e.bias)
    inner = t.mix(inner, shape=(*sent.shape[:-1], e.width))
    back = t.experts(f"{e.name}.{e.down}", inner, x.width, experts=e.number, used=e.used, bias=e.bias)
    y = t.mix(back, scores, shape=x.shape, keeps=True)
    if e.shared is None:
        return y
    extra = feed_forward(t, x, e.shared)
    if e.shared_gate:
        extra = t.mix(extra, t.linear(f"{e.name}.{e.shared_gate}", x, 1, label="router"), keeps=True)
    return t.mix(y, extra)
