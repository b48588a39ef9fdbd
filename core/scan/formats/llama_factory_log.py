# SPDX-License-Identifier: Apache-2.0
"""trainer_log.jsonl of LLaMA-Factory: progress line by line. The last line says how far the run got."""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan import strictjson
from core.scan.guarded import Source
from core.scan.settings import Settings, counts
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "llama_factory_log"
EVERY_PLACE = False
_TAIL = 200_000
"""Bytes at the end of the log that are read; a line has about 200."""
_ELAPSED = re.compile(r"(?:(\d{1,4}) days?, )?(\d{1,4}):(\d\d):(\d\d)\Z")


def matches(entry: Entry) -> bool:
    """trainer_log.jsonl."""
    return entry.name == "trainer_log.jsonl"


def read(source: Source) -> Iterator[Item]:
    """Steps, epochs, tokens and seconds of the last line; a half-written last line is left out."""
    lines = source.part(max(0, source.size - _TAIL), _TAIL).splitlines()
    for line in reversed(lines):
        row = Settings(_object(line))
        if "current_steps" not in row:
            continue
        yield Found(FoundOnly.TRAINING_TOOL, "LLaMA-Factory", "current_steps")
        yield from counts(
            row,
            (
                ("steps", "current_steps"),
                (FoundOnly.STEPS_PLANNED, "total_steps"),
                (FoundOnly.TOKENS_RECORDED, "total_tokens"),
                ("tokens", "total_tokens"),
            ),
        )
        if (epochs := row.number("epoch")) is not None:
            yield Found("epochs", epochs, "epoch")
        elapsed = _ELAPSED.match(row.word("elapsed_time", 40) or "")
        if elapsed:
            days, hours, minutes, seconds = (int(part or 0) for part in elapsed.groups())
            total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
            if total:
                yield Found(
                    FoundOnly.TRAIN_RUNTIME_SECONDS, total, "elapsed_time", text("scan_tools.last_session")
                )
        return
    yield NotMine(text("scan_tools.llama_factory.log"))


def _object(line: bytes) -> dict[str, object]:
    try:
        value = strictjson.parse(line, not_finite=True) if line.strip() else {}
    except CannotRead:  # the run is still writing, or the part began inside a line
        return {}
    return value if isinstance(value, dict) else {}
