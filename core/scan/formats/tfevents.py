# SPDX-License-Identifier: Apache-2.0
"""TensorBoard logs: events.out.tfevents.*. A file that grows or ends in the middle of a record is normal.

Framing: tensorflow/core/lib/io/record_writer.h (length u64, checksum u32, data, checksum u32); content: event.proto and
summary.proto. Checksums are not worked out: each length is checked against the bytes left.
"""

import math
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan import strictjson
from core.scan.formats.logged_settings import setting_facts
from core.scan.formats.wire_bytes import parts
from core.scan.guarded import Source
from core.scan.numbers import real, whole
from core.scan.private import public_json
from core.scan.refusal import refuse
from core.scan.settings import Settings
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "tfevents"
EVERY_PLACE = False
MAX_RECORD = 1_000_000
"""Bytes of a record that is looked into; pictures and graphs are longer and are stepped over."""
MAX_RECORDS = 150_000
_CHUNK = 1 << 20
_TAGS = re.compile(
    rb"train/(?:loss|epoch|total_flos|train_runtime|train_samples_per_second|train_steps_per_second|train_loss"
    rb"|num_input_tokens_seen|global_step)|eval/loss|args/text_summary|model_config/text_summary"
)
_SCRIPT = "train_unconditional"
_NUMBERS = (
    (FoundOnly.TRAIN_RUNTIME_SECONDS, "train/train_runtime"),
    (FoundOnly.SAMPLES_PER_SECOND, "train/train_samples_per_second"),
    (FoundOnly.STEPS_PER_SECOND, "train/train_steps_per_second"),
    (FoundOnly.TRAIN_LOSS, "train/train_loss"),
    ("epochs", "train/epoch"),
)


@dataclass(slots=True)
class _Log:
    last: dict[str, bytes]
    first_time: float
    last_time: float


def matches(entry: Entry) -> bool:
    """events.out.tfevents.* (the rest of the name holds a host name, which is no fact)."""
    return entry.name.startswith("events.out.tfevents.")


def newest(source: Source) -> tuple[int, str]:
    """The seconds in the name: of several logs the latest is read first."""
    found = re.match(r"events\.out\.tfevents\.(\d{1,12})", source.entry.name)
    return (int(found[1]) if found else 0, source.entry.path)


def read(source: Source) -> Iterator[Item]:
    """Facts of the last scalar of each kind, and of the settings the Trainer logs as text. Raises CannotRead."""
    log = _records(source, _TAGS)
    scalars = {tag: found for tag, data in log.last.items() if (found := _scalar(data, tag)) is not None}
    # The Trainer logs an evaluation after the training in a file of its own, with train/epoch but without a loss.
    if not scalars.keys() & {"train/loss", "train/train_loss", "train/train_runtime"}:
        yield from _unconditional(source)
        return
    for name, tag in _NUMBERS:
        value = real(scalars[tag][1], 0) if tag in scalars else None
        if value is not None and (value > 0 or tag == "train/train_loss"):
            # The log keeps 32 bits of each number.
            yield Found(name, float(f"{value:.6g}"), tag, text("scan_files.log.rounded"))
    steps = max(step for tag, (step, _) in scalars.items() if tag.startswith("train/"))
    if steps:
        finished = "train/train_runtime" in scalars
        yield Found("steps", steps, "step", None if finished else text("scan_files.log.last_step"))
    tokens = scalars.get("train/num_input_tokens_seen")
    # Above 2**24 a number of 32 bits is no longer exact, and a count must be.
    if tokens is not None and 0 < tokens[1] <= 2**24 and (count := whole(tokens[1], 1)):
        yield Found(FoundOnly.TOKENS_RECORDED, count, "train/num_input_tokens_seen")
        yield Found("tokens", count, "train/num_input_tokens_seen")
    flos = scalars.get("train/total_flos")
    if flos is not None and flos[1] >= 1:
        yield Found(
            FoundOnly.RECORDED_FLOS, round(flos[1]), "train/total_flos", text("scan_files.log.rounded")
        )
    seconds = log.last_time - log.first_time
    if 0 < seconds < 10**9:
        yield Found(FoundOnly.WALL_SECONDS, round(seconds, 3), "wall_time", text("scan_files.log.wall"))
    yield from _texts(log)


def _unconditional(source: Source) -> Iterator[Item]:
    """diffusers' train_unconditional.py keeps no arguments: only its folder and the updates it logs tell of it. It always starts
    from random weights."""
    steps = last_step(source, (b"step",)) if source.entry.folder.rpartition("/")[2] == _SCRIPT else 0
    if not steps:
        yield NotMine(text("scan_files.log.no_training"))
        return
    yield Found(FoundOnly.TRAINING_TOOL, "diffusers", _SCRIPT)
    yield Found("origin", "from_scratch", _SCRIPT)
    yield Found("steps", steps, "step", text("scan_files.log.last_step"))


def last_step(source: Source, tags: Iterable[bytes]) -> int:
    """The largest step at which one of these scalars was logged last; 0 when none was. Raises CannotRead.

    A scalar is a plain number, or a tensor with one (SummaryWriter.add_scalar, new_style).
    """
    wanted = re.compile(rb"\n.(" + b"|".join(re.escape(tag) for tag in tags) + rb")[\x15B]", re.DOTALL)
    last = _records(source, wanted).last
    return max((_step(data, tag) for tag, data in last.items()), default=0)


def _step(data: bytes, tag: str) -> int:
    try:
        event = parts(data)
        named = any(_bytes(entry, 1) == tag.encode() for entry in _entries(event))
    except ValueError:
        return 0
    step = next((value for number, value in event if number == 2 and isinstance(value, int)), 0)
    return step if named and step < 2**53 else 0


def _texts(log: _Log) -> Iterator[Item]:
    if settings := _json_text(log.last.get("args/text_summary")):
        yield from setting_facts(Settings(settings))
    config = _json_text(log.last.get("model_config/text_summary"))
    if config and isinstance(config.get("model_type"), str):
        yield Found(FoundOnly.CONFIG, public_json(config), "model_config/text_summary")


def _records(source: Source, tags: re.Pattern[bytes]) -> _Log:
    """The last record with each tag, and the times of the first and the last. Raises CannotRead at a false start."""
    log = _Log({}, 0.0, 0.0)
    window, start, at, count = source.part(0, _CHUNK), 0, 0, 0
    while count < MAX_RECORDS:
        if at + 12 > len(window):
            start, at = start + at, 0
            window = source.part(start, _CHUNK)
            if len(window) < 12:
                break
        length = struct.unpack_from("<Q", window, at)[0]
        if length > source.size - start - at - 16:
            if not count:
                raise refuse("tfevents.start", of="scan_files")
            break  # the rest of a record that was being written
        if at + 16 + length > len(window) and length <= MAX_RECORD:
            start, at = start + at, 0
            window = source.part(start, max(_CHUNK, length + 16))
            if len(window) < length + 16:
                break
        if length <= MAX_RECORD:
            _keep(log, window[at + 12 : at + 12 + length], count, tags)
        at += length + 16
        count += 1
        if at > len(window):
            start, at, window = start + at, 0, b""
    if not count:
        raise refuse("tfevents.start", of="scan_files")
    return log


def _keep(log: _Log, data: bytes, count: int, tags: re.Pattern[bytes]) -> None:
    # The time comes first in each event: field 1, eight bytes.
    if data[:1] == b"\x09" and len(data) >= 9:
        time = struct.unpack_from("<d", data, 1)[0]
        if math.isfinite(time) and 0 < time < 1e11:
            log.first_time = log.first_time or time
            log.last_time = max(log.last_time, time)
    if count == 0 and b"brain.Event" not in data:
        raise refuse("tfevents.start", of="scan_files")
    if found := tags.search(data):
        log.last[found[tags.groups].decode("ascii", "replace")] = data


def _scalar(data: bytes, tag: str) -> tuple[int, float] | None:
    """Step and value of the summary entry with this tag."""
    try:
        event = parts(data)
        step = next((value for number, value in event if number == 2 and isinstance(value, int)), 0)
        for entry in _entries(event):
            if _bytes(entry, 1) != tag.encode():
                continue
            raw = next((value for number, value in entry if number == 2), None)
            if isinstance(raw, bytes) and len(raw) == 4:
                value = struct.unpack("<f", raw)[0]
                return (step, value) if math.isfinite(value) and step < 2**53 else None
    except ValueError:
        pass
    return None


def _json_text(data: bytes | None) -> dict[str, Any]:
    """The JSON object in a text summary; empty when there is none. The Trainer wraps it in nothing."""
    if data is None:
        return {}
    try:
        for entry in _entries(parts(data)):
            for raw in (value for number, value in parts(_bytes(entry, 8)) if number == 8):
                parsed = strictjson.parse(raw if isinstance(raw, bytes) else b"", not_finite=True)
                return parsed if isinstance(parsed, dict) else {}
    except (ValueError, CannotRead):
        pass
    return {}


def _entries(event: list[tuple[int, int | bytes]]) -> list[list[tuple[int, int | bytes]]]:
    summary = _bytes(event, 5)
    return [parts(value) for number, value in parts(summary) if number == 1 and isinstance(value, bytes)]


def _bytes(message: list[tuple[int, int | bytes]], wanted: int) -> bytes:
    return next((value for number, value in message if number == wanted and isinstance(value, bytes)), b"")
