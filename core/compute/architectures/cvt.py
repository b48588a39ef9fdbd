# SPDX-License-Identifier: Apache-2.0
"""CvT: queries, keys and values pass depthwise convolutions. Layout and defaults of transformers 5.23."""

from core.compute.architectures.config import Config
from core.compute.architectures.parts import FeedForward, feed_forward
from core.compute.architectures.pyramids import rows
from core.compute.architectures.request import Request
from core.compute.architectures.vision_conv import classified, classifies, flat, picture, repeat
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape
from core.compute.notes import refuse

_CVT = {
    "num_channels": 3,
    "patch_sizes": (7, 3, 3),
    "patch_stride": (4, 2, 2),
    "patch_padding": (2, 1, 1),
    "embed_dim": (64, 192, 384),
    "num_heads": (1, 3, 6),
    "depth": (1, 2, 10),
    "kernel_qkv": (3, 3, 3),
    "padding_kv": (1, 1, 1),
    "stride_kv": (2, 2, 2),
    "padding_q": (1, 1, 1),
    "stride_q": (1, 1, 1),
}


def build(request: Request) -> Block:
    """The layer table of CvT, with its classifier or without."""
    c, classify = request.config.use(_CVT), classifies(request)
    keys = ("embed_dim", "depth", "num_heads", "patch_sizes", "patch_stride", "patch_padding", "kernel_qkv")
    more = ("padding_q", "stride_q", "padding_kv", "stride_kv")
    path = "cvt." if classify else ""
    all_rows = rows(c, *keys, *more)
    tokens, biases = (
        _flags(c, "cls_token", len(all_rows), (False, False, True)),
        _flags(c, "qkv_bias", len(all_rows)),
    )
    wides = c.get("mlp_ratio")
    wides = wides if isinstance(wides, list | tuple) and len(wides) >= len(all_rows) else (4,) * len(all_rows)
    t = Block()
    x = picture(t, request)
    for stage, one in enumerate(all_rows):
        width, depth, heads, side, stride, padding = one[:6]
        c.share("embed_dim", width, heads)
        here = f"{path}encoder.stages.{stage}"
        name = f"{here}.embedding.convolution_embeddings"
        x = t.conv(
            f"{name}.projection",
            x,
            width,
            kernel=(side, side),
            stride=stride,
            padding=padding,
            label="patch embedding",
        )
        x = t.norm(f"{name}.normalization", x, bias=True)
        grid = x.shape
        token = [t.free(f"{here}.cls_token", (1, 1, all_rows[-1][0]))] if tokens[stage] else []
        x = t.mix(x, *token, shape=(grid[0], grid[1] * grid[2] + len(token), width))
        block = _cvt_layer(
            x.shape,
            grid,
            one[6:],
            ratio(Config({"mlp_ratio": wides[stage]}), "mlp_ratio", width),
            biases[stage],
        )
        x = repeat(t, x, f"{here}.layers", depth, block)
        last = x
        x = t.mix(x, shape=grid)
    return (
        classified(t, c, t.norm("layernorm", last, bias=True, role="final_norm")) if classify else t.ends(x)
    )


def _flags(c: Config, key: str, count: int, default: tuple[bool, ...] = ()) -> tuple[bool, ...]:
    values = c.get(key)
    if values is None:
        values = default if len(default) == count else (True,) * count
    if (
        not isinstance(values, list | tuple)
        or len(values) < count
        or not all(type(one) is bool for one in values)
    ):
        raise refuse("not_list", key=key, value=values, count=count)
    return tuple(values)


def _cvt_layer(shape: Shape, grid: Shape, window: tuple[int, ...], wide: int, bias: bool) -> Block:
    """Queries, keys and values each pass a depthwise convolution; keys and values come out fewer."""
    side, padding_q, stride_q, padding_kv, stride_kv = window
    t = Block(shape)
    (x,) = t.inputs
    hidden, extra = shape[-1], shape[1] - grid[1] * grid[2]
    h = t.norm("layernorm_before", x, bias=True)
    places = t.mix(h, shape=grid)
    made = []
    for name, padding, stride in (
        ("query", padding_q, stride_q),
        ("key", padding_kv, stride_kv),
        ("value", padding_kv, stride_kv),
    ):
        path = f"attention.attention.convolution_projection_{name}.convolution_projection"
        y = t.conv(
            f"{path}.convolution",
            places,
            hidden,
            kernel=(side, side),
            stride=stride,
            padding=padding,
            groups=hidden,
            bias=False,
        )
        y = t.norm(f"{path}.normalization", y, bias=True)
        y = (
            t.mix(y, h, shape=(grid[0], y.shape[1] * y.shape[2] + extra, hidden))
            if extra
            else t.mix(y, shape=flat(y))
        )
        made.append(t.linear(f"attention.attention.projection_{name}", y, hidden, bias=bias))
    mixed = t.attention(*made, width=hidden, causal=False)
    x = t.mix(x, t.linear("attention.output.dense", mixed, hidden, bias=True))
    mlp = FeedForward(wide, name="", ups=("intermediate.dense",), down="output.dense", gated=False, bias=True)
    return t.ends(t.mix(x, feed_forward(t, t.norm("layernorm_after", x, bias=True), mlp)))
