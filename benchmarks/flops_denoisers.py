# SPDX-License-Identifier: Apache-2.0
"""Batches for the denoisers of pictures and videos of 2025: what to call them with, and the layer table's words for it.

Needs the environment of flops_measure.py.
"""

from typing import Any

import flops_measure as measured
import torch

_CLIP = 257
"""Tokens of a picture, as the CLIP tower of Wan hands it over."""
NAMES = frozenset(
    f"{name}Model"
    for name in (
        "ChromaTransformer2D",
        "Flux2Transformer2D",
        "HunyuanVideoTransformer3D",
        "Lumina2Transformer2D",
        "WanTransformer3D",
        "ZImageTransformer2D",
    )
)


def batch(config: dict[str, Any], model_class: str, size: int, text: int, high: int, wide: int) -> Any:
    """(inputs for the layer table, arguments of the call) for `size` pictures of `high` x `wide` places of the latent, each
    beside `text` tokens."""
    make = {
        "ChromaTransformer2DModel": _chroma,
        "Flux2Transformer2DModel": _flux2,
        "HunyuanVideoTransformer3DModel": _hunyuan_video,
        "Lumina2Transformer2DModel": _lumina2,
        "WanTransformer3DModel": _wan,
        "ZImageTransformer2DModel": _z_image,
    }[model_class]
    return make(config, size, text, high, wide)


def without_numbers(model: Any, model_class: str) -> Any:
    """The model, with places (rotary embeddings) that are made without looking into any tensor, so that none need hold
    numbers."""
    if model_class == "ZImageTransformer2DModel":
        half = sum(model.axes_dims) // 2
        model.rope_embedder = lambda ids: torch.zeros(
            len(ids), half, dtype=torch.complex64, device=ids.device
        )
    elif model_class == "Lumina2Transformer2DModel":
        model.rope_embedder.forward = _lumina2_places(
            sum(model.config["axes_dim_rope"]) // 2, model.config["patch_size"]
        )
    return model


def _lumina2_places(half: int, patch: int) -> Any:
    def forward(x: torch.Tensor, mask: torch.Tensor) -> Any:
        size, channels, high, wide = x.shape
        text, rows = mask.shape[1], (high // patch) * (wide // patch)
        turns = torch.zeros(size, text + rows, half, dtype=torch.complex64, device=x.device)
        cells = x.reshape(size, rows, patch * patch * channels)
        return cells, turns[:, :text], turns[:, text:], turns, size * [text], size * [text + rows]

    return forward


def _rows(
    config: dict[str, Any], size: int, text: int, high: int, wide: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    tokens = (high // 2) * (wide // 2)
    inputs = {"batch": size, "image_tokens": tokens, "text_len": text}
    return inputs, {
        "hidden_states": measured.pixels(size, tokens, config["in_channels"]),
        "encoder_hidden_states": measured.pixels(size, text, config["joint_attention_dim"]),
        "timestep": measured.pixels(size),
        "img_ids": measured.pixels(tokens, len(config["axes_dims_rope"])),
        "txt_ids": measured.pixels(text, len(config["axes_dims_rope"])),
    }


def _chroma(config: dict[str, Any], size: int, text: int, high: int, wide: int) -> Any:
    return _rows(config, size, text, high, wide)


def _flux2(config: dict[str, Any], size: int, text: int, high: int, wide: int) -> Any:
    inputs, given = _rows(config, size, text, high, wide)
    return inputs, {**given, "guidance": measured.pixels(size) if config["guidance_embeds"] else None}


def _z_image(config: dict[str, Any], size: int, text: int, high: int, wide: int) -> Any:
    channels, patch, deep = config["in_channels"], config["all_patch_size"][0], config["all_f_patch_size"][0]
    return {"batch": size, "latent": [channels, high, wide], "text_len": text}, {
        "x": [measured.pixels(channels, deep, high, wide) for _ in range(size)],
        "t": measured.pixels(size),
        "cap_feats": [measured.pixels(text, config["cap_feat_dim"]) for _ in range(size)],
        "patch_size": patch,
        "f_patch_size": deep,
    }


def _lumina2(config: dict[str, Any], size: int, text: int, high: int, wide: int) -> Any:
    channels = config["in_channels"]
    return {"batch": size, "latent": [channels, high, wide], "text_len": text}, {
        "hidden_states": measured.pixels(size, channels, high, wide),
        "encoder_hidden_states": measured.pixels(size, text, config["cap_feat_dim"]),
        "timestep": measured.pixels(size),
        "encoder_attention_mask": measured.ids(size, text),
    }


def _hunyuan_video(config: dict[str, Any], size: int, text: int, high: int, wide: int) -> Any:
    channels, frames = config["in_channels"], 3 * config["patch_size_t"]
    return {"batch": size, "latent": [channels, frames, high, wide], "text_len": text}, {
        "hidden_states": measured.pixels(size, channels, frames, high, wide),
        "encoder_hidden_states": measured.pixels(size, text, config["text_embed_dim"]),
        "encoder_attention_mask": measured.ids(size, text),
        "pooled_projections": measured.pixels(size, config["pooled_projection_dim"]),
        "timestep": measured.pixels(size),
        "guidance": measured.pixels(size) if config["guidance_embeds"] else None,
    }


def _wan(config: dict[str, Any], size: int, text: int, high: int, wide: int) -> Any:
    channels, frames = config["in_channels"], 3
    given = {
        "hidden_states": measured.pixels(size, channels, frames, high, wide),
        "encoder_hidden_states": measured.pixels(size, text, config["text_dim"]),
        "timestep": measured.ids(size),
    }
    if config["image_dim"] is not None:
        pictures = 2 if config["pos_embed_seq_len"] else 1
        given["encoder_hidden_states_image"] = measured.pixels(size * pictures, _CLIP, config["image_dim"])
    return {"batch": size, "latent": [channels, frames, high, wide], "text_len": text}, given
