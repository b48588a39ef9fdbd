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
from core.scan.formats.image_tools import said_by
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "onetrainer_backup"
EVERY_PLACE = False
_STAMP = r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d"
SAVE = re.compile(
    rf"(?:.*[^\d])?(?P<stamp>{_STAMP})-save-(?P<global_step>\d{{1,12}})-(?P<epoch>\d{{1,9}})-(?P<epoch_step>\d{{1,12}})"
    r"\.safetensors\Z"
)
"""Prefix, time, batches, epochs, batches of the epoch."""
_CONFIG = re.compile(rf"(?:.*[^\d])?(?P<stamp>{_STAMP})\.json\Z")
_MADE = re.compile(rf"(?:.*[^\d])?({_STAMP})-(?:save|backup)-\d")
_BATCH = ("batch_size", "gradient_accumulation_steps")
_STARTS = 50
"""Configurations of a workspace that are compared."""
_WORKSPACE = "config"
"""Folder of a workspace that holds the configuration of each start."""


def matches(entry: Entry) -> bool:
    """meta.json (spaCy has one too)."""
    return entry.name == "meta.json"


def read(source: Source) -> Iterator[Item]:
    """Steps and epochs done at a backup, and its settings. Raises CannotRead."""
    settings = Settings(source.json_object())
    if not is_backup(settings):
        yield NotMine(text("scan_tools.json.other"))
        return
    yield from said_by(onetrainer.NAME, _backup(settings, source))


def is_backup(settings: Settings) -> bool:
    """Whether JSON is the meta.json of a backup."""
    return "global_step" in settings.part("train_progress").values


def _backup(settings: Settings, source: Source) -> Iterator[Item]:
    yield Found(FoundOnly.TRAINING_TOOL, "OneTrainer", "train_progress")
    stored = _beside(source)
    yield from _progress(settings.part("train_progress"), stored, "train_progress.global_step", source)
    if onetrainer.is_mine(stored):
        above = source.entry.folder.rpartition("/")[0]  # backup/, in the workspace
        yield from _of_start(stored, source, above.rpartition("/")[0] if above else None)


def config_facts(settings: Settings, source: Source) -> Iterator[Item]:
    """The settings of the start that the workspace's last save or backup is of; of a file elsewhere simply its own."""
    own = _CONFIG.match(source.entry.name)
    workspace, _, folder = source.entry.folder.rpartition("/")
    if own is None or folder != _WORKSPACE:
        yield from onetrainer.facts(settings)
        return
    made = _made(source, workspace)
    stamps = [match["stamp"] for name in source.siblings if (match := _CONFIG.match(name))]
    in_force = max((one for one in stamps if not made or one <= made), default=max(stamps))
    if own["stamp"] != in_force:
        yield NotMine(text("scan_tools.onetrainer.earlier"))
        return
    yield from _of_start(settings, source, workspace)


def _made(source: Source, workspace: str) -> str:
    """When the last save or backup of a workspace was made; empty when there is none."""
    inside = f"{workspace}/" if workspace else ""
    names = [*source.folders.get(f"{inside}save", {})]
    names += [
        path.removeprefix(f"{inside}backup/")
        for path in source.folders
        if path.startswith(f"{inside}backup/")
    ]
    return max((match[1] for name in names if (match := _MADE.match(name))), default="")


def _of_start(settings: Settings, source: Source, workspace: str | None) -> Iterator[Item]:
    """Facts of the settings, without a batch when the run was taken up again with another one."""
    changed = (
        workspace is not None
        and settings.flag("continue_last_backup")
        and _changed(settings, source, workspace)
    )
    for item in onetrainer.facts(settings):
        if changed and isinstance(item, Found) and item.name == "batch_per_device":
            yield Note(text("scan_tools.onetrainer.changed", file=source.entry.path))
        else:
            yield item


def _changed(settings: Settings, source: Source, workspace: str) -> bool:
    """Whether another start in the workspace read other batches: its steps are counted with those of the last start."""
    files = source.folders.get(f"{workspace}/{_WORKSPACE}" if workspace else _WORKSPACE, {})
    names = sorted(name for name in files if _CONFIG.match(name))[-_STARTS:]
    starts = [_read(Source(files[name], files, source.folders)) for name in names]
    return any(
        onetrainer.is_mine(start) and any(start.count(key) != settings.count(key) for key in _BATCH)
        for start in starts
    )


def save_facts(source: Source, inside: Settings) -> Iterator[Item]:
    """Steps and epochs by the name of a save in a workspace; `inside` is the configuration in its header, if any."""
    match = SAVE.match(source.entry.name)
    if match:
        stored = inside if onetrainer.is_mine(inside) else _started_before(source, match["stamp"])
        yield from _progress(Settings(match.groupdict()), stored, "-save-", source)


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
