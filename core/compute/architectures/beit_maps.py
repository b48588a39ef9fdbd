# SPDX-License-Identifier: Apache-2.0
"""BEiT telling the class of every place of a picture: a pyramid made of four of its layers, read by UPerNet's head.

Layout of transformers 5.23 (modeling_beit.py).
"""

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.vision import Vision, embed, states
from core.compute.architectures.vision_conv import conv_norm
from core.compute.layers import Block, Value
from core.compute.notes import refuse

_LEVELS = 4


def places(v: Vision, request: Request) -> Block:
    """The layer table of `BeitForSemanticSegmentation`."""
    c, t, path = request.config, Block(), f"{v.prefix}."
    read = c.counts("out_indices", most=_LEVELS) or ()
    if len(read) != _LEVELS or min(read) < 1 or max(read) > v.layers:
        raise refuse("not_list", key="out_indices", value=read, count=_LEVELS)
    # Counted from one, the first being what goes into the layers.
    read = tuple(index - 1 for index in read)
    x = embed(t, v, request, path)
    found = states(t, v, x, path, max(read))
    if v.final_norm:
        t.norm(path + v.final_norm, t.mix(found[-1], detached=True), bias=True)
    height, width = request.inputs.image or v.sides
    grid = (x.shape[0], height // v.patch[0], width // v.patch[1], v.hidden)
    maps = _neck(t, [t.mix(found[index], shape=grid) for index in read])
    logits = _uper(t, c, maps)
    if c.flag("use_auxiliary_head", True):
        _beside(t, c, maps[2])
    return t.ends(logits)


def _neck(t: Block, maps: list[Value]) -> list[Value]:
    """Four times as large, twice, as it is, half."""
    first, second, third, last = maps
    width = first.width
    large = t.upconv("fpn.fpn1.conv_transpose1", first, width, kernel=(2, 2))
    large = t.mix(t.norm("fpn.fpn1.normalization", large, bias=True))
    large = t.upconv("fpn.fpn1.conv_transpose2", large, width, kernel=(2, 2))
    middle = t.upconv("fpn.fpn2", second, width, kernel=(2, 2))
    batch, height, across, _ = last.shape
    return [large, middle, third, t.mix(last, shape=(batch, max(1, height // 2), max(1, across // 2), width))]


def _uper(t: Block, c: Config, maps: list[Value]) -> Value:
    """Means over several sizes of tiles beside the smallest map; then from small to large, each map added."""
    path, top = "decode_head.", maps[-1]
    width = top.width
    scales = c.counts("pool_scales", low=1, most=100) or (1, 2, 3, 6)
    seen = [top]
    for index, scale in enumerate(scales):
        tiles = t.mix(top, shape=(top.shape[0], scale, scale, width))
        name = f"{path}psp_modules.blocks.{index}.conv"
        seen.append(t.mix(conv_norm(t, name, tiles, width, 1), shape=top.shape))
    every = t.mix(*seen, shape=(*top.shape[:-1], len(seen) * width))
    sides = [
        t.mix(conv_norm(t, f"{path}lateral_convs.{index}", one, width, 1))
        for index, one in enumerate(maps[:-1])
    ]
    sides.append(t.mix(conv_norm(t, f"{path}psp_bottleneck", every, width)))
    for index in range(len(sides) - 1, 0, -1):
        sides[index - 1] = t.mix(sides[index - 1], sides[index])
    outs = [
        t.mix(conv_norm(t, f"{path}fpn_convs.{index}", one, width)) for index, one in enumerate(sides[:-1])
    ]
    every = t.mix(*outs, sides[-1], shape=(*outs[0].shape[:-1], len(sides) * width))
    x = t.mix(conv_norm(t, f"{path}fpn_bottleneck", every, width))
    return t.conv(f"{path}classifier", x, c.labels(), kernel=(1, 1), label="output head")


def _beside(t: Block, c: Config, x: Value) -> None:
    """A second head on the third map. It runs, and what is measured as the loss reads the first alone."""
    inner, path = Block(x.shape), "auxiliary_head."
    wide = c.count("auxiliary_channels", 256)
    (given,) = inner.inputs
    y = given
    for index in range(c.count("auxiliary_num_convs", 1, low=0, high=1000)):
        y = inner.mix(conv_norm(inner, f"convs.{index}", y, wide))
    if c.flag("auxiliary_concat_input"):
        both = inner.mix(given, y, shape=(*x.shape[:-1], given.width + y.width))
        y = inner.mix(conv_norm(inner, "conv_cat", both, wide))
    inner.ends(inner.conv("classifier", y, c.labels(), kernel=(1, 1), label="output head"))
    t.call(path.rstrip("."), inner, x, layer=False, dead=True)
