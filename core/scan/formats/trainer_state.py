# SPDX-License-Identifier: Apache-2.0
"""trainer_state.json of the transformers Trainer (v4 and v5, TRL included): what was really done."""

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.formats import trainer_parts
from core.scan.formats.long_state import read_state
from core.scan.guarded import Source
from core.scan.numbers import real, whole
from core.scan.types import Entry, Found, Item, Log, Note, NotMine
from core.texts import text

NAME = "trainer_state"
EVERY_PLACE = True
_COMPARED = 1_000
"""First rows of the log that are compared to tell runs apart."""
_PARTS = 200
"""First entries of the log that tell how unequal the prompts were."""


def matches(entry: Entry) -> bool:
    """trainer_state.json."""
    return entry.name == "trainer_state.json"


def read(source: Source) -> Iterator[Item]:
    """Facts of one state file. NaN and Infinity are allowed: the Trainer writes them after a divergence."""
    state, cut = read_state(source)
    if "global_step" not in state:
        yield NotMine(text("scan.state.other"))
        return
    history = state.get("log_history")
    rows = [row for row in history if isinstance(row, dict)] if isinstance(history, list) else []
    for name, key, value in (
        ("steps", "global_step", whole(state.get("global_step"))),
        ("epochs", "epoch", real(state.get("epoch"), 0)),
        (FoundOnly.STEPS_PLANNED, "max_steps", whole(state.get("max_steps"), 1)),
        (FoundOnly.EPOCHS_PLANNED, "num_train_epochs", _epochs(state)),
        ("batch_per_device", "train_batch_size", whole(state.get("train_batch_size"), 1)),
        (FoundOnly.RECORDED_FLOS, "total_flos", whole(_rounded(state.get("total_flos")), 1)),
    ):
        if value is not None:
            yield Found(name, value, key)
    yield Found(FoundOnly.TRAINING_TOOL, "Hugging Face Trainer", "global_step")
    if cut:
        # What has to be added up over all rows stays unknown.
        yield Note(text("scan.state.long"))
    if not cut or not any("num_tokens" in row for row in rows):
        yield from _tokens(state, rows)
    for name, key in (
        ()
        if cut
        else (
            (FoundOnly.COMPLETION_LENGTH, "completions/mean_length"),
            (FoundOnly.COMPLETION_LONGEST, "completions/max_length"),
        )
    ):
        written = [size for row in rows if (size := real(row.get(key), 0)) is not None]
        if written:
            yield Found(name, sum(written) / len(written), f"log_history.{key}")
    if parts := list(islice(_written(rows), _PARTS)):
        yield Found(FoundOnly.WRITTEN_LOG, parts, "log_history.num_tokens")
    yield from _log_of_all_parts(rows, whole(state.get("global_step")) or 0)
    if _epochs(state) and trainer_parts.batch_changed(
        rows, whole(state.get("global_step")) or 0, real(state.get("epoch"), 0)
    ):
        yield Found(FoundOnly.BATCH_CHANGED, True, "log_history.epoch", text("scan.state.batch_changed"))
        yield Note(text("scan.state.batch_note"))
    yield Log(tuple(_losses(rows)))


def _losses(rows: list[dict[str, Any]]) -> Iterator[tuple[int, float]]:
    for row in rows[:_COMPARED]:
        step, loss = whole(row.get("step")), row.get("loss")
        if step is not None and isinstance(loss, float):
            yield step, loss


def _epochs(state: dict[str, Any]) -> float | None:
    # With max_steps the Trainer writes huge made-up numbers of epochs (sys.maxsize) for endless data.
    planned = real(state.get("num_train_epochs"), 0)
    return planned if planned and planned < 10**6 else None


def _rounded(value: object) -> object:
    return round(value) if isinstance(value, float) and math.isfinite(value) else value


def _tokens(state: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[Item]:
    seen = whole(state.get("num_input_tokens_seen"), 1)
    logged = [count for row in rows if (count := whole(_rounded(row.get("num_tokens")))) is not None]
    # TRL's GRPO copies its own count, which leaves padding out, into the Trainer's field.
    if seen and (not logged or logged[-1] != seen):
        yield Found(FoundOnly.TOKENS_RECORDED, seen, "num_input_tokens_seen")
        yield Found("tokens", seen, "num_input_tokens_seen")
        return
    ends = [step for row in rows if "num_tokens" in row and (step := whole(row.get("step"))) is not None]
    if ends and ends[-1] < (whole(state.get("global_step")) or 0):
        return  # a checkpoint between two entries of the log: the count lacks the last updates
    # TRL counts tokens that are not padding, and starts at 0 again when a run is resumed.
    total = peak = 0
    restarted = False
    for count in logged:
        if count < peak:
            total, restarted, peak = total + peak, True, 0
        peak = max(peak, count)
    if total + peak > 0:
        note = text("scan.state.tokens_resumed") if restarted else text("scan.state.tokens_no_padding")
        yield Found(FoundOnly.TOKENS_RECORDED, total + peak, "log_history.num_tokens", note)


def _written(rows: list[dict[str, Any]]) -> Iterator[JsonValue]:
    """Updates, tokens and mean tokens written between the entries that tell all three; a part in which the count began anew is left out."""
    last, before = 0, 0
    for row in rows:
        step, count = whole(row.get("step")), whole(_rounded(row.get("num_tokens")))
        mean = real(row.get("completions/mean_length"), 0)
        if step is None or count is None or mean is None:
            continue
        if step > last and count >= before:
            yield [step - last, count - before, mean]
        last, before = step, count


def _log_of_all_parts(rows: list[dict[str, Any]], steps: int) -> Iterator[Item]:
    """Facts of the log, without the time of the last part of a run that was taken up again."""
    again = trainer_parts.taken_up(rows, steps)
    if again is None:
        yield from log_facts(rows)
        return
    yield Found(FoundOnly.TAKEN_UP_AGAIN, True, "log_history.train_runtime")
    yield Note(text("scan.state.part"))
    part = {FoundOnly.TRAIN_RUNTIME_SECONDS}
    if again is trainer_parts.Again.NO_LOSS:
        part.add(FoundOnly.TRAIN_LOSS)
    yield from (item for item in log_facts(rows) if not (isinstance(item, Found) and item.name in part))


def log_facts(rows: list[dict[str, Any]], prefix: str = "log_history.") -> Iterator[Item]:
    """Facts of log rows: speed and loss of the last finished call of train(), the last evaluation, divergence."""
    last: dict[str, Any] = next((row for row in reversed(rows) if "train_samples_per_second" in row), {})
    for name, key in (
        (FoundOnly.TRAIN_RUNTIME_SECONDS, "train_runtime"),
        (FoundOnly.SAMPLES_PER_SECOND, "train_samples_per_second"),
        (FoundOnly.STEPS_PER_SECOND, "train_steps_per_second"),
        (FoundOnly.TRAIN_LOSS, "train_loss"),
    ):
        value = real(last.get(key))
        if value is not None and (value > 0 or name is FoundOnly.TRAIN_LOSS):
            yield Found(name, value, prefix + key)
    metrics: dict[str, Any] = {}
    for row in reversed(rows):
        numbers = {
            key: real(value) for key, value in row.items() if key.startswith("eval_") and len(key) <= 80
        }
        metrics = {key: value for key, value in numbers.items() if value is not None}
        if metrics:
            yield Found(FoundOnly.EVAL_METRICS, metrics, prefix + "eval_*")
            break
    if any(
        _diverged(row.get(key)) for row in rows for key in ("loss", "train_loss")
    ):  # grad_norm is NaN at skipped fp16 steps too
        yield Found(FoundOnly.LOSS_DIVERGED, True, prefix + "loss")
        yield Note(text("scan.state.diverged"))


def _diverged(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
