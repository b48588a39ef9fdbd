# SPDX-License-Identifier: Apache-2.0
"""Segment Anything: a windowed ViT, prompts, and a mask decoder of two-way attention. Layout of transformers 5.23."""

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.architectures.vision_windows import Tiled, patches, ratio, tiled_layers
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_VISION = {
    "hidden_size": 768,
    "output_channels": 256,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "num_channels": 3,
    "image_size": 1024,
    "patch_size": 16,
    "mlp_ratio": 4.0,
    "window_size": 14,
    "global_attn_indexes": (2, 5, 8, 11),
    "num_pos_feats": 128,
}
_PROMPT = {"hidden_size": 256, "mask_input_channels": 16, "num_point_embeddings": 4}
_DECODER = {
    "hidden_size": 256,
    "mlp_dim": 2048,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "attention_downsample_rate": 2,
    "num_multimask_outputs": 3,
    "iou_head_depth": 3,
    "iou_head_hidden_dim": 256,
}
_HEAD = "output head"
_PARTS = {"main": True, "image_tower": False}


def build(request: Request) -> Block:
    """The layer table of SAM: one picture, one prompt of `points` points; `image_tower` runs the picture alone."""
    c, name = request.config, request.model_class
    if request.part not in _PARTS:
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not name:
        c.notes.append(note("head", head="Model"))
    elif not name.endswith("Model"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    vision, prompt = c.inner("vision_config", _VISION), c.inner("prompt_encoder_config", _PROMPT)
    t = Block()
    image = _encoder(t, vision, request)
    batch = request.inputs.batch if _PARTS[request.part] else 0
    wide = prompt.count("hidden_size")
    tokens = (request.inputs.points or 1) + 1
    _, high, across, _ = image.shape
    # Random frequencies turn coordinates into positions; one table, used for the picture and for the points.
    name, pairs = "shared_image_embedding.positional_embedding", vision.count("num_pos_feats")
    table = t.free(name, (2, pairs))
    points = (min(batch, 1), high * across, 2 * pairs), (batch, tokens, 2 * pairs)
    grid, placed = (
        t.product("embeddings", table, t.given(shape), flop=2 * shape[0] * shape[1] * 2 * pairs, shape=shape)
        for shape in points
    )
    _prompts(t, prompt, wide)
    image = t.mix(image, grid, shape=(batch, high * across, image.width))
    return t.ends(_decoder(t, c.inner("mask_decoder_config", _DECODER), image, placed, (high, across)))


def _encoder(t: Block, c: Config, request: Request) -> Value:
    hidden, sides = c.count("hidden_size"), c.sides("image_size")
    path = "vision_encoder."
    x = patches(t, c, request, f"{path}patch_embed.projection", hidden)
    high, wide = c.sides("patch_size", high=min(sides))
    grid = (sides[0] // high, sides[1] // wide)
    if c.flag("use_abs_pos", True):
        x = t.mix(x, t.free(f"{path}pos_embed", (1, *grid, hidden)))
    window, layers = c.count("window_size", low=0), c.layers()
    everywhere = c.counts("global_attn_indexes") or ()
    width = c.count("mlp_dim", ratio(c, "mlp_ratio", hidden))
    v = Tiled(
        hidden,
        layers,
        c.count("num_attention_heads"),
        FeedForward(width, ups=("lin1",), down="lin2", gated=False, bias=True),
        ("layer_norm1", "layer_norm2"),
        "attn",
        c.flag("qkv_bias", True),
        c.flag("use_rel_pos", True),
        window,
        frozenset(range(layers)).difference(everywhere) if window else frozenset(),
    )
    c.share("hidden_size", hidden, v.heads)
    x = tiled_layers(t, v, x, f"{path}layers", grid)
    out = c.count("output_channels")
    x = t.conv(f"{path}neck.conv1", x, out, kernel=(1, 1), bias=False)
    x = t.norm(f"{path}neck.layer_norm1", x, bias=True)
    x = t.conv(f"{path}neck.conv2", x, out, kernel=(3, 3), padding=1, bias=False)
    return t.norm(f"{path}neck.layer_norm2", x, bias=True)


def _prompts(t: Block, c: Config, wide: int) -> None:
    """Weights of the prompt encoder. A mask given as a prompt is not part of the pass counted."""
    path, narrow = "prompt_encoder.", c.count("mask_input_channels", low=4)
    mask = t.given((0, 4, 4, 1))
    for index, (out, side) in enumerate(((narrow // 4, 2), (narrow, 2), (wide, 1)), 1):
        mask = t.conv(f"{path}mask_embed.conv{index}", mask, out, kernel=(side, side), stride=side)
        if index < 3:
            mask = t.norm(f"{path}mask_embed.layer_norm{index}", mask, bias=True)
    for name in ("no_mask_embed", "not_a_point_embed"):
        t.embedding(path + name, 1, wide, (1, 1))
    for index in range(c.count("num_point_embeddings", high=1000)):
        t.embedding(f"{path}point_embed.{index}", 1, wide, (1, 1))


def _decoder(t: Block, c: Config, image: Value, points: Value, grid: tuple[int, int]) -> Value:
    """Masks from the picture and the prompt; the quality score runs beside them."""
    path, hidden, masks = "mask_decoder.", c.count("hidden_size"), c.count("num_multimask_outputs") + 1
    batch = image.shape[0]
    iou = t.embedding(f"{path}iou_token", 1, hidden, (batch, 1))
    own = t.embedding(f"{path}mask_tokens", masks, hidden, (batch, masks))
    x = t.mix(iou, own, points, shape=(batch, 1 + masks + points.shape[1], hidden))
    block = _two_way(c, x.shape, image.shape)
    for index in range(c.layers()):
        x, image = t.call(f"{path}transformer.layers.{index}", block, x, image)
    last = _attention(c, f"{path}transformer.final_attn_token_to_image", c.count("attention_downsample_rate"))
    x = t.mix(x, attend(t, x, last, memory=image))
    x = t.norm(f"{path}transformer.layer_norm_final_attn", x, bias=True)
    y = t.mix(image, shape=(batch, *grid, hidden))
    y = t.norm(
        f"{path}upscale_layer_norm",
        t.upconv(f"{path}upscale_conv1", y, hidden // 4, kernel=(2, 2)),
        bias=True,
    )
    y = t.upconv(f"{path}upscale_conv2", y, hidden // 8, kernel=(2, 2))
    one = t.mix(x, shape=(batch, hidden))
    made = [
        _feed(t, f"{path}output_hypernetworks_mlps.{index}", one, hidden, hidden // 8, 3)
        for index in range(masks)
    ]
    kernels = t.mix(*made, shape=(batch, masks, hidden // 8))
    depth, inner = c.count("iou_head_depth", low=2, high=100), c.count("iou_head_hidden_dim")
    _feed(t, f"{path}iou_prediction_head", one, inner, masks, depth, dead=True)
    _, high, wide, _ = y.shape
    flop = 2 * kernels.rows * kernels.width * high * wide
    return t.product(_HEAD, kernels, y, flop=flop, shape=(batch, masks, high * wide))


def _two_way(c: Config, tokens: Shape, image: Shape) -> Block:
    """Tokens attend to themselves and the picture, then the picture to the tokens."""
    t = Block(tokens, image)
    x, picture = t.inputs
    down = c.count("attention_downsample_rate")
    x = t.norm("layer_norm1", t.mix(x, attend(t, x, _attention(c, "self_attn", 1))), bias=True)
    a = attend(t, x, _attention(c, "cross_attn_token_to_image", down), memory=picture)
    x = t.norm("layer_norm2", t.mix(x, a), bias=True)
    mlp = FeedForward(c.count("mlp_dim"), ups=("lin1",), down="lin2", gated=False, bias=True)
    x = t.norm("layer_norm3", t.mix(x, feed_forward(t, x, mlp)), bias=True)
    a = attend(t, picture, _attention(c, "cross_attn_image_to_token", down), memory=x)
    return t.ends(x, t.norm("layer_norm4", t.mix(picture, a), bias=True))


def _attention(c: Config, name: str, down: int) -> Attention:
    heads = c.count("num_attention_heads")
    size = c.share("hidden_size", c.count("hidden_size") // down, heads)
    if size < 1:
        raise refuse("not_divisible", key="hidden_size", value=c.count("hidden_size"), other=heads * down)
    return Attention(heads, heads, size, name=name, out="out_proj", biases=(True,) * 4, causal=False)


def _feed(t: Block, name: str, x: Value, inner: int, out: int, layers: int, *, dead: bool = False) -> Value:
    x = t.linear(f"{name}.proj_in", x, inner, bias=True, label=_HEAD, dead=dead)
    for index in range(layers - 2):
        x = t.linear(f"{name}.layers.{index}", x, inner, bias=True, label=_HEAD, dead=dead)
    return t.linear(f"{name}.proj_out", x, out, bias=True, label=_HEAD, dead=dead)
