# SPDX-License-Identifier: Apache-2.0
"""JSON without surprises: no duplicate keys, no endless numbers, no bottomless nesting."""

import codecs
import json
import re
from typing import Any, Never

from core.scan.refusal import refuse

MOST = 70_000_000
"""Bytes of memory for the values of one file: about a second of work. An empty list of two letters takes 70."""
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_LONE = re.compile("[\ud800-\udfff]")


class _Duplicate(ValueError):
    pass


class _NotFinite(ValueError):
    pass


def decode(data: bytes) -> str:
    """The text of `data`: UTF-8 (with or without mark) or UTF-16 with its mark. Raises CannotRead."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("not_text", position=error.start) from error


def heavy(data: bytes, most: int = MOST) -> bool:
    """Whether the values in JSON text would take more than `most` bytes of memory, by a quick count of its signs."""
    strings = max(0, data.count(b'"') // 2 - (names := data.count(b":")))
    lists, maps, more = data.count(b"["), data.count(b"{"), data.count(b",")
    return 250 * maps + 150 * names + 72 * lists + 60 * strings + 40 * more > most


def parse(data: bytes, *, not_finite: bool = False, most: int = MOST) -> Any:
    """The JSON value in `data`. With `not_finite`, NaN and Infinity are read (the Trainer writes them).

    Raises CannotRead for anything else that is not one plain JSON value, and before the work when its values would take
    more than `most` bytes.
    """
    if len(data) > most // 250 and heavy(data, most):
        raise refuse("json.many")
    try:
        text = decode(data)
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_constant=float if not_finite else _refuse_constant,
        )
        return mended(value) if _HALF.search(text) else value
    except _Duplicate as error:
        raise refuse("json.duplicate", name=error.args[0]) from error
    except _NotFinite as error:
        raise refuse("json.not_finite", name=error.args[0]) from error
    except json.JSONDecodeError as error:
        raise refuse("json.broken", line=error.lineno, column=error.colno) from error
    except ValueError as error:  # int() of more than 4300 digits
        raise refuse("json.number") from error
    except RecursionError as error:
        raise refuse("json.deep") from error


def mended(value: Any) -> Any:
    """A copy of parsed JSON in which a half character ("\\ud800", which no file can hold) is the sign for none."""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {mended(key): mended(item) for key, item in value.items()}
    return [mended(item) for item in value] if isinstance(value, list) else value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Duplicate(ascii(name[:60]))
            seen.add(name)
    return result


def _refuse_constant(name: str) -> Never:
    raise _NotFinite(name)
