# SPDX-License-Identifier: Apache-2.0
"""Building blocks that many families share: self-attention, feed-forward, routed experts."""

from typing import NamedTuple

from core.compute.layers import Block, Value


class Attention(NamedTuple):
    """Self-attention. `names` holds q, k, v apart, or one fused projection; `norm_sizes` the numbers in the norms on
    queries and keys (0: none). `biases` are those of q, k, v (fused: the first counts) and of the output."""

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
    causal: bool = True

    @property
    def width(self) -> int:
        """Width of the queries, all heads together."""
        return self.heads * self.head_dim

    @property
    def kv_width(self) -> int:
        """Width of the keys, all their heads together."""
        return self.kv_heads * self.head_dim


class FeedForward(NamedTuple):
    """Two linear layers round an activation. `ups` names the first: one plain (`gated` False), one fused with the
    gate, or gate and up apart."""

    width: int
    name: str = "mlp"
    ups: tuple[str, ...] = ("gate_proj", "up_proj")
    down: str = "down_proj"
    gated: bool = True
    bias: bool = False


class Experts(NamedTuple):
    """Routed experts: `used` of `count` run for each token. `shared` is a feed-forward that runs for all."""

    count: int
    used: int
    width: int
    name: str = "mlp"
    router: str = "gate"
    router_bias: bool = False
    gated: bool = True
    bias: bool = False
    shared: FeedForward | None = None
    shared_gate: str = ""


def attend(t: Block, x: Value, a: Attention, width: int | None = None) -> Value:
    """Self-attention of `x`; `width` is the output's (that of x when None)."""
    path = f"{a.name}." if a.name else ""
    q_bias, k_bias, v_bias, o_bias = a.biases
    if len(a.names) == 1:
        fused = t.linear(path + a.names[0], x, a.width + 2 * a.kv_width, bias=q_bias)
        q = t.mix(fused, shape=(*x.shape[:-1], a.width))
        k = v = t.mix(fused, shape=(*x.shape[:-1], a.kv_width))
    else:
        q = t.linear(path + a.names[0], x, a.width, bias=q_bias)
        k = t.linear(path + a.names[1], x, a.kv_width, bias=k_bias)
        v = t.linear(path + a.names[2], x, a.kv_width, bias=v_bias)
    if a.norm_sizes[0]:
        q = t.norm(path + a.norm_names[0], q, size=a.norm_sizes[0], bias=a.norm_bias)
        k = t.norm(path + a.norm_names[1], k, size=a.norm_sizes[1], bias=a.norm_bias)
    mixed = t.attention(q, k, v, width=a.width, causal=a.causal)
    return t.linear(path + a.out, mixed, width or x.width, bias=o_bias)


def feed_forward(t: Block, x: Value, f: FeedForward, out: int | None = None) -> Value:
    """The feed-forward part applied to `x`."""
    path = f"{f.name}." if f.name else ""
    label = "feed-forward"
    if not f.gated:
        inner = t.linear(path + f.ups[0], x, f.width, bias=f.bias, label=label)
        inner = t.mix(inner, keeps=True)
    elif len(f.ups) == 1:
        both = t.linear(path + f.ups[0], x, 2 * f.width, bias=f.bias, label=label)
        inner = t.mix(both, shape=(*x.shape[:-1], f.width), keeps=True)
    else:
        gate = t.linear(path + f.ups[0], x, f.width, bias=f.bias, label=label)
        inner = t.mix(gate, t.linear(path + f.ups[1], x, f.width, bias=f.bias, label=label), keeps=True)
    return t.linear(path + f.down, inner, out or x.width, bias=f.bias, label=label)


def route(t: Block, x: Value, e: Experts) -> Value:
    """The mixture of experts applied to `x`: router, the experts used, the shared one."""
    scores = t.linear(f"{e.name}.{e.router}", x, e.count, bias=e.router_bias, label="router")
    sent = t.mix(x, shape=(*x.shape[:-1], e.used, x.width))
    inner = t.experts(
        f"{e.name}.experts.gate_up_proj" if e.gated else f"{e.name}.experts.up_proj",
        sent,
        e.width * (2 if e.gated else 1),
        experts=e.count,
        used=e.used,
        bias=e.bias,
    )
    inner = t.mix(inner, shape=(*sent.shape[:-1], e.width), keeps=True)
    back = t.experts(f"{e.name}.experts.down_proj", inner, x.width, experts=e.count, used=e.used, bias=e.bias)
    y = t.mix(back, scores, shape=x.shape, keeps=True)
    if e.shared is None:
        return y
    extra = feed_forward(t, x, e.shared)
    if e.shared_gate:
        extra = t.mix(extra, t.linear(f"{e.name}.{e.shared_gate}", x, 1, label="router"), keeps=True)
    return t.mix(y, extra)
