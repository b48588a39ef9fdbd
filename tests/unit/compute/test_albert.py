# SPDX-License-Identifier: Apache-2.0
"""ALBERT's groups of layers: shared weights, and values that would take for ever."""

import time

import pytest

from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.errors import BadConfig

CONFIG = {"model_type": "albert", "hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 96}


def test_layers_of_a_group_run_in_turn_and_hold_weights_of_their_own() -> None:
    batch = Inputs(seq_len=16)
    one, two = (
        count_flops({**CONFIG, "inner_group_num": n}, batch, model_class="AlbertModel") for n in (1, 2)
    )
    layer = 4 * (64 * 64 + 64) + 2 * 64 * 96 + 64 + 96 + 2 * 2 * 64
    assert two.parameters_total - one.parameters_total == layer
    assert two.forward_flop > 1.9 * one.forward_flop


def test_groups_whose_turn_never_comes_are_held_and_not_run() -> None:
    batch = Inputs(seq_len=16)
    one, three = (
        count_flops(
            {**CONFIG, "num_hidden_layers": 1, "num_hidden_groups": n}, batch, model_class="AlbertModel"
        )
        for n in (1, 3)
    )
    layer = 4 * (64 * 64 + 64) + 2 * 64 * 96 + 64 + 96 + 2 * 2 * 64
    assert three.parameters_total - one.parameters_total == 2 * layer
    assert (three.forward_flop, three.step_flop) == (one.forward_flop, one.step_flop)


def test_absurd_groups_are_refused_at_once() -> None:
    start = time.perf_counter()
    with pytest.raises(BadConfig):
        count_flops({**CONFIG, "num_hidden_layers": 10_000, "inner_group_num": 10_000}, Inputs())
    with pytest.raises(BadConfig):
        count_flops({**CONFIG, "num_hidden_groups": 10_000, "inner_group_num": 12}, Inputs())
    assert time.perf_counter() - start < 2
