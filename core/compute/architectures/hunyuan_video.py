# SPDX-License-Identifier: Apache-2.0
"""HunyuanVideo: a transformer of Flux's shape over the places of a video, beside a text that is refined first.

Layout of diffusers 0.42.
"""

from core.compute.architectures.config import Config
from core.compute.architectures.dit import check_class, modulated, text_states
from core.compute.architectures.mmdit import joint
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import attend_to, embedded, forward_net, time_step
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_DEFAULTS = {
    "in_channels": 16,
    "out_channels": 16,
    "num_attention_heads": 24,
    "attention_head_dim": 128,
    "num_layers": 20,
    "num_single_layers": 40,
    "num_refiner_layers": 2,
    "mlp_ratio": 4.0,
    "patch_size": 2,
    "patch_size_t": 1,
    "qk_norm": "rms_norm",
    "guidance_embeds": True,
    "text_embed_dim": 4096,
    "pooled_projection_dim": 768,
}
_REFINER = 4
"""Times the width, inside the layers that refine the text."""


def build(request: Request) -> Block:
    """The layer table of HunyuanVideo."""
    check_class(request)
    c, i = request.config.use(_DEFAULTS), request.inputs
    size = c.count("attention_head_dim", high=10_000)
    width = c.count("num_attention_heads", high=10_000) * size
    if c.get("image_condition_type") not in (None, "latent_concat"):
        raise refuse("not_choice", key="image_condition_type", value=c.get("image_condition_type"))
    if c.word("qk_norm", "rms_norm") != "rms_norm":
        raise refuse("not_choice", key="qk_norm", value=c.get("qk_norm"))
    norms = 0 if c.get("qk_norm") is None else size
    wide = ratio(c, "mlp_ratio", width)
    t = Block()
    temb = _conditions(t, c, i.batch, width)
    patch = (c.count("patch_size_t", high=1000), *(2 * (c.count("patch_size", high=1000),)))
    given = i.latent if i.latent and len(i.latent) == 4 else None
    sides = given[1:] if given else (i.frames or 33, *(i.latent[1:] if i.latent else (90, 160)))
    sides = tuple(max(side, one) for side, one in zip(sides, patch, strict=True))
    pixels = t.given((i.batch, *sides, c.count("in_channels")))
    x = t.conv("x_embedder.proj", pixels, width, kernel=patch, stride=patch, label="patch embedding")
    _, frames, height, across, _ = x.shape
    x = t.mix(x, shape=(i.batch, frames * height * across, width))
    words = _refined(t, c, text_states(t, request, c.count("text_embed_dim"), 256), width)
    block = _double(x.shape, words.shape, temb.shape, norms, wide)
    for index in range(c.layers("num_layers")):
        words, x = t.call(f"transformer_blocks.{index}", block, words, x, temb)
    single = _single(x.shape, words.shape, temb.shape, norms, wide)
    for index in range(c.layers("num_single_layers")):
        words, x = t.call(f"single_transformer_blocks.{index}", single, words, x, temb)
    x = modulated(t, "norm_out.linear", x, temb, 2)
    out = c.count("out_channels", c.count("in_channels")) * patch[0] * patch[1] * patch[2]
    return t.ends(t.linear("proj_out", x, out, bias=True, label="output head", role="head"))


def _conditions(t: Block, c: Config, batch: int, width: int) -> Value:
    """Time step, pooled text and guidance as one vector."""
    temb = time_step(t, "time_text_embed.timestep_embedder", batch, width)
    pooled = t.given((batch, c.count("pooled_projection_dim")))
    temb = t.mix(temb, embedded(t, "time_text_embed.text_embedder", pooled, width))
    if c.flag("guidance_embeds", True):
        temb = t.mix(temb, time_step(t, "time_text_embed.guidance_embedder", batch, width))
    return temb


def _refined(t: Block, c: Config, words: Value, width: int) -> Value:
    """The text through layers of its own, which know the time step and the text's mean."""
    path, batch = "context_embedder", words.shape[0]
    temb = time_step(t, f"{path}.time_text_embed.timestep_embedder", batch, width)
    pooled = t.mix(words, shape=(batch, words.width))
    temb = t.mix(temb, embedded(t, f"{path}.time_text_embed.text_embedder", pooled, width))
    words = t.linear(f"{path}.proj_in", words, width, bias=True)
    block = _refiner(words.shape, temb.shape)
    for index in range(c.layers("num_refiner_layers")):
        # Gradient checkpointing leaves these layers out (transformer_hunyuan_video.py, forward).
        (words,) = t.call(f"{path}.token_refiner.refiner_blocks.{index}", block, words, temb, layer=False)
    return words


def _refiner(shape: Shape, temb: Shape) -> Block:
    t = Block(shape, temb)
    x, step = t.inputs
    h = t.norm("norm1", x, bias=True)
    seen = attend_to(t, "attn", h, h, bias=True)
    gates = t.linear("norm_out.linear", t.mix(step), 2 * x.width, bias=True, label="modulation")
    x = t.mix(x, t.mix(seen, gates, shape=shape))
    y = forward_net(t, "ff", t.norm("norm2", x, bias=True), width=_REFINER * x.width)
    return t.ends(t.mix(x, t.mix(y, gates, shape=shape, keeps=True)))


def _double(image: Shape, text: Shape, temb: Shape, norms: int, wide: int) -> Block:
    t = Block(text, image, temb)
    words, x, step = t.inputs
    h, g = modulated(t, "norm1.linear", x, step, 6), modulated(t, "norm1_context.linear", words, step, 6)
    seen, read = joint(t, h, g, norms=norms)
    x, words = t.mix(x, t.mix(seen, step, shape=x.shape)), t.mix(words, t.mix(read, step, shape=words.shape))
    x = t.mix(x, forward_net(t, "ff", x, width=wide))
    y = forward_net(t, "ff_context", words, width=wide)
    return t.ends(t.mix(words, t.mix(y, step, shape=words.shape, keeps=True)), x)


def _single(image: Shape, text: Shape, temb: Shape, norms: int, wide: int) -> Block:
    t = Block(text, image, temb)
    words, picture, step = t.inputs
    width = picture.width
    shape = (image[0], image[1] + text[1], width)
    x = t.mix(picture, words, shape=shape)
    h = modulated(t, "norm.linear", x, step, 3)
    more = t.mix(t.linear("proj_mlp", h, wide, bias=True, label="feed-forward"))
    q, k, v = (t.linear(f"attn.{name}", h, width, bias=True) for name in ("to_q", "to_k", "to_v"))
    if norms:
        q, k = t.norm("attn.norm_q", q, size=norms), t.norm("attn.norm_k", k, size=norms)
    mixed = t.attention(q, k, v, width=width, causal=False)
    both = t.mix(mixed, more, shape=(*shape[:-1], width + wide))
    y = t.linear("proj_out", both, width, bias=True, label="feed-forward")
    x = t.mix(x, t.mix(y, step, shape=shape, keeps=True))
    return t.ends(t.mix(x, shape=text), t.mix(x, shape=image))
