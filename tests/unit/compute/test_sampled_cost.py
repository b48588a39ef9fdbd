# SPDX-License-Identifier: Apache-2.0
"""A run counted by its samples: the formula for each thing that a sample may have beside its one pass."""

import math
from dataclasses import replace
from typing import Any

import pytest

from core.compute.choices import with_choices
from core.compute.flops import FlopCount, count_flops
from core.compute.inputs import Inputs
from core.compute.network import Network
from core.compute.resolve import _with_count
from core.compute.sampled import sampled_cost
from core.compute.samples import Sample, _mean_of_any
from core.compute.seen import Seen
from tests.unit.compute.configs import TINY_LLAMA

T5: dict[str, Any] = {"model_type": "t5", "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2} | {
    "num_heads": 4,
    "vocab_size": 100,
}
PAIR, SHORT, LONG = (Inputs(encoder_len=9, decoder_len=length) for length in (5, 2, 30))


def network(**more: Any) -> Network:
    return replace(_with_count(Network(method="full", method_fact=None, config=T5)), **more)


def one(inputs: Inputs = PAIR) -> FlopCount:
    return count_flops(T5, inputs)


def cost(net: Network | None = None, stage: str = "sft", samples: int | None = 7, **sample: Any) -> Any:
    seen = Seen(samples=samples, sample=Sample(PAIR, **sample))
    return sampled_cost(net or network(), seen, stage)


def test_samples_times_one_of_them() -> None:
    found = cost()
    assert found.own == found.updates == 7 * one().step_flop
    assert found.hardware == found.own + 7 * one().recompute_flop
    assert (found.low, found.high, found.exact) == (pytest.approx(0.95), pytest.approx(1.05), True)


def test_without_a_number_of_samples_there_is_no_cost() -> None:
    assert cost(samples=None) is None
    assert cost(samples=0) is None
    assert sampled_cost(network(), Seen(samples=7), "sft") is None


def test_between_the_least_and_the_most_the_geometric_middle_is_taken() -> None:
    found, least, most = cost(least=SHORT, most=LONG), one(SHORT).step_flop, one(LONG).step_flop
    middle = math.isqrt(least * most)
    assert found.own == 7 * middle
    assert found.low == pytest.approx(0.95 * least / middle)
    assert found.high == pytest.approx(1.05 * most / middle)
    assert not found.exact


def test_what_an_unusual_run_may_reach_widens_the_range_alone() -> None:
    plain, wide = cost(), cost(limit=LONG)
    assert plain.own == wide.own
    assert wide.high == pytest.approx(1.05 * one(LONG).step_flop / one().step_flop)
    deep = cost(floor=SHORT)
    assert deep.low == pytest.approx(0.95 * one(SHORT).step_flop / one().step_flop)
    assert (deep.own, deep.exact) == (plain.own, False)


def test_a_frozen_part_runs_for_each_sample_or_was_stored() -> None:
    found, run = cost(frozen=1000), one().step_flop
    assert found.own == 7 * (run + 1000)
    assert found.low == pytest.approx(0.95 * run / (run + 1000))
    assert (found.high, found.exact) == (pytest.approx(1.05), False)


def test_a_frozen_part_that_gradients_run_through_always_runs() -> None:
    found = cost(beside=1000)
    assert found.own == 7 * (one().step_flop + 1000)
    assert (found.low, found.exact) == (pytest.approx(0.95), True)


@pytest.mark.parametrize(
    ("net", "low", "high"),
    [
        ({"guessed": True}, 0.95 * 0.92, 1.05 * 1.1),
        ({"open_part": True}, 0.95, 1.05),
        ({"warnings": ("x",)}, 0.95, 1.05),
    ],
)
def test_what_is_not_sure_of_the_network(net: dict[str, Any], low: float, high: float) -> None:
    found = cost(network(**net))
    assert (found.own, found.exact) == (7 * one().step_flop, False)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_frozen_layers_that_nobody_named_lie_between_the_forward_pass_and_everything() -> None:
    found, count = cost(network(method="frozen_partial"), frozen=500), one()
    middle = math.isqrt((count.forward_flop + 500) * (count.step_flop + 500))
    assert found.own == 7 * middle
    assert found.low == pytest.approx(0.58 * 0.95 * count.step_flop / (count.step_flop + 500))
    assert (found.high, found.exact) == (pytest.approx(1.74 * 1.05), False)


def test_other_stages_may_run_twice_as_much() -> None:
    for stage, high in (("", 1.05), ("sft", 1.05), ("pretraining", 1.05), ("dpo", 2.1)):
        assert cost(stage=stage).high == pytest.approx(high)


def test_assumptions_and_an_unsure_number_are_not_exact() -> None:
    assert not cost(assumptions=("x",)).exact
    seen = Seen(samples=7, high=2.0, sample=Sample(PAIR))
    found = sampled_cost(network(), seen, "sft")
    assert found is not None
    assert not found.exact


@pytest.mark.parametrize(
    ("least", "most", "mean"),
    [(1, 1, 1), (1, 2, 1), (1, 3, 2), (1, 40, 11), (5, 5, 5), (10, 100, 39)],
)
def test_the_mean_of_lengths_even_by_their_logarithm(least: int, most: int, mean: int) -> None:
    """(b - a) / ln(b / a): 1 / 0.693 = 1.44, 2 / 1.099 = 1.82, 39 / 3.689 = 10.6, 90 / 2.303 = 39.1."""
    assert _mean_of_any(least, most) == mean


BERT: dict[str, Any] = {
    "model_type": "bert",
    "architectures": ["BertForMultipleChoice"],
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "vocab_size": 100,
}


def chosen(config: dict[str, Any] = BERT, **seen: Any) -> tuple[Seen, Seen]:
    before = Seen(**{"samples": 10, "tokens": 1600, "from_recorded": True, **seen})
    net = _with_count(Network(method="full", method_fact=None, config=config))
    return before, with_choices(before, net)


@pytest.mark.parametrize(
    "seen", [{"samples": None}, {"tokens": None}, {"from_recorded": False}, {"tokens": 49}, {"samples": 0}]
)
def test_questions_are_left_as_they_are_where_nothing_tells_of_answers(seen: dict[str, Any]) -> None:
    before, after = chosen(**seen)
    assert after is before


def test_five_tokens_are_enough_for_five_answers() -> None:
    _, after = chosen(tokens=50)
    assert after.samples == 40


def test_other_classes_have_no_answers_to_choose_from() -> None:
    for config in (TINY_LLAMA, {**BERT, "architectures": ["BertForMaskedLM"]}):
        before, after = chosen(config)
        assert after is before


def test_what_ran_once_counts_also_where_some_layers_stood_still() -> None:
    found, plain = (cost(network(method="frozen_partial"), once=once) for once in (1000, 0))
    assert found.own == plain.own + 1000
