# SPDX-License-Identifier: Apache-2.0
"""Keras models: metadata.json and config.json of a .keras file as plain text. Old .h5 files are declined.

A layer of the kind Lambda holds Python bytecode; it is told, never run. Weights lie in HDF5, which is not opened.
"""

from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.scan import strictjson
from core.scan.formats.keras_layers import count_layers
from core.scan.formats.zip_directory import directory, read_member
from core.scan.guarded import JSON_CAP, Source
from core.scan.numbers import real
from core.scan.private import short_text
from core.scan.refusal import refuse
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "keras"
EVERY_PLACE = False
_HDF5 = b"\x89HDF\r\n\x1a\n"


def matches(entry: Entry) -> bool:
    """*.keras, and the older *.h5 and *.hdf5 (declined with the reason)."""
    return entry.name.lower().endswith((".keras", ".h5", ".hdf5"))


def read(source: Source) -> Iterator[Item]:
    """Facts of a .keras file. Raises CannotRead."""
    head = source.part(0, 8)
    if head == _HDF5:
        yield NotMine(text("scan_files.keras.hdf5"))
        return
    if not source.entry.name.lower().endswith(".keras"):
        yield NotMine(text("scan_files.keras.other"))
        return
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
    if name := short_text(config.get("class_name"), 60):
        yield Found(FoundOnly.ARCHITECTURE_CLASS, name, "config.json class_name")
    counted = count_layers(config)
    if counted.lambdas:
        yield Note(text("scan_files.keras.code", file=source.entry.path))
    if counted.unknown:
        yield Note(text("scan_files.keras.unknown", names=", ".join(counted.unknown[:6])))
    elif counted.total:
        note = text("scan_files.keras.counted")
        yield Found("parameters_total", counted.total, "config.json layers", note)
        yield Found("parameters_trainable", counted.trainable, "config.json layers", note)
    yield from _compiled(config.get("compile_config"))


def _compiled(compiled: Any) -> Iterator[Item]:
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
        yield Found(FoundOnly.HYPERPARAMETERS, values, "config.json compile_config.optimizer")
