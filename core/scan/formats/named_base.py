# SPDX-License-Identifier: Apache-2.0
"""The base model as a tool names it."""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.private import hub_id, last_part
from core.scan.types import Found, Item


def base_facts(value: object, key: str) -> Iterator[Item]:
    """The base as a public id, or only the last part of a local path."""
    if found := hub_id(value):
        yield Found("base_model", found, key)
    elif name := last_part(value):
        yield Found(FoundOnly.BASE_PATH_NAME, name, key)


def four_bit(base: object) -> bool:
    """Whether the base's name says that it is a copy in 4 bits: the only mark QLoRA leaves here."""
    return isinstance(base, str) and base.lower().rstrip("/\\").endswith("-4bit")
