# SPDX-License-Identifier: Apache-2.0
"""The words of the trade, each in one or two plain sentences, and which of them stand in a text."""

import functools
import re

from core.domain.base import Frozen
from core.languages import ENGLISH
from core.texts import catalogue, entries, spoken


class Term(Frozen):
    """One entry. `forms` are the ways it is written in other texts, the first one being its name."""

    id: str
    forms: tuple[str, ...]
    means: str

    @property
    def name(self) -> str:
        """The word as a list shows it."""
        return self.forms[0]


def glossary() -> tuple[Term, ...]:
    """Every term, by name, in the language spoken. English forms come last: texts of laws keep them."""
    return _glossary(spoken())


@functools.cache
def _glossary(_language: str) -> tuple[Term, ...]:
    words, english = catalogue("glossary"), entries("glossary", ENGLISH)
    ids = dict.fromkeys(key.rsplit(".", 1)[0] for key in words)
    terms = (
        Term(
            id=one,
            forms=tuple(
                dict.fromkeys((*words[f"{one}.forms"].split("|"), *english[f"{one}.forms"].split("|")))
            ),
            means=words[f"{one}.means"],
        )
        for one in ids
    )
    return tuple(sorted(terms, key=lambda term: term.name.lower()))


def terms_in(text: str) -> tuple[Term, ...]:
    """The terms that stand in `text` as whole words, in the order in which they appear.

    Where one form lies in another ("base" in "base model", "weights" in "open weights"), the longer one counts.
    """
    language = spoken()
    by_form = _by_form(language)
    return tuple(dict.fromkeys(by_form[match[0]] for match in _pattern(language).finditer(text)))


@functools.cache
def _by_form(language: str) -> dict[str, Term]:
    return {form: term for term in _glossary(language) for form in term.forms}


@functools.cache
def _pattern(language: str) -> re.Pattern[str]:
    longest_first = sorted(_by_form(language), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(form) for form in longest_first)})(?![\w-])")
