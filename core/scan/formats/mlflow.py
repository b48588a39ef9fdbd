# SPDX-License-Identifier: Apache-2.0
"""Runs of mlflow in its file store: mlruns/<experiment>/<run>/{meta.yaml, params, metrics}. User and source stay unread.

A database (mlflow.db) is not opened: SQLite reads hostile files with a large C library.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats import front_matter
from core.scan.formats.logged_settings import setting_facts
from core.scan.guarded import Source
from core.scan.numbers import real
from core.scan.settings import Settings
from core.scan.types import AlsoRead, Entry, Found, Item, NotMine
from core.texts import text

NAME = "mlflow"
EVERY_PLACE = False
_RUN = re.compile(r"(?:.*/)?[0-9a-f]{32}\Z|\Z", re.DOTALL)
"""Folder of a run inside what was dropped: a store, an experiment, or the run itself."""
_META = 100_000
"""Bytes of a run's meta.yaml."""
_STARTED = re.compile(rb"^start_time: (\d{1,15})\s*$", re.MULTILINE)
"""Milliseconds since 1970, on a line of its own: every run is looked at, so no YAML is parsed for it."""
_FILES = 500
_LOSSES = ("train_loss", "train/loss", "loss")
_ROW = re.compile(r"(\d{1,16}) (\S{1,40}) (\d{1,15})\Z")
_OF_THE_TRAINER: tuple[tuple[str, str], ...] = (
    ("epochs", "epoch"), (FoundOnly.RECORDED_FLOS, "total_flos"), (FoundOnly.TRAIN_RUNTIME_SECONDS, "train_runtime"),
    (FoundOnly.SAMPLES_PER_SECOND, "train_samples_per_second"), (FoundOnly.STEPS_PER_SECOND, "train_steps_per_second"),
)  # fmt: skip
"""Metrics that the transformers Trainer logs; other programs give the same names another meaning."""
_ID = re.compile(r"[0-9a-f]{32}\Z")


def matches(entry: Entry) -> bool:
    """meta.yaml of a run, and mlflow.db (declined)."""
    return entry.name == "mlflow.db" or (entry.name == "meta.yaml" and _RUN.match(entry.folder) is not None)


def newest(source: Source) -> tuple[tuple[bool, int], str]:
    """The run that started last by its meta.yaml: its name carries no date. The database comes after every run.

    A part of another run (nested, a fold say) starts later than the whole; it stands behind when the whole logged its
    own loss. Parts of a run that only gathers them (a search over settings) stand for themselves.
    """
    if source.entry.name != "meta.yaml":
        return ((False, -1), source.entry.folder)
    try:
        started = _STARTED.search(source.part(0, _META))
    except CannotRead:
        started = None
    return ((not _inside(source), int(started[1]) if started else 0), source.entry.folder)


def _inside(source: Source) -> bool:
    """Whether the run was started inside another of this store that logged a loss (tag mlflow.parentRunId)."""
    tag = source.near("tags", "mlflow.parentRunId")
    try:
        parent = tag.text(100).strip() if tag is not None else ""
    except CannotRead:
        return False
    home = source.entry.folder.rpartition("/")[0]
    whole = f"{home}/{parent}" if home else parent
    if not _ID.match(parent) or whole == source.entry.folder:
        return False
    metrics = source.folders.get(f"{whole}/metrics", {}), source.folders.get(f"{whole}/metrics/train", {})
    return any(name in metrics[0] for name in _LOSSES) or "loss" in metrics[1]


def read(source: Source) -> Iterator[Item]:
    """Facts of one run. Raises CannotRead."""
    if source.entry.name == "mlflow.db":
        source.part(0, 16)
        yield NotMine(text("scan_files.mlflow.database"))
        return
    meta = Settings(_mapping(front_matter.parse_any(source.text(_META), "settings")))
    if meta.get("run_id") is None:
        yield NotMine(text("scan_files.log.no_training"))
        return
    params, files = yield from _params(source)
    for item in setting_facts(params):
        yield _placed(item, files)
    yield from _steps(source, params.number("num_train_epochs") or params.number("epochs"))
    if params.get("per_device_train_batch_size") is not None and "num_train_epochs" in params:
        yield from _trainer(source)
    start, end = meta.number("start_time"), meta.number("end_time")
    # Status 3 is "finished"; times are milliseconds.
    if start and end and end > start and meta.count("status") == 3:
        seconds = (end - start) / 1000
        yield Found(FoundOnly.WALL_SECONDS, seconds, "end_time", text("scan_files.log.wall"))


def _placed(item: Item, files: Mapping[str, str]) -> Item:
    """The fact with the file it came from: mlflow keeps each setting in a file of its own."""
    if not isinstance(item, Found):
        return item
    names = [item.key] if item.key else list(item.value) if isinstance(item.value, dict) else []
    paths = [files[name] for part in names for name in part.split(", ") if name in files]
    return replace(item, file=paths[0] if paths else None, key=item.key or ", ".join(names)[:120])


def _params(source: Source) -> Generator[Item, None, tuple[Settings, dict[str, str]]]:
    values: dict[str, Any] = {}
    files: dict[str, str] = {}
    for name, entry in sorted(source.below("params").items())[:_FILES]:
        part = source.near("params", name)
        assert part is not None
        if entry.size > 10_000:
            continue
        try:
            values[name] = part.text(10_000)
            files[name] = entry.path
            yield AlsoRead(entry, NAME)
        except CannotRead:
            continue
    return Settings(values), files


def _steps(source: Source, epochs: float | None) -> Iterator[Item]:
    """Steps by the rows of the loss: "time value step". Rows that count epochs are told by their number."""
    for name in _LOSSES:
        part = source.near("metrics", name) or source.near("metrics/train", name.rpartition("/")[2])
        if part is None:
            continue
        try:
            lines = part.text(20_000_000).splitlines()
        except CannotRead as trouble:
            yield AlsoRead(part.entry, NAME, (trouble.what, trouble.why, trouble.todo))
            return
        yield AlsoRead(part.entry, NAME)
        rows = [(float_of(match[2]), int(match[3])) for line in lines if (match := _ROW.match(line.strip()))]
        if not rows:
            return
        last = max(step for _, step in rows)
        counted = last + 1 if sorted(step for _, step in rows) == list(range(len(rows))) else last
        if epochs is None or counted > epochs:
            note = text("scan_files.mlflow.rows")
            yield Found("steps", counted, name, note, file=part.entry.path)
        if rows[-1][0] is not None and name != "loss":
            yield Found(FoundOnly.TRAIN_LOSS, rows[-1][0], name, file=part.entry.path)
        return


def _trainer(source: Source) -> Iterator[Item]:
    """The last row of each number that the Trainer hands to mlflow."""
    for name, metric in _OF_THE_TRAINER:
        part = source.near("metrics", metric)
        if part is None:
            continue
        try:
            rows = [
                match for line in part.text(20_000_000).splitlines() if (match := _ROW.match(line.strip()))
            ]
        except CannotRead as trouble:
            yield AlsoRead(part.entry, NAME, (trouble.what, trouble.why, trouble.todo))
            continue
        yield AlsoRead(part.entry, NAME)
        last = max(rows, key=lambda row: int(row[3]), default=None)
        value = float_of(last[2]) if last is not None else None
        if value is not None and value > 0:
            flos = name == FoundOnly.RECORDED_FLOS
            yield Found(name, round(value) if flos else value, metric, file=part.entry.path)


def float_of(cell: str) -> float | None:
    """A finite number, or None."""
    try:
        return real(float(cell))
    except ValueError:
        return None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
