# SPDX-License-Identifier: Apache-2.0
"""Results that stand in a card's own front matter (model-index), as rows for its readers."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.documents.card.sections import metric_words
from core.documents.context import Item
from core.documents.front_matter import NotEditable, read_mapping
from core.documents.privacy import Withheld
from core.documents.words import exact
from core.texts import text

_MOST = 40
"""Rows of a table that somebody still reads."""
_LONGEST = 80


def indexed(meta: str, withheld: Withheld) -> tuple[Item, ...]:
    """The results of `meta`, each once, under the name of the metric and its data set."""
    try:
        values = read_mapping(meta)
    except NotEditable:
        return ()
    where = text("documents.section.evaluation")
    rows = (
        Item(
            label=withheld.prose(label, where),
            value=value,
            source=text("documents.source.model_index"),
        )
        for label, value in _results(values)
    )
    return tuple(dict.fromkeys(rows))[:_MOST]


def _results(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for model in _entries(values.get("model-index")):
        for result in _entries(model.get("results")):
            dataset = result.get("dataset")
            on = _name(dataset) if isinstance(dataset, dict) else ""
            for metric in _entries(result.get("metrics")):
                name, value = _name(metric), metric.get("value")
                if name and isinstance(value, int | float | str) and not isinstance(value, bool):
                    words = metric_words(name)
                    label = text("documents.evaluation.on", metric=words, dataset=on) if on else words
                    yield label, exact(value)[:_LONGEST]


def _name(entry: Mapping[str, Any]) -> str:
    """The name for people, else the id."""
    found = entry.get("name") or entry.get("type")
    return " ".join(str(found).split())[:_LONGEST] if isinstance(found, str) else ""


def _entries(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
