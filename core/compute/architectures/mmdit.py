# SPDX-License-Identifier: Apache-2.0
"""Diffusion transformers where picture and text attend to each other: Flux, Stable Diffusion 3, Qwen-Image.

Layout of diffusers 0.42.
"""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.dit import check_class, image_tokens, modulated, patched, text_states
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import embedded, forward_net, time_step
from core.compute.layers import Block, Shape, Value

_FLUX = {
    "patch_size": 1,
    "in_channels": 64,
    "num_layers": 19,
    "num_single_layers": 38,
    "attention_head_dim": 128,
    "num_attention_heads": 24,
    "joint_attention_dim": 4096,
    "pooled_projection_dim": 768,
}
_SD3 = {
    "sample_size": 128,
    "patch_size": 2,
    "in_channels": 16,
    "num_layers": 18,
    "attention_head_dim": 64,
    "num_attention_heads": 18,
    "joint_attention_dim": 4096,
    "caption_projection_dim": 1152,
    "pooled_projection_dim": 2048,
    "out_channels": 16,
}
_QWEN = {
    "patch_size": 2,
    "in_channels": 64,
    "out_channels": 16,
    "num_layers": 60,
    "attention_head_dim": 128,
    "num_attention_heads": 24,
    "joint_attention_dim": 3584,
}


def build(request: Request) -> Block:
    """The layer table of a joint diffusion transformer."""
    check_class(request)
    return _TYPES[request.model_type](request)


def _inner(c: Config) -> int:
    return c.count("num_attention_heads", high=10_000) * c.count("attention_head_dim", high=10_000)


def joint(
    t: Block, x: Value, words: Value, *, norms: int, last: bool = False, outs: bool = True, bias: bool = True
) -> tuple[Value, Value]:
    """Attention over text and picture together; each has its own projections. `norms`: the size of the norms on
    queries and keys (0: none). `last`: the text's answer is not used (nor made into an output without `outs`)."""
    width, path, label = x.width, "attn.", "projections"
    batch, places = x.shape[:2]
    both = (batch, places + words.shape[1], width)
    parts = []
    for own, added in (("to_q", "add_q_proj"), ("to_k", "add_k_proj"), ("to_v", "add_v_proj")):
        a = t.linear(path + own, x, width, bias=bias, label=label)
        b = t.linear(path + added, words, width, bias=bias, label=label)
        if norms and own != "to_v":
            a = t.norm(f"{path}norm_{own[-1]}", a, size=norms)
            b = t.norm(f"{path}norm_added_{own[-1]}", b, size=norms)
        parts.append(t.mix(a, b, shape=both))
    q, k, v = parts
    mixed = t.attention(q, k, v, width=width, causal=False)
    seen = t.linear(f"{path}to_out.0", t.mix(mixed, shape=x.shape), width, bias=bias)
    if not outs:
        return seen, words
    read = t.mix(mixed, shape=words.shape)
    return seen, t.linear(f"{path}to_add_out", read, width, bias=bias, dead=last)


def _flux(request: Request) -> Block:
    c = request.config.use(_FLUX)
    width, size = _inner(c), c.count("attention_head_dim")
    t = Block()
    batch = request.inputs.batch
    rows = image_tokens(request, side=2, channels=c.count("in_channels"))
    x = t.linear("x_embedder", t.given(rows), width, bias=True, label="patch embedding")
    temb = time_step(t, "time_text_embed.timestep_embedder", batch, width)
    if c.flag("guidance_embeds"):
        temb = t.mix(temb, time_step(t, "time_text_embed.guidance_embedder", batch, width))
    pooled = t.given((batch, c.count("pooled_projection_dim")))
    temb = t.mix(temb, embedded(t, "time_text_embed.text_embedder", pooled, width))
    words = text_states(t, request, c.count("joint_attention_dim"), 512)
    words = t.linear("context_embedder", words, width, bias=True)
    block = _flux_double(x.shape, words.shape, temb.shape, size)
    for index in range(c.layers("num_layers")):
        words, x = t.call(f"transformer_blocks.{index}", block, words, x, temb)
    both = t.mix(words, x, shape=(batch, words.shape[1] + x.shape[1], width))
    single = _flux_single(both.shape, temb.shape, size)
    for index in range(c.layers("num_single_layers")):
        both = t.layer(f"single_transformer_blocks.{index}", single, both, temb)
    x = modulated(t, "norm_out.linear", t.mix(both, shape=x.shape), temb, 2)
    out, patch = c.count("out_channels", c.count("in_channels")), c.count("patch_size")
    return t.ends(t.linear("proj_out", x, patch * patch * out, bias=True, label="output head", role="head"))


def _flux_double(image: Shape, text: Shape, temb: Shape, size: int) -> Block:
    t = Block(text, image, temb)
    words, x, step = t.inputs
    h, g = modulated(t, "norm1.linear", x, step, 6), modulated(t, "norm1_context.linear", words, step, 6)
    seen, read = joint(t, h, g, norms=size)
    x, words = t.mix(x, t.mix(seen, step, shape=x.shape)), t.mix(words, t.mix(read, step, shape=words.shape))
    x = t.mix(x, forward_net(t, "ff", x))
    y = t.mix(forward_net(t, "ff_context", words), step, shape=words.shape, keeps=True)
    return t.ends(t.mix(words, y), x)


def _flux_single(shape: Shape, temb: Shape, size: int) -> Block:
    """Attention and feed-forward beside each other, brought together by one layer."""
    t = Block(shape, temb)
    x, step = t.inputs
    width = x.width
    h = modulated(t, "norm.linear", x, step, 3)
    wide = t.mix(t.linear("proj_mlp", h, 4 * width, bias=True, label="feed-forward"))
    q, k, v = (t.linear(f"attn.{name}", h, width, bias=True) for name in ("to_q", "to_k", "to_v"))
    q, k = t.norm("attn.norm_q", q, size=size), t.norm("attn.norm_k", k, size=size)
    mixed = t.attention(q, k, v, width=width, causal=False)
    both = t.mix(mixed, wide, shape=(*shape[:-1], 5 * width))
    y = t.linear("proj_out", both, width, bias=True, label="feed-forward")
    return t.ends(t.mix(x, t.mix(y, step, shape=shape, keeps=True)))


def _sd3(request: Request) -> Block:
    c = request.config.use(_SD3)
    width, layers = _inner(c), c.layers("num_layers")
    norms = c.count("attention_head_dim") if c.get("qk_norm") is not None else 0
    twice = c.counts("dual_attention_layers") or ()
    t = Block()
    batch = request.inputs.batch
    x = patched(t, request, "pos_embed.proj", width)
    temb = time_step(t, "time_text_embed.timestep_embedder", batch, width)
    pooled = t.given((batch, c.count("pooled_projection_dim")))
    temb = t.mix(temb, embedded(t, "time_text_embed.text_embedder", pooled, width))
    words = text_states(t, request, c.count("joint_attention_dim"), 154)
    words = t.linear("context_embedder", words, c.count("caption_projection_dim"), bias=True)
    made: dict[tuple[bool, bool], Block] = {}
    for index in range(layers):
        kind = (index in twice, index == layers - 1)
        if kind not in made:
            made[kind] = _sd3_block(x.shape, words.shape, temb.shape, norms, *kind)
        words, x = t.call(f"transformer_blocks.{index}", made[kind], words, x, temb)
    x = modulated(t, "norm_out.linear", x, temb, 2)
    patch, out = c.count("patch_size"), c.count("out_channels", c.count("in_channels"))
    return t.ends(t.linear("proj_out", x, patch * patch * out, bias=True, label="output head", role="head"))


def _sd3_block(image: Shape, text: Shape, temb: Shape, norms: int, twice: bool, last: bool) -> Block:
    """`twice`: the picture attends once more to itself (SD 3.5 medium)."""
    t = Block(text, image, temb)
    words, x, step = t.inputs
    h = modulated(t, "norm1.linear", x, step, 9 if twice else 6)
    g = modulated(t, "norm1_context.linear", words, step, 2 if last else 6)
    seen, read = joint(t, h, g, norms=norms, outs=not last)
    x = t.mix(x, seen)
    if twice:
        q, k, v = (t.linear(f"attn2.{name}", h, x.width, bias=True) for name in ("to_q", "to_k", "to_v"))
        if norms:
            q, k = t.norm("attn2.norm_q", q, size=norms), t.norm("attn2.norm_k", k, size=norms)
        mixed = t.attention(q, k, v, width=x.width, causal=False)
        x = t.mix(x, t.linear("attn2.to_out.0", mixed, x.width, bias=True))
    x = t.mix(x, t.mix(forward_net(t, "ff", x), step, shape=x.shape, keeps=True))
    if last:
        return t.ends(words, x)
    words = t.mix(words, read)
    y = t.mix(forward_net(t, "ff_context", words), step, shape=words.shape, keeps=True)
    return t.ends(t.mix(words, y), x)


def _qwen(request: Request) -> Block:
    c = request.config.use(_QWEN)
    width, size, layers = _inner(c), c.count("attention_head_dim"), c.layers("num_layers")
    t = Block()
    batch = request.inputs.batch
    # Pictures that are given, not denoised, stand at time zero: each step is embedded beside a zero.
    steps = 2 * batch if c.flag("zero_cond_t") else batch
    temb = time_step(t, "time_text_embed.timestep_embedder", steps, width)
    if c.flag("use_additional_t_cond"):
        temb = t.mix(temb, t.embedding("time_text_embed.addition_t_embedding", 2, width, (batch,)))
    rows = image_tokens(request, side=c.count("patch_size"), channels=c.count("in_channels"))
    x = t.linear("img_in", t.given(rows), width, bias=True, label="patch embedding")
    words = t.norm("txt_norm", text_states(t, request, c.count("joint_attention_dim"), 512))
    words = t.linear("txt_in", words, width, bias=True)
    made: dict[bool, Block] = {}
    for index in range(layers):
        last = index == layers - 1
        if last not in made:
            made[last] = _qwen_block(x.shape, words.shape, temb.shape, size, last)
        words, x = t.call(f"transformer_blocks.{index}", made[last], words, x, temb)
    x = modulated(t, "norm_out.linear", x, t.mix(temb, shape=(batch, width)), 2)
    patch, out = c.count("patch_size"), c.count("out_channels", c.count("in_channels"))
    return t.ends(t.linear("proj_out", x, patch * patch * out, bias=True, label="output head", role="head"))


def _qwen_block(image: Shape, text: Shape, temb: Shape, size: int, last: bool) -> Block:
    """In the last block the text is worked on as before, and what comes out is not used."""
    t = Block(text, image, temb)
    words, x, step = t.inputs
    own = t.mix(step, shape=(text[0], step.width))
    h, g = modulated(t, "img_mod.1", x, step, 6), modulated(t, "txt_mod.1", words, own, 6)
    seen, read = joint(t, h, g, norms=size, last=last)
    x = t.mix(x, seen)
    x = t.mix(x, t.mix(forward_net(t, "img_mlp", x), step, shape=x.shape, keeps=True))
    words = t.mix(words, read)
    net = Block(words.shape)
    net.ends(forward_net(net, "", net.inputs[0]))
    y = t.mix(*t.call("txt_mlp", net, words, layer=False, dead=last), own, keeps=True)
    return t.ends(t.mix(words, y), x)


_TYPES: dict[str, Callable[[Request], Block]] = {
    "FluxTransformer2DModel": _flux,
    "QwenImageTransformer2DModel": _qwen,
    "SD3Transformer2DModel": _sd3,
}
