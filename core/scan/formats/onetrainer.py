# SPDX-License-Identifier: Apache-2.0
"""OneTrainer: texts in the header of the weights and its configuration as JSON (onetrainer_run reads how far a run got).

Sources: DtypeModelSaverMixin._create_safetensors_header, TrainConfig.default_values (version 11), AspectBucketing of mgds.
"""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import base_name, family_facts, makes_videos, resolution_facts
from core.scan.formats.named_base import base_facts
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Found, Item
from core.texts import text

NAME = "onetrainer"
_MOST_FRAMES = 10_000
_METHODS = {"lora": "lora", "fine_tune": "full", "embedding": "prompt_tuning"}
_PEFT = {"lora": "lora", "loha": "loha", "lokr": "lokr", "oft": "oft", "oft_2": "oft"}
_KEYS = frozenset({"base_model_name", "training_method", "model_type"})
_SETTINGS = (
    "learning_rate",
    "lora_alpha",
    "seed",
    "learning_rate_scheduler",
    "learning_rate_warmup_steps",
    "clip_grad_norm",
)


def is_header(texts: Settings) -> bool:
    """Whether the texts of a header are OneTrainer's."""
    return "ot_branch" in texts or "ot_revision" in texts or "ot_config" in texts


def header_facts(texts: Settings) -> Iterator[Item]:
    """The family, and the configuration when the person chose to store it.

    modelspec.license is that of the base's header or of the tool's template, never one that the person chose
    (ModelSpecModelLoaderMixin._load_default_model_spec).
    """
    yield Found(FoundOnly.TRAINING_TOOL, "OneTrainer", "ot_branch")
    yield from family_facts(texts.get("modelspec.architecture"), "modelspec.architecture")
    inside = texts.inner("ot_config")
    if is_mine(inside):
        yield from facts(inside)


def is_mine(settings: Settings) -> bool:
    """Whether JSON is a configuration of OneTrainer, whole or a preset."""
    return settings.values.keys() >= _KEYS


def facts(settings: Settings) -> Iterator[Item]:
    """What was planned. Paths, prompts, concepts and names of workspaces stay where they are."""
    yield Found(FoundOnly.TRAINING_TOOL, "OneTrainer", "training_method")
    yield from _method(settings)
    yield from counts(
        settings,
        (
            ("batch_per_device", "batch_size"),
            ("gradient_accumulation", "gradient_accumulation_steps"),
            (FoundOnly.EPOCHS_PLANNED, "epochs"),
        ),
    )
    if base_name(settings.get("base_model_name")):
        yield from base_facts(settings.get("base_model_name"), "base_model_name")
    yield from family_facts(_family(settings.get("model_type")), "model_type")
    if devices := _devices(settings):
        yield Found("world_size", devices, "multi_gpu")
    if _beside(settings):
        yield Found(FoundOnly.PASSES_BESIDE, 1, "concepts.type")
    yield from resolution_facts(_sizes(settings), "resolution")
    if (kept := settings.flag("latent_caching")) is not None:
        yield Found(FoundOnly.LATENTS_CACHED, kept, "latent_caching")
    frames = settings.count("frames")
    if frames and frames <= _MOST_FRAMES and makes_videos(_family(settings.get("model_type"))):
        # A picture is a clip of one (mgds, AspectBucketing.start); the concepts hold either.
        note = text("scan_tools.onetrainer.frames")
        yield Found(FoundOnly.FRAMES, [*sorted({1, frames})], "frames", note)
    yield from precision(settings, "train_dtype")
    yield from _again(settings)
    picked = {key: settings.get(key) for key in _SETTINGS} | {
        "optimizer": settings.get("optimizer.optimizer")
    }
    yield from hyperparameters(Settings(picked), picked)


def _family(value: object) -> str:
    """STABLE_DIFFUSION_XL_10_BASE in the spelling of the other tools: stable-diffusion-xl-1.0-base."""
    if not isinstance(value, str):
        return ""
    word = value.lower()
    if word.startswith("stable_diffusion_"):
        return re.sub(r"_(\d)(\d)(?=_|\Z)", r"-\1.\2", word).replace("_", "-")
    return "qwen_image" if word == "qwen" else word


def _method(settings: Settings) -> Iterator[Item]:
    method = settings.known("training_method", _METHODS)
    if not method:
        return
    word, key = _METHODS[method], "training_method"
    if method == "lora":
        # A kind that came later is an adapter of some sort; configurations from before peft_type are LoRA.
        kind = "lora" if settings.get("peft_type") is None else settings.known("peft_type", _PEFT)
        word = _PEFT[kind] if kind else "adapter"
        if word != "lora":
            key = "peft_type"
        elif settings.flag("lora_decompose") is True:
            word, key = "dora", "lora_decompose"
        elif settings.known(f"{_denoiser(settings)}.weight_dtype", ("nfloat_4",)):
            word, key = "qlora", f"{_denoiser(settings)}.weight_dtype"
        if kind == "lora":
            yield from counts(settings, (("lora_rank", "lora_rank"),))
    yield Found("training_method", word, key)
    yield Found("origin", "fine_tune", "training_method")


def _denoiser(settings: Settings) -> str:
    """The key of the part that is trained first of all (ModelType.denoising_model_part)."""
    word = str(settings.get("model_type")).lower()
    if word.startswith(("wuerstchen", "stable_cascade")):
        return "prior"
    return "unet" if re.match(r"stable_diffusion_(?:15|2\d|xl)", word) else "transformer"


def _devices(settings: Settings) -> int | None:
    """Processes, each with a batch of its own: one for each device named; one without multi_gpu (MultiTrainer.train)."""
    several = settings.flag("multi_gpu")
    if several is False:
        return 1
    named = [part for part in str(settings.get("device_indexes") or "").split(",") if part.strip()]
    return len(named) if several and named and all(part.strip().isdecimal() for part in named) else None


def _beside(settings: Settings) -> bool:
    """Whether the model without its adapter answers too, to keep what it knew (GenericTrainer.train, prior_model)."""
    concepts = settings.parts("concepts")
    masked = settings.flag("masked_training") and settings.number("masked_prior_preservation_weight")
    return bool(masked) or any(one.known("type", ("prior_prediction",)) for one in concepts)


def _sizes(settings: Settings) -> list[str]:
    """Every resolution asked for: "512,768", "512x768", or what a concept asks for instead."""
    wanted = [settings.get("resolution")]
    concepts = [one for one in settings.parts("concepts") if one.flag("enabled") is not False]
    if concepts:
        wanted = [
            one.get("image.resolution_override")
            if one.flag("image.enable_resolution_override")
            else settings.get("resolution")
            for one in concepts
        ]
    named = [str(one) for one in wanted if isinstance(one, str | int)]
    return [size for one in named for size in ([one] if "x" in one.lower() else one.split(","))]


def _again(settings: Settings) -> Iterator[Item]:
    """Whether gradients are recomputed: until version 10 of the configuration one word for all parts, then one for each."""
    word = settings.known("gradient_checkpointing", ("on", "off", "cpu_offloaded"))
    key = f"{_denoiser(settings)}.gradient_checkpointing"
    if word:
        yield Found("gradient_checkpointing", word != "off", "gradient_checkpointing")
    elif (again := settings.flag(key)) is not None:
        yield Found("gradient_checkpointing", again, key)
