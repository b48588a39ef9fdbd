# SPDX-License-Identifier: Apache-2.0
"""LLaMA-Factory: training_args.yaml, a run's own YAML file, and llamaboard_config.yaml of its web page."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.private import hub_id
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item, Note, NotMine
from core.texts import text

NAME = "llama_factory"
_STAGES = {"sft": "sft", "pt": "pretraining", "rm": "reward", "dpo": "dpo", "kto": "kto", "ppo": "ppo"}
_BOARD_STAGES = {
    "supervised fine-tuning": "sft", "pre-training": "pretraining", "reward modeling": "reward", "dpo": "dpo",
    "kto": "kto", "ppo": "ppo",
}  # fmt: skip
_KINDS = ("lora", "full", "freeze", "oft")
_SETTINGS = (
    "learning_rate", "optim", "lr_scheduler_type", "warmup_steps", "warmup_ratio", "weight_decay", "lora_alpha",
    "lora_dropout", "max_grad_norm", "seed", "max_samples", "packing", "pref_beta", "neftune_noise_alpha",
)  # fmt: skip
_BOARD = {
    "train.batch_size": "per_device_train_batch_size", "train.gradient_accumulation_steps": "gradient_accumulation_steps",
    "train.cutoff_len": "cutoff_len", "train.num_train_epochs": "num_train_epochs", "train.lora_rank": "lora_rank",
    "train.learning_rate": "learning_rate", "train.lr_scheduler_type": "lr_scheduler_type", "train.optim": "optim",
    "train.warmup_steps": "warmup_steps", "train.max_grad_norm": "max_grad_norm", "train.packing": "packing",
    "train.lora_alpha": "lora_alpha", "train.lora_dropout": "lora_dropout", "train.use_dora": "use_dora",
    "top.finetuning_type": "finetuning_type", "top.quantization_bit": "quantization_bit",
    "top.model_path": "model_name_or_path",
}  # fmt: skip


def is_mine(settings: Settings) -> bool:
    """Whether the keys are LLaMA-Factory's, on the command line or in its web page."""
    if "top.finetuning_type" in settings:
        return True
    return "finetuning_type" in settings and ("stage" in settings or "cutoff_len" in settings)


def facts(settings: Settings, _source: Source) -> Iterator[Item]:
    """What was planned. An evaluation job writes the same files; it is no record of a training."""
    if "top.finetuning_type" in settings:
        if not any(key.startswith("train.") for key in settings.values):
            yield NotMine(text("scan_tools.llama_factory.evaluation"))
            return
        settings = _from_board(settings)
    elif settings.flag("do_train") is False or ("do_train" not in settings and settings.flag("do_predict")):
        yield NotMine(text("scan_tools.llama_factory.evaluation"))
        return
    yield Found(FoundOnly.TRAINING_TOOL, "LLaMA-Factory", "finetuning_type")
    yield from base_facts(settings.get("model_name_or_path"), "model_name_or_path")
    if stage := settings.known("stage", _STAGES):
        yield Found("training_stage", _STAGES[stage], "stage")
    yield Found("origin", "fine_tune", "stage", text("scan_tools.starts_from"))
    yield from _method(settings)
    yield from counts(
        settings,
        (
            ("batch_per_device", "per_device_train_batch_size"),
            ("gradient_accumulation", "gradient_accumulation_steps"),
            (FoundOnly.STEPS_PLANNED, "max_steps"),
        ),
    )
    if (epochs := settings.number("num_train_epochs")) and not settings.count("max_steps"):
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "num_train_epochs")
    if length := settings.count("cutoff_len"):
        note = text("scan_tools.packed") if settings.flag("packing") else text("scan.args.longest")
        yield Found("sequence_length", length, "cutoff_len", note)
    for name in ("bf16", "fp16"):
        if settings.flag(name) or settings.known("compute_type", (name,)):
            yield Found("precision", name, name)
            break
    if "deepspeed" in settings or "fsdp" in settings:
        yield Note(text("scan.args.sharded"))
    listed = [name for value in settings.listed("dataset") for name in str(value).split(",")]
    datasets: list[JsonValue] = [found for name in listed[:100] if (found := hub_id(name.strip()))]
    if datasets:
        yield Found("datasets", datasets, "dataset")
    yield from hyperparameters(settings, _SETTINGS)


def _method(settings: Settings) -> Iterator[Item]:
    kind = settings.known("finetuning_type", _KINDS)
    if kind == "full":
        yield Found("training_method", "full", "finetuning_type")
    elif kind == "freeze":
        yield Found("training_method", "frozen_partial", "finetuning_type")
    elif kind == "lora":
        method = "qlora" if settings.count("quantization_bit") == 4 else "lora"
        yield Found("training_method", "dora" if settings.flag("use_dora") else method, "finetuning_type")
        yield from counts(settings, (("lora_rank", "lora_rank"),))


def _from_board(board: Settings) -> Settings:
    """The web page's dotted keys under their names on the command line."""
    plain: Mapping[str, object] = {name: board.get(key) for key, name in _BOARD.items()}
    stage = board.known("train.training_stage", _BOARD_STAGES)
    reverse = {value: key for key, value in _STAGES.items()}
    return Settings(
        {
            **plain,
            "stage": reverse[_BOARD_STAGES[stage]] if stage else None,
            "compute_type": board.get("train.compute_type"),
        }
    )
