# SPDX-License-Identifier: Apache-2.0
"""The offline file of Weights & Biases, run-<id>.wandb: records of a LevelDB log that hold protocol buffer messages.

Framing: leveldb/doc/log_format.md behind seven bytes of wandb (core/internal/transactionlog); fields:
wandb/proto/wandb_internal.proto. Checksums are not worked out: each length is checked against the block.
"""

import struct
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
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
MAX_FIELDS, MAX_ITEMS = 600_000, 20_000
"""Fields of records, and settings and logged values in them, that are looked at in a file."""
_LAST_ROWS = 300
"""Logged rows and summaries that count, from the end."""
MAX_PIECES = 200_000
"""Pieces looked at in a file; a true one holds a few per block, a hostile one nothing but heads of seven bytes."""
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_HISTORY, _SUMMARY, _CONFIG, _RUN, _ENVIRONMENT = 2, 3, 5, 17, 26
_WANTED = frozenset({_CONFIG, _RUN, _ENVIRONMENT})
_Message = list[tuple[int, int | bytes]]


@dataclass(slots=True)
class OfflineRun:
    """Settings and last values by their names, and the machine under the names of wandb-metadata.json."""

    config: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    left: int = MAX_ITEMS


def read_run(source: Source) -> OfflineRun:
    """What the file says. A half-written end is normal. Raises CannotRead when the file begins as another."""
    if source.part(0, _HEAD)[:4] != MAGIC:
        raise refuse("wandb.start", of="scan_files")
    run, rows = OfflineRun(), deque[bytes](maxlen=_LAST_ROWS)
    fields = 0
    for data in _records(source):
        try:
            message = parts(data)
            fields += len(message)
            if fields > MAX_FIELDS or run.left < 0:
                break
            for number, value in message:
                if isinstance(value, bytes) and number in (_HISTORY, _SUMMARY):
                    rows.append(value)
                elif isinstance(value, bytes) and number in _WANTED:
                    _take(run, number, parts(value))
        except ValueError:
            continue  # one damaged record says nothing about the others
    # The last logged row of each name is the summary of a run cut short: the newest speaks first, none replaces it.
    for row in reversed(rows):
        if run.left < 0:
            break
        with suppress(ValueError):
            _items(run, run.summary, parts(row))
    return run


def _take(run: OfflineRun, number: int, message: _Message) -> None:
    if number == _CONFIG:
        _items(run, run.config, message, newer=True)
    elif number == _RUN:
        for inner, value in message:
            if inner in (4, 5) and isinstance(value, bytes):
                _items(run, run.config if inner == 4 else run.summary, parts(value), newer=True)
    else:
        _machine(run.machine, message)


def _items(run: OfflineRun, into: dict[str, Any], message: _Message, *, newer: bool = False) -> None:
    """Updates (field 1): a plain key (1) or a way of keys (2), and a JSON text (16). `newer` replaces what is there."""
    for number, raw in message:
        run.left -= 1
        if run.left < 0:
            return
        if number != 1 or not isinstance(raw, bytes):
            continue
        item = parts(raw)
        keys = [value for inner, value in item if inner in (1, 2) and isinstance(value, bytes) and value]
        text = next((value for inner, value in item if inner == 16 and isinstance(value, bytes)), None)
        name = b".".join(keys).decode("utf-8", "replace")
        if not name or text is None or (name in into and not newer) or len(into) >= MAX_KEYS:
            continue
        with suppress(CannotRead):
            into[name] = strictjson.parse(text, not_finite=True)


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
    held = seen = 0
    for start in starts:
        block = source.part(start, _BLOCK)
        at = _HEAD if start == 0 else 0
        while at + 7 <= len(block):
            length, kind = struct.unpack_from("<HB", block, at + 4)
            piece = block[at + 7 : at + 7 + length]
            seen += 1
            if seen > MAX_PIECES:
                return
            if len(piece) < length or not _FULL <= kind <= _LAST:
                break  # filling at the end of a block, or a record that was being written
            at += 7 + length
            if kind in (_FULL, _FIRST):
                pieces, held = [], 0
            elif not pieces:
                continue
            pieces.append(piece)
            held += len(piece)
            if held > MAX_RECORD:
                pieces = []
            elif kind in (_FULL, _LAST):
                yield b"".join(pieces)
                pieces = []
