# SPDX-License-Identifier: Apache-2.0
"""Batches a run really read, from the fraction of epochs it wrote down: an epoch may end in the middle of an update.

With gradient accumulation the last update of an epoch takes what is left, so that steps x batch is too much. The
Trainer writes epochs = batches read / batches in an epoch, unrounded. Source: transformers trainer.py,
`_inner_training_loop` (steps in an epoch rounded up since 4.47, down before; then the rest goes on into the next epoch).
"""

from fractions import Fraction
from math import ceil

_MOST_TRIES = 1_000
_NEAR = 1e-9


def batches_read(
    epochs: float, steps: int, accumulation: int, plan: tuple[int, float] | None = None
) -> tuple[int, int] | None:
    """Batches read and batches in an epoch, when only one pair fits `epochs` and `steps`; else None.

    `epochs` is the exact number of the trainer's state, `accumulation` batches make one of `steps` updates, `plan` are the
    updates and epochs that were planned.
    """
    if not 0 < epochs < 1e6 or steps < 1 or accumulation < 2:
        return None
    # An epoch may hold batches that no update took.
    largest = steps * accumulation + accumulation * ceil(epochs)
    part = Fraction(epochs).limit_denominator(min(largest, 10**7))
    if part <= 0 or abs(float(part) - epochs) > _NEAR * max(1.0, epochs):
        return None
    whole, unit = int(part), part.denominator
    # An update reads at most `accumulation` batches; each epoch may end with one that reads fewer.
    low = max(1, int(accumulation * (steps - whole - 1) / (epochs * unit)))
    high = ceil(accumulation * (steps + 1) / (epochs * unit))
    if high - low > _MOST_TRIES:
        return None
    fits = set()
    for times in range(low, high + 1):
        each = unit * times
        read = part.numerator * times
        if steps == whole * ceil(each / accumulation) + ceil((read - whole * each) / accumulation):
            fits.add((read, each))
    # The rest of an epoch was once carried over: every update then read as many batches as the next.
    carried = Fraction(steps * accumulation) / part
    each = int(carried)
    most, planned = plan or (steps, ceil(epochs - _NEAR))
    if carried == each >= accumulation and most == ceil(each // accumulation * planned):
        fits.add((steps * accumulation, int(carried)))
    return fits.pop() if len(fits) == 1 else None


def rows_in_whole_batches(rows: int, batch: int, devices: int, drop_last: bool) -> int:
    """Rows that an epoch over `rows` rows reads, with `batch` rows for each of `devices` at once.

    With `dataloader_drop_last` a last batch that is not full is left out. On several devices accelerate starts again from
    the first rows until each device has a full batch. Source: accelerate `BatchSamplerShard` (even_batches, its default).
    """
    unit = batch * devices
    if drop_last:
        return rows // unit * unit
    return rows if devices == 1 else -(-rows // unit) * unit
