# SPDX-License-Identifier: Apache-2.0
"""Runs of real trainers, weighed from what a scan found in their folders, against what PyTorch counted while they ran.

tests/fixtures/compute/trainer_runs.jsonl: `facts` are those of the folder (kind of origin, key, value), `measured` the
operations of all training steps, what ran twice apart; `executed` the same with them,
`missing` words of what is said where no file tells enough (tests/fixtures/compute/PROVENANCE.md).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.compute import weigh
from core.domain.estimate import FlopEstimate
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Accounts, Footprint
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


def footprint(row: dict[str, Any], **changed: Any) -> Footprint:
    """What is said of the run; `changed` puts other values in place of facts (None: the fact is not there)."""
    facts = []
    for name, (kind, key, value) in row["facts"].items():
        value = changed.get(name, value)
        if value is not None:
            origin = Origin(kind=OriginKind(kind), file="x.json" if kind == "file" else None, key=key)
            facts.append(Fact[Any](name=name, value=value, origin=origin))
    project = Project(scan=ScanResult(folder_name="x", facts=tuple(facts)))
    return weigh(Known(project), load_reference())


def accounts(row: dict[str, Any], **changed: Any) -> Accounts:
    """What the run cost."""
    return footprint(row, **changed).accounts


def weighed(row: dict[str, Any], **changed: Any) -> FlopEstimate:
    """The run's own operations."""
    own = accounts(row, **changed).own
    assert own is not None
    return own


def settings(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**row["facts"]["hyperparameters"][2], **more}


@pytest.mark.parametrize("row", [row for row in ROWS if "executed" in row], ids=lambda row: row["name"])
def test_a_run_with_gradient_checkpointing_executed_as_much_as_was_measured(row: dict[str, Any]) -> None:
    executed = accounts(row).hardware_own
    assert executed is not None
    assert executed.central == pytest.approx(row["executed"], rel=1e-3)


@pytest.mark.parametrize("row", [row for row in ROWS if "measured" in row], ids=lambda row: row["name"])
def test_a_run_is_within_five_percent_of_what_was_measured(row: dict[str, Any]) -> None:
    own = weighed(row)
    if "missing" not in row:
        assert abs(own.central / row["measured"] - 1) <= 0.05
    else:
        # No file tells it; the figure says so.
        assert any(row["missing"] in note for note in own.assumptions)
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
    equal = ["file", "log_history.num_tokens", [[2, 176, 15.0]] * 3]
    row = {**row, "facts": {**row["facts"], "written_log": equal}}
    once = weighed(row).central
    twice = weighed(row, hyperparameters=settings(row, steps_per_generation=2)).central
    vllm = weighed(row, hyperparameters=settings(row, use_vllm=True)).central
    assert twice == vllm > 1.1 * once


def test_the_text_beside_a_picture_is_as_long_as_total_flos_says() -> None:
    row = NAMED["clip20"]
    without = weighed(row, recorded_flos=None)
    assert without.central > 1.5 * row["measured"]  # padded to all 77 places, as usual scripts do
    assert without.low < row["measured"] < without.high
    assert any("77 places" in note for note in without.assumptions)
    towers = row["facts"]["recorded_flos"][2] // 640
    longer = weighed(row, recorded_flos=towers * 32 * 78)  # no text has more than 77 tokens
    assert longer.central == without.central


def test_how_much_was_written_is_bounded_by_what_the_evaluation_wrote() -> None:
    """Targets of 17 tokens on average, padded to 18, beside sources of 34."""
    row = NAMED["t5"]
    told = weighed({**row, "facts": {**row["facts"], "eval_metrics": ["file", "", {"eval_gen_len": 13.1}]}})
    open_one = weighed(row)
    assert told.high / told.low < open_one.high / open_one.low
    assert told.low < row["measured"] < told.high
    assert abs(told.central / row["measured"] - 1) < 0.1
    for odd in (True, "13", 0, -1, float("inf")):
        metrics = ["file", "", {"eval_gen_len": odd}]
        assert weighed({**row, "facts": {**row["facts"], "eval_metrics": metrics}}) == open_one


def test_a_source_text_is_known_to_have_been_cut_and_no_more() -> None:
    """Sources of 34 tokens, by a script that cuts them after 120: a few words to all of it."""
    row = NAMED["t5"]
    gone = {name: kept for name, kept in row["facts"].items() if name not in ("recorded_flos", "tokens")}
    cut = weighed({**row, "facts": {**gone, "sequence_length": ["file", "max_source_length", 120]}})
    padded = weighed(
        {**row, "facts": {**gone, "sequence_length": ["file", "max_source_length, pad_to_max_length", 34]}}
    )
    assert cut.low < row["measured"] / 3 < 3 * row["measured"] < cut.high
    assert any("cut after 120 tokens" in note for note in cut.assumptions)
    assert padded.low < row["measured"] < padded.high < cut.high
    evaluated = ["file", "", {"eval_gen_len": 13.1}]
    told = weighed(
        {
            **row,
            "facts": {
                **gone,
                "eval_metrics": evaluated,
                "sequence_length": ["file", "max_source_length", 120],
            },
        }
    )
    assert any("texts written as 13" in note for note in told.assumptions)


def test_the_first_layers_of_a_sound_encoder_are_taken_as_frozen_unless_something_tells() -> None:
    """wav2vec 2.0 with a frozen feature encoder; one of two folders holds an optimizer's state that tells it."""
    row, told = NAMED["w2v"], NAMED["w2v_saved"]
    assert row["measured"] == told["measured"]
    assert weighed(row).central == weighed(told).central
    whole = weighed({**row, "facts": {**row["facts"], "training_method": ["file", "x", "full"]}})
    assert weighed(row).high == pytest.approx(whole.high, rel=0.01)
    assert whole.central > 1.1 * weighed(row).central
    bare = {**row["facts"]["config"][2], "architectures": ["Wav2Vec2ForPreTraining"]}
    assert not any(
        "Usual scripts" in note for note in weighed(row, config=bare, architecture_class=None).assumptions
    )


def test_rows_of_a_table_count_among_the_parameters_that_total_flos_counts() -> None:
    row = NAMED["rows_tied"]
    assert weighed(row).central == row["measured"]
    assert weighed(NAMED["tied_tokens"]).central == NAMED["tied_tokens"]["measured"]


def test_what_no_file_says_stands_beside_the_figure() -> None:
    for name in ("orpo", "t5"):
        assert any(NAMED[name]["missing"] in said for said in footprint(NAMED[name]).warnings)
    assert not any("No file" in said for said in footprint(NAMED["dpo"]).warnings)
