# SPDX-License-Identifier: Apache-2.0
"""Towers of language models that see or hear: Qwen-VL's, InternVL's, and Whisper's encoder.

Defaults and layout are those of transformers 5.23 (modeling_*.py).
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.seq2seq import Half, half_of
from core.compute.layers import Block, Shape, Value

_LABEL = "attention"


class Sizes(NamedTuple):
    """What comes in: how many pictures (or clips), their pixels, or their spectrogram frames."""

    batch: int
    image: tuple[int, int] | None
    frames: int | None


class _Qwen(NamedTuple):
    """One tower: its widths, whether norms have biases, the feed-forward, the size of a window (0: all see all)."""

    hidden: int
    heads: int
    mlp: FeedForward
    norm_bias: bool
    patch_bias: bool
    window: int = 0
    whole: tuple[int, ...] = ()


def _grid(c: Config, s: Sizes) -> tuple[int, int]:
    """Patches down and across, whole squares of `spatial_merge_size`."""
    patch, merge = c.sides("patch_size", high=10_000), c.count("spatial_merge_size")
    height, width = s.image or (patch[0] * merge * 8, patch[1] * merge * 8)
    return max(1, height // (patch[0] * merge)) * merge, max(1, width // (patch[1] * merge)) * merge


def _patches(t: Block, c: Config, path: str, s: Sizes, q: _Qwen) -> Value:
    """Patches cut out by the processor, each with its copies in time, through one convolution."""
    patch, (down, across) = c.sides("patch_size", high=10_000), _grid(c, s)
    depth = c.count("temporal_patch_size")
    pixels = c.count("in_channels") * depth * patch[0] * patch[1]
    flat = t.given((s.batch, down * across, pixels))
    # As a convolution over one patch: it is no linear layer for an adapter.
    x = t.conv(
        f"{path}patch_embed.proj", flat, q.hidden, kernel=(1,), bias=q.patch_bias, label="patch embedding"
    )
    return t.mix(x, shape=(s.batch, down * across, q.hidden))


def _block(q: _Qwen, shape: Shape, square: int) -> Block:
    """One layer; `square`: the sum of squares of the windows' lengths."""
    t = Block(shape)
    (x,) = t.inputs
    h = t.linear("attn.qkv", t.norm("norm1", x, bias=q.norm_bias), 3 * q.hidden, bias=True)
    flop = 2 * shape[0] * square * q.hidden
    scores = t.products(_LABEL, h, h, flop=flop, shape=shape)
    mixed = t.products(_LABEL, scores, h, flop=flop, shape=shape)
    x = t.mix(x, t.linear("attn.proj", mixed, q.hidden, bias=True))
    return t.ends(t.mix(x, feed_forward(t, t.norm("norm2", x, bias=q.norm_bias), q.mlp)))


def _layers(t: Block, c: Config, path: str, x: Value, q: _Qwen, s: Sizes) -> list[Value]:
    """The layers; hands back what each makes."""
    down, across = _grid(c, s)
    whole = _block(q, x.shape, x.shape[1] ** 2)
    near = _block(q, x.shape, _windows(down, q.window) * _windows(across, q.window)) if q.window else whole
    made = []
    for index in range(c.layers("depth")):
        x = t.layer(f"{path}blocks.{index}", whole if index in q.whole or not q.window else near, x)
        made.append(x)
    return made


def _windows(length: int, window: int) -> int:
    """The sum of squares of the windows that cover `length`."""
    return (length // window) * window**2 + (length % window) ** 2


def qwen2(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """qwen2_vl."""
    c.also({**_QWEN, "embed_dim": 1280, "hidden_size": 3584, "depth": 32, "mlp_ratio": 4})
    hidden = c.count("embed_dim")
    mlp = FeedForward(hidden * c.count("mlp_ratio"), ups=("fc1",), down="fc2", gated=False, bias=True)
    q = _Qwen(hidden, _heads(c, hidden), mlp, norm_bias=True, patch_bias=False)
    x = _layers(t, c, path, _patches(t, c, path, s, q), q, s)[-1]
    return _merged(t, c, path, x, c.count("hidden_size"), norm_bias=True)


def qwen2_5(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """qwen2_5_vl: windows in all layers but the listed ones."""
    sizes = {"hidden_size": 3584, "intermediate_size": 3420, "out_hidden_size": 3584, "window_size": 112}
    c.also({**_QWEN, **sizes, "depth": 32, "fullatt_block_indexes": [7, 15, 23, 31]})
    hidden, patch, merge = c.count("hidden_size"), c.sides("patch_size"), c.count("spatial_merge_size")
    window = max(1, c.count("window_size") // merge // patch[0]) * merge
    mlp = FeedForward(c.count("intermediate_size"), bias=True)
    whole = c.counts("fullatt_block_indexes") or ()
    q = _Qwen(hidden, _heads(c, hidden), mlp, norm_bias=False, patch_bias=False, window=window, whole=whole)
    x = _layers(t, c, path, _patches(t, c, path, s, q), q, s)[-1]
    return _merged(t, c, path, x, c.count("out_hidden_size"), norm_bias=False)


def qwen3(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """qwen3_5: learned positions."""
    return _qwen3(t, c, path, s)[-1]


def qwen3_deep(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """qwen3_vl: some layers in between also go to the text half, each through a merger of its own."""
    made = _qwen3(t, c, path, s)
    kept = made[-1]
    listed = c.counts("deepstack_visual_indexes") or ()
    for index, layer in enumerate(listed):
        # A merger beyond the last layer holds its weights and never runs.
        source = made[layer] if layer < len(made) - 1 else t.mix(made[-2], shape=(0, *made[-2].shape[1:]))
        kept = t.mix(kept, _merger(t, c, f"{path}deepstack_merger_list.{index}.", source, first=False))
    return kept


def _qwen3(t: Block, c: Config, path: str, s: Sizes) -> list[Value]:
    sizes = {"hidden_size": 1152, "intermediate_size": 4304, "out_hidden_size": 3584, "depth": 27}
    more = {"num_position_embeddings": 2304, "deepstack_visual_indexes": [8, 16, 24]}
    c.also({**_QWEN, **sizes, **more, "patch_size": 16})
    hidden = c.count("hidden_size")
    names = {"ups": ("linear_fc1",), "down": "linear_fc2", "gated": False, "bias": True}
    mlp = FeedForward(c.count("intermediate_size"))._replace(**names)  # type: ignore[arg-type]
    q = _Qwen(hidden, _heads(c, hidden), mlp, norm_bias=True, patch_bias=True)
    x = _patches(t, c, path, s, q)
    table = t.embedding(f"{path}pos_embed", c.count("num_position_embeddings"), hidden, x.shape[:2])
    made = _layers(t, c, path, t.mix(x, table), q, s)
    return [*made, _merger(t, c, f"{path}merger.", made[-1], first=True)]


_QWEN = {
    "num_heads": 16,
    "in_channels": 3,
    "patch_size": 14,
    "spatial_merge_size": 2,
    "temporal_patch_size": 2,
}


def _heads(c: Config, hidden: int) -> int:
    heads = c.count("num_heads")
    c.share("num_heads", hidden, heads)
    return heads


def _merger(t: Block, c: Config, path: str, x: Value, *, first: bool) -> Value:
    """Squares of patches side by side; the norm comes before (`first`) or after that."""
    side = c.count("spatial_merge_size") ** 2
    if first:
        x = t.norm(f"{path}norm", x, bias=True)
    x = t.mix(x, shape=(x.shape[0], x.shape[1] // side, x.width * side))
    if not first:
        x = t.norm(f"{path}norm", x, bias=True)
    inner = t.linear(f"{path}linear_fc1", x, x.width, bias=True)
    return t.linear(f"{path}linear_fc2", t.mix(inner), c.count("out_hidden_size"), bias=True)


def _merged(t: Block, c: Config, path: str, x: Value, out: int, *, norm_bias: bool) -> Value:
    side = c.count("spatial_merge_size") ** 2
    x = t.norm(f"{path}merger.ln_q", x, bias=norm_bias)
    x = t.mix(x, shape=(x.shape[0], x.shape[1] // side, x.width * side))
    inner = t.linear(f"{path}merger.mlp.0", x, x.width, bias=True)
    return t.linear(f"{path}merger.mlp.2", t.mix(inner), out, bias=True)


def internvl(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """internvl: a vision transformer with learned factors after each sublayer."""
    sizes = {
        "hidden_size": 1024,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "intermediate_size": 4096,
    }
    c.also({**sizes, "image_size": 448, "patch_size": 14, "num_channels": 3})
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    bias, norm_bias = c.flag("attention_bias"), c.word("norm_type", "layer_norm") == "layer_norm"
    patch, sides = c.sides("patch_size", high=10_000), c.sides("image_size")
    height, width = s.image or sides
    name = f"{path}embeddings."
    x = t.given((s.batch, max(height, patch[0]), max(width, patch[1]), c.count("num_channels")))
    x = t.conv(
        f"{name}patch_embeddings.projection", x, hidden, kernel=patch, stride=patch, label="patch embedding"
    )
    shape = (s.batch, x.shape[1] * x.shape[2] + 1, hidden)
    tokens = [t.free(f"{name}cls_token", (1, 1, hidden))]
    if c.flag("use_mask_token"):
        t.free(f"{name}mask_token", (1, 1, hidden))
    if c.flag("use_absolute_position_embeddings", True):
        rows = (sides[0] // patch[0]) * (sides[1] // patch[1]) + 1
        tokens.append(t.free(f"{name}position_embeddings", (1, rows, hidden)))
    x = t.mix(x, *tokens, shape=shape)
    a = Attention(
        heads, heads, c.share("hidden_size", hidden, heads), name="attention", out="projection_layer"
    )
    a = a._replace(biases=(bias, bias, bias, True), causal=False)
    if c.flag("use_qk_norm"):
        a = a._replace(norm_sizes=(hidden, hidden))
    mlp = FeedForward(c.count("intermediate_size"), ups=("fc1",), down="fc2", gated=False, bias=True)
    block = _scaled(a, mlp, shape, norm_bias=norm_bias)
    for index in range(c.layers()):
        x = t.layer(f"{path}encoder.layer.{index}", block, x)
    return x if c.flag("use_mean_pooling", True) else t.norm(f"{path}layernorm", x, bias=True)


def _scaled(a: Attention, mlp: FeedForward, shape: Shape, *, norm_bias: bool) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    factors = [t.free(f"lambda_{index}", (shape[-1],), label="norms") for index in (1, 2)]
    y = attend(t, t.norm("layernorm_before", x, bias=norm_bias), a)
    x = t.mix(x, t.mix(y, factors[0]))
    y = feed_forward(t, t.norm("layernorm_after", x, bias=norm_bias), mlp)
    return t.ends(t.mix(x, t.mix(y, factors[1], keeps=True)))


def sound(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """Whisper's encoder (Voxtral, Qwen2-Audio), whose sine positions are never trained."""
    usual = {
        "num_mel_bins": 128,
        "max_source_positions": 1500,
        "hidden_size": 1280,
        "intermediate_size": 5120,
    }
    names = {"hidden_size": "d_model", "intermediate_size": "encoder_ffn_dim"}
    more = {"num_hidden_layers": "encoder_layers", "num_attention_heads": "encoder_attention_heads"}
    c.also({**usual, "num_hidden_layers": 32, "num_attention_heads": 20}, {**names, **more})
    hidden, heads, places = (
        c.count("hidden_size"),
        c.count("num_attention_heads"),
        c.count("max_source_positions"),
    )
    a = Attention(heads, heads, c.share("hidden_size", hidden, heads), out="out_proj", causal=False)
    a = a._replace(biases=(True, False, True, True))
    mlp = FeedForward(c.count("intermediate_size"), name="", ups=("fc1",), down="fc2", gated=False, bias=True)
    x = t.given((s.batch, s.frames or 2 * places, c.count("num_mel_bins")))
    x = t.mix(t.conv(f"{path}conv1", x, hidden, kernel=(3,), padding=1))
    x = t.mix(t.conv(f"{path}conv2", x, hidden, kernel=(3,), stride=2, padding=1), keeps=True)
    half = Half("", c.layers(), a, mlp, "self_attn_layer_norm", "final_layer_norm", final_norm="layer_norm")
    half = half._replace(positions=places, fixed_positions=True)
    return half_of(t, half, x, path)
