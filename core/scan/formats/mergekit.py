# SPDX-License-Identifier: Apache-2.0
"""mergekit_config.yml: which models were merged and how. A merge trains nothing; every parent's licence counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.guarded import Source
from core.scan.private import hub_id, last_part
from core.scan.settings import Settings
from core.scan.types import Found, Item
from core.texts import text

NAME = "mergekit"
_METHODS = frozenset(
    "linear slerp nuslerp multislerp task_arithmetic ties dare_ties dare_linear della della_linear breadcrumbs "
    "breadcrumbs_ties model_stock passthrough karcher sce nearswap arcee_fusion core_space ram".split()
)
_MOST, _DEPTH = 100, 8


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of a merge, or of mergekit-moe."""
    if "merge_method" in settings and any(
        key in settings for key in ("slices", "models", "modules", "base_model")
    ):
        return True
    return "experts" in settings and "base_model" in settings and bool(settings.parts("experts", 1))


def facts(settings: Settings, _source: Source) -> Iterator[Item]:
    """Parents in their order, the method, and that this is a merge."""
    yield Found("origin", "merge", "merge_method" if "merge_method" in settings else "experts")
    yield Found(FoundOnly.TRAINING_TOOL, "mergekit", "")
    if method := settings.known("merge_method", _METHODS):
        yield Found(FoundOnly.MERGE_METHOD, method, "merge_method")
    elif "experts" in settings:
        yield Found(FoundOnly.MERGE_METHOD, "mixture_of_experts", "experts")
    named = list(dict.fromkeys(_models(settings.values, 0)))[:_MOST]
    ids: list[JsonValue] = [*dict.fromkeys(found for name in named if (found := hub_id(name)))]
    folders: list[JsonValue] = [
        *dict.fromkeys(part for name in named if not hub_id(name) and (part := last_part(name)))
    ]
    note = text("scan_tools.merge.parents")
    if ids:
        yield Found(FoundOnly.BASE_MODELS, ids, "model", note)
    if folders:
        yield Found(FoundOnly.BASE_NAMES, folders, "model", note)
    first = hub_id(_plain(settings.get("base_model")))
    if first or ids:
        yield Found("base_model", first or ids[0], "base_model" if first else "model", note)
    elif folders:
        yield Found(FoundOnly.BASE_PATH_NAME, folders[0], "model", note)


def _plain(value: Any) -> str:
    """The model of "owner/name+owner/adapter" or of {path: …}."""
    if isinstance(value, Mapping):
        value = value.get("path") or value.get("model")
        return _plain(value) if not isinstance(value, Mapping) else ""
    return value.partition("+")[0].strip() if isinstance(value, str) else ""


def _adapter(value: Any) -> str:
    return value.partition("+")[2].strip() if isinstance(value, str) else ""


def _models(value: Any, depth: int) -> Iterator[str]:
    """Every model named under model, source_model or base_model, wherever slices and modules nest them."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for item in value[:1000]:
            yield from _models(item, depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("model", "source_model", "base_model"):
                yield from filter(None, (_plain(item), _adapter(item)))
            elif key in ("slices", "sources", "models", "modules", "experts", "shared_experts") or depth > 0:
                yield from _models(item, depth + 1)
