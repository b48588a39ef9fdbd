# SPDX-License-Identifier: Apache-2.0
"""adapter_config.json: written by PEFT and, with another content, by mlx-lm."""

import re
from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.domain.training_method import RANKED, method_of_peft
from core.scan.guarded import Source
from core.scan.numbers import real, whole
from core.scan.private import hub_id, last_part, public_json, short_text
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "adapter_config"
EVERY_PLACE = False
_MLX_SAVE = re.compile(r"(\d{7,10})_adapters\.safetensors\Z")


def matches(entry: Entry) -> bool:
    """adapter_config.json."""
    return entry.name == "adapter_config.json"


def read(source: Source) -> Iterator[Item]:
    """Facts of a PEFT adapter, or of an mlx-lm run (told apart by the key peft_type)."""
    settings = source.json_object()
    if isinstance(settings.get("peft_type"), str):
        yield from _peft(settings)
    elif "fine_tune_type" in settings or "lora_parameters" in settings:
        yield from _mlx(settings)
        yield from _mlx_saves(settings, source)
    else:
        yield NotMine(text("scan.adapter.other"))


def base_facts(value: object, key: str) -> Iterator[Item]:
    """The base as a public id, or only the last part of a local path."""
    if found := hub_id(value):
        yield Found("base_model", found, key)
    elif name := last_part(value):
        yield Found(FoundOnly.BASE_PATH_NAME, name, key)


def four_bit(base: object) -> bool:
    """Whether the base's name says that it is a copy in 4 bits: the only mark QLoRA leaves here."""
    return isinstance(base, str) and base.lower().rstrip("/\\").endswith("-4bit")


def _peft(settings: dict[str, Any]) -> Iterator[Item]:
    kind = settings["peft_type"].upper()
    yield Found(FoundOnly.ADAPTER_CONFIG, public_json(settings), "")
    yield Found("origin", "fine_tune", "peft_type", text("scan.adapter.origin"))
    mapping = settings.get("auto_mapping")
    if isinstance(mapping, dict) and mapping.get("unsloth_fixed") is True:
        yield Found(FoundOnly.TRAINING_TOOL, "Unsloth", "auto_mapping.unsloth_fixed")
    if isinstance(mapping, dict) and str(mapping.get("parent_library")).startswith("diffusers."):
        yield Found(FoundOnly.LIBRARY_NAME, "diffusers", "auto_mapping.parent_library")
        yield Found("output_modalities", ["image"], "auto_mapping.parent_library")
    method = method_of_peft(kind)
    if method == "lora":
        yield from _low_rank(settings)
    else:
        word = short_text(kind, 40) or "?"
        named = text("scan.adapter.named", kind=word) if method == "adapter" else None
        yield Found("training_method", method, "peft_type", named)
        if method in RANKED:
            yield from _rank(settings, "init_r" if method == "adalora" else "r")
    yield from base_facts(settings.get("base_model_name_or_path"), "base_model_name_or_path")


def _low_rank(settings: dict[str, Any]) -> Iterator[Item]:
    if settings.get("use_dora") is True:
        yield Found("training_method", "dora", "use_dora")
    elif four_bit(settings.get("base_model_name_or_path")):
        yield Found("training_method", "qlora", "base_model_name_or_path", text("scan.adapter.four_bit"))
    else:
        yield Found("training_method", "lora", "peft_type")
    yield from _rank(settings, "r")


def _rank(settings: dict[str, Any], key: str) -> Iterator[Item]:
    """The rank of the layers that rank_pattern does not name, and which others it names."""
    pattern = settings.get("rank_pattern")
    others = (
        {rank for one in pattern.values() if (rank := whole(one, 1))} if isinstance(pattern, dict) else set()
    )
    if rank := whole(settings.get(key), 1):
        others.discard(rank)
        listed = ", ".join(str(one) for one in sorted(others)[:6])
        yield Found("lora_rank", rank, key, text("scan.adapter.ranks", ranks=listed) if listed else None)


def _mlx_saves(settings: dict[str, Any], source: Source) -> Iterator[Item]:
    """Passes done by the highest number of a save (0000200_adapters.safetensors), when it is a whole step."""
    saves = [int(match[1]) for name in source.siblings if (match := _MLX_SAVE.match(name))]
    accumulation = whole(settings.get("grad_accumulation_steps"), 1) or 1
    last = max(saves, default=0)
    if last and last % accumulation == 0:
        yield Found("steps", last // accumulation, "*_adapters.safetensors", text("scan_tools.mlx.saves"))


def _mlx(settings: dict[str, Any]) -> Iterator[Item]:
    kind = settings.get("fine_tune_type")
    if kind == "lora" and four_bit(settings.get("model")):
        yield Found("training_method", "qlora", "model", text("scan.adapter.four_bit"))
    elif kind in ("lora", "dora", "full"):
        yield Found("training_method", kind, "fine_tune_type")
    yield Found("origin", "fine_tune", "fine_tune_type", text("scan.adapter.origin"))
    yield Found(FoundOnly.LIBRARY_NAME, "mlx", "fine_tune_type")
    yield from base_facts(settings.get("model"), "model")
    low_rank = settings.get("lora_parameters")
    if kind != "full" and isinstance(low_rank, dict) and (rank := whole(low_rank.get("rank"), 1)):
        yield Found("lora_rank", rank, "lora_parameters.rank")
    layers = whole(settings.get("num_layers"), 1)
    if layers:
        yield Found(FoundOnly.LAYERS_TOUCHED, layers, "num_layers")
    batch = whole(settings.get("batch_size"), 1)
    if batch:
        yield Found("batch_per_device", batch, "batch_size")
    accumulation = whole(settings.get("grad_accumulation_steps"), 1)
    if accumulation:
        yield Found("gradient_accumulation", accumulation, "grad_accumulation_steps")
    passes = whole(settings.get("iters"), 1)
    if passes and passes % (accumulation or 1) == 0:
        yield Found(
            FoundOnly.STEPS_PLANNED, passes // (accumulation or 1), "iters", text("scan.adapter.planned")
        )
    if isinstance(settings.get("grad_checkpoint"), bool):
        yield Found("gradient_checkpointing", settings["grad_checkpoint"], "grad_checkpoint")
    wanted = {name: settings.get(name) for name in ("learning_rate", "max_seq_length", "seed")}
    values: dict[str, Any] = {name: value for name, value in wanted.items() if real(value) is not None}
    if optimizer := short_text(settings.get("optimizer"), 40):
        values["optimizer"] = optimizer
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, values, "")
