# SPDX-License-Identifier: Apache-2.0
"""U-Nets of diffusion models: Stable Diffusion's with text, and the plain one. Layout of diffusers 0.42."""

from collections.abc import Callable
from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import down, embedded, places, run_resnet, transformer, up
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
_ATTENDING = {"CrossAttn": "text", "Attn": "places", "": ""}


class Level(NamedTuple):
    """One size of the picture: its width, layers, what attends ("text", "places" or nothing) and how deep."""

    width: int
    layers: int
    attends: str
    depth: int
    crosses: bool


class Unet(NamedTuple):
    """A U-Net. `linear`: the transformers' first and last layers are linear, not 1 x 1 convolutions. `bare`: the middle
    attends to places without a norm before."""

    levels: tuple[Level, ...]
    ups: tuple[str, ...]
    padding: int
    both: bool
    linear: bool
    middle: str
    bare: bool


def build(request: Request) -> Block:
    """The layer table of a diffusion U-Net."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if request.model_class and request.model_class != request.model_type:
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    return _TYPES[request.model_type](request)


def latent(t: Block, request: Request) -> Value:
    """What is denoised: the latent given, else pixels, else the configuration's own size."""
    c, i = request.config, request.inputs
    if i.latent:
        channels, height, width = i.latent[0], *i.latent[-2:]
    else:
        own = c.sides("sample_size") if c.get("sample_size") else (64, 64)
        channels, (height, width) = c.count("in_channels"), i.image or own
    if channels != c.count("in_channels"):
        raise refuse(
            "not_count", key="in_channels", value=c.count("in_channels"), low=channels, high=channels
        )
    return t.given((i.batch, height, width, channels))


def each(c: Config, key: str, count: int) -> tuple[int, ...]:
    """A number for each level, given as one number or a list."""
    if isinstance(c.get(key), list | tuple):
        values = c.counts(key, low=1, most=100) or ()
        if len(values) < count:
            raise refuse("not_list", key=key, value=values, count=count)
        return values[:count]
    return (c.count(key, high=10_000),) * count


def read(c: Config, *, plain: bool = False, ups: bool = True) -> Unet:
    """The U-Net that a configuration describes. Raises BadConfig for blocks the table does not know."""
    widths = c.counts("block_out_channels", low=1, most=100) or ()
    count = len(widths)
    downs = c.words("down_block_types", count) if count else None
    if not downs:
        raise refuse("not_list", key="block_out_channels", value=widths, count=1)
    layers = each(c, "layers_per_block", count)
    depths = (1,) * count if plain else each(c, "transformer_layers_per_block", count)
    crosses = c.get("only_cross_attention")
    only = crosses if isinstance(crosses, list | tuple) else (bool(crosses),) * count
    if len(only) < count or not all(type(one) is bool for one in only):
        raise refuse("not_list", key="only_cross_attention", value=only, count=count)
    levels = tuple(
        Level(width, layer, _kind(name, "DownBlock2D"), depth, cross)
        for width, layer, name, depth, cross in zip(widths, layers, downs, depths, only, strict=False)
    )
    upper = tuple(_kind(one, "UpBlock2D") for one in c.words("up_block_types", count) or ()) if ups else ()
    scale = c.word("resnet_time_scale_shift", "default")
    if scale not in ("default", "scale_shift"):
        raise refuse("not_choice", key="resnet_time_scale_shift", value=scale)
    middle = c.word("mid_block_type")
    if middle not in ("UNetMidBlock2DCrossAttn", "UNetMidBlock2D"):
        raise refuse("not_choice", key="mid_block_type", value=middle)
    if c.flag("dual_cross_attention"):
        raise refuse("not_choice", key="dual_cross_attention", value=True)
    mid = (
        "text"
        if middle.endswith("CrossAttn")
        else "places"
        if plain and c.flag("add_attention", True)
        else ""
    )
    padding = c.count("downsample_padding", low=0, high=99)
    # The middle's attention takes its norm from the residual blocks only while these have the plain kind.
    bare = scale == "scale_shift" and c.get("attn_norm_num_groups") is None
    return Unet(levels, upper, padding, scale == "scale_shift", c.flag("use_linear_projection"), mid, bare)


def _kind(name: str, ending: str) -> str:
    start = name.removesuffix(ending)
    if start == name or start not in _ATTENDING:
        raise refuse("not_choice", key="block types", value=name)
    return _ATTENDING[start]


def _attended(
    t: Block, u: Unet, x: Value, name: str, level: Level, attends: str, text: Value | None
) -> Value:
    if attends == "text":
        if text is None:
            raise refuse("not_choice", key="block types", value="CrossAttn")
        block = transformer(x.shape, text.shape, level.depth, linear=u.linear, crosses=level.crosses)
        return t.call(name, block, x, text, layer=False)[0]
    return t.layer(name, places(x.shape), x) if attends else x


def descend(t: Block, u: Unet, x: Value, temb: Value, text: Value | None) -> tuple[Value, list[Value]]:
    """From the first convolution's output to the middle: the lowest picture and all that is kept on the way."""
    kept = [x]
    for index, level in enumerate(u.levels):
        here = f"down_blocks.{index}"
        for layer in range(level.layers):
            x = run_resnet(t, f"{here}.resnets.{layer}", x, level.width, temb, both=u.both)
            x = _attended(t, u, x, f"{here}.attentions.{layer}", level, level.attends, text)
            kept.append(x)
        if index < len(u.levels) - 1:
            x = down(t, f"{here}.downsamplers.0", x, u.padding)
            kept.append(x)
    last = u.levels[-1]._replace(crosses=False)
    x = run_resnet(t, "mid_block.resnets.0", x, last.width, temb, both=u.both)
    if u.middle == "places":
        x = t.layer("mid_block.attentions.0", places(x.shape, norm=not u.bare), x)
    else:
        x = _attended(t, u, x, "mid_block.attentions.0", last, u.middle, text)
    return run_resnet(t, "mid_block.resnets.1", x, last.width, temb, both=u.both), kept


def ascend(t: Block, u: Unet, x: Value, kept: list[Value], temb: Value, text: Value | None) -> Value:
    """From the middle back to the full size."""
    for index, attends in enumerate(u.ups):
        level, here = u.levels[-1 - index], f"up_blocks.{index}"
        for layer in range(level.layers + 1):
            past = kept.pop()
            both = t.mix(x, past, shape=(*past.shape[:-1], x.width + past.width))
            x = run_resnet(t, f"{here}.resnets.{layer}", both, level.width, temb, both=u.both)
            x = _attended(t, u, x, f"{here}.attentions.{layer}", level, attends, text)
        if index < len(u.ups) - 1:
            x = up(t, f"{here}.upsamplers.0", x, kept[-1].shape)
    return x


def _ends(t: Block, c: Config, x: Value) -> Block:
    x = t.mix(t.norm("conv_norm_out", x, bias=True), keeps=True)
    side = c.count("conv_out_kernel", 3, high=99)
    out = c.count("out_channels")
    return t.ends(t.conv("conv_out", x, out, kernel=(side, side), padding=side // 2, label="output head"))


def times(t: Block, c: Config, batch: int, text: int = 0) -> Value:
    """The time embedding, with classes and pooled text added where the configuration has them. `text`: how many words
    there are; none in the plain kind."""
    plain = text == 0
    first, kind = (
        (c.counts("block_out_channels", low=1) or (0,))[0],
        c.word("time_embedding_type", "positional"),
    )
    fourier = kind == "fourier"
    # With random frequencies the conditioned kind is half as wide, and has half as many of them as it is wide.
    wide = c.count("time_embedding_dim", (2 if fourier and not plain else 4) * first)
    size = first
    if fourier:
        count = first if plain else wide // 2
        t.free("time_proj.weight", (count,), fixed=True)
        size = 2 * count
    elif kind == "learned" and plain:
        t.embedding("time_proj", c.count("num_train_timesteps"), first, (batch,))
    elif kind != "positional":
        raise refuse("not_choice", key="time_embedding_type", value=kind)
    temb = embedded(t, "time_embedding", t.given((batch, size)), wide)
    classes, projected = c.get("class_embed_type"), c.get("projection_class_embeddings_input_dim")
    if classes is None and c.get("num_class_embeds") is not None:
        temb = t.mix(temb, t.embedding("class_embedding", c.count("num_class_embeds"), wide, (batch,)))
    elif classes == "timestep":
        temb = t.mix(temb, embedded(t, "class_embedding", t.given((batch, size)), wide))
    elif classes == "projection":
        given = t.given((batch, c.count("projection_class_embeddings_input_dim")))
        temb = t.mix(temb, embedded(t, "class_embedding", given, wide))
    elif classes not in (None, "identity"):
        raise refuse("not_choice", key="class_embed_type", value=classes)
    added = c.get("addition_embed_type")
    if added == "text_time" and projected is not None:
        given = t.given((batch, c.count("projection_class_embeddings_input_dim")))
        temb = t.mix(temb, embedded(t, "add_embedding", given, wide))
    elif added == "text" and text:
        temb = t.mix(temb, _pooled(t, c, (batch, text), wide))
    elif added is not None:
        raise refuse("not_choice", key="addition_embed_type", value=added)
    return temb


def _pooled(t: Block, c: Config, shape: tuple[int, int], wide: int) -> Value:
    """The text as one vector: its mean looks at all words (diffusers' TextTimeEmbedding)."""
    path, label, (batch, length) = "add_embedding.", "embeddings of the time step", shape
    width = c.count("encoder_hid_dim", each(c, "cross_attention_dim", 1)[0])
    x = t.norm(f"{path}norm1", t.given((batch, length, width)), bias=True)
    first = t.mix(x, t.free(f"{path}pool.positional_embedding", (1, width)), shape=(batch, 1, width))
    x = t.mix(first, x, shape=(batch, length + 1, width))
    q = t.linear(f"{path}pool.q_proj", first, width, bias=True, label=label)
    k, v = (t.linear(f"{path}pool.{one}_proj", x, width, bias=True, label=label) for one in "kv")
    x = t.mix(t.attention(q, k, v, width=width, causal=False), shape=(batch, width))
    return t.norm(f"{path}norm2", t.linear(f"{path}proj", x, wide, bias=True, label=label), bias=True)


def words(t: Block, c: Config, request: Request) -> Value:
    """The text's states, brought to the width of the attention where the configuration says so."""
    width, length = (
        each(c, "cross_attention_dim", 1)[0],
        request.inputs.text_len or request.inputs.seq_len or 77,
    )
    batch = request.inputs.batch
    kind = c.get("encoder_hid_dim_type") or ("text_proj" if c.get("encoder_hid_dim") else None)
    if kind is None:
        return t.given((batch, length, width))
    if kind != "text_proj":
        raise refuse("not_choice", key="encoder_hid_dim_type", value=kind)
    given = t.given((batch, length, c.count("encoder_hid_dim")))
    return t.linear("encoder_hid_proj", given, width, bias=True)


def _condition(request: Request) -> Block:
    c = request.config.use(CONDITION)
    u = read(c)
    t = Block()
    text = words(t, c, request)
    temb = times(t, c, request.inputs.batch, text.shape[1])
    side = c.count("conv_in_kernel", 3, high=99)
    start, width = latent(t, request), u.levels[0].width
    x = t.conv("conv_in", start, width, kernel=(side, side), padding=side // 2, label="patch embedding")
    x, kept = descend(t, u, x, temb, text)
    return _ends(t, c, ascend(t, u, x, kept, temb, text))


def _plain(request: Request) -> Block:
    c = request.config.use(_PLAIN)
    for key in ("downsample_type", "upsample_type"):
        if c.word(key, "conv") != "conv":
            raise refuse("not_choice", key=key, value=c.get(key))
    u = read(c, plain=True)
    t = Block()
    temb = times(t, c, request.inputs.batch)
    x = t.conv(
        "conv_in", latent(t, request), u.levels[0].width, kernel=(3, 3), padding=1, label="patch embedding"
    )
    x, kept = descend(t, u, x, temb, None)
    return _ends(t, c, ascend(t, u, x, kept, temb, None))


_TYPES: dict[str, Callable[[Request], Block]] = {
    "UNet2DConditionModel": _condition,
    "UNet2DModel": _plain,
}
