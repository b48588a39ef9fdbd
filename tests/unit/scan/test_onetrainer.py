# SPDX-License-Identifier: Apache-2.0
"""OneTrainer: its configuration, its workspace and what stands in the names of its saves.

Layouts as OneTrainer (August 2026) wrote them on a CPU with a Stable Diffusion of random weights.
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


@pytest.mark.parametrize(
    ("model_type", "family"),
    [
        ("STABLE_DIFFUSION_15", "stable-diffusion-1.5"),
        ("STABLE_DIFFUSION_20_BASE", "stable-diffusion-2.0-base"),
        ("STABLE_DIFFUSION_XL_10_BASE_INPAINTING", "stable-diffusion-xl-1.0-base-inpainting"),
        ("STABLE_DIFFUSION_35", "stable-diffusion-3.5"),
        ("FLUX_DEV_1", "flux_dev_1"),
        ("QWEN", "qwen_image"),
        ("KREA_2", "krea_2"),
    ],
)
def test_onetrainer_families(tmp_path: Path, model_type: str, family: str) -> None:
    """ModelType, in words that the weighing knows."""
    assert one_trainer(tmp_path, model_type=model_type)["model_family"] == family


def test_a_backup_of_onetrainer_holds_its_adapter_below(tmp_path: Path) -> None:
    """LoRASaverMixin: the internal format of a backup is lora/lora.safetensors. Most workspaces hold nothing else."""
    backup = "backup/2026-11-27_10-00-00-backup-9-3-0"
    files: dict[str, Any] = {
        f"{backup}/meta.json": {
            "train_progress": {"epoch": 3, "epoch_step": 0, "epoch_sample": 0, "global_step": 9}
        },
        f"{backup}/onetrainer_config/args.json": ONETRAINER,
        f"{backup}/lora/lora.safetensors": Weights(_TEXTS, lora("kohya", 4)),
    }
    result = scan_path(build(tmp_path, files))
    found = values(result)
    assert (found["steps"], found["parameters_trainable"], found["epochs"]) == (4, 192, 3.0)
    assert not any("more than one model" in note for note in result.notes)


@pytest.mark.parametrize(
    ("settings", "cached"), [({"latent_caching": False}, False), ({"latent_caching": True}, True), ({}, None)]
)
def test_onetrainer_says_whether_pictures_are_kept(
    tmp_path: Path, settings: dict[str, Any], cached: bool | None
) -> None:
    assert one_trainer(tmp_path, **settings).get("latents_cached") is cached


@pytest.mark.parametrize(
    "settings",
    [
        {"concepts": [{"type": "STANDARD"}, {"type": "PRIOR_PREDICTION"}]},
        {"masked_training": True, "masked_prior_preservation_weight": 0.5},
    ],
)
def test_onetrainer_asks_the_base_beside(tmp_path: Path, settings: dict[str, Any]) -> None:
    """GenericTrainer.train runs the model without its adapter too: steps times batch would be all too exact."""
    assert one_trainer(tmp_path, **settings)["passes_beside"] == 1
    plain = {"masked_training": False, "masked_prior_preservation_weight": 0.5}
    assert "passes_beside" not in one_trainer(tmp_path, **plain)


def _workspace(batches: dict[str, int], backups: dict[str, int], **settings: Any) -> dict[str, Any]:
    """A workspace by the times of its starts and their batches, and of its backups and the batches counted there."""
    files: dict[str, Any] = {
        f"run/config/2026-11-27_{time}-00-00.json": {**ONETRAINER, "batch_size": batch, **settings}
        for time, batch in batches.items()
    }
    for time, passes in backups.items():
        folder = f"run/backup/2026-11-27_{time}-30-00-backup-{passes}-0-{passes}"
        start = max(one for one in batches if one <= time)
        files |= {
            f"{folder}/meta.json": {
                "train_progress": {"epoch": 0, "epoch_step": passes, "global_step": passes}
            },
            f"{folder}/onetrainer_config/args.json": {**ONETRAINER, "batch_size": batches[start], **settings},
            f"{folder}/lora/lora.safetensors": Weights(_TEXTS, lora("kohya", 4)),
        }
    return files


@pytest.mark.parametrize(
    ("batches", "backups", "settings", "batch"),
    [
        ({"08": 2}, {"09": 480}, {}, 2),
        ({"08": 2, "10": 4}, {"09": 100, "11": 480}, {}, 4),  # begun anew
        ({"08": 2, "10": 4}, {"09": 480}, {}, 2),  # the second start left nothing
        ({"08": 2, "10": 4}, {"09": 100, "11": 480}, {"continue_last_backup": True}, None),
        ({"08": 4, "10": 4}, {"09": 100, "11": 480}, {"continue_last_backup": True}, 4),
    ],
)
def test_onetrainer_starts_of_a_workspace(
    tmp_path: Path,
    batches: dict[str, int],
    backups: dict[str, int],
    settings: dict[str, Any],
    batch: int | None,
) -> None:
    """Each start writes its settings into config/ (GenericTrainer.__save_config_to_workspace); without saves on the way, the
    last backup tells how far it got and holds the adapter."""
    result = scan_path(build(tmp_path, _workspace(batches, backups, **settings)))
    found = values(result)
    assert (found["steps"], found["parameters_trainable"]) == (240, 192)
    assert found.get("batch_per_device") == batch
    assert any("another size" in note for note in result.notes) == (batch is None)
    assert not result.conflicts


def test_onetrainer_sizes_asked_for_are_all_told(tmp_path: Path) -> None:
    found = one_trainer(tmp_path, resolution="768,512,768")
    assert (found["resolution"], found["resolutions"]) == ([768, 768], [[512, 512], [768, 768]])
    assert "resolutions" not in one_trainer(tmp_path, resolution="512x768")
