# SPDX-License-Identifier: Apache-2.0
"""Swin and Swin v2: attention in windows over a picture that shrinks from stage to stage. Layout of transformers 5.23."""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.architectures.vision_windows import ratio, windows
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS = {
    "image_size": 224,
    "patch_size": 4,
    "num_channels": 3,
    "embed_dim": 96,
    "depths": (2, 2, 6, 2),
    "num_heads": (3, 6, 12, 24),
    "window_size": 7,
    "mlp_ratio": 4.0,
}
_COORDINATE_WIDTH = 512


class Stage(NamedTuple):
    """What the layers of one stage share. `second`: Swin v2, whose norms follow, whose positions come from a small
    network, and whose keys have no bias."""

    heads: int
    window: int
    width: int
    bias: bool
    second: bool


def build(request: Request) -> Block:
    """The layer table of a Swin classifier, or of the model without a head."""
    c, name, second = request.config, request.model_class, request.model_type == "swinv2"
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not name:
        name = "ForImageClassification"
        c.notes.append(note("head", head=name))
    classify = name.endswith("ForImageClassification")
    masked = name.endswith("ForMaskedImageModeling")
    if not classify and not masked and not name.endswith("Model"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    c.use(_DEFAULTS)
    path = f"{request.model_type}." if classify or masked else ""
    t = Block()
    if masked:
        t.free(f"{path}embeddings.mask_token", (c.count("embed_dim"),))
    x, own = _embed(t, c, request, path)
    depths = c.counts("depths", low=1, most=100) or ()
    heads = c.counts("num_heads", low=1, most=100) or ()
    if not depths or len(heads) < len(depths):
        raise refuse("not_list", key="num_heads", value=heads, count=max(1, len(depths)))
    for stage, depth in enumerate(depths):
        grid = min(x.shape[1:3]) if not second else min(own)
        s = Stage(
            heads[stage],
            min(c.count("window_size"), grid),
            ratio(c, "mlp_ratio", x.width),
            c.flag("qkv_bias", True),
            second,
        )
        c.share("embed_dim", x.width, s.heads)
        table = s.window if second else c.count("window_size")
        block = _layer(s, x.shape, table)
        for index in range(depth):
            x = t.layer(f"{path}encoder.layers.{stage}.blocks.{index}", block, x)
        if stage < len(depths) - 1:
            x = _merge(t, x, f"{path}encoder.layers.{stage}.downsample", second)
            own = (max(1, own[0] // 2), max(1, own[1] // 2))  # of the second version, which halves it so
    x = t.norm(f"{path}layernorm", x, bias=True, role="final_norm")
    if masked:
        from core.compute.architectures.vision_heads import repaint

        return t.ends(repaint(t, c, x, 32))
    if not classify:
        return t.ends(x)
    pooled = t.mix(x, shape=(x.shape[0], x.width))
    return t.ends(t.linear("classifier", pooled, c.labels(), bias=True, label="output head", role="head"))


def _embed(t: Block, c: Config, request: Request, path: str) -> tuple[Value, tuple[int, int]]:
    """Small patches as a grid, and the grid of the configuration's own picture size."""
    sides, hidden = c.sides("image_size"), c.count("embed_dim")
    high, wide = c.sides("patch_size", high=min(sides))
    height, width = request.inputs.image or sides
    pixels = (
        request.inputs.batch,
        -(-height // high) * high,
        -(-width // wide) * wide,
        c.count("num_channels"),
    )
    name = f"{path}embeddings.patch_embeddings.projection"
    x = t.conv(
        name, t.given(pixels), hidden, kernel=(high, wide), stride=(high, wide), label="patch embedding"
    )
    x = t.norm(f"{path}embeddings.norm", x, bias=True)
    own = (sides[0] // high, sides[1] // wide)
    if c.flag("use_absolute_embeddings"):
        x = t.mix(x, t.free(f"{path}embeddings.position_embeddings", (1, own[0] * own[1], hidden)))
    return x, own


def _layer(s: Stage, shape: Shape, table: int) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    hidden = shape[-1]
    path = "attention.self." if s.second else "attention."
    a = Attention(s.heads, s.heads, hidden // s.heads, name="attention", causal=False)
    a = a._replace(biases=(s.bias, s.bias and not s.second, s.bias, True))
    mlp = FeedForward(s.width, ups=("fc1",), down="fc2", gated=False, bias=True)
    if s.second:
        a = a._replace(name="", names=tuple(path + one for one in ("query", "key", "value")))
        a = a._replace(out="attention.output.dense")
        mlp = mlp._replace(name="", ups=("intermediate.dense",), down="output.dense")
        tiles = windows(t, x, s.window)
        h = t.mix(attend(t, tiles, a, beside=_coordinates(t, s, path)), shape=shape)
        x = t.mix(x, t.norm("layernorm_before", h, bias=True))
        return t.ends(t.mix(x, t.norm("layernorm_after", feed_forward(t, x, mlp), bias=True)))
    tiles = windows(t, t.norm("layernorm_before", x, bias=True), s.window)
    bias = t.free(
        f"{path}relative_position_bias.relative_position_bias_table", ((2 * table - 1) ** 2, s.heads)
    )
    x = t.mix(x, t.mix(attend(t, tiles, a, beside=bias), shape=shape))
    return t.ends(t.mix(x, feed_forward(t, t.norm("layernorm_after", x, bias=True), mlp)))


def _coordinates(t: Block, s: Stage, path: str) -> Value:
    """A number for each pair of places in a window and each head, made by two layers from the distance."""
    pairs = t.given((1, (2 * s.window - 1) ** 2, 2))
    name = f"{path}continuous_position_bias_mlp"
    inner = t.linear(f"{name}.0", pairs, _COORDINATE_WIDTH, bias=True)
    bias = t.linear(f"{name}.2", t.mix(inner), s.heads)
    return t.mix(bias, t.free(f"{path}logit_scale", (s.heads, 1, 1), label="projections"))


def _merge(t: Block, x: Value, name: str, second: bool) -> Value:
    """Four neighbours become one place of twice the width."""
    batch, height, width, channels = x.shape
    x = t.mix(x, shape=(batch, (height + 1) // 2, (width + 1) // 2, 4 * channels))
    if second:
        return t.norm(f"{name}.norm", t.linear(f"{name}.reduction", x, 2 * channels), bias=True)
    return t.linear(f"{name}.reduction", t.norm(f"{name}.norm", x, bias=True), 2 * channels)
