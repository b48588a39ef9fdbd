# SPDX-License-Identifier: Apache-2.0
"""Numbers as people write them: 7b, 7 000 000 000, 7,0e9, 8B, 1.5T, 30 million, Arabic digits."""

import re
import unicodedata
from decimal import Context, Decimal, InvalidOperation

from core.errors import WeighbridgeError
from core.texts import text

_SCALE = {
    "": 0,
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 6),
    **dict.fromkeys(("b", "bn", "g", "billion", "billions"), 9),
    **dict.fromkeys(("t", "tn", "trillion", "trillions"), 12),
}
_SHAPE = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>[0-9][0-9.,]*|[.,][0-9]+)(?:(?:e|x10\^|\*10\^|x10\*\*)(?P<exp>[+-]?[0-9]{1,3}))?(?P<word>[a-z]*)"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_IGNORED = re.compile(r"[\s_'’\u00a0\u202f\u2009]+")
_LARGEST_EXPONENT = 60
_EXACT = Context(prec=3 * _LARGEST_EXPONENT)
"""Room for all digits that are read: the usual 28 would round a longer number."""


class NotANumber(WeighbridgeError, ValueError):
    """The text cannot be read as the number asked for; the message says what can be written."""


def parse_count(written: str, decimal: str = ".") -> int:
    """The whole number somebody wrote, exactly.

    `decimal` is the decimal sign of the person's language, "." or ",". It only decides where both readings make
    sense ("1,500M"). Signs in groups of three without a unit are always grouping: a count has no thousandths.
    Raises NotANumber for anything else than a whole number of 0 or more.
    """
    value = _parse(written, decimal, whole=True)
    if value != value.to_integral_value():
        raise NotANumber(text("numbers.whole", written=written.strip()))
    if value < 0:
        raise NotANumber(text("numbers.negative", written=written.strip()))
    return int(value)


def parse_number(written: str, decimal: str = ".") -> float:
    """The number somebody wrote ("5,5", "5.5", "1 200"). Raises NotANumber."""
    value = float(_parse(written, decimal, whole=False))
    if value in (float("inf"), float("-inf")):
        raise NotANumber(text("numbers.unclear", written=written.strip()))
    return value


def _parse(written: str, decimal: str, *, whole: bool) -> Decimal:
    plain = _IGNORED.sub("", _ascii_digits(written)).lower().replace("×", "x").replace("−", "-")
    match = _SHAPE.fullmatch(plain)
    if match is None or match["word"] not in _SCALE:
        raise NotANumber(text("numbers.unclear", written=written.strip()))
    scaled = bool(match["exp"] or match["word"])
    exponent = int(match["exp"] or 0) + _SCALE[match["word"]]
    if abs(exponent) > _LARGEST_EXPONENT or len(match["digits"]) > _LARGEST_EXPONENT:
        raise NotANumber(text("numbers.unclear", written=written.strip()))
    digits = _one_point(match["digits"], decimal, group_threes=whole and not scaled)
    try:
        return Decimal(match["sign"] + digits).scaleb(exponent, _EXACT)
    except InvalidOperation as error:
        raise NotANumber(text("numbers.unclear", written=written.strip())) from error


def _one_point(digits: str, decimal: str, *, group_threes: bool) -> str:
    """The digits with grouping taken out and "." as the decimal sign; left as they are when that fails."""
    other = "," if decimal == "." else "."
    if "." in digits and "," in digits:
        last = max(digits, key=lambda sign: digits.rfind(sign) if sign in ".," else -1)
        group = "," if last == "." else "."
        whole, _, fraction = digits.rpartition(last)
        return f"{whole.replace(group, '')}.{fraction}" if _GROUPED.fullmatch(whole) else digits
    sign = "." if "." in digits else ","
    grouped = _GROUPED.fullmatch(digits) is not None
    if grouped and (group_threes or digits.count(sign) > 1 or (sign == other and not digits.startswith("0"))):
        return digits.replace(sign, "")
    return digits.replace(",", ".")


def _ascii_digits(written: str) -> str:
    """Digits of every script as 0-9, and their decimal and grouping signs as . and nothing."""
    signs = {"٫": ".", "٬": "", "،": ","}
    return "".join(
        signs.get(
            char, str(unicodedata.decimal(char)) if unicodedata.decimal(char, None) is not None else char
        )
        for char in written
    )
