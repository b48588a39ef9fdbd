# SPDX-License-Identifier: Apache-2.0
"""The bytes behind a compressed joblib file, unpacked piece by piece and thrown away again; bounded for each way of packing.

How each begins: joblib/compressor.py. What the standard library cannot unpack (lz4, joblib before 0.10) is not read. bz2 and
lzma need libraries of the system, which not each has: they are loaded for a file that asks for them, not before.
"""

import zlib
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from core.scan.guarded import Source
from core.scan.refusal import refuse

_PIECE = 1 << 18
_MEMORY = 80_000_000
"""Bytes that the dictionary of lzma may take; its highest level asks for 65 MB."""


class _Way(NamedTuple):
    """How a file of this kind begins, its unpacker, and the most bytes that come out of it (about a second of work)."""

    start: bytes
    make: Callable[[], Any]
    most: int


class _Zlib:
    """zlib's unpacker with the manners of the other two."""

    def __init__(self, bits: int) -> None:
        self._inner = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, most)


class _Lzma:
    """lzma's unpacker; damage is an OSError, as it is for bz2."""

    def __init__(self, kind: Literal["FORMAT_XZ", "FORMAT_ALONE"]) -> None:
        import lzma

        self._error = lzma.LZMAError
        self._inner = lzma.LZMADecompressor(getattr(lzma, kind), memlimit=_MEMORY)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return self._inner.needs_input

    def decompress(self, data: bytes, most: int) -> bytes:
        try:
            return self._inner.decompress(data, most)
        except self._error as error:
            raise OSError(str(error)) from error


def _bzip2() -> Any:
    import bz2

    return bz2.BZ2Decompressor()


_WAYS = (
    _Way(b"x", lambda: _Zlib(15), 150_000_000),
    _Way(b"\x1f\x8b", lambda: _Zlib(31), 150_000_000),
    _Way(b"BZ", _bzip2, 10_000_000),
    _Way(b"\xfd7zXZ", lambda: _Lzma("FORMAT_XZ"), 40_000_000),
    _Way(b"\x5d\x00", lambda: _Lzma("FORMAT_ALONE"), 40_000_000),
)
PACKED = tuple(way.start for way in _WAYS)
CLOSED = (b"\x04\x22\x4d\x18", b"ZF")
"""lz4, and joblib before 0.10."""


class Unpacked:
    """Hands out what comes out of a file, forwards only. Raises CannotRead where the unpacker is missing."""

    def __init__(self, source: Source) -> None:
        head = source.part(0, 8)
        self._way = next(way for way in _WAYS if head.startswith(way.start))
        self._source, self._at, self._out = source, 0, 0
        try:
            self._machine = self._way.make()
        except ImportError as error:
            raise refuse("sklearn.no_unpacker", of="scan_files") from error

    def more(self) -> bytes:
        """The next bytes, up to 256 KiB; empty at the end. Raises CannotRead past the cap, ValueError for a damaged file."""
        while not self._machine.eof:
            given = b""
            if self._machine.needs_input:
                given = self._source.part(self._at, _PIECE)
                self._at += len(given)
                if not given:
                    return b""
            try:
                data: bytes = self._machine.decompress(given, _PIECE)
            except (zlib.error, OSError, EOFError) as error:
                raise ValueError("damaged") from error
            self._out += len(data)
            if self._out > self._way.most:
                raise refuse("sklearn.unpacked", of="scan_files", cap=f"{self._way.most // 1_000_000:,}")
            if data:
                return data
        return b""
