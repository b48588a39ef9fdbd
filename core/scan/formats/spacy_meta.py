# SPDX-License-Identifier: Apache-2.0
"""spaCy: meta.json of a pipeline. Author, e-mail, links and labels stay where they are."""

import re
from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.scan.formats.licence_file import hub_licence
from core.scan.settings import Settings
from core.scan.types import Found, Item

NAME = "spacy"
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_VERSION = re.compile(r">?=?(\d{1,3}(?:\.\d{1,4}){1,3})")
_METRIC = re.compile(r"(?:ents|tag|dep|sents|pos|morph|lemma|cats|token|spans|nel)_[a-z_]{1,24}\Z|speed\Z")
"""Scores by the names of spaCy's own scorers; a component of one's own may put anything there."""
_TASKS = (("ner", "token-classification"), ("textcat", "text-classification"), ("textcat_multilabel", "text-classification"),
          ("tagger", "token-classification"))  # fmt: skip


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of a pipeline's meta.json."""
    return "spacy_version" in settings.values and "lang" in settings.values


def facts(settings: Settings) -> Iterator[Item]:
    """Language, licence, version and scores."""
    yield Found(FoundOnly.TRAINING_TOOL, "spaCy", "spacy_version")
    yield Found(FoundOnly.LIBRARY_NAME, "spacy", "spacy_version")
    language = settings.get("lang")
    if isinstance(language, str) and _LANGUAGE.match(language) and language != "xx":
        yield Found("languages", [language], "lang")
    if licence := hub_licence(settings.get("license")):
        yield Found("license", licence, "license")
    version = settings.get("spacy_version")
    if isinstance(version, str) and (found := _VERSION.match(version)):
        yield Found(FoundOnly.VERSIONS, {"spaCy": found[1]}, "spacy_version")
    parts = {str(part) for part in settings.listed("pipeline")}
    for part, task in _TASKS:
        if part in parts:
            yield Found("pipeline_tag", task, "pipeline")
            break
    yield Found("output_modalities", ["label"], "pipeline")
    scores: dict[str, Any] = {
        name: score
        for name, value in settings.part("performance").values.items()
        if _METRIC.match(name) and (score := Settings({"s": value}).number("s", -1e30)) is not None
    }
    if scores:
        yield Found(FoundOnly.EVAL_METRICS, scores, "performance")
