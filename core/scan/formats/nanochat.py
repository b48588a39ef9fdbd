# SPDX-License-Identifier: Apache-2.0
"""nanochat: meta_<step>.json beside each save, one folder for each stage of the training.

Sources: base_train.py, chat_sft.py, checkpoint_manager.py. total_batch_size counts tokens. Every sequence is full, so
tokens = step x total_batch_size exactly. Ranks are counted by the names of the optimizer files.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.guarded import Source
from core.scan.numbers import LIMIT
from core.scan.places import stages_of
from core.scan.private import public_json
from core.scan.settings import Settings, hyperparameters
from core.scan.types import AlsoRead, Entry, Found, Item, Note
from core.texts import text

NAME = "nanochat"
_META = re.compile(r"meta_(\d{1,12})\.json\Z")
_STAGES = {
    "base_checkpoints": "pretraining", "mid_checkpoints": "other", "chatsft_checkpoints": "sft",
    "chatrl_checkpoints": "grpo",
}  # fmt: skip
_SETTINGS = (
    "matrix_lr",
    "embedding_lr",
    "unembedding_lr",
    "scalar_lr",
    "weight_decay",
    "warmup_ratio",
    "warmdown_ratio",
)
_TAKEN_OVER = ("max_seq_len", "device_batch_size", "total_batch_size")
_CAP = 5_000_000
_STARTS = 50
"""Starts of one run that are followed back."""


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of a save of nanochat."""
    # The last stage writes nothing but the shape (chat_rl.py).
    told = "step" in settings.values or settings.values.keys() == {"model_config"}
    return told and "n_embd" in settings.part("model_config").values


def facts(settings: Settings, source: Source) -> Iterator[Item]:
    """Facts of the newest save in the folder, and of the stages before it."""
    newest = _newest(source.siblings)
    if newest is not None and newest.name != source.entry.name and _META.match(source.entry.name):
        return  # an earlier save of the same stage
    yield Found(FoundOnly.TRAINING_TOOL, "nanochat", "model_config")
    settings = _with_taken_over(settings, source.entry.folder, source)
    model = settings.part("model_config")
    yield Found(FoundOnly.CONFIG, public_json({**model.values, "model_type": "nanochat"}), "model_config")
    yield Found("model_type", "nanochat", "model_config")
    yield Found("output_modalities", ["text"], "model_config")
    yield Found("pipeline_tag", "text-generation", "model_config")
    ranks = _ranks(source)
    if ranks:
        yield Found("world_size", ranks, "optim_*_rank*", text("scan_tools.nanochat.ranks"))
    if each := settings.count("device_batch_size") or settings.count("user_config.device_batch_size"):
        yield Found("batch_per_device", each, "device_batch_size")
    if length := settings.count("max_seq_len") or model.count("sequence_len"):
        yield Found("sequence_length", length, "max_seq_len", text("scan_tools.packed"))
        total = _batch_tokens(settings)
        same = {one for _, one in _parts(settings, source)} == {total}
        if total and total % length == 0 and same:
            yield Found(
                "global_batch", total // length, "total_batch_size", text("scan_tools.nanochat.batch")
            )
    if (score := settings.number("val_bpb")) is not None:
        yield Found(FoundOnly.EVAL_METRICS, {"val_bpb": score}, "val_bpb")
    yield Found("training_method", "full", "", text("scan_tools.nanochat.full"))
    if stage := _STAGES.get(source.entry.folder.rpartition("/")[0].rpartition("/")[2]):
        yield Found("training_stage", stage, "", text("scan_tools.nanochat.stage"))
    yield from _runs(settings, source)
    yield from hyperparameters(settings.part("user_config"), _SETTINGS, "user_config")


def _runs(settings: Settings, source: Source) -> Iterator[Item]:
    """Each stage in order; their tokens and steps add up, for they trained the same weights one after another."""
    runs: list[dict[str, JsonValue]] = []
    unknown: list[str] = []
    for folder in stages_of(source.entry.folder) or (source.entry.folder,):
        files = source.siblings if folder == source.entry.folder else source.folders.get(folder, {})
        newest = _newest(files) or (source.entry if folder == source.entry.folder else None)
        if newest is None:
            continue
        if newest.path == source.entry.path:
            here: Settings | None = settings
        else:
            here, trouble = _read(Source(newest, files, source.folders))
            yield AlsoRead(newest, NAME, trouble)
        run = None
        if here is not None:
            save = Source(newest, files, source.folders)
            run = _run(_with_taken_over(here, folder, source), folder, save)
        if run is None or "tokens" not in run:
            unknown.append(newest.path)
        if run is not None:
            runs.append({"file": newest.path, **run})
    if len(runs) > 1:
        yield Found(FoundOnly.RUNS, [*runs], "step")
    if unknown:
        yield Note(text("scan_tools.nanochat.unknown", files=", ".join(unknown[:4])))
    names: tuple[tuple[str, str], ...] = (
        ("steps", "steps"), ("tokens", "tokens"), (FoundOnly.TRAIN_RUNTIME_SECONDS, "seconds"),
    )  # fmt: skip
    for name, key in names:
        values = [value for run in runs if isinstance(value := run.get(key), int | float)]
        if values and len(values) == len(runs) and (name == "steps" or not unknown):
            note = text("scan_tools.nanochat.sum", count=len(runs)) if len(runs) > 1 else None
            yield Found(name, sum(values), "step × total_batch_size" if key == "tokens" else "step", note)
    if runs and runs[0].get("stage") == "pretraining":
        yield Found("origin", "from_scratch", "", text("scan_tools.nanochat.scratch"))


def _with_taken_over(settings: Settings, folder: str, source: Source) -> Settings:
    """The settings of a later stage, with the sizes that it took over from the pretraining because the command named none
    (chat_sft.py: "None = inherit"). The save it began from is named, or the newest."""
    asked, stages = settings.part("user_config"), stages_of(folder)
    lacking = [
        name for name in _TAKEN_OVER if name not in settings and name in asked.values and name not in asked
    ]
    if not lacking or not stages or folder == stages[0]:
        return settings
    files = source.folders.get(stages[0], {})
    step = asked.count("model_step")
    entry = files.get(f"meta_{step:06d}.json") if step and step < 10**12 else _newest(files)
    base = _read(Source(entry, files, source.folders))[0] if entry is not None else None
    if base is None:
        return settings
    return Settings({**settings.values, **{name: base.get(name) for name in lacking}})


def _run(settings: Settings, folder: str, source: Source) -> dict[str, JsonValue] | None:
    named = _META.match(source.entry.name)
    steps = settings.count("step") or (int(named[1]) if named else 0)
    if not steps:
        return None
    run: dict[str, JsonValue] = {"steps": steps}
    if stage := _STAGES.get(folder.rpartition("/")[0].rpartition("/")[2]):
        run["stage"] = stage
    parts = _parts(settings, source)
    tokens = sum(count * (total or 0) for count, total in parts)
    if all(total for _, total in parts) and tokens <= LIMIT:
        run["tokens"] = tokens
    if seconds := settings.number("loop_state.total_training_time"):
        run["seconds"] = seconds
    return run


def _parts(settings: Settings, source: Source) -> list[tuple[int, int | None]]:
    """Steps and tokens of a step for each start, the last one first.

    A run is taken up again from a save that it names (base_train.py, --resume-from-step), and may go on with other batches.
    Where that save is gone, its steps are taken as those of the start after it.
    """
    parts: list[tuple[int, int | None]] = []
    named = _META.match(source.entry.name)
    end = settings.count("step") or (int(named[1]) if named else 0)
    while end and len(parts) < _STARTS:
        total, start = _batch_tokens(settings), settings.count("user_config.resume_from_step") or 0
        entry = source.siblings.get(f"meta_{start:06d}.json") if 0 < start < end else None
        before = _read(Source(entry, source.siblings, source.folders))[0] if entry is not None else None
        if before is None:
            return [*parts, (end, total)]
        parts.append((end - start, total))
        settings, end = before, start
    return [*parts, (end, None)]


def _batch_tokens(settings: Settings) -> int | None:
    return settings.count("total_batch_size") or settings.count("user_config.total_batch_size")


def _newest(files: Mapping[str, Entry]) -> Entry | None:
    saves = [(int(match[1]), entry) for name, entry in files.items() if (match := _META.match(name))]
    return max(saves, key=lambda save: save[0])[1] if saves else None


def _ranks(source: Source) -> int | None:
    """Ranks 0 to n-1 of the same step must all be there."""
    step = _META.match(source.entry.name)
    if step is None:
        return None
    pattern = re.compile(rf"optim_{step[1]}_rank(\d{{1,5}})\.pt\Z")
    ranks = {int(match[1]) for name in source.siblings if (match := pattern.match(name))}
    return len(ranks) if ranks and ranks == set(range(len(ranks))) else None


def _read(source: Source) -> tuple[Settings | None, tuple[str, str, str] | None]:
    try:
        value: dict[str, Any] = source.json_object(_CAP, not_finite=True)
    except CannotRead as trouble:
        return None, (trouble.what, trouble.why, trouble.todo)
    return Settings(value), None
