# SPDX-License-Identifier: Apache-2.0
"""The sections of a card that tools write: hyperparameters, framework versions, and the marks of a template."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.formats.pair_lengths import as_run
from core.scan.numbers import real, whole
from core.scan.private import short_text
from core.scan.types import Found, Item
from core.texts import text

_HEADING = re.compile(r"#{2,4}\s+(\S.*)\Z")
# Blanks are counted: several runs without an end beside each other took a second for one line of blanks.
_ITEM = re.compile(
    r"[-*]\s{1,8}(?:\*\*)?([\w .-]{1,60}?)(?:\*\*)?\s{0,8}(?::|\s(?=v?\d))\s{0,8}(?:\*\*)?\s{0,8}(.{1,400})\Z"
)
_INTEGER, _NUMBER = re.compile(r"[+-]?\d{1,30}\Z"), re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?\Z")
_KNOWN = frozenset(
    {
        "learning_rate", "train_batch_size", "eval_batch_size", "seed", "distributed_type", "num_devices",
        "gradient_accumulation_steps", "total_train_batch_size", "total_eval_batch_size", "optimizer",
        "lr_scheduler_type", "lr_scheduler_warmup_steps", "lr_scheduler_warmup_ratio", "num_epochs", "training_steps",
        "mixed_precision_training", "label_smoothing_factor", "weight_decay", "max_grad_norm",
    }
)  # fmt: skip
_COUNTS = {
    "train_batch_size": "batch_per_device", "num_devices": "world_size",
    "gradient_accumulation_steps": "gradient_accumulation", "total_train_batch_size": "global_batch",
    "training_steps": FoundOnly.STEPS_PLANNED,
}  # fmt: skip


def body_facts(body: str) -> Iterator[Item]:
    """Facts of the Trainer's "Training hyperparameters" and of "Framework versions"."""
    sections = _sections(body)
    listed = sections.get("training hyperparameters", {})
    values: dict[str, JsonValue] = {name: _value(raw) for name, raw in listed.items() if name in _KNOWN}
    values = {name: value for name, value in values.items() if value is not None}
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, values, "Training hyperparameters")
    for name, fact in _COUNTS.items():
        count = whole(values.get(name), 1)
        if count is not None:
            yield Found(str(fact), count, f"Training hyperparameters, {name}")
    epochs = real(values.get("num_epochs"), 0)
    if epochs and epochs < 10**6:
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "Training hyperparameters, num_epochs")
    # The Trainer writes this for fp16 only; for bf16 it writes nothing (modelcard.py).
    if values.get("mixed_precision_training") == "Native AMP":
        yield Found(
            "precision", "fp16", "Training hyperparameters, mixed_precision_training", text("scan.card.amp")
        )
    lengths = _text_lengths(body)
    if lengths:
        yield Found(FoundOnly.SAMPLE_LENGTHS, lengths, "Training Dataset, details")
    versions = {
        name: version
        for name, raw in sections.get("framework versions", {}).items()
        if (version := short_text(raw, 40))
    }
    if versions:
        yield Found(FoundOnly.VERSIONS, dict(versions), "Framework versions")


_LENGTHS = re.compile(
    r"<li>min: (\d{1,9}) tokens</li><li>mean: (\d{1,9}\.\d{1,3}) tokens</li><li>max: (\d{1,9}) tokens</li>"
)


_LISTS = re.compile(r"<li>size: \d{1,9} elements</li></ul>\s{0,400}\|\s{0,400}\S")
"""A column of lists that is not the last one, where the labels stand."""
_SIZE = re.compile(r"\* Size: (\d{1,3}(?:,\d{3}){0,4}) training samples\Z")
_BY_SIZE = "- `multi_dataset_batch_sampler`: proportional"
"""The default: batches are drawn from the sets by their sizes (sentence-transformers, training_args.py)."""


def _text_lengths(body: str) -> list[JsonValue]:
    """Shortest, mean and longest text of each column of the training data of a sentence-transformers card.

    Of several sets with as many columns, the mean by their sizes, when batches were drawn by size.
    """
    start, end = body.find("### Training Dataset"), body.find("### Training Hyperparameters")
    part = body[start:end] if 0 <= start < end else ""
    rows = [
        line for line in part.splitlines() if line.lstrip().startswith("| details") and len(line) < 20_000
    ]
    sets = [
        [(int(least), float(mean), int(most)) for least, mean, most in _LENGTHS.findall(row)]
        for row in rows[:100]
    ]
    if any(_LISTS.search(row) for row in rows):
        return []  # a list of documents, whose lengths are not told
    if len(sets) == 1:
        columns: list[JsonValue] = [
            {"min": least, "mean": mean, "max": most} for least, mean, most in sets[0]
        ]
        return as_run(body, part, columns)
    found = (_SIZE.match(line.strip()) for line in part.splitlines() if len(line) < 100)
    sizes = [int(size[1].replace(",", "")) for size in found if size]
    drawn = any(line.strip() == _BY_SIZE for line in body[end:].splitlines())
    alike = len({len(columns) for columns in sets}) == 1
    if not drawn or not alike or len(sizes) != len(sets) or not (every := sum(sizes)):
        return []  # sets that mix in an unknown share
    mixed: list[JsonValue] = [
        {
            name: sum(size * one[place] for size, one in zip(sizes, column, strict=True)) / every
            for place, name in enumerate(("min", "mean", "max"))
        }
        for column in zip(*sets, strict=True)
    ]
    return as_run(body, part, mixed)


def written_by_tool(body: str) -> str | None:
    """The tool whose unchanged template the card is, or None when a person seems to have worked on it."""
    if (
        "has been generated automatically according to the information" in body
        and "then remove this comment" in body
    ):
        return "transformers"
    if body.count("[More Information Needed]") >= 20:
        return "PEFT" if "- PEFT " in body else "Hugging Face"
    if "It has been trained using [TRL]" in body and "If you had a time machine" in body:
        return "TRL"
    if "This is a merge of pre-trained language models created using [mergekit]" in body:
        return "mergekit"
    if "# Uploaded" in body and "model was trained 2x faster" in body:
        return "Unsloth"
    return None


def _sections(body: str) -> dict[str, dict[str, str]]:
    """The list items under each heading, in code blocks or not, by small-letter heading."""
    sections: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in body.splitlines():
        line = line.strip()
        if heading := _HEADING.match(line[:200]):
            current = sections.setdefault(heading[1].rstrip("#").strip().lower(), {})
        elif len(line) <= 500 and (item := _ITEM.match(line)) and len(current) < 100:
            current.setdefault(item[1].strip(), item[2].strip())
    return sections


def _value(raw: str) -> JsonValue:
    if _INTEGER.match(raw):
        return int(raw)
    if _NUMBER.match(raw):
        return real(float(raw))
    return short_text(raw)
