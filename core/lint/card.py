# SPDX-License-Identifier: Apache-2.0
"""A card as the rules see it: values with their lines, prose without code, headings of every make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import yaml

from core.documents.front_matter import SIZE_LIMIT
from core.documents.readme_parts import comments, lines_of, split_readme
from core.lint.problem import Problem, problem

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}#{1,6}[ \t]*([^#\s](?:.*[^ \t#])?)[ \t#]*$")
_BOLD = re.compile(r"\s*(?:[-*]\s+)?(?:\*\*|__)(.{2,80}?)(?:\*\*|__)\s*:?\s*")
_BOLD_LEAD = re.compile(r"\s*(?:[-*]\s+)?(?:\*\*|__)([^*_]{2,60}?):?(?:\*\*|__)\s{0,3}:?\s+\S")
_HTML = re.compile(r"<(?:h[1-6]|summary)\b[^>]*>(.*?)</", re.IGNORECASE)
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*$")
_LONGEST_HEADING = 500
"""Characters of a line that are looked at for a heading."""


@dataclass(frozen=True)
class Card:
    """`values` is empty when the front matter cannot be read; then `broken` is true and rules on keys keep quiet."""

    text: str
    body: str
    body_line: int
    values: dict[str, Any] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    broken: bool = False

    def line(self, key: str) -> int | None:
        """The line of a key of the front matter."""
        return self.key_lines.get(key)

    def listed(self, key: str) -> list[Any]:
        """The value of `key` as a list: a single value becomes a list of one."""
        value = self.values.get(key)
        return value if isinstance(value, list) else [] if value is None else [value]

    def lines(self) -> Iterator[tuple[int, str, bool]]:
        """(line number in the file, line without its end, whether it is code) of the body; comments are blanked."""
        fence = ""
        for number, line in enumerate(lines_of(_blank_comments(self.body)), start=self.body_line):
            bare = line.rstrip("\r\n")
            mark = _FENCE.match(bare)
            if fence:
                yield number, bare, True
                if mark and mark[1].startswith(fence) and not bare.strip().strip(fence[0]):
                    fence = ""
            elif mark:
                fence = mark[1]
                yield number, bare, True
            else:
                yield number, bare, False

    def headings(self) -> Iterator[str]:
        """Words of everything that looks like a heading, in small letters."""
        before = ""
        for _, whole, code in self.lines():
            if code:
                before = ""
                continue
            line = whole[:_LONGEST_HEADING]
            for pattern in (_ATX, _BOLD, _BOLD_LEAD):
                if match := (pattern.match if pattern is _BOLD_LEAD else pattern.fullmatch)(line):
                    yield match[1].lower()
                    break
            for match in _HTML.finditer(line):
                yield re.sub(r"<[^<>]*>", "", match[1]).lower()
            if before.strip() and _UNDERLINE.fullmatch(line) and len(before) < 120:
                yield before.strip().lower()
            before = line

    def prose(self) -> str:
        """The body without code, comments and pictures."""
        kept = [
            re.sub(r"`[^`]*`|!\[[^\[\]]*\]\([^()]*\)|<[^<>]*>", " ", line)
            for _, line, code in self.lines()
            if not code
        ]
        return "\n".join(kept)


def read_card(content: str) -> Card:
    """The card, with the problems that its front matter has as a whole."""
    parts = split_readme(content)
    found: list[Problem] = []
    if parts.bom and parts.opening:
        found.append(problem("front-matter-bom", 1))
    if not parts.opening:
        found.append(_no_front(parts.bom + parts.body))
        return Card(content, parts.body, 1, problems=tuple(found), broken=True)
    first = 1 + len(lines_of(parts.bom + parts.opening))
    body_line = first + len(lines_of(parts.meta)) + len(lines_of(parts.closing))
    values, key_lines, broken = _read(parts.meta, first, found)
    return Card(content, parts.body, body_line, values, key_lines, tuple(found), broken)


def _no_front(content: str) -> Problem:
    lines = [line.rstrip() for line in lines_of(content)]
    bare = [number for number, line in enumerate(lines[:60]) if line == "---"]
    if lines and lines[0].lstrip("\ufeff") == "---":
        return problem("front-matter-open", 1)
    for start, end in pairwise(bare):
        inside = [line for line in lines[start + 1 : end] if line.strip()]
        if inside and re.match(r"[A-Za-z_]+:(\s|$)", inside[0]):
            return problem("front-matter-not-first", start + 1)
    return problem("front-matter-missing", 1)


def _read(meta: str, first: int, found: list[Problem]) -> tuple[dict[str, Any], dict[str, int], bool]:
    if len(meta) > SIZE_LIMIT:
        found.append(problem("front-matter-yaml", first, why="it is longer than 200,000 letters"))
        return {}, {}, True
    try:
        node = yaml.compose(meta, Loader=yaml.SafeLoader)
        values = yaml.safe_load(meta)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        why = (
            getattr(error, "problem", None) or str(error).splitlines()[0]
            if str(error)
            else "it nests too deep"
        )
        found.append(
            problem("front-matter-yaml", first + mark.line if mark is not None else first, why=str(why))
        )
        return {}, {}, True
    if node is None:
        found.append(problem("front-matter-missing", first, kind="empty"))
        return {}, {}, True
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        found.append(problem("front-matter-not-mapping", first))
        return {}, {}, True
    lines: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), first + key.start_mark.line
        if name in lines:
            found.append(problem("key-twice", line, key=name, first=str(lines[name])))
        lines[name] = line
    return {str(key): value for key, value in values.items()}, lines, False


def _blank_comments(body: str) -> str:
    kept: list[str] = []
    last = 0
    for start, end in comments(body, marks=True):
        kept += body[last:start], re.sub(r"[^\r\n]", " ", body[start:end])
        last = end
    return "".join((*kept, body[last:]))
