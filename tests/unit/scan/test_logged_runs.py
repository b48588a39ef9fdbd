# SPDX-License-Identifier: Apache-2.0
"""Runs inside runs, and the number format that the Trainer's settings tell where no weights lie."""

from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from core.scan.formats.logged_settings import setting_facts
from core.scan.settings import Settings
from core.scan.types import Found
from tests.hostile.events_maker import field
from tests.hostile.tool_maker import Weights, build
from tests.unit.scan.test_diffusers_scripts import origin
from tests.unit.scan.test_wandb_file import NAME, framed, item, write


def mlflow_run(folder: Path, letter: str, started: int, rows: str, parent: str = "") -> None:
    run = folder / "mlruns" / "0" / (letter * 32)
    for part in ("metrics", "params", "tags"):
        (run / part).mkdir(parents=True)
    (run / "meta.yaml").write_text(f"run_id: {letter * 32}\nstart_time: {started}\n")
    (run / "params" / "batch_size").write_text("4")
    if rows:
        (run / "metrics" / "train_loss").write_text(rows)
    if parent:
        (run / "tags" / "mlflow.parentRunId").write_text(parent)


@pytest.mark.parametrize(
    ("whole", "parent", "steps"),
    [
        ("1 2.0 10\n1 1.0 80\n", "a" * 32, 80),  # a fold inside a run that trained itself
        ("", "a" * 32, 30),  # a search that only gathers its runs
        ("1 2.0 10\n1 1.0 80\n", "", 30),  # two runs side by side: the later one
        ("1 2.0 10\n1 1.0 80\n", "c" * 32, 30),  # of a run that is not there
        ("1 2.0 10\n1 1.0 80\n", "b" * 32, 30),  # of itself
        ("1 2.0 10\n1 1.0 80\n", "../" + "a" * 32, 30),
        ("1 2.0 10\n1 1.0 80\n", "a" * 5000, 30),
    ],
)
def test_a_part_of_a_run_does_not_stand_for_the_whole(
    tmp_path: Path, whole: str, parent: str, steps: int
) -> None:
    mlflow_run(tmp_path, "a", 1000, whole)
    mlflow_run(tmp_path, "b", 2000, "1 0.7 30\n", parent)
    fact = scan_path(tmp_path).fact("steps")
    assert (fact and fact.value) == steps


PLAIN = {"model_type": "qwen3", "per_device_train_batch_size": 2, "fp16": False, "bf16": False, "dtype": "float32",
          "transformers_version": "5.23.0"}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "precision"),
    [
        ({}, "fp32"),
        ({"dtype": "bfloat16"}, "bf16"),
        (
            {"dtype": "bfloat16", "transformers_version": "4.57.6"},
            None,
        ),  # loaded in 32 bits, or not: nobody wrote it
        ({"dtype": None, "torch_dtype": "float32", "transformers_version": "4.46.3"}, "fp32"),
        ({"bf16": True}, "bf16"),
        ({"bf16": None}, None),
        ({"model_type": None}, None),  # settings of another program
        ({"dtype": None}, None),
        ({"quantization_config": {"load_in_4bit": True}}, None),
        ({"quantization_config": "None"}, "fp32"),
    ],
)
def test_numbers_without_mixed_precision(more: dict[str, Any], precision: str | None) -> None:
    found = {
        item.name: item.value for item in setting_facts(Settings(PLAIN | more)) if isinstance(item, Found)
    }
    assert found.get("precision") == precision


def kept(root: Path, letter: str, started: int, size: int) -> Path:
    """A run of mlflow that kept its model among its artifacts."""
    mlflow_run(root, letter, started, f"1 2.0 {size}\n")
    run = root / "mlruns" / "0" / (letter * 32)
    build(run / "artifacts", {"model/data/model.safetensors": Weights({}, {"w": [size]})})
    return run


def told(folder: Path, *names: str) -> list[Any]:
    result = scan_path(folder)
    return [fact.value if (fact := result.fact(name)) else None for name in names]


@pytest.mark.parametrize("level", ["", "mlruns", "mlruns/0", "mlruns/0/" + "a" * 32])
def test_a_run_that_kept_its_model_is_read_wherever_it_is_dropped(tmp_path: Path, level: str) -> None:
    kept(tmp_path, "a", 1000, 60)
    (tmp_path / "train.py").write_text("")
    assert told(tmp_path / level, "parameters_total", "batch_per_device", "steps") == [60, 4, 60]


@pytest.mark.parametrize("level", ["", "mlruns"])
def test_settings_come_from_the_run_that_kept_the_model(tmp_path: Path, level: str) -> None:
    kept(tmp_path, "a", 1000, 60)
    mlflow_run(tmp_path, "b", 2000, "1 2.0 30\n")
    assert told(tmp_path / level, "parameters_total", "steps") == [60, 60]
    kept(tmp_path, "c", 3000, 90)
    result = scan_path(tmp_path / level)
    assert told(tmp_path / level, "parameters_total", "steps") == [60, 60]
    assert level or any("more than one model" in note for note in result.notes)


def test_a_model_outside_the_logs_comes_before_a_copy_in_them(tmp_path: Path) -> None:
    kept(tmp_path, "a", 1000, 60)
    build(tmp_path, {"out/model.safetensors": Weights({}, {"w": [7]})})
    assert told(tmp_path, "parameters_total", "steps") == [7, 60]


def offline(
    root: Path, settings: dict[str, str], packages: str = "", last: dict[str, str] | None = None
) -> Path:
    """A run of wandb that was never sent."""
    config = b"".join(item(key, value) for key, value in settings.items())
    summary = b"".join(item(key, value) for key, value in (last or {}).items())
    write(root, framed([field(17, field(4, config)), field(3, summary)]))
    files = (root / NAME).parent / "files"
    files.mkdir()
    (files / "requirements.txt").write_text(packages)
    return root


OWN = {"batch_size": "8", "epochs": "3", "lr": "0.05", "hidden": "64", "secret_name": '"zqcanary"'}
INSTALLED = "zqcanary==1.0\ntorch==2.13.0+cpu\ntransformers==5.23.0\ndatasets==5.2.0\ndiffusers==0.42.1\n-e git+https://x\nnumpy\n"


def test_a_loop_of_ones_own_in_wandb(tmp_path: Path) -> None:
    result = scan_path(offline(tmp_path, OWN, INSTALLED))
    found = {fact.name: fact.value for fact in result.facts}
    assert found["batch_per_device"] == 8
    assert found["epochs_planned"] == 3.0
    assert found["hyperparameters"] == {"lr": 0.05}
    assert found["versions"] == {"Pytorch": "2.13.0+cpu"}  # what else was installed need not have been used
    assert origin(result, "batch_per_device").key == "batch_size"
    assert "zqcanary" not in result.model_dump_json()


@pytest.mark.parametrize(
    ("settings", "installed", "versions"),
    [
        (OWN, "torch==2.1\ntensorflow==2.20.0\n", None),  # which of the two, nobody says
        (OWN, "tensorflow==2.20.0\n", {"TensorFlow": "2.20.0"}),
        ({"per_device_train_batch_size": "4"}, INSTALLED,
         {"Pytorch": "2.13.0+cpu", "Transformers": "5.23.0", "Datasets": "5.2.0"}),
        ({"pretrained_model_name_or_path": '"owner/sd"', "train_batch_size": "1", "max_train_steps": "9"}, INSTALLED,
         {"Pytorch": "2.13.0+cpu", "Transformers": "5.23.0", "Diffusers": "0.42.1"}),
        (OWN, "torch==" + "9" * 200 + "\n", None),
    ],
)  # fmt: skip
def test_versions_of_what_a_run_used(
    tmp_path: Path, settings: dict[str, str], installed: str, versions: dict[str, str] | None
) -> None:
    assert told(offline(tmp_path, settings, installed), "versions") == [versions]


def test_a_script_of_diffusers_counts_its_updates_in_wandb(tmp_path: Path) -> None:
    script = {"pretrained_model_name_or_path": '"owner/sd"', "train_batch_size": "2", "max_train_steps": "90"}
    last = {"_step": "90", "train_loss": "0.5"}
    assert told(offline(tmp_path / "a", script, last=last), "steps", "base_model", "batch_per_device") == [
        90,
        "owner/sd",
        2,
    ]
    assert told(offline(tmp_path / "d", script, last={"_step": "90", "note": "1"}), "steps") == [
        None
    ]  # no update was logged
    assert told(offline(tmp_path / "b", OWN, last=last), "steps") == [
        None
    ]  # of others, the step may count anything
    files = tmp_path / "c" / "wandb" / "run-20260101_101010-abc" / "files"
    files.mkdir(parents=True)
    settings = "".join(f"{key}:\n    value: {value}\n" for key, value in script.items())
    (files / "config.yaml").write_text("wandb_version: 1\n" + settings)
    (files / "wandb-summary.json").write_text('{"_step": 90, "loss": 0.5}')
    assert told(tmp_path / "c", "steps", "batch_per_device") == [90, 2]
    (files / "config.yaml").write_text("a: [")
    assert told(tmp_path / "c", "steps") == [None]


@pytest.mark.parametrize(
    ("program", "told"), [("evaluate.py", None), ("train.py", {"Pytorch": "2.13.0+cpu", "Python": "3.11.4"})]
)
def test_what_was_installed_to_try_a_model_out_is_no_version_of_its_training(
    tmp_path: Path, program: str, told: dict[str, str] | None
) -> None:
    files = tmp_path / "wandb" / "run-20260101_101010-abc" / "files"
    files.mkdir(parents=True)
    (files / "requirements.txt").write_text(INSTALLED)
    (files / "wandb-metadata.json").write_text(f'{{"codePath": "{program}", "python": "CPython 3.11.4"}}')
    fact = scan_path(tmp_path).fact("versions")
    assert (fact and fact.value) == told
