# SPDX-License-Identifier: Apache-2.0
"""A sentence by its key in the catalogue, so that each language makes its own words of it.

What core says of the figures stands in documents, which are English, and in the window, which speaks its own language.
"""

from collections.abc import Callable, Iterable

from core.domain.base import Frozen
from core.texts import named, text

Written = Callable[[str], str]
"""Writes a number as the language of the window does."""


class Said(Frozen):
    """The sentence `key` ("file.entry") and what fills its places; str() gives the English words."""

    key: str
    values: "tuple[tuple[str, int | str | Said], ...]" = ()

    def __str__(self) -> str:
        return text(
            self.key, **{name: str(one) if isinstance(one, Said) else one for name, one in self.values}
        )

    def spoken(self, written: Written = str) -> str | None:
        """In the language spoken; None where it has no words for the sentence, or for one inside it.

        `written` gives a value the signs of that language: "4.2 billion" stands inside German words else.
        """
        filled: dict[str, int | str] = {}
        for name, one in self.values:
            words = one.spoken(written) if isinstance(one, Said) else _value(one, written)
            if words is None:
                return None
            filled[name] = words
        return named(self.key, **filled)


class _Number(int):
    """A number whose signs follow the language, whatever the sentence asks of its form."""

    written: Written

    def __format__(self, form: str) -> str:
        return self.written(super().__format__(form))


def _value(one: int | str, written: Written) -> int | str:
    if isinstance(one, str):
        return written(one)
    number = _Number(one)
    number.written = written
    return number


def said(key: str, /, **values: "int | str | Said") -> Said:
    """The sentence for `key` with its places filled."""
    return Said(key=key, values=tuple(values.items()))


def in_english(sentences: Iterable[Said]) -> str:
    """The sentences, one after the other."""
    return " ".join(str(one) for one in sentences)


def as_spoken(sentences: Iterable[Said], written: Written = str) -> str:
    """The sentences in the language spoken; all of them in English where it lacks one: no text in two languages."""
    kept = tuple(sentences)
    words = [one.spoken(written) for one in kept]
    return " ".join(one for one in words if one is not None) if None not in words else in_english(kept)
