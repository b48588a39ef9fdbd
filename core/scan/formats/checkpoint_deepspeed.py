# SPDX-License-Identifier: Apache-2.0
"""What DeepSpeed writes into mp_rank_00_model_states.pt: how far the run was, on how many devices, and its settings.

Keys: deepspeed 0.19, runtime/engine.py, _save_checkpoint. The folder is global_step100; a file `latest` above names the newest.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.domain.names import FoundOnly
from core.scan.formats.torch_tensors import entries
from core.scan.numbers import whole
from core.scan.private import short_text
from core.scan.settings import Settings
from core.scan.symbolic import Made
from core.scan.types import Found, Item
from core.texts import text

_MOST = 100_000


def is_mine(top: Mapping[Any, Any]) -> bool:
    """Whether the entries are those of a save of DeepSpeed's engine."""
    return "ds_version" in top and "dp_world_size" in top


def is_split(top: Mapping[Any, Any]) -> bool:
    """Whether single layers are spread over several files, so that one file holds a part of each."""
    return (whole(top.get("mp_world_size"), 1) or 1) > 1


def facts(top: Mapping[Any, Any]) -> Iterator[Item]:
    """Updates, samples, devices, batches and number format."""
    if steps := whole(top.get("global_steps"), 1):
        # An update that overflowed in fp16 was skipped; it is among the steps.
        yield Found("steps", steps, "global_steps")
    if samples := whole(top.get("global_samples"), 1):
        yield Found("samples", samples, "global_samples")
    side = whole(top.get("dp_world_size"), 1)
    if side:
        yield Found("world_size", side * (whole(top.get("mp_world_size"), 1) or 1), "dp_world_size")
    if version := short_text(top.get("ds_version"), 40):
        yield Found(FoundOnly.VERSIONS, {"DeepSpeed": version}, "ds_version")
    yield from _settings(Settings(dict(entries(top.get("ds_config")))))
    if not is_split(top):
        yield from _shapes(top)


def _settings(settings: Settings) -> Iterator[Item]:
    """The configuration that the engine ran with. "auto" stands where a tool filled it in elsewhere."""
    for name, key in (
        ("global_batch", "train_batch_size"),
        ("batch_per_device", "train_micro_batch_size_per_gpu"),
        ("gradient_accumulation", "gradient_accumulation_steps"),
    ):
        if count := settings.count(key):
            yield Found(name, count, f"ds_config.{key}")
    for word, key in (("bf16", "bf16"), ("bf16", "bfloat16"), ("fp16", "fp16")):
        if settings.flag(f"{key}.enabled"):
            yield Found("precision", word, f"ds_config.{key}.enabled")
            break
    if (settings.count("zero_optimization.stage", 0) or 0) >= 3:
        yield Found(FoundOnly.SHARDED, True, "ds_config.zero_optimization.stage")


def _shapes(top: Mapping[Any, Any]) -> Iterator[Item]:
    """Sizes of what the optimizer changes and of what it does not, where ZeRO notes them."""
    groups = top.get("param_shapes")
    trained = _sum(groups) if isinstance(groups, list) else 0
    if not trained:
        return
    note = text("scan_files.torch.deepspeed_shapes")
    yield Found("parameters_trainable", trained, "param_shapes", note)
    frozen = _sum([top.get("frozen_param_shapes")])
    if not entries(top.get("module")):
        yield Found("parameters_total", trained + frozen, "param_shapes", note)


def _sum(groups: Iterable[Any]) -> int:
    total = count = 0
    for group in groups:
        for shape in entries(group).values():
            sides = shape.arguments[0] if isinstance(shape, Made) and shape.arguments else shape
            if isinstance(sides, tuple) and all(type(side) is int and 0 <= side < 2**40 for side in sides):
                total += math.prod(sides[:16])
            count += 1
            if count > _MOST or total >= 2**60:
                return 0
    return total
