# SPDX-License-Identifier: Apache-2.0
"""The bars of the layer table over the measured rows that ship with the tests, through the script anyone can run."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "benchmarks" / "flops_truth.py"


@pytest.fixture(scope="module")
def truth() -> ModuleType:
    spec = importlib.util.spec_from_file_location("weighbridge_flops_truth", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_all_bars_are_met_on_the_measured_rows(truth: ModuleType) -> None:
    rows = list(truth.rows(sorted(truth.FIXTURES.glob("*.jsonl"))))
    found = truth.shares([check for row in rows for check in truth.checks(row)])
    assert truth.missed_bars(found) == []
    assert found["parameters exact"][1] >= 400
    assert found["step within 0.5 %"][1] >= 400
    assert found["adapter step within 0.5 %"][1] >= 30


def test_a_wrong_row_and_an_empty_file_miss_the_bars(truth: ModuleType, tmp_path: Path) -> None:
    row = next(
        row for row in truth.rows(sorted(truth.FIXTURES.glob("*.jsonl"))) if row["variant"] in (None, "full")
    )
    assert all(check.met for check in truth.checks(row))
    wrong = row | {"parameters": row["parameters"] + 1, "forward": row["forward"] * 1002 // 1000}
    assert {check.kind for check in truth.checks(wrong) if not check.met} == {
        "parameters exact",
        "forward within 0.1 %",
    }
    unknown = row | {"config": {"model_type": "zzz"}}
    assert truth.checks(unknown)
    assert not any(check.met for check in truth.checks(unknown))
    assert truth.missed_bars({}) == list(truth.BARS)
    file = tmp_path / "truth.jsonl"
    file.write_text(json.dumps(wrong) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, SCRIPT, file, "--gate"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "missed: parameters exact" in done.stdout
