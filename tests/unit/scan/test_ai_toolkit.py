# SPDX-License-Identifier: Apache-2.0
"""ai-toolkit: what its own code writes, and what is made of it.

Layouts as ai-toolkit 0.12.26 wrote them on a CPU with a Stable Diffusion of random weights.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import ScanResult
from core.scan import scan_path
from core.scan.formats.ai_toolkit import META
from tests.hostile.tool_maker import Weights, build, lora


def values(result: ScanResult) -> dict[str, Any]:
    return {fact.name: fact.value for fact in result.facts}


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


def test_sizes_asked_for_are_all_told(tmp_path: Path) -> None:
    """Where a trainer takes several sizes, the largest alone would weigh each picture too heavily."""
    found = values(scan_path(build(tmp_path, {"config.yaml": job()})))
    assert (found["resolution"], found["resolutions"]) == ([768, 768], [[512, 512], [768, 768]])
