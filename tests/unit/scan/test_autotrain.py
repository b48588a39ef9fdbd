# SPDX-License-Identifier: Apache-2.0
"""AutoTrain: its settings, and the licence its template writes on every card."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.scan import scan_path
from tests.hostile.tool_settings import AUTOTRAIN


def values(folder: Path, **changed: Any) -> dict[str, Any]:
    (folder / "training_params.json").write_text(json.dumps({**AUTOTRAIN, **changed}), "utf-8")
    (folder / "config.json").write_text('{"model_type": "llama"}', "utf-8")
    return {fact.name: fact.value for fact in scan_path(folder).facts}


@pytest.mark.parametrize(
    ("changed", "method"),
    [({}, "qlora"), ({"quantization": "int8"}, "lora"), ({"peft": False}, "full"), ({"peft": None}, None)],
)
def test_the_method(tmp_path: Path, changed: dict[str, Any], method: str | None) -> None:
    assert values(tmp_path, **changed).get("training_method") == method


@pytest.mark.parametrize(
    ("trainer", "stage", "packed"),
    [("default", None, True), ("dpo", "dpo", None), ("orpo", "orpo", None), ("pair", None, None)],
)
def test_the_stage_and_the_rows(tmp_path: Path, trainer: str, stage: str | None, packed: bool | None) -> None:
    found = values(tmp_path, trainer=trainer)
    assert found.get("training_stage") == stage
    assert found[FoundOnly.HYPERPARAMETERS].get("packing") is packed
    assert ("sequence_length" in found) is (trainer != "pair")


def test_other_settings_are_none_of_a_run(tmp_path: Path) -> None:
    assert FoundOnly.TRAINING_TOOL not in values(tmp_path, gradient_accumulation=None)  # tables of numbers
    found = values(tmp_path, token="hf_" + "a" * 30)
    assert "hf_aaa" not in json.dumps(found)
    assert any("training_params.json" in note for note in scan_path(tmp_path).notes)


@pytest.mark.parametrize(
    ("body", "licence"), [("# Model Trained Using AutoTrain\n", None), ("# Mine\n", "other")]
)
def test_the_licence_of_the_template_is_none(tmp_path: Path, body: str, licence: str | None) -> None:
    (tmp_path / "README.md").write_text(f"---\ntags:\n- autotrain\nlicense: other\n---\n{body}", "utf-8")
    assert values(tmp_path).get("license") == licence
