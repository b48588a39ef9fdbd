# SPDX-License-Identifier: Apache-2.0
"""LoRA on routed experts, by the names of the version that trained it."""

from core.compute.flops import FlopCount, count_flops
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


def test_dora_on_experts_that_are_modules_holds_a_length_for_each_number_and_takes_norms_for_experts_in_use() -> (
    None
):
    switch = {"model_type": "switch_transformers", "num_layers": 1, "num_decoder_layers": 1, "num_experts": 4}
    sparse = {
        "num_sparse_encoder_layers": 1,
        "num_sparse_decoder_layers": 0,
        "d_model": 16,
        "d_ff": 32,
        "d_kv": 8,
    }
    adapter = {"peft_type": "LORA", "r": 2, "target_modules": ["wi"], "use_dora": True}
    config = {**switch, **sparse, "num_heads": 2, "vocab_size": 50}

    def counted(tokens: int, **more: object) -> FlopCount:
        return count_flops(config, Inputs(encoder_len=tokens, decoder_len=1), adapter={**adapter, **more})

    dora, plain = counted(9), counted(9, use_dora=False)
    # Four experts in the encoder and four in the decoder, 32 numbers each; its one token reaches one of them.
    assert dora.parameters_trainable - plain.parameters_trainable == 8 * 32
    norm = 2 * 16 * 2 * (16 + 32)
    assert dora.forward_flop - plain.forward_flop == 5 * norm
    # Two tokens reach two experts at most.
    assert counted(2).forward_flop - counted(2, use_dora=False).forward_flop == 3 * norm
