# SPDX-License-Identifier: Apache-2.0
"""Remarks and refusals of the layer table. The sentences live in the text catalogue, which is read only when shown."""

from typing import NamedTuple

from core.errors import BadConfig


class Note(NamedTuple):
    """A remark to show beside a count: an entry of the catalogue and its values. `str(note)` is the sentence."""

    key: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        from core.texts import text

        return text(f"flops.note.{self.key}", **dict(self.values))


class UnknownClass(BadConfig):
    """A model class that the layer table has no head for."""


def note(key: str, /, **values: object) -> Note:
    """The remark `flops.note.<key>`."""
    return Note(key, tuple((name, str(value)) for name, value in values.items()))


def refuse(key: str, /, **values: object) -> BadConfig:
    """The error `flops.bad.<key>`, to be raised."""
    from core.texts import text

    shown = {name: _short(value) for name, value in values.items()}
    kind = UnknownClass if key == "unknown_class" else BadConfig
    return kind(text(f"flops.bad.{key}", **shown), todo=text(f"flops.todo.{key}", **shown))


def _short(value: object) -> str:
    """A value of a file in a sentence: never long."""
    words = value if isinstance(value, str) else repr(value)
    return words if len(words) <= 60 else f"{words[:57]}..."
