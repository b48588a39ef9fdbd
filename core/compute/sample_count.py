# SPDX-License-Identifier: Apache-2.0
"""How many sequences a run processed: told, or steps times the batch."""

from dataclasses import dataclass

from core.compute.ranges import shown, step
from core.domain.estimate import ArithmeticStep
from core.domain.fact import AnyFact, any_fact
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.stage_run import PAIRED
from core.texts import text

_NEAR = 1e-3
"""Logs round epochs."""
_WORTH_SAYING = 0.99

_UNKNOWN_WORLD, _UNKNOWN_ACCUMULATION = 8.0, 8.0
"""One machine rarely holds more than eight devices; accumulation over more than eight batches is rare."""


@dataclass(frozen=True)
class SampleCount:
    """Sequences in all, epochs included (None: not known). `low` and `high` are factors for what had to be assumed."""

    count: int | None = None
    high: float = 1.0
    low: float = 1.0
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()


def sample_count(known: Known, stage: str) -> SampleCount:
    """What the person or the log says, else steps x batch; a pair counts as two."""
    said = known.integer("samples")
    if said is not None and said.value > 0:
        return SampleCount(said.value, inputs=(any_fact(said),))
    steps = known.integer("steps")
    if steps is None or steps.value <= 0:
        return SampleCount()
    batch = _global_batch(known)
    if batch is None:
        return SampleCount()
    size, high, inputs, assumptions = batch
    each = 2 if stage in PAIRED else 1
    count = steps.value * size * each
    expression = f"{shown(steps.value)} × {shown(size)}" + (" × 2" if each == 2 else "")
    label = "samples_pairs" if each == 2 else "samples"
    lines = (step(label, expression, count, ""),)
    low = _least_of_full(known, steps.value, size)
    if low < _WORTH_SAYING:
        assumptions = (*assumptions, text("compute.assume.last_batches"))
    return SampleCount(count, high, low, (any_fact(steps), *inputs), assumptions, lines)


def _least_of_full(known: Known, steps: int, size: int) -> float:
    """The least that full batches may overstate the rows by: the last of each ended epoch may have held one row.

    Where only the epochs are known that a script began, its updates may not have taken full batches at either end: some
    of transformers' scripts update after the first pass of an epoch (run_glue_no_trainer.py: step % accumulation == 0).
    """
    done, short = known.number("epochs"), size - 1
    epochs = done or known.number(FoundOnly.EPOCHS_PLANNED)
    accumulation = known.integer("gradient_accumulation")
    if done is None and accumulation is not None and accumulation.value > 1:
        short += size - max(1, size // accumulation.value)
    ended = min(int(epochs.value + _NEAR), steps) if epochs is not None and epochs.value >= 0 else 0
    return max(1 / size, 1 - ended * short / (steps * size))


def _global_batch(known: Known) -> tuple[int, float, tuple[AnyFact, ...], tuple[str, ...]] | None:
    """Sequences per optimizer step: the size, a factor upwards for what was assumed, inputs, assumptions."""
    whole = known.integer("global_batch")
    if whole is not None and whole.value > 0:
        return whole.value, 1.0, (any_fact(whole),), ()
    device = known.integer("batch_per_device")
    accumulation = known.integer("gradient_accumulation")
    world = known.integer("world_size")
    if device is not None and accumulation is not None and world is not None:
        return (
            max(1, device.value * accumulation.value * world.value),
            1.0,
            (any_fact(device), any_fact(accumulation), any_fact(world)),
            (),
        )
    measured = _batch_from_speed(known, device.value if device is not None else 1)
    if measured is not None:
        return measured
    if device is None or device.value <= 0:
        return None
    size, high, notes, inputs = device.value, 1.0, [], [any_fact(device)]
    for fact, factor, name in (
        (accumulation, _UNKNOWN_ACCUMULATION, "accumulation"),
        (world, _UNKNOWN_WORLD, "world"),
    ):
        if fact is not None and fact.value > 0:
            size *= fact.value
            inputs.append(any_fact(fact))
        else:
            high *= factor
            notes.append(text(f"compute.assume.{name}"))
    return size, high, tuple(inputs), tuple(notes)


def _batch_from_speed(
    known: Known, device: int
) -> tuple[int, float, tuple[AnyFact, ...], tuple[str, ...]] | None:
    """Samples per second over steps per second is the batch; the log rounds both to three decimals."""
    samples = known.number(FoundOnly.SAMPLES_PER_SECOND)
    steps = known.number(FoundOnly.STEPS_PER_SECOND)
    if samples is None or steps is None or samples.value <= 0 or steps.value <= 0.001:
        return None
    low = (samples.value - 0.0005) / (steps.value + 0.0005)
    high = (samples.value + 0.0005) / (steps.value - 0.0005)
    ratio = samples.value / steps.value
    # Leftover batches at the end of an epoch move the ratio by up to a percent off the true batch.
    device = max(1, device)
    multiple = round(ratio / device) * device
    size = multiple if multiple and low * 0.99 <= multiple <= high * 1.01 else max(1, round(ratio))
    spread = max(1.0, high / size)
    note = (text("compute.assume.batch_from_speed", batch=size),)
    inputs = (any_fact(samples), any_fact(steps))
    return size, spread if spread > 1.05 else 1.0, inputs, note if spread > 1.05 else ()
