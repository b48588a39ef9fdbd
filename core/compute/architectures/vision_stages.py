# SPDX-License-Identifier: Apache-2.0
"""Image models in stages with a mixing of their own: FocalNet, Hiera, LeViT. Layout of transformers 5.23."""

from collections.abc import Callable
from math import prod

from core.compute.architectures.config import Config
from core.compute.architectures.mobilenets import number
from core.compute.architectures.parts import FeedForward, feed_forward
from core.compute.architectures.pyramids import rows
from core.compute.architectures.request import Request
from core.compute.architectures.vision_conv import classified, classifies, picture, repeat, run_stage
from core.compute.architectures.vision_heads import repaint
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_FOCAL = {
    "image_size": 224,
    "patch_size": 4,
    "num_channels": 3,
    "embed_dim": 96,
    "depths": (2, 2, 6, 2),
    "focal_levels": (2, 2, 2, 2),
    "focal_windows": (3, 3, 3, 3),
    "mlp_ratio": 4.0,
}
_HIERA = {
    "embed_dim": 96,
    "image_size": (224, 224),
    "patch_size": (7, 7),
    "patch_stride": (4, 4),
    "patch_padding": (3, 3),
    "mlp_ratio": 4.0,
    "depths": (2, 3, 16, 3),
    "num_heads": (1, 2, 4, 8),
    "embed_dim_multiplier": 2.0,
    "num_query_pool": 3,
    "query_stride": (2, 2),
    "masked_unit_size": (8, 8),
    "masked_unit_attention": (True, True, False, False),
    "num_channels": 3,
}
_LEVIT = {
    "image_size": 224,
    "num_channels": 3,
    "kernel_size": 3,
    "stride": 2,
    "padding": 1,
    "patch_size": 16,
    "hidden_sizes": (128, 256, 384),
    "num_attention_heads": (4, 8, 12),
    "depths": (4, 4, 4),
    "key_dim": (16, 16, 16),
    "mlp_ratio": (2, 2, 2),
    "attention_ratio": (2, 2, 2),
}


def build(request: Request) -> Block:
    """The layer table of a classifier, or of the model without a head."""
    return _TYPES[request.model_type](request)


def _focalnet(request: Request) -> Block:
    masked = request.model_class.endswith("ForMaskedImageModeling")
    c, classify = request.config.use(_FOCAL), not masked and classifies(request)
    path, width = "focalnet." if classify or masked else "", c.count("embed_dim")
    patch, overlaps = c.sides("patch_size", high=10_000), c.flag("use_conv_embed")
    stages = rows(c, "depths", "focal_levels", "focal_windows")
    t = Block()
    x = _focal_patches(
        t,
        picture(t, request),
        f"{path}embeddings.patch_embeddings.projection",
        width,
        patch,
        (7, 4, 2) if overlaps else None,
    )
    x = t.norm(f"{path}embeddings.norm", x, bias=True)
    for stage, (depth, levels, window) in enumerate(stages):
        here = f"{path}encoder.stages.{stage}"
        block = _focal_layer(c, x.shape, levels, window)
        x = repeat(t, x, f"{here}.layers", depth, block)
        if stage < len(stages) - 1:
            name = f"{here}.downsample.projection"
            x = _focal_patches(t, x, name, 2 * x.width, (2, 2), (3, 2, 1) if overlaps else None)
            x = t.norm(f"{here}.downsample.norm", x, bias=True)
    x = t.norm(f"{path}layernorm", x, bias=True, role="final_norm")
    if masked:
        t.free(f"{path}embeddings.mask_token", (width,))
        return t.ends(repaint(t, c, x, 32))
    return classified(t, c, x) if classify else t.ends(x)


def _focal_patches(
    t: Block, x: Value, name: str, width: int, patch: tuple[int, int], over: tuple[int, int, int] | None
) -> Value:
    """Patches side by side, or overlapping (side, stride, padding)."""
    batch, height, across, channels = x.shape
    full = (batch, -(-height // patch[0]) * patch[0], -(-across // patch[1]) * patch[1], channels)
    x = x if full == x.shape else t.mix(x, shape=full)
    if over is None:
        return t.conv(name, x, width, kernel=patch, stride=patch, label="patch embedding")
    side, stride, padding = over
    return t.conv(
        name, x, width, kernel=(side, side), stride=stride, padding=padding, label="patch embedding"
    )


def _focal_layer(c: Config, shape: Shape, levels: int, window: int) -> Block:
    """Focal modulation: depthwise convolutions of growing size, gated and summed, weigh each place."""
    t = Block(shape)
    (x,) = t.inputs
    hidden, after = shape[-1], c.flag("use_post_layernorm")
    scaled = c.flag("use_layerscale")

    def weighed(value: Value, name: str) -> Value:
        return t.mix(value, t.free(name, (hidden,), label="norms"), keeps=True) if scaled else value

    h = x if after else t.norm("norm1", x, bias=True)
    both = t.linear("modulation.projection_in", h, 2 * hidden + levels + 1, bias=True)
    context, parts = t.mix(both, shape=shape), [both]
    for level in range(levels):
        side = 2 * level + window
        name = f"modulation.focal_layers.{level}.0"
        context = t.conv(
            name, context, hidden, kernel=(side, side), padding=side // 2, groups=hidden, bias=False
        )
        context = t.mix(context)
        parts.append(context)
    summed = t.mix(parts[-1], *parts[:-1], shape=shape)
    weight = t.conv("modulation.projection_context", summed, hidden, kernel=(1, 1))
    h = t.mix(weight, both)
    if c.flag("use_post_layernorm_in_modulation"):
        h = t.norm("modulation.layernorm", h, bias=True)
    h = t.linear("modulation.projection_out", h, hidden, bias=True)
    x = t.mix(x, weighed(t.norm("norm1", h, bias=True) if after else h, "gamma_1"))
    mlp = FeedForward(ratio(c, "mlp_ratio", hidden), ups=("fc1",), down="fc2", gated=False, bias=True)
    if after:
        h = t.norm("norm2", feed_forward(t, x, mlp), bias=True)
    else:
        h = feed_forward(t, t.norm("norm2", x, bias=True), mlp)
    return t.ends(t.mix(x, weighed(h, "gamma_2")))


def _hiera(request: Request) -> Block:
    c, classify = request.config.use(_HIERA), classifies(request)
    path, width = "hiera." if classify else "", c.count("embed_dim")
    patch, step, around = (
        c.sides(key, high=10_000) for key in ("patch_size", "patch_stride", "patch_padding")
    )
    pool, factor = c.count("num_query_pool", low=0), number(c, "embed_dim_multiplier")
    by, unit = prod(c.sides("query_stride", high=100)), prod(c.sides("masked_unit_size", high=1000))
    stages, local = rows(c, "depths", "num_heads"), c.get("masked_unit_attention")
    if not isinstance(local, list | tuple) or len(local) < len(stages):
        raise refuse("not_list", key="masked_unit_attention", value=local, count=len(stages))
    sides = c.sides("image_size")
    t = Block()
    name = f"{path}embeddings.patch_embeddings.projection"
    x = t.conv(
        name, picture(t, request), width, kernel=patch, stride=step, padding=around, label="patch embedding"
    )
    count = (sides[0] // step[0]) * (sides[1] // step[1])
    table = t.free(f"{path}embeddings.position_embeddings", (1, max(1, count), width))
    x = t.mix(x, table, shape=(x.shape[0], x.shape[1] * x.shape[2], width))
    for stage, (depth, heads) in enumerate(stages):
        out, window = int(width * factor**stage), max(1, unit // by**stage)
        c.share("embed_dim", out, heads)

        def make(
            shape: Shape, first: bool, stage: int = stage, out: int = out, window: int = window
        ) -> Block:
            pooling = by if first and 0 < stage <= pool else 1
            near = local[stage] or (first and stage > 0 and local[stage - 1])
            wide = ratio(c, "mlp_ratio", out)
            return _hiera_layer(shape, out, pooling, window if near else 0, wide)

        x = run_stage(t, x, f"{path}encoder.stages.{stage}.layers", max(1, depth), make)
    if not classify:
        mean = t.mix(x, shape=(x.shape[0], x.width), detached=True)
        t.norm("pooler.layernorm", mean, bias=True, role="final_norm")
        return t.ends(x)
    mean = t.mix(x, shape=(x.shape[0], x.width))
    return classified(t, c, t.norm(f"{path}pooler.layernorm", mean, bias=True, role="final_norm"))


def _hiera_layer(shape: Shape, out: int, by: int, window: int, wide: int) -> Block:
    """Attention to all places or within units of them; `by` queries become one by their largest values."""
    batch, count, hidden = shape
    t = Block(shape)
    (x,) = t.inputs
    h = t.norm("layernorm_before", x, bias=True)
    fewer = (batch, max(1, count // by), out)
    if hidden != out:
        x = t.mix(t.linear("proj", h, out, bias=True), shape=fewer)
    qkv = t.linear("attn.qkv", h, 3 * out, bias=True)
    each = by * window if window else count
    units = max(1, count // each)
    q = t.mix(qkv, shape=(batch * units, max(1, each // by), out))
    k = t.mix(qkv, shape=(batch * units, each, out))
    mixed = t.mix(t.attention(q, k, k, width=out, causal=False), shape=fewer)
    x = t.mix(x, t.linear("attn.proj", mixed, out, bias=True))
    mlp = FeedForward(wide, ups=("fc1",), down="fc2", gated=False, bias=True)
    return t.ends(t.mix(x, feed_forward(t, t.norm("layernorm_after", x, bias=True), mlp)))


def _levit(request: Request) -> Block:
    teacher = request.model_class.endswith("ForImageClassificationWithTeacher")
    if teacher:
        request = request._replace(model_class="LevitForImageClassification")
    c, classify = request.config.use(_LEVIT), classifies(request)
    path = "levit." if classify else ""
    names = ("hidden_sizes", "depths", "num_attention_heads", "key_dim", "mlp_ratio", "attention_ratio")
    stages = rows(c, *names, count=3)
    side, stride, padding = (
        c.count("kernel_size", high=99),
        c.count("stride", high=99),
        c.count("padding", low=0, high=99),
    )
    own = c.sides("image_size")[0] // c.count("patch_size")
    t = Block()
    x, first = picture(t, request), stages[0][0]
    for index, out in enumerate((first // 8, first // 4, first // 2, first), 1):
        here = f"{path}patch_embeddings.embedding_layer_{index}"
        x = t.conv(
            f"{here}.convolution",
            x,
            max(1, out),
            kernel=(side, side),
            stride=stride,
            padding=padding,
            bias=False,
        )
        x = t.mix(t.norm(f"{here}.batch_norm", x, bias=True), keeps=True)
    x = t.mix(x, shape=(x.shape[0], x.shape[1] * x.shape[2], x.width))
    for stage, (width, depth, heads, key, wide, values) in enumerate(stages):
        place, here = 0, f"{path}encoder.stages.{stage}.layers"
        attention, mlp = _levit_attention(x.shape, heads, key, values, own), _levit_mlp(x.shape, width * wide)
        for _ in range(depth):
            x = t.layer(f"{here}.{place}", attention, x)
            x = t.layer(f"{here}.{place + 1}", mlp, x)
            place += 2
        if stage < 2:
            key, heads = stages[0][3], width // stages[0][3]
            if heads < 1:
                raise refuse("not_divisible", key="hidden_sizes", value=width, other=key)
            smaller = _levit_shrink(x.shape, heads, key, stages[stage + 1][0], own)
            x = t.layer(f"{here}.{place}", smaller, x)
            own = (own - 1) // 2 + 1
            x = t.layer(f"{here}.{place + 1}", _levit_mlp(x.shape, 2 * x.width), x)
    if not classify:
        return t.ends(x)
    mean, made = t.mix(x, shape=(x.shape[0], x.width)), []
    for name in ("classifier", "classifier_distill") if teacher else ("classifier",):
        one = t.norm(f"{name}.batch_norm", mean, bias=True)
        label, labels = "output head", c.labels()
        made.append(t.linear(f"{name}.linear", one, labels, bias=True, label=label, role="head"))
    return t.ends(t.mix(*made))


def _normed(t: Block, name: str, x: Value, out: int, label: str = "projections") -> Value:
    y = t.linear(f"{name}.linear", x, out, label=label)
    return t.norm(f"{name}.batch_norm", y, bias=True)


def _levit_attention(shape: Shape, heads: int, key: int, values: int, own: int) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    both = _normed(t, "module.queries_keys_values", x, heads * key * (2 + values))
    q = t.mix(both, shape=(*shape[:2], heads * key))
    bias = t.free("module.attention_biases", (heads, max(1, own) ** 2))
    mixed = t.attention(q, q, both, width=heads * key * values, causal=False, beside=bias)
    return t.ends(t.mix(x, _normed(t, "module.projection", t.mix(mixed), shape[-1])))


def _levit_shrink(shape: Shape, heads: int, key: int, out: int, own: int) -> Block:
    """Every second place asks all places; values are four times as wide as keys."""
    batch, count, _ = shape
    side = max(1, round(count**0.5))
    fewer = (batch, ((side - 1) // 2 + 1) ** 2)
    t = Block(shape)
    (x,) = t.inputs
    both = _normed(t, "keys_values", x, heads * key * 5)
    q = _normed(t, "queries", t.mix(x, shape=(*fewer, shape[-1])), heads * key)
    k = t.mix(both, shape=(*shape[:2], heads * key))
    bias = t.free("attention_biases", (heads, max(1, own) ** 2))
    mixed = t.attention(q, k, both, width=heads * key * 4, causal=False, beside=bias)
    return t.ends(_normed(t, "projection", t.mix(mixed), out))


def _levit_mlp(shape: Shape, wide: int) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    h = t.mix(_normed(t, "module.linear_up", x, wide, "feed-forward"))
    return t.ends(t.mix(x, _normed(t, "module.linear_down", h, shape[-1], "feed-forward")))


_TYPES: dict[str, Callable[[Request], Block]] = {"focalnet": _focalnet, "hiera": _hiera, "levit": _levit}
