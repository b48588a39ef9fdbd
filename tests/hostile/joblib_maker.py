# SPDX-License-Identifier: Apache-2.0
"""Writes files as joblib.dump does without compression, so that no test needs joblib or numpy (protocol 2, joblib 1.5)."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.hostile.torch_maker import encode

WAYS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress, "gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}  # fmt: skip
"""joblib's words for ways of packing, and what each does to the file."""


@dataclass(frozen=True)
class Array:
    """An array of numbers: its shape, numpy's word for the type, and the bytes of its data."""

    shape: tuple[int, ...]
    code: str = "f8"
    data: bytes | None = None
    aligned: bool = True

    def bytes_of_it(self) -> bytes:
        """Zeros that would be opcodes' worth of trouble if anyone read them: STOP, POP and unknown ones."""
        if self.data is not None:
            return self.data
        count = 1
        for size in self.shape:
            count *= size
        return b".0\xff\x01" * (count * int(self.code[1:]) // 4)


def joblib_file(module: str, name: str, state: dict[str, object]) -> bytes:
    """An object of a class with its state; lists and arrays in it as joblib writes them."""
    out = bytearray(b"\x80\x02" + f"c{module}\n{name}\n".encode() + b")\x81}(")
    for key, value in state.items():
        out += encode(key)
        _value(out, value)
    return bytes(out + b"ub.")


def _value(out: bytearray, value: object) -> None:
    if isinstance(value, list):
        out += b"]("
        for item in value:
            _value(out, item)
        out += b"e"
    elif isinstance(value, Array):
        _array(out, value)
    else:
        out += encode(value)


def _array(out: bytearray, array: Array) -> None:
    out += b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}("
    out += encode("subclass") + b"cnumpy\nndarray\n"
    out += encode("shape") + b"(" + b"".join(map(encode, array.shape)) + b"t"
    out += encode("order") + encode("C") + encode("dtype")
    out += b"cnumpy\ndtype\n" + encode(array.code) + b"\x89\x88\x87R(K\x03" + encode("<") + b"NNN"
    out += encode(-1) + encode(-1) + encode(0) + b"tb"
    out += encode("allow_mmap") + b"\x88"
    if array.aligned:
        out += encode("numpy_array_alignment_bytes") + b"K\x10"
    out += b"ub"
    if array.aligned and not array.code.startswith("O"):
        padding = 16 - (len(out) + 1) % 16
        out += bytes([padding]) + b"\xff" * padding
    out += array.bytes_of_it()
