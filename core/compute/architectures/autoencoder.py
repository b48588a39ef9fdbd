# SPDX-License-Identifier: Apache-2.0
"""The autoencoder of latent diffusion (AutoencoderKL). Layout of diffusers 0.42.

Parts: `encode` (an image of `image` pixels to its latent), `decode` (the latent of such an image back), `main` both.
The half that does not run is laid out for a batch of none: its weights count, its operations cost nothing.
"""

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.architectures.unet_parts import down, places, run_resnet, up
from core.compute.layers import Block, Value
from core.compute.notes import refuse

_DEFAULTS = {
    "in_channels": 3,
    "out_channels": 3,
    "block_out_channels": (64,),
    "layers_per_block": 1,
    "latent_channels": 4,
}
_PARTS = {"main": (1, 1), "encode": (1, 0), "decode": (0, 1)}


def build(request: Request) -> Block:
    """The layer table of an autoencoder, whole or one way."""
    if request.part not in _PARTS:
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if request.model_class and request.model_class != request.model_type:
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    c, i = request.config.use(_DEFAULTS), request.inputs
    widths = c.counts("block_out_channels", low=1, most=20) or ()
    if not widths:
        raise refuse("not_list", key="block_out_channels", value=widths, count=1)
    for key in ("down_block_types", "up_block_types"):
        for name in c.words(key, len(widths)) or ():
            if name not in ("DownEncoderBlock2D", "UpDecoderBlock2D"):
                raise refuse("not_choice", key=key, value=name)
    by = 2 ** (len(widths) - 1)
    if i.image:
        height, width = i.image
    elif i.latent:
        height, width = i.latent[-2] * by, i.latent[-1] * by
    else:
        height = width = c.count("sample_size", 256)
    encodes, decodes = (i.batch * one for one in _PARTS[request.part])
    t = Block()
    encoded = _encoder(t, c, t.given((encodes, height, width, c.count("in_channels"))), widths)
    if encodes and decodes:
        start = t.mix(encoded, shape=(*encoded.shape[:-1], c.count("latent_channels")))
    else:
        start = t.given((decodes, max(1, height // by), max(1, width // by), c.count("latent_channels")))
    decoded = _decoder(t, c, start, widths)
    return t.ends(decoded if decodes else encoded)


def _encoder(t: Block, c: Config, x: Value, widths: tuple[int, ...]) -> Value:
    layers, path = c.count("layers_per_block", high=1000), "encoder."
    x = t.conv(f"{path}conv_in", x, widths[0], kernel=(3, 3), padding=1)
    for index, width in enumerate(widths):
        here = f"{path}down_blocks.{index}"
        for layer in range(layers):
            x = run_resnet(t, f"{here}.resnets.{layer}", x, width, None)
        if index < len(widths) - 1:
            x = down(t, f"{here}.downsamplers.0", x, 0)
    x = _middle(t, c, x, f"{path}mid_block")
    x = t.mix(t.norm(f"{path}conv_norm_out", x, bias=True))
    out = 2 * c.count("latent_channels")
    x = t.conv(f"{path}conv_out", x, out, kernel=(3, 3), padding=1)
    return t.conv("quant_conv", x, out, kernel=(1, 1)) if c.flag("use_quant_conv", True) else x


def _decoder(t: Block, c: Config, x: Value, widths: tuple[int, ...]) -> Value:
    layers, path = c.count("layers_per_block", high=1000), "decoder."
    if c.flag("use_post_quant_conv", True):
        x = t.conv("post_quant_conv", x, x.width, kernel=(1, 1))
    x = t.conv(f"{path}conv_in", x, widths[-1], kernel=(3, 3), padding=1)
    x = _middle(t, c, x, f"{path}mid_block")
    for index, width in enumerate(reversed(widths)):
        here = f"{path}up_blocks.{index}"
        for layer in range(layers + 1):
            x = run_resnet(t, f"{here}.resnets.{layer}", x, width, None)
        if index < len(widths) - 1:
            x = up(t, f"{here}.upsamplers.0", x)
    x = t.mix(t.norm(f"{path}conv_norm_out", x, bias=True))
    return t.conv(
        f"{path}conv_out", x, c.count("out_channels"), kernel=(3, 3), padding=1, label="output head"
    )


def _middle(t: Block, c: Config, x: Value, name: str) -> Value:
    x = run_resnet(t, f"{name}.resnets.0", x, x.width, None)
    if c.flag("mid_block_add_attention", True):
        x = t.layer(f"{name}.attentions.0", places(x.shape), x)
    return run_resnet(t, f"{name}.resnets.1", x, x.width, None)
