# SPDX-License-Identifier: Apache-2.0
"""Training on text that the model writes itself (GRPO): generation apart from the passes that change weights.

Source: compute methods, section 6. Per sequence: generation 2N, a frozen reference 2N when its weight (beta) is not
zero, and a training pass 6N for each pass over the same text.
"""

from core.compute.cost import Cost
from core.compute.network import Network
from core.compute.ranges import shown, step
from core.compute.recipe import Recipe
from core.compute.seen import Seen
from core.texts import text


def rollouts(network: Network, seen: Seen, recipe: Recipe, base: Cost) -> Cost:
    """`base` is one training pass over prompts and completions; `own` adds everything that served it."""
    passes = recipe.passes or 1.0
    prompt, sure = 0.0, False  # without a word on prompts the head is counted for all tokens
    if recipe.completion is not None and seen.samples and seen.tokens:
        mean = seen.tokens / seen.samples
        prompt, sure = max(0.0, 1 - recipe.completion / mean), recipe.completion <= mean
    forward, train = base.own // 3, base.own
    if network.counted and seen.tokens:
        length = max(1, round(seen.tokens / seen.samples)) if seen.samples else 1024
        count = network.sequence(length)
        share = count.forward_flop / count.step_flop if count.step_flop else 1 / 3
        forward = int(base.own * share)
        if "output head" in count.lines and count.step_flop:
            # Only completions go through the head: in training, and all but the prompt's last token in generation.
            head = count.lines["output head"]
            train -= int(base.own * prompt * (head.forward_flop + head.backward_flop) / count.step_flop)
            forward -= int(base.own * prompt * head.forward_flop / count.step_flop)
    updates = int(train * passes)
    extra = forward * ((2 if recipe.reference is not False else 1) + (1 if passes > 1 else 0))
    own = updates + extra
    line = step("rollouts", f"{shown(updates)} + {shown(extra)}", own)
    notes = [*base.assumptions]
    low, high = base.low, base.high
    if recipe.reference is None:
        low *= (own - forward) / own
        notes.append(text("compute.assume.rollout_reference"))
    if recipe.passes is None:
        high *= 1.3
        notes.append(text("compute.assume.rollout_passes"))
    if not sure:
        low, high = low * 0.8, high * 1.3
    notes.append(text("compute.assume.rollouts", stage=recipe.stage.upper()))
    # Completions are padded to the longest of a batch, and groups without a signal may be made and thrown away.
    return Cost(
        own,
        updates,
        base.hardware + own - base.own,
        low * 0.9,
        high * 1.15,
        False,
        base.method,
        tuple(notes),
        (*base.steps, line),
    )
