# SPDX-License-Identifier: Apache-2.0
"""A file of torch.save: its pickle as plain values (core.scan.symbolic), in today's zip form or the one before 2020.

Only the pickle is read, never the numbers of the tensors. Nothing is loaded, imported or run.
Forms: torch/serialization.py, `_save` (zip with one data.pkl) and `_legacy_save` (pickles in a row, then raw numbers).
"""

import io
from dataclasses import dataclass

from core.errors import CannotRead
from core.scan.formats.zip_directory import directory, read_member
from core.scan.guarded import Source
from core.scan.refusal import refuse
from core.scan.symbolic import MOST_OPCODES, Symbols, read_stream

MAX_PICKLE = 32_000_000
"""Bytes of the pickle: descriptions only, the tensors lie elsewhere."""
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_CHUNK = 262_144


@dataclass(frozen=True, slots=True)
class TorchFile:
    """The value of the file, and whether it is of the form before PyTorch 1.6."""

    symbols: Symbols
    legacy: bool


def read_torch(source: Source) -> TorchFile:
    """The symbolic content of `source`. Raises CannotRead, also for any other kind of pickle."""
    head = source.part(0, 16)
    if not head.strip(b"\0"):
        raise refuse("file.empty")
    if head.startswith(b"PK"):
        return TorchFile(_zipped(source), legacy=False)
    if head[:1] != b"\x80":
        raise refuse("torch.other", of="scan_files")
    return TorchFile(_legacy(source), legacy=True)


def _zipped(source: Source) -> Symbols:
    members = directory(source)
    wanted = [member for name, member in members.items() if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(wanted) != 1:
        raise refuse("torch.other", of="scan_files")
    return read_stream(io.BytesIO(read_member(source, wanted[0], MAX_PICKLE, stored=True)), most=MOST_OPCODES)


def _legacy(source: Source) -> Symbols:
    """The fourth pickle of the row, after the magic number, the version and the machine's number sizes."""
    have = min(source.size, _CHUNK)
    while True:
        data = io.BytesIO(source.part(0, have))
        try:
            if read_stream(data, most=16).value != _LEGACY_MAGIC:
                raise refuse("torch.pickle", of="scan_files")
            for _ in range(2):
                read_stream(data, most=64)
            return read_stream(data, most=MOST_OPCODES)
        except CannotRead:
            # The first pickle is a few bytes long; only a cut later one is worth more bytes.
            if data.tell() < 15 or have >= min(source.size, MAX_PICKLE):
                raise
            have = min(have * 8, source.size, MAX_PICKLE)
