# SPDX-License-Identifier: Apache-2.0
"""A README cut into byte order mark, front matter and body, so that joining gives the same text again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The same form as huggingface_hub 2.4.0 reads (repocard.REGEX_YAML_BLOCK); blanks after the fence are let through.
_FRONT = re.compile(r"(\s*---[ \t]*(?:\r\n|\n|\r))([\s\S]*?)((?<=[\r\n])---[ \t]*(?:\r\n|\n|\r|\Z))")
_EOL = re.compile(r"\r\n|\n|\r")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@dataclass(frozen=True)
class ReadmeParts:
    """`bom + opening + meta + closing + body` is the file. `opening` is empty when there is no front matter."""

    bom: str
    opening: str
    meta: str
    closing: str
    body: str
    eol: str

    def join(self) -> str:
        """The whole text."""
        return self.bom + self.opening + self.meta + self.closing + self.body


def split_readme(content: str) -> ReadmeParts:
    """Cut `content`; loses nothing."""
    bom = "\ufeff" if content.startswith("\ufeff") else ""
    rest = content[len(bom) :]
    eol = common_eol(rest)
    match = _FRONT.match(rest)
    if match is None:
        return ReadmeParts(bom=bom, opening="", meta="", closing="", body=rest, eol=eol)
    return ReadmeParts(bom, match[1], match[2], match[3], rest[match.end() :], eol)


def common_eol(content: str) -> str:
    """The line end used most in `content`; LF when there is none or when it is a tie."""
    found = _EOL.findall(content)
    counts = [(found.count(kind), kind) for kind in ("\n", "\r\n", "\r")]
    best = max(count for count, _ in counts)
    return next(kind for count, kind in counts if count == best)


def lines_of(content: str) -> list[str]:
    """Lines with their line ends; only LF, CRLF and CR end a line (never U+2028 and the like)."""
    return _LINE.findall(content)


def comments(body: str, *, marks: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each HTML comment, with `marks` also of those around our blocks. One without an end is none.

    No pattern: where the end is missing, it would look for it anew at every start.
    """
    start = body.find("<!--")
    while start >= 0:
        if not marks and body.startswith("<!-- weighbridge:", start):
            end = start + 4
        else:
            end = body.find("-->", start + 4)
            if end < 0:
                return
            end += 3
            yield start, end
        start = body.find("<!--", end)
