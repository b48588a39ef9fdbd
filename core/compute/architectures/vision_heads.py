# SPDX-License-Identifier: Apache-2.0
"""Patch transformers under the head their class names; YOLOS and ViT-MAE have a layout of their own round the layers.

That of transformers 5.23.
"""

from collections.abc import Callable
from math import isqrt

from core.compute.architectures.beit_maps import places
from core.compute.architectures.config import Config
from core.compute.architectures.parts import FeedForward
from core.compute.architectures.request import Request
from core.compute.architectures.vision import Vision, embed, stack, vit_layer
from core.compute.architectures.vision_types import TYPES, vit_mae, yolos
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse


def _yolos(request: Request) -> Block:
    """Detection: classes and boxes from the tokens put there for them. The boxes run, the loss reads the classes."""
    v = yolos(request.config)
    t = Block()
    x = _yolos_states(t, v, request, "vit.")
    found = t.mix(x, shape=(x.shape[0], v.tokens[-1][1], v.hidden))
    logits = perceptron(t, "class_labels_classifier", found, request.config.labels() + 1)
    perceptron(t, "bbox_predictor", found, 4, dead=True)
    return t.ends(logits)


def _yolos_model(request: Request) -> Block:
    v = yolos(request.config)
    t = Block()
    x = _yolos_states(t, v, request, "")
    first = t.mix(x, shape=(x.shape[0], v.hidden))
    t.linear("pooler.dense", first, v.hidden, bias=True, label="output head", dead=True)
    return t.ends(x)


def _yolos_states(t: Block, v: Vision, request: Request, path: str) -> Value:
    """Positions are added again between the layers."""
    x = embed(t, v, request, path)
    block = vit_layer(v, x.shape)
    middle = None
    if v.layers > 1 and request.config.flag("use_mid_position_embeddings", True):
        rows = (v.layers - 1) * v.rows
        middle = t.free(f"{path}encoder.interpolation.mid_position_embeddings", (rows, v.hidden))
    for index in range(v.layers):
        x = t.layer(f"{path}{v.stack}.{index}", block, x)
        if middle is not None and index < v.layers - 1:
            x = t.mix(x, middle)
    return t.norm(f"{path}layernorm", x, bias=True, role="final_norm")


def perceptron(t: Block, name: str, x: Value, out: int, *, layers: int = 3, dead: bool = False) -> Value:
    """A small head of `layers` equal layers, the last of `out` numbers (DETR and its kin)."""
    label = "output head"
    for index in range(layers - 1):
        x = t.linear(f"{name}.layers.{index}", x, x.width, bias=True, label=label, dead=dead)
    return t.linear(f"{name}.layers.{layers - 1}", x, out, bias=True, label=label, role="head", dead=dead)


def _vit_mae(request: Request) -> Block:
    """Training on masked pictures: the encoder sees the patches kept, the decoder all."""
    c, v = request.config, vit_mae(request.config)
    t = Block()
    x = _mae_encoder(t, v, request, "vit.")
    wide, heads = c.count("decoder_hidden_size"), c.count("decoder_num_attention_heads")
    size = c.share("decoder_hidden_size", wide, heads)
    width = c.count("decoder_intermediate_size")
    decoder = v._replace(
        hidden=wide,
        layers=c.layers("decoder_num_hidden_layers"),
        attention=v.attention._replace(heads=heads, kv_heads=heads, head_dim=size),
        mlp=FeedForward(width, ups=("fc1",), down="fc2", gated=False, bias=True),
        stack="decoder_layers",
    )
    x = t.linear("decoder.decoder_embed", x, wide, bias=True)
    mask = t.free("decoder.mask_token", (1, 1, wide))
    table = t.free("decoder.decoder_pos_embed", (1, v.rows, wide), fixed=True)
    x = stack(t, decoder, t.mix(x, mask, table, shape=(x.shape[0], v.rows, wide)), "decoder.")
    x = t.norm("decoder.decoder_norm", x, bias=True, role="final_norm")
    pixels = v.patch[0] * v.patch[1] * v.channels
    return t.ends(t.linear("decoder.decoder_pred", x, pixels, bias=True, label="output head", role="head"))


def _vit_mae_model(request: Request) -> Block:
    t = Block()
    return t.ends(_mae_encoder(t, vit_mae(request.config), request, ""))


def _mae_encoder(t: Block, v: Vision, request: Request, path: str) -> Value:
    ratio = request.config.get("mask_ratio")
    if ratio is None:
        ratio = 0.75
    if isinstance(ratio, bool) or not isinstance(ratio, int | float) or not 0 <= ratio <= 1:
        raise refuse("not_count", key="mask_ratio", value=ratio, low=0, high=1)
    high, wide = request.inputs.image or v.sides
    kept = int((high // v.patch[0]) * (wide // v.patch[1]) * (1 - ratio))
    x = stack(t, v, embed(t, v, request, path, kept=kept), path)
    return t.norm(f"{path}layernorm", x, bias=True, role="final_norm")


def masked(v: Vision, request: Request) -> Block:
    """ViT and DeiT guessing the pixels of hidden patches: a convolution makes each patch's pixels."""
    path = f"{v.prefix}."
    t = Block()
    x = stack(t, v, embed(t, v._replace(unused=(("embeddings.mask_token", v.hidden),)), request, path), path)
    x = t.norm(path + v.final_norm, x, bias=True, role="final_norm")
    side = isqrt(x.shape[1] - sum(number for _, number in v.tokens))
    return t.ends(repaint(t, request.config, t.mix(x, shape=(x.shape[0], side, side, v.hidden)), 16))


def repaint(t: Block, c: Config, x: Value, stride: int) -> Value:
    """Pixels from a grid of places by a convolution of one place (SimMIM's decoder); `stride`: the default."""
    out = c.count("encoder_stride", stride, high=10_000) ** 2 * c.count("num_channels")
    return t.conv("decoder.0", x, out, kernel=(1, 1), label="output head")


def teacher(v: Vision, request: Request) -> Block:
    """DeiT with a classifier for each of its two tokens."""
    path = f"{v.prefix}."
    t = Block()
    x = stack(t, v, embed(t, v, request, path), path)
    x = t.norm(path + v.final_norm, x, bias=True, role="final_norm")
    first, labels = t.mix(x, shape=(x.shape[0], v.hidden)), request.config.labels()
    both = [
        t.linear(name, first, labels, bias=True, label="output head", role="head")
        for name in ("cls_classifier", "distillation_classifier")
    ]
    return t.ends(t.mix(*both))


def beit_words(v: Vision, request: Request) -> Block:
    """BEiT guessing the visual word of each hidden patch."""
    path = f"{v.prefix}."
    t = Block()
    x = stack(t, v, embed(t, v, request, path), path)
    if v.final_norm:
        x = t.norm(path + v.final_norm, x, bias=True, role="final_norm")
    x = t.norm("layernorm", x, bias=True, role="final_norm")
    x = t.mix(x, shape=(x.shape[0], x.shape[1] - 1, v.hidden))
    words = request.config.count("vocab_size", 8192)
    return t.ends(t.linear("lm_head", x, words, bias=True, label="output head", role="head"))


HEADS: dict[tuple[str, str], Callable[[Vision, Request], Block]] = {
    ("beit", "ForMaskedImageModeling"): beit_words,
    ("beit", "ForSemanticSegmentation"): places,
    ("deit", "ForMaskedImageModeling"): masked,
    ("deit", "ForImageClassificationWithTeacher"): teacher,
    ("vit", "ForMaskedImageModeling"): masked,
}
"""Other heads, by model type and the end of the class's name."""
OTHERS: dict[str, dict[str, Callable[[Request], Block]]] = {
    "vit_mae": {"ForPreTraining": _vit_mae, "Model": _vit_mae_model},
    "yolos": {"ForObjectDetection": _yolos, "Model": _yolos_model},
}


def build(request: Request) -> Block:
    """The layer table of a patch transformer, with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    name = request.model_class
    if request.model_type in OTHERS:
        for ending, special in OTHERS[request.model_type].items():
            if (name or ending).endswith(ending):
                _said(request, ending)
                return special(request)
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    if name.endswith(("ForMaskedImageModeling", "ForSemanticSegmentation", "WithTeacher")):
        for (model_type, ending), laid in HEADS.items():
            if request.model_type == model_type and name.endswith(ending):
                return laid(TYPES[model_type](request.config), request)
    classify = not name or name.endswith(("ForImageClassification", "ForVideoClassification"))
    if not classify and (not name.endswith("Model") or name.endswith("ForMaskedImageModeling")):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    _said(request, "ForImageClassification")
    return _assemble(TYPES[request.model_type](request.config), request, classify)


def _said(request: Request, head: str) -> None:
    """Note which head was taken when the configuration names none."""
    if not request.model_class:
        request.config.notes.append(note("head", head=head))


def _assemble(v: Vision, request: Request, classify: bool) -> Block:
    path = f"{v.prefix}." if classify and v.prefix else ""
    t = Block()
    batch = request.inputs.batch
    x = stack(t, v, embed(t, v, request, path), path)
    if v.final_norm:
        x = t.norm(path + v.final_norm, x, bias=True, role="final_norm")
    if classify:
        pooled = t.mix(x, shape=(batch, v.hidden * (2 if v.both else 1)))
        for norm, start in ((v.pooled_norm, path), (v.class_norm, "")):
            if norm:
                pooled = t.norm(start + norm, pooled, bias=True)
        labels = request.config.labels()
        return t.ends(t.linear("classifier", pooled, labels, bias=True, label="output head", role="head"))
    if v.pooled_norm:
        t.norm(v.pooled_norm, t.mix(x, shape=(batch, v.hidden), detached=True), bias=True)
    if v.pooler:
        pooled = t.mix(x, shape=(batch, v.hidden))
        t.linear("pooler.dense", pooled, v.pooler, bias=True, label="output head", dead=True)
    return t.ends(x)
