# SPDX-License-Identifier: Apache-2.0
"""Values of a tool's settings by key, however the tool wrote them: 8, "8", "8.0", True, "true"."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan import strictjson
from core.scan.numbers import real, whole
from core.scan.private import short_text
from core.scan.types import Found

_WHOLE = re.compile(r"[+-]?\d{1,30}(?:\.0{1,6})?\Z")
_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?\Z")
_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NOTHING = frozenset({"", "none", "null", "~"})
_INNER_CAP = 5_000_000
OPTIMIZERS = frozenset(
    "adamw adam adamw8bit adam8bit pagedadamw pagedadamw8bit adamw_torch adamw_torch_fused adamw_hf adamw_bnb_8bit "
    "adamw_8bit paged_adamw_8bit paged_adamw_32bit adafactor sgd sgdnesterov sgdnesterov8bit lion lion8bit pagedlion8bit "
    "lion_8bit paged_lion_8bit prodigy prodigyopt prodigyplusschedulefree dadaptation dadaptadam dadaptadagrad "
    "dadaptadan dadaptsgd dadaptlion came muon rmsprop adagrad lamb lars nadam nadamw radam adan momentum "
    "adamwschedulefree adamw_schedulefree schedule_free_adamw sophia galore_adamw apollo_adamw lookahead adopt "
    "optimi-adamw adamw_bf16 musgd auto".split()
)
SCHEDULERS = frozenset(
    "constant constant_with_warmup linear cosine cosine_with_restarts cosine_with_min_lr polynomial inverse_sqrt "
    "reduce_lr_on_plateau piecewise_constant adafactor step multistep plateau poly tanh rex warmup_stable_decay none "
    "one_cycle sine".split()
)
_WORDS: Mapping[str, frozenset[str]] = {
    "optimizer": OPTIMIZERS, "optim": OPTIMIZERS, "optimizer_type": OPTIMIZERS, "opt": OPTIMIZERS,
    "lr_scheduler": SCHEDULERS, "lr_scheduler_type": SCHEDULERS, "learning_rate_scheduler": SCHEDULERS,
    "sched": SCHEDULERS, "scheduler": SCHEDULERS,
}  # fmt: skip


class Settings:
    """Read access by dotted key to parsed JSON, to YAML texts or to the texts of a safetensors header."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def get(self, key: str) -> Any:
        """The value at `key`; a key that holds dots itself is tried first. None when missing or written as nothing."""
        value: Any = self.values.get(key)
        if value is None and "." in key:
            value = self.values
            for part in key.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value.strip().lower() in _NOTHING:
            return None
        return value

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def count(self, key: str, low: int = 1) -> int | None:
        """A whole number from `low` to 10**30, or None."""
        value = self.get(key)
        if isinstance(value, str):
            value = value.strip().replace("_", "")
            value = int(value.partition(".")[0]) if _WHOLE.match(value) else None
        return whole(value, low)

    def number(self, key: str, low: float = 0.0) -> float | None:
        """A finite number not below `low`, or None."""
        value = self.get(key)
        if isinstance(value, str):
            value = float(value) if _NUMBER.match(value := value.strip()) else None
        return real(value, low)

    def flag(self, key: str) -> bool | None:
        """A switch, or None."""
        value = self.get(key)
        if isinstance(value, str):
            return _SWITCH.get(value.strip().lower())
        return value if isinstance(value, bool) else None

    def word(self, key: str, limit: int = 80) -> str | None:
        """One short public line, or None. Not for publication as it is: compare it, or use a table of known words."""
        return short_text(self.get(key), limit)

    def known(self, key: str, words: Iterable[str]) -> str | None:
        """The value in small letters when it is one of `words`, else None."""
        value = self.get(key)
        if not isinstance(value, str):
            return None
        lowered = value.strip().lower()
        return lowered if lowered in words else None

    def part(self, key: str) -> "Settings":
        """The named values below `key`; empty when there are none."""
        value = self.get(key)
        return Settings(value if isinstance(value, Mapping) else {})

    def parts(self, key: str, most: int = 200) -> "list[Settings]":
        """The entries of the list at `key` that hold named values."""
        return [Settings(item) for item in self.listed(key, most) if isinstance(item, Mapping)]

    def listed(self, key: str, most: int = 200) -> list[Any]:
        """The list at `key`; a single value is a list of one."""
        value = self.get(key)
        return value[:most] if isinstance(value, list) else [] if value is None else [value]

    def inner(self, key: str) -> "Settings":
        """Named values that stand as JSON text at `key` (safetensors headers hold only texts)."""
        return Settings(inner if isinstance(inner := self.inner_value(key), dict) else {})

    def inner_value(self, key: str) -> Any:
        """The map or list in the JSON text at `key`, or None when it is none."""
        value = self.get(key)
        if isinstance(value, str) and len(value) <= _INNER_CAP:
            try:
                value = strictjson.mended(json.loads(value))
            except (ValueError, RecursionError):
                return None
        return value if isinstance(value, dict | list) else None


def counts(settings: Settings, pairs: Iterable[tuple[str, str]], low: int = 1) -> Iterator[Found]:
    """Facts that are whole numbers: pairs of fact name and key."""
    for name, key in pairs:
        value = settings.count(key, low)
        if value is not None:
            yield Found(name, value, key)


def hyperparameters(settings: Settings, keys: Iterable[str], where: str = "") -> Iterator[Found]:
    """One fact with those of `keys` that hold numbers, switches, or words known for their key."""
    values: dict[str, JsonValue] = {}
    for key in keys:
        name = key.rpartition(".")[2]
        value = settings.get(key)
        if value is None:
            continue
        if (switch := settings.flag(key)) is not None:
            values[name] = switch
        elif (number := settings.number(key, -1e30)) is not None:
            values[name] = settings.count(key, -(10**15)) if number == int(number) else number
        elif name in _WORDS and (word := settings.known(key, _WORDS[name])):
            values[name] = word
    values = {name: value for name, value in values.items() if value is not None}
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, values, where)


def precision(settings: Settings, *keys: str) -> Iterator[Found]:
    """The number format of the training from the first of `keys` that names one."""
    for key in keys:
        word = settings.known(key, _PRECISIONS)
        if word:
            yield Found("precision", _PRECISIONS[word], key)
            return


_PRECISIONS = {
    "bf16": "bf16", "bfloat16": "bf16", "bfloat_16": "bf16", "fp16": "fp16", "float16": "fp16", "float_16": "fp16",
    "fp32": "fp32", "float32": "fp32", "float_32": "fp32", "no": "fp32", "fp8": "fp8", "tfloat_32": "tf32",
    "tf32": "tf32",
}  # fmt: skip
