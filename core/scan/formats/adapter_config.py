# SPDX-License-Identifier: Apache-2.0
"""adapter_config.json: written by PEFT and, with another content, by mlx-lm."""

from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.domain.training_method import RANKED, method_of_peft
from core.scan.formats.mlx_adapter import mlx_facts
from core.scan.formats.named_base import base_facts, four_bit
from core.scan.guarded import Source
from core.scan.numbers import whole
from core.scan.private import public_json, short_text
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "adapter_config"
EVERY_PLACE = False


def matches(entry: Entry) -> bool:
    """adapter_config.json."""
    return entry.name == "adapter_config.json"


def read(source: Source) -> Iterator[Item]:
    """Facts of a PEFT adapter, or of an mlx-lm run (told apart by the key peft_type)."""
    settings = source.json_object()
    if isinstance(settings.get("peft_type"), str):
        yield from _peft(settings)
    elif "fine_tune_type" in settings or "lora_parameters" in settings:
        yield from mlx_facts(settings, source)
    else:
        yield NotMine(text("scan.adapter.other"))


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
