# SPDX-License-Identifier: Apache-2.0
"""adapter_config.json of mlx-lm: the arguments of a run; and its saves, adapters.safetensors and 0000200_adapters.safetensors.

Source: mlx_lm/lora.py and tuner/trainer.py (0.32). `iters` counts passes; `batch_size` is that of all machines together.
"""

import re
from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.named_base import base_facts, four_bit
from core.scan.guarded import Source
from core.scan.numbers import real, whole
from core.scan.private import short_text
from core.scan.types import Found, Item
from core.texts import text

_SAVE = re.compile(r"(\d{7,10})_adapters\.safetensors\Z")
_LAST = "adapters.safetensors"
_COMPARED = 4_096
"""Bytes at each of three places by which two saves are told apart: training changes every number."""


def mlx_facts(settings: dict[str, Any], source: Source) -> Iterator[Item]:
    """What was planned, and how far the run got."""
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
    if layers := whole(settings.get("num_layers"), 1):
        yield Found(FoundOnly.LAYERS_TOUCHED, layers, "num_layers")
    if length := whole(settings.get("max_seq_length"), 1):
        yield Found("sequence_length", length, "max_seq_length", text("scan.args.longest"))
    yield from _batches(settings, source)
    if isinstance(settings.get("grad_checkpoint"), bool):
        yield Found("gradient_checkpointing", settings["grad_checkpoint"], "grad_checkpoint")
    wanted = {name: settings.get(name) for name in ("learning_rate", "seed")}
    values: dict[str, Any] = {name: value for name, value in wanted.items() if real(value) is not None}
    if optimizer := short_text(settings.get("optimizer"), 40):
        values["optimizer"] = optimizer
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, values, "")


def _batches(settings: dict[str, Any], source: Source) -> Iterator[Item]:
    batch = whole(settings.get("batch_size"), 1)
    told = whole(settings.get("grad_accumulation_steps"), 1)
    accumulation = told or 1
    if batch:
        yield Found("global_batch", batch * accumulation, "batch_size", text("scan_tools.mlx.batch"))
    if told:
        yield Found("gradient_accumulation", told, "grad_accumulation_steps")
    planned = whole(settings.get("iters"), 1)
    if planned and planned % accumulation == 0:
        yield Found(FoundOnly.STEPS_PLANNED, planned // accumulation, "iters", text("scan.adapter.planned"))
    saves = {int(match[1]): name for name in source.siblings if (match := _SAVE.match(name))}
    last = max(saves, default=0)
    every = whole(settings.get("save_every"), 1)
    key, note = "*_adapters.safetensors", text("scan_tools.mlx.saves")
    # The last file is written after each save on the way and at the end: another content is that of the end.
    if planned and 0 < last < planned and _differ(source.sibling(_LAST), source.sibling(saves[last])):
        last, key, note = planned, "iters", text("scan_tools.mlx.ended")
    elif planned and not last and _LAST in source.siblings and every is not None and every > planned:
        last, key, note = planned, "iters", text("scan_tools.mlx.no_saves")
    if last and last % accumulation == 0:
        yield Found("steps", last // accumulation, key, note)


def _differ(one: Source | None, other: Source | None) -> bool:
    """Whether two saves of one shape hold other numbers; False when that cannot be told."""
    if one is None or other is None or one.size != other.size:
        return False
    try:
        return any(
            one.part(at, _COMPARED) != other.part(at, _COMPARED)
            for at in (0, one.size // 2, max(0, one.size - _COMPARED))
        )
    except CannotRead:
        return False
