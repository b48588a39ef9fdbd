# SPDX-License-Identifier: Apache-2.0
"""OneTrainer: texts in the header of the weights, its configuration as JSON, and meta.json of a backup.

Sources: DtypeModelSaverMixin.py and InternalModelSaverMixin.py. global_step counts batches, not optimizer steps.
"""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.image_tools import base_name, family_facts, largest
from core.scan.formats.licence_file import hub_licence
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Found, Item, Note
from core.texts import text

NAME = "onetrainer"
_METHODS = {"lora": "lora", "fine_tune": "full", "embedding": "prompt_tuning"}
_PEFT = {"lora": "lora", "loha": "loha", "oft": "oft", "oft_2": "oft"}
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
    """The family, and the configuration when the person chose to store it."""
    yield Found(FoundOnly.TRAINING_TOOL, "OneTrainer", "ot_branch")
    yield from family_facts(texts.get("modelspec.architecture"), "modelspec.architecture")
    if licence := hub_licence(texts.get("modelspec.license")):
        yield Found("license", licence, "modelspec.license")
    inside = texts.inner("ot_config")
    if is_mine(inside):
        yield from facts(inside)


def is_mine(settings: Settings) -> bool:
    """Whether JSON is a configuration of OneTrainer, whole or a preset."""
    return settings.values.keys() >= _KEYS


def facts(settings: Settings) -> Iterator[Item]:
    """What was planned. Paths, prompts, concepts and names of workspaces stay where they are."""
    yield Found(FoundOnly.TRAINING_TOOL, "OneTrainer", "training_method")
    method = settings.known("training_method", _METHODS)
    peft = settings.known("peft_type", _PEFT)
    if method:
        word, key = _METHODS[method], "training_method"
        if method == "lora" and peft not in (None, "lora"):
            word, key = _PEFT[peft], "peft_type"
        elif method == "lora" and settings.flag("lora_decompose") is True:
            word, key = "dora", "lora_decompose"
        yield Found("training_method", word, key)
        yield Found("origin", "fine_tune", "training_method")
    if method == "lora" and peft in (None, "lora"):
        yield from counts(settings, (("lora_rank", "lora_rank"),))
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
    sizes = str(settings.get("resolution") or "")
    size = largest([sizes] if "x" in sizes.lower() else sizes.split(","))
    if size:
        yield Found(FoundOnly.RESOLUTION, size, "resolution")
    yield from precision(settings, "train_dtype")
    again = settings.known("gradient_checkpointing", ("on", "off", "cpu_offloaded"))
    if again:
        yield Found("gradient_checkpointing", again != "off", "gradient_checkpointing")
    picked = {key: settings.get(key) for key in _SETTINGS} | {
        "optimizer": settings.get("optimizer.optimizer")
    }
    yield from hyperparameters(Settings(picked), picked)


def _family(value: object) -> str:
    """STABLE_DIFFUSION_XL_10_BASE in the spelling of the other tools."""
    return value.lower().replace("stable_diffusion_", "stable-diffusion-") if isinstance(value, str) else ""


def is_backup(settings: Settings) -> bool:
    """Whether JSON is the meta.json of a backup."""
    return "global_step" in settings.part("train_progress").values


def backup_facts(settings: Settings, source: Source) -> Iterator[Item]:
    """Steps done; the accumulation stands in the configuration that is stored beside."""
    progress = settings.part("train_progress")
    yield Found(FoundOnly.TRAINING_TOOL, "OneTrainer", "train_progress")
    passes = progress.count("global_step")
    stored = _config_beside(source)
    accumulation = stored.count("gradient_accumulation_steps")
    if passes and accumulation:
        yield Found(
            "steps", passes // accumulation, "train_progress.global_step", text("scan_tools.onetrainer.steps")
        )
    elif passes:
        yield Note(text("scan_tools.onetrainer.passes", file=source.entry.path, passes=f"{passes:,}"))
    if is_mine(stored):
        yield from facts(stored)


def _config_beside(source: Source) -> Settings:
    for folder, name in (("onetrainer_config", "args.json"), ("onetrainer_config", "config.json")):
        found = source.near(folder, name)
        if found is not None:
            try:
                return Settings(found.json_object())
            except CannotRead:
                return Settings({})
    return Settings({})
