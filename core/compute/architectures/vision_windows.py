# SPDX-License-Identifier: Apache-2.0
"""Attention in windows of a picture, and the ViT of detection and segmentation models built on it (ViTDet, SAM).

Layout and defaults of transformers 5.23.
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.parts import FeedForward, feed_forward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse


def windows(t: Block, x: Value, size: int) -> Value:
    """The picture x (batch, height, width, channels) cut into windows, filled up at the edges: (windows, size²,
    channels)."""
    batch, height, width, channels = x.shape
    count = -(-height // size) * -(-width // size)
    return t.mix(x, shape=(batch * count, size * size, channels))


class Tiled(NamedTuple):
    """A ViT whose layers attend within windows or to all. `names`: norms, attention, its output, the feed-forward's
    two layers, the tables of relative positions go by SAM's and ViTDet's names alike. `blocks`: layers followed by
    a residual block of convolutions."""

    hidden: int
    layers: int
    heads: int
    mlp: FeedForward
    norms: tuple[str, str]
    attention: str
    qkv_bias: bool
    relative: bool
    window: int
    windowed: frozenset[int]
    blocks: frozenset[int] = frozenset()


def tiled_layers(t: Block, v: Tiled, x: Value, path: str, grid: tuple[int, int]) -> Value:
    """The layers of `v` over x (batch, height, width, channels). `grid`: the configuration's own size in patches,
    which the tables of relative positions are made for."""
    made: dict[tuple[bool, bool], Block] = {}
    for index in range(v.layers):
        kind = (index in v.windowed, index in v.blocks)
        if kind not in made:
            made[kind] = _tiled_layer(v, x.shape, grid, *kind)
        x = t.layer(f"{path}.{index}", made[kind], x)
    return x


def _tiled_layer(v: Tiled, shape: Shape, grid: tuple[int, int], in_windows: bool, block: bool) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    h = t.norm(v.norms[0], x, bias=True)
    _, height, width, _ = shape
    if in_windows:
        h, sides, tables = windows(t, h, v.window), (v.window, v.window), (v.window, v.window)
    else:
        h = t.mix(h, shape=(shape[0], height * width, v.hidden))
        sides, tables = (height, width), grid
    a = v.attention
    qkv = t.linear(f"{a}.qkv", h, 3 * v.hidden, bias=v.qkv_bias)
    q = t.mix(qkv, shape=h.shape)
    scores = t.product(
        "attention", q, q, flop=2 * q.rows * h.shape[1] * v.hidden, shape=(*h.shape[:2], h.shape[1])
    )
    if v.relative:
        for name, side, table in zip("hw", sides, tables, strict=True):
            rows = t.free(f"{a}.rel_pos_{name}", (2 * table - 1, v.hidden // v.heads))
            placed = t.product(
                "attention", q, rows, flop=2 * q.rows * side * v.hidden, shape=(*h.shape[:2], side)
            )
            scores = t.mix(scores, placed)
    mixed = t.product("attention", scores, q, flop=2 * q.rows * h.shape[1] * v.hidden, shape=h.shape)
    out = t.linear(f"{a}.proj", mixed, v.hidden, bias=True)
    x = t.mix(x, out)
    x = t.mix(x, feed_forward(t, t.norm(v.norms[1], x, bias=True), v.mlp))
    if block:
        x = t.mix(x, _bottleneck(t, x))
    return t.ends(x)


def _bottleneck(t: Block, x: Value) -> Value:
    """ViTDet's residual block: three convolutions with norms."""
    narrow = x.width // 2
    y = x
    for index, (out, side) in enumerate(((narrow, 1), (narrow, 3), (x.width, 1)), 1):
        y = t.conv(f"residual.conv{index}", y, out, kernel=(side, side), padding=side // 2, bias=False)
        y = t.norm(f"residual.norm{index}", y, bias=True)
    return y


_DEFAULTS = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "image_size": 224,
    "patch_size": 16,
    "num_channels": 3,
    "mlp_ratio": 4,
}


def build(request: Request) -> Block:
    """The layer table of ViTDet (a backbone without a head)."""
    name, c = request.model_class, request.config
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not name:
        c.notes.append(note("head", head="Model"))
    elif not name.endswith(("Model", "Backbone")):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    c.use({**_DEFAULTS, "pretrain_image_size": 224})
    hidden, sides = c.count("hidden_size"), c.sides("image_size")
    patch, first = c.sides("patch_size", high=min(sides)), c.sides("pretrain_image_size")
    t = Block()
    x = patches(t, c, request, "embeddings.projection", hidden)
    if c.flag("use_absolute_position_embeddings", True):
        rows = (first[0] // patch[0]) * (first[1] // patch[1]) + 1
        x = t.mix(x, t.free("embeddings.position_embeddings", (1, rows, hidden)))
    wide = ratio(c, "mlp_ratio", hidden)
    window = c.count("window_size", 0, low=0)
    v = Tiled(
        hidden,
        c.layers(),
        c.count("num_attention_heads"),
        FeedForward(wide, ups=("fc1",), down="fc2", gated=False, bias=True),
        ("norm1", "norm2"),
        "attention",
        c.flag("qkv_bias", True),
        c.flag("use_relative_position_embeddings"),
        window,
        frozenset(c.counts("window_block_indices") or ()) if window else frozenset(),
        frozenset(c.counts("residual_block_indices") or ()),
    )
    c.share("hidden_size", hidden, v.heads)
    return t.ends(tiled_layers(t, v, x, "encoder.layer", (sides[0] // patch[0], sides[1] // patch[1])))


def patches(
    t: Block, c: Config, request: Request, name: str, hidden: int, *, batch: int | None = None
) -> Value:
    """The request's picture as a grid of patches (batch, height, width, hidden)."""
    sides = c.sides("image_size")
    high, wide = c.sides("patch_size", high=min(sides))
    height, width = request.inputs.image or sides
    count = request.inputs.batch if batch is None else batch
    pixels = t.given((count, max(height, high), max(width, wide), c.count("num_channels")))
    return t.conv(name, pixels, hidden, kernel=(high, wide), stride=(high, wide), label="patch embedding")


def ratio(c: Config, key: str, width: int) -> int:
    """`width` times the factor under `key`, rounded down. Raises BadConfig when that is no width."""
    factor = c.get(key)
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor <= 1000:
        raise refuse("not_count", key=key, value=factor, low=0, high=1000)
    wide = int(width * factor)
    if wide < 1:
        raise refuse("not_count", key=key, value=factor, low=0, high=1000)
    return wide
