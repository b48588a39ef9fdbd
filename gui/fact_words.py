# SPDX-License-Identifier: Apache-2.0
"""Facts as words: their short names and their values, in the person's own number format."""

from pydantic import JsonValue
from PySide6.QtCore import QLocale

from core.domain.fact import Origin, OriginKind
from core.texts import catalogue, text
from gui.words import words

_LONGEST = 120
_FEW = 3


def fact_label(name: str) -> str:
    """The short name of a fact."""
    return catalogue("facts").get(name) or name.replace("_", " ").capitalize()


def fact_value(name: str, value: JsonValue) -> str:
    """The value for people. Large things are counted, long ones cut."""
    if value is None:
        return words("FactWords", "not recorded")
    if isinstance(value, bool):
        return words("FactWords", "yes") if value else words("FactWords", "no")
    if isinstance(value, int):
        return QLocale().toString(value) if abs(value) < 2**62 else f"{value:,}"
    if isinstance(value, float):
        return QLocale().toString(value, "g", 6)
    if isinstance(value, list):
        if any(isinstance(item, list | dict) for item in value):
            return words("FactWords", "{count} entries").format(count=len(value))
        shown = ", ".join(fact_value(name, item) for item in value)
        return _cut(shown) if shown else words("FactWords", "none")
    if isinstance(value, dict):
        flat = {key: item for key, item in value.items() if not isinstance(item, list | dict)}
        if 0 < len(value) <= _FEW and len(flat) == len(value):
            return _cut(", ".join(f"{key} {fact_value('', item)}" for key, item in flat.items()))
        return words("FactWords", "{count} entries").format(count=len(value))
    return _cut(catalogue("questions").get(f"{name}.choice.{value}", value))


def origin_words(origin: Origin) -> str:
    """Where a fact came from; files and keys are named as they are."""
    return text("flow.review.said") if origin.kind is OriginKind.USER else origin.describe()


def _cut(shown: str) -> str:
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
