# SPDX-License-Identifier: Apache-2.0
"""Numbers and days in the language of the window. In English they read as core says them; documents are in English always."""

import datetime
import re
from collections.abc import Iterable
from fractions import Fraction

from PySide6.QtCore import QDate, QLocale

from core.domain.finding import Line
from core.domain.said import Said, as_spoken
from core.units import count_parts, grouped, power_of_ten, scientific, times_parts
from gui.words import words

_JUST = Fraction(105, 100)
"""Nearer than this the distance is said without a number, as in core.units.distance."""


def count_words(value: int, *, before_noun: bool = False) -> str:
    """ "8.0 billion", "27 thousand", "896": a count a person can hold, alone or before what is counted."""
    parts = count_parts(value)
    return _before_noun(parts) if before_noun else _sized(parts)


def scientific_words(value: int | float, digits: int = 2, *, short: bool = False) -> str:
    """ "1.3 × 10²³" with the decimal sign of the window's language; `short` drops zeros at the end ("10²³", "5 × 10²²")."""
    mantissa, times, power = scientific(value, digits).partition(" × ")
    if short and power:
        mantissa = f"{float(mantissa):g}"
        mantissa, times = ("", "") if mantissa == "1" else (mantissa, times)
    return digit_words(mantissa) + times + power


def short_words(value: float) -> str:
    """Three significant figures: "1,230", "0.0456"."""
    return digit_words(f"{value:,.3g}")


def grouped_words(value: int) -> str:
    """ "8,030,261,248": a whole number with the signs of the window's language."""
    return digit_words(grouped(value))


def distance_words(line: Line) -> str:
    """How far the model is from a line: "about 140 times below the line"; empty where core says nothing."""
    far, below, just_below = (
        words("NumberWords", "far below the line"),
        words("NumberWords", "about {times} times below the line"),
        words("NumberWords", "just below the line"),
    )
    on, over, just_over = (
        words("NumberWords", "exactly on the line"),
        words("NumberWords", "about {times} times over the line"),
        words("NumberWords", "just over the line"),
    )
    return _distance(line, far, below, just_below, on, over, just_over)


def nearest_words(line: Line) -> str:
    """The same for the nearest line, said as such: the line that decides may be another."""
    far, below, just_below = (
        words("NumberWords", "far below the nearest line"),
        words("NumberWords", "about {times} times below the nearest line"),
        words("NumberWords", "just below the nearest line"),
    )
    on, over, just_over = (
        words("NumberWords", "exactly on the nearest line"),
        words("NumberWords", "about {times} times over the nearest line"),
        words("NumberWords", "just over the nearest line"),
    )
    return _distance(line, far, below, just_below, on, over, just_over)


def _distance(line: Line, far: str, below: str, just_below: str, on: str, over: str, just_over: str) -> str:
    value = line.model_value
    if not line.distance or value is None:
        return line.distance
    if value <= 0:
        return far
    if value == line.value:
        return on
    if value < line.value:
        said, near, ratio = below, just_below, line.value / value
    else:
        said, near, ratio = over, just_over, value / line.value
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
        return words("NumberWords", "as it stands: {value} FLOP").format(value=scientific_words(value))
    after = value * 10**decades if decades > 0 else value // 10**-decades
    digits = len(str(after)) - 1
    power = power_of_ten(digits) if after == 10**digits else scientific_words(after)
    said = (
        words("NumberWords", "{times} times higher: {value} FLOP")
        if decades > 0
        else words("NumberWords", "{times} times lower: {value} FLOP")
    )
    return said.format(times=digit_words(grouped(10 ** abs(decades))), value=power)


def date_words(day: datetime.date) -> str:
    """A day written out in the language of the window; which day of the week it was says nothing about a law."""
    form = _WEEKDAY.sub(" ", QLocale().dateFormat(QLocale.FormatType.LongFormat)).strip(" ,،、")
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def _sized(parts: tuple[str, str]) -> str:
    number, word = parts
    said = {
        "thousand": words("NumberWords", "{count} thousand"),
        "million": words("NumberWords", "{count} million"),
        "billion": words("NumberWords", "{count} billion"),
        "trillion": words("NumberWords", "{count} trillion"),
    }.get(word, "{count}")
    return said.format(count=digit_words(number))


def _before_noun(parts: tuple[str, str]) -> str:
    """The same before a noun: some languages join them ("8,6 millions de fois")."""
    number, word = parts
    said = {
        "thousand": words("NumberBeforeNoun", "{count} thousand"),
        "million": words("NumberBeforeNoun", "{count} million"),
        "billion": words("NumberBeforeNoun", "{count} billion"),
        "trillion": words("NumberBeforeNoun", "{count} trillion"),
    }.get(word, "{count}")
    return said.format(count=digit_words(number))


_WEEKDAY = re.compile(r"[,،]?\s*dddd?[,،]?\s*")
_WRITTEN = re.compile(r"(\d[\d,.]*)(?: (thousand|million|billion|trillion))?")


def said_words(sentences: Iterable[Said]) -> str:
    """What core says of the figures, in the language of the window, and so its numbers."""
    return as_spoken(sentences, _number_in_words)


def _number_in_words(written: str) -> str:
    found = _WRITTEN.fullmatch(written)
    return written if found is None else _before_noun((found[1], found[2] or ""))


def digit_words(number: str) -> str:
    """A number of core's with the signs of the window's language; in English as it is, also in a country with others."""
    locale = QLocale()
    if locale.language() == QLocale.Language.English:
        return number
    return "".join({",": locale.groupSeparator(), ".": locale.decimalPoint()}.get(one, one) for one in number)
