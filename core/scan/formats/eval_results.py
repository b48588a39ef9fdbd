# SPDX-License-Identifier: Apache-2.0
""".eval_results/*.yaml: the hub's lists of evaluation results. Names of people and links stay where they are."""

from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.scan.private import hub_id
from core.scan.settings import Settings
from core.scan.types import Found, Item

NAME = "eval_results"


def is_mine(entries: list[Any]) -> bool:
    """Whether a list holds results: a public data set and a value each."""
    return bool(entries) and all(
        isinstance(item, dict) and isinstance(item.get("dataset"), dict) and "value" in item
        for item in entries[:50]
    )


def facts(entries: list[Any]) -> Iterator[Item]:
    """The values by the id of their data set."""
    metrics: dict[str, Any] = {}
    for item in entries[:200]:
        result = Settings(item if isinstance(item, dict) else {})
        name, value = hub_id(result.get("dataset.id")), result.number("value", -1e30)
        if name and value is not None:
            metrics[name] = value
    if metrics:
        yield Found(FoundOnly.EVAL_METRICS, metrics, "value", reader=NAME)
