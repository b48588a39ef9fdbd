# SPDX-License-Identifier: Apache-2.0
"""What stands for plain attention in some text encoders: convolutions, landmarks, grouped layers, sparse windows.

Layout and the products that run are those of transformers 5.23 (modeling_*.py).
"""

from typing import NamedTuple

from core.compute.layers import Block, Value

_LABEL = "attention"
_SELF = "attention.self."


def qkv(
    t: Block, x: Value, width: int, *, path: str = _SELF, bias: bool = True
) -> tuple[Value, Value, Value]:
    """Queries, keys and values by three layers."""
    q, k, v = (t.linear(path + name, x, width, bias=bias) for name in ("query", "key", "value"))
    return q, k, v


def out(t: Block, x: Value, hidden: int, *, name: str = "attention.output.dense", bias: bool = True) -> Value:
    """The projection after attention."""
    return t.linear(name, x, hidden, bias=bias)


class NoMixer(NamedTuple):
    """FNet: a Fourier transform, which holds no weights and counts nothing."""

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        return t.mix(x)


class Unseen(NamedTuple):
    """MRA: attention in a kernel of its own, whose products nothing counts; the layers round it are counted."""

    width: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        three = qkv(t, x, self.width)
        return out(t, t.products(_LABEL, *three, flop=0), x.width)


class ConvBert(NamedTuple):
    """Half of the heads attend, the other half run a convolution whose kernel each token makes."""

    heads: int
    size: int
    kernel: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        wide = self.heads * self.size
        q, k, v = qkv(t, x, wide)
        path = f"{_SELF}key_conv_attn_layer."
        pad = self.kernel // 2
        keys = t.conv(
            f"{path}depthwise", x, x.width, kernel=(self.kernel,), padding=pad, groups=x.width, bias=False
        )
        keys = t.conv(f"{path}pointwise", t.mix(keys, shape=x.shape), wide, kernel=(1,), bias=False)
        keys = t.mix(keys, t.free(f"{path}bias", (wide,), label="convolutions"), shape=q.shape)
        made = t.linear(f"{_SELF}conv_kernel_layer", t.mix(keys, q), self.heads * self.kernel, bias=True)
        values = t.linear(f"{_SELF}conv_out_layer", x, wide, bias=True)
        conv = t.products(_LABEL, values, t.mix(made), flop=2 * x.rows * wide * self.kernel)
        mixed = t.attention(q, k, v, width=wide, causal=False)
        return out(t, t.mix(mixed, conv, shape=(*x.shape[:-1], 2 * wide)), x.width)


class Grouped(NamedTuple):
    """A feed-forward of layers split into groups (ConvBERT): each group reads its own part."""

    width: int
    groups: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        inner = self._layer(t, "intermediate.dense", x, self.width)
        return self._layer(t, "output.dense", t.mix(inner), x.width)

    def _layer(self, t: Block, name: str, x: Value, width: int) -> Value:
        size = x.width * width // self.groups
        weight = t.free(f"{name}.weight", (size,), label="feed-forward")
        shift = t.free(f"{name}.bias", (width,), label="feed-forward")
        shape = (*x.shape[:-1], width)
        return t.mix(t.products("feed-forward", x, weight, flop=2 * x.rows * size, shape=shape), shift)


class Nystrom(NamedTuple):
    """Attention through landmarks, and a convolution over the values of each head. As many landmarks as tokens is
    full attention."""

    heads: int
    size: int
    kernel: int
    landmarks: int
    length: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        wide = self.heads * self.size
        q, k, v = qkv(t, x, wide)
        if self.landmarks == self.length:
            mixed = t.attention(q, k, v, width=wide, causal=False)
        else:
            mixed = self._landmarks(t, q, k, v)
        if self.kernel:
            planes = t.mix(v, shape=(*x.shape[:-1], self.size, self.heads))
            conv = t.conv(
                f"{_SELF}conv",
                planes,
                self.heads,
                kernel=(self.kernel, 1),
                padding=(self.kernel // 2, 0),
                groups=self.heads,
                bias=False,
            )
            mixed = t.mix(mixed, conv)
        return out(t, mixed, x.width)

    def _landmarks(self, t: Block, q: Value, k: Value, v: Value) -> Value:
        batch, marks = q.shape[0], self.landmarks
        across = 2 * q.rows * marks * q.width
        inside = 2 * batch * marks * marks * q.width
        first = t.products(_LABEL, q, k, flop=across)
        second = t.products(_LABEL, q, k, flop=inside)
        third = t.products(_LABEL, q, k, flop=across)
        cube = 2 * batch * marks**3 * self.heads
        inverse = second
        for _ in range(6):
            both = t.products(_LABEL, second, inverse, flop=cube)
            step = t.products(_LABEL, both, t.mix(both), flop=cube)
            step = t.products(_LABEL, both, step, flop=cube)
            inverse = t.products(_LABEL, inverse, step, flop=cube)
        scores = t.products(_LABEL, first, inverse, flop=2 * q.rows * marks * marks * self.heads)
        values = t.products(_LABEL, third, v, flop=across)
        return t.products(_LABEL, scores, values, flop=across, shape=q.shape)


class Squeeze(NamedTuple):
    """SqueezeBERT: every linear layer is a convolution of width one, split into groups."""

    groups: tuple[int, int, int]
    out_groups: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        names = zip(("query", "key", "value"), self.groups, strict=True)
        q, k, v = (t.conv(f"attention.{name}", x, x.width, kernel=(1,), groups=g) for name, g in names)
        mixed = t.attention(q, k, v, width=x.width, causal=False)
        return t.conv("post_attention.conv1d", mixed, x.width, kernel=(1,), groups=self.out_groups)


class SqueezeForward(NamedTuple):
    """The feed-forward of SqueezeBERT."""

    width: int
    groups: tuple[int, int]

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        inner = t.conv("intermediate.conv1d", x, self.width, kernel=(1,), groups=self.groups[0])
        return t.conv("output.conv1d", t.mix(inner), x.width, kernel=(1,), groups=self.groups[1])


class BigBird(NamedTuple):
    """Blocks of tokens that see the first and last block, their neighbours and a few random blocks."""

    block: int
    random: int
    bias: bool
    full: bool
    name: str = "attention"
    inner: str = "self"
    after: str = "output.dense"
    out_bias: bool = True

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        q, k, v = qkv(t, x, x.width, path=f"{self.name}.{self.inner}.", bias=self.bias)
        if self.full:
            mixed = t.attention(q, k, v, width=x.width, causal=False)
        else:
            mixed = sparse_attention(t, q, k, v, self.block, self.random)
        return out(t, mixed, x.width, name=f"{self.name}.{self.after}", bias=self.out_bias)


def sparse_attention(t: Block, q: Value, k: Value, v: Value, block: int, random: int) -> Value:
    """BigBird's sparse pattern: full rows for the first and last block, 4 + r blocks for their neighbours, 5 + r for
    the rest (windows of three, two global ones and r random ones)."""
    batch, length = q.shape[0], q.shape[1]
    blocks = length // block
    seen = 2 * blocks + 2 * (4 + random) + max(0, blocks - 4) * (5 + random)
    flop = 2 * batch * block * block * seen * q.width
    scores = t.products(_LABEL, q, k, flop=flop)
    return t.products(_LABEL, scores, v, flop=flop, shape=q.shape)


class Longformer(NamedTuple):
    """A window of tokens on both sides, run in overlapping chunks. `marked`: the first token sees everything and is
    seen by all, through layers of its own; without it those are held and not run."""

    window: int
    marked: bool = False
    name: str = "attention"
    inner: str = "self"
    after: str = "output.dense"

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        path, after = f"{self.name}.{self.inner}.", f"{self.name}.{self.after}"
        q, k, v = qkv(t, x, x.width, path=path)
        near = chunked_attention(t, q, k, v, self.window)
        batch = x.shape[0]
        names = tuple(f"{path}{name}_global" for name in ("query", "key", "value"))
        if not self.marked:
            for name in names:
                t.linear(name, t.mix(x, shape=(0, x.width)), x.width, bias=True, dead=True)
            return out(t, near, x.width, name=after)
        flop = 2 * x.rows * x.width
        seen = t.products(_LABEL, t.products(_LABEL, q, k, flop=flop), v, flop=flop, shape=near.shape)
        first = t.mix(x, shape=(batch, 1, x.width))
        asks = t.linear(names[0], first, x.width, bias=True)
        far = [t.linear(name, x, x.width, bias=True) for name in names[1:]]
        scores = t.products(_LABEL, asks, far[0], flop=flop)
        whole = t.products(_LABEL, scores, far[1], flop=flop, shape=first.shape)
        return out(t, t.mix(near, seen, whole, shape=near.shape), x.width, name=after)


def chunked_attention(t: Block, q: Value, k: Value, v: Value, window: int) -> Value:
    """Longformer's attention: scores in chunks of a whole window with half an overlap, values in chunks of one and a
    half windows."""
    half = window // 2
    batch, length = q.shape[0], q.shape[1]
    chunks = max(1, length // half - 1)
    scores = t.products(_LABEL, q, k, flop=2 * batch * chunks * window * window * q.width)
    values = 2 * batch * (chunks + 1) * half * 3 * half * q.width
    return t.products(_LABEL, scores, v, flop=values, shape=q.shape)
