# SPDX-License-Identifier: Apache-2.0
"""text-generation-webui (oobabooga): training_parameters.json and training_log.json beside the LoRA of its training tab.

Source: its modules/training.py. The parameters are those of the form; accumulation is batch_size // micro_batch_size. Every
text is cut or padded to cutoff_len, raw text is cut into pieces of that length. The log holds the Trainer's last entries
and `current_steps`: passes, counted up to the one before the last of an update. Prompts and names of files stay where they are.
"""

import math
from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.named_base import base_facts
from core.scan.formats.trainer_state import log_facts
from core.scan.guarded import Source
from core.scan.numbers import real
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item, Note
from core.texts import text

NAME = "text_webui"
TOOL = "text-generation-webui"
PARAMETERS, LOG = "training_parameters.json", "training_log.json"
_FORM = ("lora_name", "micro_batch_size", "cutoff_len", "lora_rank")
_SETTINGS = (
    "learning_rate", "lr_scheduler_type", "optimizer", "warmup_steps", "lora_alpha", "lora_dropout",
)  # fmt: skip
_CAP = 5_000_000


def is_parameters(settings: Settings, name: str) -> bool:
    """Whether this is what its form held when the training began."""
    return name == PARAMETERS and all(key in settings.values for key in _FORM)


def is_log(settings: Settings, name: str) -> bool:
    """Whether this is its log."""
    return name == LOG and "base_model_name" in settings.values and "current_steps" in settings.values


def parameter_facts(settings: Settings) -> Iterator[Item]:
    """What was planned. How many devices there were is not told."""
    yield Found(FoundOnly.TRAINING_TOOL, TOOL, "lora_name")
    yield Found("origin", "fine_tune", "lora_name", text("scan.adapter.origin"))
    yield from counts(settings, (("batch_per_device", "micro_batch_size"), ("lora_rank", "lora_rank")))
    if accumulation := _accumulation(settings):
        note = text("scan_tools.text_webui.accumulation")
        yield Found("gradient_accumulation", accumulation, "batch_size", note)
    if length := settings.count("cutoff_len"):
        yield Found("sequence_length", length, "cutoff_len", text("scan_tools.text_webui.length"))
    if epochs := settings.number("epochs"):
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "epochs")
    yield from hyperparameters(settings, _SETTINGS)


def log_of(settings: Settings, source: Source) -> Iterator[Item]:
    """What was done, by the log of a run that ended; the log of a save on the way may be older than the save."""
    row: dict[str, Any] = dict(settings.values)
    yield Found(FoundOnly.TRAINING_TOOL, TOOL, "current_steps")
    yield from base_facts(settings.get("base_model_name"), "base_model_name")
    if (four := settings.flag("base_loaded_in_4bit")) is not None:
        yield Found("training_method", "qlora" if four else "lora", "base_loaded_in_4bit")
    if "train_runtime" not in row:
        yield Note(text("scan_tools.text_webui.on_the_way", file=source.entry.path))
        return
    passes, accumulation = settings.count("current_steps", low=0), _beside(source)
    if passes is not None and accumulation:
        steps = math.ceil((passes + 1) / accumulation)
        yield Found("steps", steps, "current_steps", text("scan_tools.text_webui.steps"))
    if (epochs := real(row.get("epoch"), 0)) is not None:
        yield Found("epochs", epochs, "epoch")
    if flos := real(row.get("total_flos"), 1):
        yield Found(FoundOnly.RECORDED_FLOS, round(flos), "total_flos")
    yield from log_facts([row], prefix="")


def _accumulation(settings: Settings) -> int:
    """Passes of an update; 0 when the form does not tell."""
    each, every = settings.count("micro_batch_size"), settings.count("batch_size")
    return every // each if each and every else 0


def _beside(source: Source) -> int:
    """The accumulation by the parameters beside the log."""
    sibling = source.sibling(PARAMETERS)
    if sibling is None:
        return 0
    try:
        return _accumulation(Settings(sibling.json_object(_CAP)))
    except CannotRead:
        return 0
