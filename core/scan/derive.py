# SPDX-License-Identifier: Apache-2.0
"""What follows from several facts by plain arithmetic. Nothing is derived for a name that a file already gives."""

import math

from core.domain.fact import AnyFact
from core.domain.names import FoundOnly
from core.domain.task import CLASS_OF_PEFT, TASKS, loses_its_head, makes_pictures, task_of_class, task_of_peft
from core.reference import Match, load_reference
from core.scan.derive_run import precision, texts_written, tokens_behind_flos, trained
from core.scan.derive_samples import ROUNDED, add_even_samples, add_samples
from core.scan.table import Table
from core.texts import text


def derive(facts: tuple[AnyFact, ...]) -> tuple[AnyFact, ...]:
    """`facts` followed by what they give together."""
    table = Table(facts)
    texts_written(table)
    _of_a_part(table)
    _runtime(table)
    _batch(table)
    _accumulation(table)
    _world(table)
    add_samples(table)
    _totals(table)
    tokens_behind_flos(table)
    add_even_samples(table)
    _length(table)
    trained(table)
    precision(table)
    _original(table)
    _task(table)
    added = {fact.name for fact in table.added} | table.gone
    return (*(fact for fact in facts if fact.name not in added), *table.added)


def speed_ratio(samples: float, steps: float) -> tuple[float, float] | None:
    """Between which two numbers the samples per step lie, given the two rounded speeds; None when too coarse."""
    if steps <= 2 * ROUNDED or samples <= 0:
        return None
    return (samples - ROUNDED) / (steps + ROUNDED), (samples + ROUNDED) / (steps - ROUNDED)


def batch_from_speed(samples: float, steps: float, per_device: int, per_epoch: float | None) -> int | None:
    """Sequences per optimizer step from the two speeds: the one multiple of `per_device` that fits, or None.

    With whole epochs the last batch of each may be smaller, or a rest may be left out though it is counted, so the
    mean may differ from the batch by one batch per epoch; `per_epoch` is the number of steps in an epoch.
    Source: total_flos notes, 3.6 (d): 14.427 / 0.128 gives 112.7 where 112 is true.
    """
    between = speed_ratio(samples, steps)
    if between is None or per_device < 1:
        return None
    slack = min(1 / per_epoch, 0.5) if per_epoch and per_epoch > 1 else 0.0
    for part in (0.0, slack):
        low = math.ceil(between[0] / (1 + part) / per_device - 1e-9)
        high = math.floor(between[1] / (1 - part) / per_device + 1e-9)
        if max(low, 1) <= high:
            return high * per_device if max(low, 1) == high else None
    return None


def _of_a_part(table: Table) -> None:
    """A run that was taken up again logs the time and the updates of its last call of train() alone (transformers trainer.py,
    _finalize_training): how long all of it took is then not known."""
    pace, seconds = table.number(FoundOnly.STEPS_PER_SECOND), table.number(FoundOnly.TRAIN_RUNTIME_SECONDS)
    steps = table.whole("steps")
    if pace and seconds and steps and pace * seconds + ROUNDED * seconds + pace * 5e-5 < 0.99 * steps - 0.5:
        table.take_back(FoundOnly.TRAIN_RUNTIME_SECONDS)
        table.take_back(FoundOnly.WALL_SECONDS)


def _runtime(table: Table) -> None:
    """Without the trainer's own clock, the span of a log stands for it."""
    seconds = table.number(FoundOnly.WALL_SECONDS)
    if seconds:
        note = text("scan_files.log.wall")
        table.add(FoundOnly.TRAIN_RUNTIME_SECONDS, seconds, note, assumed=True, of=FoundOnly.WALL_SECONDS)


def _batch(table: Table) -> None:
    device, world = table.whole("batch_per_device"), table.whole("world_size")
    accumulation = table.whole("gradient_accumulation")
    if device and world and accumulation:
        table.add("global_batch", device * world * accumulation, text("scan.derived.batch_product"))
        return
    samples, steps = table.number(FoundOnly.SAMPLES_PER_SECOND), table.number(FoundOnly.STEPS_PER_SECOND)
    if not device or not samples or not steps:
        return
    done, epochs = table.number("steps"), table.number("epochs")
    if done is None and (runtime := table.number(FoundOnly.TRAIN_RUNTIME_SECONDS)):
        done = steps * runtime
    per_epoch = done / epochs if done and epochs else None
    batch = batch_from_speed(samples, steps, device * (world or 1) * (accumulation or 1), per_epoch)
    if batch:
        note = text("scan.derived.batch_speed")
        table.add("global_batch", batch, note, of=FoundOnly.SAMPLES_PER_SECOND)


def _accumulation(table: Table) -> None:
    device, world = table.whole("batch_per_device"), table.whole("world_size")
    batch = table.whole("global_batch")
    if device and world and batch and batch % (device * world) == 0:
        note = text("scan.derived.accumulation")
        table.add("gradient_accumulation", batch // (device * world), note)


def _world(table: Table) -> None:
    device, accumulation = table.whole("batch_per_device"), table.whole("gradient_accumulation")
    batch = table.whole("global_batch")
    if device and accumulation and batch and batch % (device * accumulation) == 0:
        table.add("world_size", batch // (device * accumulation), text("scan_tools.derived.world"))


def _length(table: Table) -> None:
    samples = table.whole("samples")
    for name in ("tokens", FoundOnly.TOKENS_RECORDED):
        tokens = table.whole(name)
        if tokens and samples and tokens % samples == 0:
            # The settings give only a longest length; the log gives the real mean.
            table.drop("sequence_length")
            note = text("scan.derived.length")
            table.add("sequence_length", tokens // samples, note, of=name)
            return


def _totals(table: Table) -> None:
    """An adapter and its base. PEFT counts a module of modules_to_save twice: as it was loaded, and its trained copy.

    A head with other classes, or a table with more words, was loaded in its new size. A head that the base's files do not
    hold belongs to another class of model, which only the layer table can count. Source: peft 0.21,
    PeftModel.get_nb_trainable_parameters and utils/other.py, ModulesToSaveWrapper.
    """
    base, trained = table.whole("base_parameters"), table.whole("parameters_trainable")
    if FoundOnly.ADAPTER_CONFIG not in table.values or not base or not trained or _other_class(table):
        return
    fixed = table.whole(FoundOnly.PARAMETERS_FIXED) or 0
    kept, loaded = table.value(FoundOnly.END_SHAPES), table.value(FoundOnly.BASE_END_SHAPES)
    grown = 0
    for name, shape in kept.items() if isinstance(kept, dict) else ():
        before = loaded.get(name) if isinstance(loaded, dict) else None
        if before is None and not _tied(table, name):
            return
        if before is not None:
            grown += _size(shape) - _size(before)
    note = text("scan.derived.total_ends" if grown else "scan.derived.total")
    table.add("parameters_total", base + trained + fixed + grown, note)


def _other_class(table: Table) -> bool:
    """Whether the base was loaded in another class than its own: its head fell away, another one came."""
    adapter, config = table.value(FoundOnly.ADAPTER_CONFIG), table.value(FoundOnly.BASE_CONFIG)
    task = adapter.get("task_type") if isinstance(adapter, dict) else None
    ending = CLASS_OF_PEFT.get(str(task))
    classes = config.get("architectures") if isinstance(config, dict) else None
    named = classes[0] if isinstance(classes, list) and classes else None
    if not isinstance(named, str):
        return False
    return loses_its_head(task, named) or (ending is not None and not named.endswith(ending))


def _size(shape: object) -> int:
    return math.prod(side for side in shape if isinstance(side, int)) if isinstance(shape, list) else 0


def _tied(table: Table, name: str) -> bool:
    """Whether the base keeps its output head in the table of words, and so in no tensor of its own."""
    config = table.value(FoundOnly.BASE_CONFIG)
    return name == "lm_head.weight" and isinstance(config, dict) and config.get("tie_word_embeddings") is True


def _original(table: Table) -> None:
    """The licensor's repository of a base that is a copy, such as unsloth/…-bnb-4bit."""
    base = table.word("base_model")
    row = load_reference().base_model(base) if base else None
    if row is not None and row.match is Match.MIRROR:
        table.add(FoundOnly.BASE_ORIGINAL, row.hub_id, text("scan_tools.derived.original"))


def _task(table: Table) -> None:
    """What the model does, where its tool, its class or its adapter leaves no choice: then nobody is asked."""
    weights, tags = table.values.get(FoundOnly.WEIGHT_DTYPES), _strings(table, FoundOnly.TAGS)
    named = [tag for tag in tags if tag in TASKS]
    if len(named) == 1 and weights is not None and (weights.origin.file or "").endswith(".gguf"):
        table.add("pipeline_tag", named[0], text("scan_tools.derived.task_tag"), of=FoundOnly.TAGS)
    tool, family = table.word(FoundOnly.TRAINING_TOOL), table.word(FoundOnly.MODEL_FAMILY)
    if makes_pictures(tool, family, _strings(table, "output_modalities")):
        table.add("pipeline_tag", "text-to-image", text("scan_tools.derived.task_pictures"))
    adapter = table.value(FoundOnly.ADAPTER_CONFIG)
    peft = task_of_peft(adapter.get("task_type")) if isinstance(adapter, dict) else ""
    for task, name in (
        (task_of_class(table.word(FoundOnly.ARCHITECTURE_CLASS) or ""), FoundOnly.ARCHITECTURE_CLASS),
        (peft, FoundOnly.ADAPTER_CONFIG),
    ):
        if task:
            key = "class" if name is FoundOnly.ARCHITECTURE_CLASS else "adapter"
            table.add("pipeline_tag", task, text(f"scan_tools.derived.task_{key}"), of=name)


def _strings(table: Table, name: str) -> list[str]:
    value = table.value(name)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
