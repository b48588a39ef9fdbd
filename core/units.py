# SPDX-License-Identifier: Apache-2.0
"""Numbers in words and in a form that cannot be misread. Documents always use English and SI."""

import math

_SUPER = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def scientific(value: int | float, digits: int = 2) -> str:
    """ "1.3 × 10²³" with `digits` significant figures (two are what the EU notification asks for)."""
    if value == 0:
        return "0"
    mantissa, exponent = (
        f"{value:.{digits - 1}e}".split("e") if value < 10**300 else _huge(int(value), digits)
    )
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPER)}"


def power_of_ten(exponent: int) -> str:
    """ "10²³"."""
    return "10" + str(exponent).translate(_SUPER)


def _huge(value: int, digits: int) -> tuple[str, str]:
    exponent = len(str(value)) - 1
    return f"{value // 10 ** (exponent - digits + 1) / 10 ** (digits - 1):.{digits - 1}f}", str(exponent)


def grouped(value: int) -> str:
    """ "8,030,261,248": a whole number with commas."""
    return f"{value:,}"


def count_parts(value: int) -> tuple[str, str]:
    """A count a person can hold, as (number, word): ("8.0", "billion"), ("27", "thousand"), ("896", "")."""
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**4, "thousand")):
        if value >= size:
            unit = 10**3 if word == "thousand" else size
            scaled = value / unit
            return (f"{scaled:.1f}" if scaled < 10 else f"{scaled:,.0f}"), word
    return grouped(value), ""


def short_count(value: int) -> str:
    """ "8.0 billion", "27 thousand", "896": a count a person can hold."""
    return " ".join(filter(None, count_parts(value)))


def times_parts(ratio: float) -> tuple[str, str]:
    """A ratio above 1 with two significant figures, as (number, word): ("140", ""), ("5.1", "million")."""
    if not math.isfinite(ratio) or ratio <= 0:
        return "?", ""
    if ratio < 10:
        return f"{ratio:.2g}", ""
    rounded = round(ratio, 1 - math.floor(math.log10(ratio)))
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if rounded >= size:
            scaled = rounded / size
            return (f"{scaled:.2g}" if scaled < 10 else f"{scaled:,.0f}"), word
    return f"{rounded:,.0f}", ""


def times(ratio: float) -> str:
    """A ratio above 1 in words with two significant figures: "3.2", "140", "21,000", "5.1 million"."""
    return " ".join(filter(None, times_parts(ratio)))


def distance(value: int, line: int) -> str:
    """How far `value` is from `line`: "about 140 times below the line", "on the line", "2.3 times over the line"."""
    if value <= 0:
        return "far below the line"
    if value == line:
        return "exactly on the line"
    if value < line:
        return (
            f"about {times(line / value)} times below the line"
            if line >= 1.05 * value
            else "just below the line"
        )
    return (
        f"about {times(value / line)} times over the line" if value >= 1.05 * line else "just over the line"
    )
