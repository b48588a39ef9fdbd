# SPDX-License-Identifier: Apache-2.0
"""What a stage runs besides one training pass: frozen helpers, generated text, several passes over the same text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain.fact import AnyFact, any_fact
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.stage_run import WRITTEN

_LEAST_EPOCHS = 0.01
"""A run of fewer hardly began: nobody reads a hundred times as much beforehand."""


@dataclass(frozen=True)
class Recipe:
    """A stage and the settings that change its cost. None is "not known".

    `reference`: a frozen copy of the model reads every sequence. `stored`: it read each text once, before the training, which is this part of
    all texts trained on (1 over the epochs). `scored`: so does the model itself, before it changes.
    `passes`: training passes over each generated text (mu of GRPO and RLOO, epochs of PPO). `completion`: mean tokens generated for one sequence, `padded`: mean of the longest of
    each batch, to which the others are padded. `inputs` are the facts used.
    """

    stage: str = ""
    reference: bool | None = None
    stored: float | None = None
    scored: bool = False
    passes: float | None = None
    completion: float | None = None
    padded: float | None = None
    inputs: tuple[AnyFact, ...] = ()


def recipe_of(known: Known) -> Recipe:
    """The recipe from the stage's name, the trainer's settings and its log. Raises nothing."""
    fact = known.text("training_stage")
    stage = fact.value if fact is not None else ""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    reference: bool | None = None
    stored: float | None = None
    beta = _real(settings.get("beta"))
    if stage in WRITTEN and beta is not None:
        reference = beta > 0
    elif stage == "dpo":
        before, free = (settings.get(key) for key in ("precompute_ref_log_probs", "reference_free"))
        reference = False if True in (before, free) else True if before is False else None
        epochs = known.number("epochs")
        if before is True and free is not True:
            stored = 1 / epochs.value if epochs is not None and epochs.value >= _LEAST_EPOCHS else 1.0
    passes = _real(settings.get("num_iterations" if stage in WRITTEN else "num_ppo_epochs"))
    written = known.number(FoundOnly.COMPLETION_LENGTH)
    longest = known.number(FoundOnly.COMPLETION_LONGEST)
    log = known.get(FoundOnly.WRITTEN_LOG)
    inputs: list[AnyFact] = [any_fact(one) for one in (written, longest) if one is not None and one.value > 0]
    mean = written.value if written is not None and written.value > 0 else None
    fits = longest is not None and mean is not None and longest.value >= mean
    return Recipe(
        stage=stage,
        reference=reference,
        stored=stored,
        scored=stage in WRITTEN and _scored(known, stage, settings, passes or 1.0),
        passes=passes if passes and passes >= 1 else None,
        completion=mean,
        padded=longest.value if longest is not None and fits else None,
        inputs=tuple(inputs) if log is None else (*inputs, log),
    )


def _scored(known: Known, stage: str, settings: Mapping[str, Any], passes: float) -> bool:
    """Whether the model's own log-probabilities are worked out before the update.

    RLOO always does. GRPO does where updates may come from an older model: a generation serves more than one update, or
    vLLM wrote the text (trl 1.16, `_generate_and_score_completions` of rloo_trainer.py and grpo_trainer.py).
    """
    if stage == "rloo" or (
        settings.get("use_vllm") is True and settings.get("vllm_importance_sampling_correction") is True
    ):
        return True
    batches, each = known.integer("gradient_accumulation"), _real(settings.get("steps_per_generation"))
    if batches is None or batches.value < 1 or each is None or each < 1:
        return passes > 1
    return batches.value % (each * passes) != 0


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
