# SPDX-License-Identifier: Apache-2.0
"""The text and vision towers of CLIP and SigLIP, for every model that is built round one of them.

Layout and defaults of transformers 5.23. A tower that is held but does not run in a pass (a text batch through a
model with both) is laid out for a batch of none: its weights count, its operations cost nothing.
"""

from collections.abc import Mapping
from math import isqrt
from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_TEXT = {"hidden_size": 512, "intermediate_size": 2048, "num_hidden_layers": 12, "num_attention_heads": 8}
_VISION = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
CLIP_TEXT: Mapping[str, object] = {
    **_TEXT,
    "vocab_size": 49408,
    "max_position_embeddings": 77,
    "projection_dim": 512,
}
CLIP_VISION: Mapping[str, object] = {
    **_VISION,
    "num_channels": 3,
    "image_size": 224,
    "patch_size": 32,
    "projection_dim": 512,
}
SIGLIP_TEXT: Mapping[str, object] = {**_VISION, "vocab_size": 32000, "max_position_embeddings": 64}
SIGLIP_VISION: Mapping[str, object] = {
    **_VISION,
    "num_channels": 3,
    "image_size": 224,
    "patch_size": 16,
    "vision_use_head": True,
}
SIGLIP2_VISION: Mapping[str, object] = {**SIGLIP_VISION, "num_patches": 256}
_HALVES = FeedForward(0, ups=("fc1",), down="fc2", gated=False, bias=True)


class Tower(NamedTuple):
    """What a tower hands on: the states after its last layer, and the one vector for the whole text or image."""

    states: Value
    pooled: Value


class VisionKind(NamedTuple):
    """How a vision tower differs. `token`: a class token first, its state is the pooled one, normed by itself.
    `flat`: patches come cut out already and pass a linear layer (SigLIP 2)."""

    token: bool = True
    first_norm: str = "pre_layrnorm"
    patch_bias: bool = False
    flat: bool = False


CLIP, OWL = VisionKind(), VisionKind(first_norm="pre_layernorm")
SIGLIP = VisionKind(token=False, first_norm="", patch_bias=True)
SIGLIP2 = SIGLIP._replace(flat=True)


def encoder_layer(c: Config, shape: Shape, *, causal: bool = False) -> Block:
    """One layer of either tower: norms first, biases everywhere, a plain feed-forward."""
    heads, hidden = c.count("num_attention_heads"), c.count("hidden_size")
    size = c.share("hidden_size", hidden, heads)
    a = Attention(heads, heads, size, out="out_proj", biases=(True,) * 4, causal=causal)
    t = Block(shape)
    (x,) = t.inputs
    x = t.mix(x, attend(t, t.norm("layer_norm1", x, bias=True), a))
    mlp = _HALVES._replace(width=c.count("intermediate_size"))
    return t.ends(t.mix(x, feed_forward(t, t.norm("layer_norm2", x, bias=True), mlp)))


def text_tower(t: Block, c: Config, path: str, positions: tuple[int, int], *, causal: bool = True) -> Tower:
    """Tokens (batch, length) through the text tower at `path` (ending in a dot, or empty)."""
    hidden = c.count("hidden_size")
    x = t.embedding(f"{path}embeddings.token_embedding", c.count("vocab_size"), hidden, positions)
    rows = c.count("max_position_embeddings")
    x = t.mix(x, t.embedding(f"{path}embeddings.position_embedding", rows, hidden, positions))
    x = _stack(t, c, path, x, causal=causal)
    x = t.norm(f"{path}final_layer_norm", x, bias=True, role="final_norm")
    return Tower(x, t.mix(x, shape=(positions[0], hidden)))


def siglip_text(
    t: Block, c: Config, path: str, positions: tuple[int, int], *, dead_head: bool = False
) -> Tower:
    """SigLIP's text tower: no causal mask, a linear layer on the last token."""
    tower = text_tower(t, c, path, positions, causal=False)
    out = c.count("projection_size", c.count("hidden_size"))
    return tower._replace(pooled=t.linear(f"{path}head", tower.pooled, out, bias=True, dead=dead_head))


def vision_tower(
    t: Block,
    c: Config,
    path: str,
    batch: int,
    image: tuple[int, int] | None,
    kind: VisionKind = CLIP,
    *,
    head: bool | None = None,
    dead_head: bool = False,
) -> Tower:
    """`batch` images of `image` (height, width) pixels (None: the configuration's) through the tower at `path`.

    `head`: does it end in SigLIP's attention pooling (None: as the configuration says). `dead_head`: the pooled
    vector is made but not used. CLIP's states are those before the last norm, SigLIP's those after it.
    """
    hidden = c.count("hidden_size")
    x = _patches(t, c, path, batch, image, kind)
    if kind.first_norm:
        x = t.norm(path + kind.first_norm, x, bias=True)
    x = _stack(t, c, path, x, causal=False)
    if kind.token:
        first = t.mix(x, shape=(batch, hidden))
        return Tower(x, t.norm(f"{path}post_layernorm", first, bias=True, role="final_norm"))
    x = t.norm(f"{path}post_layernorm", x, bias=True, role="final_norm")
    if not (c.flag("vision_use_head", True) if head is None else head):
        return Tower(x, x)
    return Tower(x, t.call(f"{path}head", _pooling(c, x.shape), x, layer=False, dead=dead_head)[0])


def _patches(
    t: Block, c: Config, path: str, batch: int, image: tuple[int, int] | None, kind: VisionKind
) -> Value:
    """Patches as vectors, with their positions and the class token."""
    hidden, channels = c.count("hidden_size"), c.count("num_channels")
    high, wide = c.sides("patch_size", high=10_000)
    name, label = f"{path}embeddings.patch_embedding", "patch embedding"
    if kind.flat:
        rows = c.count("num_patches")
        side = isqrt(rows)
        height, width = image or (side * high, side * wide)
        count = max(1, height // high) * max(1, width // wide)
        flat = t.given((batch, count, channels * high * wide))
        x = t.linear(name, flat, hidden, bias=True, label=label)
    else:
        sides = c.sides("image_size")
        rows = (sides[0] // high) * (sides[1] // wide)
        height, width = image or sides
        pixels = t.given((batch, max(height, high), max(width, wide), channels))
        x = t.conv(
            name, pixels, hidden, kernel=(high, wide), stride=(high, wide), bias=kind.patch_bias, label=label
        )
        x = t.mix(x, shape=(batch, x.shape[1] * x.shape[2], hidden))
    if rows < 1:
        raise refuse("not_count", key="image_size", value=c.get("image_size"), low=high, high=10**8)
    shape = (batch, x.shape[1] + kind.token, hidden)
    table = t.embedding(f"{path}embeddings.position_embedding", rows + kind.token, hidden, shape[:2])
    if kind.token:
        x = t.mix(x, t.free(f"{path}embeddings.class_embedding", (1, 1, hidden)), shape=shape)
    return t.mix(x, table)


def _stack(t: Block, c: Config, path: str, x: Value, *, causal: bool) -> Value:
    block = encoder_layer(c, x.shape, causal=causal)
    for index in range(c.layers()):
        x = t.layer(f"{path}encoder.layers.{index}", block, x)
    return x


def _pooling(c: Config, shape: Shape) -> Block:
    """SigLIP's head: one learned query attends to all patches (torch.nn.MultiheadAttention), then a feed-forward."""
    batch, _, hidden = shape
    t = Block(shape)
    (x,) = t.inputs
    probe = t.mix(t.free("probe", (1, 1, hidden)), shape=(batch, 1, hidden))
    q = t.linear("attention.in_proj.q", probe, hidden, bias=True, module=False)
    kv = t.linear("attention.in_proj.kv", x, 2 * hidden, bias=True, module=False)
    k = t.mix(kv, shape=shape)
    mixed = t.attention(q, k, k, width=hidden, causal=False)
    x = t.linear("attention.out_proj", mixed, hidden, bias=True, raw=True)
    mlp = _HALVES._replace(width=c.count("intermediate_size"))
    return t.ends(t.mix(x, feed_forward(t, t.norm("layernorm", x, bias=True), mlp)))
