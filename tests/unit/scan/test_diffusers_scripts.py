# SPDX-License-Identifier: Apache-2.0
"""What the training scripts of diffusers leave: their arguments and the log of accelerate's tracker."""

import shutil
import struct
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.domain.fact import Origin
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from tests.hostile.events_maker import event, log, scalar
from tests.hostile.tool_maker import FOLDERS, build
from tests.hostile.tool_settings import DIFFUSERS_SCRIPT
from tests.hostile.torch_maker import T
from tests.unit.scan.test_what_runs_leave import optimizer

WORD = Path(__file__).resolve().parents[2] / "fixtures" / "diffusers" / "learned_word"
LOG = "logs/dreambooth/events.out.tfevents.1795812534.host.1.0"
ARGUMENTS = "logs/dreambooth/1795812534.35/hparams.yml"


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def origin(result: ScanResult, name: str) -> Origin:
    fact = result.fact(name)
    assert fact is not None
    return fact.origin


def made(root: Path, **changes: Any) -> ScanResult:
    return scan_path(build(root, {**FOLDERS["diffusers_script"], **changes}))


def test_a_learned_word_of_the_real_script() -> None:
    """The optimizer was given the whole table of 55 words; one row of it was trained. The script saves its state on the
    first process alone, so that nothing tells how many there were."""
    result = scan_path(WORD)
    told = {name: value(result, name) for name in ("parameters_trainable", "training_method", "steps", "batch_per_device",
                                                   "global_batch", "resolution", "base_path_name", "training_tool", "origin")}  # fmt: skip
    assert told == {
        "parameters_trainable": 32, "training_method": "prompt_tuning", "steps": 8, "batch_per_device": 2,
        "global_batch": None, "resolution": [64, 64], "base_path_name": "tiny-sd", "training_tool": "diffusers", "origin": "fine_tune",
    }  # fmt: skip
    assert not result.conflicts
    assert value(result, "parameters_total") is None
    assert "/home/mira" not in result.model_dump_json()
    assert "catx" not in result.model_dump_json()
    assert not any("other weights" in note for note in result.notes)  # saves of the same word on the way


def test_a_log_goes_further_than_the_last_save(tmp_path: Path) -> None:
    name = "pytorch_lora_weights.safetensors"
    build(
        tmp_path, {**FOLDERS["diffusers_script"], f"checkpoint-400/{name}": FOLDERS["diffusers_script"][name]}
    )
    optimizer(tmp_path / "checkpoint-400" / "optimizer.bin", T((), "7"), struct.pack("<f", 400.0))
    result = scan_path(tmp_path)
    assert value(result, "steps") == 500
    assert origin(result, "steps").file == LOG
    assert not [one for one in result.conflicts if one.name == "steps"]
    for counted in (500, 501):
        optimizer(tmp_path / "checkpoint-400" / "optimizer.bin", T((), "7"), struct.pack("<f", counted))
        result = scan_path(tmp_path)
        assert value(result, "steps") == counted
        assert origin(result, "steps").file == "checkpoint-400/optimizer.bin"
    (tmp_path / "checkpoint-400" / "trainer_state.json").write_text('{"global_step": 400, "epoch": 1.0}')
    assert (
        value(scan_path(tmp_path), "steps") == 400
    )  # the Trainer itself counted: the log may be another run's
    (tmp_path / "checkpoint-400" / "trainer_state.json").unlink()
    optimizer(tmp_path / "checkpoint-400" / "optimizer.bin", T((), "7"), struct.pack("<f", 400.0))
    (tmp_path / name).unlink()  # the run broke off: the save is the model
    assert value(scan_path(tmp_path), "steps") == 400


def test_of_two_runs_into_one_folder_the_later_with_its_own_log(tmp_path: Path) -> None:
    later = yaml.safe_dump(DIFFUSERS_SCRIPT | {"resolution": 512, "max_train_steps": 900})
    result = made(tmp_path, **{"logs/dreambooth/1795812999.5/hparams.yml": later})
    assert (value(result, "steps"), value(result, "resolution")) == (700, [512, 512])
    assert "may have gone on" in (origin(result, "steps").note or "")


@pytest.mark.parametrize(
    ("change", "name", "found"),
    [
        ({"with_prior_preservation": False}, "batch_per_device", 2),
        ({"with_prior_preservation": True}, "batch_per_device", 4),
        ({"mixed_precision": "no"}, "precision", "fp32"),  # assumed, as the weights are
        ({"mixed_precision": None}, "mixed_precision", None),
        ({"mixed_precision": "no"}, "mixed_precision", "no"),
        ({"resolution": None}, "output_modalities", None),
        ({"dataset_name": "/home/mira/pictures"}, "datasets", None),
        ({"pretrained_model_name_or_path": "/home/mira/sdxl"}, "base_path_name", "sdxl"),
        ({"train_batch_size": -3}, "batch_per_device", None),
        ({}, "pipeline_tag", "text-to-image"),
        ({}, "library_name", "diffusers"),
        ({"conditioning_image_column": "canny"}, "pipeline_tag", None),
        ({"placeholder_token": "<me>"}, "adapter_style", "diffusers lora"),
    ],
)
def test_what_the_arguments_say(tmp_path: Path, change: dict[str, Any], name: str, found: Any) -> None:
    assert value(made(tmp_path, **{ARGUMENTS: DIFFUSERS_SCRIPT | change}), name) == found


def test_scripts_of_transformers_and_of_ones_own_leave_the_same(tmp_path: Path) -> None:
    glue = {"model_name_or_path": "google/bert_uncased", "per_device_train_batch_size": 8, "gradient_accumulation_steps": 2,
            "num_train_epochs": 3, "max_train_steps": 60, "learning_rate": 5e-5, "output_dir": "/home/mira/x"}  # fmt: skip
    counted = log(
        *(event(1000.0 + n, n, scalar(tag, 1.0)) for n in (20, 40) for tag in ("step", "train_loss"))
    )
    result = made(tmp_path, **{ARGUMENTS: glue, LOG: counted})
    told = [
        value(result, name)
        for name in ("base_model", "batch_per_device", "gradient_accumulation", "steps", "steps_planned")
    ]
    assert told == ["google/bert_uncased", 8, 2, 40, 60]
    assert value(result, "training_tool") is None
    result = made(tmp_path, **{ARGUMENTS: {"lr": 0.1, "batch_size": 4, "epochs": 2}, LOG: counted})
    assert [value(result, name) for name in ("batch_per_device", "epochs_planned", "steps")] == [4, 2.0, None]


@pytest.mark.parametrize("content", ["mine: 0.1\n", "- 1\n", "", "a: [1", "null\n"])
def test_arguments_of_another_program_say_nothing(tmp_path: Path, content: str) -> None:
    result = made(tmp_path, **{ARGUMENTS: content})
    assert value(result, "batch_per_device") is None
    assert value(result, "steps") is None
    record = next(file for file in result.files if file.path == ARGUMENTS)
    assert record.outcome in (FileOutcome.SKIPPED, FileOutcome.UNREADABLE)


def test_a_broken_log_is_told_and_costs_only_the_steps(tmp_path: Path) -> None:
    result = made(tmp_path, **{LOG: b"no log"})
    assert value(result, "batch_per_device") == 4
    assert value(result, "steps") is None
    assert next(file for file in result.files if file.path == LOG).outcome is FileOutcome.UNREADABLE
    assert value(made(tmp_path, **{LOG: log(event(1000.0, 7, scalar("val_loss", 1.0)))}), "steps") is None
    (tmp_path / LOG).unlink()
    assert value(scan_path(tmp_path), "steps") is None


def test_a_base_that_is_a_pipeline(tmp_path: Path) -> None:
    """Chosen by the person, or beside the adapter under the name that the arguments give."""
    base = build(tmp_path / "cats", FOLDERS["diffusers"])
    local = DIFFUSERS_SCRIPT | {"pretrained_model_name_or_path": f"{tmp_path}/cats"}
    build(tmp_path / "out", {**FOLDERS["diffusers_script"], ARGUMENTS: local})
    result = scan_path(tmp_path / "out", base_folder=base)
    assert value(result, "base_parameters") == 224
    assert value(result, "base_config")["_class_name"] == "UNet2DModel"
    assert origin(result, "base_config").file == "cats/unet/config.json"
    shutil.copytree(base, tmp_path / "out" / "cats")
    (tmp_path / "out" / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 4}')
    assert value(scan_path(tmp_path / "out"), "base_parameters") == 224


def test_of_a_distillation_the_teacher_is_the_base(tmp_path: Path) -> None:
    told = {key: kept for key, kept in DIFFUSERS_SCRIPT.items() if key != "pretrained_model_name_or_path"}
    taught = told | {"pretrained_teacher_model": "stabilityai/sd-turbo", "num_ddim_timesteps": 50}
    result = made(tmp_path, **{ARGUMENTS: taught})
    assert [value(result, name) for name in ("base_model", "training_tool", "steps")] == [
        "stabilityai/sd-turbo",
        "diffusers",
        500,
    ]
    assert origin(result, "base_model").key == "pretrained_teacher_model"
    assert value(result, "hyperparameters")["num_ddim_timesteps"] == 50
    assert value(made(tmp_path, **{ARGUMENTS: told}), "training_tool") is None


def test_weights_that_lie_below_a_save(tmp_path: Path) -> None:
    """checkpoint-500/controlnet, and beside it what accelerate's save_state writes: no other model."""
    part = {"_class_name": "ControlNetModel", "_diffusers_version": "0.42.1", "block_out_channels": [8, 16]}
    weights = FOLDERS["diffusers_script"]["pytorch_lora_weights.safetensors"]
    files = {"config.json": part, "diffusion_pytorch_model.safetensors": weights, ARGUMENTS: DIFFUSERS_SCRIPT}
    below = {"config.json": part, "diffusion_pytorch_model.safetensors": weights}
    for step in (200, 400):
        files |= {f"checkpoint-{step}/controlnet/{name}": kept for name, kept in below.items()}
        files |= {f"checkpoint-{step}/random_states_{rank}.pkl": "x" for rank in (0, 1)}
    build(tmp_path, files)
    assert any("checkpoint-400/controlnet" in note for note in scan_path(tmp_path).notes)
    for step in (200, 400):
        optimizer(
            tmp_path / f"checkpoint-{step}" / "optimizer.bin", T((), "7"), struct.pack("<f", float(step))
        )
    result = scan_path(tmp_path)
    assert (value(result, "world_size"), value(result, "steps")) == (2, 400)
    assert value(result, "global_batch") == 2 * 2 * value(result, "gradient_accumulation") * 2
    assert not any("checkpoint-400" in note for note in result.notes)


def test_the_script_that_keeps_no_arguments(tmp_path: Path) -> None:
    data = log(
        *(
            event(1000.0 + n, n, scalar(tag, 1.0))
            for n in (4, 8)
            for tag in ("loss", "lr", "step", "ema_decay")
        )
    )
    files = {**FOLDERS["diffusers"], "logs/train_unconditional/events.out.tfevents.1.h.1.0": data}
    result = scan_path(build(tmp_path / "a", files))
    told = {"steps": 8, "origin": "from_scratch", "training_tool": "diffusers", "training_method": "full"}
    assert {name: value(result, name) for name in told} == told
    assert (
        value(scan_path(build(tmp_path / "b", {"logs/mine/events.out.tfevents.1.h.1.0": data})), "steps")
        is None
    )
