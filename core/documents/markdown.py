# SPDX-License-Identifier: Apache-2.0
"""Text of people and files turned into Markdown that shows exactly that text and nothing else."""

import json
import re

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPECIAL = re.compile(r"([\\`*\[\]|]|~~|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|<|&(?=#?\w+;)|!(?=\[)|\$(?=\S))")
_BLOCK_START = re.compile(r"^(>|#{1,6}(?=\s|$)|[-+=](?=\s|$|[-=]+\s*$)|-{2,}|={2,}|~{3,}|:(?=\s))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_ENTITY = {"<": "&lt;", "&": "&amp;"}
_ITEM = re.compile(r"^[-*+•]\s+")


class Safe(str):
    """Markdown that was escaped or written by us; the renderer prints it as it is."""

    __slots__ = ()


def clean(value: str) -> str:
    """`value` without control characters, direction overrides and lone surrogates; line ends become LF."""
    return _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def _escape(value: str) -> str:
    return _SPECIAL.sub(lambda match: _ENTITY.get(match[0]) or "\\" + match[0], value)


def _escape_start(line: str) -> str:
    """Take the meaning away from a line start that Markdown reads as heading, rule, list or fence."""
    numbered = _NUMBERED.match(line)
    if numbered:
        return f"{numbered[1]}\\{numbered[2]}{line[numbered.end() :]}"
    return "\\" + line if _BLOCK_START.match(line) else line


def inline(value: str) -> Safe:
    """One line of text, safe anywhere in a paragraph, a heading, a list item or a table cell."""
    return Safe(_escape_start(_escape(" ".join(clean(value).split()))))


def prose(value: str) -> Safe:
    """Paragraphs and simple lists as the person typed them; every other Markdown or HTML stays plain text."""
    lines: list[str] = []
    for raw in clean(value).split("\n"):
        line = " ".join(raw.split())
        item = _ITEM.match(line)
        if item and line[item.end() :]:
            lines.append("- " + _escape_start(_escape(line[item.end() :])))
        else:
            lines.append(_escape_start(_escape(line)))
    squeezed = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return Safe(squeezed.strip("\n"))


def literal(value: str) -> str:
    """`value` as a double-quoted string that Python and JSON read the same, safe inside a code fence."""
    quoted = json.dumps(clean(value), ensure_ascii=False)
    return quoted.replace("<", "\\u003c").replace(">", "\\u003e").replace("`", "\\u0060")


def fenced(code: str, language: str = "") -> Safe:
    """A fenced code block whose fence is longer than any run of back-quotes inside."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return Safe(f"{fence}{language}\n{code.rstrip()}\n{fence}")


def link(label: str, url: str) -> Safe:
    """A Markdown link; only http and https addresses become one, anything else stays plain text."""
    if not re.fullmatch(r"https?://[\w.:/@%+~#?&=,;!$'*()-]+", url):
        return inline(label)
    return Safe(f"[{inline(label)}](<{url}>)" if re.search(r"[()*]", url) else f"[{inline(label)}]({url})")
