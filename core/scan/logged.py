# SPDX-License-Identifier: Apache-2.0
"""What loggers say beside the model's own files: it fills gaps and contradicts nobody."""

from collections.abc import Iterable

from core.scan.formats.optimizer_file import NAME as OPTIMIZER
from core.scan.merge import MERGED
from core.scan.places import Places
from core.scan.types import Witness

LOG_RANK = 1_000_000
"""Place of what loggers wrote: behind every folder of the model."""


def kept_by(run: str, places: Places) -> bool:
    """Whether the model at hand lies in this folder of a run: then the run's settings are the model's."""
    return any(f"{place}/".startswith(f"{run}/") for place in (places.home, *places.parts) if run)


def with_logs(witnesses: Iterable[Witness], ended: bool) -> list[Witness]:
    """The witnesses without those of logs that something nearer speaks for.

    `ended` tells that weights lie beside the checkpoints. They were saved at the end, so where a log counts more updates
    than the optimizer in the last checkpoint, the log is right.
    """
    own = [witness for witness in witnesses if witness.place != LOG_RANK]
    logged = [witness for witness in witnesses if witness.place == LOG_RANK]
    if ended:
        own = _without_saves_on_the_way(own, logged)
    known = {witness.found.name for witness in own}
    return own + [one for one in logged if one.found.name not in known or one.found.name in MERGED]


def _without_saves_on_the_way(own: list[Witness], logged: list[Witness]) -> list[Witness]:
    saves = [one for one in own if one.found.name == "steps"]
    if any(one.reader != OPTIMIZER or not one.place for one in saves):
        return own
    further = max((_steps(one) for one in logged), default=0)
    return [one for one in own if one not in saves or _steps(one) >= further]


def _steps(witness: Witness) -> int:
    value = witness.found.value
    return value if witness.found.name == "steps" and isinstance(value, int) else 0
