# SPDX-License-Identifier: Apache-2.0
"""ControlNet: the way down of a U-Net, guided by a picture. Layout of diffusers 0.42."""

from itertools import pairwise

from core.compute.architectures.config import Config
from core.compute.architectures.dit import check_class
from core.compute.architectures.request import Request
from core.compute.architectures.unet import CONDITION, descend, read
from core.compute.architectures.unet_given import latent, times, words
from core.compute.layers import Block, Shape, Value
from core.compute.notes import refuse

_CONTROL = {
    **{key: value for key, value in CONDITION.items() if key not in ("out_channels", "up_block_types")},
    "conditioning_channels": 3,
    "conditioning_embedding_out_channels": (16, 32, 96, 256),
}


def build(request: Request) -> Block:
    """The way down of a U-Net with the picture that guides it, and a 1 x 1 convolution for each result."""
    check_class(request)
    c = request.config.use(_CONTROL)
    u = read(c, ups=False)
    t = Block()
    text, length = words(t, c, request)
    temb = times(t, c, request.inputs.batch, length)
    x = t.conv(
        "conv_in", latent(t, request), u.levels[0].width, kernel=(3, 3), padding=1, label="patch embedding"
    )
    x = t.mix(x, _guide(t, c, x.shape))
    x, kept = descend(t, u, x, temb, text)
    made = [
        t.conv(f"controlnet_down_blocks.{index}", one, one.width, kernel=(1, 1))
        for index, one in enumerate(kept)
    ]
    return t.ends(*made, t.conv("controlnet_mid_block", x, x.width, kernel=(1, 1)))


def _guide(t: Block, c: Config, shape: Shape) -> Value:
    """The guiding picture, eight times as large as the latent, brought to its size."""
    batch, height, width, channels = shape
    widths = c.counts("conditioning_embedding_out_channels", low=1, most=20) or ()
    if not widths:
        raise refuse("not_list", key="conditioning_embedding_out_channels", value=widths, count=1)
    by = 2 ** (len(widths) - 1)
    name = "controlnet_cond_embedding"
    x = t.given((batch, by * height, by * width, c.count("conditioning_channels")))
    x = t.mix(t.conv(f"{name}.conv_in", x, widths[0], kernel=(3, 3), padding=1))
    for index, (narrow, wide) in enumerate(pairwise(widths)):
        x = t.conv(f"{name}.blocks.{2 * index}", x, narrow, kernel=(3, 3), padding=1)
        x = t.conv(f"{name}.blocks.{2 * index + 1}", t.mix(x), wide, kernel=(3, 3), padding=1, stride=2)
        x = t.mix(x)
    return t.conv(f"{name}.conv_out", x, channels, kernel=(3, 3), padding=1)
