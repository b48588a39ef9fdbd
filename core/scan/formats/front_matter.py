# SPDX-License-Identifier: Apache-2.0
"""The YAML block at the top of a model card, as plain texts, lists and maps. Nothing in it is interpreted.

Every scalar stays the text that was written (YAML 1.1 would read `no`, Norwegian, as false). Aliases, tags with a
meaning, duplicate keys and deep nesting are refused: core/scan opens strangers' files.
"""

from typing import Any

import yaml

from core.scan import strictjson
from core.scan.refusal import refuse

CAP = 512_000
"""Characters of a front matter; sentence-transformers cards carry long widgets."""
_DEPTH = 24
_MARK = "---"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one: eight times faster
_NULL = "tag:yaml.org,2002:null"
_NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})
"""YAML 1.1's words for nothing (yaml.org/type/null.html)."""
_LINES_BEFORE = {"yaml": 2}
"""Number of the block's first line in its file."""


def split(card: str) -> tuple[str | None, str]:
    """The front matter (None when there is none) and the body of a card, any line ends."""
    lines = card.splitlines()
    if not lines or lines[0].rstrip() != _MARK:
        return None, card
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _MARK:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, card


def parse(block: str, kind: str = "yaml") -> dict[str, Any]:
    """The front matter as a map of texts, lists and maps. Raises CannotRead in the words of `kind`.

    The kind "settings" is a YAML file of its own.
    """
    value = parse_any(block, kind)
    if not isinstance(value, dict):
        raise refuse(f"{kind}.not_map")
    return value


def parse_any(block: str, kind: str = "yaml") -> Any:
    """As `parse`, but the whole may also be a list or a text."""
    if len(block) > CAP:
        raise refuse(f"{kind}.large")
    skipped = _LINES_BEFORE.get(kind, 1)
    try:
        return _Block(block, kind, skipped).whole()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise refuse(f"{kind}.broken", line=mark.line + skipped if mark is not None else "?") from error
    except (RecursionError, ValueError) as error:
        raise refuse(f"{kind}.deep") from error


class _Block:
    """One pass over the events of a block; `skipped` is the number of its first line in the file."""

    def __init__(self, block: str, kind: str, skipped: int) -> None:
        self._events = iter(yaml.parse(block, Loader=_LOADER))
        self._kind = kind
        self._skipped = skipped

    def whole(self) -> Any:
        """The value of the only document; an empty map when there is none. Raises YAMLError and CannotRead."""
        value: Any = {}
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise refuse(f"{self._kind}.broken", line=self._line(event))
                value = self._value(next(self._events), 0)
        return value

    def _value(self, event: yaml.Event, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return None if _is_null(event) else strictjson.mended(event.value)
        if isinstance(event, yaml.AliasEvent):
            raise refuse(f"{self._kind}.alias")
        if depth == _DEPTH:
            raise refuse(f"{self._kind}.deep")
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(depth + 1)
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, depth + 1))
        return values

    def _map(self, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            name = strictjson.mended(key.value) if isinstance(key, yaml.ScalarEvent) else "?"
            if name == "?":
                self._value(key, depth)
            if name in result:
                raise refuse(f"{self._kind}.duplicate", name=ascii(name[:60]), line=self._line(key))
            result[name] = self._value(next(self._events), depth)
        return result

    def _line(self, event: yaml.Event) -> int | str:
        """The line of the file an event begins in; "?" where it does not say."""
        return "?" if event.start_mark is None else event.start_mark.line + self._skipped


def _is_null(event: yaml.ScalarEvent) -> bool:
    """Whether a scalar is YAML's null: said so by its tag, or written plainly as one of its words."""
    return event.tag == _NULL or (event.tag is None and event.implicit[0] and event.value in _NULL_WORDS)
