# SPDX-License-Identifier: Apache-2.0
"""The text catalogue: every sentence core can show, by key, in files under resources/texts/<language>/.

A catalogue file is a flat YAML mapping `key: text`; its file name is the first part of the key, so
`rules.eu.headline` is the entry `eu.headline` of rules.yaml. Placeholders are named: `{distance}`.

English is complete. Other languages have what surrounds the work (CHROME): pages, questions, names of facts. What a
law says and what goes into a document stays English, until somebody who knows both the law and the language
translated it.
"""

import functools
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
    return _entry(key, _spoken.get()).format_map(values)


@functools.cache
def _entry(key: str, language: str) -> str:
    """What `text` fills. There are as many as there are sentences; what raises is not kept."""
    name, entry = key.split(".", 1)
    return entries(name, language if name in CHROME else ENGLISH)[entry]


def in_words(english: str) -> str:
    """A name that core gave in English, in the language spoken; itself where NAMES has no words for it.

    Names only: what has places to fill is found by its key (`named`).
    """
    return _names(_spoken.get()).get(english, english)


def named(key: str, /, **values: object) -> str | None:
    """The entry `key` of NAMES in the language spoken, filled; None where that language has no words for it."""
    language = _spoken.get()
    if language == ENGLISH:
        return text(key, **values)
    words = read_names(language).get(key)
    return None if words is None else words.format_map(values)


@functools.cache
def _names(language: str) -> dict[str, str]:
    """The words of NAMES by the English ones."""
    found = {}
    for key, words in read_names(language).items() if language != ENGLISH else ():
        name, entry = key.split(".", 1)
        found[entries(name, ENGLISH)[entry]] = words
    return found


@functools.cache
def read_names(language: str) -> dict[str, str]:
    """What texts/<language>/names.yaml says for each "catalogue.entry"."""
    loaded = read_yaml(f"texts/{language}/{NAMES}.yaml")
    if not isinstance(loaded, dict):
        raise TypeError(f"texts/{language}/{NAMES}.yaml must map keys to texts")
    return loaded
