# SPDX-License-Identifier: Apache-2.0
"""Language models that also see or hear: a tower for pictures or sound, a projector, a text decoder.

The parts `text_only`, `vision_tower` and `audio_tower` run one half; the other is laid out for a batch of none, so its
weights count and its operations cost nothing. Defaults and layout are those of transformers 5.23.
"""

from collections.abc import Callable, Mapping
from math import isqrt
from typing import NamedTuple

from core.compute.architectures import clip_parts, vl_towers
from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, body
from core.compute.architectures.request import Request
from core.compute.architectures.text_parts import text_decoder
from core.compute.architectures.vl_towers import Sizes
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse


class Join(NamedTuple):
    """Where tower and text meet: the model's and the tower's configuration, the text's width, the path of names."""

    c: Config
    tower: Config
    hidden: int
    path: str


Tower = Callable[[Block, Config, str, Sizes], Value]
Projector = Callable[[Block, Join, Value], Value]


class Kind(NamedTuple):
    """How a model is put together: the usual type of its text half, the names of both halves, the tower and the
    projector. `alone`: values of the tower's configuration when the file has none. `sound`: it hears, not sees. `text_always`: `text_alone` also
    fills the gaps of a text configuration."""

    text: str
    tower: Tower
    projector: Projector
    text_name: str = "language_model"
    tower_name: str = "vision_tower"
    alone: Mapping[str, object] = {}
    text_alone: Mapping[str, object] = {}
    text_always: bool = False
    tied: bool = False
    sound: bool = False
    newline: bool = False


def build(request: Request) -> Block:
    """The layer table of a model with a tower, with or without its output head."""
    kind, c, inputs = _KINDS[request.model_type], request.config, request.inputs
    running = "audio_tower" if kind.sound else "vision_tower"
    if request.part not in ("main", "text_only", running):
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    name = request.model_class
    if not name:
        c.notes.append(note("head", head="ForConditionalGeneration"))
    with_head = not name.endswith("Model")
    classifies = name.endswith(("ForSequenceClassification", "ForTokenClassification"))
    if name and with_head and not classifies and not name.endswith("ForConditionalGeneration"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    path = "model." if with_head else ""
    seen = inputs.images if inputs.images is not None else (inputs.frames if kind.sound else None)
    count = 1 if seen is None else max(0, seen)
    batch = 0 if request.part == "text_only" else inputs.batch * count
    decoder = text_decoder(c, kind.text, kind.text_alone, kind.text_always)._replace(tied=_tied(c, kind))
    key = "audio_config" if kind.sound else "vision_config"
    tower = c.inner(key, {}) if c.has(key) else c.inner(key, kind.alone)
    t = Block()
    if kind.newline:
        t.free(f"{path}image_newline", (decoder.hidden,))
    sizes = Sizes(batch, inputs.image, inputs.mel_frames)
    states = kind.tower(t, tower, f"{path}{kind.tower_name}.", sizes)
    # A tower run alone stops before the projector.
    states = states if request.part != running else t.mix(states, shape=(0, *states.shape[1:]))
    tokens = kind.projector(t, Join(c, tower, decoder.hidden, path), states)
    rows = 0 if request.part == running else inputs.batch
    x = _text(
        t,
        decoder,
        (rows, inputs.seq_len or inputs.text_len or 1),
        f"{path}{kind.text_name}.",
        tokens if batch and rows else None,
        head=with_head and not classifies,
    )
    if classifies:
        each = name.endswith("ForTokenClassification")
        x = t.linear("score", x, c.labels(), bias=each, label="output head", role="head")
    return t.ends(x)


def _tied(c: Config, kind: Kind) -> bool:
    return c.flag("tie_word_embeddings", kind.tied)


def _text(
    t: Block, d: Decoder, positions: tuple[int, int], path: str, tokens: Value | None, *, head: bool
) -> Value:
    """The text half, which reads the projected tokens among its own."""
    x = body(t, d, positions, path, tokens)
    if not head:
        return x
    shares = f"{path}{d.embed}" if d.tied else ""
    return t.linear("lm_head", x, d.vocab, bias=d.head_bias, shares=shares, label="output head", role="head")


def _kept(t: Block, x: Value, count: int, width: int) -> Value:
    """`x` as `count` tokens of `width` for each picture."""
    return t.mix(x, shape=(x.shape[0], max(1, count), width))


def _two(t: Block, j: Join, x: Value) -> Value:
    """Two linear layers (LLaVA)."""
    layers = tower_layers(j.c)
    bias, name = j.c.flag("multimodal_projector_bias", True), f"{j.path}multi_modal_projector."
    x = t.mix(x, shape=(*x.shape[:-1], x.width * layers))
    x = t.linear(f"{name}linear_1", x, j.hidden, bias=bias)
    return t.linear(f"{name}linear_2", t.mix(x), j.hidden, bias=bias)


def tower_layers(c: Config) -> int:
    """How many layers of the tower are read side by side."""
    value = c.get("vision_feature_layer")
    return len(value) if isinstance(value, list | tuple) and value else 1


def _one(t: Block, j: Join, x: Value) -> Value:
    """One linear layer (PaliGemma), as wide as the configuration says."""
    width = j.c.count("projection_dim", 2048)
    return t.linear(f"{j.path}multi_modal_projector.linear", x, width, bias=True)


def _gemma3(t: Block, j: Join, x: Value) -> Value:
    """Pooled patches, a norm and one matrix."""
    name = f"{j.path}multi_modal_projector."
    # Whole squares of patches are averaged: as many as fit are left (modeling_gemma3.py, Gemma3MultiModalProjector).
    side = isqrt(x.shape[1])
    left = side // max(1, side // isqrt(j.c.count("mm_tokens_per_image", 256)))
    x = t.norm(f"{name}mm_soft_emb_norm", _kept(t, x, left * left, x.width))
    weight = t.free(f"{name}mm_input_projection_weight", (x.width * j.hidden,), label="projections")
    flop = 2 * x.rows * x.width * j.hidden
    return t.products("projections", x, weight, flop=flop, shape=(*x.shape[:-1], j.hidden))


def _shuffled(t: Block, j: Join, x: Value) -> Value:
    """Idefics 3: squares of patches side by side, one matrix."""
    scale = j.c.count("scale_factor", 2)
    x = _kept(t, x, x.shape[1] // scale**2, x.width * scale**2)
    return t.linear(f"{j.path}connector.modality_projection.proj", x, j.hidden)


def _normed(t: Block, j: Join, x: Value) -> Value:
    """InternVL: squares of patches, a norm, two layers."""
    name = f"{j.path}multi_modal_projector."
    ratio = j.c.get("downsample_ratio")
    side = max(1, round(1 / ratio)) if isinstance(ratio, float) and 0 < ratio <= 1 else 2
    x = t.norm(f"{name}layer_norm", _kept(t, x, (x.shape[1] - 1) // side**2, x.width * side**2), bias=True)
    x = t.linear(f"{name}linear_1", x, j.hidden, bias=True)
    return t.linear(f"{name}linear_2", t.mix(x), j.hidden, bias=True)


def _lfm2(t: Block, j: Join, x: Value) -> Value:
    """LFM2-VL: squares of patches, a norm where it is used, two layers."""
    name, bias, side = (
        f"{j.path}multi_modal_projector.",
        j.c.flag("projector_bias", True),
        j.c.count("downsample_factor", 2),
    )
    x = _kept(t, x, x.shape[1] // side**2, x.width * side**2)
    if j.c.flag("projector_use_layernorm", True):
        x = t.norm(f"{name}layer_norm", x, bias=True)
    x = t.linear(f"{name}linear_1", x, j.c.count("projector_hidden_size", 2560), bias=bias)
    return t.linear(f"{name}linear_2", t.mix(x), j.hidden, bias=bias)


def _voxtral(t: Block, j: Join, x: Value) -> Value:
    """Four frames side by side, two layers."""
    name, wide = f"{j.path}multi_modal_projector.", j.tower.count("intermediate_size", 5120)
    x = _kept(t, x, x.shape[1] * x.width // wide, wide)
    x = t.linear(f"{name}linear_1", x, j.hidden)
    return t.linear(f"{name}linear_2", t.mix(x), j.hidden)


def _qwen2_audio(t: Block, j: Join, x: Value) -> Value:
    """Every second frame, one layer."""
    x = _kept(t, x, x.shape[1] // 2, x.width)
    return t.linear(f"{j.path}multi_modal_projector.linear", x, j.hidden, bias=True)


def _inside(_t: Block, _j: Join, x: Value) -> Value:
    """Qwen's towers project by themselves."""
    return x


def _clip(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """CLIP's or SigLIP's tower, as the nested model type says."""
    kinds = {
        "clip_vision_model": (clip_parts.CLIP, clip_parts.CLIP_VISION),
        "siglip_vision_model": (clip_parts.SIGLIP, clip_parts.SIGLIP_VISION),
        "siglip2_vision_model": (clip_parts.SIGLIP2, clip_parts.SIGLIP2_VISION),
    }
    name = c.word("model_type")
    if name not in kinds:
        raise refuse("unknown_type", model_type=name)
    kind, usual = kinds[name]
    c.also(usual)
    return clip_parts.vision_tower(t, c, path, s.batch, s.image, kind, dead_head=True).states


def _typed(usual: str) -> Tower:
    def tower(t: Block, c: Config, path: str, s: Sizes) -> Value:
        c.also({"model_type": usual})
        return _clip(t, c, path, s)

    return tower


def _idefics3(t: Block, c: Config, path: str, s: Sizes) -> Value:
    """SigLIP's layers without its head."""
    usual = {
        "hidden_size": 1152,
        "intermediate_size": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 16,
    }
    c.also({**usual, "num_channels": 3, "image_size": 224, "patch_size": 32})
    return clip_parts.vision_tower(t, c, path, s.batch, s.image, clip_parts.SIGLIP, head=False).states


_LLAVA = {"model_type": "clip_vision_model", "intermediate_size": 4096, "hidden_size": 1024, "patch_size": 14}
_LLAVA_ALONE = {**_LLAVA, "image_size": 336, "num_hidden_layers": 24, "num_attention_heads": 16}
_PALI = {"intermediate_size": 4096, "hidden_size": 1152, "patch_size": 14, "image_size": 224}
_PALI_ALONE = {**_PALI, "num_hidden_layers": 27, "num_attention_heads": 16, "vision_use_head": False}
_PALI_TEXT = {"hidden_size": 2048, "num_hidden_layers": 18, "intermediate_size": 16384, "vocab_size": 257152}
_PALI_HEADS = {"num_attention_heads": 8, "num_key_value_heads": 1}
_VOXTRAL = {"vocab_size": 131072, "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 30}
_IDEFICS3 = Kind("llama", _idefics3, _shuffled, "text_model", "vision_model")
_KINDS: dict[str, Kind] = {
    "gemma3": Kind("gemma3_text", _typed("siglip_vision_model"), _gemma3, tied=True),
    "idefics3": _IDEFICS3,
    "internvl": Kind("qwen2", vl_towers.internvl, _normed, tied=True),
    "lfm2_vl": Kind("lfm2", _typed("siglip2_vision_model"), _lfm2, tied=True),
    "llava": Kind("llama", _typed("clip_vision_model"), _two, alone=_LLAVA_ALONE),
    "llava_next": Kind("llama", _typed("clip_vision_model"), _two, alone=_LLAVA_ALONE, newline=True),
    "paligemma": Kind(
        "gemma",
        _typed("siglip_vision_model"),
        _one,
        alone=_PALI_ALONE,
        text_alone={**_PALI_TEXT, **_PALI_HEADS},
        tied=True,
    ),
    "qwen2_5_vl": Kind("qwen2_5_vl_text", vl_towers.qwen2_5, _inside, tower_name="visual"),
    "qwen2_audio": Kind("qwen2", vl_towers.sound, _qwen2_audio, tower_name="audio_tower", sound=True),
    "qwen2_vl": Kind("qwen2_vl_text", vl_towers.qwen2, _inside, tower_name="visual"),
    "qwen3_5": Kind("qwen3_5_text", vl_towers.qwen3, _inside, tower_name="visual"),
    "qwen3_5_moe": Kind("qwen3_5_moe_text", vl_towers.qwen3, _inside, tower_name="visual"),
    "qwen3_vl": Kind("qwen3_vl_text", vl_towers.qwen3_deep, _inside, tower_name="visual"),
    "qwen3_vl_moe": Kind("qwen3_vl_moe_text", vl_towers.qwen3_deep, _inside, tower_name="visual"),
    "smolvlm": _IDEFICS3,
    "voxtral": Kind(
        "llama",
        vl_towers.sound,
        _voxtral,
        tower_name="audio_tower",
        text_alone={**_VOXTRAL, "num_key_value_heads": 8, "head_dim": 128},
        text_always=True,
        sound=True,
    ),
}
