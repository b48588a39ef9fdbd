# SPDX-License-Identifier: Apache-2.0
"""Typed refusals: what happened, why, what to do, from the text catalogue."""

from core.errors import CannotRead
from core.texts import text


def refuse(key: str, /, *, of: str = "scan", **values: object) -> CannotRead:
    """The refusal `key` of texts/en/<of>.yaml (entries key.what, key.why, key.todo)."""
    return CannotRead(
        text(f"{of}.{key}.what", **values),
        text(f"{of}.{key}.why", **values),
        text(f"{of}.{key}.todo", **values),
    )
