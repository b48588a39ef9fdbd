# SPDX-License-Identifier: Apache-2.0
"""SimpleTuner: training_state.json of a checkpoint, its configuration as JSON, and its card."""

import re
from collections.abc import Iterator, Mapping

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import base_name, family_facts, said_by
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "simpletuner"
EVERY_PLACE = False
_STATE = frozenset({"global_step", "epoch_step", "epoch"})
_ITEM = re.compile(r"\s*[-*]\s+([A-Z][\w -]{2,40}):\s+`?([\w.+-]{1,40})`?\s*\Z")
_CARD = {
    "Effective batch size": "global_batch", "Micro-batch size": "batch_per_device",
    "Gradient accumulation steps": "gradient_accumulation", "Number of GPUs": "world_size",
    "Training steps": "steps", "LoRA Rank": "lora_rank",
}  # fmt: skip


def matches(entry: Entry) -> bool:
    """training_state.json."""
    return entry.name == "training_state.json"


def read(source: Source) -> Iterator[Item]:
    """Steps done at this checkpoint. Names of the data sets that were used up stay where they are."""
    state = Settings(source.json_object())
    if not state.values.keys() >= _STATE:
        yield NotMine(text("scan_tools.simpletuner.other"))
        return
    yield Found(FoundOnly.TRAINING_TOOL, "SimpleTuner", "global_step")
    yield from counts(state, (("steps", "global_step"),))


def is_config(settings: Settings) -> bool:
    """Whether the keys are those of SimpleTuner's config.json, with or without dashes before them."""
    plain = _plain(settings)
    return "pretrained_model_name_or_path" in plain.values and (
        "model_family" in plain or "data_backend_config" in plain
    )


def config_facts(settings: Settings) -> Iterator[Item]:
    """What was planned."""
    plain = _plain(settings)
    yield Found(FoundOnly.TRAINING_TOOL, "SimpleTuner", "model_family")
    yield Found("origin", "fine_tune", "pretrained_model_name_or_path")
    if base_name(plain.get("pretrained_model_name_or_path")):
        yield from base_facts(plain.get("pretrained_model_name_or_path"), "pretrained_model_name_or_path")
    kind = plain.known("model_type", ("lora", "full"))
    if kind:
        relative = kind == "lora" and plain.known("lora_type", ("lycoris",)) is not None
        # LyCORIS is a family; which of it stands in another file, and in the names of the tensors.
        yield Found("training_method", "adapter" if relative else kind, "model_type")
    if kind == "lora" and plain.known("lora_type", ("lycoris",)) is None:
        yield from counts(plain, (("lora_rank", "lora_rank"),))
    yield from counts(
        plain,
        (
            ("batch_per_device", "train_batch_size"),
            ("gradient_accumulation", "gradient_accumulation_steps"),
            (FoundOnly.STEPS_PLANNED, "max_train_steps"),
            (FoundOnly.EPOCHS_PLANNED, "num_train_epochs"),
        ),
    )
    yield from family_facts(plain.get("model_family"), "model_family")
    yield from precision(plain, "mixed_precision")
    if (again := plain.flag("gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "gradient_checkpointing")
    yield from hyperparameters(
        plain, ("learning_rate", "lr_scheduler", "lora_alpha", "seed", "lr_warmup_steps", "optimizer")
    )


def _plain(settings: Settings) -> Settings:
    return Settings({key.removeprefix("--"): value for key, value in settings.values.items()})


def card_facts(body: str) -> Iterator[Item]:
    """Facts of the list below "Training settings" of its card; prompts and data sets stand in other sections."""
    start = body.find("\n## Training settings")
    if start < 0:
        return
    end = body.find("\n## ", start + 5)
    section = body[start : end if end > 0 else start + 20_000]
    found: Mapping[str, str] = {
        match[1]: match[2]
        for line in section.splitlines()
        if len(line) < 200 and (match := _ITEM.match(line))
    }
    if "Micro-batch size" not in found:
        return
    listed = Settings(found)
    items: list[Item] = [Found(FoundOnly.TRAINING_TOOL, "SimpleTuner", "Training settings")]
    items += counts(listed, [(name, key) for key, name in _CARD.items()])
    if (epochs := listed.number("Training epochs")) is not None:
        items.append(Found("epochs", epochs, "Training epochs"))
    if (again := listed.flag("Gradient checkpointing")) is not None:
        items.append(Found("gradient_checkpointing", again, "Gradient checkpointing"))
    picked = {"learning_rate": listed.get("Learning rate"), "lora_alpha": listed.get("LoRA Alpha")}
    items += hyperparameters(Settings(picked), picked)
    yield from said_by(NAME, items)
