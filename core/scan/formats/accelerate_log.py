# SPDX-License-Identifier: Apache-2.0
"""hparams.yml of accelerate's TensorBoard tracker: logs/<project>/<seconds>/hparams.yml, with the run's log one folder up.

Source: accelerate/tracking.py, TensorBoardTracker.store_init_configuration.
"""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats import front_matter, tfevents, transformers_script
from core.scan.formats.diffusers_script import is_script, script_facts
from core.scan.formats.logged_settings import setting_facts
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import AlsoRead, Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "accelerate"
EVERY_PLACE = False
_FOLDER = re.compile(r"(?:^|/)(\d{9,11}(?:\.\d{1,9})?)\Z")
_CAP = 200_000
_MOST_STARTS = 20
"""Earlier starts of a run that are looked at, the latest first."""
_OF_A_BATCH = ("train_batch_size", "per_device_train_batch_size", "gradient_accumulation_steps")
_LOSSES = (b"train_loss", b"loss")
"""What diffusers' scripts log after each update, with the number of updates as the step."""
_COUNTED = (b"step",)
"""What transformers' scripts (examples/*_no_trainer.py) log with the same step: the number of updates itself."""


def matches(entry: Entry) -> bool:
    """hparams.yml in a folder that accelerate named after the time."""
    return entry.name == "hparams.yml" and _FOLDER.search(entry.folder) is not None


def newest(source: Source) -> tuple[float, str]:
    """The time in the folder's name: of several runs the latest is read first."""
    found = _FOLDER.search(source.entry.folder)
    return (float(found[1]) if found else 0.0, source.entry.folder)


def read(source: Source) -> Iterator[Item]:
    """Facts of the arguments, and the updates in the log beside them. Raises CannotRead."""
    parsed = front_matter.parse_any(source.text(_CAP), "settings")
    settings = Settings(parsed if isinstance(parsed, dict) else {})
    script = is_script(settings)
    if script:
        facts = list(script_facts(settings))
    elif transformers_script.is_script(settings):
        limits = transformers_script.limits_near(source)
        facts = list(transformers_script.script_facts(settings, limits))
    else:
        facts = list(setting_facts(settings))
    if not facts:
        yield NotMine(text("scan_files.log.no_training"))
        return
    yield from facts
    if _changed(settings, source):
        yield Found(FoundOnly.BATCH_CHANGED, True, "resume_from_checkpoint")
        yield Note(text("scan_files.log.changed"))
    log = _log_of(source) if script or "per_device_train_batch_size" in settings else None
    if log is None:
        return
    try:
        steps = tfevents.last_step(log, _LOSSES if script else _COUNTED)
    except CannotRead as trouble:
        yield AlsoRead(log.entry, NAME, (trouble.what, trouble.why, trouble.todo))
        return
    yield AlsoRead(log.entry, NAME)
    if steps:
        planned = settings.count("max_train_steps")
        ended = None if steps == planned else text("scan_files.log.last_step")
        yield Found("steps", steps, "step", ended, file=log.entry.path)


def _changed(settings: Settings, source: Source) -> bool:
    """Whether an earlier start of the run that this one went on from (--resume_from_checkpoint) read other batches: its updates
    are counted with those of this start."""
    if settings.get("resume_from_checkpoint") is None:
        return False
    above, began = source.entry.folder.rpartition("/")[0], newest(source)[0]
    starts = sorted(
        (
            (float(found[1]), files["hparams.yml"])
            for path, files in source.folders.items()
            if "hparams.yml" in files
            and (found := _FOLDER.search(path))
            and path.rpartition("/")[0] == above
            and float(found[1]) < began
        ),
        key=lambda start: start[0],
    )
    for _, entry in starts[-_MOST_STARTS:]:
        try:
            parsed = front_matter.parse_any(Source(entry, {entry.name: entry}).text(_CAP), "settings")
        except CannotRead:
            continue
        earlier = Settings(parsed if isinstance(parsed, dict) else {})
        if any(earlier.count(key) != settings.count(key) for key in _OF_A_BATCH):
            return True
    return False


def _log_of(source: Source) -> Source | None:
    """The log that was begun last before the arguments were written down."""
    began, _ = newest(source)
    above = source.entry.folder.rpartition("/")[0]
    files = source.folders.get(above, {})
    logs = [Source(entry, files, source.folders) for entry in files.values() if tfevents.matches(entry)]
    earlier = [log for log in logs if tfevents.newest(log)[0] <= began + 1]
    return max(earlier, key=tfevents.newest, default=None)
