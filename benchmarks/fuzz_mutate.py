# SPDX-License-Identifier: Apache-2.0
"""Changes a file the way a fuzzer does: bytes, lengths, tokens, pieces of other files, and inside members of a zip."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from benchmarks.fuzz_structure import Structure

ODD_NUMBERS = (0, 1, 2, 7, 127, 128, 255, 256, 32767, 32768, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1)  # fmt: skip
ODD_TEXTS = (
    b"null", b"true", b"-1", b"1e999", b"NaN", b"Infinity", b"9" * 40, b"1" * 5000, b"[]", b"{}", b'""', b"[" * 60, b'{"a":' * 30,
    b"&a [*a]", b"!!python/object/apply:os.system [x]", b"\xff\xfe", b"\0", b"\xe2\x80\xae", b"../../etc/passwd", b"/dev/zero",
    b"\n---\n", b"\n\n", b": ", b"- ", b"\t", b"```", b'"', b"'", b"0x10", b"1_000", b"2020-01-01", b"\xed\xa0\x80", b"a" * 3000,
    b"(", b")", b"\x80\x02", b"\x94", b"R", b"b", b".", b"torch._utils _rebuild_tensor_v2", b"version https://git-lfs.github.com/spec/v1\n",
)  # fmt: skip
_TOKEN = re.compile(rb"[A-Za-z_0-9.+-]{1,40}|\"[^\"\n]{0,60}\"")
_LARGEST = 200_000


class Mutator:
    """Gives a changed copy of a file's bytes, 1 to 6 changes a time. `others` are spliced in."""

    def __init__(self, draw: random.Random, others: list[bytes]) -> None:
        self.draw, self.others = draw, others
        self.structure = Structure(draw)
        self.ways: tuple[Callable[[bytearray], None], ...] = (
            self._byte, self._byte, self._number, self._number, self._text, self._token, self._token, self._cut, self._repeat, self._splice, self._end,
        )  # fmt: skip

    def __call__(self, data: bytes) -> bytes:
        if data[:4] == b"PK\3\4" and self.draw.random() < 0.7:
            return self._zip(data)
        # Half of what has a structure stays well formed: else the parser refuses nearly all of it.
        if self.draw.random() < 0.5 and (formed := self.structure(data)) is not None:
            return formed[:_LARGEST]
        changed = bytearray(data)
        for _ in range(self.draw.choice((1, 1, 1, 2, 3, 6))):
            self.draw.choice(self.ways)(changed)
        return bytes(changed[:_LARGEST])

    def _at(self, data: bytearray) -> int:
        # Heads of binary files hold the lengths: half of all changes fall into the first 64 bytes.
        end = len(data) if self.draw.random() < 0.6 else min(len(data), 64)
        return self.draw.randint(0, max(end - 1, 0))

    def _byte(self, data: bytearray) -> None:
        if data:
            data[self._at(data)] = self.draw.randrange(256)

    def _number(self, data: bytearray) -> None:
        at, value = self._at(data), self.draw.choice(ODD_NUMBERS)
        kind, top = self.draw.choice(
            (("<B", 2**8), ("<H", 2**16), ("<I", 2**32), ("<Q", 2**64), (">I", 2**32))
        )
        packed = struct.pack(kind, value % top)
        data[at : at + len(packed)] = packed

    def _text(self, data: bytearray) -> None:
        at = self._at(data)
        data[at : at + self.draw.choice((0, 0, 1, 4))] = self.draw.choice(ODD_TEXTS)

    def _token(self, data: bytearray) -> None:
        """A word or a number gives way to an odd text or to another word of the file."""
        found = _TOKEN.search(data, self._at(data))
        if found is not None:
            other = _TOKEN.search(data, self._at(data))
            fresh = (
                other[0] if other is not None and self.draw.random() < 0.4 else self.draw.choice(ODD_TEXTS)
            )
            data[found.start() : found.end()] = fresh

    def _cut(self, data: bytearray) -> None:
        at = self._at(data)
        del data[at : at + self.draw.choice((1, 2, 4, 8, 64, 1000))]

    def _repeat(self, data: bytearray) -> None:
        at, long = self._at(data), self.draw.choice((1, 4, 16, 100, 1000))
        data[at:at] = data[at : at + long] * self.draw.choice((1, 2, 10, 50))

    def _splice(self, data: bytearray) -> None:
        other = self.draw.choice(self.others)
        start = self.draw.randint(0, max(len(other) - 1, 0))
        at = self._at(data)
        data[at : at + self.draw.choice((0, 20))] = other[start : start + self.draw.choice((8, 60, 600))]

    def _end(self, data: bytearray) -> None:
        del data[self.draw.randint(0, len(data)) :]

    def _zip(self, data: bytes) -> bytes:
        """The members changed and packed again, so that the change is not only seen by the zip's own checks."""
        out = io.BytesIO()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
                for info in old.infolist():
                    inner = old.read(info) if info.file_size <= _LARGEST else b""
                    if self.draw.random() < 0.6:
                        inner = self(inner) if inner[:4] != b"PK\3\4" else inner
                    new.writestr(
                        info.filename, inner, self.draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
                    )
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            NotImplementedError,
            RuntimeError,
            EOFError,
            OSError,
            struct.error,
        ):
            return data[: len(data) // 2]
        return out.getvalue()
