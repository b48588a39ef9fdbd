# SPDX-License-Identifier: Apache-2.0
"""SimpleTuner: which of its files tells how far the model at hand got, and what its card and settings say by themselves."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import ScanResult
from core.scan import scan_path
from tests.hostile.scan_maker import tensor
from tests.hostile.tool_cards import SIMPLETUNER_CARD
from tests.hostile.tool_maker import Weights, build, lora

_LORA = "pytorch_lora_weights.safetensors"
_HEADER = {
    "modelspec.sai_model_spec": "1.0.1", "modelspec.implementation": "diffusers", "modelspec.architecture": "flux-krea/lora",
    "modelspec.title": "SECRET", "modelspec.resolution": "1024x1024", "trained_words": "SECRET",
}  # fmt: skip
_CONFIG = {
    "model_family": "flux", "model_flavour": "krea", "model_type": "lora", "lora_type": "standard", "lora_rank": 16,
    "pretrained_model_name_or_path": "black-forest-labs/FLUX.1-Krea-dev", "train_batch_size": 2, "resolution": 1024,
    "gradient_accumulation_steps": 1, "max_train_steps": 1200, "output_dir": "/home/SECRET/out", "mixed_precision": "bf16",
}  # fmt: skip


def values(result: ScanResult) -> dict[str, Any]:
    return {fact.name: fact.value for fact in result.facts}


def weights(fill: int, **header: str) -> bytes:
    """An adapter whose every number has the same bytes, as SimpleTuner's checkpoints and its end store it."""
    down, up = "unet.q.lora_A.weight", "unet.q.lora_B.weight"
    tensors = {down: tensor(0, 256, [4, 16]), up: tensor(256, 768, [32, 4])}
    words = json.dumps({"__metadata__": {"format": "pt", **header}, **tensors}).encode()
    return struct.pack("<Q", len(words)) + words + bytes([fill]) * 768


def state(step: int) -> dict[str, Any]:
    """As StateTracker.save_training_state."""
    return {"global_step": step, "epoch_step": 0, "epoch": 3, "exhausted_backends": [], "repeats": {}}


def run(folder: Path, **files: Any) -> ScanResult:
    """A run with a checkpoint after 1000 steps, and `files` beside it by name, with two lines below for a slash."""
    checkpoint: dict[str, Any] = {
        "checkpoint-1000/training_state.json": state(1000),
        "checkpoint-500/training_state.json": state(500),
    }
    named = {name.replace("__", "/"): content for name, content in files.items()}
    if not any(name.startswith("pipeline") for name in named):
        checkpoint[f"checkpoint-1000/{_LORA}"] = weights(7, **_HEADER, global_step="1000")
    return scan_path(build(folder, {**checkpoint, **named}))


def test_a_checkpoint_alone_tells_its_steps(tmp_path: Path) -> None:
    found = values(run(tmp_path))
    assert (found["steps"], found["training_tool"], found["model_family"]) == (
        1000,
        "SimpleTuner",
        "flux-krea",
    )
    assert "resolution" not in found  # the header's is a default that data sets may not use


def test_the_end_went_on_from_the_last_checkpoint(tmp_path: Path) -> None:
    """Trainer.train saves the model at the end, but no checkpoint: 1000 of 1200 steps would be told."""
    result = run(tmp_path / "a", **{_LORA: weights(8)})
    assert "steps" not in values(result)
    assert any("1,000" in note for note in result.notes)
    assert values(run(tmp_path / "b", **{_LORA: weights(7)}))["steps"] == 1000
    card = SIMPLETUNER_CARD.replace("1000", "1200").replace("Rank: 16", "Rank: 4")
    result = run(tmp_path / "c", **{_LORA: weights(8), "README.md": card})
    assert values(result)["steps"] == 1200
    assert not result.conflicts
    assert not any("1,000" in note for note in result.notes)


def test_a_finished_pipeline_is_the_model_of_its_checkpoints(tmp_path: Path) -> None:
    """A full fine-tune ends in the folder pipeline, card and settings with it (HubManager.upload_model)."""
    files = {
        "pipeline__model_index.json": {"_class_name": "FluxPipeline", "_diffusers_version": "0.42.1",
                                       "transformer": ["diffusers", "FluxTransformer2DModel"]},
        "pipeline__transformer__config.json": {"_class_name": "FluxTransformer2DModel", "num_layers": 1},
        "pipeline__transformer__diffusion_pytorch_model.safetensors": Weights({}, {"a.weight": [5, 3]}),
        "pipeline__simpletuner_config.json": {**_CONFIG, "model_type": "full"},
    }  # fmt: skip
    result = run(tmp_path / "a", **files)
    found = values(result)
    assert "steps" not in found
    assert (found["parameters_total"], found["training_method"]) == (15, "full")
    assert not any("more than one model" in note for note in result.notes)
    card = {"pipeline__README.md": SIMPLETUNER_CARD.replace("1000", "1200")}
    assert values(run(tmp_path / "b", **files, **card))["steps"] == 1200


@pytest.mark.parametrize(
    ("settings", "method", "rank"),
    [
        ({}, "lora", 16),
        ({"lora_type": "lycoris"}, "adapter", None),
        ({"model_type": "full"}, "full", None),
        ({"base_model_precision": "nf4-bnb"}, "qlora", 16),
        ({"base_model_precision": "int8-quanto"}, "lora", 16),
        ({"model_type": "full", "base_model_precision": "int4-quanto"}, "full", None),
    ],
)
def test_the_method_by_the_settings(
    tmp_path: Path, settings: dict[str, Any], method: str, rank: int | None
) -> None:
    """The settings that it writes hold every default: a rank also where no low rank is trained."""
    result = scan_path(build(tmp_path, {"simpletuner_config.json": {**_CONFIG, **settings}}))
    found = values(result)
    assert (found["training_method"], found.get("lora_rank")) == (method, rank)
    assert "resolution" not in found


def test_settings_without_a_base_are_no_configuration_of_transformers(tmp_path: Path) -> None:
    """A family has a base of its own; "model_type" is then no type of transformers."""
    settings = {
        "model_family": "sdxl",
        "model_type": "lora",
        "data_backend_config": "SECRET.json",
        "train_batch_size": 4,
    }
    found = values(scan_path(build(tmp_path, {"config.json": settings})))
    assert (found["training_tool"], found["batch_per_device"]) == ("SimpleTuner", 4)
    assert not {"config", "model_type", "base_model"} & found.keys()


@pytest.mark.parametrize(
    ("lines", "side"),
    [
        ("- Resolution: 0.262144 megapixels\n", 512),
        ("- Resolution: 0.262144 megapixels\n### other\n- Resolution: 1.048576 megapixels\n", 1024),
        ("- Resolution: 768 px\n", 768),
        ("- Resolution: many px\n", None),
        ("", None),
    ],
)
def test_the_card_tells_resolutions_and_no_epochs(tmp_path: Path, lines: str, side: int | None) -> None:
    """BucketSampler.log_state; the epochs of the card are one less than the epoch it was in."""
    card = SIMPLETUNER_CARD + lines
    found = values(scan_path(build(tmp_path, {"README.md": card, _LORA: Weights({}, lora("diffusers"))})))
    assert found.get("resolution") == (None if side is None else [side, side])
    assert "epochs" not in found


@pytest.mark.parametrize(("word", "passes"), [("Yes", 1), ("No", None)])
def test_pictures_for_regularisation_ask_the_base(tmp_path: Path, word: str, passes: int | None) -> None:
    card = SIMPLETUNER_CARD + f"- Used for regularisation data: {word}\n"
    assert values(scan_path(build(tmp_path, {"README.md": card}))).get("passes_beside") == passes


@pytest.mark.parametrize(
    ("sets", "pictures", "size"),
    [
        (((0, "7"),), 7, 7),
        (((2, "7"), (0, "10")), 17, 31),
        (((0, "~14"),), None, None),  # several devices: an estimate
        (((0, "7"), (None, "3")), None, None),
        ((), None, None),
    ],
)
def test_the_card_counts_pictures(
    tmp_path: Path, sets: tuple[tuple[int | None, str], ...], pictures: int | None, size: int | None
) -> None:
    """BucketSampler.log_state, as the run on a CPU wrote it: repeats come on top of the first time."""
    card = SIMPLETUNER_CARD.replace("- Repeats: 10\n", "")
    for number, (repeats, total) in enumerate(sets):
        told = "" if repeats is None else f"- Repeats: {repeats}\n"
        card += f"### set {number}\n{told}- Total number of images: {total}\n- Total number of aspect buckets: 1\n"
    found = values(scan_path(build(tmp_path, {"README.md": card, _LORA: Weights({}, lora("diffusers"))})))
    assert (found.get("pictures"), found.get("dataset_size")) == (pictures, size)


@pytest.mark.parametrize(
    ("licence", "base", "told", "name"),
    [
        ("creativeml-openrail-m", "stabilityai/stable-diffusion-xl-base-1.0", None, True),
        ("cc-by-4.0", "stabilityai/stable-diffusion-xl-base-1.0", "cc-by-4.0", True),
        ("other", "sdxl/unknown-model", "other", False),
    ],
)
def test_what_the_card_says_by_itself(
    tmp_path: Path, licence: str, base: str, told: str | None, name: bool
) -> None:
    """save_model_card writes a licence by the family, and "<family>/unknown-model" for a base in a folder."""
    card = SIMPLETUNER_CARD.replace("license: other", f"license: {licence}").replace(
        "black-forest-labs/FLUX.1-dev", base
    )
    result = scan_path(build(tmp_path, {"README.md": card, _LORA: Weights({}, lora("diffusers"))}))
    found = values(result)
    assert found.get("license") == told
    assert found.get("base_model") == (base if name else None)
    assert any("SimpleTuner wrote" in note for note in result.notes) == (told is None)


def test_the_licence_in_a_card_of_ai_toolkit(tmp_path: Path) -> None:
    """BaseSDTrainProcess._generate_readme: Stable Diffusion 1's for each base but FLUX.1."""
    body = "Model trained with [AI Toolkit by Ostris](https://github.com/ostris/ai-toolkit)\n"
    for number, (licence, told) in enumerate(
        (("creativeml-openrail-m", None), ("other", "other"), ("mit", "mit"))
    ):
        card = f"---\nlicense: {licence}\nbase_model: Qwen/Qwen-Image\n---\n# cat\n{body}"
        found = values(scan_path(build(tmp_path / str(number), {"README.md": card})))
        assert (found.get("license"), found["base_model"]) == (told, "Qwen/Qwen-Image")
