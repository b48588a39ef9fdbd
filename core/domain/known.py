# SPDX-License-Identifier: Apache-2.0
"""One view over everything known: what the person said wins over what the files say."""

import datetime
import math
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.answers import Answers
from core.domain.base import Frozen
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.kept import kept
from core.domain.project import Project
from core.domain.scan_result import FileRecord

_ANSWERS = frozenset(Answers.model_fields)


class Known:
    """Read access by name to facts and answers, each with its origin. Nothing is defaulted here."""

    def __init__(self, project: Project) -> None:
        self._found: dict[str, AnyFact] = {}
        if project.scan is not None:
            self._found = {fact.name: fact for fact in project.scan.facts}
        self._answers: Answers = project.answers
        self._unread: tuple[FileRecord, ...] = project.scan.unreadable if project.scan is not None else ()

    def unread(self, file_name: str) -> FileRecord | None:
        """The record of a file of this plain name that exists but could not be read, with the reason."""
        return next((one for one in self._unread if one.path.rpartition("/")[2] == file_name), None)

    @kept
    def get(self, name: str) -> AnyFact | None:
        """The fact for `name`: the person's answer, else the files', else None.

        "I do not know" does not hide a value found in a file.
        """
        said = getattr(self._answers, name, None) if name in _ANSWERS else None
        if said is not None and name != "dont_know":
            return Fact(name=name, value=_plain(said), origin=Origin(kind=OriginKind.USER))
        return self._found.get(name)

    def found(self, name: str) -> AnyFact | None:
        """Only what the files say."""
        return self._found.get(name)

    def said(self, name: str) -> bool:
        """Whether the person answered this."""
        return getattr(self._answers, name, None) is not None

    def dont_know(self, name: str) -> bool:
        """Whether the person chose "I do not know"."""
        return name in self._answers.dont_know

    @kept
    def integer(self, name: str) -> Fact[int] | None:
        """The fact as a whole number, or None (also when the value is of another kind)."""
        fact = self.get(name)
        if fact is None or isinstance(fact.value, bool):
            return None
        if isinstance(fact.value, int):
            return Fact[int](name=name, value=fact.value, origin=fact.origin)
        if isinstance(fact.value, float) and math.isfinite(fact.value):
            return Fact[int](name=name, value=round(fact.value), origin=fact.origin)
        return None

    @kept
    def number(self, name: str) -> Fact[float] | None:
        """The fact as a finite number, or None."""
        fact = self.get(name)
        if fact is None or isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
            return None
        try:
            value = float(fact.value)
        except OverflowError:  # a whole number beyond what a float can hold
            return None
        return Fact[float](name=name, value=value, origin=fact.origin) if math.isfinite(value) else None

    @kept
    def text(self, name: str) -> Fact[str] | None:
        """The fact as text, or None."""
        fact = self.get(name)
        if fact is None or not isinstance(fact.value, str) or not fact.value:
            return None
        return Fact[str](name=name, value=fact.value, origin=fact.origin)

    @kept
    def flag(self, name: str) -> Fact[bool] | None:
        """The fact as yes or no, or None."""
        fact = self.get(name)
        if fact is None or not isinstance(fact.value, bool):
            return None
        return Fact[bool](name=name, value=fact.value, origin=fact.origin)

    @kept
    def strings(self, name: str) -> tuple[str, ...]:
        """The fact as a list of texts; empty when unknown."""
        fact = self.get(name)
        if fact is None or not isinstance(fact.value, list):
            return ()
        return tuple(item for item in fact.value if isinstance(item, str))

    def mapping(self, name: str) -> Mapping[str, JsonValue] | None:
        """The fact as a JSON object, or None."""
        fact = self.get(name)
        return fact.value if fact is not None and isinstance(fact.value, dict) else None


def _plain(value: Any) -> JsonValue:
    if isinstance(value, tuple):
        return [
            one.model_dump(mode="json", exclude_none=True) if isinstance(one, Frozen) else one
            for one in value
        ]
    if isinstance(value, datetime.date):
        return value.isoformat()
    plain: JsonValue = value
    return plain
