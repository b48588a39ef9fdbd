# SPDX-License-Identifier: Apache-2.0
"""Arguments of the scripts without a Trainer that come with transformers (examples/pytorch/*/run_*_no_trainer.py).

With --with_tracking they hand all their arguments to accelerate's tracker (hparams.yml, or the settings of a run of wandb),
max_train_steps and num_train_epochs worked out. What is the same in people's own loops is read by `logged_settings`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.logged_settings import setting_facts
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.private import hub_id
from core.scan.settings import Settings, hyperparameters
from core.scan.types import Found, Item
from core.texts import text

_NO_LIMIT = 10**12
"""A tokenizer without a longest length writes 10**30."""
_USUAL_BLOCK = 1024
"""What the scripts fall back to where the tokenizer allows longer blocks and none are asked for."""


class Limits(NamedTuple):
    """What was saved with the model: the tokenizer's model_max_length and the configuration's max_position_embeddings."""

    text: int | None = None
    places: int | None = None


def is_script(settings: Settings) -> bool:
    """Whether these are the arguments of such a script."""
    counted = ("per_device_train_batch_size", "max_train_steps", "num_train_epochs")
    return all(settings.count(key) for key in counted)


def script_facts(settings: Settings, limits: Limits) -> Iterator[Item]:
    """What was planned. Where a model is named its weights are loaded; else the script says that it trains a new one (AutoModel….from_config)."""
    base = settings.get("model_name_or_path")
    yield from base_facts(base, "model_name_or_path")
    yield from setting_facts(settings)
    yield from hyperparameters(settings, ("num_warmup_steps",))
    planned = settings.count("max_train_steps")
    yield Found(FoundOnly.STEPS_PLANNED, planned, "max_train_steps", text("scan_files.log.planned"))
    if base is not None:
        yield Found("origin", "fine_tune", "model_name_or_path")
    elif any(key in settings for key in ("config_name", "tokenizer_name", "model_type")):
        yield Found("origin", "from_scratch", "model_name_or_path")
    if dataset := hub_id(settings.get("dataset_name")):
        yield Found("datasets", [dataset], "dataset_name")
    yield from _length(settings, limits)


def limits_near(source: Source) -> Limits:
    """The limits of the model that was saved nearest above a log; unknown ones where a file is missing or unreadable."""
    folder = source.entry.folder
    while folder:
        folder = folder.rpartition("/")[0]
        files = source.folders.get(folder, {})
        if "tokenizer_config.json" in files:
            told = (("tokenizer_config.json", "model_max_length"), ("config.json", "max_position_embeddings"))
            return Limits(*(_number(Source(files[name], files), key) for name, key in told if name in files))
    return Limits()


def _number(source: Source, key: str) -> int | None:
    try:
        number = Settings(source.json_object()).number(key, 1)
    except CannotRead:
        return None
    return None if number is None else int(min(number, _NO_LIMIT))


def _length(settings: Settings, limits: Limits) -> Iterator[Item]:
    """The length of each row: of texts cut into blocks, of padded ones; else the longest that was allowed.

    A multiple choice (swag) runs a row for each choice and is left out, as is fim, which moves parts of the text about.
    """
    padded = settings.flag("pad_to_max_length") is True
    if settings.flag("no_keep_linebreaks") is not None and "fim_rate" not in settings:
        yield from _cut(settings, "block_size", "block_size, no_keep_linebreaks", limits)
    elif "mlm_probability" in settings:
        by_line = settings.flag("line_by_line")
        if by_line is False:
            yield from _cut(settings, "max_seq_length", "max_seq_length, line_by_line", limits)
        elif by_line and padded:
            yield from _cut(settings, "max_seq_length", "max_seq_length, pad_to_max_length", limits)
        elif by_line:
            yield from _allowed(settings, "max_seq_length", padded=False)
    elif "doc_stride" in settings:
        if padded:
            yield from _cut(settings, "max_seq_length", "max_seq_length, pad_to_max_length", limits)
        else:
            yield from _allowed(settings, "max_seq_length", padded=False)
    elif "max_source_length" in settings:
        yield from _allowed(settings, "max_source_length", padded=padded)
    elif settings.flag("pad_to_max_length") is not None and "max_seq_length" not in settings:
        yield from _allowed(settings, "max_length", padded=padded)


def _cut(settings: Settings, key: str, told: str, limits: Limits) -> Iterator[Item]:
    """A length that the script lowers to the tokenizer's longest."""
    if limits.text is None:
        return
    if length := settings.count(key):
        yield Found("sequence_length", min(length, limits.text), told, text("scan_tools.no_trainer.filled"))
    elif key not in settings and (length := _default(key, limits.text, limits.places)):
        yield Found("sequence_length", length, told, text("scan_tools.no_trainer.default"))


def _default(key: str, longest: int, places: int | None) -> int | None:
    """The length where none is given. Of blocks, older scripts always took 1,024: only that is sure of the newer ones, too."""
    if key == "max_seq_length":
        return min(longest, _USUAL_BLOCK)
    newer = longest if places and longest <= places else min(places or 0, _USUAL_BLOCK)
    return newer if newer == _USUAL_BLOCK else None


def _allowed(settings: Settings, key: str, *, padded: bool) -> Iterator[Item]:
    if length := settings.count(key):
        note = text("scan_tools.no_trainer.filled") if padded else text("scan.args.longest")
        yield Found("sequence_length", length, f"{key}, pad_to_max_length" if padded else key, note)
