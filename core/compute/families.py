# SPDX-License-Identifier: Apache-2.0
"""Configurations of the image families that tools name by a word only ("sdxl", "sd_v1").

Layer sizes as in the configuration files of the published models; the rest are the class's own defaults.
"""

import re
from typing import Any

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
_FAMILIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
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


def config_of_family(word: str) -> tuple[str, dict[str, Any]] | None:
    """Name and configuration of the family that a tool's word means, or None."""
    for pattern, name, config in _FAMILIES:
        if re.match(rf"(?:{pattern})(?![0-9])", word.lower()):
            return name, config
    return None
