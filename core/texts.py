# SPDX-License-Identifier: Apache-2.0
"""The text catalogue: every sentence core can show, by key, in files under resources/texts/<language>/.

A catalogue file is a flat YAML mapping `key: text`; its file name is the first part of the key, so
`rules.eu.headline` is the entry `eu.headline` of rules.yaml. Placeholders are named: `{distance}`.

English is complete. Other languages have what surrounds the work (CHROME): pages, questions, names of facts. What a
law says and what goes into a document stays English, until somebody who knows both the law and the language
translated it.
"""

import functools
import re
from contextvars import ContextVar

from core.languages import ENGLISH, LANGUAGES
from core.resources import read_yaml

CHROME = ("flow", "questions", "facts", "glossary")
"""Catalogues that may be in another language. No document takes its words from them."""
NAMES = "names"
"""Names of lines, documents and ways to know: the window shows them in its language, documents keep the English ones."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak(language: str) -> None:
    """Show CHROME in `language` from now on; once, at the start of the window. Raises ValueError for others."""
    if language not in LANGUAGES:
        raise ValueError(f"no texts in {language!r}")
    _spoken.set(language)


def spoken() -> str:
    """The language of CHROME now."""
    return _spoken.get()


def catalogue(name: str) -> dict[str, str]:
    """The entries of <name>.yaml, in the language spoken where it has them."""
    return entries(name, _spoken.get() if name in CHROME else ENGLISH)


@functools.cache
def entries(name: str, language: str) -> dict[str, str]:
    """The entries of resources/texts/<language>/<name>.yaml; English ones stand in for those that are missing."""
    loaded = read_yaml(f"texts/{language}/{name}.yaml")
    # YAML 1.1 reads a bare `on` or `no` as a truth value: such a key must not pass.
    if not isinstance(loaded, dict) or not all(
        isinstance(part, str) for pair in loaded.items() for part in pair
    ):
        raise TypeError(f"texts/{language}/{name}.yaml must map keys to texts")
    return loaded if language == ENGLISH else entries(name, ENGLISH) | loaded


def text(key: str, /, **values: object) -> str:
    """The sentence for `key` ("file.entry") with its placeholders filled.

    Raises KeyError when the key or a placeholder's value is missing: a gap in a text is a bug, never shown.
    """
    name, entry = key.split(".", 1)
    return catalogue(name)[entry].format_map(values)


def in_words(english: str) -> str:
    """A name or remark that core gave in English, in the language spoken; itself where NAMES has no words for it."""
    language = _spoken.get()
    if language == ENGLISH or not english:
        return english
    same, patterns = _names(language)
    if english in same:
        return same[english]
    for pattern, other in patterns:
        found = pattern.fullmatch(english)
        if found is not None:
            return other.format_map(found.groupdict())
    return english


@functools.cache
def _names(language: str) -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Sentences as they are, and those with placeholders as patterns of their English form."""
    same, patterns = {}, []
    for key, other in read_names(language).items():
        name, entry = key.split(".", 1)
        english = entries(name, ENGLISH)[entry]
        if "{" not in english:
            same[english] = other
            continue
        parts = re.split(r"\{(\w+)\}", english)
        shape = "".join(
            f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
        )
        patterns.append((re.compile(shape), other))
    return same, tuple(patterns)


def read_names(language: str) -> dict[str, str]:
    """What texts/<language>/names.yaml says for each "catalogue.entry"."""
    loaded = read_yaml(f"texts/{language}/{NAMES}.yaml")
    if not isinstance(loaded, dict):
        raise TypeError(f"texts/{language}/{NAMES}.yaml must map keys to texts")
    return loaded
