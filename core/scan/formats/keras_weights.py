# SPDX-License-Identifier: Apache-2.0
"""What the arrays of a Keras model in HDF5 say: parameters, the layers' names, updates that the optimizer counted.

Layouts: keras/src/legacy/saving/legacy_h5_format.py (a .h5 with layer_names) and keras/src/saving/saving_lib.py (.weights.h5, also
inside a .keras: layers/NAME/vars/N, the real name as an attribute of vars).
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.formats.hdf5 import Dataset, Hdf5, whole_value
from core.scan.formats.hdf5_bytes import View
from core.scan.formats.keras_saves import Mark
from core.scan.private import short_text
from core.scan.types import Found, Item
from core.texts import text

_NOT_THE_MODEL = frozenset(
    "optimizer optimizer_weights metrics _metrics compile_metrics _compile_metrics loss_tracker _loss_tracker".split()
)
_HOLDERS = frozenset({"model_weights", "layers", "_layer_checkpoint_dependencies"})
_COUNTERS = frozenset({"iteration", "iterations", "iter:0", "iterations:0", "iteration:0"})
_FIRST = (("optimizer", "vars", "0"), ("optimizer", "inner_optimizer", "vars", "0"))
"""With mixed 16-bit numbers another optimizer stands around the one that updates; its own counter stays at 0."""
_HEAD = 256
"""Bytes of each array that two saves are compared by."""
_MOST_NAMES = 500
_STATISTICS = ("moving_mean", "moving_variance")


def is_keras(content: Hdf5) -> bool:
    """Whether the groups are laid out as Keras does."""
    root = content.attributes.get((), {})
    if {"keras_version", "layer_names"} & root.keys():
        return True
    return any(
        path[-2:-1] == ("vars",) and path[-1].isdigit() for path in (one.path for one in content.datasets)
    )


def weights_of(content: Hdf5) -> list[Dataset]:
    """The arrays of the model: nothing of the optimizer, of metrics or of generators of random numbers."""
    return [
        one
        for one in content.datasets
        if one.path[0] not in _NOT_THE_MODEL
        and not any(part.startswith("seed_generator") for part in one.path)
    ]


def weight_facts(content: Hdf5) -> Iterator[Item]:
    """Parameters, number formats, and the layers by name."""
    weights = weights_of(content)
    total = sum(math.prod(one.shape) for one in weights)
    if not total:
        return
    note = text("scan_files.keras.weights")
    yield Found("parameters_total", total, "", note)
    kinds: dict[str, JsonValue] = {}
    for one in weights:
        # Keras keeps bfloat16 as whole numbers of 16 bits and says so beside them.
        word = "BF16" if one.attributes.get("dtype") == "bfloat16" else one.kind.word
        kinds[word] = int(str(kinds.get(word, 0))) + 1
    yield Found(FoundOnly.WEIGHT_DTYPES, dict(sorted(kinds.items())), "")
    if layers := _layers(content, weights):
        yield Found(FoundOnly.LAYERS, layers, "", note)


def trainable(content: Hdf5, model: Mapping[str, Any]) -> int | None:
    """Parameters that were trained, by the description of the layers beside them; None when a layer keeps other things
    among its weights (the normalisation of inputs, say)."""
    fixed: set[str] = set()
    if not _frozen(model, fixed, 0):
        return None
    return sum(
        math.prod(one.shape)
        for one in weights_of(content)
        if not fixed.intersection(one.path) and not one.path[-1].removesuffix(":0").endswith(_STATISTICS)
    )


def _frozen(model: Mapping[str, Any], fixed: set[str], depth: int) -> bool:
    settings = model.get("config")
    layers = settings.get("layers") if isinstance(settings, dict) else None
    if depth > 8 or not isinstance(layers, list):
        return False
    for layer in layers:
        inner = layer.get("config") if isinstance(layer, dict) else None
        if not isinstance(inner, dict) or layer.get("class_name") in _ODD or layer.get("registered_name"):
            return False
        if inner.get("trainable") is False and isinstance(inner.get("name"), str):
            fixed.add(inner["name"])
        elif isinstance(inner.get("layers"), list) and not _frozen(layer, fixed, depth + 1):
            return False
    return True


_ODD = frozenset(
    "Normalization Discretization StringLookup IntegerLookup TextVectorization HashedCrossing SpectralNormalization "
    "RandomFourierFeatures".split()
)


def steps_of(content: Hdf5, view: View) -> int | None:
    """Updates as the optimizer counted them: its first variable, a whole number (keras/src/optimizers/base_optimizer.py)."""
    for one in content.datasets:
        if one.path[0] not in ("optimizer", "optimizer_weights"):
            continue
        if one.path in _FIRST or one.path[-1] in _COUNTERS:
            value = whole_value(view, one)
            if value is not None and 0 < value < 10**12:
                return value
    return None


def marks_of(content: Hdf5, view: View) -> tuple[Mark, ...]:
    """The model's arrays by shape, format and first bytes, in an order that no layout changes. Raises CannotRead."""
    marks: list[Mark] = []
    for one in weights_of(content):
        length = min(_HEAD, one.kind.size * math.prod(one.shape))
        head = view.part(one.address, length) if one.address and length else b""
        marks.append((one.shape, one.kind.word, head))
    return tuple(sorted(marks))


def _layers(content: Hdf5, weights: list[Dataset]) -> dict[str, JsonValue]:
    """Parameters by the name of the layer, for layers without any too; no more than 500."""
    named: dict[tuple[str, ...], str] = {}
    root = content.attributes.get((), {})
    for path in content.groups:
        at = 1 if path[:1] and path[0] in _HOLDERS else 0
        if len(path) == at + 1 and path[0] not in _NOT_THE_MODEL and path[-1] not in (*_HOLDERS, "vars"):
            said = content.attributes.get((*path, "vars"), {}).get("name")
            named[path] = said if isinstance(said, str) and said else path[-1]
    if not named or (not root and not any(path[0] in _HOLDERS for path in named)):
        return {}
    inside: Counter[tuple[str, ...]] = Counter()
    for one in weights:
        inside[one.path[: 2 if one.path[0] in _HOLDERS else 1]] += math.prod(one.shape)
    sums: dict[str, JsonValue] = {}
    for path, name in list(named.items())[:_MOST_NAMES]:
        if (label := short_text(name, 80)) and label != "top_level_model_weights":
            sums[label] = inside[path]
    return sums
