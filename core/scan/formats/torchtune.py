# SPDX-License-Identifier: Apache-2.0
"""torchtune_config.yaml: the whole configuration of a recipe. Each save is a folder epoch_0, epoch_1, …

Updates are told by the log, else by the limit that was set for an epoch, else by the state that was kept after one.
"""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.named_base import base_facts
from core.scan.formats.torchtune_log import kept_steps, logged_steps
from core.scan.guarded import Source
from core.scan.private import hub_id
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Found, Item
from core.texts import text

NAME = "torchtune"
_MODEL = re.compile(r"torchtune\.models\.[\w.]{1,60}\.((?:q?lora_)?[a-z0-9_]{1,60})\Z")
_EPOCH = re.compile(r"epoch_(\d{1,6})\Z")
_SETTINGS = (
    "optimizer.lr",
    "optimizer.weight_decay",
    "lr_scheduler.num_warmup_steps",
    "model.lora_alpha",
    "seed",
    "clip_grad_norm",
)


def is_mine(settings: Settings) -> bool:
    """Whether the model is built by a torchtune component."""
    name = settings.part("model").get("_component_")
    return isinstance(name, str) and name.startswith("torchtune.models.")


def facts(settings: Settings, source: Source) -> Iterator[Item]:
    """What was planned, and how many epochs were saved."""
    yield Found(FoundOnly.TRAINING_TOOL, "torchtune", "model._component_")
    yield Found("origin", "fine_tune", "checkpointer")
    component = _MODEL.match(str(settings.get("model._component_")))
    name = component[1] if component else ""
    if name:
        yield Found(FoundOnly.MODEL_FAMILY, name, "model._component_")
        kind = "qlora" if name.startswith("qlora_") else "lora" if name.startswith("lora_") else "full"
        if kind != "full" and settings.flag("model.use_dora"):
            kind = "dora"
        yield Found("training_method", kind, "model._component_")
    yield from counts(
        settings,
        (
            ("batch_per_device", "batch_size"),
            ("gradient_accumulation", "gradient_accumulation_steps"),
            (FoundOnly.EPOCHS_PLANNED, "epochs"),
            ("lora_rank", "model.lora_rank"),
        ),
    )
    if length := settings.count("tokenizer.max_seq_len"):
        packed = settings.flag("dataset.packed")
        note = text("scan_tools.packed") if packed else text("scan.args.longest")
        yield Found("sequence_length", length, "tokenizer.max_seq_len", note)
    yield from precision(settings, "dtype")
    if (again := settings.flag("enable_activation_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "enable_activation_checkpointing")
    yield from base_facts(settings.get("checkpointer.checkpoint_dir"), "checkpointer.checkpoint_dir")
    if dataset := hub_id(settings.get("dataset.source")):
        yield Found("datasets", [dataset], "dataset.source")
    yield from _done(settings, source)
    yield from hyperparameters(settings, _SETTINGS)


def _done(settings: Settings, source: Source) -> Iterator[Item]:
    """Epochs from the folders of the saves, and updates."""
    above = f"{source.entry.folder}/" if source.entry.folder else ""
    saved = [
        int(match[1])
        for path in source.folders
        if path.startswith(above) and (match := _EPOCH.match(path[len(above) :]))
    ]
    epochs = max(saved) + 1 if saved else 0
    if epochs:
        yield Found("epochs", float(epochs), "epoch_*", text("scan_tools.torchtune.epochs"))
    told = list(logged_steps(source, NAME, settings.count("log_every_n_steps") or 1))
    yield from told
    if not epochs or any(isinstance(item, Found) for item in told):
        return
    if per_epoch := settings.count("max_steps_per_epoch"):
        yield Found("steps", epochs * per_epoch, "max_steps_per_epoch", text("scan_tools.torchtune.steps"))
    else:
        yield from kept_steps(source, NAME, epochs)
