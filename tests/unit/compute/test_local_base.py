# SPDX-License-Identifier: Apache-2.0
"""The base model when its id is a folder of this machine: by name, else by the sizes of its layers."""

from typing import Any

import pytest

from core.reference import load_reference

QWEN = {
    "num_hidden_layers": 24,
    "hidden_size": 896,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "intermediate_size": 4864,
    "vocab_size": 151936,
}
LLAMA_3 = {
    "num_hidden_layers": 32,
    "hidden_size": 4096,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "vocab_size": 128256,
}


@pytest.mark.parametrize(
    ("name", "config", "found"),
    [
        ("my-base", QWEN, "Qwen/Qwen2.5-0.5B"),
        ("Llama-3.1-8B", LLAMA_3, "meta-llama/Llama-3.1-8B"),
        ("Llama-3.1-8B-Instruct-bnb-4bit", None, "meta-llama/Llama-3.1-8B"),
        # Llama 3 and 3.1 share these sizes: without a name nothing can be said.
        ("checkpoint-500", LLAMA_3, None),
        # The name says one thing, the layers another: the layers are right.
        ("Llama-3.1-8B", QWEN, "Qwen/Qwen2.5-0.5B"),
        ("my-base", None, None),
        ("my-base", {**QWEN, "hidden_size": "896"}, None),
        ("my-base", {**QWEN, "vocab_size": 1000}, None),
    ],
)
def test_a_folder_is_matched(name: str, config: dict[str, Any] | None, found: str | None) -> None:
    row = load_reference().local_model(name, config)
    assert (row.hub_id if row is not None else None) == found
    if row is not None:
        assert "looks like" in row.doubt
        assert name in row.doubt
