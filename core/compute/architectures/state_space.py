# SPDX-License-Identifier: Apache-2.0
"""State space layers and other recurrences that stand where attention stands elsewhere.

A scan step by step is elementwise and counts nothing; what counts are the matrix products of the chunked forms, as
transformers 5.23 runs them without fused kernels (modeling_mamba.py, modeling_mamba2.py, modeling_qwen3_next.py).
"""

from typing import NamedTuple

from core.compute.layers import Block, Value

_SCAN = "scan"


def causal_conv(t: Block, name: str, x: Value, kernel: int, *, bias: bool) -> Value:
    """A depthwise convolution that looks back: padded on both sides, the surplus cut off."""
    wide = t.conv(name, x, x.width, kernel=(kernel,), padding=kernel - 1, groups=x.width, bias=bias)
    return t.mix(wide, shape=x.shape)


class Mamba(NamedTuple):
    """The first Mamba: a state of `state` numbers per channel. `norms`: jamba's, on step, B and C. `heads` > 1:
    Zamba's, with projections of their own for each head, held as bare parameters."""

    inner: int
    state: int
    rank: int
    kernel: int
    bias: bool
    conv_bias: bool
    name: str = "mixer"
    norms: bool = False
    heads: int = 0

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        path, inner, state = f"{self.name}.", self.inner, self.state
        both = t.linear(f"{path}in_proj", x, 2 * inner, bias=self.bias)
        h = t.mix(both, shape=(*x.shape[:-1], inner))
        h = causal_conv(t, f"{path}conv1d", h, self.kernel, bias=self.conv_bias)
        if self.heads:
            selected = self._per_head(t, f"{path}x_proj_weight", h, self.rank + 2 * state)
        else:
            selected = t.linear(f"{path}x_proj", h, self.rank + 2 * state)
        step, b, c = (t.mix(selected, shape=(*x.shape[:-1], size)) for size in (self.rank, state, state))
        if self.norms:
            step, b, c = (
                t.norm(f"{path}{name}_layernorm", value) for name, value in (("dt", step), ("b", b), ("c", c))
            )
        if self.heads:
            step = t.mix(step, shape=(*x.shape[:-1], self.rank * self.heads))
            dt = self._per_head(t, f"{path}dt_proj_weight", step, inner)
            dt = t.mix(dt, t.free(f"{path}dt_proj_bias", (inner,), label=_SCAN))
        else:
            dt = t.linear(f"{path}dt_proj", step, inner, bias=True, raw=True)
        decay = t.free(f"{path}A_log", (inner * state,), label=_SCAN)
        states = t.mix(h, dt, b, decay)
        y = t.products(_SCAN, states, c, flop=2 * x.rows * inner * state, shape=h.shape)
        y = t.mix(y, h, t.free(f"{path}D", (inner,), label=_SCAN), both, shape=h.shape)
        return t.linear(f"{path}out_proj", y, x.width, bias=self.bias)

    def _per_head(self, t: Block, name: str, h: Value, out: int) -> Value:
        """One matrix per head: each reads its own part of `h`."""
        size = h.width * out if "x_proj" in name else h.width * out // self.heads
        weight = t.free(name, (size,), label="projections")
        return t.products("projections", weight, h, flop=2 * h.rows * size, shape=(*h.shape[:-1], out))


class Mamba2(NamedTuple):
    """Mamba 2: `heads` heads of `head_dim` channels share a state; the scan runs in chunks as matrix products."""

    inner: int
    heads: int
    head_dim: int
    groups: int
    state: int
    kernel: int
    chunk: int
    bias: bool
    conv_bias: bool
    name: str = "mixer"

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        path = f"{self.name}."
        mixed = self.inner + 2 * self.groups * self.state
        fused = t.linear(f"{path}in_proj", x, self.inner + mixed + self.heads, bias=self.bias)
        h = t.mix(fused, shape=(*x.shape[:-1], mixed))
        h = causal_conv(t, f"{path}conv1d", h, self.kernel, bias=self.conv_bias)
        dt, decay = (
            t.mix(fused, t.free(path + name, (self.heads,), label=_SCAN), shape=(*x.shape[:-1], self.heads))
            for name in ("dt_bias", "A_log")
        )
        y = self._scan(t, x, t.mix(h, dt, shape=(*x.shape[:-1], self.inner)), h, decay)
        y = t.mix(y, h, t.free(f"{path}D", (self.heads,), label=_SCAN), shape=y.shape)
        y = t.norm(f"{path}norm", t.mix(y, fused, shape=y.shape))
        return t.linear(f"{path}out_proj", y, x.width, bias=self.bias)

    def _scan(self, t: Block, x: Value, values: Value, keys: Value, decay: Value) -> Value:
        """Scores within each chunk, the state each chunk leaves, the states carried on, and what is read of them."""
        batch, length = x.shape[0], x.shape[1]
        chunks = -(-length // self.chunk)
        rows = batch * chunks * self.chunk
        width = self.heads * self.head_dim
        scores = t.products(_SCAN, keys, keys, flop=2 * rows * self.chunk * self.state * self.heads)
        inside = t.products(
            _SCAN,
            t.mix(scores, decay),
            values,
            flop=2 * rows * self.chunk * width,
            shape=values.shape,
        )
        left = t.products(_SCAN, t.mix(keys, decay), values, flop=2 * rows * self.state * width)
        carried = t.products(
            _SCAN, decay, left, flop=2 * batch * (chunks + 1) ** 2 * self.state * width, shape=left.shape
        )
        read = t.products(_SCAN, keys, carried, flop=2 * rows * self.state * width, shape=values.shape)
        return t.mix(inside, read, decay, shape=values.shape)


class ShortConv(NamedTuple):
    """LFM2's layer: a short convolution between two gates."""

    kernel: int
    bias: bool
    name: str = "conv"

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        three = t.linear(f"{self.name}.in_proj", x, 3 * x.width, bias=self.bias)
        h = causal_conv(t, f"{self.name}.conv", t.mix(three, shape=x.shape), self.kernel, bias=self.bias)
        return t.linear(f"{self.name}.out_proj", t.mix(h, three, shape=x.shape), x.width, bias=self.bias)


class RgLru(NamedTuple):
    """RecurrentGemma's gated linear recurrence, whose gates have one matrix per head."""

    width: int
    heads: int
    kernel: int
    name: str = "temporal_block"

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        path, wide = f"{self.name}.", self.width
        gate = t.mix(t.linear(f"{path}linear_y", x, wide, bias=True))
        h = t.linear(f"{path}linear_x", x, wide, bias=True)
        h = causal_conv(t, f"{path}conv_1d", h, self.kernel, bias=True)
        size = wide * (wide // self.heads)
        gates = []
        for name in ("input_gate", "recurrent_gate"):
            weight = t.free(f"{path}rg_lru.{name}_weight", (size,), label="projections")
            shift = t.free(f"{path}rg_lru.{name}_bias", (wide,), label="projections")
            product = t.products("projections", h, weight, flop=2 * h.rows * size, shape=h.shape)
            gates.append(t.mix(product, shift, shape=h.shape))
        decay = t.free(f"{path}rg_lru.recurrent_param", (wide,), label=_SCAN)
        h = t.mix(h, *gates, decay, gate, shape=h.shape)
        return t.linear(f"{path}linear_out", h, x.width, bias=True)


class Lightning(NamedTuple):
    """MiniMax's linear attention: exact inside blocks of `block` tokens, a running sum of keys times values between
    them. The last block's sum is made but never read."""

    heads: int
    head_dim: int
    block: int
    name: str = "self_attn"

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        path, wide, size = f"{self.name}.", self.heads * self.head_dim, self.head_dim
        batch, length = x.shape[0], x.shape[1]
        shape = (*x.shape[:-1], wide)
        h = t.mix(t.linear(f"{path}qkv_proj", x, 3 * wide), shape=shape)
        blocks = -(-length // self.block)
        last = length - (blocks - 1) * self.block
        squares = (blocks - 1) * self.block**2 + last**2
        scores = t.products(_SCAN, h, h, flop=2 * batch * squares * wide)
        inside = t.products(_SCAN, scores, h, flop=2 * batch * squares * wide)
        first = 2 * batch * min(length, self.block) * wide * size
        # The sum before the first block is zero and needs no gradient.
        start = t.products(_SCAN, h, flop=first)
        between = [inside, start]
        if blocks > 1:
            sums = t.products(_SCAN, h, h, flop=2 * batch * (blocks - 1) * self.block * wide * size)
            later = 2 * batch * (length - self.block) * wide * size
            between.append(t.products(_SCAN, h, sums, flop=later))
        t.products(_SCAN, h, h, flop=2 * batch * last * wide * size, dead=True)
        y = t.norm(f"{path}norm", t.mix(*between, shape=shape))
        gate = t.linear(f"{path}output_gate", x, wide)
        return t.linear(f"{path}out_proj", t.mix(y, gate), x.width)
