# SPDX-License-Identifier: Apache-2.0
"""ai-toolkit, OneTrainer and SimpleTuner: what their own code writes, and what is made of it.

Layouts as ai-toolkit 0.12.26 and OneTrainer (August 2026) wrote them on a CPU with a Stable Diffusion of random weights.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import ScanResult
from core.scan import scan_path
from tests.hostile.tool_maker import Weights, build, lora
from tests.hostile.tool_settings import ONETRAINER


def values(result: ScanResult) -> dict[str, Any]:
    return {fact.name: fact.value for fact in result.facts}


def one_trainer(tmp_path: Path, **settings: Any) -> dict[str, Any]:
    """Facts of a configuration of OneTrainer alone."""
    (tmp_path / "0").mkdir(exist_ok=True)
    return values(scan_path(build(tmp_path / "0", {"config.json": {**ONETRAINER, **settings}})))


@pytest.mark.parametrize(
    ("settings", "method"),
    [
        ({}, "lora"),
        ({"peft_type": None}, "lora"),
        ({"peft_type": "LOKR", "lokr_dim": 16, "lora_rank": 16}, "lokr"),
        ({"peft_type": "LOHA"}, "loha"),
        ({"peft_type": "OFT_2"}, "oft"),
        ({"peft_type": "NEWER"}, "adapter"),
        ({"lora_decompose": True}, "dora"),
        ({"transformer": {"weight_dtype": "NFLOAT_4"}}, "qlora"),
        ({"unet": {"weight_dtype": "NFLOAT_4"}}, "lora"),  # FLUX has none: the entry is a default
        ({"training_method": "FINE_TUNE", "peft_type": "LOKR"}, "full"),
        ({"training_method": "EMBEDDING"}, "prompt_tuning"),
        ({"training_method": "FINE_TUNE_VAE"}, None),
    ],
)
def test_onetrainer_method(tmp_path: Path, settings: dict[str, Any], method: str | None) -> None:
    """The default rank of LoRA stands in every configuration (TrainConfig.default_values)."""
    found = one_trainer(tmp_path, **settings)
    assert found.get("training_method") == method
    assert ("lora_rank" in found) == (method in ("lora", "dora", "qlora"))


@pytest.mark.parametrize(
    ("settings", "world", "batch"),
    [
        ({}, None, None),
        ({"multi_gpu": False, "device_indexes": "0,1"}, 1, 8),
        ({"multi_gpu": True, "device_indexes": "0,2,3"}, 3, 24),
        ({"multi_gpu": True, "device_indexes": ""}, None, None),  # all that the machine has
        ({"multi_gpu": True, "device_indexes": "0,a"}, None, None),
    ],
)
def test_onetrainer_devices(
    tmp_path: Path, settings: dict[str, Any], world: int | None, batch: int | None
) -> None:
    """MultiTrainer.train: each process reads a batch of its own (DataLoaderMgdsMixin, "local batch size")."""
    found = one_trainer(tmp_path, **settings)
    assert (found.get("world_size"), found.get("global_batch")) == (world, batch)


@pytest.mark.parametrize(
    ("settings", "again"),
    [
        ({"gradient_checkpointing": "OFF"}, False),
        ({"gradient_checkpointing": "CPU_OFFLOADED"}, True),
        (
            {
                "gradient_checkpointing": None,
                "transformer": {"gradient_checkpointing": False},
                "unet": {"gradient_checkpointing": True},
            },
            False,
        ),
        (
            {
                "gradient_checkpointing": None,
                "model_type": "STABLE_DIFFUSION_XL_10_BASE",
                "transformer": {"gradient_checkpointing": False},
                "unet": {"gradient_checkpointing": True},
            },
            True,
        ),
        (
            {
                "gradient_checkpointing": None,
                "model_type": "STABLE_CASCADE_1",
                "prior": {"gradient_checkpointing": True},
            },
            True,
        ),
        ({"gradient_checkpointing": None}, None),
    ],
)
def test_onetrainer_recomputing(tmp_path: Path, settings: dict[str, Any], again: bool | None) -> None:
    """Since version 11 of the configuration each part has its own switch; parts a model lacks keep their defaults."""
    assert one_trainer(tmp_path, **settings).get("gradient_checkpointing") is again


@pytest.mark.parametrize(
    ("resolution", "concepts", "size"),
    [
        ("768", None, [768, 768]),
        ("512,1024", None, [1024, 1024]),
        ("512x768", None, [512, 768]),
        ("512", [{"image": {"enable_resolution_override": True, "resolution_override": "640"}}], [640, 640]),
        (
            "512",
            [
                {"image": {"enable_resolution_override": False, "resolution_override": "640"}},
                {
                    "enabled": False,
                    "image": {"enable_resolution_override": True, "resolution_override": "900"},
                },
            ],
            [512, 512],
        ),
    ],
)
def test_onetrainer_resolution(tmp_path: Path, resolution: str, concepts: Any, size: list[int]) -> None:
    """AspectBucketing of mgds reads these texts; a concept may ask for another one."""
    assert one_trainer(tmp_path, resolution=resolution, concepts=concepts)["resolution"] == size


_TEXTS = {"ot_branch": "master", "ot_revision": "23df383"}


def test_onetrainer_workspace(tmp_path: Path) -> None:
    """Of several saves the last by its time is the model; how far it got stands in its name and not in the last backup's,
    and the settings are those of the last start."""
    first = {**ONETRAINER, "batch_size": 1, "gradient_accumulation_steps": 4, "multi_gpu": False}
    last = {**ONETRAINER, "batch_size": 2, "gradient_accumulation_steps": 4, "multi_gpu": False}
    backup = "backup/2026-11-27_10-00-00-backup-1700-17-0"
    files: dict[str, Any] = {
        "config/2026-11-27_08-00-00.json": first,
        "config/2026-11-27_09-00-00.json": last,
        "save/mine2026-11-27_08-30-00-save-1480-14-80.safetensors": Weights(_TEXTS, lora("kohya", 2)),
        "save/mine2026-11-27_09-59-00-save-970-9-70.safetensors": Weights(_TEXTS, lora("kohya", 8)),
        f"{backup}/meta.json": {
            "train_progress": {"epoch": 17, "epoch_step": 0, "epoch_sample": 0, "global_step": 1700}
        },
        f"{backup}/onetrainer_config/args.json": last,
    }
    result = scan_path(build(tmp_path, files))
    found = values(result)
    assert (found["lora_rank"], found["steps"], found["epochs"]) == (8, 970 // 4, 9.7)
    assert (found["batch_per_device"], found["global_batch"], found["samples"]) == (2, 8, 970 // 4 * 8)
    assert not any(conflict.name == "steps" for conflict in result.conflicts)
    assert not any("save-1480" in note for note in result.notes)


def test_onetrainer_save_without_its_settings(tmp_path: Path) -> None:
    """Without the accumulation the batches that the name counts are no updates."""
    name = "2026-11-27_09-59-00-save-970-9-70.safetensors"
    result = scan_path(build(tmp_path / "a", {name: Weights(_TEXTS, lora("kohya"))}))
    assert "steps" not in values(result)
    assert any("970" in note for note in result.notes)
    inside = {**_TEXTS, "ot_config": json.dumps(ONETRAINER)}
    result = scan_path(build(tmp_path / "b", {name: Weights(inside, lora("kohya"))}))
    assert values(result)["steps"] == 485


def test_onetrainer_takes_the_licence_from_a_template(tmp_path: Path) -> None:
    """resources/sd_model_spec/sd_xl_base_1.0-lora.json names the base's licence, whatever the person chooses."""
    texts = {**_TEXTS, "modelspec.license": "CC-BY-4.0"}
    assert "license" not in values(
        scan_path(build(tmp_path, {"a.safetensors": Weights(texts, lora("kohya"))}))
    )


def test_a_number_in_the_name_of_a_model_is_none_of_a_save(tmp_path: Path) -> None:
    """ai-toolkit: style_2024.safetensors is the end, style_2024_000003000.safetensors a save on the way."""
    for number, names in enumerate(
        (
            {"style_2024": 7, "style_2024_000003000": 3, "style_2024_000001000": 1},
            {"style": 7, "style_000003000": 3},
            {"style_2024_000003000": 7, "style_2024_000001000": 1},
        )
    ):
        folder = tmp_path / str(number)
        files = {f"{name}.safetensors": Weights({}, lora("kohya", rank)) for name, rank in names.items()}
        assert values(scan_path(build(folder, files)))["lora_rank"] == 7
