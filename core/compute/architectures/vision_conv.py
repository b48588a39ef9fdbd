# SPDX-License-Identifier: Apache-2.0
"""What the convolutional image models share: the picture that goes in, the class that is asked for, its head."""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse


def classifies(request: Request) -> bool:
    """Is the classifier asked for (also when no class is named), or the model without a head?

    Raises BadConfig for another class, and for a part.
    """
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    name = request.model_class
    if not name:
        request.config.notes.append(note("head", head="ForImageClassification"))
        return True
    if name.endswith("ForImageClassification"):
        return True
    if name.endswith(("Model", "Backbone")) and "ForMasked" not in name:
        return False
    raise refuse("unknown_class", model_class=name, model_type=request.model_type)


def picture(t: Block, request: Request, *, least: int = 1) -> Value:
    """The request's pixels; the configuration's `image_size` (else 224) when no size is given."""
    c = request.config
    height, width = request.inputs.image or (c.sides("image_size") if c.get("image_size") else (224, 224))
    return t.given((request.inputs.batch, max(height, least), max(width, least), c.count("num_channels", 3)))


def classified(t: Block, c: Config, x: Value, name: str = "classifier", *, width: int = 0) -> Block:
    """A linear classifier on the mean of all places."""
    pooled = t.mix(x, shape=(x.shape[0], width or x.width))
    return t.ends(t.linear(name, pooled, c.labels(), bias=True, label="output head", role="head"))


def stages(c: Config, sizes: str = "hidden_sizes", depths: str = "depths") -> tuple[tuple[int, int], ...]:
    """(width, layers) of each stage. Raises BadConfig when the two lists do not fit."""
    widths, layers = c.counts(sizes, low=1, most=100) or (), c.counts(depths, low=0, most=100) or ()
    if not layers or len(widths) < len(layers) or max(layers) > 10_000:
        raise refuse("not_list", key=depths, value=layers, count=max(1, len(widths)))
    return tuple(zip(widths, layers, strict=False))


def run_stage(
    t: Block, x: Value, path: str, depth: int, make: Callable[[Shape, bool], Block], start: int = 0
) -> Value:
    """`depth` layers at `path`, numbered from `start`. `make` gives the block for a shape; True: the stage's first."""
    block = None
    for index in range(depth):
        if block is None or index < 2:
            block = make(x.shape, index == 0)
        x = t.layer(f"{path}.{start + index}", block, x)
    return x


def repeat(t: Block, x: Value, path: str, depth: int, block: Block) -> Value:
    """`depth` equal layers at `path`."""
    for index in range(depth):
        x = t.layer(f"{path}.{index}", block, x)
    return x


def conv_norm(
    t: Block,
    name: str,
    x: Value,
    out: int,
    side: int = 3,
    *,
    stride: int = 1,
    groups: int = 1,
    names: tuple[str, str] = ("convolution", "normalization"),
) -> Value:
    """A square convolution without bias and the norm that follows it, keeping the size but for the stride."""
    first = f"{name}.{names[0]}" if name else names[0]
    second = f"{name}.{names[1]}" if name else names[1]
    y = t.conv(
        first, x, out, kernel=(side, side), stride=stride, padding=side // 2, groups=groups, bias=False
    )
    return t.norm(second, y, bias=True)


def pooled(t: Block, x: Value, side: int = 3, stride: int = 2, padding: int = 1) -> Value:
    """Pooling: no FLOP, fewer places."""
    batch, height, width, channels = x.shape
    return t.mix(
        x,
        shape=(batch, shrunk(height, side, stride, padding), shrunk(width, side, stride, padding), channels),
        keeps=True,
    )


def shrunk(size: int, side: int, stride: int, padding: int) -> int:
    """Places left of `size` after a window of `side`."""
    return max(1, (size + 2 * padding - side) // stride + 1)


def rounded(value: float, divisor: int = 8, least: int | None = None) -> int:
    """`value` to a multiple of `divisor`, at most a tenth lower (the MobileNet rule)."""
    new = max(divisor if least is None else least, int(value + divisor / 2) // divisor * divisor)
    return new + divisor if new < 0.9 * value else new


def grouped(key: str, channels: int, groups: int) -> int:
    """`groups`, which must share the channels out evenly. Raises BadConfig when it does not."""
    if groups < 1 or channels % groups:
        raise refuse("not_divisible", key=key, value=channels, other=groups)
    return groups


def flat(x: Value) -> Shape:
    """The shape of a picture's places in one row."""
    batch, height, width, channels = x.shape
    return (batch, height * width, channels)
