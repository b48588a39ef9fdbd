# SPDX-License-Identifier: Apache-2.0
"""What is taken where nothing says a size is the same as when it is said; rare adapters by their formulas."""

from typing import Any

import pytest

from core.compute.flops import FlopCount, count_flops
from core.compute.inputs import Inputs
from tests.unit.compute.configs import TINY_LLAMA as LLAMA


def bare(name: str, inputs: Inputs | None = None, **more: Any) -> FlopCount:
    return count_flops({"model_type": name, **more}, inputs or Inputs())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("WanTransformer3DModel", Inputs(latent=(16, 21, 60, 104))),
        ("FluxTransformer2DModel", Inputs(image_tokens=4096)),
        ("QwenImageTransformer2DModel", Inputs(image_tokens=4096)),
        ("Flux2Transformer2DModel", Inputs(image_tokens=4096)),
        ("ChromaTransformer2DModel", Inputs(latent=(16, 128, 128))),
        ("ZImageTransformer2DModel", Inputs(latent=(16, 128, 128))),
        ("Lumina2Transformer2DModel", Inputs(image_tokens=4096)),
        ("HunyuanVideoTransformer3DModel", Inputs(latent=(16, 33, 90, 160))),
    ],
)
def test_a_size_that_nobody_gave(name: str, said: Inputs) -> None:
    assert bare(name).step_flop == bare(name, said).step_flop


@pytest.mark.parametrize(
    "name",
    "FluxTransformer2DModel QwenImageTransformer2DModel Flux2Transformer2DModel ZImageTransformer2DModel".split(),
)
def test_a_latent_is_cut_into_squares_of_two(name: str) -> None:
    cut = bare(name, Inputs(image_tokens=64 * 48))
    assert bare(name, Inputs(latent=(16, 128, 96))).step_flop == cut.step_flop


def test_a_series_that_a_file_gives_no_length_has_five_terms() -> None:
    turned = {"peft_type": "OFT", "r": 0, "oft_block_size": 8, "target_modules": ["q_proj"]}
    series = {**turned, "use_cayley_neumann": True}
    for terms, same in ((5, True), (6, False)):
        said = count_flops(LLAMA, Inputs(seq_len=8), adapter={**series, "num_cayley_neumann_terms": terms})
        assert (said == count_flops(LLAMA, Inputs(seq_len=8), adapter=series)) is same


def test_norms_are_copied_by_one_kind_of_adapter_alone() -> None:
    def trained(**config: Any) -> int:
        return count_flops(LLAMA, Inputs(seq_len=8), adapter=config).parameters_trainable

    both = ["input_layernorm", "q_proj"]
    assert trained(peft_type="LN_TUNING", target_modules=["input_layernorm"]) == 4 * 64
    assert trained(peft_type="LN_TUNING", target_modules=both) == 4 * 64 + trained(
        peft_type="LN_TUNING", target_modules=["q_proj"]
    )
    assert trained(r=4, target_modules=both) == trained(r=4, target_modules=["q_proj"])


@pytest.mark.parametrize(("batch", "length"), [(1, 8), (1, 16), (2, 16)])
def test_what_a_llama_adapter_runs_beside_its_base(batch: int, length: int) -> None:
    """Keys and values of the prompt, the queries and the values of the text once more, both products with the prompt, the
    output layer once more (peft 0.21, tuners/adaption_prompt/layer.py)."""
    config = {"peft_type": "ADAPTION_PROMPT", "adapter_len": 5, "adapter_layers": 2}
    inputs = Inputs(batch=batch, seq_len=length)
    hidden, keys, prompt, rows = 64, 16, 5, batch * length
    layer = 2 * 2 * prompt * hidden * keys + 2 * rows * (2 * hidden * hidden + hidden * keys)
    layer += 2 * 2 * rows * prompt * hidden
    got = count_flops(LLAMA, inputs, adapter=config)
    assert got.forward_flop - count_flops(LLAMA, inputs).forward_flop == 2 * layer
    assert got.parameters_trainable == 2 * (prompt * hidden + 1)


@pytest.mark.parametrize("orthogonal", [False, True])
def test_what_reflections_cost(orthogonal: bool) -> None:
    """Products of whole squares (peft 0.21, tuners/hra/layer.py, get_delta_weight): a reflection at a time, or those made
    orthogonal first; then the unit matrix and the weight times the result."""
    rank, wide = 4, 64
    square = 2 * wide * wide
    made = rank * square + rank * (rank - 1) * wide if orthogonal else 2 * rank * square
    config = {"peft_type": "HRA", "r": rank, "target_modules": ["q_proj"], "apply_GS": orthogonal}
    inputs = Inputs(batch=2, seq_len=16)
    got = count_flops(LLAMA, inputs, adapter=config).forward_flop - count_flops(LLAMA, inputs).forward_flop
    assert got == 4 * (made + square * wide + square * wide)
