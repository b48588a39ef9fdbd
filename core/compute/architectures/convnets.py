# SPDX-License-Identifier: Apache-2.0
"""Convolutional networks: ResNet, RegNet, BiT, ConvNeXt and v2. Layout and defaults of transformers 5.23."""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.vision_conv import (
    classified,
    classifies,
    conv_norm,
    grouped,
    picture,
    pooled,
    rounded,
    run_stage,
    stages,
)
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_SIZES = {
    "num_channels": 3,
    "embedding_size": 64,
    "hidden_sizes": (256, 512, 1024, 2048),
    "depths": (3, 4, 6, 3),
}
RESNET = {**_SIZES, "layer_type": "bottleneck"}
_REGNET = {
    "num_channels": 3,
    "embedding_size": 32,
    "hidden_sizes": (128, 192, 512, 1088),
    "depths": (2, 6, 12, 2),
    "groups_width": 64,
    "layer_type": "y",
}
_CONVNEXT = {
    "num_channels": 3,
    "patch_size": 4,
    "hidden_sizes": (96, 192, 384, 768),
    "depths": (3, 3, 9, 3),
    "layer_scale_init_value": 1e-6,
}


def build(request: Request) -> Block:
    """The layer table of a convolutional classifier, or of the model without a head."""
    return _TYPES[request.model_type](request)


def _resnet(request: Request) -> Block:
    c, classify = request.config.use(RESNET), classifies(request)
    t = Block()
    x = resnet_body(t, c, picture(t, request), "resnet." if classify else "")[-1]
    return classified(t, c, x, "classifier.1") if classify else t.ends(x)


def resnet_body(t: Block, c: Config, x: Value, path: str, last: int = 2) -> list[Value]:
    """The stem and stages of a ResNet: the picture after each stage. `last`: the stride of the last stage."""
    kind = _kind(c, ("basic", "bottleneck"))
    x = conv_norm(t, f"{path}embedder.embedder", x, c.count("embedding_size"), 7, stride=2)
    x = pooled(t, x)
    early, steps = c.flag("downsample_in_bottleneck"), []
    sizes = stages(c)
    for stage, (width, depth) in enumerate(sizes):
        stride = 2 if stage or c.flag("downsample_in_first_stage") else 1
        stride = last if stage and stage == len(sizes) - 1 else stride

        def make(shape: Shape, first: bool, width: int = width, stride: int = stride) -> Block:
            return _residual(kind, shape, width, stride if first else 1, early)

        x = run_stage(t, x, f"{path}encoder.stages.{stage}.layers", max(1, depth), make)
        steps.append(x)
    return steps


def _kind(c: Config, known: tuple[str, ...]) -> str:
    kind = c.word("layer_type")
    if kind not in known:
        raise refuse("not_choice", key="layer_type", value=kind)
    return kind


def _residual(kind: str, shape: Shape, width: int, stride: int, early: bool) -> Block:
    """Two wide convolutions, or three round a narrow middle."""
    t = Block(shape)
    (x,) = t.inputs
    if kind == "basic":
        y = conv_norm(t, "layer.0", x, width, stride=stride)
        y = conv_norm(t, "layer.1", t.mix(y), width)
    else:
        narrow = max(1, width // 4)
        y = conv_norm(t, "layer.0", x, narrow, 1, stride=stride if early else 1)
        y = conv_norm(t, "layer.1", t.mix(y), narrow, stride=1 if early else stride)
        y = conv_norm(t, "layer.2", t.mix(y), width, 1)
    return t.ends(t.mix(y, _shortcut(t, x, width, stride), keeps=True))


def _shortcut(t: Block, x: Value, width: int, stride: int) -> Value:
    if x.width == width and stride == 1:
        return x
    return conv_norm(t, "shortcut", x, width, 1, stride=stride)


def _regnet(request: Request) -> Block:
    c, classify = request.config.use(_REGNET), classifies(request)
    kind, groups = _kind(c, ("x", "y")), c.count("groups_width")
    path = "regnet." if classify else ""
    t = Block()
    x = conv_norm(t, f"{path}embedder.embedder", picture(t, request), c.count("embedding_size"), stride=2)
    for stage, (width, depth) in enumerate(stages(c)):
        stride = 2 if stage or c.flag("downsample_in_first_stage", True) else 1

        def make(shape: Shape, first: bool, width: int = width, stride: int = stride) -> Block:
            parts = grouped("hidden_sizes", width, max(1, width // groups))
            return _regnet_layer(kind, shape, width, stride if first else 1, parts)

        x = run_stage(t, x, f"{path}encoder.stages.{stage}.layers", max(1, depth), make)
    return classified(t, c, x, "classifier.1") if classify else t.ends(x)


def _regnet_layer(kind: str, shape: Shape, width: int, stride: int, groups: int) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    y = conv_norm(t, "layer.0", x, width, 1)
    y = conv_norm(t, "layer.1", t.mix(y), width, stride=stride, groups=groups)
    if kind == "y":
        y = squeeze(t, y, max(1, round(x.width / 4)), ("layer.2.attention.0", "layer.2.attention.2"))
    y = conv_norm(t, "layer.3" if kind == "y" else "layer.2", t.mix(y), width, 1)
    return t.ends(t.mix(y, _shortcut(t, x, width, stride), keeps=True))


def squeeze(t: Block, x: Value, narrow: int, names: tuple[str, str]) -> Value:
    """Squeeze and excitation: a weight for each channel from the mean of all places."""
    mean = t.mix(x, shape=(x.shape[0], 1, 1, x.width))
    small = t.conv(names[0], mean, narrow, kernel=(1, 1))
    return t.mix(x, t.conv(names[1], t.mix(small), x.width, kernel=(1, 1)))


_BIT = {
    **_SIZES,
    "layer_type": "preactivation",
    "num_groups": 32,
    "output_stride": 32,
    "width_factor": 1,
}


def _bit(request: Request) -> Block:
    c, classify = request.config.use(_BIT), classifies(request)
    path = "bit." if classify else ""
    t = Block()
    x, last = bit_body(t, c, picture(t, request), path)[-1], stages(c)[-1][0]
    if c.word("layer_type") == "preactivation":
        x = t.norm(f"{path}norm", x, size=last, bias=True, role="final_norm")
    return classified(t, c, x, "classifier.1") if classify else t.ends(x)


def bit_body(t: Block, c: Config, x: Value, path: str) -> list[Value]:
    """The stem and stages of a BiT: the picture after each stage."""
    kind = _kind(c, ("preactivation", "bottleneck"))
    padding = c.get("global_padding")
    if padding is not None and (not isinstance(padding, str) or padding.upper() != "SAME"):
        raise refuse("not_choice", key="global_padding", value=padding)
    x = _plain(t, f"{path}embedder.convolution", x, c.count("embedding_size"), 7, stride=2)
    if kind != "preactivation":
        x = t.norm(f"{path}embedder.norm", x, bias=True)
    x = _bit_pool(t, x, around=0 if padding else 1, even=c.flag("embedding_dynamic_padding"))
    reached, factor, steps = 4, c.count("width_factor", high=64), []
    for stage, (size, depth) in enumerate(stages(c)):
        stride = 2 if stage and reached < c.count("output_stride") else 1
        width = rounded(size * factor)

        def make(shape: Shape, first: bool, width: int = width, stride: int = stride) -> Block:
            return _bit_layer(kind, shape, width, stride if first else 1, first)

        x = run_stage(t, x, f"{path}encoder.stages.{stage}.layers", max(1, depth), make)
        reached *= stride
        steps.append(x)
    return steps


def _plain(t: Block, name: str, x: Value, out: int, side: int, *, stride: int = 1) -> Value:
    padding = (stride - 1 + side - 1) // 2
    return t.conv(name, x, out, kernel=(side, side), stride=stride, padding=padding, bias=False)


def _bit_pool(t: Block, x: Value, *, around: int, even: bool) -> Value:
    """Pooling after `around` places were put at each side; `even`: filled up so that no place is left out."""
    batch, height, width, channels = x.shape
    sides = []
    for side in (height + 2 * around, width + 2 * around):
        sides.append(-(-side // 2) if even else max(1, (side - 3) // 2 + 1))
    return t.mix(x, shape=(batch, *sides, channels), keeps=True)


def _bit_layer(kind: str, shape: Shape, width: int, stride: int, first: bool) -> Block:
    """Weights are standardised before they are used, which counts nothing."""
    t = Block(shape)
    (x,) = t.inputs
    narrow, before = rounded(width / 4), kind == "preactivation"
    h = t.norm("norm1", x, bias=True) if before else x
    past = _plain(t, "downsample.conv", h, width, 1, stride=stride) if first else x
    if first and not before:
        past = t.norm("downsample.norm", past, bias=True)
    y = _plain(t, "conv1", h, narrow, 1)
    y = t.norm("norm2" if before else "norm1", y, bias=True)
    y = _plain(t, "conv2", y, narrow, 3, stride=stride)
    y = t.norm("norm3" if before else "norm2", y, bias=True)
    y = _plain(t, "conv3", y, width, 1)
    return t.ends(t.mix(y if before else t.norm("norm3", y, bias=True), past))


def _convnext(request: Request) -> Block:
    """ConvNeXt; v2 has a norm over the places instead of a learned factor."""
    c, classify, second = (
        request.config.use(_CONVNEXT),
        classifies(request),
        request.model_type == "convnextv2",
    )
    path = f"{request.model_type}." if classify else ""
    factor = c.get("layer_scale_init_value")
    scaled = not second and isinstance(factor, int | float) and factor > 0
    t = Block()
    patch = c.sides("patch_size", high=10_000)
    x, sizes = picture(t, request, least=max(patch)), stages(c)
    name = f"{path}embeddings.patch_embeddings"
    x = t.conv(name, x, sizes[0][0], kernel=patch, stride=patch, label="patch embedding")
    x = t.norm(f"{path}embeddings.layernorm", x, bias=True)
    for stage, (width, depth) in enumerate(sizes):
        here = f"{path}encoder.stages.{stage}"
        if stage:
            x = t.norm(f"{here}.downsampling_layer.0", x, bias=True)
            x = t.conv(f"{here}.downsampling_layer.1", x, width, kernel=(2, 2), stride=2)
        x = run_stage(t, x, f"{here}.layers", depth, lambda shape, _: _convnext_layer(shape, scaled, second))
    if not classify:
        mean = t.mix(x, shape=(x.shape[0], x.width), detached=True)
        t.norm("layernorm", mean, bias=True, role="final_norm")
        return t.ends(x)
    mean = t.mix(x, shape=(x.shape[0], x.width))
    return classified(t, c, t.norm(f"{path}layernorm", mean, bias=True, role="final_norm"))


def _convnext_layer(shape: Shape, scaled: bool, second: bool) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    width = shape[-1]
    y = t.conv("dwconv", x, width, kernel=(7, 7), padding=3, groups=width)
    y = t.norm("layernorm", y, bias=True)
    y = t.mix(t.linear("pwconv1", y, 4 * width, bias=True, label="feed-forward"))
    if second:
        y = t.norm("grn", y, bias=True)
    y = t.linear("pwconv2", y, width, bias=True, label="feed-forward")
    if scaled:
        y = t.mix(y, t.free("layer_scale_parameter", (width,), label="norms"), keeps=True)
    return t.ends(t.mix(x, y))


_TYPES: dict[str, Callable[[Request], Block]] = {
    "bit": _bit,
    "convnext": _convnext,
    "convnextv2": _convnext,
    "regnet": _regnet,
    "resnet": _resnet,
}
