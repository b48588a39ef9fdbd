# SPDX-License-Identifier: Apache-2.0
"""DETR: a ResNet, an encoder over its places, a decoder over object queries. Layout of transformers 5.23.

The backbone's norms are fixed numbers, not parameters. Of a timm ResNet the stem and the first stage are frozen;
of a ResNet of transformers itself all is frozen, because the names it looks for are not those it has.
"""

from core.compute.architectures.config import Config
from core.compute.architectures.convnets import RESNET, resnet_body
from core.compute.architectures.parts import FeedForward, feed_forward
from core.compute.architectures.request import Request
from core.compute.architectures.vision_conv import picture
from core.compute.architectures.vision_heads import perceptron
from core.compute.layers import Block, Call, Op, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS = {
    "num_queries": 100,
    "encoder_layers": 6,
    "encoder_ffn_dim": 2048,
    "encoder_attention_heads": 8,
    "decoder_layers": 6,
    "decoder_ffn_dim": 2048,
    "decoder_attention_heads": 8,
    "d_model": 256,
    "num_channels": 3,
}
_TIMM = {
    "resnet18": ("basic", (2, 2, 2, 2), (64, 128, 256, 512)),
    "resnet34": ("basic", (3, 4, 6, 3), (64, 128, 256, 512)),
    "resnet50": ("bottleneck", (3, 4, 6, 3), (256, 512, 1024, 2048)),
    "resnet101": ("bottleneck", (3, 4, 23, 3), (256, 512, 1024, 2048)),
    "resnet152": ("bottleneck", (3, 8, 36, 3), (256, 512, 1024, 2048)),
}


def build(request: Request) -> Block:
    """The layer table of DETR, with its two heads when the class name says so."""
    c, name = request.config.use(_DEFAULTS), request.model_class
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not name:
        name = "ForObjectDetection"
        c.notes.append(note("head", head=name))
    detects = name.endswith("ForObjectDetection")
    if not detects and not name.endswith("Model"):
        raise refuse("unknown_class", model_class=name, model_type=request.model_type)
    path, width = "model." if detects else "", c.count("d_model")
    t = Block()
    x = _backbone(t, request, f"{path}backbone.model.")
    places = t.conv(f"{path}input_projection", x, width, kernel=(1, 1))
    x = t.mix(places, shape=(places.shape[0], places.shape[1] * places.shape[2], width))
    x = t.mix(x, _positions(t, c, path, width))
    block = _encoder_layer(c, x.shape)
    for index in range(c.layers("encoder_layers")):
        x = t.layer(f"{path}encoder.layers.{index}", block, x)
    queries, count = (x.shape[0], c.count("num_queries"), width), c.layers("decoder_layers")
    asked = t.embedding(f"{path}query_position_embeddings", queries[1], width, (1, queries[1]))
    y = t.given(queries)
    layer = _decoder_layer(c, queries, x.shape)
    for index in range(count):
        y = t.layer(f"{path}decoder.layers.{index}", layer, y, asked, x)
    y = t.norm(f"{path}decoder.layernorm", y, bias=True, role="final_norm")
    if not detects:
        return t.ends(y)
    label = "output head"
    logits = t.linear("class_labels_classifier", y, c.labels() + 1, bias=True, label=label, role="head")
    perceptron(t, "bbox_predictor", y, 4, dead=True)
    return t.ends(logits)


def _positions(t: Block, c: Config, path: str, width: int) -> Value:
    """Places as sines (no parameters), or learned tables of rows and columns."""
    kind = c.word("position_embedding_type", "sine")
    if kind == "sine":
        return t.given((1, 1, width))
    if kind != "learned":
        raise refuse("not_choice", key="position_embedding_type", value=kind)
    tables = [
        t.embedding(f"{path}position_embedding.{side}_embeddings", 50, width // 2, (1, 1))
        for side in ("row", "column")
    ]
    return t.mix(*tables, shape=(1, 1, width))


def _backbone(t: Block, request: Request, path: str) -> Value:
    c = request.config
    own = c.part("backbone_config")
    kind = own.get("model_type", "timm_backbone" if not own else "resnet")
    if kind == "timm_backbone":
        name = own.get("backbone") or c.get("backbone") or "resnet50"
        known = _TIMM.get(name.split(".")[0]) if isinstance(name, str) else None
        if known is None:
            raise refuse("not_choice", key="backbone", value=name)
        inner = Config(dict(zip(("layer_type", "depths", "hidden_sizes"), known, strict=True)), RESNET)
        frozen = 1
    elif kind == "resnet":
        inner, frozen = c.inner("backbone_config", RESNET), 10**6
    else:
        raise refuse("not_choice", key="backbone_config", value=kind)
    # Dilation is an option of timm's backbones alone: the last stage keeps the size of the one before it.
    last = 1 if kind == "timm_backbone" and c.flag("dilation") else 2
    start = len(t.steps)
    x = resnet_body(t, inner, picture(t, request), path, last=last)[-1]
    stem = sum(isinstance(step, Op) for step in t.steps[start:])
    first = (inner.counts("depths") or (0,))[0] if frozen == 1 else frozen
    done: dict[tuple[int, bool], Block] = {}
    for place, step in enumerate(t.steps[start:], start):
        fixed = place - start < stem + first
        if isinstance(step, Call):
            key = (id(step.block), fixed)
            if key not in done:
                done[key] = _held(step.block, fixed)
            t.steps[place] = step._replace(block=done[key])
        else:
            t.steps[place] = _held_op(step, fixed)
    return x


def _held(block: Block, fixed: bool) -> Block:
    new = Block()
    new.shapes, new.inputs, new.outputs = block.shapes, block.inputs, block.outputs
    new.steps = [_held_op(step, fixed) if isinstance(step, Op) else step for step in block.steps]
    return new


def _held_op(op: Op, fixed: bool) -> Op:
    if op.kind == "norm":
        return op._replace(weights=0, bias=0, active=0)
    return op._replace(fixed=fixed)


def _attend(t: Block, name: str, q: Value, k: Value, v: Value) -> Value:
    """Positions are added to queries and keys, not to values."""
    width = q.width
    a = t.linear(f"{name}.q_proj", q, width, bias=True)
    b = t.linear(f"{name}.k_proj", k, width, bias=True)
    c = t.linear(f"{name}.v_proj", v, width, bias=True)
    return t.linear(f"{name}.o_proj", t.attention(a, b, c, width=width, causal=False), width, bias=True)


def _encoder_layer(c: Config, shape: Shape) -> Block:
    c.share("d_model", shape[-1], c.count("encoder_attention_heads"))
    t = Block(shape)
    (x,) = t.inputs
    x = t.norm("self_attn_layer_norm", t.mix(x, _attend(t, "self_attn", x, x, x)), bias=True)
    return t.ends(t.norm("final_layer_norm", t.mix(x, _mlp(t, c, "encoder_ffn_dim", x)), bias=True))


def _mlp(t: Block, c: Config, key: str, x: Value) -> Value:
    return feed_forward(t, x, FeedForward(c.count(key), ups=("fc1",), down="fc2", gated=False, bias=True))


def _decoder_layer(c: Config, shape: Shape, places: Shape) -> Block:
    c.share("d_model", shape[-1], c.count("decoder_attention_heads"))
    t = Block(shape, (1, *shape[1:]), places)
    x, asked, memory = t.inputs
    q = t.mix(x, asked)
    x = t.norm("self_attn_layer_norm", t.mix(x, _attend(t, "self_attn", q, q, x)), bias=True)
    seen = _attend(t, "encoder_attn", t.mix(x, asked), memory, memory)
    x = t.norm("encoder_attn_layer_norm", t.mix(x, seen), bias=True)
    return t.ends(t.norm("final_layer_norm", t.mix(x, _mlp(t, c, "decoder_ffn_dim", x)), bias=True))
