# SPDX-License-Identifier: Apache-2.0
"""Depth and dense prediction on a patch transformer: DPT and Depth Anything. Layout of transformers 5.23."""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from core.compute.architectures import vision_types
from core.compute.architectures.config import Config
from core.compute.architectures.convnets import bit_body
from core.compute.architectures.parts import aside
from core.compute.architectures.request import Request
from core.compute.architectures.vision import Vision, embed, vit_layer
from core.compute.architectures.vision_conv import picture
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_NECK = {
    "reassemble_factors": (4, 2, 1, 0.5),
    "backbone_out_indices": (2, 5, 8, 11),
    "neck_hidden_sizes": (96, 192, 384, 768),
    "fusion_hidden_size": 256,
}
_ANYTHING: Mapping[str, object] = {
    "patch_size": 14,
    "reassemble_factors": (4, 2, 1, 0.5),
    "reassemble_hidden_size": 384,
    "neck_hidden_sizes": (48, 96, 192, 384),
    "fusion_hidden_size": 64,
    "head_hidden_size": 32,
}
_ANYTHING_BACKBONE = {
    "model_type": "dinov2",
    "image_size": 518,
    "hidden_size": 384,
    "num_attention_heads": 6,
    "out_indices": [9, 10, 11, 12],
}
_HYBRID_BACKBONE: Mapping[str, object] = {
    "global_padding": "same",
    "layer_type": "bottleneck",
    "depths": (3, 4, 9),
    "hidden_sizes": (256, 512, 1024, 2048),
    "embedding_dynamic_padding": True,
    "embedding_size": 64,
    "output_stride": 32,
    "width_factor": 1,
}


class Neck(NamedTuple):
    """How features of four depths become one map. `doubles`: each step doubles the map; otherwise it grows to the
    size of the next feature. The head reads the map of step `read`. `readout`: a linear layer joins the class token to
    each place. `norm`: after convolutions. `raw`: so many features come from a convolutional backbone and are taken as
    they are."""

    widths: tuple[int, ...]
    factors: tuple[float, ...]
    fusion: int
    read: int
    doubles: bool = True
    readout: bool = False
    norm: bool = False
    bias: bool = True
    raw: int = 0


def build(request: Request) -> Block:
    """The layer table of a DPT or Depth Anything model with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    name, c = request.model_class, request.config
    if not name:
        name = "ForDepthEstimation"
        c.notes.append(note("head", head=name))
    if request.model_type == "depth_anything" and name.endswith("ForDepthEstimation"):
        return _anything(request)
    if request.model_type == "dpt" and name.endswith(("ForDepthEstimation", "ForSemanticSegmentation")):
        return _dpt(request, segments=name.endswith("Segmentation"))
    if request.model_type == "dpt" and name.endswith("Model"):
        t = Block()
        *_, x = _dpt_body(t, request, "", pooler=True)
        return t.ends(x)
    raise refuse("unknown_class", model_class=name, model_type=request.model_type)


def _neck(c: Config, **more: object) -> Neck:
    widths, factors = c.counts("neck_hidden_sizes", low=1, most=20) or (), c.get("reassemble_factors")
    if not isinstance(factors, list | tuple) or not 0 < len(widths) <= len(factors):
        raise refuse("not_list", key="reassemble_factors", value=factors, count=max(1, len(widths)))
    for one in factors:
        if isinstance(one, bool) or not isinstance(one, int | float) or not 0.01 <= one <= 100:
            raise refuse("not_list", key="reassemble_factors", value=factors, count=len(widths))
    # A place in the list of maps, counted from its end when negative.
    read = c.count("head_in_index", -1, low=-len(widths), high=len(widths) - 1) % len(widths)
    n = Neck(widths, tuple(factors[: len(widths)]), c.count("fusion_hidden_size"), read)
    return n._replace(**more)  # type: ignore[arg-type]


def _anything(request: Request) -> Block:
    c = request.config.use(_ANYTHING)
    inner = c.inner("backbone_config", {}) if c.has("backbone_config") else Config(_ANYTHING_BACKBONE)
    t = Block()
    features, grid, patch = _dinov2(t, request, inner)
    maps = [t.mix(one, shape=(one.shape[0], *grid, one.width)) for one in features]
    x = fuse(t, _neck(c, doubles=False), maps)[0]
    x = t.conv("head.conv1", x, max(1, x.width // 2), kernel=(3, 3), padding=1)
    x = t.mix(x, shape=(x.shape[0], grid[0] * patch, grid[1] * patch, x.width))
    x = t.conv("head.conv2", x, c.count("head_hidden_size"), kernel=(3, 3), padding=1)
    return t.ends(t.conv("head.conv3", t.mix(x), 1, kernel=(1, 1), label="output head"))


def _dinov2(t: Block, request: Request, c: Config) -> tuple[list[Value], tuple[int, int], int]:
    """The features a DINOv2 backbone hands on, each through the one last norm; the grid; the patch size."""
    kind = c.word("model_type") or "dinov2"
    readers = {"dinov2": vision_types.dinov2, "dinov2_with_registers": vision_types.dinov2_registers}
    if kind not in readers:
        raise refuse("not_choice", key="backbone_config", value=kind)
    wanted = c.counts("out_indices", low=0) or (c.layers(),)
    v = readers[str(kind)](c)
    x = embed(t, v, request, "backbone.")
    if not all(0 < index <= v.layers for index in wanted):
        raise refuse("not_list", key="out_indices", value=list(wanted), count=len(wanted))
    states, norm = _states(t, v, x, "backbone.", max(wanted)), "backbone.layernorm"
    features, held = [], True
    for index in wanted:
        size = v.hidden if held else 0
        features.append(t.norm(norm if held else "", states[index - 1], size=size, bias=True))
        held = False
    height, width = request.inputs.image or v.sides
    return features, (max(1, height // v.patch[0]), max(1, width // v.patch[1])), v.patch[0]


def _states(t: Block, v: Vision, x: Value, path: str, read: int) -> list[Value]:
    """What each layer hands on; only the first `read` layers reach the loss."""
    block, states = vit_layer(v, x.shape), []
    for index in range(v.layers):
        x = t.call(f"{path}{v.stack}.{index}", block, x, dead=index >= read)[0]
        states.append(x)
    return states


def _dpt(request: Request, *, segments: bool) -> Block:
    c = request.config.use(_NECK)
    t = Block()
    readout = c.word("readout_type", "project") == "project"
    norm = c.flag("use_batch_norm_in_fusion_residual")
    own = c.flag("is_hybrid")
    if c.has("backbone_config") and not own:
        inner = c.inner("backbone_config", {})
        features, (height, width), _ = _dinov2(t, request, inner)
        c.use(_NECK)
    else:
        features, (height, width), _ = _dpt_body(t, request, "dpt.", pooler=False)
        c.use(_NECK)
    neck = _neck(c, readout=readout, norm=norm, bias=c.flag("use_bias_in_fusion_residual", not norm))
    neck = neck._replace(raw=2 if own else 0)
    raw = features[: neck.raw]
    maps = [t.mix(one, shape=(one.shape[0], height, width, one.width)) for one in features[neck.raw :]]
    x, end = fuse(t, neck, [*raw, *maps])
    wide, label = neck.fusion, "output head"
    if segments:
        y = t.norm(
            "head.head.1", t.conv("head.head.0", x, wide, kernel=(3, 3), padding=1, bias=False), bias=True
        )
        if c.flag("use_auxiliary_head", True):
            z = t.mix(end, detached=True)
            side = Block(z.shape)
            z2 = side.conv("0", side.inputs[0], wide, kernel=(3, 3), padding=1, bias=False)
            z2 = side.conv("4", side.norm("1", z2, bias=True), c.labels(), kernel=(1, 1), label=label)
            t.call("auxiliary_head.head", side.ends(z2), z, layer=False, dead=True)
        return t.ends(t.conv("head.head.4", t.mix(y), c.labels(), kernel=(1, 1), label=label))
    if c.flag("add_projection"):
        x = t.mix(t.conv("head.projection", x, wide, kernel=(3, 3), padding=1))
    x = t.conv("head.head.0", x, max(1, wide // 2), kernel=(3, 3), padding=1)
    x = t.mix(x, shape=(x.shape[0], 2 * x.shape[1], 2 * x.shape[2], x.width))
    x = t.mix(t.conv("head.head.2", x, 32, kernel=(3, 3), padding=1))
    return t.ends(t.conv("head.head.4", x, 1, kernel=(1, 1), label=label))


def _dpt_body(
    t: Block, request: Request, path: str, *, pooler: bool
) -> tuple[list[Value], tuple[int, int], Value]:
    """The ViT (after a BiT when hybrid): the features used, the grid, and the last states."""
    c = request.config
    hybrid = c.flag("is_hybrid")
    wanted = c.counts("backbone_out_indices") or (2, 5, 8, 11)
    v = vision_types.dpt(c)
    height, width = request.inputs.image or v.sides
    features: list[Value] = []
    if hybrid:
        inner = c.inner("backbone_config", _HYBRID_BACKBONE)
        steps = bit_body(t, inner, picture(t, request), f"{path}embeddings.backbone.bit.")
        features, last = list(steps[:2]), steps[-1]
        x = t.conv(f"{path}embeddings.projection", last, v.hidden, kernel=(1, 1))
        token = t.free(f"{path}embeddings.cls_token", (1, 1, v.hidden))
        table = t.free(f"{path}embeddings.position_embeddings", (1, v.rows, v.hidden))
        grid = x.shape[1:3]
        x = t.mix(x, token, table, shape=(x.shape[0], grid[0] * grid[1] + 1, v.hidden))
        wanted = wanted[2:]
    else:
        x = embed(t, v, request, path)
        grid = (max(1, height // v.patch[0]), max(1, width // v.patch[1]))
    taken = [index for index in wanted if index < v.layers]
    states = _states(t, v, x, path, v.layers if pooler else max(taken, default=-1) + 1)
    features.extend(states[index] for index in taken)
    last = t.norm(f"{path}layernorm", states[-1], bias=True, role="final_norm")
    if pooler:
        first, out = t.mix(last, shape=(last.shape[0], v.hidden)), c.count("pooler_output_size", v.hidden)
        t.linear("pooler.dense", first, out, bias=True, label="output head", dead=True)
    return features, (grid[0], grid[1]), last


def fuse(t: Block, n: Neck, features: list[Value]) -> tuple[Value, Value]:
    """Feature maps, deepest first, become one: that of the step the head reads, and that of the last step. Later steps
    and the features they add run too, but no gradient reaches them."""
    if len(features) != len(n.widths):
        raise refuse("not_list", key="neck_hidden_sizes", value=list(n.widths), count=len(features))
    last = len(features) - 1
    maps = [
        aside(t, partial(_mapped, n=n, index=index), x, dead=last - index > n.read)
        for index, x in enumerate(features)
    ]
    x = read = maps[last]
    for index, one in enumerate(reversed(maps)):
        following = None if n.doubles or index == last else maps[last - 1 - index].shape
        step = partial(_fused, n=n, index=index, following=following)
        x = aside(t, step, x, *((one,) if index else ()), dead=index > n.read)
        read = x if index == n.read else read
    return read, x


def _mapped(t: Block, x: Value, *, n: Neck, index: int) -> Value:
    """One feature as a map as wide as the others."""
    if index >= n.raw:
        if n.readout:
            both = t.mix(x, shape=(*x.shape[:-1], 2 * x.width))
            name = f"neck.reassemble_stage.readout_projects.{index}.0"
            x = t.mix(t.linear(name, both, x.width, bias=True))
        x = _resized(t, x, n.widths[index], n.factors[index], f"neck.reassemble_stage.layers.{index}")
    return t.conv(f"neck.convs.{index}", x, n.fusion, kernel=(3, 3), padding=1, bias=False)


def _fused(
    t: Block, x: Value, one: Value | None = None, *, n: Neck, index: int, following: Shape | None
) -> Value:
    """One step: the map so far and the next one (none in the first step), grown to the size of the `following`."""
    here = f"neck.fusion_stage.layers.{index}"
    if one is None:
        _residual(t, n, t.mix(x, shape=(0, *x.shape[1:])), f"{here}.residual_layer1")
    else:
        x = t.mix(x, _residual(t, n, t.mix(one, shape=x.shape), f"{here}.residual_layer1"))
    x = _residual(t, n, x, f"{here}.residual_layer2")
    grown = (x.shape[0], 2 * x.shape[1], 2 * x.shape[2], x.width)
    return t.conv(f"{here}.projection", t.mix(x, shape=following or grown), n.fusion, kernel=(1, 1))


def _resized(t: Block, x: Value, width: int, factor: float, name: str) -> Value:
    x = t.conv(f"{name}.projection", x, width, kernel=(1, 1))
    if factor > 1:
        by = int(factor)
        return t.upconv(f"{name}.resize", x, width, kernel=(by, by))
    if factor < 1:
        return t.conv(f"{name}.resize", x, width, kernel=(3, 3), stride=int(1 / factor), padding=1)
    return x


def _residual(t: Block, n: Neck, x: Value, name: str) -> Value:
    y = x
    for index in (1, 2):
        y = t.mix(y)
        y = t.conv(f"{name}.convolution{index}", y, n.fusion, kernel=(3, 3), padding=1, bias=n.bias)
        if n.norm:
            y = t.norm(f"{name}.batch_norm{index}", y, bias=True)
    return t.mix(x, y)
