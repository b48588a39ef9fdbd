# SPDX-License-Identifier: Apache-2.0
"""Runs of real trainers, weighed from what a scan found in their folders, against what PyTorch counted while they ran.

tests/fixtures/compute/trainer_runs.jsonl: `facts` are those of the folder (kind of origin, key, value), `measured` the
operations of all training steps, what ran twice apart (tests/fixtures/compute/PROVENANCE.md).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.compute import weigh
from core.domain.estimate import FlopEstimate
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "fixtures" / "compute" / "trainer_runs.jsonl")
    .read_text("utf-8")
    .splitlines()
]
NAMED = {row["name"]: row for row in ROWS}


def weighed(row: dict[str, Any], **changed: Any) -> FlopEstimate:
    """The run's own operations; `changed` puts other values in place of facts (None: the fact is not there)."""
    facts = []
    for name, (kind, key, value) in row["facts"].items():
        value = changed.get(name, value)
        if value is not None:
            origin = Origin(kind=OriginKind(kind), file="x.json" if kind == "file" else None, key=key)
            facts.append(Fact[Any](name=name, value=value, origin=origin))
    project = Project(scan=ScanResult(folder_name="x", facts=tuple(facts)))
    own = weigh(Known(project), load_reference()).accounts.own
    assert own is not None
    return own


def settings(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**row["facts"]["hyperparameters"][2], **more}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_run_is_within_five_percent_of_what_was_measured(row: dict[str, Any]) -> None:
    own = weighed(row)
    assert abs(own.central / row["measured"] - 1) <= 0.05
    assert own.low <= row["measured"] <= own.high


def test_packed_rows_are_one_row_unless_flash_attention_may_have_run() -> None:
    """Four rows of 62 tokens on average, laid end to end: attention over 248 tokens, or inside each text."""
    row = NAMED["sft_bfd"]
    joined = weighed(row)
    apart = weighed(row, hyperparameters=settings(row, packing_strategy="wrapped"))
    assert joined.central > 1.4 * apart.central
    unsure = weighed(row, device_kind="cuda")
    assert unsure.central == joined.central
    assert unsure.low < 0.6 * joined.low
    assert any("end to end" in note for note in unsure.assumptions)
    assert not any("end to end" in note for note in joined.assumptions)
    said = weighed(row, device_kind="cuda", hyperparameters=settings(row, attn_implementation="sdpa"))
    assert not any("end to end" in note for note in said.assumptions)
    flash = weighed(
        row, device_kind="cuda", hyperparameters=settings(row, attn_implementation="flash_attention_2")
    )
    assert flash.central < apart.central
    assert flash.low < flash.central < flash.high
    free = weighed(row, hyperparameters={"padding_free": True})
    assert free.central == joined.central


def test_rloo_scores_its_texts_itself_and_a_reference_does_when_it_weighs() -> None:
    """Two forward passes of the four kinds that serve: writing, the model's own, and the reference's."""
    row = NAMED["rloo"]
    without = weighed(row, hyperparameters=settings(row, beta=0.0)).central
    group = weighed(row, training_stage="grpo", hyperparameters=settings(row, beta=0.0)).central
    with_both = weighed(row).central
    assert with_both - without == without - group > 0.1 * with_both


def test_a_generation_that_serves_two_updates_is_scored_first() -> None:
    row = NAMED["grpo"]
    once = weighed(row).central
    twice = weighed(row, hyperparameters=settings(row, steps_per_generation=2)).central
    vllm = weighed(row, hyperparameters=settings(row, use_vllm=True)).central
    assert twice == vllm > 1.1 * once
