# SPDX-License-Identifier: Apache-2.0
"""Ultralytics: args.yaml of a training, told from other tools' args.yaml by its keys."""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import resolution
from core.scan.guarded import Source
from core.scan.private import last_part
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item, Note, NotMine
from core.texts import text

NAME = "ultralytics"
_TASKS = {
    "detect": "object-detection", "obb": "object-detection", "segment": "image-segmentation",
    "classify": "image-classification", "pose": "keypoint-detection",
}  # fmt: skip
_MODEL = re.compile(r"(?:yolo|rtdetr|sam|fastsam|mobile_?sam)[\w.-]{0,40}\.(?:pt|ya?ml)\Z", re.I)
_SETTINGS = (
    "lr0",
    "lrf",
    "momentum",
    "weight_decay",
    "warmup_epochs",
    "optimizer",
    "seed",
    "patience",
    "freeze",
    "fraction",
)


def is_mine(settings: Settings) -> bool:
    """Whether the keys are Ultralytics'."""
    return all(key in settings.values for key in ("task", "mode", "imgsz"))


def facts(settings: Settings, _source: Source) -> Iterator[Item]:
    """What was planned. A batch counts all devices; 0 < batch < 1 and -1 mean that the tool chose it."""
    if settings.known("mode", ("train",)) is None:
        yield NotMine(text("scan_tools.ultralytics.mode"))
        return
    yield Found(FoundOnly.TRAINING_TOOL, "Ultralytics", "task")
    yield Found(FoundOnly.LIBRARY_NAME, "ultralytics", "task")
    if task := settings.known("task", _TASKS):
        yield Found("pipeline_tag", _TASKS[task], "task")
    yield Found("output_modalities", ["label"], "task")
    yield from _start(settings)
    yield from counts(settings, (("global_batch", "batch"),))
    if epochs := settings.number("epochs"):
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "epochs")
    if size := resolution(_number_or_text(settings)):
        yield Found(FoundOnly.RESOLUTION, size, "imgsz")
    devices = _devices(settings)
    if devices:
        yield Found("world_size", devices, "device")
    if settings.flag("amp") and settings.known("device", ("cpu", "mps")) is None:
        yield Found("precision", "fp16", "amp", text("scan_tools.ultralytics.amp"))
    if "freeze" in settings:
        yield Found("training_method", "frozen_partial", "freeze")
    else:
        yield Found("training_method", "full", "freeze", text("scan_tools.ultralytics.full"))
    yield Note(text("scan_tools.ultralytics.licence"))
    yield from hyperparameters(settings, _SETTINGS)


def _start(settings: Settings) -> Iterator[Item]:
    """From weights (.pt), or from a plan of layers (.yaml) with fresh numbers."""
    name = last_part(settings.get("model"))
    started = last_part(settings.get("pretrained"))
    if name and name.lower().endswith(".pt"):
        yield Found("origin", "fine_tune", "model")
        if _MODEL.match(name):
            yield Found(FoundOnly.BASE_PATH_NAME, name, "model")
            yield Found(FoundOnly.MODEL_FAMILY, name.rpartition(".")[0].lower(), "model")
    elif name and name.lower().endswith((".yaml", ".yml")):
        weights = started and started.lower().endswith(".pt")
        yield Found(
            "origin", "fine_tune" if weights else "from_scratch", "pretrained" if weights else "model"
        )
        if _MODEL.match(name):
            yield Found(FoundOnly.MODEL_FAMILY, name.rpartition(".")[0].lower(), "model")
        if weights and started and _MODEL.match(started):
            yield Found(FoundOnly.BASE_PATH_NAME, started, "pretrained")


def _number_or_text(settings: Settings) -> object:
    listed = settings.listed("imgsz", 3)
    return (
        [Settings({"side": side}).count("side") for side in listed]
        if len(listed) == 2
        else settings.get("imgsz")
    )


def _devices(settings: Settings) -> int | None:
    """Devices by their numbers: 0 or [0, 1]; without any the tool takes one, which is not written down."""
    listed = [part for item in settings.listed("device") for part in str(item).strip("[]() ").split(",")]
    names = {part.strip().removeprefix("cuda:") for part in listed}
    if names == {"cpu"} or names == {"mps"}:
        return 1
    return len(names) if names and all(name.isdigit() for name in names) else None
