# SPDX-License-Identifier: Apache-2.0
"""Classes for every place of a picture, after DeepLab: the heads of MobileNet v2 and MobileViT.

Layout of transformers 5.23 (modeling_mobilenet_v2.py, modeling_mobilevit.py).
"""

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.vision_conv import conv_norm
from core.compute.layers import Block, Value
from core.compute.notes import refuse

_V2_WIDTH = 256


def paints(request: Request) -> bool:
    """Is the head for every place asked for?"""
    return request.part == "main" and request.model_class.endswith("ForSemanticSegmentation")


def mean_place(t: Block, name: str, x: Value, out: int) -> Value:
    """The mean of all places through a convolution, put back on every place."""
    mean = t.mix(x, shape=(x.shape[0], 1, 1, x.width))
    mean = t.mix(conv_norm(t, name, mean, out, 1))
    return t.mix(mean, shape=(*x.shape[:-1], out))


def classes(t: Block, c: Config, x: Value) -> Block:
    """A class for each place."""
    name = "segmentation_head.classifier.convolution"
    return t.ends(t.conv(name, x, c.labels(), kernel=(1, 1), label="output head"))


def plus(t: Block, c: Config, x: Value) -> Block:
    """MobileNet v2's head."""
    path = "segmentation_head."
    mean = mean_place(t, f"{path}conv_pool", x, _V2_WIDTH)
    near = t.mix(conv_norm(t, f"{path}conv_aspp", x, _V2_WIDTH, 1))
    both = t.mix(mean, near, shape=(*x.shape[:-1], 2 * _V2_WIDTH))
    return classes(t, c, t.mix(conv_norm(t, f"{path}conv_projection", both, _V2_WIDTH, 1)))


def pyramid(t: Block, c: Config, x: Value) -> Block:
    """MobileViT's head: kernels with gaps of several sizes side by side."""
    rates = c.counts("atrous_rates", low=1, most=100) or (6, 12, 18)
    if len(rates) != 3:
        raise refuse("not_list", key="atrous_rates", value=rates, count=3)
    path, out = "segmentation_head.aspp.", c.count("aspp_out_channels", 256)
    # Gaps change what a kernel sees and not what it costs: the fill keeps the size.
    parts = [
        t.mix(conv_norm(t, f"{path}convs.{index}", x, out, 3 if index else 1))
        for index in range(1 + len(rates))
    ]
    parts.append(mean_place(t, f"{path}convs.{len(parts)}.conv_1x1", x, out))
    all_of_them = t.mix(*parts, shape=(*x.shape[:-1], len(parts) * out))
    return classes(t, c, t.mix(conv_norm(t, f"{path}project", all_of_them, out, 1)))
