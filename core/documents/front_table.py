# SPDX-License-Identifier: Apache-2.0
"""The front matter of a card as a Markdown table, for people to read in a preview. Nothing of it is ever written."""

import re
from typing import Any

from core.documents.front_matter import NotEditable, read_mapping
from core.texts import text

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LONGEST = 300


def with_front_table(content: str) -> str:
    """`content` with its front matter as a table; one that cannot be read stands as it is, as a block of code."""
    lines = content.splitlines()
    if lines[:1] != ["---"] or "---" not in lines[1:]:
        return content
    end = lines.index("---", 1)
    meta, body = lines[1:end], lines[end + 1 :]
    try:
        values = read_mapping("\n".join(meta) + "\n")
    except NotEditable:
        return "\n".join(["```", *meta, "```", *body])
    if not values:
        return "\n".join(body)
    head = [text("documents.front_table.key"), text("documents.front_table.value")]
    rows = [_row(*head), "|---|---|", *(_row(key, _words(value)) for key, value in values.items())]
    return "\n".join([*rows, "", *body])


def _row(key: str, value: str) -> str:
    return f"| {_plain(key)} | {_plain(value)} |"


def _words(value: Any) -> str:
    """A value as a person would say it: lists with commas, what is nested with its keys."""
    if value is None:
        return text("documents.front_table.empty")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        said = "; ".join(f"{key}: {_words(item)}" for key, item in value.items())
    elif isinstance(value, list):
        said = ", ".join(_words(item) for item in value) or text("documents.front_table.empty")
    else:
        said = str(value)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _plain(words: str) -> str:
    """A table cell in which nothing is markup."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(words.split())) or " "
