# SPDX-License-Identifier: Apache-2.0
"""Front matter edited in place: only the keys that change, every other byte stays."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from core.documents import yaml_text
from core.documents.readme_parts import lines_of
from core.documents.yaml_lists import list_edits, readable, unfolds_too_far
from core.documents.yaml_text import MetaValue

SIZE_LIMIT = 200_000
"""Characters of front matter that are read; real cards stay far below."""


class NotEditable(Exception):
    """This front matter cannot be changed safely; the reason is plain text."""


@dataclass(frozen=True)
class _Entry:
    key: str
    start: int
    end: int
    indent: str
    value: yaml.Node


class FrontMatter:
    """The mapping between the fences, with the place of each top-level key.

    Raises NotEditable when the text is no YAML mapping in block style.
    """

    def __init__(self, meta: str, eol: str) -> None:
        self._text = meta
        self._eol = eol
        self.values = read_mapping(meta)
        self._edits: list[tuple[int, int, str]] = []
        self._added: list[str] = []
        self._expected: dict[str, Any] = dict(self.values)
        self._flow = _braces(meta)
        self._entries = [] if not self.values else _flow_entries(meta) if self._flow else _entries(meta)

    def set(self, key: str, value: MetaValue) -> None:
        """Give `key` this value: in its place when it is there, else as the last line."""
        plain: Any = dict(value) if isinstance(value, Mapping) else value
        plain = list(plain) if isinstance(plain, Sequence) and not isinstance(plain, str) else plain
        self._expected[key] = yaml.safe_load(yaml_text.entry(key, value, "\n"))[key]
        found = self._find(key)
        if self._flow is not None:
            self._set_in_braces(key, value, found)
            return
        if found is None:
            indent = self._entries[0].indent if self._entries else ""
            self._added.append(yaml_text.entry(key, value, self._eol, indent))
            return
        if isinstance(found.value, yaml.SequenceNode) and isinstance(plain, list):
            edits = list_edits(self._text, found.value, plain, self._eol)
            if edits is not None and plain:
                self._edits += edits
                return
        span = self._one_line_scalar(found)
        if span is not None and isinstance(value, str | int | float):
            shown = yaml_text.scalar(value)
            before = self._text[span[0] - 1 : span[0]]
            self._edits.append((*span, shown if before in {" ", "\t"} else " " + shown))
        else:
            self._edits.append((found.start, found.end, yaml_text.entry(key, value, self._eol, found.indent)))

    def remove(self, key: str) -> None:
        """Take the lines of `key` away."""
        found = self._find(key)
        if found is not None and self._flow is not None:
            raise NotEditable("style")
        if found is not None:
            del self._expected[key]
            self._edits.append((found.start, found.end, ""))

    def keep_items(self, key: str, keep: Sequence[str]) -> None:
        """Take items out of the list at `key`, leaving those in `keep` as they are written."""
        found = self._find(key)
        if found is None or not isinstance(found.value, yaml.SequenceNode):
            raise NotEditable(key)
        self._expected[key] = [item for item in self.values[key] if item in keep]
        node = found.value
        if node.flow_style:
            span = (node.start_mark.index, node.end_mark.index)
            self._edits.append((*span, yaml_text.flow_list(self._expected[key])))
            return
        starts = [self._line_start(item.start_mark.index) for item in node.value] + [found.end]
        for item, start, end in zip(node.value, starts, starts[1:], strict=False):
            if not re.fullmatch(r"\s*-\s+", self._text[start : item.start_mark.index]):
                raise NotEditable(key)
            if item.value not in keep:
                self._edits.append((start, end, ""))

    def text(self) -> str:
        """The edited text. Raises NotEditable when it would not read back as the values that were meant."""
        if not self._edits and not self._added:
            return self._text
        result = self._text
        for start, end, new in sorted(self._edits, reverse=True):
            result = result[:start] + new + result[end:]
        result += "".join(self._added)
        if repr(read_mapping(result)) != repr(self._expected):
            raise NotEditable("read back")
        return result

    def _find(self, key: str) -> _Entry | None:
        return next((entry for entry in reversed(self._entries) if entry.key == key), None)

    def _set_in_braces(self, key: str, value: MetaValue, found: _Entry | None) -> None:
        shown = yaml_text.flow(value)
        if found is not None:
            before = self._text[found.start - 1 : found.start]
            self._edits.append((found.start, found.end, shown if before in {" ", "\t"} else " " + shown))
            return
        assert self._flow is not None
        comma = ", " if self._entries else ""
        place = self._entries[-1].end if self._entries else self._flow
        self._edits.append((place, place, f"{comma}{json.dumps(key)}: {shown}"))

    def _line_start(self, index: int) -> int:
        return max(self._text.rfind("\n", 0, index), self._text.rfind("\r", 0, index)) + 1

    def _one_line_scalar(self, found: _Entry) -> tuple[int, int] | None:
        node = found.value
        if not isinstance(node, yaml.ScalarNode) or node.style in {"|", ">"}:
            return None
        start, end = node.start_mark.index, node.end_mark.index
        if re.search(r"[\r\n]", self._text[found.start : end]):
            return None
        return start, end


def read_mapping(meta: str) -> dict[str, Any]:
    """The values of a front matter. Raises NotEditable when it is no mapping with text keys."""
    if len(meta) > SIZE_LIMIT:
        raise NotEditable("size")
    try:
        node = yaml.compose(readable(meta), Loader=yaml.SafeLoader)
        if node is None:
            return {}
        if unfolds_too_far(node):
            raise NotEditable("alias")
        loaded = yaml.safe_load(readable(meta))
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        raise NotEditable(f"line {mark.line + 2}" if mark is not None else "yaml") from error
    if not isinstance(loaded, dict) or not all(isinstance(key, str) for key in loaded):
        raise NotEditable("mapping")
    return loaded


def _braces(meta: str) -> int | None:
    """The place of the closing brace when the whole front matter is one mapping in braces, as JSON is."""
    node = yaml.compose(readable(meta), Loader=yaml.SafeLoader)
    return node.end_mark.index - 1 if isinstance(node, yaml.MappingNode) and node.flow_style else None


def _flow_entries(meta: str) -> list[_Entry]:
    node = yaml.compose(readable(meta), Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    return [
        _Entry(str(key.value), value.start_mark.index, value.end_mark.index, "", value)
        for key, value in node.value
    ]


def _entries(meta: str) -> list[_Entry]:
    node = yaml.compose(readable(meta), Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise NotEditable("style")
    starts: list[tuple[int, str]] = []
    for key, _ in node.value:
        begin = max(meta.rfind("\n", 0, key.start_mark.index), meta.rfind("\r", 0, key.start_mark.index)) + 1
        indent = meta[begin : key.start_mark.index]
        if indent.strip(" "):
            raise NotEditable("style")
        starts.append((begin, indent))
    ends = [start for start, _ in starts[1:]] + [len(meta)]
    return [
        _Entry(str(key.value), start, _trimmed_end(meta, start, end), indent, value)
        for (key, value), (start, indent), end in zip(node.value, starts, ends, strict=True)
    ]


def _trimmed_end(meta: str, start: int, end: int) -> int:
    """The end of an entry without the blank lines and comments that stand between it and the next key."""
    lines = lines_of(meta[start:end])
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        end -= len(lines.pop())
    return end
