# SPDX-License-Identifier: Apache-2.0
"""SimpleTuner: training_state.json of a checkpoint, its configuration as JSON, and its card.

Sources: StateTracker.save_training_state, SaveHookManager._build_modelspec_metadata, helpers/publishing/metadata.py
(save_model_card, save_training_config), BucketSampler.log_state. Its steps are updates.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.image_tools import base_name, family_facts, resolution_facts, said_by
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "simpletuner"
EVERY_PLACE = False
NO_BASE = "/unknown-model"
"""How its card ends the name of a base that lies in a folder (helpers/publishing/metadata.py, save_model_card)."""
LICENCES = frozenset({
    "openrail++", "creativeml-openrail-m", "apache-2.0", "mit", "agpl-3.0", "openmdw-1.1", "deepfloyd-if-license",
})  # fmt: skip
"""What its card says by the family, whatever the base's licence is (MODEL_LICENSE in helpers/models/*/model.py): SDXL's is given
as that of Stable Diffusion 1."""
_LORA, _PIPELINE = "pytorch_lora_weights.safetensors", "pipeline"
_COMPARED = 4096
"""Bytes compared at a time."""
_FOUR_BITS = frozenset({"nf4-bnb", "int4-quanto", "int4-torchao"})
_REPEATS, _TOTAL = re.compile(r"- Repeats: (\d{1,6})\Z"), "- Total number of images:"
"""Repeats come on top of the first time, and before the number of pictures."""
_REGULARISATION = "- Used for regularisation data: Yes"
_RESOLUTION = re.compile(r"- Resolution: (\d{1,6}(?:\.\d{1,12})?) (megapixels|px)\s*\Z")
_STATE = frozenset({"global_step", "epoch_step", "epoch"})
_ITEM = re.compile(r"\s*[-*]\s+([A-Z][\w -]{2,40}):\s+`?([\w.+-]{1,40})`?\s*\Z")
_CARD = {
    "Effective batch size": "global_batch", "Micro-batch size": "batch_per_device",
    "Gradient accumulation steps": "gradient_accumulation", "Number of GPUs": "world_size",
    "Training steps": "steps", "LoRA Rank": "lora_rank",
}  # fmt: skip


def matches(entry: Entry) -> bool:
    """training_state.json."""
    return entry.name == "training_state.json"


def read(source: Source) -> Iterator[Item]:
    """Steps done at this checkpoint, unless the finished model above went on from there.

    Names of the data sets that were used up stay where they are.
    """
    state = Settings(source.json_object())
    if not state.values.keys() >= _STATE:
        yield NotMine(text("scan_tools.simpletuner.other"))
        return
    yield Found(FoundOnly.TRAINING_TOOL, "SimpleTuner", "global_step")
    if not _went_on(source):
        yield from counts(state, (("steps", "global_step"),))
    elif (steps := state.count("global_step")) and not _has_card(source):
        yield Note(text("scan_tools.simpletuner.further", file=source.entry.path, steps=f"{steps:,}"))


def _above(source: Source, folder: str = "") -> Mapping[str, Entry]:
    """Files of the output folder that a checkpoint lies in, or of a folder there."""
    parent = source.entry.folder.rpartition("/")[0]
    return source.folders.get("/".join(part for part in (parent, folder) if part), {})


def _has_card(source: Source) -> bool:
    """Whether the finished model has a card; its own reader takes the steps from it."""
    for files in (_above(source), _above(source, _PIPELINE)):
        if "README.md" in files:
            try:
                return is_card(Source(files["README.md"], files, source.folders).text())
            except CannotRead:
                return False
    return False


def _went_on(source: Source) -> bool:
    """Whether the training ended after this checkpoint: no checkpoint is written at the end (Trainer.train).

    The numbers of an adapter that is finished are compared; a finished pipeline may be of the same step or of a later one.
    """
    if "/" not in source.entry.folder and not source.entry.folder.startswith("checkpoint-"):
        return False
    files = _above(source)
    if _LORA in files and _LORA in source.siblings:
        own = Source(source.siblings[_LORA], source.siblings, source.folders)
        try:
            return _numbers(own) != _numbers(Source(files[_LORA], files, source.folders))
        except CannotRead:
            return True
    return _LORA in files or "model_index.json" in _above(source, _PIPELINE)


def _numbers(weights: Source) -> tuple[int, bytes, bytes]:
    """The size of the tensors' part of a safetensors file, and its middle and end. Raises CannotRead."""
    start = 8 + int.from_bytes(weights.part(0, 8), "little")
    size = weights.size - start
    return (
        size,
        weights.part(start + size // 2, _COMPARED),
        weights.part(max(start, weights.size - _COMPARED), _COMPARED),
    )


def is_header(texts: Settings) -> bool:
    """Whether the texts of a header are those that SimpleTuner writes into a checkpoint."""
    return (
        "global_step" in texts
        and "modelspec.sai_model_spec" in texts
        and texts.known("modelspec.implementation", ("diffusers",)) is not None
    )


def header_facts(texts: Settings) -> Iterator[Item]:
    """Steps and family. modelspec.resolution is the setting for data sets that name none, whether there are any or not."""
    yield Found(FoundOnly.TRAINING_TOOL, "SimpleTuner", "global_step")
    yield from counts(texts, (("steps", "global_step"),))
    yield from family_facts(texts.get("modelspec.architecture"), "modelspec.architecture")


def is_config(settings: Settings) -> bool:
    """Whether the keys are those of SimpleTuner's config.json, with or without dashes before them."""
    plain = _plain(settings)
    # A family alone is enough for it: each has a base of its own.
    marks = ("pretrained_model_name_or_path", "model_family", "data_backend_config")
    return sum(mark in plain.values for mark in marks) >= 2


def config_facts(settings: Settings) -> Iterator[Item]:
    """What was planned."""
    plain = _plain(settings)
    yield Found(FoundOnly.TRAINING_TOOL, "SimpleTuner", "model_family")
    yield Found("origin", "fine_tune", "pretrained_model_name_or_path")
    if base_name(plain.get("pretrained_model_name_or_path")):
        yield from base_facts(plain.get("pretrained_model_name_or_path"), "pretrained_model_name_or_path")
    kind = plain.known("model_type", ("lora", "full"))
    if kind:
        relative = kind == "lora" and plain.known("lora_type", ("lycoris",)) is not None
        # LyCORIS is a family; which of it stands in another file, and in the names of the tensors.
        packed = plain.known("base_model_precision", _FOUR_BITS)
        if relative:
            yield Found("training_method", "adapter", "lora_type")
        elif kind == "lora" and packed:
            yield Found("training_method", "qlora", "base_model_precision")
        else:
            yield Found("training_method", kind, "model_type")
    if kind == "lora" and plain.known("lora_type", ("lycoris",)) is None:
        yield from counts(plain, (("lora_rank", "lora_rank"),))
    yield from counts(
        plain,
        (
            ("batch_per_device", "train_batch_size"),
            ("gradient_accumulation", "gradient_accumulation_steps"),
            (FoundOnly.STEPS_PLANNED, "max_train_steps"),
            (FoundOnly.EPOCHS_PLANNED, "num_train_epochs"),
        ),
    )
    flavour = plain.word("model_flavour")
    named = [family for family in (plain.get("model_family"), flavour) if isinstance(family, str)]
    # The flavour tells what a family alone does not, such as FLUX.1 Kontext.
    yield from family_facts("-".join(named), "model_family")
    yield from precision(plain, "mixed_precision")
    if (again := plain.flag("gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "gradient_checkpointing")
    yield from hyperparameters(
        plain, ("learning_rate", "lr_scheduler", "lora_alpha", "seed", "lr_warmup_steps", "optimizer")
    )


def _plain(settings: Settings) -> Settings:
    return Settings({key.removeprefix("--"): value for key, value in settings.values.items()})


def is_card(body: str) -> bool:
    """Whether the text below the front matter is that of a card that SimpleTuner wrote."""
    return "\n## Training settings" in body and "- Micro-batch size:" in body


def card_facts(body: str) -> Iterator[Item]:
    """Facts of the list below "Training settings" of its card, and the largest resolution of its data sets.

    "Training epochs" is one less than the epoch it was in, also when that one was read to its end: no fact.
    """
    start = body.find("\n## Training settings")
    if start < 0:
        return
    end = body.find("\n## ", start + 5)
    section = body[start : end if end > 0 else start + 20_000]
    found: Mapping[str, str] = {
        match[1]: match[2]
        for line in section.splitlines()
        if len(line) < 200 and (match := _ITEM.match(line))
    }
    if "Micro-batch size" not in found:
        return
    listed = Settings(found)
    items: list[Item] = [Found(FoundOnly.TRAINING_TOOL, "SimpleTuner", "Training settings")]
    items += counts(listed, [(name, key) for key, name in _CARD.items()])
    lines = [line.strip() for line in body[start:].splitlines() if len(line) < 80]
    sides = {_side(line) for line in lines} - {0}
    items += resolution_facts(sides, "Datasets", text("scan_tools.largest"))
    items += _pictures(lines)
    if _REGULARISATION in lines:  # the model without its adapter gives the answer to reach (Trainer.train)
        items.append(Found(FoundOnly.PASSES_BESIDE, 1, "Datasets"))
    if (again := listed.flag("Gradient checkpointing")) is not None:
        items.append(Found("gradient_checkpointing", again, "Gradient checkpointing"))
    picked = {"learning_rate": listed.get("Learning rate"), "lora_alpha": listed.get("LoRA Alpha")}
    items += hyperparameters(Settings(picked), picked)
    yield from said_by(NAME, items)


def _pictures(lines: Iterable[str]) -> Iterator[Found]:
    """Pictures of all data sets, and with their repeats; nothing when a number is missing or only near."""
    every = with_repeats = 0
    repeats: int | None = None
    for line in lines:
        if match := _REPEATS.match(line):
            repeats = int(match[1])
        elif line.startswith(_TOTAL):
            count = line.removeprefix(_TOTAL).strip()
            if repeats is None or not count.isdecimal() or len(count) > 12:
                return
            every += int(count)
            with_repeats += int(count) * (repeats + 1)
            repeats = None
    if every:
        yield Found(FoundOnly.PICTURES, every, "Datasets")
        yield Found(FoundOnly.DATASET_SIZE, with_repeats, "Datasets", text("scan_tools.simpletuner.repeats"))


def _side(line: str) -> int:
    """Pixels along the side of a square as large as the pictures of a data set; 0 for another line."""
    match = _RESOLUTION.match(line)
    if match is None:
        return 0
    side = math.sqrt(float(match[1]) * 1e6) if match[2] == "megapixels" else float(match[1])
    return round(side) if 16 <= side < 100_000 else 0
