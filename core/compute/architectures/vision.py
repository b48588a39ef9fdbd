# SPDX-License-Identifier: Apache-2.0
"""Vision transformers over square patches (ViT, DeiT, DINOv2). Layout and defaults of transformers 5.23."""

from typing import NamedTuple

from core.compute.architectures import Request
from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

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
_PLAIN = FeedForward(0, ups=("fc1",), down="fc2", gated=False, bias=True)


class Vision(NamedTuple):
    """A patch transformer. `tokens`: bare parameters put before the patches; `unused`: held but not run; `scale`:
    a learned factor after each sublayer; `both`: the classifier reads the first token and the mean patch."""

    hidden: int
    layers: int
    attention: Attention
    mlp: FeedForward
    prefix: str
    norms: tuple[str, str]
    stack: str
    patch: int
    channels: int
    sides: tuple[int, int]
    tokens: tuple[str, ...] = ("cls_token",)
    unused: tuple[str, ...] = ()
    scale: bool = False
    pooler: int = 0
    both: bool = False


def build(request: Request) -> Block:
    """The layer table of a patch transformer, with a classifier when its class name says so."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    name = request.model_class
    if not name:
        name = "ForImageClassification"
        request.config.notes.append(note("head", head=name))
    classify = name.endswith("ForImageClassification")
    if not classify and (not name.endswith("Model") or name.endswith("ForMaskedImageModeling")):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    return _assemble(_TYPES[request.model_type](request.config), request, classify)


def _assemble(v: Vision, request: Request, classify: bool) -> Block:
    batch = request.inputs.batch
    height, width = request.inputs.image or v.sides
    path = f"{v.prefix}." if classify else ""
    t = Block()
    x = t.given((batch, max(height, v.patch), max(width, v.patch), v.channels))
    x = t.conv(
        f"{path}embeddings.patch_embeddings.projection",
        x,
        v.hidden,
        kernel=(v.patch, v.patch),
        stride=v.patch,
        label="patch embedding",
    )
    shape: Shape = (batch, x.shape[1] * x.shape[2] + len(v.tokens), v.hidden)
    first = [t.free(f"{path}embeddings.{name}", (1, 1, v.hidden)) for name in v.tokens]
    for name in v.unused:
        t.free(f"{path}embeddings.{name}", (1, 1, v.hidden))
    rows = (v.sides[0] // v.patch) * (v.sides[1] // v.patch) + len(v.tokens)
    table = t.free(f"{path}embeddings.position_embeddings", (1, rows, v.hidden))
    x = t.mix(x, *first, table, shape=shape)
    block = _layer(v, shape)
    for index in range(v.layers):
        x = t.layer(f"{path}{v.stack}.{index}", block, x)
    x = t.norm(f"{path}layernorm", x, bias=True, role="final_norm")
    if classify:
        pooled = t.mix(x, shape=(batch, v.hidden * (2 if v.both else 1)))
        labels = request.config.labels()
        return t.ends(t.linear("classifier", pooled, labels, bias=True, label="output head", role="head"))
    if v.pooler:
        pooled = t.mix(x, shape=(batch, v.hidden))
        t.linear("pooler.dense", pooled, v.pooler, bias=True, label="output head", dead=True)
    return t.ends(x)


def _layer(v: Vision, shape: Shape) -> Block:
    t = Block(shape)
    (x,) = t.inputs

    def scaled(value: Value, name: str) -> Value:
        if not v.scale:
            return value
        return t.mix(value, t.free(f"{name}.lambda1", (v.hidden,), label="norms"), keeps=True)

    a = attend(t, t.norm(v.norms[0], x, bias=True), v.attention)
    x = t.mix(x, scaled(a, "layer_scale1"))
    f = feed_forward(t, t.norm(v.norms[1], x, bias=True), v.mlp)
    return t.ends(t.mix(x, scaled(f, "layer_scale2")))


def _vit(c: Config, prefix: str, **more: object) -> Vision:
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    bias = c.flag("qkv_bias", True)
    size = c.share("hidden_size", hidden, heads)
    a = Attention(heads, heads, size, name="attention", biases=(bias, bias, bias, True), causal=False)
    sides = c.get("image_size")
    side = c.counts("image_size", low=1, most=2) if isinstance(sides, list) else (c.count("image_size"),) * 2
    patch = c.count("patch_size", high=min(side or (1,)))
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
        (side[0], side[-1]) if side else (patch, patch),
    )
    return v._replace(**more)  # type: ignore[arg-type]


def vit(c: Config) -> Vision:
    """vit."""
    c.use(_DEFAULTS)
    v = _vit(c, "vit", mlp=_PLAIN._replace(width=c.count("intermediate_size")))
    return v._replace(pooler=c.count("pooler_output_size", v.hidden))


def deit(c: Config) -> Vision:
    """deit: a second token for distillation."""
    c.use(_DEFAULTS)
    v = _vit(c, "deit", mlp=_PLAIN._replace(width=c.count("intermediate_size")))
    return v._replace(
        tokens=("cls_token", "distillation_token"), pooler=c.count("pooler_output_size", v.hidden)
    )


def dinov2(c: Config) -> Vision:
    """dinov2: learned factors after each sublayer; the giant model has a gated feed-forward."""
    c.use({**_DEFAULTS, "patch_size": 14, "mlp_ratio": 4})
    wide = c.count("hidden_size") * c.count("mlp_ratio")
    mlp = _PLAIN._replace(width=wide)
    if c.flag("use_swiglu_ffn"):
        mlp = FeedForward((wide * 2 // 3 + 7) // 8 * 8, bias=True)
    return _vit(
        c,
        "dinov2",
        mlp=mlp,
        norms=("norm1", "norm2"),
        stack="encoder.layer",
        scale=True,
        both=True,
        unused=("mask_token",) if c.flag("use_mask_token", True) else (),
    )


_TYPES = {"deit": deit, "dinov2": dinov2, "vit": vit}
