# SPDX-License-Identifier: Apache-2.0
"""config.json of transformers: the architecture, and what v4 wrote about the start of the training."""

from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.scan.guarded import Source
from core.scan.private import hub_id, last_part, public_json, short_text
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "config"
EVERY_PLACE = False
_OF_SIMPLETUNER = ("pretrained_model_name_or_path", "data_backend_config")
_MARKS = ("model_type", "architectures", "hidden_size", "n_embd", "d_model", "num_hidden_layers", "n_layer")


def matches(entry: Entry) -> bool:
    """config.json."""
    return entry.name == "config.json"


def read(source: Source) -> Iterator[Item]:
    """Facts of a transformers configuration; another program's config.json is not ours."""
    config = source.json_object()
    # Parts of a diffusers pipeline and SimpleTuner's settings have the same name and some of the same keys.
    foreign = "_class_name" in config or any(key.lstrip("-") in _OF_SIMPLETUNER for key in config)
    if foreign or not any(mark in config for mark in _MARKS):
        yield NotMine(text("scan.config.other"))
        return
    yield Found(FoundOnly.CONFIG, public_json(config), "")
    family = short_text(config.get("model_type"), 80)
    if family:
        yield Found("model_type", family, "model_type")
    classes = config.get("architectures")
    if isinstance(classes, list) and classes and (name := short_text(classes[0], 120)):
        yield Found(FoundOnly.ARCHITECTURE_CLASS, name, "architectures")
    yield from _quantisation(config)
    version = short_text(config.get("transformers_version"), 30)
    if version and version[0].isdigit():
        yield Found(FoundOnly.VERSIONS, {"Transformers": version}, "transformers_version")
    base = config.get("_name_or_path")
    if found := hub_id(base):
        yield Found("base_model", found, "_name_or_path")
    elif name := last_part(base):
        yield Found(FoundOnly.BASE_PATH_NAME, name, "_name_or_path")


def _quantisation(config: dict[str, Any]) -> Iterator[Item]:
    for key in ("quantization_config", "quantization"):
        if isinstance(config.get(key), dict) and config[key]:
            yield Found(FoundOnly.QUANTIZATION, public_json(config[key]), key)
            return
