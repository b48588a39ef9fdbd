# SPDX-License-Identifier: Apache-2.0
"""What a run costs, before the amount of data adds its own doubt."""

from dataclasses import dataclass

from core.domain.estimate import ArithmeticStep


@dataclass(frozen=True)
class Cost:
    """Operations of the whole run. `low` and `high` are factors for what the method itself cannot know.

    `own` holds every pass that served the training, `updates` only the passes that changed weights, `hardware`
    also what gradient checkpointing runs twice (None when not known). `exact`: counted, with nothing assumed.
    """

    own: int
    updates: int
    hardware: int
    low: float
    high: float
    exact: bool
    method: str
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()
    synthetic: int = 0
    """Making synthetic data that is not public: no part of `own`, but of everything that counts together."""
    auxiliary: int = 0
    """Part of `own` that trained helpers (reward model, value model), which the cumulative account leaves out."""
