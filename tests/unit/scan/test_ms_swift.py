# SPDX-License-Identifier: Apache-2.0
"""ms-swift: what args.json and logging.jsonl say, and where they say too little."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import ScanResult
from core.scan import scan_path
from tests.hostile.tool_settings import MS_SWIFT, MS_SWIFT_2

STATS = "10.500000±4.0, min=4.000000, max=20.000000, size=100"


def scanned(folder: Path, settings: dict[str, Any], *rows: dict[str, Any]) -> ScanResult:
    (folder / "args.json").write_text(json.dumps(settings), "utf-8")
    if rows:
        (folder / "logging.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return scan_path(folder)


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def one(folder: Path, name: str, **changed: Any) -> Any:
    return value(scanned(folder, {**MS_SWIFT, **changed}), name)


@pytest.mark.parametrize(
    ("changed", "method"),
    [
        ({"use_dora": True}, "dora"),
        ({"quant_bits": 4}, "qlora"),
        ({"quant_bits": 8}, "lora"),
        ({"tuner_type": "full"}, "full"),
        ({"tuner_type": "full", "freeze_parameters_ratio": 0.5}, "frozen_partial"),
        ({"tuner_type": "full", "freeze_parameters": ["model.layers.0"]}, "frozen_partial"),
        ({"tuner_type": "full", "lisa_activated_layers": 2}, "frozen_partial"),
        ({"tuner_type": "full", "model_info": "ModelInfo(is_multimodal=True)"}, "frozen_partial"),
        ({"tuner_type": "full", "model_info": "ModelInfo(is_multimodal=True)", "freeze_vit": False, "freeze_aligner": False}, "full"),
        ({"tuner_type": "full", "model_info": None, "model_meta": None}, None),
        ({"tuner_type": "vera"}, None),
        ({"tuner_type": None, "train_type": "full"}, "full"),
    ],
)  # fmt: skip
def test_the_method(tmp_path: Path, changed: dict[str, Any], method: str | None) -> None:
    assert one(tmp_path, "training_method", **changed) == method


@pytest.mark.parametrize(
    ("changed", "stage"),
    [
        ({"use_chat_template": False, "loss_scale": "all"}, "pretraining"),
        ({"use_chat_template": False}, None),
        ({"task_type": "seq_cls"}, None),
        ({"rlhf_type": "rm"}, "reward"),
        ({"rlhf_type": "simpo"}, "cpo"),
        ({"rlhf_type": "gkd"}, None),
    ],
)
def test_the_stage(tmp_path: Path, changed: dict[str, Any], stage: str | None) -> None:
    assert one(tmp_path, "training_stage", **changed) == stage


def test_a_base_of_modelscope_is_named_as_on_the_hub_or_by_its_last_part(tmp_path: Path) -> None:
    other = scanned(tmp_path, {**MS_SWIFT, "model": "LLM-Research/Nobody-1B"})
    assert (value(other, "base_model"), value(other, "base_path_name")) == (None, "Nobody-1B")
    plain = scanned(tmp_path, {**MS_SWIFT, "model": "owner/name", "use_hf": True})
    assert value(plain, "base_model") == "owner/name"


def test_devices_that_share_out_a_sequence_make_the_batch_smaller(tmp_path: Path) -> None:
    assert one(tmp_path, "global_batch", sequence_parallel_size=2) == 4
    assert one(tmp_path, "global_batch") == 8


def test_packed_rows_are_as_long_as_the_packing(tmp_path: Path) -> None:
    found = scanned(tmp_path, {**MS_SWIFT, "packing": True, "packing_length": 4096, "attn_impl": None})
    assert value(found, "sequence_length") == 4096
    settings = value(found, FoundOnly.HYPERPARAMETERS)
    assert (settings["packing"], settings["packing_strategy"]) == (True, "binpack")
    assert "attn_implementation" not in settings


def test_sharded_weights_and_secrets_are_told(tmp_path: Path) -> None:
    found = scanned(
        tmp_path,
        {**MS_SWIFT, "deepspeed": {"zero_optimization": {"stage": 3}}, "hub_token": "hf_" + "a" * 30},
    )
    assert value(found, FoundOnly.SHARDED) is True
    assert any("args.json" in note for note in found.notes)
    assert "hf_aaa" not in found.model_dump_json()


@pytest.mark.parametrize("missing", ["swift_version", "gradient_accumulation_steps"])
def test_settings_that_are_no_training_of_ms_swift(tmp_path: Path, missing: str) -> None:
    left = {key: item for key, item in MS_SWIFT.items() if key != missing}
    assert value(scanned(tmp_path, left), FoundOnly.TRAINING_TOOL) is None


def test_tokens_of_whole_epochs_by_the_lengths_of_the_texts(tmp_path: Path) -> None:
    end = {"epoch": 2.0, "global_step/max_steps": "8/8"}
    found = scanned(tmp_path, MS_SWIFT, end, {"train_dataset": STATS, "log_history": []})
    assert value(found, FoundOnly.TOKENS_RECORDED) == 2100
    assert value(found, "tokens") is None  # padding is not counted
    for joined in ({"packing": True}, {"padding_free": True}):
        found = scanned(tmp_path, {**MS_SWIFT, **joined}, end, {"train_dataset": STATS})
        assert value(found, "tokens") == 2100
    pairs = scanned(tmp_path, {**MS_SWIFT, "rlhf_type": "dpo"}, end, {"train_dataset": STATS})
    assert (value(pairs, FoundOnly.TOKENS_RECORDED), value(pairs, FoundOnly.DATASET_SIZE)) == (None, 100)
    part = scanned(tmp_path, MS_SWIFT, {**end, "epoch": 1.5}, {"train_dataset": STATS})
    assert value(part, FoundOnly.TOKENS_RECORDED) is None
    counted = scanned(
        tmp_path, {**MS_SWIFT, "include_num_input_tokens_seen": True}, end, {"train_dataset": STATS}
    )
    assert value(counted, FoundOnly.TOKENS_RECORDED) is None
    odd = scanned(tmp_path, MS_SWIFT, end, {"train_dataset": STATS.replace("±", "+")})
    assert value(odd, FoundOnly.DATASET_SIZE) is None


def test_a_log_that_broke_off_says_the_plan_alone(tmp_path: Path) -> None:
    found = scanned(
        tmp_path, MS_SWIFT, {"epoch": 1.0, "global_step/max_steps": "4/8"}, {"train_dataset": STATS}
    )
    assert (value(found, "steps"), value(found, "epochs"), value(found, "steps_planned")) == (None, None, 8)
    (tmp_path / "logging.jsonl").write_text('{"loss": 1}\n{"glo', "utf-8")
    assert value(scan_path(tmp_path), "steps_planned") is None


def test_before_version_3_the_settings_have_other_names(tmp_path: Path) -> None:
    (tmp_path / "sft_args.json").write_text(json.dumps({**MS_SWIFT_2, "rlhf_type": None}), "utf-8")
    found = scan_path(tmp_path)
    assert value(found, "training_stage") is None
    assert value(found, "training_method") == "qlora"
