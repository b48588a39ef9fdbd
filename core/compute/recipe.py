# SPDX-License-Identifier: Apache-2.0
"""What a stage runs besides one training pass: frozen helpers, generated text, several passes over the same text."""

from dataclasses import dataclass

from core.domain.fact import AnyFact
from core.domain.known import Known
from core.domain.names import FoundOnly


@dataclass(frozen=True)
class Recipe:
    """A stage and the settings that change its cost. None is "not known".

    `reference`: a frozen copy of the model reads every sequence. `passes`: training passes over each generated text
    (mu of GRPO, epochs of PPO). `completion`: mean tokens generated for one sequence. `inputs` are the facts used.
    """

    stage: str = ""
    reference: bool | None = None
    passes: float | None = None
    completion: float | None = None
    inputs: tuple[AnyFact, ...] = ()


def recipe_of(known: Known) -> Recipe:
    """The recipe from the stage's name, the trainer's settings and its log. Raises nothing."""
    fact = known.text("training_stage")
    stage = fact.value if fact is not None else ""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    reference: bool | None = None
    beta = _real(settings.get("beta"))
    if stage == "grpo" and beta is not None:
        reference = beta > 0
    elif stage == "dpo" and any(
        settings.get(key) is True for key in ("precompute_ref_log_probs", "reference_free")
    ):
        reference = False
    passes = _real(settings.get("num_iterations" if stage == "grpo" else "num_ppo_epochs"))
    written = known.number(FoundOnly.COMPLETION_LENGTH)
    inputs: list[AnyFact] = []
    if written is not None and written.value > 0:
        inputs.append(written)  # type: ignore[arg-type]
    return Recipe(
        stage=stage,
        reference=reference,
        passes=passes if passes and passes >= 1 else None,
        completion=written.value if written is not None and written.value > 0 else None,
        inputs=tuple(inputs),
    )


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
