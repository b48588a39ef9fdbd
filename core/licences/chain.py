# SPDX-License-Identifier: Apache-2.0
"""What a base model was itself made from: obligations are the union over the whole chain."""

import functools
from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from core.errors import BadRules
from core.licences.strict_yaml import first_fault, read_yaml
from core.resources import resource

_NAME = "licences/_chains.yaml"


@functools.cache
def _parents() -> dict[str, tuple[str, ...]]:
    raw = read_yaml(resource(_NAME).read_text(encoding="utf-8"), _NAME)
    try:
        listed = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(raw)
    except ValidationError as error:
        raise BadRules(f"{_NAME}: {first_fault(error)}") from error
    return {name.lower(): parents for name, parents in listed.items()}


def chain(bases: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each base with its ancestors, nearest first, each once: (hub id, hub id of the base that led there or "").

    A base that stands on both levels keeps its first place; a circle in the data ends where it closes.
    """
    found: dict[str, tuple[str, str]] = {}
    waiting = [(base, "") for base in bases]
    while waiting:
        base, child = waiting.pop(0)
        if base.lower() in found:
            continue
        found[base.lower()] = (base, child)
        waiting += [(parent, base) for parent in _parents().get(base.lower(), ())]
    return tuple(found.values())
