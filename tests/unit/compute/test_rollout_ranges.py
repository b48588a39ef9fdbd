# SPDX-License-Identifier: Apache-2.0
"""GRPO and RLOO: what each thing that no file says does to the range, and the passes by their formula."""

import pytest

from core.compute.cost import Cost
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.compute.network import Network
from core.compute.recipe import Recipe
from core.compute.resolve import _with_count
from core.compute.rollouts import rollouts
from core.compute.seen import Seen
from tests.unit.compute.configs import TINY_LLAMA

SURE = Recipe(stage="grpo", reference=False, passes=1.0, completion=20.0)
SAMPLES, PROMPT, WRITTEN = 8, 10, 20


def run(recipe: Recipe = SURE, *, low: float = 1.0) -> Cost:
    network = _with_count(Network(method="full", method_fact=None, config=TINY_LLAMA))
    own = SAMPLES * network.sequence(PROMPT + WRITTEN).step_flop
    base = Cost(own, own, own, 0.95, 1.05, True, "counted", (), ())
    return rollouts(
        network, Seen(samples=SAMPLES, tokens=SAMPLES * (PROMPT + WRITTEN), low=low), recipe, base
    )


@pytest.mark.parametrize(
    ("low_of_seen", "padded", "passes", "low", "high"),
    [
        (1.0, None, 1.0, 0.9, 1.15),
        (1.0, 20.0, 1.0, 0.9, 1.05),
        (0.5, None, 1.0, 0.8 * 0.9, 1.3 * 1.15),
        (0.5, 20.0, 1.0, 0.9, 1.05),
        (1.0, 20.0, None, 0.9, 1.3 * 1.05),
        (0.5, None, None, 0.8 * 0.9, 1.3 * 1.3 * 1.15),
    ],
)
def test_what_no_file_says_widens_the_range(
    low_of_seen: float, padded: float | None, passes: float | None, low: float, high: float
) -> None:
    recipe = Recipe(stage="grpo", reference=False, passes=passes, completion=20.0, padded=padded)
    found = run(recipe, low=low_of_seen)
    assert (found.low, found.high) == (pytest.approx(0.95 * low), pytest.approx(1.05 * high))
    assert not found.exact


def test_without_the_length_of_what_was_written_a_third_of_the_training_stands_for_each_pass() -> None:
    own = SAMPLES * count_flops(TINY_LLAMA, Inputs(seq_len=PROMPT + WRITTEN)).step_flop
    found = run(Recipe(stage="grpo", reference=False, passes=2.0))
    assert found.updates == 2 * own
    assert found.own == 2 * own + own // 3
    assert (found.low, found.high) == (pytest.approx(0.95 * 0.8 * 0.9), pytest.approx(1.05 * 1.3 * 1.15))


def test_the_head_runs_for_what_was_written_and_the_token_before_it() -> None:
    count = count_flops(TINY_LLAMA, Inputs(seq_len=PROMPT + WRITTEN))
    # The head: 64 x 100 for each of 30 tokens, forward and both gradients.
    head = 2 * 64 * 100
    assert count.lines["output head"].forward_flop == 30 * head
    assert run().updates == SAMPLES * (count.step_flop - 3 * head * (PROMPT - 1))
    scored = run(Recipe(stage="grpo", reference=False, passes=1.0, completion=20.0, scored=True))
    assert scored.own - run().own == SAMPLES * (count.forward_flop - head * (PROMPT - 1))


def test_a_reference_that_nobody_speaks_of_is_counted_and_may_be_missing() -> None:
    unknown, there = (
        run(Recipe(stage="grpo", reference=said, passes=1.0, completion=20.0)) for said in (None, True)
    )
    assert unknown.own == there.own > run().own
    assert unknown.low == pytest.approx(there.low * run().own / there.own)
    assert unknown.high == there.high
