# SPDX-License-Identifier: Apache-2.0
"""Counting parameters: packed weights unpacked, bookkeeping left out, shared layers once."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.scan import scan_path
from core.scan.formats.packed import count_parameters, element_bytes
from core.scan.formats.safetensors_header import BITS, Tensor
from tests.hostile.scan_maker import config, safetensors


def tensors(*listed: tuple[str, str, list[int]]) -> list[Tensor]:
    made = []
    for name, dtype, shape in listed:
        elements = 1
        for size in shape:
            elements *= size
        made.append(Tensor(name, dtype, tuple(shape), elements * BITS[dtype] // 8, elements))
    return made


PACKED: list[tuple[str, list[tuple[str, str, list[int]]], dict[str, Any] | None, int]] = [
    ("plain", [("a.weight", "BF16", [8, 4]), ("a.bias", "BF16", [8])], None, 40),
    ("fp8", [("a.weight", "F8_E4M3", [8, 4]), ("a.weight_scale_inv", "F32", [1, 1]), ("a.input_scale", "F32", [1])], None, 32),
    ("gptq", [("a.qweight", "I32", [16, 64]), ("a.qzeros", "I32", [1, 8]), ("a.scales", "F16", [1, 64]), ("a.g_idx", "I32", [128])],
     {"bits": 4}, 128 * 64),
    ("gptq8", [("a.qweight", "I32", [32, 64]), ("a.scales", "F16", [1, 64])], {"bits": 8}, 128 * 64),
    ("awq", [("a.qweight", "I32", [128, 8]), ("a.qzeros", "I32", [1, 8]), ("a.scales", "F16", [1, 64])], {"bits": 4}, 128 * 64),
    ("bnb4", [("a.weight", "U8", [4096, 1]), ("a.weight.absmax", "U8", [128]), ("a.weight.quant_map", "F32", [16]),
              ("a.weight.nested_absmax", "F32", [1]), ("a.weight.quant_state.bitsandbytes__nf4", "U8", [90])], None, 8192),
    ("bnb8", [("a.weight", "I8", [64, 32]), ("a.SCB", "F32", [64]), ("a.weight_format", "U8", [])], None, 2048),
    ("mxfp4", [("a_blocks", "U8", [4, 16]), ("a_scales", "U8", [4, 1])], None, 128),
    ("compressed", [("a.weight_packed", "I32", [64, 16]), ("a.weight_scale", "BF16", [64, 1]), ("a.weight_shape", "I64", [2])],
     {"config_groups": {"group_0": {"weights": {"num_bits": 4}}}}, 64 * 128),
    ("mlx", [("a.weight", "U32", [64, 16]), ("a.scales", "F16", [64, 2]), ("a.biases", "F16", [64, 2])], {"bits": 4}, 64 * 128),
    ("gptq3 without a word on it", [("a.qweight", "I32", [12, 64]), ("a.qzeros", "I32", [1, 6]), ("a.scales", "F16", [1, 64])],
     None, 128 * 64),
    ("gptq of two widths", [("a.qweight", "I32", [16, 64]), ("a.qzeros", "I32", [1, 8]), ("a.scales", "F16", [1, 64]),
                            ("b.qweight", "I32", [32, 64]), ("b.qzeros", "I32", [1, 16]), ("b.scales", "F16", [1, 64])],
     {"bits": 4}, 2 * 128 * 64),
    ("mlx of two widths", [("a.weight", "U32", [64, 16]), ("a.scales", "F16", [64, 2]), ("a.biases", "F16", [64, 2]),
                           ("b.weight", "U32", [64, 32]), ("b.scales", "F16", [64, 2]), ("b.biases", "F16", [64, 2])],
     {"bits": 4, "group_size": 64}, 2 * 64 * 128),
    ("nvfp4", [("a.weight_packed", "U8", [64, 64]), ("a.weight_scale", "F8_E4M3", [64, 8]), ("a.weight_global_scale", "F32", [1])],
     {"config_groups": {"group_0": {"weights": {"num_bits": 4}}}}, 64 * 128),
    ("bitnet", [("a.weight", "U8", [16, 128]), ("a.weight_scale", "BF16", [1])], {"quant_method": "bitnet"}, 64 * 128),
    ("buffers", [("h.0.attn.bias", "F32", [1, 1, 8, 8]), ("h.0.attn.masked_bias", "F32", []), ("p.position_ids", "I64", [1, 9]),
                 ("r.rotary_emb.inv_freq", "F32", [4]), ("h.0.attn.c_attn.bias", "F32", [24])], None, 24),
]  # fmt: skip


@pytest.mark.parametrize(("name", "listed", "settings", "parameters"), PACKED, ids=[row[0] for row in PACKED])
def test_parameters_behind_stored_tensors(
    name: str, listed: list[tuple[str, str, list[int]]], settings: dict[str, Any] | None, parameters: int
) -> None:
    assert count_parameters(tensors(*listed), settings).parameters == parameters


def test_codes_are_not_taken_for_a_count(tmp_path: Path) -> None:
    assert count_parameters(tensors(("a.codes", "I16", [4, 4])), None).unknown
    assert count_parameters(tensors(("a.weight", "U8", [4, 4])), {"quant_method": "HQQ"}).unknown
    config(tmp_path, quantization_config={"quant_method": "aqlm"})
    safetensors(tmp_path / "model.safetensors", {"w": number([8, 4], 0)}, 128)
    result = scan_path(tmp_path)
    assert result.fact("parameters_total") is None
    assert any("cannot be counted" in note for note in result.notes)


def test_bytes_of_a_type_name() -> None:
    assert [element_bytes(name) for name in ("bfloat16", "torch.float32", "F16", "F4", "?")] == [
        2,
        4,
        2,
        None,
        None,
    ]


def number(shape: list[int], begin: int) -> dict[str, Any]:
    size = 4
    for part in shape:
        size *= part
    return {"dtype": "F32", "shape": shape, "data_offsets": [begin, begin + size]}


def value(folder: Path, name: str) -> Any:
    fact = scan_path(folder).fact(name)
    return None if fact is None else fact.value


@pytest.mark.parametrize(("tied", "total"), [(True, 32), (False, 64)])
def test_a_head_that_is_stored_though_it_is_shared_counts_once(
    tmp_path: Path, tied: bool, total: int
) -> None:
    config(tmp_path, tie_word_embeddings=tied)
    header = {"model.embed_tokens.weight": number([8, 4], 0), "lm_head.weight": number([8, 4], 128)}
    safetensors(tmp_path / "model.safetensors", header, 256)
    assert value(tmp_path, "parameters_total") == total
    assert value(tmp_path, FoundOnly.PARAMETERS_STORED) == 64


@pytest.mark.parametrize(("modules", "trained"), [("null", 8), ('["lm_head"]', 40)])
def test_embeddings_saved_with_an_adapter_count_only_when_they_were_trained(
    tmp_path: Path, modules: str, trained: int
) -> None:
    (tmp_path / "adapter_config.json").write_text(
        f'{{"peft_type": "LORA", "r": 2, "modules_to_save": {modules}}}'
    )
    prefix = "base_model.model.model.layers.3.self_attn.q_proj"
    header = {
        f"{prefix}.lora_A.weight": number([2, 2], 0),
        f"{prefix}.lora_B.weight": number([2, 2], 16),
        "base_model.model.lm_head.weight": number([8, 4], 32),
    }
    safetensors(tmp_path / "adapter_model.safetensors", header, 160)
    assert value(tmp_path, "parameters_trainable") == trained
    assert value(tmp_path, FoundOnly.PARAMETERS_STORED) == 40
    assert value(tmp_path, "lora_rank") == 2
    assert value(tmp_path, FoundOnly.LAYERS_TOUCHED) == 1
    assert any("embedding" in note for note in scan_path(tmp_path).notes) == (trained == 8)


_AT = "base_model.model.model.layers.0.self_attn.q_proj"


@pytest.mark.parametrize(
    ("kind", "names", "trained"),
    [
        ("hra", {f"{_AT}.hra_u": [4, 2]}, 8),
        ("c3a", {f"{_AT}.c3a_kernel": [2, 2, 2]}, 8),
        ("miss", {f"{_AT}.miss_block": [2, 4]}, 8),
        ("fourierft", {f"{_AT}.fourierft_spectrum": [8]}, 8),
        ("trainable_tokens", {"base_model.model.model.embed_tokens.trainable_tokens_delta": [2, 4]}, 8),
        ("lora", {f"{_AT}.lora_A.weight": [1, 4], "base_model.model.model.embed_tokens.token_adapter."
                  "trainable_tokens_delta": [1, 4]}, 8),
        ("adaption_prompt", {"base_model.model.model.layers.1.self_attn.adaption_prompt": [1, 1, 7],
                             "base_model.model.model.layers.1.self_attn.adaption_gate": [1]}, 8),
        ("vblora", {f"{_AT}.vblora_logits_A": [1, 2, 2], "base_model.vblora_vector_bank": [2, 2]}, 8),
        ("vblora", {f"{_AT}.vblora_logits_A_topk_weights": [1, 2, 1], f"{_AT}.vblora_logits_A_topk_indices": [1, 2, 2],
                    "base_model.vblora_vector_bank": [2, 2]}, None),
        ("randlora", {"base_model.randlora_A": [4, 1, 4], f"{_AT}.randlora_lambda": [2, 4]}, 8),
        ("pvera", {"base_model.pvera_A": [4, 4], f"{_AT}.pvera_lambda_b": [8]}, 8),
        ("delora", {f"{_AT}.delora_A": [1, 4], f"{_AT}.delora_B": [4, 1], f"{_AT}.delora_w_norm": [4]}, 8),
        ("tinylora", {"base_model.tinylora_v.0": [8], f"{_AT}.tinylora_A": [2, 4], f"{_AT}.tinylora_P": [8, 2, 2]}, 8),
        ("shira", {f"{_AT}.shira_weight": [8], f"{_AT}.shira_indices": [2, 8]}, 8),
        ("lily", {f"{_AT}.lily_A.weight": [2, 4]}, None),
        ("poly", {f"{_AT}.poly_lora_A": [8]}, 8),
    ],
)  # fmt: skip
def test_rare_adapters_are_known_by_their_tensors_and_what_stays_fixed_is_not_trained(
    tmp_path: Path, kind: str, names: dict[str, list[int]], trained: int | None
) -> None:
    header, at = {}, 0
    for name, shape in names.items():
        header[name] = number(shape, at)
        at += 4 * math.prod(shape)
    safetensors(tmp_path / "adapter_model.safetensors", header, at)
    assert value(tmp_path, "training_method") == kind
    assert value(tmp_path, "parameters_trainable") == trained


@pytest.mark.parametrize(("kind", "trained"), [("CARTRIDGE", None), ("CPT", 8)])
def test_a_cartridge_is_saved_with_rows_that_were_not_trained(
    tmp_path: Path, kind: str, trained: int | None
) -> None:
    (tmp_path / "adapter_config.json").write_text(f'{{"peft_type": "{kind}", "num_virtual_tokens": 4}}')
    safetensors(tmp_path / "adapter_model.safetensors", {"prompt_embeddings": number([4, 2], 0)}, 32)
    assert value(tmp_path, "parameters_trainable") == trained


def test_a_types_table_that_does_not_know_a_type_still_counts(tmp_path: Path) -> None:
    safetensors(tmp_path / "model.safetensors", {"w": number([2, 4], 0) | {"dtype": "F12_NEW"}}, 32)
    assert value(tmp_path, "parameters_total") == 8
    assert value(tmp_path, FoundOnly.WEIGHT_DTYPES) == {"F12_NEW": 1}


KINDS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "fixtures/adapters/peft_kinds.jsonl").read_text().splitlines()
]
NOT_TOLD = {"CARTRIDGE", "LILY", "P_TUNING"}
"""Where the file holds more than was trained, or only what a network made, and the shapes do not say how much."""


@pytest.mark.parametrize("row", KINDS, ids=[row["kind"] for row in KINDS])
def test_trained_parameters_of_every_kind_are_as_peft_counted_them(
    tmp_path: Path, row: dict[str, Any]
) -> None:
    """Adapters that peft 0.21.2 made on a Llama of two layers; the truth is what required a gradient."""
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": row["kind"]}))
    header, at = {}, 0
    for name, (dtype, shape) in row["tensors"].items():
        size = math.prod(shape) * BITS[dtype] // 8
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    safetensors(tmp_path / "adapter_model.safetensors", header, at)
    assert value(tmp_path, "training_method") == row["kind"].lower()
    told = None if row["kind"] in NOT_TOLD else row["trainable"]
    assert value(tmp_path, "parameters_trainable") == told
    assert not scan_path(tmp_path).conflicts
