# SPDX-License-Identifier: Apache-2.0
"""Diffusion transformers that read their text from the side, or none: DiT, PixArt, Wan. Layout of diffusers 0.42."""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import attend_to, embedded, forward_net, time_step
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_DIT = {
    "num_attention_heads": 16,
    "attention_head_dim": 72,
    "in_channels": 4,
    "num_layers": 28,
    "sample_size": 32,
    "patch_size": 2,
    "num_embeds_ada_norm": 1000,
}
_PIXART = {
    **_DIT,
    "out_channels": 8,
    "sample_size": 128,
    "cross_attention_dim": 1152,
}
_WAN = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 40,
    "attention_head_dim": 128,
    "in_channels": 16,
    "out_channels": 16,
    "text_dim": 4096,
    "freq_dim": 256,
    "ffn_dim": 13824,
    "num_layers": 40,
    "cross_attn_norm": True,
}
_CLIP_TOKENS = 257


def build(request: Request) -> Block:
    """The layer table of a diffusion transformer."""
    check_class(request)
    return _TYPES[request.model_type](request)


def check_class(request: Request) -> None:
    """A diffusers configuration names its class itself. Raises BadConfig for another one, and for a part."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if request.model_class and request.model_class != request.model_type:
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)


def text_states(t: Block, request: Request, width: int, length: int) -> Value:
    """What the text encoder hands over; `length` tokens when none is given."""
    i = request.inputs
    return t.given((i.batch, i.text_len or i.seq_len or length, width))


def image_tokens(request: Request, *, side: int, channels: int) -> Shape:
    """Patches that come cut out already: as many as given, or those of the latent in squares of `side`."""
    i = request.inputs
    if i.image_tokens:
        count = i.image_tokens
    elif i.latent:
        count = max(1, i.latent[-2] // side) * max(1, i.latent[-1] // side)
    else:
        count = 4096
    return (i.batch, count, channels)


def patched(t: Block, request: Request, name: str, width: int) -> Value:
    """The latent cut into square patches, in one row."""
    c, i = request.config, request.inputs
    patch, channels = c.count("patch_size", high=1000), c.count("in_channels")
    height, width_of = i.latent[-2:] if i.latent else i.image or c.sides("sample_size")
    if i.latent and i.latent[0] != channels:
        raise refuse("not_count", key="in_channels", value=channels, low=i.latent[0], high=i.latent[0])
    given = t.given((i.batch, max(height, patch), max(width_of, patch), channels))
    x = t.conv(name, given, width, kernel=(patch, patch), stride=patch, label="patch embedding")
    return t.mix(x, shape=(i.batch, x.shape[1] * x.shape[2], width))


def modulated(t: Block, name: str, x: Value, step: Value, parts: int) -> Value:
    """x scaled and shifted by what a linear layer makes of the time embedding (`parts` times the width)."""
    factors = t.linear(name, t.mix(step), parts * x.width, bias=True, label="modulation")
    return t.mix(x, factors, shape=x.shape)


def _width(c: Config) -> int:
    return c.count("num_attention_heads", high=10_000) * c.count("attention_head_dim", high=10_000)


def _dit(request: Request) -> Block:
    c = request.config.use(_DIT)
    width, classes = _width(c), c.count("num_embeds_ada_norm")
    bias = c.flag("attention_bias", True)
    t = Block()
    x = patched(t, request, "pos_embed.proj", width)
    step_and_class = _step_and_class(request.inputs.batch, classes, width)
    block = _dit_block(x.shape, step_and_class, bias, affine=c.flag("norm_elementwise_affine"))
    for index in range(c.layers("num_layers")):
        x = t.layer(f"transformer_blocks.{index}", block, x)
    # The first block's embedding of step and class is made once more.
    (step,) = t.call("transformer_blocks.0.norm1.emb", step_and_class, layer=False, again=True)
    x = modulated(t, "proj_out_1", x, step, 2)
    patch, out = c.count("patch_size"), c.count("out_channels", c.count("in_channels"))
    return t.ends(t.linear("proj_out_2", x, patch * patch * out, bias=True, label="output head", role="head"))


def _step_and_class(batch: int, classes: int, width: int) -> Block:
    t = Block()
    step = time_step(t, "timestep_embedder", batch, width)
    return t.ends(t.mix(step, t.embedding("class_embedder.embedding_table", classes + 1, width, (batch,))))


def _dit_block(shape: Shape, embedding: Block, bias: bool, *, affine: bool) -> Block:
    """Each block embeds the time step and the class by itself."""
    t = Block(shape)
    (x,) = t.inputs
    (step,) = t.call("norm1.emb", embedding, layer=False)
    h = modulated(t, "norm1.linear", x, step, 6)
    x = t.mix(x, attend_to(t, "attn1", h, h, bias=bias))
    h = t.norm("norm3", x, bias=True) if affine else x
    return t.ends(t.mix(x, t.mix(forward_net(t, "ff", h), step, shape=shape, keeps=True)))


def _pixart(request: Request) -> Block:
    c = request.config.use(_PIXART)
    width, batch = _width(c), request.inputs.batch
    t = Block()
    x = patched(t, request, "pos_embed.proj", width)
    step = time_step(t, "adaln_single.emb.timestep_embedder", batch, width)
    more = c.get("use_additional_conditions")
    if more if isinstance(more, bool) else c.sides("sample_size")[0] == 128:
        third = c.share("attention_head_dim", width, 3)
        for name, numbers in (("resolution", 2), ("aspect_ratio", 1)):
            size = time_step(t, f"adaln_single.emb.{name}_embedder", batch * numbers, third)
            step = t.mix(step, size, shape=step.shape)
    factors = t.linear("adaln_single.linear", t.mix(step), 6 * width, bias=True, label="modulation")
    words = text_states(t, request, c.count("caption_channels", c.count("cross_attention_dim")), 120)
    if c.get("caption_channels") is not None:
        words = embedded(t, "caption_projection", words, width)
    bias, affine = c.flag("attention_bias", True), c.flag("norm_elementwise_affine")
    block = _pixart_block(x.shape, words.shape, factors.shape, bias, affine=affine)
    for index in range(c.layers("num_layers")):
        x = t.layer(f"transformer_blocks.{index}", block, x, words, factors)
    table = t.free("scale_shift_table", (2, width), label="modulation")
    x = t.mix(x, step, table, shape=x.shape)
    patch, out = c.count("patch_size"), c.count("out_channels", c.count("in_channels"))
    return t.ends(t.linear("proj_out", x, patch * patch * out, bias=True, label="output head", role="head"))


def _pixart_block(shape: Shape, text: Shape, factors: Shape, bias: bool, *, affine: bool) -> Block:
    t = Block(shape, text, factors)
    x, words, step = t.inputs
    table = t.free("scale_shift_table", (6, x.width), label="modulation")
    h = t.norm("norm1", x, bias=True) if affine else x
    h = t.mix(h, step, table, shape=shape)
    x = t.mix(x, attend_to(t, "attn1", h, h, bias=bias))
    x = t.mix(x, attend_to(t, "attn2", x, words, bias=bias))
    h = t.norm("norm2", x, bias=True) if affine else x
    h = t.mix(h, step, table, shape=shape)
    return t.ends(t.mix(x, t.mix(forward_net(t, "ff", h), step, table, shape=shape, keeps=True)))


def _wan(request: Request) -> Block:
    c, i = request.config.use(_WAN), request.inputs
    width = _width(c)
    patch = c.counts("patch_size", low=1) or ()
    if len(patch) != 3:
        raise refuse("not_list", key="patch_size", value=patch, count=3)
    given = i.latent if i.latent and len(i.latent) == 4 else None
    sides = given[1:] if given else (i.frames or 21, *(i.latent[1:] if i.latent else (60, 104)))
    t = Block()
    sides = tuple(max(side, one) for side, one in zip(sides, patch, strict=True))
    pixels = t.given((i.batch, *sides, c.count("in_channels")))
    x = t.conv("patch_embedding", pixels, width, kernel=patch, stride=patch, label="patch embedding")
    _, frames, height, across, _ = x.shape
    x = t.mix(x, shape=(i.batch, frames * height * across, width))
    path = "condition_embedder."
    step = time_step(t, f"{path}time_embedder", i.batch, width, c.count("freq_dim"))
    factors = t.linear(f"{path}time_proj", t.mix(step), 6 * width, bias=True, label="modulation")
    words = embedded(t, f"{path}text_embedder", text_states(t, request, c.count("text_dim"), 512), width)
    picture = _wan_picture(t, c, i.batch, width, f"{path}image_embedder.")
    block = _wan_block(c, x.shape, words.shape, factors.shape, picture)
    beside = () if picture is None else (picture,)
    for index in range(c.layers("num_layers")):
        x = t.layer(f"blocks.{index}", block, x, words, factors, *beside)
    table = t.free("scale_shift_table", (1, 2, width), label="modulation")
    x = t.mix(x, step, table, shape=x.shape)
    out = c.count("out_channels", c.count("in_channels")) * patch[0] * patch[1] * patch[2]
    return t.ends(t.linear("proj_out", x, out, bias=True, label="output head", role="head"))


def _wan_picture(t: Block, c: Config, batch: int, width: int, path: str) -> Value | None:
    """The first picture, as a CLIP tower hands it over (models that animate a picture)."""
    if c.get("image_dim") is None:
        return None
    size = c.count("image_dim")
    # With a table of places the first and the last picture stand behind each other.
    places = _CLIP_TOKENS if c.get("pos_embed_seq_len") is None else c.count("pos_embed_seq_len")
    x = t.given((batch, places, size))
    if c.get("pos_embed_seq_len") is not None:
        x = t.mix(x, t.free(f"{path}pos_embed", (1, places, size)), shape=x.shape)
    x = t.norm(f"{path}norm1", x, bias=True)
    x = t.mix(t.linear(f"{path}ff.net.0.proj", x, size, bias=True, label="feed-forward"))
    x = t.linear(f"{path}ff.net.2", x, width, bias=True, label="feed-forward")
    return t.norm(f"{path}norm2", x, bias=True)


def _wan_block(c: Config, shape: Shape, text: Shape, factors: Shape, picture: Value | None) -> Block:
    t = Block(shape, text, factors, *(() if picture is None else (picture.shape,)))
    x, words, step = t.inputs[:3]
    table = t.free("scale_shift_table", (1, 6, x.width), label="modulation")
    h = t.mix(x, step, table, shape=shape)
    x = t.mix(x, _wan_attend(t, "attn1", h, h))
    h = t.norm("norm2", x, bias=True) if c.flag("cross_attn_norm", True) else x
    x = t.mix(x, _wan_attend(t, "attn2", h, words, t.inputs[3] if picture is not None else None))
    h = t.mix(x, step, table, shape=shape)
    y = forward_net(t, "ffn", h, width=c.count("ffn_dim"))
    return t.ends(t.mix(x, t.mix(y, step, shape=shape, keeps=True)))


def _wan_attend(t: Block, name: str, x: Value, memory: Value, picture: Value | None = None) -> Value:
    """Norms over all heads together. The picture is attended to apart, with the same queries."""
    width = x.width
    q = t.norm(f"{name}.norm_q", t.linear(f"{name}.to_q", x, width, bias=True))
    k = t.norm(f"{name}.norm_k", t.linear(f"{name}.to_k", memory, width, bias=True))
    v = t.linear(f"{name}.to_v", memory, width, bias=True)
    mixed = t.attention(q, k, v, width=width, causal=False)
    if picture is not None:
        k = t.norm(f"{name}.norm_added_k", t.linear(f"{name}.add_k_proj", picture, width, bias=True))
        v = t.linear(f"{name}.add_v_proj", picture, width, bias=True)
        mixed = t.mix(mixed, t.attention(q, k, v, width=width, causal=False))
    return t.linear(f"{name}.to_out.0", mixed, width, bias=True)


_TYPES: dict[str, Callable[[Request], Block]] = {
    "DiTTransformer2DModel": _dit,
    "PixArtTransformer2DModel": _pixart,
    "WanTransformer3DModel": _wan,
}
