# SPDX-License-Identifier: Apache-2.0
"""scikit-learn models: *.pkl and *.joblib read as opcodes, *.skops read as JSON. Nothing is loaded.

skops layout: skops/io/_persist.py (zip with schema.json: class, module and content per node).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan import strictjson
from core.scan.formats.joblib_file import read_joblib
from core.scan.formats.joblib_packed import CLOSED
from core.scan.formats.sklearn_weights import learned, npy_shape, pickled_shape
from core.scan.formats.zip_directory import directory, read_member
from core.scan.guarded import JSON_CAP, Source
from core.scan.numbers import real, whole
from core.scan.private import public_json, short_text
from core.scan.refusal import refuse
from core.scan.symbolic import Made, Name
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "sklearn_model"
EVERY_PLACE = False
_DEPTH = 6
_MOST = 60
_EPOCHS = ("MLP", "SGD", "Perceptron", "PassiveAggressive")
"""Estimators whose n_iter_ counts passes over the data."""
_NETWORKS = ("MLPClassifier", "MLPRegressor")
_BY_BATCHES = ("sgd", "adam")
"""Solvers of a network that go through the rows in batches. The third one, lbfgs, looks at all rows as often as its line
search asks: its n_iter_ are iterations of the optimizer, and how often it looked is not kept."""
_NAMES = re.compile(r"\.(?:skops|(?:pkl|pickle|joblib)(?:\.(?:z|gz|bz2|lzma|xz|lz4))?)\Z")
_OTHERS = ("random_states", "export", "model_head", "rng_state", "dataset", "tokenizer", "optimizer")


def matches(entry: Entry) -> bool:
    """*.pkl, *.pickle, *.joblib, packed or not, and *.skops, those of other tools left out."""
    low = entry.name.lower()
    return bool(_NAMES.search(low)) and not low.startswith(_OTHERS)


def read(source: Source) -> Iterator[Item]:
    """Class, settings and version. Raises CannotRead."""
    low = source.entry.name.lower()
    if low.endswith(".skops"):
        yield from _skops(source)
        return
    yield Note(text("scan_files.torch.pickle_note", file=source.entry.path))
    head = source.part(0, 16)
    if not head.strip(b"\0 \r\n\t"):
        raise refuse("file.empty")
    if head.startswith(CLOSED):
        yield NotMine(text("scan_files.sklearn.joblib"))
        return
    try:
        symbols = read_joblib(source)
    except CannotRead as trouble:
        if trouble.what != refuse("pickle.odd").what and trouble.what != refuse("pickle.large", cap="").what:
            raise
        raise refuse("sklearn.odd", of="scan_files") from trouble
    model = symbols.value
    if not _is_estimator(model):
        yield NotMine(text("scan_files.sklearn.other"))
        return
    last = _last_step(model)
    version = model.state.get("_sklearn_version")
    yield from _facts(last.of.name, last.state, version, learned(last.state, pickled_shape))


def _is_estimator(value: Any) -> bool:
    return (
        isinstance(value, Made) and isinstance(value.of, Name) and value.of.module.split(".")[0] == "sklearn"
    )


def _last_step(model: Any) -> Any:
    """The estimator at the end of a pipeline."""
    for _ in range(_DEPTH):
        steps = model.state.get("steps")
        last = steps[-1] if isinstance(steps, list) and steps else None
        if not isinstance(last, tuple) or len(last) != 2 or not _is_estimator(last[1]):
            break
        model = last[1]
    return model


def _skops(source: Source) -> Iterator[Item]:
    members = directory(source)
    if "schema.json" not in members:
        raise refuse("sklearn.skops", of="scan_files")
    schema = strictjson.parse(read_member(source, members["schema.json"], JSON_CAP))
    if not isinstance(schema, dict):
        raise refuse("sklearn.skops", of="scan_files")
    module, name = schema.get("__module__"), schema.get("__class__")
    if not isinstance(module, str) or module.split(".")[0] != "sklearn" or not isinstance(name, str):
        yield NotMine(text("scan_files.sklearn.other"))
        return
    version = _node(_content(schema).get("_sklearn_version"))
    last = _last_node(schema)
    content = _content(last)
    state = {key: _node(node) for key, node in content.items()}
    count = learned(content, npy_shape(source, members))
    yield from _facts(str(last["__class__"]), state, version or state.get("_sklearn_version"), count)


def _last_node(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The estimator at the end of a pipeline in skops's schema: steps is a list of tuples (name, estimator)."""
    for _ in range(_DEPTH):
        steps = _content(node).get("steps")
        pairs = steps.get("content") if isinstance(steps, dict) else None
        pair = (
            pairs[-1].get("content")
            if isinstance(pairs, list) and pairs and isinstance(pairs[-1], dict)
            else None
        )
        last = pair[-1] if isinstance(pair, list) and len(pair) == 2 else None
        if not isinstance(last, dict) or not str(last.get("__module__")).startswith("sklearn."):
            break
        if not isinstance(last.get("__class__"), str):
            break
        node = last
    return node


def _content(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The named parts of an object node: its content is a dict node with content of its own."""
    for _ in range(3):
        inner = node.get("content")
        if not isinstance(inner, dict):
            return {}
        if "__class__" not in inner:
            return inner
        node = inner
    return {}


def _node(node: Any) -> Any:
    """The value of a leaf written as JSON text; None for anything else."""
    if (
        not isinstance(node, dict)
        or node.get("is_json") is not True
        or not isinstance(node.get("content"), str)
    ):
        return None
    content = node["content"]
    if len(content) > 500:
        return None
    try:
        return strictjson.parse(content.encode("utf-8", "replace"))
    except CannotRead:
        return None


def _network(state: Mapping[Any, Any], passes: int) -> Iterator[Item]:
    """Samples, batch and updates of a network by sgd or adam: every pass takes all rows in batches, the last one smaller.

    Rows that differ from call to call (partial_fit) do not divide. Source: sklearn/neural_network/
    _multilayer_perceptron.py, _fit_stochastic: t_ grows by the rows of a pass, batch "auto" is min(200, rows).
    """
    seen, asked = whole(state.get("t_"), 1), state.get("batch_size")
    if not seen:
        return
    yield Found("samples", seen, "t_", text("scan_files.sklearn.seen"))
    if seen % passes or not (batch := 200 if asked == "auto" else whole(asked, 1)):
        return
    rows = seen // passes
    batch = min(batch, rows)
    yield Found("global_batch", batch, "batch_size")
    yield Found("steps", passes * -(-rows // batch), "n_iter_, t_", text("scan_files.sklearn.updates"))


def _facts(name: str, state: Mapping[Any, Any], version: Any, count: int | None) -> Iterator[Item]:
    if name.isidentifier() and (label := short_text(name, 80)):
        yield Found(FoundOnly.ARCHITECTURE_CLASS, label, "class")
    yield Found(FoundOnly.LIBRARY_NAME, "sklearn", "class")
    if release := short_text(version, 40):
        yield Found(FoundOnly.VERSIONS, {"scikit-learn": release}, "_sklearn_version")
    if count is not None:
        yield Found("parameters_total", count, "coef_, intercept_", text("scan_files.sklearn.learned"))
    passes = whole(state.get("n_iter_"), 1)
    network = name in _NETWORKS
    if passes and name.startswith(_EPOCHS) and (not network or state.get("solver") in _BY_BATCHES):
        yield Found("epochs", passes, "n_iter_")
        if network:
            yield from _network(state, passes)
    values: dict[str, JsonValue] = {}
    for key, value in state.items():
        # scikit-learn ends the names of what was learned with an underscore; settings have none.
        if not isinstance(key, str) or not key.isidentifier() or key.startswith("_") or key.endswith("_"):
            continue
        if isinstance(value, bool) or real(value) is not None:
            values[key[:60]] = value
        elif word := short_text(value, 40):
            values[key[:60]] = word
        if len(values) >= _MOST:
            break
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, public_json(values), "settings")
    yield Note(text("scan_files.sklearn.negligible"))
