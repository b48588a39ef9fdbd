# SPDX-License-Identifier: Apache-2.0
"""Gemma 4: wide heads in full-attention layers, keys shared by the last layers, a small input for every layer.

The towers for pictures and sound are held with all their weights, and not run: only text is counted. Defaults and
layout are those of transformers 5.23 (modeling_gemma4.py).
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.compute.architectures.config import APART, Config
from core.compute.architectures.decoder import head_of
from core.compute.architectures.parts import Experts, FeedForward, feed_forward, route
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_TEXT: Mapping[str, object] = {
    "vocab_size": 262144,
    "hidden_size": 2304,
    "intermediate_size": 9216,
    "num_hidden_layers": 30,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "global_head_dim": 512,
    "vocab_size_per_layer_input": 262144,
    "hidden_size_per_layer_input": 256,
}
_VISION: Mapping[str, object] = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 16,
    "num_attention_heads": 12,
    "num_key_value_heads": 12,
    "head_dim": 64,
    "patch_size": 16,
    "position_embedding_size": 10240,
}
_AUDIO: Mapping[str, object] = {
    "hidden_size": 1024,
    "num_hidden_layers": 12,
    "num_attention_heads": 8,
    "conv_kernel_size": 5,
    "output_proj_dims": 1536,
    "subsampling_conv_channels": [128, 32],
}


_APART = frozenset(
    {"head_dim", "num_key_value_heads", "num_attention_heads", "intermediate_size", "sliding_window"}
)


class _Layer(NamedTuple):
    """One layer: `reuses` keys and values of an earlier layer, `single`: its values are its keys."""

    heads: int
    kv_heads: int
    size: int
    width: int
    reuses: bool
    single: bool
    bias: bool
    side: int
    experts: Experts | None


def build(request: Request) -> Block:
    """The layer table of Gemma 4, for text."""
    head, c = head_of(request), request.config
    whole = request.model_type == "gemma4"
    if request.part != "main" and not (whole and request.part == "text_only"):
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if head not in ("lm", "none"):
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    path = "model." if head == "lm" else ""
    t = Block()
    text = c.inner("text_config", _TEXT) if whole else c.use(_TEXT)
    below = f"{path}language_model." if whole else path
    if whole:
        c.notes.append(note("text_half"))
        _towers(t, c, path, text.count("hidden_size"))
    x = _text(t, text, (request.inputs.batch, request.inputs.seq_len or 1), below)
    if head == "lm":
        shares = f"{below}embed_tokens" if c.flag("tie_word_embeddings", True) else ""
        x = t.linear("lm_head", x, text.count("vocab_size"), shares=shares, label="output head", role="head")
    return t.ends(x)


def _text(t: Block, c: Config, positions: tuple[int, int], path: str) -> Value:
    hidden, each = c.count("hidden_size"), c.each_layer(_APART)
    layers = len(each)
    side = c.count("hidden_size_per_layer_input", low=0)
    x = t.embedding(f"{path}embed_tokens", c.count("vocab_size"), hidden, positions)
    small = None
    if side:
        rows = c.count("vocab_size_per_layer_input")
        own = t.embedding(f"{path}embed_tokens_per_layer", rows, layers * side, positions)
        made = t.linear(f"{path}per_layer_model_projection", x, layers * side)
        made = t.norm(f"{path}per_layer_projection_norm", made, size=side)
        small = t.mix(made, own, shape=(*positions, side))
    blocks: dict[_Layer, Block] = {}
    for index, layer in enumerate(_layers(c, each, side)):
        if layer not in blocks:
            blocks[layer] = _block(layer, x.shape)
        x = t.layer(f"{path}layers.{index}", blocks[layer], x, *(() if small is None else (small,)))
    return t.norm(f"{path}norm", x, role="final_norm")


def _layers(c: Config, each: list[Config], side: int) -> list[_Layer]:
    """Wide layers have their sizes under keys of their own, or, in files that transformers 5.2x wrote, set apart layer by layer."""
    count, old = len(each), not c.has(APART)
    kinds = c.words("layer_types", count)
    wide = (
        [(i + 1) % 6 == 0 for i in range(count)]
        if kinds is None
        else [one == "full_attention" for one in kinds]
    )
    wide[-1] = True
    single, double = c.flag("attention_k_eq_v"), c.flag("use_double_wide_mlp")
    shared = c.count("num_kv_shared_layers", 0, low=0, high=count)
    experts = None
    if c.flag("enable_moe_block"):
        number = c.count("num_experts")
        used = c.count("top_k_experts", high=number)
        experts = Experts(number, used, c.count("moe_intermediate_size"), name="", router="router.proj")
    found = []
    for index, (one, full) in enumerate(zip(each, wide, strict=True)):
        reuses = index >= count - shared
        heads, own = one.count("num_attention_heads"), one.count("num_key_value_heads")
        inner = one.count("intermediate_size") * (2 if double and reuses else 1)
        size = one.count("global_head_dim" if full and old else "head_dim")
        if full and single and old:
            own = c.count("num_global_key_value_heads", own)
        found.append(
            _Layer(heads, own, size, inner, reuses, single and full, c.flag("attention_bias"), side, experts)
        )
    return found


def _block(layer: _Layer, shape: Shape) -> Block:
    t = Block(shape, (*shape[:-1], layer.side)) if layer.side else Block(shape)
    x = t.inputs[0]
    y = t.norm("post_attention_layernorm", _attend(t, t.norm("input_layernorm", x), layer))
    x = t.mix(x, y)
    y = feed_forward(t, t.norm("pre_feedforward_layernorm", x), FeedForward(layer.width))
    if layer.experts is not None:
        y = t.norm("post_feedforward_layernorm_1", y)
        t.free("router.scale", (shape[-1],), label="router")
        t.free("router.per_expert_scale", (layer.experts.number,), label="router")
        routed = route(t, t.norm("pre_feedforward_layernorm_2", x), layer.experts)
        y = t.mix(y, t.norm("post_feedforward_layernorm_2", routed))
    x = t.mix(x, t.norm("post_feedforward_layernorm", y))
    if layer.side:
        gate = t.linear("per_layer_input_gate", x, layer.side)
        y = t.linear("per_layer_projection", t.mix(gate, t.inputs[1]), shape[-1])
        x = t.mix(x, t.norm("post_per_layer_input_norm", y))
    return t.ends(x)


def _attend(t: Block, x: Value, a: _Layer) -> Value:
    path, wide = "self_attn.", a.heads * a.size
    q = t.norm(f"{path}q_norm", t.linear(f"{path}q_proj", x, wide, bias=a.bias), size=a.size)
    if a.reuses:
        k = v = t.mix(x, shape=(*x.shape[:-1], a.kv_heads * a.size))
    else:
        raw = t.linear(f"{path}k_proj", x, a.kv_heads * a.size, bias=a.bias)
        k = t.norm(f"{path}k_norm", raw, size=a.size)
        v = raw if a.single else t.linear(f"{path}v_proj", x, a.kv_heads * a.size, bias=a.bias)
    mixed = t.attention(q, k, v, width=wide, causal=True)
    return t.linear(f"{path}o_proj", mixed, x.width, bias=a.bias)


def _towers(t: Block, c: Config, path: str, hidden: int) -> None:
    """The weights of the towers, laid out for a batch of none."""
    if c.has("vision_config"):
        v = c.inner("vision_config", _VISION)
        wide = _vision(t, v, f"{path}vision_tower.")
        t.linear(f"{path}embed_vision.embedding_projection", wide, hidden)
    if c.has("audio_config"):
        a = c.inner("audio_config", _AUDIO)
        heard = _audio(t, a, f"{path}audio_tower.")
        t.linear(f"{path}embed_audio.embedding_projection", heard, hidden)


def _vision(t: Block, c: Config, path: str) -> Value:
    hidden, size, patch = c.count("hidden_size"), c.count("head_dim"), c.count("patch_size", high=10_000)
    heads, kv_heads = c.count("num_attention_heads"), c.count("num_key_value_heads")
    x = t.linear(f"{path}patch_embedder.input_proj", t.given((0, 1, 3 * patch * patch)), hidden)
    t.free(
        f"{path}patch_embedder.position_embedding_table", (2 * c.count("position_embedding_size") * hidden,)
    )
    block = Block(x.shape)
    (y,) = block.inputs
    for name in (
        "input_layernorm",
        "post_attention_layernorm",
        "pre_feedforward_layernorm",
        "post_feedforward_layernorm",
    ):
        block.norm(name, y)
    for name, heads_of in (("q", heads), ("k", kv_heads), ("v", kv_heads)):
        z = block.linear(f"self_attn.{name}_proj.linear", y, heads_of * size)
        if name != "v":
            block.norm(f"self_attn.{name}_norm", z, size=size)
    y = block.linear("self_attn.o_proj.linear", block.mix(y, shape=(0, 1, heads * size)), hidden)
    names = {"ups": ("gate_proj.linear", "up_proj.linear"), "down": "down_proj.linear"}
    mlp = FeedForward(c.count("intermediate_size"))._replace(**names)  # type: ignore[arg-type]
    block.ends(feed_forward(block, y, mlp))
    for index in range(c.layers()):
        x = t.layer(f"{path}encoder.layers.{index}", block, x)
    return x


def _audio(t: Block, c: Config, path: str) -> Value:
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    size = c.share("hidden_size", hidden, heads)
    channels = c.counts("subsampling_conv_channels", low=1, most=2) or (128, 32)
    if len(channels) != 2:
        raise refuse("not_list", key="subsampling_conv_channels", value=channels, count=2)
    x = t.given((0, 3, 3, 1))
    for index, width in enumerate(channels):
        name = f"{path}subsample_conv_projection.layer{index}."
        x = t.norm(f"{name}norm", t.conv(f"{name}conv", x, width, kernel=(3, 3), padding=1, bias=False))
    name = f"{path}subsample_conv_projection.input_proj_linear"
    x = t.linear(name, t.mix(x, shape=(0, 1, channels[0] // 4 * channels[1])), hidden)
    block = Block(x.shape)
    (y,) = block.inputs
    for name in ("feed_forward1", "feed_forward2"):
        inner = block.linear(
            f"{name}.ffw_layer_1.linear", block.norm(f"{name}.pre_layer_norm", y), 4 * hidden
        )
        y = block.norm(f"{name}.post_layer_norm", block.linear(f"{name}.ffw_layer_2.linear", inner, hidden))
    for name in ("q_proj.linear", "k_proj.linear", "v_proj.linear", "post.linear", "relative_k_proj"):
        y = block.linear(f"self_attn.{name}", y, hidden)
    block.free("self_attn.per_dim_scale", (size,), label="norms")
    two = block.linear("lconv1d.linear_start.linear", block.norm("lconv1d.pre_layer_norm", y), 2 * hidden)
    y = block.mix(two, shape=(0, c.count("conv_kernel_size"), hidden))
    kernel = (c.count("conv_kernel_size"),)
    y = block.conv("lconv1d.depthwise_conv1d", y, hidden, kernel=kernel, groups=hidden, bias=False)
    y = block.linear("lconv1d.linear_end.linear", block.norm("lconv1d.conv_norm", y), hidden)
    for name in ("norm_pre_attn", "norm_post_attn", "norm_out"):
        y = block.norm(name, y)
    block.ends(y)
    for index in range(c.layers()):
        x = t.layer(f"{path}layers.{index}", block, x)
    return t.linear(f"{path}output_proj", x, c.count("output_proj_dims"), bias=True)
