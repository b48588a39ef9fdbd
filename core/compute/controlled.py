# SPDX-License-Identifier: Apache-2.0
"""What runs for every picture beside a denoiser that learns: the U-Net that a ControlNet steers, the teacher of a distillation.

What a ControlNet gives is added to the results of the U-Net's way down and of its middle; so that runs forward as a whole, and
gradients go back through its way up (diffusers 0.42, examples/controlnet/train_controlnet.py: `unet.requires_grad_(False)`).
"""

from collections.abc import Mapping
from typing import Any

from core.compute.architectures.unet import CONDITION
from core.compute.frozen_part import Part
from core.compute.inputs import Inputs
from core.compute.memory_states import whole_number
from core.compute.network import Network, count_sample
from core.compute.ranges import shown
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.errors import BadConfig
from core.texts import text

_CONTROLNET = "ControlNetModel"
_MOST_ENCODED = 4
_UNET = "UNet2DConditionModel"
_FIRST = "up_blocks.0.resnets.0.norm1"
"""Where the gradients end. A norm costs no operation, so to take it as trained counts just the way back to it; the 1 × 1
convolution beside it is left out (0.06 % in Stable Diffusion XL)."""
_MORE = (
    "only_cross_attention", "use_linear_projection", "encoder_hid_dim", "encoder_hid_dim_type", "num_attention_heads",
    "class_embed_type", "num_class_embeds", "addition_embed_type", "addition_time_embed_dim",
    "projection_class_embeddings_input_dim", "resnet_time_scale_shift", "sample_size",
)  # fmt: skip
"""What a ControlNet takes over from its U-Net beside what both need (ControlNetModel.from_unet)."""


def beside_learning(known: Known, network: Network, inputs: Inputs) -> tuple[int, tuple[str, ...]]:
    """FLOP for one batch of `inputs`, and what is to be said of them."""
    if network.model_type == _CONTROLNET:
        steered = steered_flop(network.config or {}, known.mapping(FoundOnly.BASE_CONFIG), inputs)
        if steered is None:
            return 0, (text("compute.assume.steered_unknown"),)
        return steered, (text("compute.assume.steered", flop=shown(steered)),)
    taught = _taught(known, network, inputs)
    return taught, (text("compute.assume.distilled", flop=shown(taught)),) if taught else ()


def encoded(config: Mapping[str, Any]) -> int:
    """Pictures that the autoencoder encodes for one sample: a U-Net that is led by a picture (InstructPix2Pix, inpainting) takes
    its latent beside the noised one, so that it reads twice the channels it writes and more."""
    if config.get("_class_name") != _UNET:
        return 1
    read, written = whole_number(config, "in_channels"), whole_number(config, "out_channels")
    return min(max(1, read // written), _MOST_ENCODED) if read and written else 1


def _taught(known: Known, network: Network, inputs: Inputs) -> int:
    """Consistency distillation: forward, the teacher with the text and without it, and the target (diffusers 0.42,
    examples/consistency_distillation/train_lcm_distill_*.py, whose argument this is alone)."""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    if not isinstance(settings.get("num_ddim_timesteps"), int) or not network.counted:
        return 0
    try:
        teacher = network.sample(inputs, with_adapter=False).forward_flop
        return 2 * teacher + network.sample(inputs).forward_flop
    except BadConfig:
        return 0


def steered_flop(config: Mapping[str, Any], base: Mapping[str, Any] | None, inputs: Inputs) -> int | None:
    """FLOP of the U-Net for one batch of `inputs`: by its own configuration `base`, else by the one that the ControlNet's is a
    copy of, whose way up mirrors its way down. None when it cannot be counted."""
    for unet in (base, mirrored(config)):
        if unet is None or unet.get("_class_name") != _UNET:
            continue
        try:
            return count_sample(unet, None, None, inputs, Part((_FIRST,), kept=True)).step_flop
        except BadConfig:
            continue
    return None


def mirrored(config: Mapping[str, Any]) -> dict[str, Any] | None:
    """The U-Net's configuration by the ControlNet's; None where its blocks are not listed."""
    downs = config.get("down_block_types", CONDITION["down_block_types"])
    if not isinstance(downs, list | tuple) or not all(isinstance(one, str) for one in downs):
        return None
    kept = {key: config[key] for key in (*CONDITION, *_MORE) if key in config}
    ups = [one.replace("Down", "Up") for one in reversed(downs)]
    deep = kept.get("in_channels", CONDITION["in_channels"])
    return {**kept, "_class_name": _UNET, "up_block_types": ups, "out_channels": deep}
