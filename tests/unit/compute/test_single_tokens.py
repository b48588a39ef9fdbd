# SPDX-License-Identifier: Apache-2.0
"""Adapters that train rows of the word table alone (PEFT's trainable tokens), and the head that may share that table."""

from typing import Any

import pytest

from core.compute.flops import FlopCount, count_flops
from core.compute.inputs import Inputs
from core.errors import BadConfig

LLAMA: dict[str, Any] = {"model_type": "llama", "vocab_size": 140, "hidden_size": 32, "intermediate_size": 64,
                         "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}  # fmt: skip
ROWS = {"peft_type": "TRAINABLE_TOKENS", "token_indices": [5, 6, 130]}


def count(tied: bool, adapter: dict[str, Any]) -> FlopCount:
    return count_flops({**LLAMA, "tie_word_embeddings": tied}, Inputs(seq_len=24), adapter=adapter)


def test_all_layers_hand_a_gradient_down_to_the_rows() -> None:
    """Only gradients of inputs, so backward costs as much as forward, and attention once more."""
    found = count(False, ROWS)
    assert found.parameters_trainable == 3 * 32
    assert found.backward_flop == found.forward_flop + found.attention_flop // 3


def test_a_head_that_shares_the_table_makes_the_gradient_of_all_of_it() -> None:
    head = 2 * 24 * 32 * 140
    assert count(True, ROWS).step_flop == count(False, ROWS).step_flop + head
    assert count(True, ROWS).parameters_trainable == 3 * 32
    beside = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], "trainable_token_indices": [5, 6]}
    assert count(True, beside).step_flop == count(False, beside).step_flop + head


@pytest.mark.parametrize(
    ("tied", "rows", "step", "trained"),
    [
        (False, {"embed_tokens": [5, 6]}, 2_715_648, 576),
        (False, {"embed_tokens": [1, 2], "lm_head": [3]}, 2_930_688, 608),
        (False, {"embed_tokens": [1, 2], "lm_head": [1, 2]}, 2_930_688, 640),
        (False, {"lm_head": [3, 4, 5]}, 2_752_512, 608),
        (False, {}, 2_537_472, 512),
        (True, {"embed_tokens": [5, 6]}, 2_930_688, 576),
        (True, {"model.embed_tokens": [1, 2], "lm_head": [3]}, 2_930_688, 608),
        (True, {"embed_tokens": [1, 2], "lm_head": [1, 2]}, 2_930_688, 576),
        (True, {"lm_head": [3, 4, 5]}, 2_752_512, 608),
    ],
)
def test_rows_of_tables_by_name(tied: bool, rows: dict[str, list[int]], step: int, trained: int) -> None:
    """Counted by PyTorch's FlopCounterMode, and the trained numbers of the live model (peft 0.21, transformers 5.23)."""
    adapter = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], "trainable_token_indices": rows}
    found = count(tied, adapter)
    assert (found.step_flop, found.parameters_trainable) == (step, trained)
    missing = count(tied, {**adapter, "trainable_token_indices": rows | {"not_there": [1]}})
    assert missing.step_flop == step
    assert any("not_there" in str(note) for note in missing.notes)


@pytest.mark.parametrize(
    "more",
    [{"token_indices": []}, {"token_indices": None}, {"token_indices": 3}, {"target_modules": ["q_proj"]}],
)
def test_what_cannot_be_counted_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadConfig):
        count(True, {**ROWS, **more})
    assert (
        count(True, {**ROWS, "target_modules": ["model.embed_tokens"]}).step_flop
        == count(True, ROWS).step_flop
    )
