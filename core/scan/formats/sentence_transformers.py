# SPDX-License-Identifier: Apache-2.0
"""sentence-transformers and SetFit: modules.json, the versions, the pooling, and the longest text."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan import strictjson
from core.scan.guarded import JSON_CAP, Source
from core.scan.settings import Settings, hyperparameters
from core.scan.types import AlsoRead, Entry, Found, Item, NotMine
from core.texts import text

NAME = "sentence_transformers"
EVERY_PLACE = False
_FILES = ("modules.json", "config_sentence_transformers.json", "config_setfit.json")
_FOLDER = re.compile(r"\d{1,2}_[A-Z]\w{1,30}\Z")
_VERSION = re.compile(r"\d[\w.+]{0,30}\Z")
_LIBRARIES = {
    "sentence_transformers": "Sentence Transformers",
    "transformers": "Transformers",
    "pytorch": "Pytorch",
}
_POOLINGS = (
    "pooling_mode_cls_token",
    "pooling_mode_mean_tokens",
    "pooling_mode_max_tokens",
    "pooling_mode_lasttoken",
)
_POOLING_WORDS = frozenset({"mean", "cls", "max", "lasttoken", "weightedmean", "mean_sqrt_len_tokens"})


def matches(entry: Entry) -> bool:
    """modules.json, config_sentence_transformers.json, config_setfit.json."""
    return entry.name in _FILES


def read(source: Source) -> Iterator[Item]:
    """Facts of one of the files. Prompts and labels stay where they are."""
    name = source.entry.name
    if name == "modules.json":
        yield from _modules(source)
    elif name == "config_setfit.json":
        if "normalize_embeddings" not in source.json_object():
            yield NotMine(text("scan_tools.sentence.other"))
            return
        yield Found(FoundOnly.LIBRARY_NAME, "setfit", "normalize_embeddings", reader="setfit")
        yield Found("pipeline_tag", "text-classification", "labels", reader="setfit")
        yield Found("output_modalities", ["label"], "labels", reader="setfit")
    else:
        versions = Settings(source.json_object()).part("__version__").values
        known: dict[str, JsonValue] = {
            _LIBRARIES[key]: value
            for key, value in versions.items()
            if key in _LIBRARIES and isinstance(value, str) and _VERSION.match(value)
        }
        if known:
            yield Found(FoundOnly.VERSIONS, known, "__version__")


def _modules(source: Source) -> Iterator[Item]:
    modules = strictjson.parse(source.content(JSON_CAP))
    listed = (
        [Settings(item) for item in modules[:50] if isinstance(item, dict)]
        if isinstance(modules, list)
        else []
    )
    if not any((part.word("type", 200) or "").startswith("sentence_transformers.") for part in listed):
        yield NotMine(text("scan_tools.sentence.other"))
        return
    # A classification head of SetFit beside it turns the vectors into labels.
    if "model_head.pkl" not in source.siblings and "config_setfit.json" not in source.siblings:
        yield Found(FoundOnly.LIBRARY_NAME, "sentence-transformers", "type")
        yield Found("output_modalities", ["label" if _reads_pairs(source) else "embedding"], "type")
    for part in listed:
        folder = part.get("path")
        if isinstance(folder, str) and _FOLDER.match(folder):
            yield from _pooling(source, folder)
    limits = source.sibling("sentence_bert_config.json")
    if limits is not None:
        try:
            values = Settings(limits.json_object())
        except CannotRead as trouble:
            yield AlsoRead(limits.entry, NAME, (trouble.what, trouble.why, trouble.todo))
            return
        yield AlsoRead(limits.entry, NAME)
        yield from hyperparameters(values, ("max_seq_length",), "sentence_bert_config.json")


def _reads_pairs(source: Source) -> bool:
    """Whether it gives a score for a pair of texts, no vector (sentence-transformers 6.2, cross_encoder/model.py)."""
    about = source.sibling("config_sentence_transformers.json")
    try:
        return about is not None and Settings(about.json_object()).word("model_type") == "CrossEncoder"
    except CannotRead:
        return False


def _pooling(source: Source, folder: str) -> Iterator[Item]:
    found = source.near(folder, "config.json")
    if found is None:
        return
    try:
        values = Settings(found.json_object())
    except CannotRead as trouble:
        yield AlsoRead(found.entry, NAME, (trouble.what, trouble.why, trouble.todo))
        return
    yield AlsoRead(found.entry, NAME)
    mode = values.known("pooling_mode", _POOLING_WORDS)
    old = next((key for key in _POOLINGS if values.flag(key)), None)
    if mode or old:
        word = mode or (old or "").removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix(
            "_token"
        )
        yield Found(FoundOnly.HYPERPARAMETERS, {"pooling": word}, f"{folder}/config.json")
