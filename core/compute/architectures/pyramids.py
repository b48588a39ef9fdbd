# SPDX-License-Identifier: Apache-2.0
"""Image transformers that shrink the picture from stage to stage: SegFormer, PVT, PoolFormer.

Layout and defaults of transformers 5.23.
"""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.architectures.vision_conv import classified, classifies, conv_norm, flat, picture, repeat
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_FOUR = {"depths": (2, 2, 2, 2), "strides": (4, 2, 2, 2), "num_channels": 3, "num_encoder_blocks": 4}
_SEGFORMER = {
    **_FOUR,
    "sr_ratios": (8, 4, 2, 1),
    "hidden_sizes": (32, 64, 160, 256),
    "patch_sizes": (7, 3, 3, 3),
    "num_attention_heads": (1, 2, 5, 8),
    "mlp_ratios": (4, 4, 4, 4),
    "decoder_hidden_size": 256,
}
_PVT = {
    **_FOUR,
    "image_size": 224,
    "sequence_reduction_ratios": (8, 4, 2, 1),
    "hidden_sizes": (64, 128, 320, 512),
    "patch_sizes": (4, 2, 2, 2),
    "num_attention_heads": (1, 2, 5, 8),
    "mlp_ratios": (8, 8, 4, 4),
}
_POOLFORMER = {
    **_FOUR,
    "depths": (2, 2, 6, 2),
    "hidden_sizes": (64, 128, 320, 512),
    "patch_sizes": (7, 3, 3, 3),
    "padding": (2, 1, 1, 1),
    "mlp_ratio": 4.0,
}


def build(request: Request) -> Block:
    """The layer table of a classifier, of SegFormer's segmentation model, or of the model without a head."""
    return _TYPES[request.model_type](request)


def rows(c: Config, *keys: str, count: int | None = None) -> list[tuple[int, ...]]:
    """The lists under `keys` side by side, one entry per stage. Raises BadConfig when one is too short."""
    columns = [c.counts(key, most=100) or () for key in keys]
    count = len(columns[0]) if count is None else count
    for key, column in zip(keys, columns, strict=True):
        if not 0 < count <= len(column):
            raise refuse("not_list", key=key, value=column, count=max(1, count))
        if key not in ("padding", "patch_padding", "padding_kv", "padding_q") and min(column[:count]) < 1:
            raise refuse("not_list", key=key, value=column, count=count)
    return list(zip(*(column[:count] for column in columns), strict=True))


def reduced(t: Block, x: Value, grid: Shape, by: int, names: tuple[str, str]) -> Value:
    """Fewer keys and values: a convolution over squares of `by` places, and a norm."""
    picture_of = t.mix(x, shape=(*grid, x.width))
    y = t.norm(names[1], t.conv(names[0], picture_of, x.width, kernel=(by, by), stride=by), bias=True)
    return t.mix(y, shape=flat(y))


def _segformer(request: Request) -> Block:
    segments = request.model_class.endswith("ForSemanticSegmentation")
    if segments:
        request = request._replace(model_class="SegformerForImageClassification")
    c, classify = request.config.use(_SEGFORMER), classifies(request)
    keys = (
        "hidden_sizes",
        "depths",
        "num_attention_heads",
        "sr_ratios",
        "mlp_ratios",
        "patch_sizes",
        "strides",
    )
    t = Block()
    x, steps = picture(t, request), []
    for stage, one in enumerate(rows(c, *keys, count=c.count("num_encoder_blocks", high=100))):
        width, depth, heads, by, wide, side, stride = one
        c.share("hidden_sizes", width, heads)
        here = f"{'segformer.' if classify else ''}stages.{stage}"
        x = t.conv(
            f"{here}.patch_embeddings.proj",
            x,
            width,
            kernel=(side, side),
            stride=stride,
            padding=side // 2,
            label="patch embedding",
        )
        x = t.norm(f"{here}.patch_embeddings.layer_norm", x, bias=True)
        grid = x.shape
        x = t.mix(x, shape=flat(x))
        block = _segformer_layer(grid, heads, by, width * wide)
        x = repeat(t, x, f"{here}.blocks", depth, block)
        x = t.mix(t.norm(f"{here}.layer_norm", x, bias=True), shape=grid)
        steps.append(x)
    if segments:
        return _segment(t, c, steps)
    return classified(t, c, x) if classify else t.ends(x)


def _segformer_layer(grid: Shape, heads: int, by: int, wide: int) -> Block:
    batch, height, width, hidden = grid
    t = Block((batch, height * width, hidden))
    (x,) = t.inputs
    h = t.norm("layernorm_before", x, bias=True)
    memory = None
    if by > 1:
        names = ("sequence_reduction.sequence_reduction", "sequence_reduction.layer_norm")
        named = (f"attention.{names[0]}", f"attention.{names[1]}")
        memory = reduced(t, h, grid[:3], by, named)
    a = Attention(heads, heads, hidden // heads, name="attention", biases=(True,) * 4, causal=False)
    x = t.mix(x, attend(t, h, a, memory=memory))
    h = t.norm("layernorm_after", x, bias=True)
    h = t.linear("mlp.fc1", h, wide, bias=True, label="feed-forward")
    h = t.conv(
        "mlp.dwconv.dwconv", t.mix(h, shape=(*grid[:3], wide)), wide, kernel=(3, 3), padding=1, groups=wide
    )
    h = t.mix(h, shape=(*x.shape[:2], wide))
    return t.ends(t.mix(x, t.linear("mlp.fc2", h, hidden, bias=True, label="feed-forward")))


def _segment(t: Block, c: Config, steps: list[Value]) -> Block:
    """A class for each place of the first stage, from all stages."""
    wide, label = c.count("decoder_hidden_size"), "output head"
    made = [
        t.linear(f"decode_head.linear_projections.{index}.proj", x, wide, bias=True, label=label)
        for index, x in enumerate(steps)
    ]
    x = t.mix(*made, shape=(*steps[0].shape[:3], wide * len(steps)))
    x = conv_norm(t, "decode_head", x, wide, 1, names=("linear_fuse", "batch_norm"))
    return t.ends(t.conv("decode_head.classifier", t.mix(x), c.labels(), kernel=(1, 1), label=label))


def _pvt(request: Request) -> Block:
    c, classify = request.config.use(_PVT), classifies(request)
    keys = ("hidden_sizes", "depths", "num_attention_heads", "sequence_reduction_ratios", "mlp_ratios")
    path, bias = "pvt." if classify else "", c.flag("qkv_bias", True)
    sides, blocks = c.sides("image_size"), c.count("num_encoder_blocks", high=100)
    t = Block()
    x = picture(t, request)
    for stage, one in enumerate(rows(c, *keys, "patch_sizes", "strides", count=blocks)):
        width, depth, heads, by, wide, patch, stride = one
        c.share("hidden_sizes", width, heads)
        last = stage == blocks - 1
        here = f"{path}encoder.patch_embeddings.{stage}"
        x = t.conv(
            f"{here}.projection", x, width, kernel=(stride, stride), stride=patch, label="patch embedding"
        )
        x = t.norm(f"{here}.layer_norm", x, bias=True)
        grid = x.shape
        shrunk = 1 if stage == 0 else 2 ** (stage + 1)
        table = (sides[0] // shrunk // patch) * (sides[1] // shrunk // patch) + last
        added = [t.free(f"{here}.position_embeddings", (1, max(1, table), width))]
        if last:
            added.append(t.free(f"{here}.cls_token", (1, 1, width)))
        x = t.mix(x, *added, shape=(grid[0], grid[1] * grid[2] + last, width))
        block = _pvt_layer(x.shape, grid, heads, by, width * wide, bias)
        x = repeat(t, x, f"{path}encoder.block.{stage}", depth, block)
        if not last:
            x = t.mix(x, shape=grid)
    x = t.norm(f"{path}encoder.layer_norm", x, bias=True, role="final_norm")
    if not classify:
        return t.ends(x)
    labels = c.labels(1000)
    first = t.mix(x, shape=(x.shape[0], x.width))
    return t.ends(t.linear("classifier", first, labels, bias=True, label="output head", role="head"))


def _pvt_layer(shape: Shape, grid: Shape, heads: int, by: int, wide: int, bias: bool) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    path, hidden = "attention.self.", shape[-1]
    h = t.norm("layer_norm_1", x, bias=True)
    memory = None
    if by > 1:
        if shape[1] != grid[1] * grid[2]:
            raise refuse("not_list", key="sequence_reduction_ratios", value=by, count=1)
        memory = reduced(t, h, grid[:3], by, (f"{path}sequence_reduction", f"{path}layer_norm"))
    a = Attention(
        heads,
        heads,
        hidden // heads,
        name="",
        names=tuple(path + one for one in ("query", "key", "value")),
        out="attention.output.dense",
        biases=(bias, bias, bias, True),
        causal=False,
    )
    x = t.mix(x, attend(t, h, a, memory=memory))
    mlp = FeedForward(wide, ups=("dense1",), down="dense2", gated=False, bias=True)
    return t.ends(t.mix(x, feed_forward(t, t.norm("layer_norm_2", x, bias=True), mlp)))


def _poolformer(request: Request) -> Block:
    c, classify = request.config.use(_POOLFORMER), classifies(request)
    path, scaled = "poolformer." if classify else "", c.flag("use_layer_scale", True)
    keys = ("hidden_sizes", "depths", "patch_sizes", "strides", "padding")
    t = Block()
    x = picture(t, request)
    for stage, one in enumerate(rows(c, *keys, count=c.count("num_encoder_blocks", high=100))):
        width, depth, side, stride, padding = one
        name = f"{path}encoder.patch_embeddings.{stage}.projection"
        x = t.conv(
            name, x, width, kernel=(side, side), stride=stride, padding=padding, label="patch embedding"
        )
        block = _pool_layer(x.shape, ratio(c, "mlp_ratio", width), scaled)
        x = repeat(t, x, f"{path}encoder.block.{stage}", depth, block)
    return classified(t, c, t.norm("norm", x, bias=True, role="final_norm")) if classify else t.ends(x)


def _pool_layer(shape: Shape, wide: int, scaled: bool) -> Block:
    """Pooling in the place of attention: no weights and no FLOP."""
    t = Block(shape)
    (x,) = t.inputs

    def weighed(value: Value, name: str) -> Value:
        return t.mix(value, t.free(name, (shape[-1],), label="norms"), keeps=True) if scaled else value

    x = t.mix(x, weighed(t.norm("before_norm", x, bias=True), "layer_scale_1"))
    h = t.conv("output.conv1", t.norm("after_norm", x, bias=True), wide, kernel=(1, 1), label="feed-forward")
    h = t.conv("output.conv2", t.mix(h), shape[-1], kernel=(1, 1), label="feed-forward")
    return t.ends(t.mix(x, weighed(h, "layer_scale_2")))


_TYPES: dict[str, Callable[[Request], Block]] = {
    "poolformer": _poolformer,
    "pvt": _pvt,
    "segformer": _segformer,
}
