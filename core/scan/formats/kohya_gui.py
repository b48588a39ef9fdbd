# SPDX-License-Identifier: Apache-2.0
"""kohya_ss, the window for sd-scripts: the settings that it writes beside the weights, config_lora-20260710-150838.toml.

Source (July 2026): kohya_gui/lora_gui.py, dreambooth_gui.py, finetune_gui.py, textual_inversion_gui.py, train_model. The button
that prints the command writes the TOML too; only a start writes "{output_name}_{date}.json" right after it. sd-scripts gets
the TOML as --config_file, so its keys are the arguments of the script; those that are off or empty are left out. Fine-tuning
scripts leave no settings in their weights, so there this file alone tells. Names of folders, prompts and keys to
services stay where they are.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.image_tools import base_name, resolution
from core.scan.formats.named_base import base_facts
from core.scan.formats.safetensors_header import read_header
from core.scan.guarded import Source
from core.scan.places import weight_entry
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "kohya_gui"
EVERY_PLACE = False
_CAP = 60_000
"""Bytes: a file of the tool has about 3,000."""
_MOST_FILES = 2_000
"""Beside it: every file of settings is held against every start. A folder of saves has some dozens."""
_FILE = re.compile(r"config_(lora|dreambooth|finetune|textual_inversion)-(\d{8}-\d{6})\.toml\Z")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)", re.ASCII)
_LINE = re.compile(r"([a-z0-9_]{1,60}) = (\".*\"|[\w.+-]{1,60})")
_SOON = timedelta(seconds=60)
"""From the TOML to the JSON of a start; both are written one after the other."""
_SAVE = re.compile(r"(?:-step(\d{8})|-\d{6})?\.safetensors\Z")
"""What stands behind output_name (library/train_util.py, STEP_FILE_NAME and EPOCH_FILE_NAME); nothing at the end."""
_WHOLE = frozenset({"dreambooth", "finetune"})
_SETTINGS = (
    "learning_rate", "unet_lr", "lr_scheduler", "lr_warmup_steps", "optimizer_type", "seed", "max_grad_norm", "noise_offset",
    "min_snr_gamma", "clip_skip",
)  # fmt: skip


def matches(entry: Entry) -> bool:
    """The names that the window gives."""
    return _FILE.match(entry.name) is not None


def read(source: Source) -> Iterator[Item]:
    """Facts of the start whose weights lie beside."""
    if len(source.siblings) > _MOST_FILES:
        yield NotMine(text("scan_tools.kohya_gui.other"))
        return
    match = _FILE.match(source.entry.name)
    weights = weight_entry(source.siblings)
    settings = _parsed(source)
    name, begun = settings.get("output_name"), _date(match[2] if match else "")
    save = _save_of(name, weights)
    started = [_start(name, begun, other) for other in source.siblings] if begun is not None else []
    if match is None or weights is None or save is None or begun is None or not any(started):
        yield NotMine(text("scan_tools.kohya_gui.other"))
    elif _newer(source, name, begun, _saved(source, weights)):
        yield NotMine(text("scan_tools.kohya_gui.earlier"))
    else:
        yield from _facts(settings, match[1], save)


def _parsed(source: Source) -> Settings:
    """The keys with one value: toml.dump writes each in a line of its own, with strings as JSON has them. Lists are left out."""
    values: dict[str, str] = {}
    for line in source.text(_CAP).splitlines():
        if not (match := _LINE.fullmatch(line)):
            continue
        key, value = match.groups()
        if value.startswith('"'):
            try:
                value = str(json.loads(value))
            except ValueError:
                continue
        if values.setdefault(key, value) != value:
            return Settings({})  # not what the window writes
    return Settings(values)


def _date(stamp: str) -> datetime | None:
    if not (match := _STAMP.fullmatch(stamp)):
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)  # all are of one local clock
    except ValueError:
        return None


def _save_of(name: object, weights: Entry | None) -> re.Match[str] | None:
    """How the weights at hand are numbered, when they are saves of this output_name."""
    if not isinstance(name, str) or not name or weights is None or not weights.name.startswith(name):
        return None
    return _SAVE.fullmatch(weights.name, len(name))


def _start(name: object, begun: datetime, other: str) -> bool:
    """Whether the file `other` was written by the start that wrote the settings of `begun`."""
    start = f"{name}_"
    if not other.startswith(start) or not other.endswith(".json"):
        return False
    date = _date(other[len(start) : -len(".json")])
    return date is not None and timedelta(0) <= date - begun <= _SOON


def _saved(source: Source, weights: Entry) -> datetime | None:
    """When the weights were saved, in the time of the same clock (library/sai_model_spec.py); None when not told."""
    try:
        told = read_header(Source(weights, source.siblings, source.folders)).metadata.get(
            "modelspec.date", ""
        )
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    except (CannotRead, ValueError):
        return None


def _newer(source: Source, name: object, begun: datetime, saved: datetime | None) -> bool:
    """Whether the weights are of another start: one that came between these settings and the save, or before them."""
    if saved is not None and begun > saved:
        return True
    others = (_FILE.match(other) for other in source.siblings)
    dates = (_date(match[2]) for match in others if match)
    started = [date for date in dates if date and any(_start(name, date, other) for other in source.siblings)]
    return any(date > begun and (saved is None or date <= saved) for date in started)


def _facts(settings: Settings, kind: str, save: re.Match[str]) -> Iterator[Item]:
    yield Found(FoundOnly.TRAINING_TOOL, "kohya sd-scripts", "output_name")
    yield Found("origin", "fine_tune", "pretrained_model_name_or_path")
    if kind in _WHOLE:
        yield Found("training_method", "full", "", text("scan_tools.kohya_gui.full"))
        yield from _steps(settings, save)
    yield from counts(
        settings,
        ((FoundOnly.STEPS_PLANNED, "max_train_steps"), (FoundOnly.EPOCHS_PLANNED, "max_train_epochs")),
    )
    yield Found(
        "gradient_accumulation",
        settings.count("gradient_accumulation_steps") or 1,
        "gradient_accumulation_steps",
    )
    if "dataset_config" not in settings:  # that file has batches and sizes of its own
        yield from counts(settings, (("batch_per_device", "train_batch_size"),))
        if shape := resolution(settings.get("resolution")):
            yield Found(FoundOnly.RESOLUTION, shape, "resolution")
    yield from _kept(settings)
    if base_name(base := settings.get("pretrained_model_name_or_path")):
        yield from base_facts(base, "pretrained_model_name_or_path")
    yield from precision(settings, "mixed_precision")
    yield Found(
        "gradient_checkpointing", settings.flag("gradient_checkpointing") is True, "gradient_checkpointing"
    )
    yield from hyperparameters(settings, _SETTINGS)


def _steps(settings: Settings, save: re.Match[str]) -> Iterator[Item]:
    """Updates done: the number in a save's name; the save without a number is written when all are done."""
    if save[1]:
        yield Found("steps", int(save[1]), "output_name", text("scan_tools.kohya_gui.step"))
    elif save[0] == ".safetensors" and "max_train_epochs" not in settings and "resume" not in settings:
        yield from counts(settings, (("steps", "max_train_steps"),))


def _kept(settings: Settings) -> Iterator[Item]:
    """Whether frozen parts ran once. Captions with stored latents (in_json) may hold them whatever is set."""
    for name, key in (
        (FoundOnly.LATENTS_CACHED, "cache_latents"),
        (FoundOnly.TEXT_OUTPUTS_CACHED, "cache_text_encoder_outputs"),
    ):
        kept = settings.flag(key) is True or settings.flag(f"{key}_to_disk") is True
        if kept or "in_json" not in settings:
            yield Found(name, kept, key)
