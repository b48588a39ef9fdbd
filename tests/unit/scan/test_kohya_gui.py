# SPDX-License-Identifier: Apache-2.0
"""The settings that kohya_ss writes beside the weights.

Keys and values as train_model of kohya_gui/dreambooth_gui.py and lora_gui.py (July 2026) writes them with toml.dump.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from tests.hostile.tool_maker import KOHYA_TEXTS, Weights, build, lora

TOML = """
cache_latents = true
gradient_accumulation_steps = 2
huggingface_token = "hf_secret"
learning_rate = 1e-05
lr_scheduler = "cosine"
max_bucket_reso = 2048
max_train_steps = 1600
mixed_precision = "bf16"
optimizer_type = "AdamW8bit"
output_dir = "/home/someone/out"
output_name = "cat"
pretrained_model_name_or_path = "stabilityai/stable-diffusion-xl-base-1.0"
resolution = "1024,768"
sample_prompts = "/home/someone/out/sample/prompt.txt"
train_batch_size = 4
train_data_dir = "/home/someone/img"
"""
WHOLE = {"model.diffusion_model.out.2.weight": [4, 4]}
HEADER = {"modelspec.architecture": "stable-diffusion-xl-v1-base", "modelspec.date": "2026-07-10T18:30:00"}
CONFIG, START = "config_dreambooth-20260710-150838.toml", "cat_20260710-150839.json"


def facts(folder: Path, files: dict[str, Any]) -> dict[str, Any]:
    return {fact.name: fact.value for fact in scan_path(build(folder, files)).facts}


def usual(toml: str = TOML, **header: str) -> dict[str, Any]:
    weights = Weights({**HEADER, **header}, WHOLE)
    return {"cat.safetensors": weights, CONFIG: toml, START: {"output_name": "cat", "max_train_steps": 0}}


def test_a_whole_model(tmp_path: Path) -> None:
    found = facts(tmp_path, usual())
    assert {name: found.get(name) for name in (
        "training_tool", "training_method", "steps", "steps_planned", "batch_per_device", "gradient_accumulation", "resolution",
        "base_model", "precision", "gradient_checkpointing", "latents_cached", "text_outputs_cached", "origin", "model_family",
    )} == {
        "training_tool": "kohya sd-scripts", "training_method": "full", "steps": 1600, "steps_planned": 1600, "batch_per_device": 4,
        "gradient_accumulation": 2, "resolution": [1024, 768], "base_model": "stabilityai/stable-diffusion-xl-base-1.0",
        "precision": "bf16", "gradient_checkpointing": False, "latents_cached": True, "text_outputs_cached": False,
        "origin": "fine_tune", "model_family": "stable-diffusion-xl-v1-base",
    }  # fmt: skip
    assert found["hyperparameters"]["learning_rate"] == 1e-5
    # Pictures come in buckets, and the last batch of one may be small: how many there were is not told.
    assert "samples" not in found
    assert "secret" not in json.dumps(found)
    assert "someone" not in json.dumps(found)


def test_a_save_on_the_way_tells_its_steps(tmp_path: Path) -> None:
    files = usual()
    files["cat-step00000400.safetensors"] = files.pop("cat.safetensors")
    assert facts(tmp_path / "a", files)["steps"] == 400
    files["cat-000003.safetensors"] = files.pop("cat-step00000400.safetensors")
    found = facts(tmp_path / "b", files)
    assert ("steps" in found, found["steps_planned"]) == (False, 1600)


@pytest.mark.parametrize("more", ["max_train_epochs = 3\n", 'resume = "/home/someone/cat-state"\n'])
def test_a_number_of_steps_that_may_be_another_is_a_plan(more: str, tmp_path: Path) -> None:
    assert "steps" not in facts(tmp_path, usual(TOML + more))


def test_a_file_of_data_sets_has_batches_and_sizes_of_its_own(tmp_path: Path) -> None:
    found = facts(tmp_path, usual(TOML + 'dataset_config = "/home/someone/data.toml"\n'))
    assert "batch_per_device" not in found
    assert "resolution" not in found
    assert found["steps"] == 1600


@pytest.mark.parametrize(
    "change",
    [
        {START: None},  # only shown, never started
        {START: None, "cat_20260710-150837.json": {}},  # a start before it
        {START: None, "cat_20260710-151000.json": {}},  # one long after it
        {START: None, "dog_20260710-150839.json": {}},
        {START: None, "cat_now.json": {}},
        {CONFIG: TOML.replace('"cat"', '"dog"')},  # of other weights
        {CONFIG: TOML.replace('output_name = "cat"', "")},
        {CONFIG: TOML.replace('"cat"', "5")},
        {CONFIG: None, "config_dreambooth-20269910-150838.toml": TOML},
        {CONFIG: None, "config_leco-20260710-150838.toml": TOML},
        {CONFIG: "output_name = "},
        {CONFIG: TOML + 'output_name = "dog"\n'},
        {CONFIG: TOML.replace('"cat"', '"cat')},
        {CONFIG: TOML.replace('"cat"', '"ca\\xt"')},
        {CONFIG: "a = " + "[" * 20_000},
        {CONFIG: "#" * 70_000},
        {"cat.safetensors": None},
        {"cat.safetensors": Weights({**HEADER, "modelspec.date": "2026-07-09T18:30:00"}, WHOLE)},  # saved before the start
    ],
)  # fmt: skip
def test_settings_of_no_start_of_these_weights(change: dict[str, Any], tmp_path: Path) -> None:
    files = {name: content for name, content in (usual() | change).items() if content is not None}
    found = facts(tmp_path, files)
    assert "training_tool" not in found
    assert "batch_per_device" not in found


def test_more_files_than_any_folder_of_saves_has(tmp_path: Path) -> None:
    many = {f"{number}.txt": "" for number in range(2_000)}
    assert "training_tool" not in facts(tmp_path, usual() | many)


def test_the_last_start_before_the_save_counts(tmp_path: Path) -> None:
    later = {
        "config_dreambooth-20260710-170000.toml": TOML.replace("1600", "900"), "cat_20260710-170001.json": {},
        "config_dreambooth-20260710-200000.toml": TOML.replace("1600", "800"), "cat_20260710-200000.json": {},
        "config_dreambooth-20260710-180000.toml": TOML.replace("1600", "700"),
    }  # fmt: skip
    assert facts(tmp_path / "a", usual() | later)["steps"] == 900
    # Without the time of the save the last start of all is taken.
    assert facts(tmp_path / "b", usual(**{"modelspec.date": "soon"}) | later)["steps"] == 800


def test_what_the_weights_say_comes_first(tmp_path: Path) -> None:
    files = {
        "cat.safetensors": Weights({**KOHYA_TEXTS, "modelspec.date": "2026-07-10T18:30:00"}, lora("kohya")),
        "config_lora-20260710-150838.toml": TOML, START: {},
    }  # fmt: skip
    alone = facts(tmp_path / "alone", {"cat.safetensors": files["cat.safetensors"]})
    result = scan_path(build(tmp_path / "both", files))
    found = {fact.name: fact.value for fact in result.facts}
    for name in ("training_method", "steps", "batch_per_device", "gradient_accumulation", "resolution"):
        assert found[name] == alone[name], name
    assert found["text_outputs_cached"] is False
    assert "resolution" in {conflict.name for conflict in result.conflicts}
