# SPDX-License-Identifier: Apache-2.0
"""Keras models: a .keras file with its descriptions as plain text, a .h5 or .weights.h5, whose arrays are only listed.

A layer of the kind Lambda holds Python bytecode; it is told, never run.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan import strictjson
from core.scan.formats.hdf5 import SIGNATURE, Hdf5, read_hdf5
from core.scan.formats.hdf5_bytes import View
from core.scan.formats.keras_layers import count_layers
from core.scan.formats.keras_saves import Seen, steps_of_saves
from core.scan.formats.keras_weights import is_keras, marks_of, steps_of, trainable, weight_facts, weights_of
from core.scan.formats.run_table import logged_epochs
from core.scan.formats.zip_directory import directory, read_member, stored_place
from core.scan.guarded import JSON_CAP, Source
from core.scan.numbers import real
from core.scan.private import short_text
from core.scan.refusal import refuse
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "keras"
EVERY_PLACE = False
_ENDINGS = (".keras", ".h5", ".hdf5")
_DEEPEST = 3
"""Optimizers inside each other."""
_ENDING = re.compile(r"(?:\.weights)?\.(?:keras|h5|hdf5)\Z")


def matches(entry: Entry) -> bool:
    """*.keras, *.h5 and *.hdf5, which people give each other's names."""
    return entry.name.lower().endswith(_ENDINGS)


def read(source: Source) -> Iterator[Item]:
    """Facts of a model or of its weights alone. Raises CannotRead."""
    if source.part(0, 8) == SIGNATURE:
        yield from _hdf5(source)
    elif source.entry.name.lower().endswith(".keras"):
        yield from _archive(source)
    else:
        yield NotMine(text("scan_files.keras.other"))


def _archive(source: Source) -> Iterator[Item]:
    members = directory(source)
    if "config.json" not in members or "metadata.json" not in members:
        raise refuse("keras.parts", of="scan_files")
    metadata = strictjson.parse(read_member(source, members["metadata.json"], 1_000_000))
    config = strictjson.parse(read_member(source, members["config.json"], JSON_CAP))
    if not isinstance(metadata, dict) or not isinstance(config, dict):
        raise refuse("keras.parts", of="scan_files")
    yield Found(FoundOnly.LIBRARY_NAME, "keras", "metadata.json")
    if version := short_text(metadata.get("keras_version"), 40):
        yield Found(FoundOnly.VERSIONS, {"Keras": version}, "metadata.json keras_version")
    kept = None
    if "model.weights.h5" in members:
        try:
            kept = read_hdf5(source, *stored_place(source, members["model.weights.h5"]))
        except CannotRead as trouble:
            # The description may tell the count without them.
            yield Note(text("scan_files.keras.weights_shut", file=source.entry.path, why=trouble.why))
    yield from _described(source, config, "config.json", *(kept or (None, None)))


def _hdf5(source: Source) -> Iterator[Item]:
    content, view = read_hdf5(source)
    if not is_keras(content):
        yield NotMine(text("scan_files.keras.not_weights"))
        return
    root = content.attributes.get((), {}) | content.attributes.get(("model_weights",), {})
    yield Found(FoundOnly.LIBRARY_NAME, "keras", "")
    if version := short_text(root.get("keras_version"), 40):
        yield Found(FoundOnly.VERSIONS, {"Keras": version}, "keras_version")
    yield from _described(source, _older(content), "model_config", content, view)


def _older(content: Hdf5) -> dict[str, Any]:
    """The description of the layers in the older form, which has another name for what the newer one puts inside."""
    root = content.attributes.get((), {}) | content.attributes.get(("model_weights",), {})
    config, training = _json(root.get("model_config")), _json(root.get("training_config"))
    return config | {"compile_config": {"optimizer": training.get("optimizer_config")}} if config else {}


def _json(value: object) -> dict[str, Any]:
    """The JSON object in a text of an attribute; empty when it is none."""
    if not isinstance(value, str):
        return {}
    try:
        parsed = strictjson.parse(value.encode("utf-8", "replace"))
    except CannotRead:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _described(
    source: Source, config: dict[str, Any], where: str, content: Hdf5 | None, view: View | None
) -> Iterator[Item]:
    """What the description of the layers says and what the stored arrays say; arrays count what is really there."""
    if name := short_text(config.get("class_name"), 60):
        yield Found(FoundOnly.ARCHITECTURE_CLASS, name, f"{where} class_name")
    stored = sum(math.prod(one.shape) for one in weights_of(content)) if content is not None else 0
    frozen: int | None = None
    if config:
        counted = count_layers(config)
        if counted.lambdas:
            yield Note(text("scan_files.keras.code", file=source.entry.path))
        note = text("scan_files.keras.counted")
        told = bool(counted.total) and not counted.unknown and stored in (0, counted.total)
        if told:
            yield Found("parameters_trainable", counted.trainable, f"{where} layers", note)
            frozen = counted.frozen
        elif content is not None and where == "model_config" and (free := trainable(content, config)):
            yield Found("parameters_trainable", free, "", text("scan_files.keras.weights"))
        if told and not stored:
            yield Found("parameters_total", counted.total, f"{where} layers", note)
        elif counted.unknown and not stored:
            yield Note(text("scan_files.keras.unknown", names=", ".join(counted.unknown[:6])))
    if content is not None and view is not None:
        yield from weight_facts(content)
        if (steps := _steps(source, content, view)) and not _accumulates(config):
            yield Found("steps", steps, "optimizer", text("scan_files.keras.iterations"))
        if steps and frozen is not None:
            said = text("scan_files.keras.frozen") if frozen else text("scan_files.keras.full")
            yield Found("training_method", "frozen_partial" if frozen else "full", f"{where} layers", said)
    yield from _compiled(config.get("compile_config"), where)


def _accumulates(config: dict[str, Any]) -> bool:
    """Whether the optimizer counts passes, several of which make one update."""
    compiled = config.get("compile_config")
    optimizer = compiled.get("optimizer") if isinstance(compiled, dict) else None
    for _ in range(_DEEPEST):
        settings = optimizer.get("config") if isinstance(optimizer, dict) else None
        if not isinstance(settings, dict):
            return False
        if settings.get("gradient_accumulation_steps"):
            return True
        optimizer = settings.get("inner_optimizer")
    return False


def _steps(source: Source, content: Hdf5, view: View) -> int | None:
    """Updates by the optimizer inside. Saves of several moments count differently: the first file by name speaks for all."""
    saves: dict[str, str] = {}
    for name in sorted(source.siblings):
        if name.lower().endswith(_ENDINGS):
            saves.setdefault(_ENDING.sub("", name.lower()), name)
    if len(saves) == 1:
        return steps_of(content, view)
    if next(iter(saves.values())) != source.entry.name:
        return None
    return steps_of_saves(saves, lambda stem: _seen(source.sibling(saves[stem])), logged_epochs(source))


def _seen(save: Source | None) -> Seen | None:
    """What another save holds; None when it cannot be read."""
    if save is None:
        return None
    try:
        if save.part(0, 8) == SIGNATURE:
            content, view = read_hdf5(save)
            config = _older(content)
        else:
            members = directory(save)
            content, view = read_hdf5(save, *stored_place(save, members["model.weights.h5"]))
            parsed = strictjson.parse(read_member(save, members["config.json"], JSON_CAP))
            config = parsed if isinstance(parsed, dict) else {}
        return Seen(steps_of(content, view), marks_of(content, view), _accumulates(config))
    except (CannotRead, KeyError):
        return None


def _compiled(compiled: Any, where: str) -> Iterator[Item]:
    """The optimizer and its learning rate, as the model was compiled."""
    if not isinstance(compiled, dict) or not isinstance(compiled.get("optimizer"), dict):
        return
    optimizer = compiled["optimizer"]
    values: dict[str, Any] = {}
    if name := short_text(optimizer.get("class_name"), 40):
        values["optimizer"] = name
    settings = optimizer.get("config")
    rate = real(settings.get("learning_rate")) if isinstance(settings, dict) else None
    if rate is not None:
        values["learning_rate"] = rate
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, values, f"{where} compile_config.optimizer")
