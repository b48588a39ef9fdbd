# SPDX-License-Identifier: Apache-2.0
"""Axolotl: the run's YAML file, the copy of it in README.md, and tokens_state.json."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats import front_matter
from core.scan.formats.image_tools import said_by
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.private import hub_id, short_text
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item, Note
from core.texts import text

NAME = "axolotl"
_STAGES = {
    "dpo": "dpo",
    "ipo": "dpo",
    "orpo": "orpo",
    "kto": "kto",
    "grpo": "grpo",
    "gdpo": "grpo",
    "simpo": "cpo",
}
_FORMATS = (("bf16", "bf16"), ("bfloat16", "bf16"), ("fp16", "fp16"), ("float16", "fp16"), ("fp8", "fp8"))
_OFFLOADED = ("offload", "offload_disk", "unsloth")
"""Words for gradient checkpointing that keeps what it needs on another device."""
_FLASH = ("flash_attention_2", "flash_attention_3", "flash_attention_4", "flash_attention_torch")
_SETTINGS = (
    "learning_rate", "optimizer", "lr_scheduler", "warmup_steps", "warmup_ratio", "weight_decay", "lora_alpha",
    "lora_dropout", "max_grad_norm", "seed",
)  # fmt: skip
_BLOCK = re.compile(r"axolotl version: `([0-9][\w.]{0,30})`\s*\n```ya?ml\n(.{1,200000}?)\n```", re.S)


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of an Axolotl run."""
    return "base_model" in settings and ("micro_batch_size" in settings or "sequence_len" in settings)


def facts(settings: Settings, _source: Source | None = None) -> Iterator[Item]:
    """What was planned."""
    yield Found(FoundOnly.TRAINING_TOOL, "Axolotl", "base_model")
    if settings.flag("reinit_weights") and "adapter" not in settings:
        # The base gives the shape and the words alone (loaders/model.py, from_config).
        yield Found("origin", "from_scratch", "reinit_weights")
    else:
        yield Found("origin", "fine_tune", "base_model")
        yield from base_facts(settings.get("base_model"), "base_model")
    yield from _method(settings)
    yield from _stage(settings)
    yield from counts(
        settings,
        (
            ("batch_per_device", "micro_batch_size"),
            ("gradient_accumulation", "gradient_accumulation_steps"),
            (FoundOnly.STEPS_PLANNED, "max_steps"),
        ),
    )
    if epochs := settings.number("num_epochs"):
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "num_epochs")
    if length := settings.count("sequence_len"):
        full = settings.flag("sample_packing") or settings.flag("pad_to_sequence_len")
        note = text("scan_tools.packed") if full else text("scan.args.longest")
        yield Found("sequence_length", length, "sequence_len", note)
    for name, kind in _FORMATS:
        if settings.flag(name) or (name == "bf16" and settings.known("bf16", ("full",))):
            yield Found("precision", kind, name)
            break
    again = settings.flag("gradient_checkpointing")
    if again is not None or settings.known("gradient_checkpointing", _OFFLOADED):
        yield Found("gradient_checkpointing", again is not False, "gradient_checkpointing")
    if "deepspeed" in settings or "fsdp" in settings or "fsdp_config" in settings:
        yield Note(text("scan.args.sharded"))
    datasets: list[JsonValue] = [
        found for part in settings.parts("datasets") if (found := hub_id(part.get("path")))
    ]
    if datasets:
        yield Found("datasets", datasets, "datasets.path")
    yield from hyperparameters(settings, _SETTINGS)
    if joined := _joined(settings):
        yield Found(FoundOnly.HYPERPARAMETERS, joined, "sample_packing")


def _joined(settings: Settings) -> dict[str, JsonValue]:
    """Packing in TRL's words, and rows padded to the full length.

    Where attention can tell texts apart, a batch of packed rows is one long row (core/trainers/base.py,
    _create_multipack_sampler; core/builders/causal.py).
    """
    if not settings.flag("sample_packing"):
        return {"pad_to_sequence_len": True} if settings.flag("pad_to_sequence_len") else {}
    words: dict[str, JsonValue] = {"packing": True}
    named = settings.known("attn_implementation", _FLASH)
    if named or settings.flag("flash_attention"):
        words["attn_implementation"] = named or "flash_attention_2"
        words["packing_strategy"] = "multipack"
    return words


def _method(settings: Settings) -> Iterator[Item]:
    adapter = settings.known("adapter", ("lora", "qlora"))
    if adapter:
        dora = settings.flag("peft_use_dora")
        four = adapter == "qlora" or settings.flag("load_in_4bit")
        yield Found("training_method", "dora" if dora else "qlora" if four else "lora", "adapter")
        yield from counts(settings, (("lora_rank", "lora_r"),))
    elif "adapter" in settings:
        return
    elif settings.listed("unfrozen_parameters"):
        yield Found("training_method", "frozen_partial", "unfrozen_parameters")
    elif not settings.flag("freeze_mm_modules"):
        yield Found("training_method", "full", "adapter", text("scan_tools.no_adapter"))


def _stage(settings: Settings) -> Iterator[Item]:
    word = settings.known("rl", _STAGES)
    if word:
        yield Found("training_stage", _STAGES[word], "rl")
    elif settings.flag("reward_model"):
        yield Found("training_stage", "reward", "reward_model")
    elif "pretraining_dataset" in settings:
        yield Found("training_stage", "pretraining", "pretraining_dataset")
    elif "rl" not in settings:
        kinds = {kind for part in settings.parts("datasets") if (kind := part.word("type"))}
        if kinds and not any(kind.startswith("completion") for kind in kinds):
            yield Found("training_stage", "sft", "datasets.type")


def card_facts(body: str) -> Iterator[Item]:
    """Facts of the YAML that Axolotl pastes into a card, and its version."""
    found = _BLOCK.search(body)
    if found is None:
        return
    if version := short_text(found[1], 30):
        yield Found(FoundOnly.VERSIONS, {"Axolotl": version}, "axolotl version")
    try:
        settings = Settings(front_matter.parse(found[2], "settings"))
    except CannotRead:
        return
    if is_mine(settings):
        yield from said_by(NAME, facts(settings), "axolotl config")
