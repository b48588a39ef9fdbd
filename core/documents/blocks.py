# SPDX-License-Identifier: Apache-2.0
"""Our sections inside somebody's README: between markers, refreshed alone, reversible to the byte."""

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence

from core.documents.readme_parts import comments, lines_of

_MARK = re.compile(r"<!-- weighbridge:(begin|end) ([a-z0-9-]+) -->")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_NESTED = 20
"""How often blocks inside blocks are looked for. We never write any."""
_TAIL = frozenset(
    "citation citations cite citing bibtex references acknowledgements acknowledgments acknowledgement contact glossary authors "
    "contributors contributions changelog thanks".split()
)
_TAIL_PHRASES = frozenset(
    {"more information", "model card authors", "model card contact", "framework versions", "how to cite"}
)


def wrapped(name: str, content: str, eol: str) -> str:
    """A block with its markers, without a line end after it."""
    # Blank lines inside the markers: some readers take what directly follows a comment for HTML.
    lines = [
        f"<!-- weighbridge:begin {name} -->",
        "",
        *content.split("\n"),
        "",
        f"<!-- weighbridge:end {name} -->",
    ]
    return eol.join(lines)


def find_blocks(body: str) -> dict[str, tuple[int, int]]:
    """Place of each of our blocks (from marker to marker, without the line end after it); the first of a name counts.

    Only a begin line followed by the end line of the same name, with no other marker between, is a block.
    """
    found: dict[str, tuple[int, int]] = {}
    for name, start, end in _spans(body):
        found.setdefault(name, (start, end))
    return found


def _spans(body: str) -> Iterator[tuple[str, int, int]]:
    opened: tuple[str, int] | None = None
    for start, line, fenced in _walk(body):
        match = _MARK.fullmatch(line.rstrip("\r\n"))
        if match is None or (fenced and opened is None):
            continue
        if match[1] == "begin":
            opened = (match[2], start)
        elif opened is not None and opened[0] == match[2]:
            yield match[2], opened[1], start + len(line.rstrip("\r\n"))
            opened = None
        else:
            opened = None


def without_blocks(body: str) -> str:
    """The body with every block of ours taken out again: what the author wrote."""
    for _ in range(_NESTED):
        spans = [(start, end) for _, start, end in _spans(body)]
        if not spans:
            break
        body = _without(body, spans)
    return body


def update_blocks(
    body: str, blocks: Mapping[str, str], order: Sequence[str], eol: str, *, first: bool = False
) -> str:
    """`body` with our blocks refreshed, empty ones taken out, new ones put near their neighbours or before the tail.

    `first`: before the sections of the body, behind its title and what follows that.

    Of a block that stands several times, as after a merge gone wrong, the first is refreshed; of an empty one all go:
    else each edit would find the next.
    """
    for _ in range(_NESTED):
        silent = [(start, end) for name, start, end in _spans(body) if name in order and not blocks.get(name)]
        if not silent:
            break
        body = _without(body, silent)
    found = find_blocks(body)
    for name in order:
        if name in found and blocks.get(name):
            start, end = found[name]
            body = body[:start] + wrapped(name, blocks[name], eol) + body[end:]
            found = find_blocks(body)
    for position, name in enumerate(order):
        if blocks.get(name) and name not in found:
            body = _insert(
                body, found, name, blocks[name], order[:position], order[position + 1 :], eol, first
            )
            found = find_blocks(body)
    return body


def headings(body: str) -> tuple[tuple[int, str, int], ...]:
    """Headings the author wrote: level, plain words in lower case, place. Our own blocks are left out."""
    ours = sorted(find_blocks(body).values())
    begins = [begin for begin, _ in ours]
    found: list[tuple[int, str, int]] = []
    for start, line, fenced in _walk(body):
        match = None if fenced else _HEADING.match(line.rstrip("\r\n"))
        before = bisect.bisect_right(begins, start) - 1
        if match and not (before >= 0 and start < ours[before][1]):
            words = re.sub(r"[^\w ]+", " ", (match[2] or "").lower().replace("-", " "))
            found.append((len(match[1]), " ".join(words.split()), start))
    return tuple(found)


def _insert(
    body: str,
    found: Mapping[str, tuple[int, int]],
    name: str,
    content: str,
    before: Sequence[str],
    after: Sequence[str],
    eol: str,
    first: bool,
) -> str:
    chunk = wrapped(name, content, eol)
    previous = next((found[other] for other in reversed(before) if other in found), None)
    following = next((found[other] for other in after if other in found), None)
    if name == "summary" and "title" not in found and (title := _after_title(body)) is not None:
        place = title
    elif previous is not None:
        place = _after_line(body, previous[1])
        if (
            (first or "title" in found)
            and previous in (found.get("title"), found.get("summary"))
            and name != "summary"
        ):
            place = _before_heading(body, place)
    elif following is not None:
        place = following[0]
    elif name == "title":
        place = 0
    elif first and (title := _after_title(body)) is not None:
        place = _before_heading(body, title)
    else:
        place = _default_place(body)
    if place == len(body) and body and not body.endswith(("\n", "\r")):
        return body + eol + chunk
    return body[:place] + chunk + eol + body[place:]


def _without(body: str, spans: Sequence[tuple[int, int]]) -> str:
    """Exactly what _insert added is taken away, for each of `spans` in their order."""
    kept, done = "", 0
    for start, end in spans:
        kept += body[done:start]
        done = _after_line(body, end)
        if done == end:  # the block is the last line and has no line end: then the one before it is ours
            kept = kept[:-2] if kept.endswith("\r\n") else kept[:-1]
    return kept + body[done:]


def _after_line(body: str, index: int) -> int:
    return index + (2 if body.startswith("\r\n", index) else 1 if body.startswith(("\n", "\r"), index) else 0)


def _after_title(body: str) -> int | None:
    """Behind the line of the first heading of level 1, when it is the first heading."""
    first = next(iter(headings(body)), None)
    if first is None or first[0] != 1:
        return None
    return first[2] + len(lines_of(body[first[2] :])[0])


def _before_heading(body: str, place: int) -> int:
    """Before the first heading of the author from `place` on: what stands between our title and it belongs to the title."""
    hidden = [(begin, end) for begin, end in comments(body) if end > place]
    end = _open_construct(body)
    starts = (start for _, _, start in headings(body) if place <= start < end)
    return next((one for one in starts if not any(a < one < b for a, b in hidden)), max(place, end))


def _default_place(body: str) -> int:
    """Before the closing sections (citation, contact …) when there are any, else at the end; never inside open code."""
    found = [heading for heading in headings(body) if heading[0] <= 2]
    place = len(body)
    for _, words, start in reversed(found):
        if words not in _TAIL_PHRASES and not (words.split() and words.split()[0] in _TAIL):
            break
        place = start
    if place == len(body):
        place = _open_construct(body)
    return place


def _open_construct(body: str) -> int:
    """The start of a code fence or HTML comment that is never closed, else the end of the body."""
    fence, place = "", len(body)
    for start, line, _ in _walk(body):
        bare = line.rstrip("\r\n")
        if fence:
            fence = "" if _is_closing(bare, fence) else fence
        elif opened := _opening(bare):
            fence, place = opened, start
    if fence:
        return place
    commented: int | None = None
    for start, line, fenced in _walk(body):
        if fenced:  # in code it is no comment, and what stood there would be no block of ours
            continue
        ended, _, after = line.partition("-->") if commented is not None else ("", "", line)
        if ended == line:
            continue
        commented = start if "<!--" in after and "-->" not in after[after.rfind("<!--") :] else None
    return len(body) if commented is None else commented


def _opening(line: str) -> str:
    """The fence that `line` opens, or an empty text."""
    match = _FENCE.match(line)
    if match is None or (match[1][0] == "`" and "`" in line[match.end() :]):
        return ""
    return match[1]


def _is_closing(line: str, fence: str) -> bool:
    match = _FENCE.match(line)
    if match is None or line[match.end() :].strip():
        return False
    return match[1][0] == fence[0] and len(match[1]) >= len(fence)


def _walk(body: str) -> list[tuple[int, str, bool]]:
    """Each line with its place and whether it lies in a fenced code block (the fence lines count as inside)."""
    result: list[tuple[int, str, bool]] = []
    place, fence = 0, ""
    for line in lines_of(body):
        bare = line.rstrip("\r\n")
        if fence:
            result.append((place, line, True))
            fence = "" if _is_closing(bare, fence) else fence
        else:
            fence = _opening(bare)
            result.append((place, line, bool(fence)))
        place += len(line)
    return result
