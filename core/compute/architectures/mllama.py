# SPDX-License-Identifier: Apache-2.0
"""Llama 3.2 Vision: layers that look at the picture between layers that read the text.

Defaults and layout are those of transformers 5.23 (modeling_mllama.py). The picture's tower is counted for `main` and
`vision_tower`; layers that look do nothing for a text without a picture.
"""

from collections.abc import Mapping

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Layer, layer_block
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_TEXT: Mapping[str, object] = {
    "vocab_size": 128256,
    "hidden_size": 4096,
    "num_hidden_layers": 40,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "cross_attention_layers": [3, 8, 13, 18, 23, 28, 33, 38],
}
_VISION: Mapping[str, object] = {
    "hidden_size": 1280,
    "num_hidden_layers": 32,
    "num_global_layers": 8,
    "attention_heads": 16,
    "num_channels": 3,
    "intermediate_size": 5120,
    "vision_output_dim": 7680,
    "image_size": 448,
    "patch_size": 14,
    "max_num_tiles": 4,
}
_TILINGS = 8


def build(request: Request) -> Block:
    """The layer table of Llama 3.2 Vision."""
    c, inputs, name = request.config, request.inputs, request.model_class
    if request.part not in ("main", "text_only", "vision_tower"):
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not name:
        c.notes.append(note("head", head="ForConditionalGeneration"))
    bare, alone = name.endswith("MllamaModel"), name.endswith("MllamaForCausalLM")
    if name and not bare and not alone and not name.endswith("ForConditionalGeneration"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    start = "" if bare else "model."
    text, vision = c.inner("text_config", _TEXT), c.inner("vision_config", _VISION)
    hidden = text.count("hidden_size")
    sees = request.part != "text_only" and inputs.images != 0
    t = Block()
    if alone:
        # The text half by itself has its layers for a picture all the same.
        seen = t.given((0, 1, hidden))
    else:
        seen = _tower(t, vision, f"{start}vision_model.", inputs.batch if sees else 0)
        if request.part == "vision_tower":
            seen = t.mix(seen, shape=(0, *seen.shape[1:]))
        seen = t.linear(f"{start}multi_modal_projector", seen, hidden, bias=True)
    batch = 0 if request.part == "vision_tower" else inputs.batch
    path = "model." if alone else f"{start}language_model."
    # Eight rows more than words: the picture's token among them.
    rows = text.count("vocab_size")
    x = t.embedding(f"{path}embed_tokens", rows + 8, hidden, (batch, inputs.seq_len or 1))
    plain, looks = _text_layers(text, x.shape, seen.shape)
    where = frozenset(text.counts("cross_attention_layers") or ())
    for index in range(text.layers()):
        if index in where:
            x = _look(t, f"{path}layers.{index}", looks, x, seen)
        else:
            x = t.layer(f"{path}layers.{index}", plain, x)
    x = t.norm(f"{path}norm", x, role="final_norm")
    if bare:
        return t.ends(x)
    shares = f"{path}embed_tokens" if c.flag("tie_word_embeddings") else ""
    return t.ends(t.linear("lm_head", x, rows, shares=shares, label="output head", role="head"))


def _look(t: Block, name: str, block: Block, x: Value, seen: Value) -> Value:
    """A layer that looks at the picture; without one it is passed by."""
    if seen.shape[0]:
        return t.layer(name, block, x, seen)
    t.layer(name, block, t.mix(x, shape=(0, *x.shape[1:])), seen)
    return x


def _text_layers(c: Config, shape: Shape, seen: Shape) -> tuple[Block, Block]:
    hidden, heads, kv_heads = (
        c.count("hidden_size"),
        c.count("num_attention_heads"),
        c.count("num_key_value_heads"),
    )
    c.share("num_attention_heads", heads, kv_heads)
    size = c.share("hidden_size", hidden, heads)
    mlp = FeedForward(c.count("intermediate_size"))
    a = Attention(heads, kv_heads, size)
    looking = a._replace(name="cross_attn", causal=False, norm_sizes=(size, size))
    t = Block(shape if seen[0] else (0, *shape[1:]), seen)
    x, picture = t.inputs
    gates = [t.free(f"cross_attn_{part}_gate", (1,), label="norms") for part in ("attn", "mlp")]
    y = attend(t, t.norm("input_layernorm", x), looking, picture)
    x = t.mix(x, t.mix(y, gates[0]))
    y = feed_forward(t, t.norm("post_attention_layernorm", x), mlp)
    return layer_block(Layer(a, mlp), shape), t.ends(t.mix(x, t.mix(y, gates[1], keeps=True)))


def _tower(t: Block, c: Config, path: str, batch: int) -> Value:
    """Tiles of a picture: each by itself, then all together; the kept layers stand side by side at the end."""
    hidden, tiles = c.count("hidden_size"), c.count("max_num_tiles", high=100)
    side, patch = c.count("image_size"), c.count("patch_size", high=10_000)
    places = (side // patch) ** 2 + 1
    kinds = c.get("supported_aspect_ratios")
    rows = (len(kinds) if isinstance(kinds, list) else _TILINGS) + 1
    x = t.given((batch * tiles, max(side, patch), max(side, patch), c.count("num_channels")))
    x = t.conv(
        f"{path}patch_embedding",
        x,
        hidden,
        kernel=(patch, patch),
        stride=patch,
        bias=False,
        label="patch embedding",
    )
    first = t.free(f"{path}class_embedding", (hidden,))
    tables = [first]
    for name in ("pre_tile", "post_tile"):
        tables.append(t.free(f"{path}{name}_positional_embedding.gate", (1,)))
        table = f"{path}{name}_positional_embedding.embedding"
        tables.append(t.embedding(table, rows, tiles * hidden, (batch, 1)))
    tables.append(t.free(f"{path}gated_positional_embedding.gate", (1,)))
    tables.append(t.free(f"{path}gated_positional_embedding.embedding", (places * hidden,)))
    table = f"{path}gated_positional_embedding.tile_embedding"
    tables.append(t.embedding(table, rows, tiles * places * hidden, (batch, 1)))
    # Tokens of a tile are filled up to a multiple of eight.
    shape = (batch, tiles * 8 * -(-places // 8), hidden)
    x = t.norm(f"{path}layernorm_pre", t.mix(x, *tables, shape=shape), bias=True)
    block = _tile_layer(c, x.shape, gated=False)
    for index in range(c.layers()):
        x = t.layer(f"{path}transformer.layers.{index}", block, x)
    x = t.norm(f"{path}layernorm_post", x, bias=True)
    block = _tile_layer(c, x.shape, gated=True)
    for index in range(c.layers("num_global_layers")):
        x = t.layer(f"{path}global_transformer.layers.{index}", block, x)
    return t.mix(x, shape=(batch, tiles * places, c.count("vision_output_dim")))


def _tile_layer(c: Config, shape: Shape, *, gated: bool) -> Block:
    heads = c.count("attention_heads")
    a = Attention(heads, heads, c.share("hidden_size", shape[-1], heads), causal=False)
    mlp = FeedForward(c.count("intermediate_size"), ups=("fc1",), down="fc2", gated=False, bias=True)
    t = Block(shape)
    (x,) = t.inputs
    y = attend(t, t.norm("input_layernorm", x, bias=True), a)
    if gated:
        y = t.mix(y, t.free("gate_attn", (1,), label="norms"))
    x = t.mix(x, y)
    y = feed_forward(t, t.norm("post_attention_layernorm", x, bias=True), mlp)
    if gated:
        y = t.mix(y, t.free("gate_ffn", (1,), label="norms"), keeps=True)
    return t.ends(t.mix(x, y))
