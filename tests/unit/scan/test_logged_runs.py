# SPDX-License-Identifier: Apache-2.0
"""Runs inside runs, and the number format that the Trainer's settings tell where no weights lie."""

from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from core.scan.formats.logged_settings import setting_facts
from core.scan.settings import Settings
from core.scan.types import Found


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
