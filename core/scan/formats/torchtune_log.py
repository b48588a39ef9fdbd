# SPDX-License-Identifier: Apache-2.0
"""How many updates a recipe of torchtune logged: log_<seconds>.txt of DiskLogger, the events of TensorBoardLogger, and the
state it kept after an epoch.

Source: torchtune/training/metric_logging.py and recipes/*_single_device.py, *_distributed.py (0.6.1).
"""

import re
from collections.abc import Iterator

from core.errors import CannotRead
from core.scan.formats import tfevents
from core.scan.formats.optimizer_file import updates
from core.scan.formats.torch_file import read_torch
from core.scan.formats.torch_tensors import entries
from core.scan.guarded import Source
from core.scan.numbers import whole
from core.scan.types import AlsoRead, Found, Item
from core.texts import text

_TEXT = re.compile(r"log_(\d{1,12})\.txt\Z")
_LINE = re.compile(rb"^Step (\d{1,12}) \|", re.MULTILINE)
_END = 65_536
"""Bytes at the end of a log that are looked at."""


def logged_steps(source: Source, reader: str, every: int) -> Iterator[Item]:
    """The last update in the newest log below the configuration's folder. With `every` above 1 the log left some out."""
    for log, text_log in _logs(source):
        try:
            steps = _last_line(log) if text_log else tfevents.last_step(log, (b"loss",))
        except CannotRead as trouble:
            yield AlsoRead(log.entry, reader, (trouble.what, trouble.why, trouble.todo))
            continue
        if steps:
            yield AlsoRead(log.entry, reader)
            note = text("scan_files.log.last_step") if every > 1 else None
            yield Found("steps", steps, "Step" if text_log else "step", note, file=log.entry.path)
            return


def kept_steps(source: Source, reader: str, epochs: int) -> Iterator[Item]:
    """Updates of an epoch by the optimizer that recipe_state.pt keeps, times the epochs that were saved."""
    state = source.near("recipe_state", "recipe_state.pt")
    if state is None:
        return
    try:
        top = entries(read_torch(state).symbols.value)
        done, steps = (
            whole(top.get("epochs_run"), 1),
            updates(entries(entries(top.get("optimizer")).get("state")), state),
        )
    except CannotRead as trouble:
        yield AlsoRead(state.entry, reader, (trouble.what, trouble.why, trouble.todo))
        return
    yield AlsoRead(state.entry, reader)
    if done and steps and steps % done == 0:
        note = text("scan_tools.torchtune.state")
        yield Found("steps", steps // done * epochs, "optimizer", note, file=state.entry.path)


def _logs(source: Source) -> Iterator[tuple[Source, bool]]:
    """Logs below the folder, the newest first, and whether each is one of text."""
    above = f"{source.entry.folder}/" if source.entry.folder else ""
    found: list[tuple[int, str, Source, bool]] = []
    for folder, files in source.folders.items():
        if not f"{folder}/".startswith(above):
            continue
        for name, entry in files.items():
            one = Source(entry, files, source.folders)
            if match := _TEXT.match(name):
                found.append((int(match[1]), entry.path, one, True))
            elif tfevents.matches(entry):
                found.append((*tfevents.newest(one), one, False))
    for _, _, one, text_log in sorted(found, key=lambda item: item[:2], reverse=True):
        yield one, text_log


def _last_line(log: Source) -> int:
    end = log.part(max(0, log.size - _END), _END)
    return max((int(step) for step in _LINE.findall(end)), default=0)
