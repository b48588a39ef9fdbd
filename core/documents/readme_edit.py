# SPDX-License-Identifier: Apache-2.0
"""A model card written new, or an existing README edited so that everything the author wrote survives."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from core.documents import yaml_text
from core.documents.blocks import find_blocks, headings, update_blocks, without_blocks, wrapped
from core.documents.front_matter import FrontMatter, NotEditable, read_mapping
from core.documents.leftovers import has_prose
from core.documents.metadata import Setting, apply_settings, meta_value
from core.documents.readme_parts import split_readme
from core.errors import CannotRead
from core.texts import text

SIZE_LIMIT = 5_000_000
"""Bytes of a README that are edited; the Hub itself shows far less."""

BLOCKS = (
    "title", "summary", "model-details", "how-to-use", "uses", "limitations", "training-data", "training-procedure",
    "evaluation", "training-compute", "environmental-impact", "technical-specifications", "licence", "citation",
)  # fmt: skip

# Sections that are left to the author when a heading of theirs begins with one of these words.
_AUTHORS_OWN: dict[str, tuple[str, ...]] = {
    "model-details": ("model details", "model description", "model summary"),
    "how-to-use": (
        "how to use",
        "how to get started",
        "quick start",
        "quickstart",
        "usage",
        "getting started",
        "inference",
    ),
    "uses": ("uses", "intended use", "intended uses", "direct use", "out of scope"),
    "limitations": ("limitations", "bias", "risks", "ethical considerations"),
    "training-data": ("training data", "training and evaluation data", "dataset", "datasets", "data"),
    "training-procedure": ("training procedure", "training hyperparameters", "training details"),
    "evaluation": ("evaluation", "results", "benchmark", "benchmarks", "performance"),
    "technical-specifications": ("technical specifications",),
    "licence": ("licence", "license", "licensing"),
    "citation": ("citation", "citations", "cite", "citing", "how to cite", "bibtex"),
}


class Edited(NamedTuple):
    """The new text, the front matter as it reads now, and why the front matter was left alone (or empty)."""

    content: str
    values: dict[str, Any]
    left_alone: str


def new_card(wanted: tuple[Setting, ...], blocks: Mapping[str, str]) -> Edited:
    """A card where there was none."""
    meta = "".join(yaml_text.entry(setting.key, meta_value(setting), "\n") for setting in wanted)
    front = f"---\n{meta}---\n\n" if meta else ""
    body = "\n\n".join(wrapped(name, blocks[name], "\n") for name in BLOCKS if blocks.get(name))
    return Edited(front + body + "\n", {setting.key: setting.value for setting in wanted}, "")


def edit_card(
    existing: str,
    wanted: tuple[Setting, ...],
    blocks: Mapping[str, str],
    always: Collection[str] = (),
    *,
    first: bool = False,
) -> Edited:
    """`existing` with our keys and our blocks; all other bytes are kept. `first`: ours stand before its sections.

    A block whose subject the author already writes about is left to the author, unless its name is in `always`.
    """
    parts = split_readme(existing)
    if not wanted and not blocks:  # nothing to say: not even a tool's slip is touched
        return Edited(existing, _values(parts.meta), "")
    meta, values, left_alone = parts.meta, dict[str, Any](), ""
    try:
        front = FrontMatter(parts.meta, parts.eol)
        values = front.values
        apply_settings(front, wanted)
        meta = front.text()
        values = read_mapping(meta)
    except NotEditable as reason:
        left_alone = str(reason)
    body = update_blocks(
        parts.body, _wanted_blocks(parts.body, blocks, always), BLOCKS, parts.eol, first=first
    )
    opening, closing = parts.opening, parts.closing
    if meta and not opening:
        opening, closing = f"---{parts.eol}", f"---{parts.eol}"
    elif body and opening and not closing.endswith(("\n", "\r")):
        closing += parts.eol  # the file ended with its fence: what follows on that line would undo it
    content = parts.bom + opening + meta + closing + body
    return Edited(content, values, left_alone)


def _values(meta: str) -> dict[str, Any]:
    try:
        return read_mapping(meta)
    except NotEditable:
        return {}


def decode_readme(data: bytes, name: str = "README.md") -> str:
    """The text of an existing README, every byte accounted for. Raises CannotRead when it is no UTF-8 text."""
    if len(data) > SIZE_LIMIT:
        raise CannotRead(
            text("documents.readme.too_large", name=name),
            why=text("documents.readme.too_large_why"),
            todo=text("documents.readme.todo"),
        )
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        raise CannotRead(
            text("documents.readme.lfs", name=name),
            why=text("documents.readme.lfs_why"),
            todo=text("documents.readme.lfs_todo"),
        )
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CannotRead(
            text("documents.readme.not_utf8", name=name),
            why=text("documents.readme.not_utf8_why", place=error.start),
            todo=text("documents.readme.not_utf8_todo"),
        ) from error
    if "\x00" in content:
        raise CannotRead(
            text("documents.readme.not_utf8", name=name),
            why=text("documents.readme.binary_why"),
            todo=text("documents.readme.todo"),
        )
    return content


def authors_sections(body: str) -> frozenset[str]:
    """Names of our blocks whose subject the author covers with own words (a template's empty section does not count)."""
    written: list[str] = []
    found = headings(body)
    for number, (level, words, start) in enumerate(found):
        end = next((place for other, _, place in found[number + 1 :] if other <= level), len(body))
        if has_prose(body[start:end]):
            written.append(words)
    names = {
        name
        for name, starts in _AUTHORS_OWN.items()
        if any(words == start or words.startswith(start + " ") for words in written for start in starts)
    }
    first = next((place for level, _, place in found if level > 1), len(body))
    if has_prose(without_blocks(body[:first])):
        names.add("summary")
    if body_is_written(body):
        names.add("title")
    return frozenset(names)


def body_is_written(body: str) -> bool:
    """Whether anything but our own blocks stands in `body`."""
    return bool(without_blocks(body).strip())


def _wanted_blocks(body: str, blocks: Mapping[str, str], always: Collection[str]) -> dict[str, str]:
    """Our blocks without those that are the author's subject; a block that is there already stays ours."""
    ours = find_blocks(body)
    theirs = authors_sections(body)
    return {
        name: content
        for name, content in blocks.items()
        if name in ours or name in always or name not in theirs
    }
