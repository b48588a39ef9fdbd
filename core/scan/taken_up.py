# SPDX-License-Identifier: Apache-2.0
"""Runs that were taken up again from a save: what the last part alone tells is no fact of the whole run."""

from collections.abc import Sequence

from core.domain.names import FoundOnly
from core.scan.types import Witness

_STATE = "trainer_state"
_OF_A_PART = frozenset({
    FoundOnly.TRAIN_RUNTIME_SECONDS, FoundOnly.WALL_SECONDS, FoundOnly.SAMPLES_PER_SECOND, FoundOnly.STEPS_PER_SECOND,
    FoundOnly.TRAIN_LOSS,
})  # fmt: skip
"""What each call of the Trainer writes anew; its state keeps those of all calls, other files those of the last one."""
_OF_A_BATCH = frozenset({
    "batch_per_device", "gradient_accumulation", "world_size", "global_batch",
    FoundOnly.SAMPLES_PER_SECOND, FoundOnly.STEPS_PER_SECOND,
})  # fmt: skip


def of_all_parts(witnesses: Sequence[Witness]) -> list[Witness]:
    """The witnesses of one run without those of its last part alone, and without a batch that did not stay the same."""
    told = {witness.found.name for witness in witnesses if witness.found.value is True}
    changed = FoundOnly.BATCH_CHANGED in told
    again = FoundOnly.TAKEN_UP_AGAIN in told
    return [
        witness
        for witness in witnesses
        if not (changed and witness.found.name in _OF_A_BATCH)
        and not (again and witness.reader != _STATE and witness.found.name in _OF_A_PART)
    ]
