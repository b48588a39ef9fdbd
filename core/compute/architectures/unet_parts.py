# SPDX-License-Identifier: Apache-2.0
"""Pieces of diffusion networks: residual blocks, attention over a picture's places, embeddings of the time step.

Layout of diffusers 0.42. Pictures are (batch, height, width, channels).
"""

from core.compute.architectures.vision_conv import flat
from core.compute.layers import Block, Shape, Value

_FREQUENCIES = 256


def embedded(t: Block, name: str, x: Value, wide: int) -> Value:
    """Two layers with an activation between (time step, pooled text)."""
    y = t.linear(f"{name}.linear_1", x, wide, bias=True, label="embeddings of the time step")
    return t.linear(f"{name}.linear_2", t.mix(y), wide, bias=True, label="embeddings of the time step")


def time_step(t: Block, name: str, batch: int, wide: int, size: int = _FREQUENCIES) -> Value:
    """The time step as `size` sines through two layers."""
    return embedded(t, name, t.given((batch, size)), wide)


def resnet(
    shape: Shape, out: int, temb: Shape | None, *, both: bool = False, to: tuple[int, int] | None = None
) -> Block:
    """A residual block of two convolutions. `temb`: the shape of the time embedding it is given; `both`: that gives a
    factor beside the shift; `to`: the sides it changes the picture to, before the first convolution."""
    t = Block(shape, temb) if temb else Block(shape)
    x = t.inputs[0]
    y = t.mix(t.norm("norm1", x, bias=True))
    if to:
        x, y = (t.mix(one, shape=(shape[0], *to, shape[-1])) for one in (x, y))
    y = t.conv("conv1", y, out, kernel=(3, 3), padding=1)
    if temb:
        step = t.linear("time_emb_proj", t.mix(t.inputs[1]), out * (2 if both else 1), bias=True)
        y = t.mix(y, step, shape=y.shape)
    y = t.mix(t.norm("norm2", y, bias=True))
    y = t.conv("conv2", y, out, kernel=(3, 3), padding=1)
    past = x if x.width == out else t.conv("conv_shortcut", x, out, kernel=(1, 1))
    return t.ends(t.mix(y, past))


def run_resnet(
    t: Block,
    name: str,
    x: Value,
    out: int,
    temb: Value | None,
    *,
    both: bool = False,
    to: tuple[int, int] | None = None,
) -> Value:
    """A residual block applied to x."""
    if temb is None:
        return t.layer(name, resnet(x.shape, out, None), x)
    return t.layer(name, resnet(x.shape, out, temb.shape, both=both, to=to), x, temb)


def places(shape: Shape, *, norm: bool = True) -> Block:
    """Self-attention over the places of a picture, as autoencoders and unconditional U-Nets have it."""
    t = Block(shape)
    (x,) = t.inputs
    h = t.mix(t.norm("group_norm", x, bias=True) if norm else x, shape=flat(x))
    q, k, v = (t.linear(name, h, x.width, bias=True) for name in ("to_q", "to_k", "to_v"))
    y = t.linear("to_out.0", t.attention(q, k, v, width=x.width, causal=False), x.width, bias=True)
    return t.ends(t.mix(x, y, shape=shape))


def places_and_words(shape: Shape, text: Shape, head: int, *, crosses: bool, norm: bool) -> Block:
    """Attention of a picture's places to the text and to each other at once (to the text alone when `crosses`), by heads
    of `head` numbers. `norm`: the text takes a norm first."""
    t = Block(shape, text)
    x, words = t.inputs
    h = t.mix(t.norm("group_norm", x, bias=True), shape=flat(x))
    inner = x.width // head * head
    if norm:
        words = t.norm("norm_cross", words, bias=True)
    q = t.linear("to_q", h, inner, bias=True)
    k, v = (t.linear(f"add_{name}_proj", words, inner, bias=True) for name in "kv")
    if not crosses:
        keys = (shape[0], text[1] + h.shape[1], inner)
        k, v = (
            t.mix(read, t.linear(f"to_{name}", h, inner, bias=True), shape=keys)
            for name, read in (("k", k), ("v", v))
        )
    y = t.linear("to_out.0", t.attention(q, k, v, width=inner, causal=False), x.width, bias=True)
    return t.ends(t.mix(x, y, shape=shape))


def down(t: Block, name: str, x: Value, padding: int) -> Value:
    """Half the size, by a convolution. Without padding one row and column are filled at one edge."""
    if padding == 0:
        batch, height, width, channels = x.shape
        x = t.mix(x, shape=(batch, height + 1, width + 1, channels))
    return t.conv(f"{name}.conv", x, x.width, kernel=(3, 3), stride=2, padding=padding)


def up(t: Block, name: str, x: Value, to: Shape | None = None) -> Value:
    """Twice the size (or that of `to`), then a convolution."""
    batch, height, width, channels = x.shape
    sides = to[1:3] if to else (2 * height, 2 * width)
    x = t.mix(x, shape=(batch, *sides, channels))
    return t.conv(f"{name}.conv", x, channels, kernel=(3, 3), padding=1)


def attend_to(t: Block, name: str, x: Value, memory: Value, *, bias: bool = False) -> Value:
    """Attention of x to `memory` in diffusers' names."""
    q = t.linear(f"{name}.to_q", x, x.width, bias=bias)
    k = t.linear(f"{name}.to_k", memory, x.width, bias=bias)
    v = t.linear(f"{name}.to_v", memory, x.width, bias=bias)
    mixed = t.attention(q, k, v, width=x.width, causal=False)
    return t.linear(f"{name}.to_out.0", mixed, x.width, bias=True)


def forward_net(t: Block, name: str, x: Value, *, gated: bool = False, width: int = 0) -> Value:
    """The feed-forward part in diffusers' names, four times as wide when `width` is not given."""
    wide, path = width or 4 * x.width, f"{name}." if name else ""
    label = "feed-forward"
    h = t.linear(f"{path}net.0.proj", x, wide * (2 if gated else 1), bias=True, label=label)
    h = t.mix(h, shape=(*x.shape[:-1], wide))
    return t.linear(f"{path}net.2", h, x.width, bias=True, label=label)


def transformer_block(shape: Shape, text: Shape, *, crosses: bool) -> Block:
    """A block of Stable Diffusion's transformer. `crosses`: the first attention looks at the text too."""
    t = Block(shape, text)
    x, words = t.inputs
    h = t.norm("norm1", x, bias=True)
    x = t.mix(x, attend_to(t, "attn1", h, words if crosses else h))
    x = t.mix(x, attend_to(t, "attn2", t.norm("norm2", x, bias=True), words))
    return t.ends(t.mix(x, forward_net(t, "ff", t.norm("norm3", x, bias=True), gated=True)))


def transformer(shape: Shape, text: Shape, layers: int, *, linear: bool, crosses: bool) -> Block:
    """A transformer over a picture's places that reads the text."""
    t = Block(shape, text)
    x, words = t.inputs
    h = t.norm("norm", x, bias=True)
    rows = (shape[0], shape[1] * shape[2], shape[3])
    if linear:
        h = t.linear("proj_in", t.mix(h, shape=rows), x.width, bias=True)
    else:
        h = t.mix(t.conv("proj_in", h, x.width, kernel=(1, 1)), shape=rows)
    block = transformer_block(rows, text, crosses=crosses)
    for index in range(layers):
        h = t.layer(f"transformer_blocks.{index}", block, h, words)
    if linear:
        h = t.mix(t.linear("proj_out", h, x.width, bias=True), shape=shape)
    else:
        h = t.conv("proj_out", t.mix(h, shape=shape), x.width, kernel=(1, 1))
    return t.ends(t.mix(x, h))
