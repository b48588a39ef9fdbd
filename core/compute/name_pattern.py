# SPDX-License-Identifier: Apache-2.0
"""Regular expressions out of somebody's adapter_config.json, matched against module names in bounded time.

Python's own matcher tries one way after another: `.{0,99}` twelve times over takes it for ever on a name of forty
letters. Here all ways go forward together, as sets of places in the name, so the work is at most the length of the
pattern times that of the name for each level of repeats; a budget ends what is left. Same answers as re.fullmatch.
"""

import functools
import re
from collections.abc import Iterable
from re import _parser  # type: ignore[attr-defined]  # it reads the pattern, so that it means what it means to PEFT
from typing import Any

_LONGEST = 2000
_BUDGET = 200_000
"""Sets formed for one name: a tenth of a second. A pattern of Unsloth's takes 700."""

_PLACES = frozenset(
    ("AT_BEGINNING", "AT_BEGINNING_STRING", "AT_END", "AT_END_STRING", "AT_BOUNDARY", "AT_NON_BOUNDARY")
)

Places = frozenset[int]


class CannotMatch(ValueError):
    """The pattern is broken, too long, or has parts that no target needs (a reference back to a group)."""


def fits(pattern: str, name: str) -> bool:
    """Whether the whole of `name` fits `pattern`, as re.fullmatch says. Raises CannotMatch."""
    return _Matcher(name).whole(_parsed(pattern))


@functools.lru_cache(maxsize=2048)
def _parsed(pattern: str) -> Any:
    if len(pattern) > _LONGEST:
        raise CannotMatch(pattern[:40])
    try:
        tree = _parser.parse(pattern)
        if tree.state.flags & ~re.UNICODE or not _understood(tree):
            raise CannotMatch(pattern[:40])
    except (re.error, RecursionError, OverflowError) as error:
        raise CannotMatch(pattern[:40]) from error
    return tree


def _understood(tree: Any) -> bool:
    """Whether all parts are known, also those that one name never comes to."""
    for operation, value in tree:
        match str(operation):
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
                continue
            case "AT" if str(value) in _PLACES:
                continue
            case "SUBPATTERN" if not value[1] and not value[2]:
                inner = [value[3]]
            case "BRANCH":
                inner = value[1]
            case "MAX_REPEAT" | "MIN_REPEAT":
                inner = [value[2]]
            case "ASSERT" | "ASSERT_NOT":
                inner = [value[1]]
            case _:
                return False
        if not all(map(_understood, inner)):
            return False
    return True


class _Matcher:
    def __init__(self, name: str) -> None:
        self.name, self.left = name, _BUDGET

    def whole(self, tree: Any) -> bool:
        try:
            return len(self.name) in self._sequence(tree, frozenset({0}))
        except RecursionError as error:
            raise CannotMatch("too deep") from error

    def _sequence(self, items: Iterable[tuple[Any, Any]], places: Places) -> Places:
        for operation, value in items:
            if not places:
                return places
            places = self._one(str(operation), value, places)
        return places

    def _one(self, operation: str, value: Any, places: Places) -> Places:
        self.left -= 1
        if self.left < 0:
            raise CannotMatch("too much work")
        match operation:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
                end = len(self.name)
                return frozenset(
                    at + 1 for at in places if at < end and _takes(operation, value, self.name[at])
                )
            case "SUBPATTERN":
                return self._sequence(value[3], places)
            case "BRANCH":
                return frozenset[int]().union(*(self._sequence(way, places) for way in value[1]))
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self._repeat(int(value[0]), int(value[1]), value[2], places)
            case "AT":
                return frozenset(at for at in places if self._at(str(value), at))
        wanted = operation == "ASSERT"
        return frozenset(at for at in places if self._beside(value[0], value[1], at) == wanted)

    def _repeat(self, least: int, most: int, inner: Any, places: Places) -> Places:
        reached = places if least == 0 else frozenset[int]()
        seen = {places}
        for count in range(1, int(most) + 1):
            places = self._sequence(inner, places)
            if count >= least:
                if places <= reached:
                    break
                reached |= places
            elif places in seen:  # nothing moves any more: `(?:)*`
                return reached | places
            seen.add(places)
        return reached

    def _at(self, where: str, at: int) -> bool:
        match where:
            case "AT_BEGINNING" | "AT_BEGINNING_STRING":
                return at == 0
            case "AT_END" | "AT_END_STRING":
                return at == len(self.name)
        sides = [_word(self.name[place : place + 1]) for place in (at - 1, at) if place >= 0]
        return (sum(sides) == 1) == (where == "AT_BOUNDARY")

    def _beside(self, direction: int, inner: Any, at: int) -> bool:
        """Whether the look ahead or behind from `at` finds something."""
        if direction > 0:
            return bool(self._sequence(inner, frozenset({at})))
        start = at - inner.getwidth()[0]
        return start >= 0 and at in self._sequence(inner, frozenset({start}))


def _takes(operation: str, value: Any, char: str) -> bool:
    match operation:
        case "LITERAL":
            return ord(char) == int(value)
        case "NOT_LITERAL":
            return ord(char) != int(value)
        case "ANY":
            return char != "\n"
    negated = bool(value) and str(value[0][0]) == "NEGATE"
    return any(_holds(str(kind), item, char) for kind, item in value) != negated


def _holds(kind: str, item: Any, char: str) -> bool:
    match kind:
        case "LITERAL":
            return ord(char) == int(item)
        case "RANGE":
            return int(item[0]) <= ord(char) <= int(item[1])
        case "CATEGORY":
            category = str(item).removeprefix("CATEGORY_")
            return _IS[category.removeprefix("NOT_")](char) != category.startswith("NOT_")
    return False


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"


_IS = {"DIGIT": str.isdecimal, "SPACE": str.isspace, "WORD": _word}
