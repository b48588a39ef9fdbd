# SPDX-License-Identifier: Apache-2.0
"""How many texts a model wrote for its own training (GRPO, RLOO), and how far they were padded."""

from dataclasses import replace

from core.compute.padding import most_prompt_padding
from core.compute.ranges import shown, step
from core.compute.recipe import WRITTEN, recipe_of
from core.compute.sample_count import SampleCount
from core.domain.known import Known


def once(known: Known, stage: str, samples: SampleCount) -> SampleCount:
    """Texts that a model wrote are trained on in as many steps as there are passes: each counts once here."""
    passes = recipe_of(known).passes if stage in WRITTEN and not known.said("samples") else None
    if samples.count is None or passes is None or passes <= 1:
        return samples
    count = max(1, round(samples.count / passes))
    line = step("samples_written", f"{shown(samples.count)} / {passes:g}", count, "")
    return replace(samples, count=count, steps=(*samples.steps, line))


def prompts_padded(known: Known, mean: float, most: float) -> float:
    """The most that processed tokens may be where the padding of the answers is known, and that of the prompts is not."""
    recipe = recipe_of(known)
    if recipe.completion is None or recipe.padded is None or recipe.completion >= mean:
        return most
    prompt = mean - recipe.completion
    return (most_prompt_padding(known) * prompt + recipe.padded) / (prompt + recipe.padded)
