# SPDX-License-Identifier: Apache-2.0
"""Samples that a run read, by its steps, its log and the rows of its data. Where none tells them exactly, nothing is said."""

from core.domain.names import FoundOnly
from core.domain.stage_run import PAIRED
from core.scan.micro_batches import batches_read, rows_in_whole_batches
from core.scan.numbers import LIMIT
from core.scan.table import Table
from core.texts import text

FEW = 20
"""Samples from which tokens that are shared out evenly are no chance."""
MANY = 100_000
"""A batch beyond this is not tried row by row."""
ROUNDED = 0.0005
"""The Trainer rounds its speeds to three decimals."""
_NEAR = 1e-3
"""Cards write epochs with four decimals."""
_SWIFT = "ms-swift"
_OWN_SAMPLERS = frozenset({"Ultralytics", "fastai", "torchtune", _SWIFT})
"""Tools that share out the rows without accelerate."""


_FULL_BATCHES = frozenset({"OneTrainer", "ai-toolkit", "SimpleTuner"})
"""Tools whose batches are all full, and whose updates go on over the end of an epoch: OneTrainer leaves out the pictures of a
bucket that fill none (mgds, AspectBatchSorting), ai-toolkit and SimpleTuner take some again (toolkit/dataloader_mixins.py,
BucketsMixin; helpers/multiaspect/sampler.py)."""


def add_samples(table: Table) -> None:
    """Add the number of samples where it is known for sure."""
    steps, batch = table.whole("steps"), table.whole("global_batch")
    if table.word(FoundOnly.TRAINING_TOOL) in _FULL_BATCHES:
        if steps and batch:
            table.add("samples", steps * batch, text("scan.derived.samples_steps"))
        return
    if table.word(FoundOnly.TRAINING_TOOL) == "timm" and (table.whole("gradient_accumulation") or 1) > 1:
        return  # its last update of every epoch takes the passes that are left, and how many is not written
    pairs = table.word("training_stage") in PAIRED
    each, extra = (2, " " + text("scan.derived.pairs")) if pairs else (1, "")
    logged = _logged_samples(table)
    agree = logged is None or (
        bool(steps and batch) and abs((steps or 0) * (batch or 0) - logged[0]) <= logged[1]
    )
    # Of a plan in steps the log says steps x batch; another number is that of the rows.
    by_rows = logged is not None and (bool(steps and batch and not agree) or _planned_in_epochs(table))
    small = not by_rows and _may_end_small(table)
    early = not by_rows and _may_end_early(table)
    if read := _read(table, by_rows, small):
        table.add("samples", read * each, text("scan.derived.samples_read") + extra, of="epochs")
    elif steps and batch and agree and not small and not early:
        table.add("samples", steps * batch * each, text("scan.derived.samples_steps") + extra)
    elif logged is not None and not agree and not small and not early and _ended(table):
        found, way = _whole_batches(table, *logged)
        note = text(f"scan.derived.samples_{way}") + extra
        table.add("samples", found * each, note, of=FoundOnly.SAMPLES_PER_SECOND)
    elif (size := table.whole(FoundOnly.DATASET_SIZE)) and (epochs := table.number("epochs")):
        # Without the number of devices the steps do not tell; the data and the passes over it do.
        seen = _of_rows(size, epochs, steps, batch) if steps and batch else round(size * epochs)
        if seen and 0 < seen * each <= LIMIT:
            table.add("samples", seen * each, text("scan_tools.derived.samples"), of=FoundOnly.DATASET_SIZE)


def add_even_samples(table: Table) -> None:
    """Full batches where `add_samples` could not be sure of the last of each epoch, but the tokens are shared out evenly.

    With sequences of one length the tokens are a multiple of the samples. Of all numbers that a smaller last batch in each
    ended epoch would give, full batches alone must fit: 62 sequences of 32 tokens are 64 of 31 as well. Of texts of
    uneven length one in `samples` fits by chance, so few samples do not count.
    """
    steps, batch, epochs = table.whole("steps"), table.whole("global_batch"), table.number("epochs")
    tokens = table.whole("tokens") or table.whole(FoundOnly.TOKENS_RECORDED)
    if "samples" in table.values or not steps or not batch or not epochs or not tokens:
        return
    each = 2 if table.word("training_stage") in PAIRED else 1
    read = _read(table, by_rows=False, small=False)
    full, ended = read or steps * batch, int(epochs + _NEAR)
    if not ended or full < FEW or batch > MANY or tokens % (full * each):
        return
    last = batch // (table.whole("gradient_accumulation") or 1) if read else batch
    smaller = (full - missing * ended for missing in range(1, last))
    if not any(other > 0 and tokens % (other * each) == 0 for other in smaller):
        extra = " " + text("scan.derived.pairs") if each == 2 else ""
        table.add("samples", full * each, text("scan.derived.samples_even") + extra)


def _planned_in_epochs(table: Table) -> bool:
    """Whether the plan was whole epochs, so that the log's speed tells the rows of the data.

    With max_steps the Trainer logs steps x batch, whatever was read, and rounds the epochs of the plan up (transformers
    trainer.py, set_initial_training_values). Then the plan has fewer steps than its epochs.
    """
    steps, epochs = table.whole("steps"), table.number("epochs")
    planned, most = table.number(FoundOnly.EPOCHS_PLANNED), table.whole(FoundOnly.STEPS_PLANNED)
    settings = table.value(FoundOnly.HYPERPARAMETERS)
    if not steps or not epochs or (isinstance(settings, dict) and settings.get("max_steps")):
        return False
    if planned and most:
        return abs(most * epochs - planned * steps) <= _NEAR * planned * steps
    return abs(epochs - round(epochs)) <= _NEAR


def _ended(table: Table) -> bool:
    """Whether all planned epochs were read. transformers 4.46 left out what an epoch had over its last whole update."""
    epochs, planned = table.number("epochs"), table.number(FoundOnly.EPOCHS_PLANNED)
    return not (epochs and planned) or epochs > planned * (1 - _NEAR)


def _may_end_small(table: Table) -> bool:
    """Whether the last batch of an epoch may have held fewer rows, how many is not told.

    timm leaves such a batch out. On several devices accelerate fills it with the first rows (see rows_in_whole_batches);
    the samplers of other tools do not.
    """
    settings = table.value(FoundOnly.HYPERPARAMETERS)
    if not _epoch_ended(table) or table.whole("batch_per_device") == 1:
        return False
    if table.word(FoundOnly.TRAINING_TOOL) == "timm":
        return False
    if isinstance(settings, dict) and settings.get("dataloader_drop_last") is True:
        return False
    own = table.word(FoundOnly.TRAINING_TOOL) in _OWN_SAMPLERS
    return own or (table.whole("world_size") or 1) == 1


def _may_end_early(table: Table) -> bool:
    """Whether the last update of an epoch may have taken fewer batches than the others."""
    return _epoch_ended(table) and (table.whole("gradient_accumulation") or 1) > 1


def _epoch_ended(table: Table) -> bool:
    """Whether the run went through its data to the end, or may have.

    The scripts of transformers and of diffusers write down only how many epochs they began (max_train_steps by the steps of
    an epoch, rounded up): whether the last one was ended is open then.
    """
    epochs = table.number("epochs")
    if not epochs and table.word(FoundOnly.TRAINING_TOOL) == "kohya sd-scripts":
        return True  # settings alone do not tell how many pictures there were
    return epochs >= 1 - _NEAR if epochs else bool(table.number(FoundOnly.EPOCHS_PLANNED))


def _of_rows(rows: int, epochs: float, steps: int, batch: int) -> int | None:
    """Samples of `steps` updates over `rows` rows; None when that is another number of epochs."""
    each, whole = -(-rows // batch), int(epochs + _NEAR)
    if abs(steps / each - epochs) > _NEAR * epochs:
        return round(rows * epochs) if abs(epochs - round(epochs)) <= _NEAR else None
    return whole * rows + min((steps - whole * each) * batch, rows)


def _read(table: Table, by_rows: bool, small: bool) -> int | None:
    """Samples by the fraction of epochs, where an epoch ends in the middle of an update; None when it does not tell."""
    steps, epochs, batch = table.whole("steps"), table.number("epochs"), table.whole("global_batch")
    accumulation = table.whole("gradient_accumulation")
    if not steps or not epochs or not batch or not accumulation or batch % accumulation:
        return None
    planned, most = table.number(FoundOnly.EPOCHS_PLANNED), table.whole(FoundOnly.STEPS_PLANNED)
    found = batches_read(epochs, steps, accumulation, (most, planned) if most and planned else None)
    if found is None:
        return None
    (read, each), size = found, batch // accumulation
    speed, runtime = table.number(FoundOnly.SAMPLES_PER_SECOND), table.number(FoundOnly.TRAIN_RUNTIME_SECONDS)
    if planned and speed and runtime and by_rows:
        # The log's speed is of the whole plan: the rows of the data, once for each epoch.
        rows = _in_whole_batches(table, round(speed * runtime / planned))
        if (each - 1) * size < rows <= each * size:
            return read // each * rows + min(read % each * size, rows)
    return None if small else read * size


def _logged_samples(table: Table) -> tuple[float, float] | None:
    """Samples by the log's speeds and its possible error.

    Speed x runtime is the samples of what the runtime belongs to: the whole schedule, or, in a run that was resumed
    or stopped, a part or a plan of it. The steps of that same part tell by how much to scale.
    """
    speed, pace = table.number(FoundOnly.SAMPLES_PER_SECOND), table.number(FoundOnly.STEPS_PER_SECOND)
    runtime, steps = table.number(FoundOnly.TRAIN_RUNTIME_SECONDS), table.whole("steps")
    if not speed or not pace or not runtime or not steps:
        return None
    samples, error = speed * runtime, ROUNDED * runtime + speed * 5e-5
    part, part_error = pace * runtime, ROUNDED * runtime + pace * 5e-5
    if abs(part - steps) <= part_error + 1e-9:
        return samples, error + 1e-6
    whole_part = round(part)
    if whole_part < 1 or part_error > 0.5:
        return None
    scale = steps / whole_part
    return samples * scale, max(1.0, error * scale)


def _in_whole_batches(table: Table, rows: int) -> int:
    """Rows that one epoch reads of those the data has; as many where the devices or the setting are not known."""
    device, world = table.whole("batch_per_device"), table.whole("world_size")
    settings = table.value(FoundOnly.HYPERPARAMETERS)
    drop = settings.get("dataloader_drop_last") if isinstance(settings, dict) else None
    if table.word(FoundOnly.TRAINING_TOOL) == _SWIFT and device and world and isinstance(drop, bool):
        return _shared_out(table, rows, device, drop)
    return (
        rows_in_whole_batches(rows, device, world, drop)
        if device and world and isinstance(drop, bool)
        else rows
    )


def _shared_out(table: Table, rows: int, device: int, drop: bool) -> int:
    """ms-swift gives each device as many rows and leaves out the rest; the last batch may be smaller (swift/dataloader/shard.py,
    BatchSamplerShard). Devices that share out one sequence read the same rows."""
    batch, accumulation = table.whole("global_batch") or 0, table.whole("gradient_accumulation") or 1
    devices = batch // (device * accumulation) or 1
    each = rows // devices
    return (each // device * device if drop else each) * devices


def _whole_batches(table: Table, logged: float, error: float) -> tuple[int, str]:
    """Samples read by a log that tells the rows of the data once for each epoch, and how they were found."""
    planned, epochs = table.number(FoundOnly.EPOCHS_PLANNED), table.number("epochs")
    if not (planned and planned == epochs == int(planned)):
        return round(logged), "speed"
    rows, times = round(logged / planned), int(planned)
    if abs(logged - rows * times) > error:
        return round(logged), "speed"
    read = _in_whole_batches(table, rows)
    if read < rows and table.word(FoundOnly.TRAINING_TOOL) == _SWIFT:
        return read * times, "shared"
    return read * times, "speed" if read == rows else "dropped" if read < rows else "repeated"
