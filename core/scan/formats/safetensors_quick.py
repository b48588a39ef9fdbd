# SPDX-License-Identifier: Apache-2.0
"""Headers as the format's own library writes them: no blanks, one order of keys, no escapes. Anything else: None.

A header is read before a person waits for anything else, and the strict parser needs a Python call for each object. Here
each entry must match to the last byte, so nothing can hide between them; rules are checked as in safetensors_header.
"""

import gc
import math
import re
from collections.abc import Mapping
from itertools import accumulate, repeat
from operator import add
from typing import NamedTuple

_TEXT = r'"([^"\\\x00-\x1f]*)"'
_METADATA = re.compile(r'\{"__metadata__":\{((?:"[^"\\\x00-\x1f]*":"[^"\\\x00-\x1f]*",?)*)\}(?=[,}])')
_PAIR = re.compile(rf"{_TEXT}:{_TEXT}(?:,|\Z)")
_SHAPE = re.compile(r":\[((?:(?:0|[1-9]\d{0,18})(?:,(?:0|[1-9]\d{0,18}))*)?)\],\Z", re.ASCII)
_CONTROL = bytes(range(32))
_PIECES = 10
"""An entry cut at its quotes: name :{ dtype : F32 , shape :[2,3], data_offsets :[0,24]},"""
_Kind = tuple[str, tuple[int, ...], int, int]
_FIXED = ((1, ":{"), (2, "dtype"), (3, ":"), (5, ","), (6, "shape"), (8, "data_offsets"))


class Tensor(NamedTuple):
    """One tensor as the header declares it. `size` in bytes; `elements` is the product of the shape (1 for a scalar)."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    size: int
    elements: int


def read_quickly(
    data: bytes, data_bytes: int, widths: Mapping[str, int]
) -> tuple[tuple[Tensor, ...], dict[str, str]] | None:
    """Tensors and metadata of a header in the usual form with every rule kept, or None: the strict parser then says.

    `widths` gives the bits of one number of each type, `data_bytes` the bytes after the header.
    """
    # Thousands of tuples at once make the collector of cycles run again and again, for a third of the time; none of
    # them can be in a cycle.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _read(data, data_bytes, widths)
    finally:
        if collects:
            gc.enable()


def _read(
    data: bytes, data_bytes: int, widths: Mapping[str, int]
) -> tuple[tuple[Tensor, ...], dict[str, str]] | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not text.startswith('{"') or not text.endswith("}") or "\\" in text:
        return None
    metadata: dict[str, str] | None = {}
    if text.startswith('{"__metadata__"'):
        match = _METADATA.match(text)
        metadata = _pairs(match[1]) if match else None
        text = "{" + text[match.end() + 1 :] if match and text[match.end()] == "," else ""
    if metadata is None or not text.startswith('{"'):
        return None
    # Column by column, because a loop in Python over each tensor costs as much as all the rest. Cut at its quotes, a
    # text without escapes gives names and values at every second piece, and each piece is compared in full. Each copy
    # of the whole text costs as much as a column.
    pieces = text.split('"')
    if not pieces[-1].endswith("]}}"):
        return None
    pieces[-1] = pieces[-1][:-1] + ","
    count, over = divmod(len(pieces) - 1, _PIECES)
    del pieces[0]
    if over or any(pieces[at::_PIECES].count(fixed) != count for at, fixed in _FIXED):
        return None
    names, shapes = pieces[::_PIECES], pieces[7::_PIECES]
    kinds = list(map(add, pieces[4::_PIECES], shapes))
    known: dict[str, _Kind] = {}
    for kind in set(kinds):
        found = _kind(kind, widths)
        if found is None:
            return None
        known[kind] = found
    if len(set(names)) != count or "__metadata__" in names:
        return None
    every = "".join(names).encode()
    if len(every.translate(None, _CONTROL)) != len(
        every
    ):  # JSON allows none; in UTF-8 no letter holds such a byte
        return None
    # Each tensor begins where the one before ended and is as long as its shape says; one number has one form.
    rows = list(map(known.__getitem__, kinds))
    ends = list(accumulate([row[2] for row in rows]))
    if ends[-1] != data_bytes:
        return None
    if not _follow('"'.join(pieces[9::_PIECES]), ends):
        return None
    # A named tuple without its Python constructor: the name before what is known of its kind.
    made = map(tuple.__new__, repeat(Tensor), map(add, zip(names, strict=True), rows))
    return tuple(made), metadata


def _follow(places: str, ends: list[int]) -> bool:
    """Whether `places`, as `:[0,24]},":[24,48]},`, are these ends to the letter, each after the one before."""
    flat = [0] * (2 * len(ends))
    flat[1::2] = ends
    flat[2::2] = ends[:-1]
    return places == (':[%d,%d]},"' * len(ends))[:-1] % tuple(flat)


def _kind(text: str, widths: Mapping[str, int]) -> _Kind | None:
    """Type, shape, bytes and elements of `F32:[2,3],`."""
    dtype, colon, rest = text.partition(":")
    bits, match = widths.get(dtype), _SHAPE.match(colon + rest)
    if bits is None or match is None:
        return None
    shape = tuple(map(int, match[1].split(","))) if match[1] else ()
    elements = math.prod(shape)
    if len(shape) > 64 or elements >= 2**63 or any(size >= 2**63 for size in shape) or elements * bits % 8:
        return None
    return dtype, shape, elements * bits // 8, elements


def _pairs(text: str) -> dict[str, str] | None:
    found = _PAIR.findall(text)
    pairs = dict(found)
    whole = sum(len(key) + len(item) + 6 for key, item in found) - bool(found)
    return pairs if len(pairs) == len(found) and whole == len(text) else None
