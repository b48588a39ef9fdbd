# SPDX-License-Identifier: Apache-2.0
"""TensorBoard, wandb, mlflow and codecarbon: they fill gaps, private things stay out, broken files are told."""

import json
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from core.scan.machine import device
from tests.hostile.events_maker import event, log, scalar, text_entry

TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def outcome(result: ScanResult, name: str) -> tuple[FileOutcome, str]:
    record = next(record for record in result.files if record.path.endswith(name))
    return record.outcome, f"{record.what} {record.why}"


ARGS = {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 8, "bf16": True, "num_train_epochs": 3.0,
        "max_steps": -1, "output_dir": "/home/mira/out", "hub_token": "<HUB_TOKEN>", "run_name": "mira",
        "learning_rate": 2e-5, "gradient_checkpointing": True}  # fmt: skip


def events(*more: bytes) -> bytes:
    return log(
        event(1000.0, 0, text_entry("args/text_summary", json.dumps(ARGS))),
        event(1001.0, 10, scalar("train/loss", 2.5)),
        event(1002.0, 10, scalar("train/epoch", 0.5)),
        event(1100.0, 60, scalar("train/loss", 1.5)),
        *more,
    )


DONE = (
    event(1101.0, 60, scalar("train/train_runtime", 99.5)),
    event(1101.0, 60, scalar("train/train_samples_per_second", 19.296)),
    event(1101.0, 60, scalar("train/train_steps_per_second", 0.603)),
    event(1101.0, 60, scalar("train/train_loss", 2.0)),
    event(1101.0, 60, scalar("train/epoch", 3.0)),
)
NAME = "events.out.tfevents.1700000000.miras-laptop.77.0"


def test_a_log_of_the_trainer(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "Nov23_17-14-14_miras-laptop"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(events(*DONE))
    result = scan_path(tmp_path)
    assert value(result, "steps") == 60
    assert value(result, "epochs") == 3.0
    assert value(result, FoundOnly.TRAIN_RUNTIME_SECONDS) == 99.5
    assert value(result, FoundOnly.WALL_SECONDS) == 101.0
    assert value(result, "batch_per_device") == 4
    assert value(result, "precision") == "bf16"
    assert value(result, FoundOnly.EPOCHS_PLANNED) == 3.0
    assert value(result, FoundOnly.STEPS_PLANNED) is None
    facts = json.dumps([(fact.name, fact.value) for fact in result.facts])
    assert "mira" not in facts


def test_an_evaluation_afterwards_is_no_run(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(events(*DONE))
    after = log(event(2000.0, 60, scalar("eval/loss", 1.0)), event(2000.5, 60, scalar("train/epoch", 3.0)))
    (tmp_path / NAME.replace(".77.0", ".77.1").replace("17000", "17001")).write_bytes(after)
    result = scan_path(tmp_path)
    assert value(result, FoundOnly.WALL_SECONDS) == 101.0
    assert not result.conflicts


def test_a_log_that_still_grows(tmp_path: Path) -> None:
    whole = events(*DONE)
    for cut in (1, 7, 30, len(log(event(1101.0, 60, scalar("train/epoch", 3.0)))) + 3):
        (tmp_path / NAME).write_bytes(whole[:-cut])
        result = scan_path(tmp_path)
        assert value(result, "steps") == 60
        assert not result.unreadable


def test_a_log_says_nothing_against_the_trainer_itself(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(events(*DONE))
    state = {"global_step": 61, "epoch": 3.0, "max_steps": 61, "log_history": []}
    (tmp_path / "trainer_state.json").write_text(json.dumps(state))
    result = scan_path(tmp_path)
    assert value(result, "steps") == 61
    assert not result.conflicts


def test_the_latest_of_several_logs(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(events(*DONE))
    later = tmp_path / "runs" / "later"
    later.mkdir(parents=True)
    name = NAME.replace("17000", "18000")
    (later / name).write_bytes(
        log(event(5.0, 9, scalar("train/loss", 1.0)), event(6.0, 10, scalar("train/loss", 1.0)))
    )
    result = scan_path(tmp_path)
    assert value(result, "steps") == 10
    assert "another run" in outcome(result, NAME)[1]


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 100,
        struct.pack("<Q", 2**63) + bytes(40),
        log(b"hello"),
        b"\1",
        log(event(1.0, 0, b"\xff\xff"))[40:],
    ],
)
def test_no_logs(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    assert outcome(scan_path(tmp_path), NAME)[0] is FileOutcome.UNREADABLE


def test_logs_with_lies_inside(tmp_path: Path) -> None:
    lies = log(
        event(float("nan"), 2**63, scalar("train/loss", float("nan"))),
        event(1.0, 3, b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfftrain/loss"),
        event(2.0, 4, text_entry("args/text_summary", "[" * 100_000)),
        event(3.0, 5, b"x" * 1_500_000 + b"train/loss"),
    )
    (tmp_path / NAME).write_bytes(lies)
    assert outcome(scan_path(tmp_path), NAME)[0] is FileOutcome.SKIPPED


def wandb(root: Path, date: str = "20260101_101010", **files: Any) -> Path:
    folder = root / "wandb" / f"run-{date}-abc" / "files"
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / {"config": "config.yaml"}.get(name, f"wandb-{name}.json")
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


METADATA = {
    "gpu": "NVIDIA GeForce RTX 4090", "gpu_count": 1, "email": "mira@example.org", "host": "miras-laptop",
    "username": "mira", "args": ["--hub_token", "hf_" + "A" * 30], "program": "/home/mira/train.py",
    "git": {"remote": "https://github.com/mira/secret"}, "python": "CPython 3.11.4",
}  # fmt: skip
CONFIG = """wandb_version: 1
_wandb:
    value: {cli_version: 0.17.0}
per_device_train_batch_size:
    value: 8
gradient_accumulation_steps:
    value: 2
bf16:
    value: true
output_dir:
    value: /home/mira/out
learning_rate:
    value: 1e-5
"""


def test_a_run_of_wandb(tmp_path: Path) -> None:
    summary = {"train/global_step": 500, "train/epoch": 2.0, "_runtime": 3600.5, "train_runtime": 3590.0}
    wandb(tmp_path, summary=summary, metadata=METADATA, config=CONFIG)
    wandb(tmp_path, "20250101_101010", summary={"train/global_step": 7, "_runtime": 3})
    result = scan_path(tmp_path)
    assert value(result, "steps") == 500
    assert value(result, "batch_per_device") == 8
    assert value(result, "precision") == "bf16"
    assert value(result, "hardware") == "nvidia-rtx-4090"
    assert value(result, "device_count") == 1
    assert value(result, FoundOnly.TRAIN_RUNTIME_SECONDS) == 3590.0
    assert value(result, FoundOnly.HYPERPARAMETERS) == {"learning_rate": 1e-5}
    assert "mira" not in result.model_dump_json()
    assert "hf_A" not in result.model_dump_json()


def test_an_evaluation_is_no_training(tmp_path: Path) -> None:
    wandb(tmp_path, metadata=METADATA | {"codePath": "scripts/evaluate.py"})
    result = scan_path(tmp_path)
    assert value(result, "hardware") is None
    assert "tried the model" in outcome(result, "wandb-metadata.json")[1]
    (next(tmp_path.rglob("wandb-metadata.json"))).write_text(
        json.dumps(METADATA | {"codePath": "train_and_eval.py"})
    )
    assert value(scan_path(tmp_path), "hardware") == "nvidia-rtx-4090"


def test_several_cards_are_not_all_counted(tmp_path: Path) -> None:
    wandb(tmp_path, metadata={"gpu_count": 8, "gpu_nvidia": [{"name": "NVIDIA A100-SXM4-80GB"}] * 8})
    result = scan_path(tmp_path)
    assert value(result, "hardware") == "nvidia-a100-sxm4-80-gb"
    assert value(result, "device_count") is None
    assert any("8 devices" in note for note in result.notes)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("NVIDIA GeForce RTX 3090", "nvidia-rtx-3090"),
        ("1 x Tesla T4", "nvidia-tesla-t4"),
        ("2 x NVIDIA H100 80GB HBM3", "nvidia-h100-sxm5-80gb"),
        ("NVIDIA GeForce RTX 4070 Laptop GPU", "nvidia-rtx-4070-mobile"),
        ("NVIDIA GeForce GTX 1660 Ti", "nvidia-gtx-1660-ti"),
        ("Apple M1", "apple-m1"),
        ("AMD Radeon RX 7900 XTX", "amd-radeon-rx-7900-xtx"),
        ("NVIDIA L4", "nvidia-l4"),
        ("NVIDIA A100-PCIE-40GB", "nvidia-a100-pcie-40-gb"),
        ("Tesla V100-SXM2-16GB", "nvidia-tesla-v100-sxm2-16-gb"),
        ("NVIDIA RTX A6000", "nvidia-rtx-a6000"),
        ("NVIDIA GeForce RTX 9999", None),
        ("NVIDIA GeForce RTX 4060 Ti", None),  # two sizes of memory: the name alone does not say which
        ("", None),
    ],
)
def test_names_of_devices(name: str, row: str | None) -> None:
    found = device(name)
    assert (found.id if found else None) == row


def test_a_run_of_mlflow_itself(tmp_path: Path) -> None:
    result = scan_path(TRAINED / "mlflow_runs")
    assert value(result, "steps") == json.loads((TRAINED / "mlflow_runs" / "truth.json").read_text())["steps"]
    assert value(result, "batch_per_device") == 4
    assert value(result, "gradient_accumulation") == 2
    assert value(result, FoundOnly.EPOCHS_PLANNED) == 2.0
    assert not result.unreadable
    assert "/home/mira" not in result.model_dump_json()
    shutil.copytree(TRAINED / "mlflow_runs", tmp_path / "runs")
    run = next((tmp_path / "runs" / "mlruns").glob("*/*/meta.yaml")).parent
    for path in [run, *run.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    (run / "metrics" / "loss").write_text("1 2.0 0\n2 1.0 1\n")  # two rows, two epochs: rows are epochs
    assert value(scan_path(tmp_path / "runs"), "steps") is None
    (run / "metrics" / "loss").write_text("no rows\n1 nan 5\n")
    assert value(scan_path(tmp_path / "runs"), "steps") == 5
    (run / "meta.yaml").write_text("a: &x [1]\nb: *x\n")
    assert outcome(scan_path(tmp_path / "runs"), f"{run.name}/meta.yaml")[0] is FileOutcome.UNREADABLE
    (tmp_path / "mlflow.db").write_bytes(b"SQLite format 3\0")
    assert outcome(scan_path(tmp_path), "mlflow.db")[0] is FileOutcome.SKIPPED


@pytest.mark.parametrize(
    "started", [{"a": 2000, "b": 1000}, {"a": 2000, "b": None}, {"a": None, "b": 2000}, {}]
)
def test_of_several_runs_of_mlflow_the_one_that_started_last(
    tmp_path: Path, started: dict[str, int | None]
) -> None:
    for name, batch in (("a", 3), ("b", 5)):
        run = tmp_path / "mlruns" / "0" / (name * 32)
        (run / "params").mkdir(parents=True)
        when = started.get(name)
        (run / "meta.yaml").write_text(f"run_id: {name * 32}\n" + (f"start_time: {when}\n" if when else ""))
        (run / "params" / "batch_size").write_text(str(batch))
    result = scan_path(tmp_path)
    assert value(result, "batch_per_device") == (
        3 if (started.get("a") or 0) > (started.get("b") or 0) else 5
    )


HEADER = "timestamp,run_id,duration,emissions,energy_consumed,region,latitude,gpu_count,gpu_model,codecarbon_version\n"
ROW = "2026-01-01,{run},{seconds},0.02,{energy},hidden-region,48.1,1,1 x NVIDIA GeForce RTX 3090,3.2.3\n"


def test_codecarbon_by_header(tmp_path: Path) -> None:
    path = tmp_path / "emissions.csv"
    early, late = (ROW.format(run="a", seconds=s, energy=e) for s, e in ((60, 0.1), (7200, 1.5)))
    path.write_text(HEADER + early + late)
    result = scan_path(tmp_path)
    assert value(result, "energy_kwh") == 1.5
    assert value(result, FoundOnly.TRAIN_RUNTIME_SECONDS) == 7200
    assert value(result, "hardware") == "nvidia-rtx-3090"
    assert value(result, "device_count") == 1
    assert "hidden-region" not in result.model_dump_json()
    assert "48.1" not in result.model_dump_json()
    path.write_text(HEADER + late + ROW.format(run="b", seconds=10, energy=0.5))
    result = scan_path(tmp_path)
    assert value(result, "energy_kwh") is None
    assert any("2 kWh together" in note for note in result.notes)


def test_another_table_of_the_same_name(tmp_path: Path) -> None:
    path = tmp_path / "emissions.csv"
    path.write_text("country,emissions,year\nDE,600,2020\n")
    assert outcome(scan_path(tmp_path), "emissions.csv")[0] is FileOutcome.SKIPPED
    path.write_text(HEADER + "x,y,nan,-1,1e999,,,,,\n")
    result = scan_path(tmp_path)
    assert value(result, "energy_kwh") is None
    path.write_text('a,"' + "x" * 300_000)
    assert outcome(scan_path(tmp_path), "emissions.csv")[0] is FileOutcome.UNREADABLE
