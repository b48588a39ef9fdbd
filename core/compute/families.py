# SPDX-License-Identifier: Apache-2.0
"""Configurations of the image families that tools name by a word only ("sdxl", "sd_v1").

Layer sizes as in the configuration files of the published models; the rest are the class's own defaults.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.compute.families_newer import NEWER, word_of_base

_SD: dict[str, Any] = {
    "_class_name": "UNet2DConditionModel",
    "block_out_channels": [320, 640, 1280, 1280],
    "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    "layers_per_block": 2,
    "in_channels": 4,
    "out_channels": 4,
    "sample_size": 64,
}
_SD3: dict[str, Any] = {
    "_class_name": "SD3Transformer2DModel",
    "sample_size": 128,
    "in_channels": 16,
    "num_layers": 24,
    "num_attention_heads": 24,
    "caption_projection_dim": 1536,
    "joint_attention_dim": 4096,
}
_FAMILIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    *NEWER,
    (
        # The same network: the given picture's places stand behind the others (given_pictures.py).
        r"(?:flux(?:[-_.]?1)?[-_.]?)?kontext",
        "FLUX.1 Kontext",
        {
            "_class_name": "FluxTransformer2DModel",
            "joint_attention_dim": 4096,
            "guidance_embeds": True,
        },
    ),
    (
        # Not the second generation, nor what reads a picture beside the noise.
        r"flux(?:[-_.]?1)?(?![a-z]|[-_.]?[02-9])(?!.*(?:kontext|fill|canny|depth|redux))",
        "FLUX.1",
        {
            "_class_name": "FluxTransformer2DModel",
            "joint_attention_dim": 4096,
            "guidance_embeds": True,
        },
    ),
    (r"stable[-_]diffusion[-_]3[-_]medium", "Stable Diffusion 3 medium", _SD3),
    (
        r"stable[-_]diffusion[-_]3[-_.]5[-_]medium",
        "Stable Diffusion 3.5 medium",
        _SD3 | {"dual_attention_layers": list(range(13)), "qk_norm": "rms_norm"},
    ),
    (
        r"stable[-_]diffusion[-_]3[-_.]5[-_]large",
        "Stable Diffusion 3.5 large",
        _SD3
        | {
            "num_layers": 38,
            "num_attention_heads": 38,
            "caption_projection_dim": 2432,
            "qk_norm": "rms_norm",
        },
    ),
    (
        r"qwen[-_]?image(?![-_]?(?:edit|layered))",
        "Qwen-Image",
        {"_class_name": "QwenImageTransformer2DModel"},
    ),
    (
        r"(stable[-_]diffusion[-_]|sd[-_]?)?xl|sdxl|stable[-_]diffusion[-_]xl",
        "Stable Diffusion XL",
        _SD
        | {
            "block_out_channels": [320, 640, 1280],
            "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
            "transformer_layers_per_block": [1, 2, 10],
            "attention_head_dim": [5, 10, 20],
            "cross_attention_dim": 2048,
            "use_linear_projection": True,
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256,
            "projection_class_embeddings_input_dim": 2816,
            "sample_size": 128,
        },
    ),
    (
        r"(stable[-_]diffusion|sd)[-_]?v?[-_]?2",
        "Stable Diffusion 2",
        _SD
        | {
            "attention_head_dim": [5, 10, 20, 20],
            "cross_attention_dim": 1024,
            "use_linear_projection": True,
            "sample_size": 96,
        },
    ),
    (
        r"(stable[-_]diffusion|sd)[-_]?v?[-_]?1",
        "Stable Diffusion 1",
        _SD | {"attention_head_dim": 8, "cross_attention_dim": 768},
    ),
)
ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
"""What image adapters change when their own settings do not say."""
_FUSED = ("to_qkv_mlp_proj", "to_out")
"""The same in layers of FLUX.2 that make queries, keys, values and the feed-forward part at once (diffusers 0.42,
examples/dreambooth/train_dreambooth_lora_flux2.py)."""


def attention_of(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The layers that image adapters of this network change when their own settings do not say."""
    fused = config.get("_class_name") == "Flux2Transformer2DModel"
    return (*ATTENTION, *_FUSED) if fused else ATTENTION


def config_of_family(word: str) -> tuple[str, dict[str, Any]] | None:
    """Name and configuration of the family that a tool's word means, or None."""
    for pattern, name, config in _FAMILIES:
        if re.match(rf"(?:{pattern})(?![0-9])", word.lower()):
            return name, config
    return None


def config_of_base(name: str, word: str) -> tuple[str, dict[str, Any]] | None:
    """The same for a base by its id on the Hub or the last part of its path. That alone says nothing, unless the account is
    the family's own; beside a tool's `word` for a family of several sizes ("wan") it tells which."""
    told = word_of_base(name)
    found = config_of_family(told) if told else None
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if found is None and word and _plain(last).startswith(_plain(word)):
        found = config_of_family(last)
    return found


def _plain(word: str) -> str:
    return re.sub(r"[-_.]", "", word.lower())
