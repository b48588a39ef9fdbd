# SPDX-License-Identifier: Apache-2.0
"""One of several stages of a training, as a person describes it."""

from typing import Annotated, Literal

from pydantic import Field

from core.domain.base import Frozen
from core.domain.training_method import TrainingMethod

Count = Annotated[int, Field(ge=0, le=10**30)]
StageKind = Literal[
    "pretraining",
    "sft",
    "dpo",
    "orpo",
    "cpo",
    "kto",
    "grpo",
    "rloo",
    "ppo",
    "reward",
    "distillation",
    "synthetic",
    "best_of_n",
    "pruning",
    "merge",
    "quantisation",
    "prompt_tuning",
]
WRITTEN: frozenset[str] = frozenset({"grpo", "rloo"})
"""Stages that train on several texts which the model itself wrote for each prompt."""
PAIRED: frozenset[str] = frozenset({"dpo", "orpo", "cpo", "reward"})
"""Stages whose batches hold pairs: a sample of their logs is two sequences."""


class StageRun(Frozen):
    """What one stage ran. None means "as the model" for sizes and "not known" for the rest. Counts are tokens."""

    kind: StageKind
    method: TrainingMethod | None = None
    parameters: Count | None = Field(
        None, description="at work for a token in this stage, when they are not those of the released model"
    )
    tokens: Count | None = Field(None, description="tokens trained on, epochs included")
    generated: Count | None = Field(
        None, description="tokens written by a model, also those that were thrown away"
    )
    prompts: Count | None = Field(None, description="prompt tokens read to write them")
    passes: Annotated[float, Field(ge=1, le=1000)] | None = Field(
        None, description="training passes over each text that was written"
    )
    helper_parameters: Count | None = Field(
        None, description="of the teacher, the generator or the reward model"
    )
    helper_stored: bool | None = Field(
        None,
        description="what the teacher or the reference model gives was stored before, so it did not run here",
    )
    public: bool | None = Field(None, description="the synthetic data is open to the public")
