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
from core.scan.formats.ai_toolkit import META
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


def job(**parts: Any) -> dict[str, Any]:
    """A job of ai-toolkit: a LoRA on FLUX.1, with other parts in place of these."""
    process: dict[str, Any] = {
        "type": "diffusion_trainer",
        "network": {"type": "lora", "linear": 8},
        "save": {"save_every": 250},
        "datasets": [{"folder_path": "/home/SECRET/pics", "resolution": [512, 768]}],
        "train": {"batch_size": 2, "steps": 3000, "gradient_accumulation": 1},
        "model": {"name_or_path": "black-forest-labs/FLUX.1-dev"},
    }
    kept = {key: part for key, part in {**process, **parts}.items() if part is not None}
    return {"job": "extension", "config": {"name": "cat", "process": [kept]}}


def texts(step: int) -> dict[str, str]:
    """As get_meta_for_safetensors of ai-toolkit makes them."""
    return {
        "software": json.dumps(
            {"name": "ai-toolkit", "repo": "https://github.com/ostris/ai-toolkit", "version": "0.12.26"}
        ),
        "training_info": json.dumps({"step": step, "epoch": 2}),
        "ss_base_model_version": "flux.1",
    }


def ai_toolkit(folder: Path, saves: dict[str, int], **parts: Any) -> dict[str, Any]:
    """Facts of a job's folder with saves by name and the step they tell."""
    files = {f"{name}.safetensors": Weights(texts(step), lora("diffusers")) for name, step in saves.items()}
    return values(scan_path(build(folder, {"config.yaml": job(**parts), **files})))


@pytest.mark.parametrize(
    ("saves", "train", "steps"),
    [
        # As a run on a CPU: the save of pass 9 and the last one, after ten passes, held the same numbers.
        ({"cat": 3000, "cat_000002750": 2750}, {"steps": 3000}, 3000),
        ({"cat_000002750": 2750, "cat_000002500": 2500}, {"steps": 3000}, 2751),
        ({"cat_000002601": 2601, "cat_000002500": 2500}, {"steps": 3000}, 2601),  # asked for in the window
        ({"cat": 3000}, {"steps": 3000, "gradient_accumulation": 4}, 3000),
        # Here every pass is a step: a run of 9 passes made 4 updates.
        ({"cat": 9}, {"steps": 9, "gradient_accumulation_steps": 2}, 4),
        ({"cat_000000250": 250}, {"steps": 900, "gradient_accumulation_steps": 3}, 83),
        ({"cat": 900}, {"steps": 900, "gradient_accumulation_steps": -1}, None),  # each epoch makes one
    ],
)
def test_ai_toolkit_counts_updates(
    tmp_path: Path, saves: dict[str, int], train: dict[str, int], steps: int | None
) -> None:
    """BaseSDTrainProcess.run: the first pass is number 0, and a save on the way is written at the end of a pass."""
    found = ai_toolkit(tmp_path, saves, train=train)
    assert found.get("steps") == steps
    accumulation = train.get("gradient_accumulation", train.get("gradient_accumulation_steps", 1))
    assert found.get("gradient_accumulation") == (accumulation if accumulation > 0 else None)
    if steps is not None:
        each = train.get("gradient_accumulation_steps", 1)
        assert found["steps_planned"] == train["steps"] // each
    assert found["batch_per_device"] == 1  # TrainConfig, where nothing is set


def test_ai_toolkit_without_its_job(tmp_path: Path) -> None:
    """Of a file alone nobody knows how often its run saved: its own word is taken."""
    path = build(tmp_path, {"cat_000002750.safetensors": Weights(texts(2750), lora("diffusers"))})
    assert values(scan_path(path / "cat_000002750.safetensors"))["steps"] == 2750


@pytest.mark.parametrize(
    ("parts", "method", "rank"),
    [
        ({}, "lora", 8),
        ({"network": {"linear": 8}}, "lora", 8),
        ({"network": {"type": "lora", "linear": 4, "rank": 16}}, "lora", 16),  # NetworkConfig: rank wins
        ({"network": {"type": "lokr", "linear": 8}}, "lokr", None),
        ({"network": {"type": "newer", "linear": 8}}, None, None),
        ({"network": None}, "full", None),
        ({"network": None, "type": "concept_slider"}, None, None),
        ({"network": None, "embedding": {"tokens": 4, "trigger": "SECRET"}}, "prompt_tuning", None),
        ({"network": None, "adapter": {"type": "ip", "train": True}}, None, None),
        ({"network": None, "decorator": {"num_tokens": 4}}, None, None),
        ({"network": None, "train": {"steps": 10, "train_unet": False}}, None, None),
    ],
)
def test_ai_toolkit_method(
    tmp_path: Path, parts: dict[str, Any], method: str | None, rank: int | None
) -> None:
    """BaseSDTrainProcess, is_fine_tuning: the whole model is trained only where nothing else is set."""
    found = values(scan_path(build(tmp_path, {"config.yaml": job(**parts)})))
    assert (found.get("training_method"), found.get("lora_rank")) == (method, rank)


@pytest.mark.parametrize(
    ("sets", "train", "batch", "size"),
    [
        ([{"resolution": 768}], {"batch_size": 2, "steps": 1}, 2, 768),
        ([{}], {"steps": 1}, 1, 512),  # DatasetConfig
        ([{"batch_size": 4}, {"batch_size": 4}], {"batch_size": 2, "steps": 1}, 4, 512),
        ([{"batch_size": 4}, {}], {"batch_size": 2, "steps": 1}, None, 512),
        ([{}], {"batch_size": 2, "steps": 1, "short_and_long_captions": True}, None, 512),
    ],
)
def test_ai_toolkit_batches(
    tmp_path: Path, sets: list[Any], train: dict[str, Any], batch: int | None, size: int
) -> None:
    found = values(scan_path(build(tmp_path, {"config.yaml": job(datasets=sets, train=train)})))
    assert (found.get("batch_per_device"), found["resolution"]) == (batch, [size, size])


def meta(step: int) -> dict[str, Any]:
    """aitk_meta.yaml as a full fine-tune wrote it."""
    return {
        "training_info": {"step": step, "epoch": 1}, "ss_base_model_version": "sd_1.5", "ss_output_name": "SECRET",
        "software": {"name": "ai-toolkit", "repo": "https://github.com/ostris/ai-toolkit", "version": "0.12.26"}, "format": "pt",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("saves", "home", "steps"),
    [((4, 8, None), "cat", 4), ((4, 8), "cat_000000008", 4), ((4,), "cat_000000004", 2)],
)
def test_ai_toolkit_saves_of_a_pipeline(
    tmp_path: Path, saves: tuple[int | None, ...], home: str, steps: int
) -> None:
    """save_format: diffusers writes folders; the job and the optimizer lie above them. 9 passes made 4 updates of two."""
    files: dict[str, Any] = {
        "config.yaml": job(
            network=None,
            save={"save_every": 4},
            train={"steps": 9, "gradient_accumulation_steps": 2},
            model={"name_or_path": "/home/SECRET/tiny-sd"},
        )
    }
    for step in saves:
        folder = "cat" if step is None else f"cat_{step:09}"
        files |= {
            f"{folder}/{META}": meta(9 if step is None else step),
            f"{folder}/model_index.json": {
                "_class_name": "StableDiffusionPipeline",
                "_diffusers_version": "0.42.1",
                "unet": ["diffusers", "UNet2DConditionModel"],
            },
            f"{folder}/unet/config.json": {"_class_name": "UNet2DConditionModel", "sample_size": 8},
            f"{folder}/unet/diffusion_pytorch_model.safetensors": Weights(
                {}, {"conv_in.weight": [step or 9, 3]}
            ),
        }
    result = scan_path(build(tmp_path, files))
    found = values(result)
    assert (found["steps"], found["training_method"], found["base_path_name"]) == (steps, "full", "tiny-sd")
    assert found["versions"] == {"Diffusers": "0.42.1", "ai-toolkit": "0.12.26"}
    assert found["parameters_total"] == 3 * (saves[-1] or 9)
    assert not any("more than one model" in note for note in result.notes)
    below = values(scan_path(tmp_path / home))
    assert (below["training_tool"], below["model_family"]) == ("ai-toolkit", "sd_1.5")


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


def test_ai_toolkit_was_taken_up_again(tmp_path: Path) -> None:
    """After a run of 500 steps the plan was raised; the file of the end is still that of the first run."""
    files: dict[str, Any] = {
        f"{name}.safetensors": Weights(texts(step), lora("diffusers"))
        for name, step in (("cat", 500), ("cat_000000250", 250), ("cat_000000750", 750))
    }
    result = scan_path(build(tmp_path, {"config.yaml": job(), **files}))
    assert values(result)["steps"] == 500
    assert any("cat_000000750" in note for note in result.notes)
    (tmp_path / "cat_000000750.safetensors").unlink()
    assert not scan_path(tmp_path).notes


@pytest.mark.parametrize(
    ("family", "task"),
    [
        ("flux.1", "text-to-image"),
        ("flux.1_kontext", None),
        ("wan_2.2_14b", None),
        ("krea2", "text-to-image"),
    ],
)
def test_a_family_that_starts_from_a_picture_has_no_task_of_its_own(
    tmp_path: Path, family: str, task: str | None
) -> None:
    """The words of ai-toolkit (get_base_model_version)."""
    header = {**texts(10), "ss_base_model_version": family}
    found = values(scan_path(build(tmp_path, {"cat.safetensors": Weights(header, lora("diffusers"))})))
    assert (found.get("pipeline_tag"), found["model_family"]) == (task, family)


def test_sizes_asked_for_are_all_told(tmp_path: Path) -> None:
    """Where a trainer takes several sizes, the largest alone would weigh each picture too heavily."""
    found = values(scan_path(build(tmp_path / "a", {"config.yaml": job()})))
    assert (found["resolution"], found["resolutions"]) == ([768, 768], [[512, 512], [768, 768]])
    found = one_trainer(tmp_path, resolution="768,512,768")
    assert (found["resolution"], found["resolutions"]) == ([768, 768], [[512, 512], [768, 768]])
    assert "resolutions" not in one_trainer(tmp_path, resolution="512x768")


@pytest.mark.parametrize(
    ("settings", "cached"), [({"latent_caching": False}, False), ({"latent_caching": True}, True), ({}, None)]
)
def test_onetrainer_says_whether_pictures_are_kept(
    tmp_path: Path, settings: dict[str, Any], cached: bool | None
) -> None:
    assert one_trainer(tmp_path, **settings).get("latents_cached") is cached


@pytest.mark.parametrize(
    ("sets", "train", "latents", "texts"),
    [
        ([{}], {}, False, None),
        ([{"cache_latents": True}], {}, True, None),
        ([{}, {"cache_latents_to_disk": True}], {}, None, None),
        ([{"cache_latents": True, "augmentations": [{"method": "Flip"}]}], {}, False, None),
        ([{"cache_text_embeddings": True}], {}, False, True),
        ([{}], {"cache_text_embeddings": True}, False, True),
    ],
)
def test_ai_toolkit_says_what_is_kept(
    tmp_path: Path, sets: list[Any], train: dict[str, Any], latents: bool | None, texts: bool | None
) -> None:
    found = values(scan_path(build(tmp_path, {"config.yaml": job(datasets=sets, train=train)})))
    assert (found.get("latents_cached"), found.get("text_outputs_cached")) == (latents, texts)


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


@pytest.mark.parametrize(
    ("parts", "passes"),
    [
        ({"train": {"steps": 1, "diff_output_preservation": True}}, 4),
        ({"train": {"steps": 1, "blank_prompt_preservation": True, "inverted_mask_prior": True}}, 4),
        ({"train": {"steps": 1, "inverted_mask_prior": True}}, 1),
        ({"datasets": [{"is_reg": True, "prior_reg": True}, {}]}, 1),
        ({"train": {"steps": 1, "do_cfg": True}}, 3),
        ({"train": {"steps": 1, "do_guidance_loss": True}}, 2),
        ({"train": {"steps": 1, "diff_output_preservation": False}}, None),
    ],
)
def test_ai_toolkit_asks_the_base_beside(tmp_path: Path, parts: dict[str, Any], passes: int | None) -> None:
    """SDTrainer.train_single_accumulation: the prior's answer, and for some a second pass with gradients."""
    assert values(scan_path(build(tmp_path, {"config.yaml": job(**parts)}))).get("passes_beside") == passes


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
