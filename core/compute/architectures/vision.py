# SPDX-License-Identifier: Apache-2.0
"""Vision transformers over patches of an image or a video (ViT and its kin): one description (`Vision`), one layout.

The model types as data are in vision_types.py, the heads in vision_heads.py.
"""

from typing import NamedTuple

from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value


class Vision(NamedTuple):
    """A patch transformer. `patch` and `sides` are (height, width), or (frames, height, width) of a video.

    `tokens`: bare parameters put beside the patches, with their counts; `unused`: held but not run; `table`: the
    position table (empty: none) with `rows` rows; `scale`: learned factors after the two sublayers; `pooler`: width
    of a linear layer on the first token, `pooled_norm` a norm there; `both`: the classifier reads the first token
    and the mean patch. `bias_rows`: rows of a table of relative positions with one number per head, `bias_shared`
    between all layers or in each."""

    hidden: int
    layers: int
    attention: Attention
    mlp: FeedForward
    prefix: str
    norms: tuple[str, str]
    stack: str
    patch: tuple[int, ...]
    channels: int
    sides: tuple[int, ...]
    rows: int
    tokens: tuple[tuple[str, int], ...] = (("embeddings.cls_token", 1),)
    unused: tuple[tuple[str, int], ...] = ()
    conv: str = "embeddings.patch_embeddings.projection"
    table: str = "embeddings.position_embeddings"
    table_fixed: bool = False
    scale: tuple[str, ...] = ()
    final_norm: str = "layernorm"
    pooler: int = 0
    pooled_norm: str = ""
    class_norm: str = ""
    both: bool = False
    bias_rows: int = 0
    bias_shared: bool = False


def embed(t: Block, v: Vision, request: Request, path: str, *, kept: int | None = None) -> Value:
    """Patches of the request's pictures as vectors, with positions and tokens. `kept`: so many patches stay."""
    i = request.inputs
    sides = (*((i.frames or v.sides[0],) if len(v.sides) == 3 else ()), *(i.image or v.sides[-2:]))
    sides = tuple(max(side, patch) for side, patch in zip(sides, v.patch, strict=True))
    pixels = t.given((i.batch, *sides, v.channels))
    x = t.conv(path + v.conv, pixels, v.hidden, kernel=v.patch, stride=v.patch, label="patch embedding")
    count = 1
    for side in x.shape[1:-1]:
        count *= side
    added = [t.free(path + name, (1, number, v.hidden)) for name, number in v.tokens if number]
    for name, size in v.unused:
        t.free(path + name, (size,))
    if v.table:
        added.append(t.free(path + v.table, (1, v.rows, v.hidden), fixed=v.table_fixed))
    whole = (count if kept is None else kept) + sum(number for _, number in v.tokens)
    return t.mix(x, *added, shape=(i.batch, whole, v.hidden))


def stack(t: Block, v: Vision, x: Value, path: str) -> Value:
    """The layers of `v`."""
    return states(t, v, x, path, v.layers)[-1]


def states(t: Block, v: Vision, x: Value, path: str, read: int) -> list[Value]:
    """The value before each layer of `v` and after the last; nothing of the loss depends on those past `read`."""
    block = vit_layer(v, x.shape)
    beside: tuple[Value, ...] = ()
    if v.bias_rows and v.bias_shared:
        beside = (_relative(t, v, f"{path}shared_position_bias"),)
        block = vit_layer(v, x.shape, beside[0].shape)
    found = [x]
    for index in range(v.layers):
        x = t.call(f"{path}{v.stack}.{index}", block, x, *beside, dead=index >= read)[0]
        found.append(x)
    return found


def vit_layer(v: Vision, shape: Shape, bias: Shape = ()) -> Block:
    """One layer, norms first. `bias`: the shape of a position bias it is given."""
    t = Block(shape, bias) if bias else Block(shape)
    x, beside = t.inputs[0], t.inputs[1] if bias else None
    if v.bias_rows and not v.bias_shared:
        beside = _relative(t, v, "relative_position_bias")

    def scaled(value: Value, place: int) -> Value:
        if not v.scale:
            return value
        return t.mix(value, t.free(v.scale[place], (v.hidden,), label="norms"), keeps=True)

    a = attend(t, t.norm(v.norms[0], x, bias=True), v.attention, beside=beside)
    x = t.mix(x, scaled(a, 0))
    f = feed_forward(t, t.norm(v.norms[1], x, bias=True), v.mlp)
    return t.ends(t.mix(x, scaled(f, 1)))


def _relative(t: Block, v: Vision, name: str) -> Value:
    return t.free(f"{name}.relative_position_bias_table", (v.bias_rows, v.attention.heads))
