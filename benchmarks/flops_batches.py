# SPDX-License-Identifier: Apache-2.0
"""Batches for models of every kind that flops_measure.py builds: what to call, and how the layer table is told of it.

Needs the environment of flops_measure.py. A model may run in more than one way (a text tower, an image tower, text
alone): each is a part.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import flops_denoisers as denoisers
import flops_measure as measured

BATCH = 2
TOKENS, ENCODER, DECODER, SAMPLES, MEL, POINTS, HINT = 45, 37, 21, 8000, 100, 1, 4
PICTURES = 2
TEXT_PAIRS = frozenset(
    """bart bigbird_pegasus blenderbot led longt5 m2m_100 marian mbart mt5 pegasus prophetnet switch_transformers t5
    umt5""".split()
)
DUAL = frozenset("altclip chinese_clip clip owlvit siglip siglip2".split())
TEXT_ALONE = frozenset("fuyu git mllama".split())


class Run(NamedTuple):
    """One way to run a model: the layer table's words for it, and the call."""

    part: str
    inputs: dict[str, Any]
    call: Callable[[], Any]


def side(config: Any, usual: int = 224) -> tuple[int, int]:
    """Height and width of a picture that the model takes."""
    for one in (config, getattr(config, "vision_config", None), getattr(config, "backbone_config", None)):
        size = getattr(one, "image_size", None)
        if isinstance(size, int):
            return size, size
        if isinstance(size, list | tuple) and len(size) == 2:
            return size[0], size[1]
    return usual, usual


def channels(config: Any) -> int:
    """Colours of a picture."""
    for one in (config, getattr(config, "vision_config", None)):
        for key in ("num_channels", "in_channels", "in_chans"):
            found = getattr(one, key, None)
            if isinstance(found, int):
                return found
    return 3


def runs(model: Any, model_type: str, model_class: str) -> Iterator[Run]:
    """Every way to run a model that this file knows."""
    taken = measured.accepts(model)
    config = model.config
    if "sample" in taken or "hidden_states" in taken or "cap_feats" in taken:
        yield from diffusion(model, model_class)
    elif model_type in TEXT_PAIRS:
        yield from pairs(model, taken)
    elif "pixel_values" in taken or "pixel_values_videos" in taken:
        yield from pictures(model, model_type, model_class, taken, config)
    elif "input_features" in taken or "input_values" in taken:
        yield from sounds(model, model_type, taken, config)
    else:
        # A sequence's class is read at its last token that is no padding; without such a token, one sequence only.
        batch = 1 if model_class.endswith("SequenceClassification") else BATCH
        inputs = {"batch": batch, "seq_len": TOKENS}
        if getattr(config, "vision_config", None) is not None:
            inputs["images"] = 0
        text = measured.ids(batch, TOKENS)
        if model_type == "longformer" and model_class.endswith("QuestionAnswering"):
            # The question is what stands before the first of three separators.
            text[:, [5, 6, -1]] = config.sep_token_id
        yield Run("main", inputs, lambda: model(input_ids=text))


def pairs(model: Any, taken: set[str]) -> Iterator[Run]:
    """Models of an encoder and a decoder of text, and their halves."""
    if "decoder_input_ids" not in taken:
        yield Run(
            "main", {"batch": BATCH, "seq_len": TOKENS}, lambda: model(input_ids=measured.ids(BATCH, TOKENS))
        )
        return
    given = {"input_ids": measured.ids(BATCH, ENCODER), "decoder_input_ids": measured.ids(BATCH, DECODER)}
    inputs = {"batch": BATCH, "encoder_len": ENCODER, "decoder_len": DECODER}
    yield Run("main", inputs, lambda: model(**given))


def pictures(model: Any, model_type: str, model_class: str, taken: set[str], config: Any) -> Iterator[Run]:
    """Models of pictures, with or without text."""
    height, width = side(config)
    image = {"image": [height, width]}
    pixels = measured.pixels(BATCH, channels(config), height, width)
    text = measured.ids(BATCH, TOKENS)
    tokens = {"seq_len": TOKENS}
    more: dict[str, Any] = {}
    if model_type == "siglip2":
        # Patches come cut out, with how many there are each way.
        eyes = getattr(config, "vision_config", config)
        patch, count = eyes.patch_size, int(eyes.num_patches**0.5)
        image = {"image": [patch * count, patch * count]}
        pixels = measured.pixels(BATCH, count * count, channels(config) * patch * patch)
        more = {"spatial_shapes": measured.counts(BATCH * [[count, count]])}
    if model_type in DUAL and "input_ids" in taken:
        length = min(TOKENS, getattr(config.text_config, "max_position_embeddings", TOKENS))
        text, tokens = measured.ids(BATCH, length), {"seq_len": length}
        both = {"input_ids": text, "pixel_values": pixels, **more}
        yield Run("main", {"batch": BATCH, **tokens, **image}, lambda: model(**both))
        yield Run("text_tower", {"batch": BATCH, **tokens}, lambda: model.get_text_features(input_ids=text))
        yield Run(
            "image_tower",
            {"batch": BATCH, **image},
            lambda: model.get_image_features(pixel_values=pixels, **more),
        )
    elif model_type == "sam":
        points = measured.pixels(BATCH, 1, POINTS, 2)
        given = {"pixel_values": pixels, "input_points": points}
        yield Run("main", {"batch": BATCH, **image, "points": POINTS}, lambda: model(**given))
        # Its get_image_embeddings makes no gradients at all: the tower itself is what a step trains.
        yield Run("image_tower", {"batch": BATCH, **image}, lambda: model.vision_encoder(pixels))
    elif model_type == "videomae":
        frames = config.num_frames
        video = measured.pixels(BATCH, frames, channels(config), height, width)
        yield Run("main", {"batch": BATCH, **image, "frames": frames}, lambda: model(pixel_values=video))
    elif model_type == "layoutlmv3":
        both = {"input_ids": text, "pixel_values": pixels}
        yield Run("main", {"batch": BATCH, **tokens, **image}, lambda: model(**both))
    elif model_type == "vilt":
        tokens = {"seq_len": min(TOKENS, config.max_position_embeddings)}
        text = measured.ids(BATCH, tokens["seq_len"])
        yield Run("main", {"batch": BATCH, **tokens}, lambda: model(input_ids=text, pixel_values=pixels))
    elif "input_ids" not in taken and "decoder_input_ids" not in taken:
        yield Run("main", {"batch": BATCH, **image}, lambda: model(pixel_values=pixels, **more))
    elif model_type == "idefics":
        pictures = measured.pixels(BATCH, PICTURES, channels(config), height, width)
        given = {"input_ids": text, "pixel_values": pictures}
        given["image_attention_mask"] = measured.ids(BATCH, TOKENS, PICTURES)
        yield Run("main", {"batch": BATCH, **tokens, **image, "images": PICTURES}, lambda: model(**given))
    elif model_class == "BlipForQuestionAnswering":
        answer = measured.ids(BATCH, DECODER)
        given = {"input_ids": text, "pixel_values": pixels, "labels": answer}
        inputs = {"batch": BATCH, **tokens, **image, "decoder_len": DECODER}
        yield Run("main", inputs, lambda: model(**given).loss)
    elif model_type in ("blip", "blip-2"):
        given = {"input_ids": text, "pixel_values": pixels}
        yield Run("main", {"batch": BATCH, **tokens, **image}, lambda: model(**given))
    else:
        part = "main" if model_type in TEXT_ALONE else "text_only"
        yield Run(part, {"batch": BATCH, **tokens, "images": 0}, lambda: model(input_ids=text))
        inner = getattr(model, "model", model)
        tower = getattr(inner, "vision_tower", None) or getattr(inner, "vision_model", None)
        if tower is not None and "pixel_values" in measured.accepts(tower):
            # The tower alone: without what takes its output to the text's width.
            yield Run("vision_tower", {"batch": BATCH, **image}, lambda: tower(pixel_values=pixels))


def sounds(model: Any, model_type: str, taken: set[str], config: Any) -> Iterator[Run]:
    """Models of sound."""
    decoder: dict[str, Any] = {}
    length: dict[str, int] = {}
    if "decoder_input_ids" in taken:
        decoder, length = {"decoder_input_ids": measured.ids(BATCH, DECODER)}, {"decoder_len": DECODER}
    if model_type == "audio-spectrogram-transformer":
        sound = measured.pixels(BATCH, config.max_length, config.num_mel_bins)
        yield Run("main", {"batch": BATCH, "frames": config.max_length}, lambda: model(input_values=sound))
    elif model_type == "whisper":
        frames = 2 * config.max_source_positions
        sound = measured.pixels(BATCH, config.num_mel_bins, frames)
        inputs = {"batch": BATCH, "mel_frames": frames, **length}
        if "input_features" in taken:
            yield Run("main", inputs, lambda: model(input_features=sound, **decoder))
        else:
            yield Run(
                "main",
                {"batch": BATCH, "seq_len": TOKENS},
                lambda: model(input_ids=measured.ids(BATCH, TOKENS)),
            )
    elif model_type == "speech_to_text":
        sound = measured.pixels(BATCH, MEL, config.input_feat_per_channel * config.input_channels)
        yield Run(
            "main",
            {"batch": BATCH, "mel_frames": MEL, **length},
            lambda: model(input_features=sound, **decoder),
        )
    elif "input_ids" in taken:
        text = measured.ids(BATCH, TOKENS)
        yield Run(
            "text_only", {"batch": BATCH, "seq_len": TOKENS, "images": 0}, lambda: model(input_ids=text)
        )
    else:
        sound = measured.pixels(BATCH, SAMPLES)
        yield Run(
            "main",
            {"batch": BATCH, "samples": SAMPLES, **length},
            lambda: model(input_values=sound, **decoder),
        )


def diffusion(model: Any, model_class: str) -> Iterator[Run]:
    """Denoisers and image autoencoders of diffusers."""
    config = dict(model.config)
    if model_class in denoisers.NAMES:
        denoisers.without_numbers(model, model_class)
        length = 512 if config.get("image_dim") else 77
        inputs, given = denoisers.batch(config, model_class, BATCH, length, 32, 32)
        yield Run("main", inputs, lambda: model(**given))
        return
    size = config.get("sample_size") or 32
    high, wide = (size, size) if isinstance(size, int) else size
    image = config.get("in_channels", 4)
    text = 77
    time = measured.pixels(BATCH)
    if model_class == "AutoencoderKL":
        pixels = measured.pixels(BATCH, image, high, wide)
        folds = len(config["down_block_types"]) - 1
        latent = measured.pixels(BATCH, config["latent_channels"], high >> folds, wide >> folds)
        inputs = {"batch": BATCH, "image": [high, wide]}
        yield Run("encode", inputs, lambda: model.encode(pixels).latent_dist.parameters)
        yield Run("decode", inputs, lambda: model.decode(latent).sample)
        return
    given: dict[str, Any] = {}
    inputs = {"batch": BATCH, "latent": [image, high, wide]}
    latent = measured.pixels(BATCH, image, high, wide)
    if model_class in ("UNet2DConditionModel", "ControlNetModel"):
        given = {
            "sample": latent,
            "timestep": time,
            "encoder_hidden_states": measured.pixels(BATCH, text, context(config)),
        }
        inputs["text_len"] = text
        given["added_cond_kwargs"] = beside(config, high, wide)
        if config.get("addition_embed_type") == "image_hint":
            inputs["latent"] = [image - HINT, high, wide]
            given["sample"] = measured.pixels(BATCH, image - HINT, high, wide)
        if config.get("time_cond_proj_dim"):
            given["timestep_cond"] = measured.pixels(BATCH, config["time_cond_proj_dim"])
        if config.get("class_embed_type") in ("projection", "simple_projection"):
            given["class_labels"] = measured.pixels(BATCH, config["projection_class_embeddings_input_dim"])
        elif config.get("class_embed_type") == "timestep":
            given["class_labels"] = time
        elif config.get("num_class_embeds"):
            given["class_labels"] = measured.ids(BATCH)
        if model_class == "ControlNetModel":
            folds = len(config["conditioning_embedding_out_channels"]) - 1
            given["controlnet_cond"] = measured.pixels(
                BATCH, config["conditioning_channels"], high << folds, wide << folds
            )
    elif model_class == "UNet2DModel":
        given = {"sample": latent, "timestep": time}
        if config.get("num_class_embeds") or config.get("class_embed_type"):
            given["class_labels"] = (
                time if config.get("class_embed_type") == "timestep" else measured.ids(BATCH)
            )
    elif model_class == "DiTTransformer2DModel":
        given = {
            "hidden_states": latent,
            "timestep": measured.ids(BATCH),
            "class_labels": measured.ids(BATCH),
        }
    elif model_class == "PixArtTransformer2DModel":
        given = {
            "hidden_states": latent,
            "encoder_hidden_states": measured.pixels(BATCH, text, config["caption_channels"]),
            "timestep": measured.ids(BATCH),
            "added_cond_kwargs": {
                "resolution": measured.pixels(BATCH, 2),
                "aspect_ratio": measured.pixels(BATCH, 1),
            },
        }
        inputs["text_len"] = text
    elif model_class == "SD3Transformer2DModel":
        given = {
            "hidden_states": latent,
            "encoder_hidden_states": measured.pixels(BATCH, text, config["joint_attention_dim"]),
            "pooled_projections": measured.pixels(BATCH, config["pooled_projection_dim"]),
            "timestep": measured.ids(BATCH),
        }
        inputs["text_len"] = text
    elif model_class == "FluxTransformer2DModel":
        tokens = 64
        given = {
            "hidden_states": measured.pixels(BATCH, tokens, image),
            "encoder_hidden_states": measured.pixels(BATCH, text, config["joint_attention_dim"]),
            "pooled_projections": measured.pixels(BATCH, config["pooled_projection_dim"]),
            "timestep": measured.pixels(BATCH),
            "img_ids": measured.pixels(tokens, 3),
            "txt_ids": measured.pixels(text, 3),
            "guidance": measured.pixels(BATCH) if config.get("guidance_embeds") else None,
        }
        inputs = {"batch": BATCH, "image_tokens": tokens, "text_len": text}
    elif model_class == "QwenImageTransformer2DModel":
        tokens = 64
        given = {
            "hidden_states": measured.pixels(BATCH, tokens, image),
            "encoder_hidden_states": measured.pixels(BATCH, text, config["joint_attention_dim"]),
            "encoder_hidden_states_mask": measured.ids(BATCH, text),
            "timestep": time,
            "img_shapes": BATCH * [[(1, 8, 8)]],
        }
        if config.get("use_additional_t_cond"):
            given["additional_t_cond"] = measured.ids(BATCH)
        inputs = {"batch": BATCH, "image_tokens": tokens, "text_len": text}
    elif model_class == "HunyuanDiT2DModel":
        second = config["text_len_t5"]
        turns = config["attention_head_dim"], (high // config["patch_size"]) * (wide // config["patch_size"])
        given = {
            "hidden_states": latent,
            "timestep": measured.ids(BATCH),
            "encoder_hidden_states": measured.pixels(
                BATCH, config["text_len"], config["cross_attention_dim"]
            ),
            "text_embedding_mask": measured.pixels(BATCH, config["text_len"]),
            "encoder_hidden_states_t5": measured.pixels(BATCH, second, config["cross_attention_dim_t5"]),
            "text_embedding_mask_t5": measured.pixels(BATCH, second),
            "image_meta_size": measured.pixels(BATCH, 6),
            "style": measured.ids(BATCH),
            "image_rotary_emb": [measured.pixels(turns[1], turns[0])] * 2,
        }
        inputs["text_len"] = config["text_len"]
    else:
        return
    if model_class == "ControlNetModel":
        # Every output goes into the denoiser, so the loss reads all of them.
        yield Run("main", inputs, lambda: _all(model(**given)))
        return
    yield Run("main", inputs, lambda: model(**given))


def _all(out: Any) -> Any:
    return sum(one.sum() for one in (*out.down_block_res_samples, out.mid_block_res_sample))


def beside(config: dict[str, Any], high: int, wide: int) -> dict[str, Any]:
    """What a U-Net is given beside the text: its pooled vector, sizes of the picture, a picture's own vector."""
    kind, found = config.get("addition_embed_type"), {}
    width = config["cross_attention_dim"]
    width = width[0] if isinstance(width, list | tuple) else width
    if kind == "text_time":
        ids = 6
        rest = config["projection_class_embeddings_input_dim"] - ids * config["addition_time_embed_dim"]
        found = {"text_embeds": measured.pixels(BATCH, rest), "time_ids": measured.pixels(BATCH, ids)}
    elif kind == "text_image":
        found = {"text_embeds": measured.pixels(BATCH, width), "image_embeds": measured.pixels(BATCH, width)}
    elif kind in ("image", "image_hint"):
        found = {"image_embeds": measured.pixels(BATCH, config["encoder_hid_dim"])}
        if kind == "image_hint":
            found["hint"] = measured.pixels(BATCH, 3, 8 * high, 8 * wide)
    elif config.get("encoder_hid_dim_type") == "text_image_proj":
        found = {"image_embeds": measured.pixels(BATCH, width)}
    elif config.get("encoder_hid_dim_type") == "image_proj":
        found = {"image_embeds": measured.pixels(BATCH, config["encoder_hid_dim"])}
    return found


def context(config: dict[str, Any]) -> int:
    """Width of the text that a UNet attends to."""
    width = config.get("encoder_hid_dim") or config.get("cross_attention_dim")
    return int(width[0] if isinstance(width, list | tuple) else width)
