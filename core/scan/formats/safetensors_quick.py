# SPDX-License-Identifier: Apache-2.0
"""Headers as the format's own library writes them: no blanks, one order of keys, no escapes. Anything else: None.

A header is read before a person waits for anything else, and the strict parser needs a Python call for each object. Here
each entry must match to the last byte, so nothing can hide between them; rules are checked as in safetensors_header.
"""

import math
import re
from collections.abc import Mapping
from itertools import accumulate, repeat
from typing import NamedTuple

_TEXT = r'"([^"\\\x00-\x1f]*)"'
# As loose and as fast as can be: what each part may hold is checked after, for all at once.
_ENTRY = re.compile(
    r',"([^"]*)":\{"dtype":"([^"]*)","shape":\[([^]]*)\],"data_offsets":\[([^,]*),([^]]*)\]\}'
)
_AROUND = len(',"":{"dtype":"","shape":[],"data_offsets":[,]}')
_METADATA = re.compile(r'\{"__metadata__":\{((?:"[^"\\\x00-\x1f]*":"[^"\\\x00-\x1f]*",?)*)\}(?=[,}])')
_PAIR = re.compile(rf"{_TEXT}:{_TEXT}(?:,|\Z)")
_SHAPE = re.compile(r"(?:0|[1-9]\d{0,18})(?:,(?:0|[1-9]\d{0,18}))*\Z")


class Tensor(NamedTuple):
    """One tensor as the header declares it. `size` in bytes."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    size: int

    @property
    def elements(self) -> int:
        """Product of the shape (1 for a scalar)."""
        return math.prod(self.shape)


def read_quickly(
    data: bytes, data_bytes: int, widths: Mapping[str, int]
) -> tuple[tuple[Tensor, ...], dict[str, str]] | None:
    """Tensors and metadata of a header in the usual form with every rule kept, or None: the strict parser then says.

    `widths` gives the bits of one number of each type, `data_bytes` the bytes after the header.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not text.startswith('{"') or not text.endswith("}") or "\\" in text:
        return None
    metadata: dict[str, str] | None = {}
    rest = "," + text[1:-1]
    if text.startswith('{"__metadata__"'):
        match = _METADATA.match(text)
        metadata = _pairs(match[1]) if match else None
        rest = text[match.end() : -1] if match else ""
    entries = _ENTRY.findall(rest)
    if metadata is None or not entries:
        return None
    # Column by column, because a loop in Python over each tensor costs as much as all the rest.
    names, dtypes, shapes, firsts, lasts = zip(*entries, strict=True)
    kinds = list(zip(dtypes, shapes, strict=True))
    known = {kind: found for kind in set(kinds) if (found := _shape(kind[1], widths.get(kind[0])))}
    if len(known) != len(set(kinds)):
        return None
    sizes = list(map({kind: found[1] for kind, found in known.items()}.__getitem__, kinds))
    length = _AROUND * len(entries) + sum(
        len("".join(column)) for column in (names, dtypes, shapes, firsts, lasts)
    )
    if length != len(rest) or len(set(names)) != len(names) or "__metadata__" in names:
        return None
    if not "".join(
        names
    ).isprintable():  # control characters are no JSON; other odd ones go the strict way too
        return None
    # Each tensor begins where the one before ended and is as long as its shape says; one number has one form.
    if (
        firsts != ("0", *lasts[:-1])
        or list(lasts) != list(map(str, accumulate(sizes)))
        or sum(sizes) != data_bytes
    ):
        return None
    # A named tuple without its Python constructor: four values each, by zip.
    wholes = map({kind: found[0] for kind, found in known.items()}.__getitem__, kinds)
    made = map(tuple.__new__, repeat(Tensor), zip(names, dtypes, wholes, sizes, strict=True))
    return tuple(made), metadata


def _shape(text: str, bits: int | None) -> tuple[tuple[int, ...], int] | None:
    """The sizes and the bytes they need."""
    if bits is None or (text and not _SHAPE.match(text)):
        return None
    shape = tuple(map(int, text.split(","))) if text else ()
    elements = math.prod(shape)
    if len(shape) > 64 or elements >= 2**63 or any(size >= 2**63 for size in shape) or elements * bits % 8:
        return None
    return shape, elements * bits // 8


def _pairs(text: str) -> dict[str, str] | None:
    found = _PAIR.findall(text)
    pairs = dict(found)
    whole = sum(len(key) + len(item) + 6 for key, item in found) - bool(found)
    return pairs if len(pairs) == len(found) and whole == len(text) else None
