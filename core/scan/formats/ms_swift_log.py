# SPDX-License-Identifier: Apache-2.0
"""logging.jsonl of ms-swift: progress line by line, and at the end the whole log and the lengths of the texts.

Sources: ms-swift 4.6 and 3.12 (trainers/patcher.py, ProgressCallbackNew; pipelines/train/sft.py, _stat_dataset and
_save_trainer_state; utils/np_utils.py, stat_array).
"""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan import strictjson
from core.scan.formats import ms_swift
from core.scan.formats.trainer_state import log_facts
from core.scan.guarded import Source
from core.scan.numbers import LIMIT
from core.scan.settings import Settings
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "ms_swift_log"
EVERY_PLACE = False
LENGTHS = "train_dataset"
"""Key of the lengths of the texts, padding left out."""
_TAIL = 8_000_000
"""Bytes at the end of the file that are read; the last line holds the whole log again."""
_LINES = 50
"""Lines at the end among which the last one of the training is."""
_ARGS_CAP = 5_000_000
_PROGRESS = re.compile(r"(\d{1,12})/(\d{1,12})\Z")
_NUMBER = r"(\d{1,15}(?:\.\d{1,9})?)"
_STATS = re.compile(rf"{_NUMBER}±{_NUMBER}, min={_NUMBER}, max={_NUMBER}, size=(\d{{1,15}})\Z")
_WHOLE = 1e-3
"""How near to a whole number epochs are whole."""


def matches(entry: Entry) -> bool:
    """logging.jsonl."""
    return entry.name == "logging.jsonl"


def read(source: Source) -> Iterator[Item]:
    """How far the run got, its speed and losses, and the tokens of its texts."""
    lines = source.part(max(0, source.size - _TAIL), _TAIL).rstrip().rsplit(b"\n", _LINES)
    last = Settings(_object(lines[-1]))
    history = last.get("log_history")
    rows = [row for row in history if isinstance(row, dict)] if isinstance(history, list) else []
    told = (row for line in reversed(lines) if "global_step/max_steps" in (row := Settings(_object(line))))
    progress = next(told, None)
    if progress is None and not rows:
        yield NotMine(text("scan_tools.swift.log"))
        return
    yield Found(FoundOnly.TRAINING_TOOL, "ms-swift", "log_history" if rows else "global_step/max_steps")
    epochs = None
    found = (
        _PROGRESS.match(progress.word("global_step/max_steps", 40) or "") if progress is not None else None
    )
    if progress is not None and found is not None and int(found[2]):
        yield Found(FoundOnly.STEPS_PLANNED, int(found[2]), "global_step/max_steps")
        if found[1] == found[2]:
            # The end is always saved. Of a run that broke off, the newest save may be older than the log.
            epochs = progress.number("epoch")
            yield Found("steps", int(found[1]), "global_step/max_steps")
            if epochs is not None:
                yield Found("epochs", epochs, "epoch")
    yield from log_facts(rows)
    yield from _texts(last, epochs, source)


def _texts(last: Settings, epochs: float | None, source: Source) -> Iterator[Item]:
    """Rows and, of whole epochs, the tokens in them. Of pairs only the longer one is measured; texts that are made while
    training are not there yet."""
    stats = _STATS.match(last.word(LENGTHS, 200) or "")
    args = _args(source)
    if stats is None:
        return
    rows, mean = int(stats[5]), float(stats[1])
    if rows:
        yield Found(FoundOnly.DATASET_SIZE, rows, LENGTHS)
    whole = round(epochs) if epochs else 0
    if not whole or abs((epochs or 0) - whole) > _WHOLE or "rlhf_type" in args:
        return
    tokens = round(mean * rows * whole)
    if not 0 < tokens <= LIMIT or args.flag("include_num_input_tokens_seen"):
        return
    joined = args.flag("packing") or args.flag("padding_free")
    note = text("scan_tools.swift.joined" if joined else "scan_tools.swift.texts")
    yield Found(FoundOnly.TOKENS_RECORDED, tokens, LENGTHS, note)
    if joined:
        yield Found("tokens", tokens, LENGTHS, note)


def _args(source: Source) -> Settings:
    sibling = source.sibling("args.json")
    try:
        found = (
            Settings(sibling.json_object(_ARGS_CAP, not_finite=True)) if sibling is not None else Settings({})
        )
    except CannotRead:
        return Settings({})
    return found if ms_swift.is_mine(found) else Settings({})


def _object(line: bytes) -> dict[str, object]:
    try:
        value = strictjson.parse(line, not_finite=True) if line.strip() else {}
    except CannotRead:  # the run is still writing, or the part began inside a line
        return {}
    return value if isinstance(value, dict) else {}
