# SPDX-License-Identifier: Apache-2.0
"""The gated delta rule (Qwen3-Next, Qwen3.5): a matrix of memory per head, corrected chunk by chunk.

Counted as transformers 5.23 runs it without fused kernels: the triangular systems themselves count nothing, as in
PyTorch's counter, but the gradients of their matrices are products.
"""

from typing import NamedTuple

from core.compute.architectures.state_space import causal_conv
from core.compute.layers import Block, Value

_SCAN = "scan"
_CHUNK = 64


class DeltaNet(NamedTuple):
    """`k_heads` heads of keys and queries serve `v_heads` heads of values. `split`: Qwen3.5 keeps the projections
    apart that Qwen3-Next fuses."""

    k_heads: int
    v_heads: int
    k_dim: int
    v_dim: int
    kernel: int
    split: bool
    name: str = "linear_attn"

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        path = f"{self.name}."
        keys, values = self.k_heads * self.k_dim, self.v_heads * self.v_dim
        mixed = 2 * keys + values
        row = x.shape[:-1]
        if self.split:
            h = t.linear(f"{path}in_proj_qkv", x, mixed)
            gate = t.linear(f"{path}in_proj_z", x, values)
            b, a = (t.linear(f"{path}in_proj_{name}", x, self.v_heads) for name in "ba")
        else:
            fused = t.linear(f"{path}in_proj_qkvz", x, mixed + values)
            h, gate = t.mix(fused, shape=(*row, mixed)), t.mix(fused, shape=(*row, values))
            both = t.linear(f"{path}in_proj_ba", x, 2 * self.v_heads)
            b, a = (t.mix(both, shape=(*row, self.v_heads)) for _ in range(2))
        h = causal_conv(t, f"{path}conv1d", h, self.kernel, bias=False)
        parts = [t.free(path + name, (self.v_heads,), label=_SCAN) for name in ("dt_bias", "A_log")]
        decay = t.mix(a, *parts)
        y = self._rule(t, h, b, decay, values)
        y = t.mix(t.norm(f"{path}norm", y, size=self.v_dim), gate)
        return t.linear(f"{path}out_proj", y, x.width)

    def _rule(self, t: Block, h: Value, b: Value, decay: Value, wide: int) -> Value:
        batch, length = h.shape[0], h.shape[1]
        chunks = -(-length // _CHUNK)
        rows = batch * chunks * _CHUNK
        shape = (*h.shape[:-1], wide)
        k_size, v_size = _CHUNK * self.v_heads * self.k_dim, _CHUNK * self.v_heads * self.v_dim
        system = t.products(_SCAN, t.mix(h, b), h, flop=2 * rows * k_size)
        system = t.mix(system, decay)
        scores = t.mix(t.products(_SCAN, h, h, flop=2 * rows * k_size), decay)
        solved = [t.products(_SCAN, system, flop=0, back=2 * rows * size) for size in (v_size, k_size)]
        values, reading = (t.mix(one, h, b, decay, shape=shape) for one in solved)
        one = 2 * batch * _CHUNK * self.v_heads * self.k_dim * self.v_dim
        h = t.mix(h, decay, shape=h.shape)
        # The memory before the first chunk is zero and needs no gradient; the one after the last is never read.
        read = [t.products(_SCAN, value, flop=one, shape=shape) for value in (reading, h)]
        if chunks > 1:
            memory = t.products(_SCAN, h, values, flop=(chunks - 1) * one, shape=shape)
            read += [
                t.products(_SCAN, value, memory, flop=(chunks - 1) * one, shape=shape)
                for value in (reading, h)
            ]
        new = t.mix(values, *read[0::2], shape=shape)
        t.products(_SCAN, h, new, flop=one, dead=True)
        inside = t.products(_SCAN, scores, new, flop=2 * rows * v_size, shape=shape)
        return t.mix(inside, *read[1::2], shape=shape)
