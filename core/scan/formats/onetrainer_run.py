# SPDX-License-Identifier: Apache-2.0
"""How far a run of OneTrainer got: meta.json of a backup, and the names of the saves in its workspace.

Sources: InternalModelSaverMixin._save_internal_data, GenericTrainer.__save and __backup, TrainProgress.filename_string. All
count batches (global_step); one update takes gradient_accumulation_steps of them (GenericTrainer.__is_update_step).
"""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats import onetrainer
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import Found, Item, Note
from core.texts import text

_STAMP = r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d"
SAVE = re.compile(
    rf"(?:.*[^\d])?(?P<stamp>{_STAMP})-save-(?P<global_step>\d{{1,12}})-(?P<epoch>\d{{1,9}})-(?P<epoch_step>\d{{1,12}})"
    r"\.safetensors\Z"
)
"""Prefix, time, batches, epochs, batches of the epoch."""
_CONFIG = re.compile(rf"(?:.*[^\d])?(?P<stamp>{_STAMP})\.json\Z")
_WORKSPACE = "config"
"""Folder of a workspace that holds the configuration of each start."""


def is_backup(settings: Settings) -> bool:
    """Whether JSON is the meta.json of a backup."""
    return "global_step" in settings.part("train_progress").values


def backup_facts(settings: Settings, source: Source) -> Iterator[Item]:
    """Steps and epochs done; the accumulation stands in the configuration that is stored beside."""
    yield Found(FoundOnly.TRAINING_TOOL, "OneTrainer", "train_progress")
    stored = _beside(source)
    yield from _progress(settings.part("train_progress"), stored, "train_progress.global_step", source)
    if onetrainer.is_mine(stored):
        yield from onetrainer.facts(stored)


def save_facts(source: Source, inside: Settings) -> Iterator[Item]:
    """Steps and epochs by the name of a save in a workspace; `inside` is the configuration in its header, if any."""
    match = SAVE.match(source.entry.name)
    if match:
        stored = inside if onetrainer.is_mine(inside) else _started_before(source, match["stamp"])
        yield from _progress(Settings(match.groupdict()), stored, "-save-", source)


def is_earlier(source: Source) -> bool:
    """Whether a workspace holds the configuration of a later start beside this one."""
    own = _CONFIG.match(source.entry.name)
    others = (_CONFIG.match(name) for name in source.siblings)
    return own is not None and any(other is not None and other["stamp"] > own["stamp"] for other in others)


def _progress(done: Settings, stored: Settings, key: str, source: Source) -> Iterator[Item]:
    passes, epoch, over = done.count("global_step"), done.count("epoch"), done.count("epoch_step", 0)
    accumulation = stored.count("gradient_accumulation_steps")
    if passes and accumulation:
        yield Found("steps", passes // accumulation, key, text("scan_tools.onetrainer.steps"))
    elif passes:
        yield Note(text("scan_tools.onetrainer.passes", file=source.entry.path, passes=f"{passes:,}"))
    if passes and epoch and over is not None and (passes - over) % epoch == 0 and passes > over:
        each = (passes - over) // epoch
        yield Found("epochs", round(epoch + over / each, 4), key, text("scan_tools.onetrainer.epochs"))


def _started_before(source: Source, stamp: str) -> Settings:
    """The configuration of the last start before `stamp` in the workspace of a save."""
    workspace, _, _ = source.entry.folder.rpartition("/")
    files = source.folders.get(f"{workspace}/{_WORKSPACE}" if workspace else _WORKSPACE, {})
    stamps = {match["stamp"]: name for name in files if (match := _CONFIG.match(name))}
    last = max((one for one in stamps if one <= stamp), default=None)
    return _read(Source(files[stamps[last]], files, source.folders)) if last else Settings({})


def _beside(source: Source) -> Settings:
    found = source.near("onetrainer_config", "args.json") or source.near("onetrainer_config", "config.json")
    return _read(found) if found is not None else Settings({})


def _read(source: Source) -> Settings:
    try:
        return Settings(source.json_object())
    except CannotRead:
        return Settings({})
