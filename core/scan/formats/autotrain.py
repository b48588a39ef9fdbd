# SPDX-License-Identifier: Apache-2.0
"""AutoTrain: training_params.json, what a run was started with, beside the Trainer's own files.

Source: autotrain-advanced 0.8.36 (trainers/common.py, AutoTrainParams.save; trainers/clm/params.py, utils.py and
train_clm_*.py). Its settings for tables of numbers have other keys and are not read.
"""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.named_base import base_facts
from core.scan.private import hub_id
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Found, Item, Note
from core.texts import text

NAME = "autotrain"
_KEYS = ("model", "project_name", "data_path", "lr", "epochs", "batch_size", "gradient_accumulation")
_TEXTS = ("default", "sft", "reward", "dpo", "orpo")
"""Ways to train a model that writes text; "default" learns all of running text."""
_JOINED = ("default", "sft")
"""Of these, rows are cut out of texts that stand end to end (group_texts; SFTConfig with packing)."""
_SETTINGS = ("lr", "optimizer", "scheduler", "warmup_ratio", "weight_decay", "max_grad_norm", "seed", "lora_alpha",
             "lora_dropout")  # fmt: skip


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of a run of AutoTrain."""
    return all(key in settings for key in _KEYS)


def facts(settings: Settings) -> Iterator[Item]:
    """What was planned."""
    yield Found(FoundOnly.TRAINING_TOOL, "AutoTrain", "project_name")
    yield Found("origin", "fine_tune", "model", text("scan_tools.starts_from"))
    if settings.get("token"):
        yield Note(text("scan.args.token", file="training_params.json"))
    yield from base_facts(settings.get("model"), "model")
    yield from counts(
        settings,
        (
            ("batch_per_device", "batch_size"),
            ("gradient_accumulation", "gradient_accumulation"),
            (FoundOnly.EPOCHS_PLANNED, "epochs"),
        ),
    )
    yield from precision(settings, "mixed_precision")
    if (never := settings.flag("disable_gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", not never, "disable_gradient_checkpointing")
    yield from _method(settings)
    if dataset := hub_id(settings.get("data_path")):
        yield Found("datasets", [dataset], "data_path")
    kind = settings.known("trainer", _TEXTS) if "block_size" in settings.values else None
    if kind is not None:
        yield from _texts(settings, kind)
    yield from hyperparameters(settings, _SETTINGS)


def _method(settings: Settings) -> Iterator[Item]:
    """Numbers are squeezed to 4 bits only beside an adapter (utils.py, get_model)."""
    adapter = settings.flag("peft")
    if adapter:
        four = settings.known("quantization", ("int4",))
        yield Found("training_method", "qlora" if four else "lora", "peft")
        yield from counts(settings, (("lora_rank", "lora_r"),))
    elif adapter is False:
        yield Found("training_method", "full", "peft")


def _texts(settings: Settings, kind: str) -> Iterator[Item]:
    if kind != "default":
        yield Found("training_stage", kind, "trainer")
    joined = kind in _JOINED
    if length := settings.count("block_size"):
        note = text("scan_tools.packed") if joined else text("scan.args.longest")
        yield Found("sequence_length", length, "block_size", note)
    if joined:
        yield Found(FoundOnly.HYPERPARAMETERS, {"packing": True}, "trainer")
