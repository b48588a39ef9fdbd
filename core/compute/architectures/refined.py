# SPDX-License-Identifier: Apache-2.0
"""Diffusion transformers that refine picture and text apart and then run both as one sequence: Z-Image, Lumina 2.

Layout of diffusers 0.42.
"""

from collections.abc import Callable
from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.dit import check_class, modulated, text_states
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import time_step
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_Z_IMAGE = {
    "all_patch_size": (2,),
    "all_f_patch_size": (1,),
    "in_channels": 16,
    "dim": 3840,
    "n_layers": 30,
    "n_refiner_layers": 2,
    "n_heads": 30,
    "qk_norm": True,
    "cap_feat_dim": 2560,
}
_LUMINA2 = {
    "sample_size": 128,
    "patch_size": 2,
    "in_channels": 16,
    "hidden_size": 2304,
    "num_layers": 26,
    "num_refiner_layers": 2,
    "num_attention_heads": 24,
    "num_kv_heads": 8,
    "multiple_of": 256,
    "cap_feat_dim": 1024,
}
_MULTIPLE = 32
"""Z-Image fills up picture and text, each to a multiple of so many places."""
_TIME_Z, _TIME_LUMINA = 256, 1024
"""Greatest width of the time embedding."""


class _Names(NamedTuple):
    """Where a layer keeps its parts."""

    attention: str
    forward: tuple[str, str, str]
    """First projection, the gate's, the last."""
    norms: tuple[str, str, str, str]
    """Before and after the attention, before and after the feed-forward part."""
    modulation: str


class _Layer(NamedTuple):
    """The sizes of a layer. `norm`: the size of the norms on queries and keys (0: none)."""

    names: _Names
    kv_width: int
    wide: int
    norm: int


_NAMES_Z = _Names(
    "attention",
    ("feed_forward.w1", "feed_forward.w3", "feed_forward.w2"),
    ("attention_norm1", "attention_norm2", "ffn_norm1", "ffn_norm2"),
    "adaLN_modulation.0",
)
_NAMES_LUMINA = _Names(
    "attn",
    ("feed_forward.linear_1", "feed_forward.linear_3", "feed_forward.linear_2"),
    ("norm1.norm", "norm2", "ffn_norm1", "ffn_norm2"),
    "norm1.linear",
)


def build(request: Request) -> Block:
    """The layer table of a transformer that refines picture and text before it joins them."""
    check_class(request)
    return _TYPES[request.model_type](request)


def _z_image(request: Request) -> Block:
    c, i = request.config.use(_Z_IMAGE), request.inputs
    width, heads = c.count("dim", high=10**6), c.count("n_heads", high=10_000)
    head = c.share("n_heads", width, heads)
    patch, deep = _one(c, "all_patch_size"), _one(c, "all_f_patch_size")
    if c.get("siglip_feat_dim") is not None:
        raise refuse("not_choice", key="siglip_feat_dim", value=c.get("siglip_feat_dim"))
    layer = _Layer(_NAMES_Z, width, int(width / 3 * 8), head if c.flag("qk_norm", True) else 0)
    t = Block()
    step = _time_z(t, i.batch, min(width, _TIME_Z))
    name, cells = f"{patch}-{deep}", deep * patch * patch * c.count("in_channels")
    pixels = t.given((i.batch, _filled(_places(request, patch)), cells))
    x = t.linear(f"all_x_embedder.{name}", pixels, width, bias=True, label="patch embedding")
    x = t.mix(x, t.free("x_pad_token", (1, width)), shape=x.shape)
    refiners = c.layers("n_refiner_layers")
    for index in range(refiners):
        x = t.layer(f"noise_refiner.{index}", _block(x.shape, step.shape, layer), x, step)
    given = text_states(t, request, c.count("cap_feat_dim"), 512)
    given = t.mix(given, shape=(i.batch, _filled(given.shape[1]), given.width))
    words = t.linear("cap_embedder.1", t.norm("cap_embedder.0", given), width, bias=True)
    words = t.mix(words, t.free("cap_pad_token", (1, width)), shape=words.shape)
    for index in range(refiners):
        words = t.layer(f"context_refiner.{index}", _block(words.shape, None, layer), words)
    both = t.mix(x, words, shape=(i.batch, x.shape[1] + words.shape[1], width))
    block = _block(both.shape, step.shape, layer)
    for index in range(c.layers("n_layers")):
        both = t.layer(f"layers.{index}", block, both, step)
    both = modulated(t, f"all_final_layer.{name}.adaLN_modulation.1", both, step, 1)
    out = t.linear(f"all_final_layer.{name}.linear", both, cells, bias=True, label="output head", role="head")
    return t.ends(out)


def _lumina2(request: Request) -> Block:
    c, i = request.config.use(_LUMINA2), request.inputs
    width, heads = c.count("hidden_size", high=10**6), c.count("num_attention_heads", high=10_000)
    head = c.share("num_attention_heads", width, heads)
    keys = c.count("num_kv_heads", heads, high=heads)
    c.share("num_attention_heads", heads, keys)
    patch, channels = c.count("patch_size", high=1000), c.count("in_channels")
    layer = _Layer(_NAMES_LUMINA, keys * head, _wide_lumina(c, width), head)
    t = Block()
    step = time_step(t, "time_caption_embed.timestep_embedder", i.batch, min(width, _TIME_LUMINA))
    words = t.norm(
        "time_caption_embed.caption_embedder.0", text_states(t, request, c.count("cap_feat_dim"), 256)
    )
    words = t.linear("time_caption_embed.caption_embedder.1", words, width, bias=True)
    pixels = t.given((i.batch, _places(request, patch), patch * patch * channels))
    x = t.linear("x_embedder", pixels, width, bias=True, label="patch embedding")
    refiners = c.layers("num_refiner_layers")
    # Gradient checkpointing leaves the refining layers out (transformer_lumina2.py, forward).
    for index in range(refiners):
        block = _block(words.shape, None, layer)
        (words,) = t.call(f"context_refiner.{index}", block, words, layer=False)
    for index in range(refiners):
        block = _block(x.shape, step.shape, layer)
        (x,) = t.call(f"noise_refiner.{index}", block, x, step, layer=False)
    both = t.mix(words, x, shape=(i.batch, words.shape[1] + x.shape[1], width))
    block = _block(both.shape, step.shape, layer)
    for index in range(c.layers("num_layers")):
        both = t.layer(f"layers.{index}", block, both, step)
    both = modulated(t, "norm_out.linear_1", both, step, 1)
    out = patch * patch * c.count("out_channels", channels)
    return t.ends(t.linear("norm_out.linear_2", both, out, bias=True, label="output head", role="head"))


def _wide_lumina(c: Config, width: int) -> int:
    """Width of the feed-forward part: four times, by the factor where one is said, up to the next multiple."""
    wide, multiple = 4 * width, c.count("multiple_of")
    if c.get("ffn_dim_multiplier") is not None:
        wide = ratio(c, "ffn_dim_multiplier", wide)
    return multiple * -(-wide // multiple)


def _one(c: Config, key: str) -> int:
    """The one size of a patch. A model of several runs them in turn, and no file says how often each."""
    sizes = c.counts(key, low=1) or ()
    if len(sizes) != 1:
        raise refuse("not_list", key=key, value=sizes, count=1)
    return sizes[0]


def _filled(places: int) -> int:
    return _MULTIPLE * -(-places // _MULTIPLE)


def _places(request: Request, patch: int) -> int:
    """Patches of the latent, or as many as given; 1024 x 1024 pixels when nothing is."""
    i = request.inputs
    if i.image_tokens:
        return i.image_tokens
    high, across = i.latent[-2:] if i.latent else (128, 128)
    return max(1, high // patch) * max(1, across // patch)


def _time_z(t: Block, batch: int, width: int) -> Value:
    label = "embeddings of the time step"
    h = t.linear("t_embedder.mlp.0", t.given((batch, 256)), 1024, bias=True, label=label)
    return t.linear("t_embedder.mlp.2", t.mix(h), width, bias=True, label=label)


def _block(shape: Shape, step: Shape | None, layer: _Layer) -> Block:
    """Attention and a gated feed-forward part, each between two norms. `step`: the shape of the time embedding, which
    scales what goes in and gates what comes out; None in the layers that read the text alone."""
    t = Block(shape, step) if step else Block(shape)
    x, width, names = t.inputs[0], shape[-1], layer.names
    before, after, before_net, after_net = names.norms
    factors = None
    if step:
        factors = t.linear(names.modulation, t.mix(t.inputs[1]), 4 * width, bias=True, label="modulation")
    elif before.endswith(".norm"):
        before = before.removesuffix(".norm")
    h = _scaled(t, t.norm(before, x), factors)
    q = t.linear(f"{names.attention}.to_q", h, width)
    k, v = (t.linear(f"{names.attention}.to_{one}", h, layer.kv_width) for one in "kv")
    if layer.norm:
        q = t.norm(f"{names.attention}.norm_q", q, size=layer.norm)
        k = t.norm(f"{names.attention}.norm_k", k, size=layer.norm)
    mixed = t.attention(q, k, v, width=width, causal=False)
    y = t.norm(after, t.linear(f"{names.attention}.to_out.0", mixed, width))
    x = t.mix(x, _scaled(t, y, factors))
    h, label = _scaled(t, t.norm(before_net, x), factors), "feed-forward"
    one, gate = (t.linear(name, h, layer.wide, label=label) for name in names.forward[:2])
    y = t.norm(after_net, t.linear(names.forward[2], t.mix(one, gate), width, label=label))
    return t.ends(t.mix(x, _scaled(t, y, factors)))


def _scaled(t: Block, x: Value, factors: Value | None) -> Value:
    return x if factors is None else t.mix(x, factors, shape=x.shape)


_TYPES: dict[str, Callable[[Request], Block]] = {
    "Lumina2Transformer2DModel": _lumina2,
    "ZImageTransformer2DModel": _z_image,
}
