# SPDX-License-Identifier: Apache-2.0
"""Configurations to try: class defaults with few layers, each key changed by itself, and random mixes of changes.

Needs the environment of flops_measure.py. What is drawn depends only on the type's name and the number of the draw.
"""

import inspect
import random
from collections.abc import Iterator, Mapping
from typing import Any

import flops_measure as measured

LAYERS = frozenset(
    "num_hidden_layers n_layer n_layers num_layers encoder_layers decoder_layers depth".split()
)
MORE_LAYERS = frozenset(
    "num_decoder_layers encoder_num_layers decoder_num_layers num_single_layers num_encoder_layers".split()
)
FEW = 3
LARGEST = 10**6
WORDS: dict[str, tuple[Any, ...]] = {
    "feed_forward_proj": ("relu", "gated-gelu", "gated-silu"),
    "feat_extract_norm": ("group", "layer"),
    "attention_type": ("original_full", "block_sparse"),
    "readout_type": ("ignore", "add", "project"),
    "position_embedding_type": ("absolute", "relative_key", "relative_key_query"),
    "encoder_attention_type": ("local", "transient-global"),
    "pooling_type": ("mean", "max"),
    "layer_type": ("basic", "bottleneck", "preactivation"),
    "embedding_type": (),
    "num_key_value_heads": (1, 2, 4),
    "hidden_act": ("gelu", "silu", "relu"),
    "act_fn": ("silu",),
    "time_embedding_type": ("positional", "fourier"),
    "resnet_time_scale_shift": ("default", "scale_shift"),
    "class_embed_type": (None, "timestep", "projection"),
    "addition_embed_type": (None, "text", "text_time"),
    "dual_cross_attention": (False,),
    "cross_attention_dim": (64, 128, 320),
    "qk_norm": (None, "rms_norm"),
    "norm_num_groups": (16, 32),
    "downsample_type": ("conv", "resnet"),
    "upsample_type": ("conv", "resnet"),
}
BASES: dict[str, dict[str, Any]] = {
    "HunyuanDiT2DModel": {"in_channels": 4, "patch_size": 2, "hidden_size": 1408, "num_layers": 4},
    "PixArtTransformer2DModel": {"caption_channels": 96},
    "esm": {"vocab_size": 33, "pad_token_id": 1, "mask_token_id": 32},
    "gemma3": {
        "vision_config": {"model_type": "siglip_vision_model", "image_size": 256, "num_hidden_layers": 3}
    },
    "depth_anything": {
        "backbone_config": {
            "model_type": "dinov2",
            "image_size": 518,
            "hidden_size": 384,
            "num_attention_heads": 6,
            "out_indices": [9, 10, 11, 12],
            "reshape_hidden_states": False,
        }
    },
    "gpt_neo": {"num_layers": 4, "attention_types": [[["global", "local"], 2]]},
    "hunyuan_v1_dense": {"head_dim": 128, "num_key_value_heads": 8},
    "nemotron": {"head_dim": 128, "num_key_value_heads": 8},
    "zamba": {"num_hidden_layers": 12},
    "zamba2": {
        "num_hidden_layers": 6,
        "layers_block_type": 2 * ["linear_attention", "hybrid", "linear_attention"],
    },
    "blip-2": {"image_token_id": 7},
    "idefics": {"num_hidden_layers": 4, "cross_layer_interval": 2},
    "QwenImageTransformer2DModel": {"num_layers": 3},
    "ZImageTransformer2DModel": {"n_layers": 3},
    "deepseek_v2": {"num_experts_per_tok": 6, "first_k_dense_replace": 1},
    "dpt": {"num_hidden_layers": 12},
    "beit": {"num_hidden_layers": 12, "out_indices": [3, 5, 7, 11]},
    "detr": {
        "use_timm_backbone": False,
        "backbone": None,
        "use_pretrained_backbone": False,
        "backbone_config": {"model_type": "resnet", "out_features": ["stage4"]},
    },
}
"""What a type needs to make a model at all, beside its class defaults."""
NOT_TRIED = frozenset(
    """add_cross_attention attribute_map chunk_size_feed_forward is_decoder is_encoder_decoder num_labels output_attentions
    output_hidden_states return_dict torchscript use_bfloat16 use_cache use_return_dict initializer_range
    max_length min_length num_beams gradient_checkpointing output_past output_router_logits is_composition
    use_mambapy use_mamba_kernels transformers_version architectures image_token_id image_token_index
    video_token_id num_return_sequences return_loss ffn_dropout onnx_export axes_dims axes_lens axes_dim_rope axes_dims_rope
    rope_axes_dim rope_theta""".split()
)


def free(key: str) -> bool:
    """May the value of this key be changed? Not token numbers, not what only says what is handed back."""
    ends = ("_token_id", "_token_index", "_id", "_ids", "_prob", "_dropout")
    return not (key.startswith("_") or key in NOT_TRIED or key.endswith(ends))


def changes(key: str, value: object) -> list[Any]:
    """Other values of a key."""
    if key == "layer_type" and value in ("x", "y"):
        return ["x" if value == "y" else "y"]  # RegNet's own
    if key in WORDS:
        return [one for one in WORDS[key] if one != value]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int) and value < LARGEST:
        if key in LAYERS | MORE_LAYERS:
            return [1, 2, 4, 6]
        return [value * 2, value // 2] if value > 4 else [value + 1]
    if isinstance(value, list) and value and all(type(one) is int for one in value):
        return [[2 * one for one in value], [max(1, one // 2) for one in value]]
    return []


def few(key: str, value: object) -> bool:
    """Is this a count of layers to be cut down?"""
    return key in LAYERS | MORE_LAYERS and type(value) is int and value > FEW


def cut(usual: Mapping[str, Any], *, named: bool) -> dict[str, Any]:
    """A configuration that says only what is cut down; parts of several models name their types."""
    found: dict[str, Any] = {"model_type": usual["model_type"]} if named and usual.get("model_type") else {}
    for key, value in usual.items():
        if few(key, value):
            found[key] = FEW
        elif isinstance(value, dict) and key.endswith("_config") and value.get("model_type"):
            found[key] = cut(value, named=True)
    return found


def places(usual: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every key that may be changed, of the configuration and of its parts, with the usual value."""
    for key, value in usual.items():
        if isinstance(value, dict) and key.endswith("_config"):
            yield from places(value, (*path, key))
        elif free(key) and changes(key, value):
            yield (*path, key), value


def put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy with one key changed."""
    made = dict(values)
    if len(path) == 1:
        made[path[0]] = value
    else:
        made[path[0]] = put(dict(made.get(path[0]) or {}), path[1:], value)
    return made


def usual_of(name: str) -> dict[str, Any]:
    """Class defaults of a model type, or of a class of diffusers."""
    if not name[0].isupper():
        return dict(measured.config_of({"model_type": name}).to_dict())
    import diffusers

    given = inspect.signature(getattr(diffusers, name).__init__).parameters
    values = {k: p.default for k, p in given.items() if p.default is not inspect.Parameter.empty}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}


def cases(name: str, *, single: bool, mixes: range) -> Iterator[tuple[str, dict[str, Any]]]:
    """Configurations of a type, with what was changed: the base, then (`single`) each key by itself, then mixes."""
    usual = usual_of(name)
    if name[0].isupper():
        base: dict[str, Any] = {"_class_name": name, **cut(usual, named=False), **BASES.get(name, {})}
    else:
        base = {"model_type": name, **cut(usual, named=False), **BASES.get(name, {})}
    yield "base", base
    if not name[0].isupper() and mixes.start == 0:
        yield "whole", {**measured.config_of(base).to_dict(), "model_type": name}
    keys = list(places(usual))
    if single:
        for path, value in keys:
            for one in changes(path[-1], value):
                yield f"{'.'.join(path)}={one}", put(base, path, one)
    # Numbers of layers that the rest of the configuration lists one by one stay as they are.
    listed = any(isinstance(one, list) for one in BASES.get(name, {}).values())
    keys = [(path, value) for path, value in keys if not (listed and path[-1] in LAYERS)]
    for number in mixes if keys else ():
        draw = random.Random(f"{name} {number}")
        made, told = base, []
        for path, value in draw.sample(keys, min(len(keys), draw.randint(2, 5))):
            one = draw.choice(changes(path[-1], value))
            made = put(made, path, one)
            told.append(f"{'.'.join(path)}={one}")
        yield f"mix {number}: {' '.join(told)}", made


def adapters(model: Any, name: str, draws: range) -> Iterator[dict[str, Any]]:
    """Adapter configurations for a model: all linear layers, then random choices of its layers."""
    import torch

    if draws.start == 0:
        yield {"r": 4, "lora_alpha": 8, "target_modules": "all-linear"}
    leaves = sorted(
        {key.rsplit(".", 1)[-1] for key, one in model.named_modules() if isinstance(one, torch.nn.Linear)}
    )
    leaves = [one for one in leaves if not one.isdecimal()]
    for number in draws if leaves else ():
        draw = random.Random(f"{name} adapter {number}")
        chosen = draw.sample(leaves, min(len(leaves), draw.randint(1, 4)))
        made: dict[str, Any] = {
            "r": draw.choice((4, 8, 16)),
            "lora_alpha": 16,
            "target_modules": sorted(chosen),
        }
        if draw.random() < 0.3:
            made["use_dora"] = True
        if draw.random() < 0.3:
            made["bias"] = draw.choice(("all", "lora_only"))
        yield made
