# SPDX-License-Identifier: Apache-2.0
"""LoRA on routed experts, by the names of the version that trained it."""

from core.compute.flops import count_flops
from core.compute.inputs import Inputs

HIDDEN, WIDTH, EXPERTS, USED, LAYERS, RANK = 64, 96, 4, 2, 2, 4
CONFIG = {
    "model_type": "mixtral",
    "hidden_size": HIDDEN,
    "intermediate_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_local_experts": EXPERTS,
    "num_experts_per_tok": USED,
    "vocab_size": 500,
}
NAMES = ["w1", "w2", "w3"]
BATCH = Inputs(batch=2, seq_len=45)


def _adapter(**more: object) -> dict[str, object]:
    return {"peft_type": "LORA", "r": RANK, "target_modules": NAMES, **more}


def test_a_saved_file_with_the_old_names_trained_each_expert_by_itself() -> None:
    plain = count_flops(CONFIG, BATCH)
    ours = count_flops(CONFIG, BATCH, adapter=_adapter(base_model_name_or_path="some/base"))
    one = 3 * RANK * (HIDDEN + WIDTH)
    assert ours.parameters_trainable == LAYERS * EXPERTS * one
    rows = 2 * 45 * USED
    assert ours.forward_flop - plain.forward_flop == LAYERS * 2 * rows * one


def test_names_alone_are_what_peft_makes_of_them_today() -> None:
    ours = count_flops(CONFIG, BATCH, adapter=_adapter())
    fused = 2 * RANK * EXPERTS * (HIDDEN + 2 * WIDTH) + RANK * EXPERTS * (WIDTH + HIDDEN)
    assert ours.parameters_trainable == LAYERS * fused


def test_one_half_of_the_fused_matrix_of_a_saved_file() -> None:
    saved = _adapter(inference_mode=True) | {"target_modules": ["w1"]}
    ours = count_flops(CONFIG, BATCH, adapter=saved)
    assert ours.parameters_trainable == LAYERS * EXPERTS * RANK * (HIDDEN + WIDTH)
