# SPDX-License-Identifier: Apache-2.0
"""A sentence by its key in the catalogue, so that each language makes its own words of it.

What core says of the figures stands in documents, which are English, and in the window, which speaks its own language.
"""

from collections.abc import Iterable

from core.domain.base import Frozen
from core.texts import named, text


class Said(Frozen):
    """The sentence `key` ("file.entry") and what fills its places; str() gives the English words."""

    key: str
    values: "tuple[tuple[str, int | str | Said], ...]" = ()

    def __str__(self) -> str:
        return text(
            self.key, **{name: str(one) if isinstance(one, Said) else one for name, one in self.values}
        )

    def spoken(self) -> str | None:
        """In the language spoken; None where it has no words for the sentence, or for one inside it."""
        filled: dict[str, int | str] = {}
        for name, one in self.values:
            words = one.spoken() if isinstance(one, Said) else one
            if words is None:
                return None
            filled[name] = words
        return named(self.key, **filled)


def said(key: str, /, **values: "int | str | Said") -> Said:
    """The sentence for `key` with its places filled."""
    return Said(key=key, values=tuple(values.items()))


def in_english(sentences: Iterable[Said]) -> str:
    """The sentences, one after the other."""
    return " ".join(str(one) for one in sentences)


def as_spoken(sentences: Iterable[Said]) -> str:
    """The sentences in the language spoken; all of them in English where it lacks one: no text in two languages."""
    kept = tuple(sentences)
    words = [one.spoken() for one in kept]
    return " ".join(one for one in words if one is not None) if None not in words else in_english(kept)
