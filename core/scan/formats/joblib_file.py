# SPDX-License-Identifier: Apache-2.0
"""A file of joblib.dump, packed or not: a pickle with the raw numbers of each array right after its description.

Layout: joblib/numpy_pickle.py, NumpyArrayWrapper.write_array. After the wrapper's BUILD comes, since joblib 1.2, one byte
with the length of the padding and the padding, then the numbers; an array of Python objects is a pickle of its own there.
The numbers are stepped over, not read. A plain pickle has no such wrapper and reads alike.
"""

import math
from typing import Any

from core.scan.formats.joblib_packed import PACKED, Unpacked
from core.scan.guarded import Source
from core.scan.refusal import refuse
from core.scan.symbolic import MOST_OPCODES, TUPLE_STATE, Made, Name, Symbols, read_stream

MAX_PICKLE = 32_000_000
"""Bytes that are read of one file: descriptions, not the numbers."""
MOST_ARRAYS = 10_000
"""A forest of a thousand trees has 2,000. Each is a read at another place."""
WRAPPER = Name("joblib.numpy_pickle", "NumpyArrayWrapper")
_CHUNK = 16_384
_LONGEST_LINE = 1_000_000
_OBJECTS = 1
"""NPY_ITEM_HASOBJECT among the flags of a structured dtype (numpy/_core/include/numpy/ndarraytypes.h)."""


def read_joblib(source: Source) -> Symbols:
    """The symbolic content of a joblib file or a plain pickle. Raises CannotRead."""
    data = _Packed(source) if source.part(0, 8).startswith(PACKED) else _Stream(source)
    arrays = 0

    def built(value: Made, left: int) -> int:
        nonlocal arrays
        if value.of != WRAPPER:
            return 0
        arrays += 1
        if arrays > MOST_ARRAYS:
            raise refuse("pickle.large", cap=f"{MAX_PICKLE:,}")
        size = _bytes(value.state)
        if size is None:
            return read_stream(data, most=left).opcodes
        if value.state.get("numpy_array_alignment_bytes") is not None:
            data.skip(data.read(1)[0])
        data.skip(size)
        return 0

    return read_stream(data, most=MOST_OPCODES, built=built)


def _bytes(state: dict[Any, Any]) -> int | None:
    """Bytes of an array's numbers; None when they are Python objects. Raises ValueError when the file does not say."""
    shape, dtype = state.get("shape"), state.get("dtype")
    if not isinstance(shape, tuple) or not isinstance(dtype, Made) or not isinstance(dtype.arguments, tuple):
        raise ValueError("no array")
    code = dtype.arguments[0] if dtype.arguments else None
    if not isinstance(code, str) or not all(type(size) is int and 0 <= size < 2**50 for size in shape):
        raise ValueError("no array")
    kept = dtype.state.get(TUPLE_STATE)
    flags = kept[7] if isinstance(kept, tuple) and len(kept) > 7 else 0
    if code.startswith("O") or (type(flags) is int and flags & _OBJECTS):
        return None
    # numpy spells a type as a letter and the bytes of one number, characters for U (4 bytes each).
    width = int(code[1:8]) * (4 if code[:1] == "U" else 1)
    return math.prod(shape) * width


class _Stream:
    """The bytes of `source` as pickletools reads them, in small pieces, no more than MAX_PICKLE altogether."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0
        self._spent = 0
        self._piece = b""
        self._start = 0

    def tell(self) -> int:
        return self._at

    def skip(self, length: int) -> None:
        """Step over `length` bytes. Raises ValueError when the file does not hold them."""
        if length < 0 or self._at + length > self._source.size:
            raise ValueError("cut off")
        self._at += length

    def read(self, size: int, /) -> bytes:
        data = self._have(size)[:size] if size > 0 else b""
        self._spend(len(data))
        return data

    def readline(self) -> bytes:
        length = 256
        while True:
            data = self._have(length)
            end = data.find(b"\n") + 1
            if end or len(data) < length or length >= _LONGEST_LINE:
                break
            length *= 8
        line = data[:end]
        self._spend(len(line))
        return line

    def _spend(self, length: int) -> None:
        self._at += length
        self._spent += length
        if self._spent > MAX_PICKLE:
            raise refuse("pickle.large", cap=f"{MAX_PICKLE:,}")

    def _have(self, length: int) -> bytes:
        """At least `length` bytes from here on, fewer at the end of the file."""
        inside = self._at - self._start
        if not 0 <= inside <= len(self._piece) - length:
            # What is asked for is a number out of the file: one byte over the cap is enough to be refused.
            self._piece = self._source.part(self._at, max(min(length, MAX_PICKLE + 1), _CHUNK))
            self._start, inside = self._at, 0
        return self._piece[inside : inside + length]


class _Packed(_Stream):
    """The same over a packed file, of which the bytes come one after the other: those stepped over are unpacked too."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._unpacked = Unpacked(source)

    def skip(self, length: int) -> None:
        if length < 0:
            raise ValueError("cut off")
        end = self._at + length
        while self._start + len(self._piece) < end:
            self._start += len(self._piece)
            self._piece = self._unpacked.more()
            if not self._piece:
                raise ValueError("cut off")
        self._at = end

    def _have(self, length: int) -> bytes:
        inside = self._at - self._start
        if inside + length > len(self._piece):
            have = [self._piece[inside:]]
            size = len(have[0])
            while size < min(length, MAX_PICKLE + 1) and (more := self._unpacked.more()):
                have.append(more)
                size += len(more)
            self._piece, self._start, inside = b"".join(have), self._at, 0
        return self._piece[inside : inside + length]
