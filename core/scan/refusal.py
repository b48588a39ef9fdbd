# SPDX-License-Identifier: Apache-2.0
"""Typed refusals: what happened, why, what to do, from the text catalogue."""

from core.errors import CannotRead
from core.texts import text


def refuse(key: str, /, **values: object) -> CannotRead:
    """The refusal `key` of texts/en/scan.yaml (entries key.what, key.why, key.todo)."""
    return CannotRead(
        text(f"scan.{key}.what", **values),
        text(f"scan.{key}.why", **values),
        text(f"scan.{key}.todo", **values),
    )
