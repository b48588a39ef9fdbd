# SPDX-License-Identifier: Apache-2.0
"""The header of a GGUF file: settings and the list of tensors. Long lists (the vocabulary) are stepped over, not built.

Layout: ggml docs/gguf.md (magic, version 1 to 3, counts, key-value pairs, tensor descriptions; then the data).
Limits follow huggingface.js packages/gguf/src/gguf.ts, tightened so that any file ends within two seconds.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import TypeAlias

from core.errors import CannotRead
from core.scan.guarded import Source
from core.scan.refusal import refuse

MAX_PAIRS = 100_000
MAX_TENSORS = 200_000
MAX_STRING = 10_000_000
MAX_ELEMENTS = 6_000_000
"""Elements of all lists together; the largest vocabularies have 260,000 tokens and as many merges."""
MAX_HEADER = 1_000_000_000
KEPT_TEXT = 4_096
"""Bytes of a text value that are kept."""
KEPT_LIST = 512
"""Lists of up to so many elements are kept; only the length is kept of longer ones."""
_CHUNK = 1 << 20
_STRING, _ARRAY, _BOOL = 8, 9, 7
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 10: "Q", 11: "q", 12: "d"}
BLOCKS = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
}  # fmt: skip
"""Type number: name, numbers in a block, bytes of a block (ggml.h, gguf-py constants.py GGML_QUANT_SIZES)."""


@dataclass(frozen=True, slots=True)
class Long:
    """A list that was stepped over: only its length is known."""

    length: int


Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | list[Scalar] | Long


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """One tensor as declared; `elements` are logical numbers, whatever they are packed in."""

    name: str
    shape: tuple[int, ...]
    kind: str
    elements: int
    size: int | None


@dataclass(slots=True)
class GgufHeader:
    """Settings by key (the first of repeated keys counts) and the tensors."""

    version: int
    settings: dict[str, Value] = field(default_factory=dict)
    tensors: list[GgufTensor] = field(default_factory=list)


def read_gguf(source: Source) -> GgufHeader:
    """The header of `source`. Raises CannotRead when it is cut off, oversized or breaks a rule of the format."""
    head = source.part(0, 8)
    if head[:4] != b"GGUF" or len(head) < 8:
        raise _bad("it does not start with the four letters GGUF")
    order = "<" if int.from_bytes(head[4:8], "little") < 0x10000 else ">"
    cursor = _Cursor(source, order)
    version = cursor.number("I")
    if version not in (1, 2, 3):
        raise _bad(f"its version is {version}; versions 1 to 3 are known")
    cursor.wide = "I" if version == 1 else "Q"
    tensors, pairs = cursor.number(cursor.wide), cursor.number(cursor.wide)
    if pairs > MAX_PAIRS or tensors > MAX_TENSORS:
        raise _bad(f"it claims {tensors:,} tensors and {pairs:,} settings")
    header = GgufHeader(version)
    for _ in range(pairs):
        key = cursor.string(MAX_STRING)
        if not key:
            raise _bad("a setting has no name")
        value = cursor.value(cursor.number("I"), 0)
        header.settings.setdefault(key, value)
    spans = [_tensor(cursor, header) for _ in range(tensors)]
    if len({tensor.name for tensor in header.tensors} - {""}) != len(header.tensors):
        raise _bad("two tensors share a name, or one has none")
    _fits(header, spans, cursor.place, source.size)
    return header


def _tensor(cursor: "_Cursor", header: GgufHeader) -> tuple[int, int]:
    """Read one description; returns its place in the data and its bytes (0 for a type that is not known)."""
    name = cursor.string(1_024)
    dimensions = cursor.number("I")
    if dimensions > 8:
        raise _bad(f"a tensor claims {dimensions:,} dimensions")
    shape = tuple(cursor.number(cursor.wide) for _ in range(dimensions))
    number, offset = cursor.number("I"), cursor.number("Q")
    elements = math.prod(shape)
    if elements >= 2**63 or any(size > 2**40 for size in shape):
        raise _bad("a tensor is too large to exist")
    kind, block, width = BLOCKS.get(number, (f"type {number}", 0, 0))
    size = -(-elements // block) * width if block else None
    header.tensors.append(GgufTensor(name, shape, kind, elements, size))
    return offset, size or 0


def _fits(header: GgufHeader, spans: list[tuple[int, int]], place: int, size: int) -> None:
    alignment = header.settings.get("general.alignment", 32)
    if not isinstance(alignment, int) or isinstance(alignment, bool) or not 0 < alignment <= 2**20:
        raise _bad("its alignment is not usable")
    start = -(-place // alignment) * alignment
    end = max((offset + length for offset, length in spans), default=0)
    if end and start + end > size:
        raise refuse("gguf.cut", of="scan_files", have=f"{size:,}", need=f"{start + end:,}")


class _Cursor:
    """A place in the file with a window of bytes around it; every length is checked against the bytes left."""

    def __init__(self, source: Source, order: str) -> None:
        self.source, self.order, self.wide = source, order, "Q"
        self.window, self.start, self.at = b"", 4, 0
        self.elements = MAX_ELEMENTS
        self.codes = {kind: struct.Struct(order + kind) for kind in "BbHhIifQqd"}

    @property
    def place(self) -> int:
        """Bytes from the start of the file."""
        return self.start + self.at

    def number(self, kind: str) -> int:
        """The next whole number."""
        return int(self._scalar(kind))

    def string(self, cap: int, keep: int = KEPT_TEXT) -> str:
        """The next text, cut at `keep` bytes; bytes that are no UTF-8 become a replacement mark."""
        length = self.number(self.wide)
        if length > cap or length > self.source.size - self.place:
            raise _bad(f"a text claims {length:,} bytes")
        self._fill(min(length, keep))
        raw = self.window[self.at : self.at + min(length, keep)]
        self._step(length)
        return raw.decode("utf-8", "replace")

    def value(self, kind: int, depth: int) -> Value:
        """The next value of a type."""
        if kind == _STRING:
            return self.string(MAX_STRING)
        if kind == _BOOL:
            return bool(self.number("B"))
        if kind in _NUMBERS:
            return self._scalar(_NUMBERS[kind])
        if kind == _ARRAY:
            return self._array(depth)
        raise _bad(f"a setting is of the unknown type {kind}")

    def _array(self, depth: int) -> Value:
        kind, length = self.number("I"), self.number(self.wide)
        self.elements -= length
        if self.elements < 0 or depth > 3:
            raise _bad("its lists are too long")
        if kind == _ARRAY:
            for _ in range(length):
                self._array(depth + 1)
            return Long(length)
        if kind not in (_STRING, _BOOL) and kind not in _NUMBERS:
            raise _bad(f"a list is of the unknown type {kind}")
        if length <= KEPT_LIST:
            return [
                item for _ in range(length) if not isinstance(item := self.value(kind, depth), list | Long)
            ]
        if kind == _STRING:
            self._skip_strings(length)
        else:
            self._step(length * (1 if kind == _BOOL else self.codes[_NUMBERS[kind]].size))
        return Long(length)

    def _skip_strings(self, count: int) -> None:
        code = self.codes[self.wide]
        unpack, width = code.unpack_from, code.size
        while count:
            self._fill(width)
            window, at, done = self.window, self.at, count
            try:
                for done in range(count):  # noqa: B007 - where it stopped
                    at += width + unpack(window, at)[0]
                done = count
            except (struct.error, OverflowError):
                pass  # the end of the window; a length that leads out of the file is told by the next line
            count -= done
            self._step(at - self.at)

    def _scalar(self, kind: str) -> Scalar:
        code = self.codes[kind]
        self._fill(code.size)
        value: int | float = code.unpack_from(self.window, self.at)[0]
        self.at += code.size
        return value

    def _fill(self, length: int) -> None:
        """See to it that `length` bytes from here are in the window."""
        if self.at + length <= len(self.window):
            return
        self.start, self.at = self.place, 0
        if self.start > MAX_HEADER:
            raise _bad("its header does not end")
        self.window = self.source.part(self.start, max(length, _CHUNK))
        if len(self.window) < length:
            raise refuse("gguf.short", of="scan_files", size=f"{self.source.size:,}")

    def _step(self, length: int) -> None:
        if length > self.source.size - self.place:
            raise refuse("gguf.short", of="scan_files", size=f"{self.source.size:,}")
        self.at += length


def _bad(rule: str) -> CannotRead:
    return refuse("gguf.rule", of="scan_files", rule=rule)
