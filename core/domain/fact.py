# SPDX-License-Identifier: Apache-2.0
"""A fact: a value together with where it came from."""

import re
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import JsonValue

from core.domain.base import Frozen

T = TypeVar("T")


class OriginKind(StrEnum):
    """Who says so."""

    FILE = "file"
    USER = "user"
    REFERENCE = "reference"
    COMPUTED = "computed"
    ASSUMED = "assumed"


_TOOL_FOLDER = re.compile(
    r"(?:checkpoint|ckpt|epoch)[-_]\d{1,12}|unet|transformer|vae|prior|decoder|text_encoder(?:_\d)?|\d{1,2}_[A-Z]\w{1,30}"
    r"|weights|adapters|(?:base|mid|chatsft|chatrl)_checkpoints"
)


def public_file(path: str) -> str:
    """A file's name with no more of its path than folders that tools name: a person's own folder names stay private."""
    *folders, name = path.split("/")
    kept = [name]
    for folder in reversed(folders):
        if not _TOOL_FOLDER.fullmatch(folder):
            break
        kept.insert(0, folder)
    return "/".join(kept)


class Origin(Frozen):
    """Where a value came from.

    `file` is a path relative to the scanned folder with forward slashes (never absolute), `key` the place
    inside that file (dotted), `note` a short plain remark (for example the assumption made).
    """

    kind: OriginKind
    file: str | None = None
    key: str | None = None
    note: str | None = None

    def describe(self) -> str:
        """One short English phrase: "trainer_state.json, global_step" or "you said"."""
        if self.kind is OriginKind.FILE:
            return ", ".join(part for part in (self.file, self.key) if part)
        if self.kind is OriginKind.USER:
            return "you said"
        if self.kind is OriginKind.ASSUMED:
            return f"assumed: {self.note}" if self.note else "assumed"
        if self.kind is OriginKind.REFERENCE:
            return self.note or "reference table"
        return self.note or "computed"


class Fact(Frozen, Generic[T]):
    """A named value with its origin. `name` is a field of Answers or one of FOUND_ONLY (core.domain.names)."""

    name: str
    value: T
    origin: Origin


AnyFact = Fact[JsonValue]


def any_fact(fact: Fact[int] | Fact[float] | Fact[str]) -> AnyFact:
    """The same fact where those of every type are kept together."""
    return Fact(name=fact.name, value=fact.value, origin=fact.origin)


class Conflict(Frozen):
    """Several files disagree about `name`; `facts` keeps every reading, the one used first."""

    name: str
    facts: tuple[AnyFact, ...]
    why_first: str = ""
