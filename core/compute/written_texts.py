# SPDX-License-Identifier: Apache-2.0
"""How many texts a model wrote for its own training (GRPO, RLOO), and how far they were padded."""

from dataclasses import replace
from typing import NamedTuple

from core.compute.padding import prompt_padding
from core.compute.ranges import shown, step
from core.compute.recipe import recipe_of
from core.compute.sample_count import SampleCount
from core.domain.estimate import ArithmeticStep
from core.domain.known import Known
from core.domain.stage_run import WRITTEN


def once(known: Known, stage: str, samples: SampleCount) -> SampleCount:
    """Texts that a model wrote are trained on in as many steps as there are passes: each counts once here."""
    passes = recipe_of(known).passes if stage in WRITTEN and not known.said("samples") else None
    if samples.count is None or passes is None or passes <= 1:
        return samples
    count = max(1, round(samples.count / passes))
    line = step("samples_written", f"{shown(samples.count)} / {passes:g}", count, "")
    return replace(samples, count=count, steps=(*samples.steps, line))


class Padded(NamedTuple):
    """Tokens of all texts with the usual padding of the prompts (that of the answers apart), and how far it may be off."""

    tokens: int
    low: float
    high: float
    step: ArithmeticStep


def prompts_padded(known: Known, tokens: int, samples: int) -> Padded | None:
    """`tokens` of `samples` texts, logged without padding, where the padding of the answers is known; else None.

    The ends are factors for the work on prompt and padded answer together.
    """
    recipe = recipe_of(known)
    if recipe.completion is None or recipe.padded is None or recipe.completion * samples >= tokens:
        return None
    prompt, answer = tokens / samples - recipe.completion, recipe.padded
    least, usual, most = prompt_padding(known)
    count = tokens + round(samples * prompt * (usual - 1))
    whole = usual * prompt + answer
    line = step(
        "prompts_padded",
        f"{shown(tokens)} + {shown(samples)} × {prompt:.4g} × {usual - 1:.3g}",
        count,
        "tokens",
    )
    return Padded(count, (least * prompt + answer) / whole, (most * prompt + answer) / whole, line)
