# SPDX-License-Identifier: Apache-2.0
"""What stands round the denoisers of 2025: how their autoencoders cut, how long texts and clips are, who reads the text.

Lengths: the pipelines of diffusers 0.42.1 (max_sequence_length; num_frames in the examples of the models' own pages).
Readers: parameters of the layers of the published text encoders, without embeddings.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.compute.memory_states import whole_number

_QWEN3_4B, _QWEN3_8B = 3_633_315_840, 6_945_767_424
_T5_XXL = 4_630_511_616
"""Also UMT5 XXL, which differs in its words."""
_LLAMA3_8B, _GEMMA2_2B, _MISTRAL_24B = 6_979_321_856, 2_024_275_968, 22_229_811_200
_FLUX2_READERS = {15360: _MISTRAL_24B, 7680: _QWEN3_4B, 12288: _QWEN3_8B}
"""By the width of three layers' answers together."""


class Denoiser(NamedTuple):
    """`texts`: the fewest and the most tokens beside the picture; `read`: those that the text encoder of `reader`
    parameters reads; `cut`: pixels a side for one place of the latent; `encoder`: FLOP of the autoencoder for a pixel.

    Videos: `clip` is the length in frames that the model was built for (0: pictures only); the autoencoder puts four
    frames behind the first one together and takes `later` FLOP for a pixel of each of them. `sides`: the smallest and the
    largest usual size, width and height.
    """

    texts: tuple[int, int]
    read: int
    reader: int
    encoder: float
    cut: int = 8
    clip: int = 0
    later: float = 0.0
    sides: tuple[tuple[int, int], tuple[int, int]] = ((512, 512), (1024, 1024))
    pictured: bool = False
    """Whether a picture is encoded beside, as long as the clip."""


FRAMES_TOGETHER = 4
_PICTURES = 4_882_572_509_184 / 1024**2
"""FLOP for a pixel of FLUX.1's encoder, which is that of Z-Image, Chroma and Lumina 2; FLUX.2's takes 0.1 % more. Measured as
those below by PyTorch's counter on the meta device (diffusers 0.42.1), for a picture and for each frame behind it."""
_WAN = (1_770_826_760_192 / 512**2, 1_313_079_296_000 / 4 / 256**2)
_WAN_5B = (1_220_016_078_848 / 512**2, 915_254_280_192 / 4 / 256**2)
_HUNYUAN = (3_249_620_910_080 / 512**2, 2_388_440_121_344 / 4 / 256**2)


def denoiser(model_type: str, config: Mapping[str, Any]) -> Denoiser | None:
    """What stands round a denoiser of this class and these sizes; None for a class that is not of those here."""
    if model_type == "ZImageTransformer2DModel":
        # The text is cut at its end, then filled up to a multiple of 32 (transformer_z_image.py).
        return Denoiser((32, 512), 512, _QWEN3_4B, _PICTURES)
    if model_type == "Flux2Transformer2DModel":
        width = whole_number(config, "joint_attention_dim") or 15360
        return Denoiser((512, 512), 512, _FLUX2_READERS.get(width, 0), _PICTURES)
    if model_type == "ChromaTransformer2DModel":
        return Denoiser((512, 512), 512, _T5_XXL, _PICTURES)
    if model_type == "Lumina2Transformer2DModel":
        # Tokens that fill up the text are left out where picture and text run together (transformer_lumina2.py).
        return Denoiser((16, 256), 256, _GEMMA2_2B, _PICTURES)
    if model_type == "HunyuanVideoTransformer3DModel":
        sides = ((256, 256), (1280, 720))
        # 95 tokens of a fixed prompt before the text are cut off again (pipeline_hunyuan_video.py).
        return Denoiser((256, 256), 351, _LLAMA3_8B, _HUNYUAN[0], clip=129, later=_HUNYUAN[1], sides=sides)
    return _wan(config) if model_type == "WanTransformer3DModel" else None


def _wan(config: Mapping[str, Any]) -> Denoiser:
    deep = whole_number(config, "in_channels") or 16
    out = whole_number(config, "out_channels") or 16
    small = whole_number(config, "num_attention_heads") == 12
    sides = ((256, 256), (832, 480) if small else (1280, 720))
    if out == 48:
        return Denoiser((512, 512), 512, _T5_XXL, _WAN_5B[0], 16, 121, _WAN_5B[1], sides)
    return Denoiser((512, 512), 512, _T5_XXL, _WAN[0], 8, 81, _WAN[1], sides, deep > out)
