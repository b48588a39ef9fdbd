# SPDX-License-Identifier: Apache-2.0
"""Diffusion transformers built after Flux: FLUX.2 (one modulation for all layers), Chroma (a small network makes it).

Layout of diffusers 0.42.
"""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.dit import check_class, image_tokens, text_states
from core.compute.architectures.mmdit import joint
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import embedded, forward_net
from core.compute.architectures.vision_windows import ratio
from core.compute.layers import Block, Shape, Value

_FLUX2 = {
    "patch_size": 1,
    "in_channels": 128,
    "num_layers": 8,
    "num_single_layers": 48,
    "attention_head_dim": 128,
    "num_attention_heads": 48,
    "joint_attention_dim": 15360,
    "timestep_guidance_channels": 256,
    "mlp_ratio": 3.0,
    "guidance_embeds": True,
}
_CHROMA = {
    "patch_size": 1,
    "in_channels": 64,
    "num_layers": 19,
    "num_single_layers": 38,
    "attention_head_dim": 128,
    "num_attention_heads": 24,
    "joint_attention_dim": 4096,
    "approximator_num_channels": 64,
    "approximator_hidden_dim": 5120,
    "approximator_layers": 5,
}


def build(request: Request) -> Block:
    """The layer table of a relative of Flux."""
    check_class(request)
    return _TYPES[request.model_type](request)


def _flux2(request: Request) -> Block:
    c = request.config.use(_FLUX2)
    size = c.count("attention_head_dim", high=10_000)
    width = c.count("num_attention_heads", high=10_000) * size
    wide = ratio(c, "mlp_ratio", width)
    t, batch = Block(), request.inputs.batch
    temb = _step(t, c, "timestep_embedder", batch, width)
    if c.flag("guidance_embeds", True):
        temb = t.mix(temb, _step(t, c, "guidance_embedder", batch, width))
    of_image, of_text, of_both = (
        t.linear(f"{name}.linear", t.mix(temb), parts * width, label="modulation")
        for name, parts in (
            ("double_stream_modulation_img", 6),
            ("double_stream_modulation_txt", 6),
            ("single_stream_modulation", 3),
        )
    )
    rows = image_tokens(request, side=2, channels=c.count("in_channels"))
    x = t.linear("x_embedder", t.given(rows), width, label="patch embedding")
    words = t.linear("context_embedder", text_states(t, request, c.count("joint_attention_dim"), 512), width)
    block = _flux2_double(x.shape, words.shape, of_image.shape, size, wide)
    for index in range(c.layers("num_layers")):
        words, x = t.call(f"transformer_blocks.{index}", block, words, x, of_image, of_text)
    both = t.mix(words, x, shape=(batch, words.shape[1] + x.shape[1], width))
    single = _flux2_single(both.shape, of_both.shape, size, wide)
    for index in range(c.layers("num_single_layers")):
        both = t.layer(f"single_transformer_blocks.{index}", single, both, of_both)
    factors = t.linear("norm_out.linear", t.mix(temb), 2 * width, label="modulation")
    x = t.mix(both, factors, shape=x.shape)
    out, patch = c.count("out_channels", c.count("in_channels")), c.count("patch_size", high=1000)
    return t.ends(t.linear("proj_out", x, patch * patch * out, label="output head", role="head"))


def _step(t: Block, c: Config, name: str, batch: int, width: int) -> Value:
    """The time step or the guidance as sines through two layers without biases."""
    path, label = f"time_guidance_embed.{name}", "embeddings of the time step"
    sines = t.given((batch, c.count("timestep_guidance_channels", high=10**6)))
    h = t.linear(f"{path}.linear_1", sines, width, label=label)
    return t.linear(f"{path}.linear_2", t.mix(h), width, label=label)


def _gated_net(t: Block, name: str, x: Value, wide: int) -> Value:
    """A feed-forward part whose first layer makes what passes and its gate at once."""
    h = t.linear(f"{name}.linear_in", x, 2 * wide, label="feed-forward")
    h = t.mix(h, shape=(*x.shape[:-1], wide), keeps=True)
    return t.linear(f"{name}.linear_out", h, x.width, label="feed-forward")


def _flux2_double(image: Shape, text: Shape, factors: Shape, size: int, wide: int) -> Block:
    t = Block(text, image, factors, factors)
    words, x, of_image, of_text = t.inputs
    h, g = t.mix(x, of_image, shape=x.shape), t.mix(words, of_text, shape=words.shape)
    seen, read = joint(t, h, g, norms=size, bias=False)
    x = t.mix(x, t.mix(seen, of_image, shape=x.shape))
    x = t.mix(x, _gated_net(t, "ff", t.mix(x, of_image, shape=x.shape), wide))
    words = t.mix(words, t.mix(read, of_text, shape=words.shape))
    y = _gated_net(t, "ff_context", t.mix(words, of_text, shape=words.shape), wide)
    return t.ends(t.mix(words, t.mix(y, of_text, shape=words.shape, keeps=True)), x)


def _flux2_single(shape: Shape, factors: Shape, size: int, wide: int) -> Block:
    """Attention and feed-forward beside each other: one layer makes what both take, one brings them together."""
    t = Block(shape, factors)
    x, step = t.inputs
    width = x.width
    made = t.linear("attn.to_qkv_mlp_proj", t.mix(x, step, shape=shape), 3 * width + 2 * wide)
    q, k, v = (t.mix(made, shape=shape) for _ in range(3))
    q, k = t.norm("attn.norm_q", q, size=size), t.norm("attn.norm_k", k, size=size)
    mixed = t.attention(q, k, v, width=width, causal=False)
    both = t.mix(mixed, made, shape=(*shape[:-1], width + wide))
    y = t.linear("attn.to_out", both, width)
    return t.ends(t.mix(x, t.mix(y, step, shape=shape, keeps=True)))


def _chroma(request: Request) -> Block:
    c = request.config.use(_CHROMA)
    size = c.count("attention_head_dim", high=10_000)
    width = c.count("num_attention_heads", high=10_000) * size
    double, single = c.layers("num_layers"), c.layers("num_single_layers")
    t, batch = Block(), request.inputs.batch
    rows = image_tokens(request, side=2, channels=c.count("in_channels"))
    x = t.linear("x_embedder", t.given(rows), width, bias=True, label="patch embedding")
    factors = _approximator(t, c, batch, 3 * single + 12 * double + 2, width)
    words = text_states(t, request, c.count("joint_attention_dim"), 512)
    words = t.linear("context_embedder", words, width, bias=True)
    block = _chroma_double(x.shape, words.shape, factors.shape, size)
    for index in range(double):
        words, x = t.call(f"transformer_blocks.{index}", block, words, x, factors)
    both = t.mix(words, x, shape=(batch, words.shape[1] + x.shape[1], width))
    alone = _chroma_single(both.shape, factors.shape, size)
    for index in range(single):
        both = t.layer(f"single_transformer_blocks.{index}", alone, both, factors)
    x = t.mix(both, factors, shape=x.shape)
    out, patch = c.count("out_channels", c.count("in_channels")), c.count("patch_size", high=1000)
    return t.ends(t.linear("proj_out", x, patch * patch * out, bias=True, label="output head", role="head"))


def _approximator(t: Block, c: Config, batch: int, rows: int, width: int) -> Value:
    """The network that makes every shift, scale and gate of all layers (`rows` of them) from the time step."""
    path, label = "distilled_guidance_layer", "modulation"
    wide, channels = c.count("approximator_hidden_dim"), c.count("approximator_num_channels", low=4)
    # A quarter each of sines for the time step and the guidance, and twice as much for the number of the row.
    given = t.given((batch, rows, 4 * (channels // 4)))
    x = t.linear(f"{path}.in_proj", given, wide, bias=True, label=label)
    for index in range(c.layers("approximator_layers")):
        x = t.mix(x, embedded(t, f"{path}.layers.{index}", t.norm(f"{path}.norms.{index}", x), wide))
    return t.linear(f"{path}.out_proj", x, width, bias=True, label=label)


def _chroma_double(image: Shape, text: Shape, factors: Shape, size: int) -> Block:
    t = Block(text, image, factors)
    words, x, step = t.inputs
    h, g = t.mix(x, step, shape=x.shape), t.mix(words, step, shape=words.shape)
    seen, read = joint(t, h, g, norms=size)
    x, words = t.mix(x, t.mix(seen, step, shape=x.shape)), t.mix(words, t.mix(read, step, shape=words.shape))
    x = t.mix(x, forward_net(t, "ff", t.mix(x, step, shape=x.shape)))
    y = forward_net(t, "ff_context", t.mix(words, step, shape=words.shape))
    return t.ends(t.mix(words, t.mix(y, step, shape=words.shape, keeps=True)), x)


def _chroma_single(shape: Shape, factors: Shape, size: int) -> Block:
    t = Block(shape, factors)
    x, step = t.inputs
    width = x.width
    h = t.mix(x, step, shape=shape)
    wide = t.mix(t.linear("proj_mlp", h, 4 * width, bias=True, label="feed-forward"))
    q, k, v = (t.linear(f"attn.{name}", h, width, bias=True) for name in ("to_q", "to_k", "to_v"))
    q, k = t.norm("attn.norm_q", q, size=size), t.norm("attn.norm_k", k, size=size)
    mixed = t.attention(q, k, v, width=width, causal=False)
    both = t.mix(mixed, wide, shape=(*shape[:-1], 5 * width))
    y = t.linear("proj_out", both, width, bias=True, label="feed-forward")
    return t.ends(t.mix(x, t.mix(y, step, shape=shape, keeps=True)))


_TYPES: dict[str, Callable[[Request], Block]] = {
    "ChromaTransformer2DModel": _chroma,
    "Flux2Transformer2DModel": _flux2,
}
