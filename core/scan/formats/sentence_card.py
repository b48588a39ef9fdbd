# SPDX-License-Identifier: Apache-2.0
"""Cards of sentence-transformers and SetFit: the settings they list, and their tags. Sample rows are never read."""

import math
import re
from collections.abc import Iterator

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item
from core.texts import text

_ITEM = re.compile(r"- (?:`([a-z0-9_]{2,60})`|([a-z0-9_]{2,60})): (.{1,80})\Z")
_LOSS = re.compile(r"[A-Z][A-Za-z]{3,60}(?:Loss)?\Z")
_ROW = re.compile(r"\|\s*(\d{1,4}\.\d{1,4})\s*\|\s*(\d{1,9})\s*\|")
"""Epochs with four decimals, and steps."""
_WORDS = re.compile(
    r"^\| Word count[ ]{0,9}\|[ ]{0,9}(\d{1,9})[ ]{0,20}\|[ ]{0,9}(\d{1,9}(?:\.\d{1,20})?)[ ]{0,20}\|[ ]{0,9}(\d{1,9})[ ]{0,20}\|",
    re.MULTILINE,
)
_TIME = re.compile(r"- \*\*Training\*\*: ([\d.]{1,12}) (seconds|minutes|hours|days)\Z")
_ROUNDED = 0.00005 + 1e-12
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_SETTINGS = (
    "learning_rate", "weight_decay", "warmup_ratio", "warmup_steps", "optim", "lr_scheduler_type", "seed",
    "max_grad_norm", "num_iterations", "margin", "end_to_end", "distance_metric",
)  # fmt: skip


def tag_facts(tags: list[str]) -> Iterator[Item]:
    """dataset_size:64 and loss:Name, which the model card of the library writes as tags."""
    for tag in tags:
        name, _, value = tag.partition(":")
        if name == "dataset_size" and (size := Settings({"n": value}).count("n")):
            yield Found(FoundOnly.DATASET_SIZE, size, "tags")
        elif name == "loss" and _LOSS.match(value):
            yield Found(FoundOnly.HYPERPARAMETERS, {"loss": value}, "tags")


def card_facts(body: str) -> Iterator[Item]:
    """Facts of "Training Hyperparameters" in the two libraries' cards."""
    if "[SetFit](https://github.com/huggingface/setfit)" in body:
        listed = Settings(_listed(body))
        yield from _setfit(listed, _logged(body))
        yield from _words(body, listed)
    elif "\n#### All Hyperparameters" in body and "www.SBERT.net" in body:
        yield from _sentence(Settings(_listed(body)))
    for line in body.splitlines():
        if len(line) < 100 and (time := _TIME.match(line.strip())):
            seconds = Settings({"s": time[1]}).number("s")
            if seconds:
                note = text("scan_tools.sentence.time")
                yield Found(
                    FoundOnly.TRAIN_RUNTIME_SECONDS, seconds * _SECONDS[time[2]], "Training Time", note
                )
            break


def _listed(body: str) -> dict[str, str]:
    """The items of the section, up to the next one of its rank; the first mention of a name counts."""
    start = body.find("\n### Training Hyperparameters")
    if start < 0:
        return {}
    end = body.find("\n### ", start + 5)
    found: dict[str, str] = {}
    for line in body[start : end if end > 0 else start + 50_000].splitlines():
        if len(line) < 200 and (item := _ITEM.match(line.strip())):
            found.setdefault(item[1] or item[2], item[3].strip())
    return found


def _logged(body: str) -> tuple[float, int] | None:
    """Epochs and steps in the last row of SetFit's table of losses."""
    start = body.find("\n### Training Results")
    rows = body[start + 1 : start + 500_000].splitlines()[1:] if start >= 0 else []
    last = None
    for line in rows:
        if line.startswith("#"):
            break
        if len(line) < 200 and (row := _ROW.match(line.strip())):
            last = float(row[1]), int(row[2])
    return last


def _sentence(listed: Settings) -> Iterator[Item]:
    where = "Training Hyperparameters"
    yield Found(FoundOnly.TRAINING_TOOL, "sentence-transformers", where)
    items: list[Found] = list(
        counts(
            listed,
            (
                ("batch_per_device", "per_device_train_batch_size"),
                ("gradient_accumulation", "gradient_accumulation_steps"),
                (FoundOnly.STEPS_PLANNED, "max_steps"),
            ),
        )
    )
    if (epochs := listed.number("num_train_epochs")) and not listed.count("max_steps"):
        items.append(Found(FoundOnly.EPOCHS_PLANNED, epochs, "num_train_epochs"))
    for name in ("bf16", "fp16"):
        if listed.flag(name):
            items.append(Found("precision", name, name))
    if (again := listed.flag("gradient_checkpointing")) is not None:
        items.append(Found("gradient_checkpointing", again, "gradient_checkpointing"))
    items += hyperparameters(listed, _SETTINGS)
    for item in items:
        yield Found(item.name, item.value, ", ".join(filter(None, (where, item.key))), item.note)


def _setfit(listed: Settings, logged: tuple[float, int] | None) -> Iterator[Item]:
    """SetFit trains twice: first the encoder with pairs, then the head; its numbers come in pairs (16, 2)."""
    if not listed.values:
        return
    where = "Training Hyperparameters"
    yield Found(FoundOnly.TRAINING_TOOL, "setfit", where)
    yield Found(FoundOnly.LIBRARY_NAME, "setfit", where)
    first = Settings(
        {key: str(value).strip("() ").partition(",")[0].strip() for key, value in listed.values.items()}
    )
    yield from counts(first, (("batch_per_device", "batch_size"),))
    # SetFit has no setting for several passes in an update (setfit 1.2, training_args.py).
    yield Found("gradient_accumulation", 1, where, text("scan_tools.sentence.passes"))
    if (mixed := first.flag("use_amp")) is not None:
        yield Found(FoundOnly.MIXED_PRECISION, "fp16" if mixed else "no", f"{where}, use_amp")
        if mixed:
            yield Found("precision", "fp16", f"{where}, use_amp")
    yield from hyperparameters(first, _SETTINGS, where)
    epochs = first.count("num_epochs")
    # Where nothing ended the training before its last epoch, that is how many there were.
    if epochs and first.get("max_steps") == "-1" and first.flag("load_best_model_at_end") is False:
        yield Found("epochs", float(epochs), f"{where}, num_epochs")
        if logged is not None and (each := _in_an_epoch(*logged)):
            yield Found("steps", each * epochs, "Training Results", text("scan_tools.sentence.steps"))


def _words(body: str, listed: Settings) -> Iterator[Item]:
    """Words of the texts that SetFit paired. What its card calls the median is their mean (setfit 1.2, model_card.py).

    Losses that look for pairs in a batch themselves read one text a sample (trainer.py, get_dataset).
    """
    row = _WORDS.search(body)
    if row is None:
        return
    least, mean, most = (float(cell) for cell in row.groups())
    loss = listed.word("loss") or ""
    if 0 <= least <= mean <= most and mean > 0:
        column: dict[str, JsonValue] = {"min": least, "mean": mean, "max": most, "unit": "words"}
        texts = 1 if loss.startswith(("Batch", "SupCon")) else 2
        yield Found(FoundOnly.SAMPLE_LENGTHS, [column] * texts, "Training Set Metrics, Word count")


def _in_an_epoch(epochs: float, steps: int) -> int | None:
    """Steps of one epoch by the epochs, rounded to four decimals, after so many steps; None where several fit."""
    if epochs <= _ROUNDED:
        return None
    low, high = math.ceil(steps / (epochs + _ROUNDED)), math.floor(steps / (epochs - _ROUNDED))
    return low if low == high else None
