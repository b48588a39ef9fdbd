# SPDX-License-Identifier: Apache-2.0
"""timm's train.py: args.yaml of a run, and config.json of a model on the hub."""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import resolution
from core.scan.guarded import Source
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "timm"
EVERY_PLACE = False
_MODEL = re.compile(r"[a-z][a-z0-9_]{2,60}(?:\.[a-z0-9_]{1,60})?\Z")
_FORMATS = {"float16": "fp16", "bfloat16": "bf16", "float32": "fp32"}
_SETTINGS = (
    "lr",
    "lr_base",
    "opt",
    "sched",
    "weight_decay",
    "warmup_epochs",
    "seed",
    "smoothing",
    "mixup",
    "cutmix",
    "drop_path",
    "clip_grad",
)


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of timm's train.py."""
    return all(key in settings.values for key in ("model", "opt", "epochs", "batch_size", "num_classes"))


def facts(settings: Settings, _source: Source) -> Iterator[Item]:
    """What was planned. batch_size counts one device."""
    yield Found(FoundOnly.TRAINING_TOOL, "timm", "opt")
    yield Found(FoundOnly.LIBRARY_NAME, "timm", "opt")
    yield from _architecture(settings, "model")
    yield from _origin(settings)
    yield Found("training_method", "full", "opt", text("scan_tools.timm.full"))
    yield from counts(
        settings,
        (
            ("batch_per_device", "batch_size"),
            ("gradient_accumulation", "grad_accum_steps"),
            (FoundOnly.EPOCHS_PLANNED, "epochs"),
            ("world_size", "world_size"),
        ),
    )
    if size := resolution(settings.count("img_size")):
        yield Found(FoundOnly.RESOLUTION, size, "img_size")
    yield from _precision(settings)
    if (again := settings.flag("grad_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "grad_checkpointing")
    yield Found("pipeline_tag", "image-classification", "num_classes")
    yield from hyperparameters(settings, _SETTINGS)


def _origin(settings: Settings) -> Iterator[Item]:
    """Started from weights: those of timm (--pretrained), or of a file. After --resume the run before this one knows."""
    if settings.flag("pretrained"):
        yield Found("origin", "fine_tune", "pretrained")
    elif "initial_checkpoint" in settings:
        yield Found("origin", "fine_tune", "initial_checkpoint")
    elif settings.flag("pretrained") is False and "resume" not in settings:
        yield Found("origin", "from_scratch", "pretrained")


def _precision(settings: Settings) -> Iterator[Item]:
    """Without --amp it computes in --model-dtype, else in 32 bits; versions before 0.8 had two more switches for amp."""
    if settings.flag("amp"):
        if word := settings.known("amp_dtype", _FORMATS):
            yield Found("precision", _FORMATS[word], "amp_dtype")
    elif settings.flag("amp") is False and not settings.flag("native_amp") and not settings.flag("apex_amp"):
        if word := settings.known("model_dtype", _FORMATS):
            yield Found("precision", _FORMATS[word], "model_dtype")
        elif "model_dtype" not in settings:
            yield Found("precision", "fp32", "amp", text("scan_tools.timm.plain"))


def _architecture(settings: Settings, key: str) -> Iterator[Item]:
    name = settings.word(key)
    if name and _MODEL.match(name):
        yield Found(FoundOnly.MODEL_FAMILY, name, key)


def matches(entry: Entry) -> bool:
    """config.json."""
    return entry.name == "config.json"


def read(source: Source) -> Iterator[Item]:
    """Facts of timm's own config.json; the licence in pretrained_cfg is that of the weights it began with."""
    settings = Settings(source.json_object())
    if "architecture" not in settings or "num_features" not in settings:
        yield NotMine(text("scan.config.other"))
        return
    yield Found(FoundOnly.LIBRARY_NAME, "timm", "architecture")
    yield from _architecture(settings, "architecture")
    yield Found("pipeline_tag", "image-classification", "num_classes")
