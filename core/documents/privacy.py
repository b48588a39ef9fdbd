# SPDX-License-Identifier: Apache-2.0
"""Private things that must not reach a published file: access tokens, addresses, folders of a machine.

Patterns follow the places where training tools were seen to leak (token forms of the common services, home
folders, mount points of notebooks and clusters).
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from core.texts import text


class Private(StrEnum):
    """Kinds of private things."""

    KEY_BLOCK = "key_block"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret
    LOGIN = "login"
    EMAIL = "email"
    PATH = "path"
    ADDRESS = "address"


class Spot(NamedTuple):
    """One private thing in a text, from `start` up to `end`."""

    kind: Private
    start: int
    end: int


_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_PATTERNS: tuple[tuple[Private, re.Pattern[str]], ...] = (
    (
        Private.KEY_BLOCK,
        re.compile(
            r"-----BEGIN [A-Z0-9 ]*(?:KEY|CERTIFICATE)[A-Z ]*-----(?:[\s\S]{0,5000}?-----END [A-Z0-9 ]+-----)?"
        ),
    ),
    (
        Private.TOKEN,
        re.compile(
            r"\b(?:hf_[A-Za-z0-9]{16,}|api_org_[A-Za-z0-9]{16,}|sk-[A-Za-z0-9_-]{16,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}"
            r"|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}|wandb_v1_[A-Za-z0-9_]{16,}"
            r"|AIza[0-9A-Za-z_-]{30,})"
        ),
    ),
    (Private.TOKEN, re.compile(r"(?i)\b(?:wandb|api)[_ -]?(?:api[_ -]?)?key\b\W{1,4}[0-9a-f]{40}\b")),
    (Private.LOGIN, re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+@")),
    (
        Private.EMAIL,
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"
        ),
    ),
    (Private.PATH, re.compile(r"file://(?!/path/)[^\s\"'`)>\]]+")),
    (
        Private.PATH,
        re.compile(
            r"(?<![\w./:~-])/(?:(?:home|Users|mnt|media|tmp|workspace|scratch|dev/shm|data\d*|opt|srv|var|gpfs|lustre|private|Volumes)/"
            r"[^\s\"'`)>\]|,;]+|(?:root|kaggle|content)(?![\w-])(?:/[^\s\"'`)>\]|,;]*)?)"
        ),
    ),
    (Private.PATH, re.compile(r"(?<![\w/.])~/[^\s\"'`)>\]|,;]+")),
    (Private.PATH, re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:[\\/]+(?![\\/])[^\s\"'`)>\]|,;]+")),
    (Private.PATH, re.compile(r"(?<![\w\\])\\\\[A-Za-z0-9._-]+\\+[^\s\"'`)>\]|,;]+")),
    (
        Private.ADDRESS,
        re.compile(rf"(?<![\w.-])(?!127\.|0\.0\.0\.0)(?:{_OCTET}\.){{3}}{_OCTET}(?![\w-]|\.\d)"),
    ),
)


def find_private(value: str, allowed: Iterable[str] = ()) -> tuple[Spot, ...]:
    """Private things in `value`, in order, without overlaps. Texts in `allowed` are let through."""
    let_through = {item.strip().lower() for item in allowed if item}
    spots: list[Spot] = []
    taken = bytearray(len(value))
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(value):
            if match[0].lower() in let_through:
                continue
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                spots.append(Spot(kind, match.start(), match.end()))
    return tuple(sorted(spots, key=lambda spot: spot.start))


class Withheld:
    """Takes private things out of texts and remembers, in plain words, what was left out."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = tuple(allowed)
        self._remarks: dict[str, None] = {}

    @property
    def remarks(self) -> tuple[str, ...]:
        """One sentence for each thing left out, each once."""
        return tuple(self._remarks)

    def note(self, kind: Private, where: str) -> None:
        """Remember that a `kind` of thing was left out of `where`."""
        self._remarks[text(f"documents.withheld.{kind.value}", where=where)] = None

    def note_kept(self, kind: Private, line: int) -> None:
        """Remember that the author's own prose holds a private thing, which stays because it is theirs."""
        self._remarks[text(f"documents.kept.{kind.value}", line=line)] = None

    def note_more(self, count: int) -> None:
        """Remember that `count` more such places were found in the author's own prose."""
        self._remarks[text("documents.kept.more", count=count)] = None

    def prose(self, value: str, where: str) -> str:
        """`value` with each private thing replaced by a few plain words."""
        parts: list[str] = []
        place = 0
        for spot in find_private(value, self._allowed):
            self.note(spot.kind, where)
            parts += [value[place : spot.start], text(f"documents.left_out.{spot.kind.value}")]
            place = spot.end
        return "".join((*parts, value[place:]))

    def value(self, value: str, where: str) -> str:
        """`value`, or an empty text when any part of it is private: half a name helps nobody."""
        spots = find_private(value, self._allowed)
        for spot in spots:
            self.note(spot.kind, where)
        return "" if spots else value
