# SPDX-License-Identifier: Apache-2.0
"""U-Nets of diffusion models: Stable Diffusion's with text, and the plain one. Layout of diffusers 0.42."""

from collections.abc import Callable
from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.unet_given import each, started, times, words
from core.compute.architectures.unet_parts import (
    down,
    places,
    places_and_words,
    run_resnet,
    transformer,
    up,
)
from core.compute.layers import Block, Value
from core.compute.notes import refuse

CONDITION = {
    "in_channels": 4,
    "out_channels": 4,
    "down_block_types": ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
    "up_block_types": ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
    "block_out_channels": (320, 640, 1280, 1280),
    "layers_per_block": 2,
    "cross_attention_dim": 1280,
    "transformer_layers_per_block": 1,
    "attention_head_dim": 8,
    "downsample_padding": 1,
    "mid_block_type": "UNetMidBlock2DCrossAttn",
}
_PLAIN = {
    "in_channels": 3,
    "out_channels": 3,
    "down_block_types": ("DownBlock2D",) + ("AttnDownBlock2D",) * 3,
    "up_block_types": ("AttnUpBlock2D",) * 3 + ("UpBlock2D",),
    "block_out_channels": (224, 448, 672, 896),
    "layers_per_block": 2,
    "downsample_padding": 1,
    "mid_block_type": "UNetMidBlock2D",
    "num_train_timesteps": 1000,
}
_BLOCKS = {
    "DownBlock2D": ("", False),
    "AttnDownBlock2D": ("places", False),
    "CrossAttnDownBlock2D": ("text", False),
    "ResnetDownsampleBlock2D": ("", True),
    "SimpleCrossAttnDownBlock2D": ("both", True),
}
"""What each block attends to, and whether a residual block changes the size after it, not a convolution."""
_MIDDLES = {
    "": "none",
    "UNetMidBlock2D": "",
    "UNetMidBlock2DCrossAttn": "text",
    "UNetMidBlock2DSimpleCrossAttn": "both",
}


class Level(NamedTuple):
    """One size of the picture: its width, layers, what attends ("text"; "places"; "both" at once; nothing), how deep, by
    heads of which size. `crosses`: to nothing but the text. `residual`: a residual block changes the size."""

    width: int
    layers: int
    attends: str
    residual: bool
    depth: int
    crosses: bool
    head: int


class Unet(NamedTuple):
    """A U-Net. `linear`: the transformers' first and last layers are linear, not 1 x 1 convolutions. `middle` is a level
    of its own (None: there is no middle). `bare`: it attends to places without a norm before. `norm`: the text takes a
    norm where places and text are attended to at once."""

    levels: tuple[Level, ...]
    ups: tuple[Level, ...]
    padding: int
    both: bool
    linear: bool
    middle: Level | None
    bare: bool
    norm: bool


def build(request: Request) -> Block:
    """The layer table of a diffusion U-Net."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if request.model_class and request.model_class != request.model_type:
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    return _TYPES[request.model_type](request)


def read(c: Config, *, plain: bool = False, ups: bool = True) -> Unet:
    """The U-Net that a configuration describes. Raises BadConfig for blocks the table does not know."""
    widths = c.counts("block_out_channels", low=1, most=100) or ()
    count = len(widths)
    downs = c.words("down_block_types", count) if count else None
    if not downs:
        raise refuse("not_list", key="block_out_channels", value=widths, count=1)
    layers = each(c, "layers_per_block", count)
    depths = (1,) * count if plain else each(c, "transformer_layers_per_block", count)
    heads = widths if c.get("attention_head_dim") is None else each(c, "attention_head_dim", count)
    crosses = c.get("only_cross_attention")
    only = crosses if isinstance(crosses, list | tuple) else (bool(crosses),) * count
    if len(only) < count or not all(type(one) is bool for one in only):
        raise refuse("not_list", key="only_cross_attention", value=only, count=count)
    levels = tuple(
        Level(width, layer, *_kind(c, name, "down"), depth, cross, head)
        for width, layer, name, depth, cross, head in zip(
            widths, layers, downs, depths, only, heads, strict=False
        )
    )
    scale = c.word("resnet_time_scale_shift", "default")
    if scale not in ("default", "scale_shift"):
        raise refuse("not_choice", key="resnet_time_scale_shift", value=scale)
    if c.flag("dual_cross_attention"):
        raise refuse("not_choice", key="dual_cross_attention", value=True)
    if c.word("attention_type", "default") != "default":
        raise refuse("not_choice", key="attention_type", value=c.get("attention_type"))
    norm = c.get("cross_attention_norm")
    if norm not in (None, "layer_norm", "group_norm"):
        raise refuse("not_choice", key="cross_attention_norm", value=norm)
    # The middle's attention takes its norm from the residual blocks only while these have the plain kind.
    bare = scale == "scale_shift" and c.get("attn_norm_num_groups") is None
    return Unet(
        levels,
        _ups(c, levels) if ups else (),
        c.count("downsample_padding", low=0, high=99),
        scale == "scale_shift",
        c.flag("use_linear_projection"),
        _middle(c, levels[-1], plain=plain),
        bare,
        norm is not None,
    )


def _kind(c: Config, name: str, way: str) -> tuple[str, bool]:
    other = "up" if way == "down" else "down"
    known = name.removeprefix("UNetRes")
    if way == "up":
        known = known.replace("Up", "Down")
    if known not in _BLOCKS or other.capitalize() in name:
        raise refuse("not_choice", key="block types", value=name)
    attends, residual = _BLOCKS[known]
    if attends == "places":
        by = c.word(f"{way}sample_type", "conv")
        if by not in ("conv", "resnet"):
            raise refuse("not_choice", key=f"{way}sample_type", value=by)
        residual = by == "resnet"
    return attends, residual


def _ups(c: Config, levels: tuple[Level, ...]) -> tuple[Level, ...]:
    """The levels on the way back, the lowest first."""
    kinds = [_kind(c, one, "up") for one in c.words("up_block_types", len(levels)) or ()]
    back = "reverse_transformer_layers_per_block"
    depths = [one.depth for one in reversed(levels)] if c.get(back) is None else each(c, back, len(levels))
    # The class turns every list of the way down round, but not that of the head sizes.
    return tuple(
        level._replace(attends=attends, residual=residual, depth=depth, head=same.head)
        for level, same, (attends, residual), depth in zip(
            reversed(levels), levels, kinds, depths, strict=False
        )
    )


def _middle(c: Config, last: Level, *, plain: bool) -> Level | None:
    """The lowest level: a residual block, and layers that attend and pass through another one."""
    name = c.word("mid_block_type")
    if name not in _MIDDLES or (plain and name not in ("", "UNetMidBlock2D")):
        raise refuse("not_choice", key="mid_block_type", value=name)
    attends = _MIDDLES[name]
    if attends == "none":
        return None
    whole = c.get("only_cross_attention")
    crosses = c.flag("mid_block_only_cross_attention", whole if isinstance(whole, bool) else False)
    if plain:
        attends = "places" if c.flag("add_attention", True) else ""
    # The plain middle of a conditioned U-Net is one residual block.
    layers = 1 if plain or attends else 0
    return last._replace(attends=attends, layers=layers, crosses=crosses and attends == "both")


def _attended(t: Block, u: Unet, x: Value, name: str, level: Level, text: Value | None) -> Value:
    if level.attends in ("text", "both"):
        if text is None:
            raise refuse("not_choice", key="block types", value="CrossAttn")
        if level.attends == "text":
            block = transformer(x.shape, text.shape, level.depth, linear=u.linear, crosses=level.crosses)
        else:
            block = places_and_words(x.shape, text.shape, level.head, crosses=level.crosses, norm=u.norm)
        return t.call(name, block, x, text, layer=level.attends == "both")[0]
    return t.layer(name, places(x.shape), x) if level.attends else x


def descend(t: Block, u: Unet, x: Value, temb: Value, text: Value | None) -> tuple[Value, list[Value]]:
    """From the first convolution's output to the middle: the lowest picture and all that is kept on the way."""
    kept = [x]
    for index, level in enumerate(u.levels):
        here = f"down_blocks.{index}"
        for layer in range(level.layers):
            x = run_resnet(t, f"{here}.resnets.{layer}", x, level.width, temb, both=u.both)
            x = _attended(t, u, x, f"{here}.attentions.{layer}", level, text)
            kept.append(x)
        if index < len(u.levels) - 1:
            name = f"{here}.downsamplers.0"
            if level.residual:
                half = (max(1, x.shape[1] // 2), max(1, x.shape[2] // 2))
                x = run_resnet(t, name, x, level.width, temb, both=u.both, to=half)
            else:
                x = down(t, name, x, u.padding)
            kept.append(x)
    middle = u.middle
    if middle is None:
        return x, kept
    x = run_resnet(t, "mid_block.resnets.0", x, middle.width, temb, both=u.both)
    for layer in range(middle.layers):
        name = f"mid_block.attentions.{layer}"
        if middle.attends == "places":
            x = t.layer(name, places(x.shape, norm=not u.bare), x)
        else:
            x = _attended(t, u, x, name, middle, text)
        x = run_resnet(t, f"mid_block.resnets.{layer + 1}", x, middle.width, temb, both=u.both)
    return x, kept


def ascend(t: Block, u: Unet, x: Value, kept: list[Value], temb: Value, text: Value | None) -> Value:
    """From the middle back to the full size."""
    for index, level in enumerate(u.ups):
        here = f"up_blocks.{index}"
        for layer in range(level.layers + 1):
            past = kept.pop()
            both = t.mix(x, past, shape=(*past.shape[:-1], x.width + past.width))
            x = run_resnet(t, f"{here}.resnets.{layer}", both, level.width, temb, both=u.both)
            x = _attended(t, u, x, f"{here}.attentions.{layer}", level, text)
        if index < len(u.ups) - 1:
            name, to = f"{here}.upsamplers.0", kept[-1].shape
            if level.residual:
                x = run_resnet(t, name, x, level.width, temb, both=u.both, to=(to[1], to[2]))
            else:
                x = up(t, name, x, to)
    return x


def _ends(t: Block, c: Config, x: Value) -> Block:
    x = t.mix(t.norm("conv_norm_out", x, bias=True))
    side = c.count("conv_out_kernel", 3, high=99)
    out, edge = c.count("out_channels"), (side - 1) // 2
    return t.ends(t.conv("conv_out", x, out, kernel=(side, side), padding=edge, label="output head"))


def _condition(request: Request) -> Block:
    c = request.config.use(CONDITION)
    u = read(c)
    t = Block()
    text, length = words(t, c, request)
    temb = times(t, c, request.inputs.batch, length)
    x, kept = descend(t, u, started(t, request, u.levels[0].width), temb, text)
    return _ends(t, c, ascend(t, u, x, kept, temb, text))


def _plain(request: Request) -> Block:
    c = request.config.use(_PLAIN)
    u = read(c, plain=True)
    t = Block()
    temb = times(t, c, request.inputs.batch)
    x, kept = descend(t, u, started(t, request, u.levels[0].width), temb, None)
    return _ends(t, c, ascend(t, u, x, kept, temb, None))


_TYPES: dict[str, Callable[[Request], Block]] = {
    "UNet2DConditionModel": _condition,
    "UNet2DModel": _plain,
}
