# SPDX-License-Identifier: Apache-2.0
"""Tables of a run, one row for each epoch: results.csv (Ultralytics), summary.csv (timm), history.csv (fastai), and
what Keras's CSVLogger writes, in files of the names that people give it."""

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.csvtext import number, table
from core.scan.guarded import Source
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "run_table"
EVERY_PLACE = False
_METRIC = re.compile(r"[A-Za-z][\w/().@:-]{0,60}\Z")
_LOG = re.compile(
    r"(?:(?:csv|keras|model)[_-]?)?(?:train(?:ing)?[_-]?)?(?:log(?:s|ger)?|history|training)\.csv\Z|training\.log\Z"
)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d)\Z")

Rows = Sequence[dict[str, str]]


def matches(entry: Entry) -> bool:
    """results.csv, summary.csv, history.csv, and training.log, training_log.csv and the like."""
    return entry.name in ("results.csv", "summary.csv", "history.csv") or bool(_LOG.match(entry.name.lower()))


def read(source: Source) -> Iterator[Item]:
    """Epochs done, seconds and the last scores, by the columns that each tool writes."""
    rows = table(source)
    columns = rows[0].keys() if rows else set()
    if "epoch" not in columns:
        yield NotMine(text("scan_tools.table.other"))
    elif any(column.startswith(("metrics/", "train/box", "train/loss")) for column in columns):
        yield from _ultralytics(rows)
    elif {"train_loss", "valid_loss", "time"} <= columns:
        yield from _fastai(rows)
    elif "train_loss" in columns and any(column.startswith("eval_") for column in columns):
        yield from _timm(rows)
    elif "loss" in columns and _by_keras(rows, source):
        yield from _keras(rows)
    else:
        yield NotMine(text("scan_tools.table.other"))


def logged_epochs(source: Source) -> int | None:
    """The number of the last epoch, from 1, in Keras's table beside a file; None without one table that tells."""
    ends: set[int] = set()
    for name, entry in source.siblings.items():
        if not _LOG.match(name.lower()) or (beside := source.sibling(entry.name)) is None:
            continue
        try:
            rows = table(beside)
        except CannotRead:
            continue
        if rows and {"epoch", "loss"} <= rows[0].keys() and _by_keras(rows, beside):
            ends.update(int(value) + 1 for row in rows if (value := number(row.get("epoch"))) is not None)
    return max(ends, default=None)


def _ultralytics(rows: Rows) -> Iterator[Item]:
    """Epochs begin at 1 (at 0 in versions before 8.1); `time` is cumulative and starts again when a run is resumed."""
    yield Found(FoundOnly.TRAINING_TOOL, "Ultralytics", "epoch")
    yield from _epochs(rows, text("scan_tools.table.rows"))
    total = last = 0.0
    for row in rows:
        seconds = number(row.get("time"))
        if seconds is None or seconds < 0:
            continue
        if seconds < last:
            total += last
        last = seconds
    if total + last > 0:
        yield Found(FoundOnly.TRAIN_RUNTIME_SECONDS, round(total + last, 3), "time")
    yield from _metrics(rows, ("metrics/", "val/"))


def _timm(rows: Rows) -> Iterator[Item]:
    """Epochs begin at 0, go on counting when a run is resumed, and with --val-interval only some have a row."""
    yield Found(FoundOnly.TRAINING_TOOL, "timm", "epoch")
    done = [value for row in rows if (value := number(row.get("epoch"))) is not None and value >= 0]
    if done:
        yield Found("epochs", max(done) + 1, "epoch", text("scan_files.torch.from_zero"))
    yield from _loss(rows)
    yield from _metrics(rows, ("eval_",))


def _fastai(rows: Rows) -> Iterator[Item]:
    """Every call of fit starts at epoch 0 again; with `append` they all stand here, one after another."""
    yield Found(FoundOnly.TRAINING_TOOL, "fastai", "epoch")
    yield Found(FoundOnly.LIBRARY_NAME, "fastai", "epoch")
    yield Found("epochs", float(len(rows)), "epoch", text("scan_tools.table.all_rows"))
    seconds = 0
    for row in rows:
        clock = _CLOCK.match(row.get("time", ""))
        if clock is None:
            break
        seconds += (int(clock[1] or 0) * 60 + int(clock[2])) * 60 + int(clock[3])
    else:
        if seconds:
            yield Found(FoundOnly.TRAIN_RUNTIME_SECONDS, seconds, "time")
    yield from _loss(rows)
    columns = list(rows[0])
    yield from _metrics(rows, tuple(columns[columns.index("valid_loss") : columns.index("time")]))


def _by_keras(rows: Rows, source: Source) -> bool:
    """The names of Keras's documentation, or its form beside a model of Keras: CSVLogger writes `epoch`, then the rest
    sorted by name, and whole epochs only (keras/src/callbacks/csv_logger.py)."""
    if source.entry.name in ("training.log", "training.csv"):
        return True
    first, *others = rows[0]
    epochs = [number(row.get("epoch")) for row in rows]
    return (
        first == "epoch"
        and others == sorted(others)
        and all(value is not None and value >= 0 and value == int(value) for value in epochs)
        and any(name.lower().endswith((".keras", ".h5", ".hdf5")) for name in source.siblings)
    )


def _keras(rows: Rows) -> Iterator[Item]:
    """CSVLogger: epochs begin at 0; a run that goes on with `append` counts from `initial_epoch`."""
    yield from _epochs(rows, text("scan_tools.table.rows"))
    loss = number(rows[-1].get("loss"))
    if loss is not None:
        yield Found(FoundOnly.TRAIN_LOSS, loss, "loss")
    yield from _metrics(rows, ("val_",))


def _epochs(rows: Rows, note: str) -> Iterator[Item]:
    """Different epochs in the table: one that was done twice after a crash counts once."""
    done = {value for row in rows if (value := number(row.get("epoch"))) is not None}
    if done:
        yield Found("epochs", float(len(done)), "epoch", note)


def _loss(rows: Rows) -> Iterator[Item]:
    loss = number(rows[-1].get("train_loss"))
    if loss is not None:
        yield Found(FoundOnly.TRAIN_LOSS, loss, "train_loss")


def _metrics(rows: Rows, starts: tuple[str, ...]) -> Iterator[Item]:
    metrics: dict[str, JsonValue] = {
        column: value
        for column, cell in rows[-1].items()
        if column.startswith(starts) and _METRIC.match(column) and (value := number(cell)) is not None
    }
    if metrics:
        yield Found(FoundOnly.EVAL_METRICS, metrics, "last row")
