# SPDX-License-Identifier: Apache-2.0
"""The offline file of Weights & Biases, run-<id>.wandb: records of a LevelDB log that hold protocol buffer messages.

Framing: leveldb/doc/log_format.md behind seven bytes of wandb (core/internal/transactionlog); fields:
wandb/proto/wandb_internal.proto. Checksums are not worked out: each length is checked against the block.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.errors import CannotRead
from core.scan import strictjson
from core.scan.formats.wire_bytes import parts
from core.scan.guarded import Source
from core.scan.refusal import refuse

MAGIC = b":W&B"
_HEAD = 7
_BLOCK = 32_768
MAX_RECORD = 4_000_000
"""Bytes of a record that is looked into."""
MAX_BYTES = 64_000_000
"""Bytes read of a file; longer ones are read at the start and at the end."""
MAX_KEYS = 5_000
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_SUMMARY, _CONFIG, _RUN, _ENVIRONMENT = 3, 5, 17, 26
_WANTED = frozenset({2, _SUMMARY, _CONFIG, _RUN, _ENVIRONMENT})
_Message = list[tuple[int, int | bytes]]


@dataclass(slots=True)
class OfflineRun:
    """Settings and last values by their names, and the machine under the names of wandb-metadata.json."""

    config: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)


def read_run(source: Source) -> OfflineRun:
    """What the file says. A half-written end is normal. Raises CannotRead when the file begins as another."""
    if source.part(0, _HEAD)[:4] != MAGIC:
        raise refuse("wandb.start", of="scan_files")
    run = OfflineRun()
    for data in _records(source):
        try:
            for number, value in parts(data):
                if number in _WANTED and isinstance(value, bytes):
                    _take(run, number, parts(value))
        except ValueError:
            continue  # one damaged record says nothing about the others
    return run


def _take(run: OfflineRun, number: int, message: _Message) -> None:
    if number == _CONFIG:
        _items(run.config, message, 1)
    elif number == _SUMMARY:
        _items(run.summary, message, 1)
    elif number == 2:
        _items(run.summary, message, 1)  # the last logged row of each name is the summary of a run cut short
    elif number == _RUN:
        for inner, value in message:
            if inner in (4, 5) and isinstance(value, bytes):
                _items(run.config if inner == 4 else run.summary, parts(value), 1)
    else:
        _machine(run.machine, message)


def _items(into: dict[str, Any], message: _Message, wanted: int) -> None:
    """Items with a plain key (1) or a way of keys (2) and a JSON text (16)."""
    for number, raw in message:
        if number != wanted or not isinstance(raw, bytes):
            continue
        item = parts(raw)
        keys = [value for inner, value in item if inner in (1, 2) and isinstance(value, bytes) and value]
        text = next((value for inner, value in item if inner == 16 and isinstance(value, bytes)), None)
        if not keys or text is None or len(into) >= MAX_KEYS:
            continue
        try:
            into[".".join(key.decode("utf-8", "replace") for key in keys)] = strictjson.parse(
                text, not_finite=True
            )
        except CannotRead:
            continue


def _machine(into: dict[str, Any], message: _Message) -> None:
    """Only the device and Python: host, user, e-mail, program and command line stay unread."""
    for number, value in message:
        if number == 18 and isinstance(value, bytes):
            into["gpu"] = value.decode("utf-8", "replace")
        elif number == 19 and isinstance(value, int):
            into["gpu_count"] = value
        elif number == 2 and isinstance(value, bytes):
            into["python"] = value.decode("utf-8", "replace")
        elif number in (23, 24) and isinstance(value, bytes):
            name = next((raw for inner, raw in parts(value) if inner == 1 and isinstance(raw, bytes)), b"")
            device = {"name": name.decode("utf-8", "replace")}
            if number == 23:
                into["apple"] = device
            else:
                into.setdefault("gpu_nvidia", []).append(device)


def _records(source: Source) -> Iterator[bytes]:
    """The records whose pieces are all here, in order."""
    half = MAX_BYTES // 2 // _BLOCK * _BLOCK
    starts = list(range(0, source.size, _BLOCK))
    if source.size > MAX_BYTES:
        tail = (source.size - half) // _BLOCK * _BLOCK
        starts = [*range(0, half, _BLOCK), *range(tail, source.size, _BLOCK)]
    pieces: list[bytes] = []
    for start in starts:
        block = source.part(start, _BLOCK)
        at = _HEAD if start == 0 else 0
        while at + 7 <= len(block):
            length, kind = struct.unpack_from("<HB", block, at + 4)
            piece = block[at + 7 : at + 7 + length]
            if len(piece) < length or not _FULL <= kind <= _LAST:
                break  # filling at the end of a block, or a record that was being written
            at += 7 + length
            if kind in (_FULL, _FIRST):
                pieces = []
            elif not pieces:
                continue
            pieces.append(piece)
            if sum(map(len, pieces)) > MAX_RECORD:
                pieces = []
            elif kind in (_FULL, _LAST):
                yield b"".join(pieces)
                pieces = []
