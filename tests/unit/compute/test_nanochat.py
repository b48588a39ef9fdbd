# SPDX-License-Identifier: Apache-2.0
"""The repository's own classes against PyTorch's FlopCounterMode (torch 2.13, nanochat of 3 July 2026, commit 92d63d4, on a CPU).

There the counter does not see the scores: scaled_dot_product_attention runs as one operation that it does not know. They are
added here as 4 × length² × width in a layer, forward, and twice that backward.
"""

from typing import Any

import pytest

from core.compute.network import count_sequence
from core.errors import BadConfig

SMALL = {"model_type": "nanochat", "sequence_len": 64, "vocab_size": 309, "n_layer": 2, "n_head": 4, "n_kv_head": 4, "n_embd": 64,
         "window_pattern": "L"}  # fmt: skip
FEW_KEYS = SMALL | {"sequence_len": 48, "vocab_size": 1000, "n_layer": 5, "n_kv_head": 2}


@pytest.mark.parametrize(
    ("config", "parameters", "forward", "step"),
    [(SMALL, 159_822, 22_820_256, 68_460_768), (FEW_KEYS, 454_764, 55_855_008, 167_565_024)],
)
def test_the_repositorys_own_classes(
    config: dict[str, Any], parameters: int, forward: int, step: int
) -> None:
    """Two sequences of 48 tokens were measured."""
    count = count_sequence(config, None, None, 48)
    scores = 4 * 48 * 48 * 64 * config["n_layer"]
    assert count.parameters_total == parameters
    assert 2 * (count.forward_flop - scores) == forward
    assert 2 * (count.step_flop - 3 * scores) == step


def test_before_it_had_windows_it_had_no_table_of_values() -> None:
    older = {key: value for key, value in SMALL.items() if key != "window_pattern"}
    count = count_sequence(older, None, None, 48)
    assert count.parameters_total == 2 * 320 * 64 + 2 * 12 * 64 * 64
    assert (
        count_sequence(older | {"n_kv_head": None}, None, None, 48).parameters_total == count.parameters_total
    )


def test_short_windows_are_told() -> None:
    wide = SMALL | {"sequence_len": 2048, "window_pattern": "SSSL"}
    told = [str(note) for note in count_sequence(wide, None, None, 600).notes]
    assert any("512" in note for note in told)
    assert not any("512" in str(note) for note in count_sequence(wide, None, None, 512).notes)


@pytest.mark.parametrize(
    "change", [{"n_embd": 65}, {"n_layer": 0}, {"n_layer": 10**9}, {"n_head": "x"}, {"window_pattern": 3}]
)
def test_impossible_sizes_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadConfig):
        count_sequence(SMALL | change, None, None, 48)


def test_a_class_of_another_program_is_refused() -> None:
    with pytest.raises(BadConfig):
        count_sequence(SMALL, "NanoChatForTokenClassification", None, 48)
