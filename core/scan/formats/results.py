# SPDX-License-Identifier: Apache-2.0
"""train_results.json, eval_results.json and all_results.json: the last summary of the Trainer's scripts."""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.trainer_state import log_facts
from core.scan.guarded import Source
from core.scan.numbers import real, whole
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "results"
EVERY_PLACE = False
_FILES = ("train_results.json", "all_results.json", "eval_results.json")


def matches(entry: Entry) -> bool:
    """train_results.json, all_results.json, eval_results.json."""
    return entry.name in _FILES


def read(source: Source) -> Iterator[Item]:
    """Facts of a summary file; NaN is allowed in it."""
    row = source.json_object(not_finite=True)
    if not any(key.startswith(("train_", "eval_")) for key in row):
        yield NotMine(text("scan.results.other"))
        return
    epochs = real(row.get("epoch"), 0)
    if epochs is not None and "train_runtime" in row:
        yield Found("epochs", epochs, "epoch")
    flos = real(row.get("total_flos"), 1)
    if flos is not None:
        yield Found(FoundOnly.RECORDED_FLOS, round(flos), "total_flos")
    seen = whole(row.get("num_input_tokens_seen"), 1)
    if seen:
        yield Found(FoundOnly.TOKENS_RECORDED, seen, "num_input_tokens_seen")
        yield Found("tokens", seen, "num_input_tokens_seen")
    yield from log_facts([row], prefix="")
