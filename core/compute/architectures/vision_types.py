# SPDX-License-Identifier: Apache-2.0
"""Patch transformers as data: ViT, DeiT, BEiT, DINOv2 and v3, ViT-MAE, VideoMAE, YOLOS. Those of transformers 5.23."""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward
from core.compute.architectures.vision import Vision

_DEFAULTS = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "image_size": 224,
    "patch_size": 16,
    "num_channels": 3,
    "qkv_bias": True,
}
_MAE_DECODER = {
    "decoder_num_attention_heads": 16,
    "decoder_hidden_size": 512,
    "decoder_num_hidden_layers": 8,
    "decoder_intermediate_size": 2048,
}
_PLAIN = FeedForward(0, ups=("fc1",), down="fc2", gated=False, bias=True)
_OLD_NAMES = ("attention.attention.query", "attention.attention.key", "attention.attention.value")
_OLD_MLP = FeedForward(0, name="", ups=("intermediate.dense",), down="output.dense", gated=False, bias=True)


def _vit(c: Config, prefix: str, **more: object) -> Vision:
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    bias = c.flag("qkv_bias", True)
    size = c.share("hidden_size", hidden, heads)
    a = Attention(heads, heads, size, name="attention", biases=(bias, bias, bias, True), causal=False)
    sides = c.sides("image_size")
    patch = c.sides("patch_size", high=min(sides))
    v = Vision(
        hidden,
        c.layers(),
        a,
        _PLAIN,
        prefix,
        ("layernorm_before", "layernorm_after"),
        "layers",
        patch,
        c.count("num_channels"),
        sides,
        rows=(sides[0] // patch[0]) * (sides[1] // patch[1]) + 1,
    )
    return v._replace(**more)  # type: ignore[arg-type]


def _old_layout(v: Vision) -> Vision:
    """The names of models that were not rewritten in transformers 5."""
    a = v.attention._replace(name="", names=_OLD_NAMES, out="attention.output.dense")
    return v._replace(attention=a, mlp=_OLD_MLP._replace(width=v.mlp.width), stack="encoder.layer")


def _mlp(c: Config) -> FeedForward:
    return _PLAIN._replace(width=c.count("intermediate_size"))


def vit(c: Config) -> Vision:
    """vit."""
    c.use(_DEFAULTS)
    v = _vit(c, "vit", mlp=_mlp(c))
    return v._replace(pooler=c.count("pooler_output_size", v.hidden))


def deit(c: Config) -> Vision:
    """deit: a second token for distillation."""
    c.use(_DEFAULTS)
    v = _vit(c, "deit", mlp=_mlp(c))
    tokens = (("embeddings.cls_token", 1), ("embeddings.distillation_token", 1))
    return v._replace(tokens=tokens, rows=v.rows + 1, pooler=c.count("pooler_output_size", v.hidden))


def beit(c: Config) -> Vision:
    """beit: no bias on keys, learned factors, positions as a table, as a bias on scores, or none."""
    c.use({**_DEFAULTS, "use_mean_pooling": True, "layer_scale_init_value": 0.1})
    v = _vit(c, "beit", mlp=_mlp(c))
    mean = c.flag("use_mean_pooling", True)
    shared, each = c.flag("use_shared_relative_position_bias"), c.flag("use_relative_position_bias")
    high, wide = v.sides[0] // v.patch[0], v.sides[1] // v.patch[1]
    scale = c.get("layer_scale_init_value")
    return v._replace(
        attention=v.attention._replace(biases=(True, False, True, True)),
        scale=("lambda_1", "lambda_2") if isinstance(scale, int | float) and scale > 0 else (),
        table="embeddings.position_embeddings" if c.flag("use_absolute_position_embeddings") else "",
        unused=(("embeddings.mask_token", v.hidden),) if c.flag("use_mask_token") else (),
        final_norm="" if mean else "layernorm",
        pooled_norm="pooler.layernorm" if mean else "",
        bias_rows=(2 * high - 1) * (2 * wide - 1) + 3 if shared or each else 0,
        bias_shared=shared and not each,
    )


def dinov2(c: Config) -> Vision:
    """dinov2: learned factors after each sublayer; the giant model has a gated feed-forward."""
    c.use({**_DEFAULTS, "patch_size": 14, "mlp_ratio": 4})
    return _dino(c, "dinov2", c.flag("use_mask_token", True))


def dinov2_registers(c: Config) -> Vision:
    """dinov2_with_registers: tokens beside the patches that hold no position."""
    c.use({**_DEFAULTS, "mlp_ratio": 4, "num_register_tokens": 4})
    v = _dino(c, "dinov2_with_registers", True)
    registers = ("embeddings.register_tokens", c.count("num_register_tokens", low=0))
    return v._replace(tokens=(*v.tokens, registers))


def _dino(c: Config, prefix: str, mask: bool) -> Vision:
    wide = c.count("hidden_size") * c.count("mlp_ratio")
    mlp = _PLAIN._replace(width=wide)
    if c.flag("use_swiglu_ffn"):
        mlp = FeedForward((wide * 2 // 3 + 7) // 8 * 8, bias=True)
    return _vit(
        c,
        prefix,
        mlp=mlp,
        norms=("norm1", "norm2"),
        stack="encoder.layer",
        scale=("layer_scale1.lambda1", "layer_scale2.lambda1"),
        both=True,
        unused=(("embeddings.mask_token", c.count("hidden_size")),) if mask else (),
    )


def dinov3(c: Config) -> Vision:
    """dinov3_vit: rotated positions, register tokens, each bias with its own switch."""
    small = {
        "hidden_size": 384,
        "intermediate_size": 1536,
        "num_attention_heads": 6,
        "num_register_tokens": 0,
    }
    c.use({**_DEFAULTS, **small})
    v = _vit(c, "")
    names = ("query_bias", "key_bias", "value_bias", "proj_bias")
    q, k, o, p = (c.flag(name, name != "key_bias") for name in names)
    bias = c.flag("mlp_bias", True)
    mlp = FeedForward(c.count("intermediate_size"), bias=bias)
    if not c.flag("use_gated_mlp"):
        mlp = mlp._replace(ups=("up_proj",), gated=False)
    registers = ("embeddings.register_tokens", c.count("num_register_tokens", low=0))
    return v._replace(
        attention=v.attention._replace(biases=(q, k, o, p)),
        mlp=mlp,
        norms=("norm1", "norm2"),
        stack="model.layer",
        scale=("layer_scale1.lambda1", "layer_scale2.lambda1"),
        tokens=(*v.tokens, registers),
        unused=(("embeddings.mask_token", v.hidden),),
        conv="embeddings.patch_embeddings",
        table="",
        final_norm="norm",
    )


def videomae(c: Config) -> Vision:
    """videomae: patches span some frames; fixed positions that are no parameters; no bias on keys."""
    c.use({**_DEFAULTS, "num_frames": 16, "tubelet_size": 2, "use_mean_pooling": True})
    v = _old_layout(_vit(c, "videomae", mlp=_mlp(c)))
    mean, bias = c.flag("use_mean_pooling", True), c.flag("qv_bias", c.flag("qkv_bias", True))
    frames = c.count("num_frames")
    return v._replace(
        attention=v.attention._replace(biases=(bias, False, bias, True)),
        patch=(c.count("tubelet_size", high=frames), *v.patch),
        sides=(frames, *v.sides),
        tokens=(),
        table="",
        final_norm="" if mean else "layernorm",
        class_norm="fc_norm" if mean else "",
    )


def dpt(c: Config) -> Vision:
    """dpt's own ViT (without its neck and heads)."""
    c.use({**_DEFAULTS, "image_size": 384})
    return _old_layout(_vit(c, "dpt", mlp=_mlp(c)))


def yolos(c: Config) -> Vision:
    """yolos: a token for each box to find."""
    c.use({**_DEFAULTS, "image_size": [512, 864], "num_detection_tokens": 100})
    boxes = c.count("num_detection_tokens")
    v = _old_layout(_vit(c, "vit", mlp=_mlp(c)))
    tokens = (("embeddings.cls_token", 1), ("embeddings.detection_tokens", boxes))
    return v._replace(tokens=tokens, rows=v.rows + boxes)


def vit_mae(c: Config) -> Vision:
    """vit_mae's encoder: fixed positions."""
    c.use({**_DEFAULTS, **_MAE_DECODER})
    return _vit(c, "vit", mlp=_mlp(c), table_fixed=True)


TYPES: dict[str, Callable[[Config], Vision]] = {
    "beit": beit,
    "deit": deit,
    "dinov2": dinov2,
    "dinov2_with_registers": dinov2_registers,
    "dinov3_vit": dinov3,
    "videomae": videomae,
    "vit": vit,
    "vit_mae": vit_mae,
    "yolos": yolos,
}
