# SPDX-License-Identifier: Apache-2.0
"""Numbers in the language of the window. In English they read as core says them; documents are in English always."""

from fractions import Fraction

from PySide6.QtCore import QLocale

from core.domain.finding import Line
from core.units import count_parts, grouped, power_of_ten, scientific, times_parts
from gui.words import words

_JUST = Fraction(105, 100)
"""Nearer than this the distance is said without a number, as in core.units.distance."""


def count_words(value: int, *, before_noun: bool = False) -> str:
    """ "8.0 billion", "27 thousand", "896": a count a person can hold, alone or before what is counted."""
    parts = count_parts(value)
    return _before_noun(parts) if before_noun else _sized(parts)


def distance_words(line: Line) -> str:
    """How far the model is from a line: "about 140 times below the line"; empty where core says nothing."""
    value = line.model_value
    if not line.distance or value is None:
        return line.distance
    if value <= 0:
        return words("NumberWords", "far below the line")
    if value == line.value:
        return words("NumberWords", "exactly on the line")
    if value < line.value:
        said, ratio = words("NumberWords", "about {times} times below the line"), line.value / value
        near = words("NumberWords", "just below the line")
    else:
        said, ratio = words("NumberWords", "about {times} times over the line"), value / line.value
        near = words("NumberWords", "just over the line")
    return said.format(times=_before_noun(times_parts(ratio))) if ratio >= _JUST else near


def factor_words(factor: Fraction) -> str:
    """A factor of training: "as it was", "10 times as much", "10 times less"."""
    if factor == 1:
        return words("NumberWords", "as it was")
    if factor > 1:
        return words("NumberWords", "{times} times as much").format(
            times=_before_noun(times_parts(float(factor)))
        )
    return words("NumberWords", "{times} times less").format(
        times=_before_noun(times_parts(float(1 / factor)))
    )


def move_words(value: int, decades: int) -> str:
    """A line moved by `decades` powers of ten: "10 times lower: 10²² FLOP"."""
    if decades == 0:
        return words("NumberWords", "as it stands: {value} FLOP").format(value=scientific(value))
    after = value * 10**decades if decades > 0 else value // 10**-decades
    digits = len(str(after)) - 1
    power = power_of_ten(digits) if after == 10**digits else scientific(after)
    said = (
        words("NumberWords", "{times} times higher: {value} FLOP")
        if decades > 0
        else words("NumberWords", "{times} times lower: {value} FLOP")
    )
    return said.format(times=_digits(grouped(10 ** abs(decades))), value=power)


def _sized(parts: tuple[str, str]) -> str:
    number, word = parts
    said = {
        "thousand": words("NumberWords", "{count} thousand"),
        "million": words("NumberWords", "{count} million"),
        "billion": words("NumberWords", "{count} billion"),
        "trillion": words("NumberWords", "{count} trillion"),
    }.get(word, "{count}")
    return said.format(count=_digits(number))


def _before_noun(parts: tuple[str, str]) -> str:
    """The same before a noun: some languages join them ("8,6 millions de fois")."""
    number, word = parts
    said = {
        "thousand": words("NumberBeforeNoun", "{count} thousand"),
        "million": words("NumberBeforeNoun", "{count} million"),
        "billion": words("NumberBeforeNoun", "{count} billion"),
        "trillion": words("NumberBeforeNoun", "{count} trillion"),
    }.get(word, "{count}")
    return said.format(count=_digits(number))


def _digits(number: str) -> str:
    """A number of core's with the signs of the window's language; in English as it is, also in a country with others."""
    locale = QLocale()
    if locale.language() == QLocale.Language.English:
        return number
    return "".join({",": locale.groupSeparator(), ".": locale.decimalPoint()}.get(one, one) for one in number)
