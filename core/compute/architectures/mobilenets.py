# SPDX-License-Identifier: Apache-2.0
"""Small image models of depthwise convolutions: MobileNet v1 and v2, EfficientNet, MobileViT.

Layout and defaults of transformers 5.23. Padding in TensorFlow's way leaves as many places as PyTorch's does.
"""

from collections.abc import Callable, Sequence
from math import ceil
from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.convnets import squeeze
from core.compute.architectures.deeplab import paints, plus, pyramid
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.architectures.vision_conv import (
    classified,
    classifies,
    conv_norm,
    picture,
    rounded,
    run_stage,
)
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_V1_STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
_V2_STRIDES = (2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1)
_V2_CHANNELS = (16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320)
_MOST_REPEATS = 1000


def build(request: Request) -> Block:
    """The layer table of a classifier, or of the model without a head."""
    return _TYPES[request.model_type](request)


def number(c: Config, key: str, low: float = 0.0, high: float = 1000.0) -> float:
    """A number above `low`, at most `high`. Raises BadConfig for anything else."""
    value = c.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low < value <= high:
        raise refuse("not_count", key=key, value=value, low=low, high=high)
    return value


def _v1(request: Request) -> Block:
    c, classify = (
        request.config.use({"num_channels": 3, "depth_multiplier": 1.0, "min_depth": 8}),
        classifies(request),
    )
    factor, least = number(c, "depth_multiplier"), c.count("min_depth")
    path = "mobilenet_v1." if classify else ""
    t = Block()
    depth = 32
    x = conv_norm(t, f"{path}conv_stem", picture(t, request), max(int(depth * factor), least), stride=2)
    for index, stride in enumerate(_V1_STRIDES):
        x = conv_norm(t, f"{path}layer.{2 * index}", x, x.width, stride=stride, groups=x.width)
        if stride == 2 or index == 0:
            depth *= 2
        x = conv_norm(t, f"{path}layer.{2 * index + 1}", x, max(int(depth * factor), least), 1)
    return classified(t, c, x) if classify else t.ends(x)


_V2 = {
    "num_channels": 3,
    "depth_multiplier": 1.0,
    "depth_divisible_by": 8,
    "min_depth": 8,
    "expand_ratio": 6.0,
    "output_stride": 32,
}


def _v2(request: Request) -> Block:
    paint = paints(request)
    c, classify = request.config.use(_V2), not paint and classifies(request)
    factor, by, least = number(c, "depth_multiplier"), c.count("depth_divisible_by"), c.count("min_depth")
    expand = number(c, "expand_ratio")
    path = "mobilenet_v2." if classify or paint else ""
    t = Block()

    def wide(channels: int) -> int:
        return rounded(round(channels * factor), by, least)

    x = conv_norm(t, f"{path}conv_stem.first_conv", picture(t, request), wide(32), stride=2)
    if not c.flag("first_layer_is_expansion", True):
        x = conv_norm(t, f"{path}conv_stem.expand_1x1", x, x.width, 1)
    x = conv_norm(t, f"{path}conv_stem.conv_3x3", x, x.width, groups=x.width)
    x = conv_norm(t, f"{path}conv_stem.reduce_1x1", x, wide(_V2_CHANNELS[0]), 1)
    reached = 2
    for index, stride in enumerate(_V2_STRIDES):
        if reached == c.count("output_stride"):
            stride = 1
        reached *= stride
        inner = rounded(round(x.width * expand), by, least)
        block = inverted(x.shape, inner, wide(_V2_CHANNELS[index + 1]), stride)
        x = t.layer(f"{path}layer.{index}", block, x)
    last = 1280 if factor < 1 and c.flag("finegrained_output", True) else wide(1280)
    if paint:
        # The last convolution runs, and the head reads what comes before it.
        unread = Block(x.shape)
        unread.ends(conv_norm(unread, "", unread.inputs[0], last, 1))
        t.call(f"{path}conv_1x1", unread, x, layer=False, dead=True)
        return plus(t, c, x)
    x = conv_norm(t, f"{path}conv_1x1", x, last, 1)
    return classified(t, c, x) if classify else t.ends(x)


def inverted(shape: Shape, inner: int, out: int, stride: int) -> Block:
    """A wide depthwise convolution between two that mix channels."""
    t = Block(shape)
    (x,) = t.inputs
    y = t.mix(conv_norm(t, "expand_1x1", x, inner, 1))
    y = t.mix(conv_norm(t, "conv_3x3", y, inner, stride=stride, groups=inner))
    y = conv_norm(t, "reduce_1x1", y, out, 1)
    return t.ends(t.mix(x, y) if stride == 1 and out == x.width else y)


_EFFICIENT = {
    "num_channels": 3,
    "image_size": 600,
    "width_coefficient": 2.0,
    "depth_coefficient": 3.1,
    "depth_divisor": 8,
    "kernel_sizes": (3, 3, 5, 3, 5, 5, 3),
    "in_channels": (32, 16, 24, 40, 80, 112, 192),
    "out_channels": (16, 24, 40, 80, 112, 192, 320),
    "depthwise_padding": (),
    "strides": (1, 2, 2, 2, 1, 2, 1),
    "num_block_repeats": (1, 2, 2, 3, 3, 4, 1),
    "expand_ratios": (1, 6, 6, 6, 6, 6, 6),
    "squeeze_expansion_ratio": 0.25,
    "hidden_dim": 2560,
}


class Mobile(NamedTuple):
    """One EfficientNet layer. `trims`: the fill at the edges leaves the last odd place out."""

    inner: int
    out: int
    side: int
    stride: int
    narrow: int
    trims: bool
    adds: bool


def _efficientnet(request: Request) -> Block:
    c, classify = request.config.use(_EFFICIENT), classifies(request)
    divisor, factor = c.count("depth_divisor"), number(c, "width_coefficient")
    depth, share = number(c, "depth_coefficient"), number(c, "squeeze_expansion_ratio")
    path = "efficientnet." if classify else ""
    names = "in_channels out_channels strides kernel_sizes expand_ratios num_block_repeats".split()
    columns: list[Sequence[int]] = [c.counts(name, low=1, most=_MOST_REPEATS) or () for name in names]
    if not columns[0] or any(len(one) < len(columns[0]) for one in columns):
        raise refuse("not_list", key="num_block_repeats", value=columns[-1], count=len(columns[0]) or 1)
    unadjusted = c.counts("depthwise_padding") or ()
    t = Block()

    def wide(channels: int) -> int:
        return rounded(channels * factor, divisor)

    names_of_stem = ("convolution", "batchnorm")
    x = _trim(t, picture(t, request, least=2))
    x = conv_norm(t, f"{path}embeddings", x, wide(32), stride=2, names=names_of_stem)
    made: dict[tuple[Shape, Mobile], Block] = {}
    index = 0
    for width, out, stride, side, expand, repeats in zip(*columns, strict=False):
        for again in range(min(ceil(depth * repeats), _MOST_REPEATS)):
            before = wide(out) if again else wide(width)
            step = 1 if again else stride
            one = Mobile(
                before * expand,
                wide(out),
                side,
                step,
                max(1, int(before * share)),
                step == 2 and index not in unadjusted,
                adds=again > 0,
            )
            if (x.shape, one) not in made:
                made[x.shape, one] = _mobile(x.shape, one)
            x = t.layer(f"{path}encoder.blocks.{index}", made[x.shape, one], x)
            index += 1
    x = conv_norm(t, f"{path}encoder", x, wide(1280), 1, names=("top_conv", "top_bn"))
    return classified(t, c, x, width=c.count("hidden_dim")) if classify else t.ends(x)


def _trim(t: Block, x: Value) -> Value:
    """Without the last place of an even side: a fill that is not the same at both edges."""
    batch, height, width, channels = x.shape
    return t.mix(x, shape=(batch, max(1, height - 1), max(1, width - 1), channels))


def _mobile(shape: Shape, one: Mobile) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    y = x
    if one.inner != x.width:
        y = conv_norm(t, "expansion", y, one.inner, 1, names=("expand_conv", "expand_bn"))
        y = t.mix(y)
    if one.trims:
        y = _trim(t, y)
    names = ("depthwise_conv", "depthwise_norm")
    y = conv_norm(
        t, "depthwise_conv", y, one.inner, one.side, stride=one.stride, groups=one.inner, names=names
    )
    y = squeeze(t, t.mix(y), one.narrow, ("squeeze_excite.reduce", "squeeze_excite.expand"))
    y = conv_norm(t, "projection", y, one.out, 1, names=("project_conv", "project_bn"))
    return t.ends(t.mix(x, y) if one.adds else y)


_VIT = {
    "num_channels": 3,
    "image_size": 256,
    "patch_size": 2,
    "hidden_sizes": (144, 192, 240),
    "neck_hidden_sizes": (16, 32, 64, 96, 128, 160, 640),
    "num_attention_heads": 4,
    "mlp_ratio": 2.0,
    "expand_ratio": 4.0,
    "conv_kernel_size": 3,
    "output_stride": 32,
}
_VIT_DEPTHS = (2, 4, 3)


def _mobilevit(request: Request) -> Block:
    paint = paints(request)
    c, classify = request.config.use(_VIT), not paint and classifies(request)
    neck, sizes = c.counts("neck_hidden_sizes", low=1) or (), c.counts("hidden_sizes", low=1) or ()
    if len(neck) < 7 or len(sizes) < 3:
        raise refuse("not_list", key="neck_hidden_sizes", value=neck, count=7)
    path = "mobilevit." if classify or paint else ""
    expand, stride = number(c, "expand_ratio"), c.count("output_stride")
    t = Block()
    x = conv_norm(t, f"{path}conv_stem", picture(t, request), neck[0], stride=2)
    for stage, depth in ((0, 1), (1, 3)):

        def make(shape: Shape, first: bool, stage: int = stage) -> Block:
            step = 2 if stage and first else 1
            return inverted(shape, rounded(round(shape[-1] * expand)), neck[stage + 1], step)

        x = run_stage(t, x, f"{path}encoder.layer.{stage}.layer", depth, make)
    for stage, depth in enumerate(_VIT_DEPTHS):
        step = 1 if stride * 2 ** (2 - stage) < 32 else 2
        here, inner = f"{path}encoder.layer.{stage + 2}", rounded(round(x.width * expand))
        down = inverted(x.shape, inner, neck[stage + 3], step)
        x = t.layer(f"{here}.downsampling_layer", down, x)
        x = _mixed(t, c, x, here, sizes[stage], depth)
    if paint:
        return pyramid(t, c, x)
    x = conv_norm(t, f"{path}conv_1x1_exp", x, neck[6], 1)
    return classified(t, c, x) if classify else t.ends(x)


def _mixed(t: Block, c: Config, x: Value, here: str, hidden: int, depth: int) -> Value:
    """Convolutions round a transformer over the places that sit alike in each patch."""
    side, patch = c.count("conv_kernel_size", high=99), c.count("patch_size", high=1000)
    y = conv_norm(t, f"{here}.conv_kxk", x, x.width, side)
    y = t.conv(f"{here}.conv_1x1.convolution", y, hidden, kernel=(1, 1), bias=False)
    batch, height, width, _ = y.shape
    rows = -(-height // patch) * -(-width // patch)
    z = t.mix(y, shape=(batch * patch * patch, rows, hidden))
    heads, bias = c.count("num_attention_heads"), c.flag("qkv_bias", True)
    size = c.share("hidden_sizes", hidden, heads)
    a = Attention(
        heads,
        heads,
        size,
        name="attention",
        names=("attention.query", "attention.key", "attention.value"),
        out="output.dense",
        biases=(bias, bias, bias, True),
        causal=False,
    )
    mlp = FeedForward(
        ratio(c, "mlp_ratio", hidden),
        name="",
        ups=("intermediate.dense",),
        down="output.dense",
        gated=False,
        bias=True,
    )
    block = Block(z.shape)
    (h,) = block.inputs
    h = block.mix(h, attend(block, block.norm("layernorm_before", h, bias=True), a))
    block.ends(block.mix(h, feed_forward(block, block.norm("layernorm_after", h, bias=True), mlp)))
    for index in range(depth):
        z = t.layer(f"{here}.transformer.layer.{index}", block, z)
    z = t.mix(t.norm(f"{here}.layernorm", z, bias=True), shape=y.shape)
    z = conv_norm(t, f"{here}.conv_projection", z, x.width, 1)
    both = t.mix(x, z, shape=(*x.shape[:-1], 2 * x.width))
    return conv_norm(t, f"{here}.fusion", both, x.width, side)


_TYPES: dict[str, Callable[[Request], Block]] = {
    "efficientnet": _efficientnet,
    "mobilenet_v1": _v1,
    "mobilenet_v2": _v2,
    "mobilevit": _mobilevit,
}
