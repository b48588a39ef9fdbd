# SPDX-License-Identifier: Apache-2.0
"""A run of the Trainer that was taken up again: whether its log tells, and whether its batch changed.

Sources: transformers trainer.py, `_finalize_training` and `_inner_training_loop`. Each call of train() starts its clock anew.
Newer versions write the speed of the updates of that call, older ones that of the whole plan over the time of that call
(and the sum of that call's losses over all updates).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.scan.numbers import real, whole

Row = dict[str, Any]

_ROUNDED = 0.0005
"""The Trainer rounds its speeds to three decimals."""
_CENT = 0.0051
"""Versions before 4.40 rounded the epochs of the log to two decimals."""
_APART = 1.15
"""Updates in an epoch differ by more when the batch changed; packed batches may be some more or fewer than were expected."""
_LESS = 0.98
"""Losses are logged with a few decimals."""


class Again(StrEnum):
    """A run that was taken up again. LOSS: its mean loss is that of its last part. NO_LOSS: it is none, for the losses of the
    last part were divided by all updates."""

    LOSS = "loss"
    NO_LOSS = "no_loss"


def taken_up(rows: Sequence[Row], steps: int) -> Again | None:
    """Whether the time that the log tells is of a part of the `steps` updates; None when it is of all, or nothing tells.

    A save holds no end of the call that made it, so that a log has two ends only where two calls followed one another.
    """
    ends = [end for row in rows if (end := _end(row)) is not None]
    if not ends or steps < 1:
        return None
    last = ends[-1]
    if last.done + last.error < steps - 0.5 or last.step < steps:
        return Again.LOSS
    return Again.NO_LOSS if len(ends) > 1 or _less_loss(rows, steps) else None


@dataclass(frozen=True, slots=True)
class _End:
    """The last row of a call of train(): its update, and the updates that it took."""

    step: int
    done: float
    error: float


def _end(row: Row) -> _End | None:
    step, seconds = whole(row.get("step")), real(row.get("train_runtime"), 0)
    pace = real(row.get("train_steps_per_second"), 0)
    if step is None or not seconds or not pace:
        return None
    return _End(step, pace * seconds, _ROUNDED * seconds + pace * 5e-5)


def _less_loss(rows: Sequence[Row], steps: int) -> bool:
    """Whether the mean loss leaves out updates of the log: older versions divide the last part's losses by all updates."""
    mean = next((value for row in reversed(rows) if (value := real(row.get("train_loss"))) is not None), None)
    logged, before = 0.0, 0
    for row in rows:
        step, loss = whole(row.get("step")), real(row.get("loss"))
        if step is None or loss is None or step <= before:
            continue
        if loss <= 0:
            return False
        logged, before = logged + (loss - 1e-4) * (step - before), step
    return mean is not None and 0 < mean * steps < _LESS * logged


def batch_changed(rows: Sequence[Row], steps: int, epochs: float | None) -> bool:
    """Whether no number of updates in an epoch fits all of the log: another batch, other devices or other data.

    With U updates in an epoch, epochs x U lies within one of the updates, however an epoch ends. Where the epochs fall back
    (ignore_data_skip) they are counted from there.
    """
    points = [*_points(rows), *([(steps, epochs)] if epochs is not None else [])]
    tolerance = _CENT if all(epoch == round(epoch, 2) for _, epoch in points) else 1e-6
    low, high = 0.0, math.inf
    start, last, slack = (0, 0.0), (0, 0.0), 1
    for step, epoch in points:
        if step < last[0] or epoch < last[1] or (step > last[0] and epoch == last[1]):
            start, slack = (step, epoch), 2
        last = (step, epoch)
        updates, passed = step - start[0], epoch - start[1]
        if updates > 0 and passed > 2 * tolerance:
            low = max(low, (updates - slack) / (passed + tolerance))
            high = min(high, (updates + slack) / (passed - tolerance))
    return low > _APART * high


def _points(rows: Sequence[Row]) -> Iterator[tuple[int, float]]:
    for row in rows:
        step, epoch = whole(row.get("step")), real(row.get("epoch"), 0)
        if step is not None and epoch is not None and "loss" in row:
            yield step, epoch
