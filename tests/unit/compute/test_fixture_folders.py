# SPDX-License-Identifier: Apache-2.0
"""Folders that real tools wrote, against what PyTorch's FlopCounterMode measured during the very runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference
from core.scan import scan_path

TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((TRAINED / name / "truth.json").read_text(encoding="utf-8"))
    return found


def measured(name: str) -> int:
    facts = truth(name)
    return int(facts.get("flops_measured_all_ranks") or facts["flops_measured_FlopCounterMode_total"])


def weighed(name: str, base_folder: Path | None = None, **answers: Any) -> Footprint:
    scan = scan_path(TRAINED / name, base_folder=base_folder)
    return weigh(Known(Project(scan=scan, answers=Answers.model_validate(answers))), load_reference())


DECODERS = [
    "hf_trainer_full_llama_v4",
    "hf_trainer_ddp2_llama",
    "hf_trainer_nan_loss",
    "hf_trainer_secret_token",
]


@pytest.mark.parametrize("name", DECODERS)
def test_full_decoder_runs_within_one_percent(name: str) -> None:
    footprint = weighed(name)
    assert footprint.accounts.own is not None
    assert footprint.accounts.own.central == pytest.approx(measured(name), rel=0.01)
    assert footprint.parameters is not None
    assert footprint.parameters.total == truth(name)["params_total"]


@pytest.mark.parametrize("name", DECODERS)
def test_recorded_figure_is_shown_raw_and_repaired_and_not_used_twice(name: str) -> None:
    footprint = weighed(name)
    operations, _, recorded = footprint.witnesses
    assert operations.used
    assert recorded.raw == max(state["total_flos"] for state in truth(name)["trainer_state_values"].values())
    assert not recorded.used
    assert recorded.estimate is not None
    assert recorded.estimate.central == pytest.approx(measured(name), rel=0.01)
    assert "attention scores" in recorded.remark
    assert "0.85 times" in recorded.remark


def test_lora_with_its_base_is_exact() -> None:
    footprint = weighed("peft_lora_llama", TRAINED / "_bases" / "tiny-llama-base")
    facts = truth("peft_lora_llama")
    assert footprint.accounts.own is not None
    assert footprint.accounts.own.central == facts["flops_measured_FlopCounterMode_total"]
    assert footprint.parameters is not None
    assert footprint.parameters.total == facts["params_total"]
    assert footprint.parameters.trainable == facts["params_trainable"]
    assert "1.25 times" in footprint.witnesses[2].remark


def test_lora_without_its_base_still_holds_the_truth() -> None:
    footprint = weighed("peft_lora_llama")
    operations, _, recorded = footprint.witnesses
    assert operations.estimate is None
    assert "base_folder" in operations.missing
    assert recorded.used
    assert recorded.estimate is not None
    assert recorded.estimate.low <= measured("peft_lora_llama") <= recorded.estimate.high
    assert "frozen weights" in recorded.remark


def test_dpo_counts_the_reference_model_apart_from_updates() -> None:
    accounts = weighed("trl_dpo_llama").accounts
    assert accounts.own is not None
    assert accounts.direct is not None
    # Policy: forward and twice backward. Reference: forward once. So three quarters update weights.
    assert accounts.direct.central == pytest.approx(accounts.own.central * 3 / 4, rel=1e-6)


def test_thrown_away_steps_leave_no_trace() -> None:
    """Stopped at 13, resumed from 10: the folder knows 20 steps, and lost work does not count in law either."""
    own = weighed("hf_trainer_resumed_llama").accounts.own
    assert own is not None
    assert own.central == 817_889_280


@pytest.mark.parametrize("name", ["hf_trainer_bert_classifier", "hf_trainer_mixtral_moe"])
def test_other_families_hold_the_truth(name: str) -> None:
    footprint = weighed(name)
    assert footprint.accounts.own is not None
    assert footprint.accounts.own.low <= measured(name) <= footprint.accounts.own.high


def test_hours_on_a_tiny_model_do_not_move_the_exact_count() -> None:
    footprint = weighed("hf_trainer_full_llama_v4", hardware="nvidia-rtx-4090", hours=5)
    assert footprint.accounts.own is not None
    assert footprint.accounts.own.central == 817_889_280


def test_absent_speed_and_accumulation_are_assumed_and_said() -> None:
    """Only steps, batch and a length: accumulation and devices are assumed, the range goes up."""
    footprint = weigh(
        Known(
            Project(
                answers=Answers(parameters_total=10**9, steps=1000, batch_per_device=4, sequence_length=512)
            )
        ),
        load_reference(),
    )
    own = footprint.accounts.own
    assert own is not None
    assert own.central == 6 * 10**9 * 1000 * 4 * 512
    assert own.high > 60 * own.central
    assert sum("taken as 1" in note for note in own.assumptions) == 2


def test_the_example_that_ships_is_exact() -> None:
    facts = json.loads((TRAINED.parent / "example_truth.json").read_text(encoding="utf-8"))
    folder = Path(__file__).parents[3] / "resources" / "examples" / "tiny-llama-lora"
    footprint = weigh(Known(Project(scan=scan_path(folder))), load_reference())
    assert footprint.accounts.own is not None
    assert footprint.accounts.own.central == facts["flops_measured"]
    assert footprint.witnesses[2].raw == facts["total_flos_recorded"]
    assert footprint.parameters is not None
    assert footprint.parameters.total == facts["params_total"]
