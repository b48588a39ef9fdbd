# SPDX-License-Identifier: Apache-2.0
"""Runs of the Trainer that were taken up again. The logs are those of real runs: TRL 1.16's SFT on a tiny Llama, 100 texts,
2 texts for each device and 2 passes an update, stopped and taken up again with transformers 5.23."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import JsonValue

from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.names import FoundOnly
from core.domain.scan_result import ScanResult
from core.scan import scan_path
from core.scan.derive import derive
from core.scan.formats.trainer_parts import Again, batch_changed, taken_up

TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"
Rows = list[dict[str, Any]]
END = {"train_samples_per_second": 8.0, "train_loss": 2.0}


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def rows(*points: tuple[int, float]) -> Rows:
    return [{"step": step, "epoch": epoch, "loss": 2.0} for step, epoch in points]


def run(tmp_path: Path, log: Rows, steps: int, epochs: float, **state: object) -> ScanResult:
    tmp_path.mkdir(exist_ok=True)
    whole = {"global_step": steps, "epoch": epochs, "max_steps": steps, "num_train_epochs": 2, "train_batch_size": 2,
             "log_history": log, **state}  # fmt: skip
    (tmp_path / "trainer_state.json").write_text(json.dumps(whole))
    ranks = tmp_path / f"checkpoint-{steps}"
    ranks.mkdir(exist_ok=True)
    (ranks / "rng_state.pth").touch()
    return scan_path(tmp_path)


SAME = rows((5, 0.2), (10, 0.4), (15, 0.6), (25, 1.0), (30, 1.2), (50, 2.0))
FEWER_DEVICES = rows((5, 0.4), (10, 0.4), (15, 0.6), (25, 1.0), (50, 2.0))
"""Two devices up to update 5, then one: truth, 220 texts."""
LARGER_BATCH = rows((5, 0.2), (10, 0.4), (13, 1.0))
"""2 texts up to update 10, then 4: truth, 60 texts."""
REST_IN_EPOCH = rows(*((step, step // 13 + min(step % 13 * 2 / 25, 1)) for step in range(1, 27)))
"""25 batches an epoch, 2 an update: the last update of each epoch has one."""
DATA_NOT_SKIPPED = rows((5, 0.2), (10, 0.4), (15, 0.2), (20, 0.4), (25, 0.6))
"""ignore_data_skip: the epoch begins anew."""


@pytest.mark.parametrize(
    ("log", "changed"),
    [
        (SAME, False), (REST_IN_EPOCH, False), (DATA_NOT_SKIPPED, False), (FEWER_DEVICES, True), (LARGER_BATCH, True),
        ([], False), (rows((1, 0.0)), False), (rows((10, 0.1), (20, 0.19), (90, 0.86), (100, 0.96)), False),
    ],
)  # fmt: skip
def test_a_batch_that_changed_shows_in_the_epochs(log: Rows, changed: bool) -> None:
    last = log[-1] if log else {"step": 0, "epoch": 0.0}
    assert batch_changed(log, last["step"], last["epoch"]) is changed
    assert batch_changed(log, last["step"], None) is changed


def test_no_batch_where_it_changed(tmp_path: Path) -> None:
    same = run(tmp_path / "same", SAME, 50, 2.0)
    assert value(same, "batch_per_device") == 2
    assert value(same, FoundOnly.BATCH_CHANGED) is None
    changed = run(tmp_path / "changed", FEWER_DEVICES, 50, 2.0)
    assert value(changed, FoundOnly.BATCH_CHANGED) is True
    for name in ("batch_per_device", "world_size", "global_batch", "samples", FoundOnly.SAMPLES_PER_SECOND):
        assert value(changed, name) is None, name
    assert value(changed, "steps") == 50
    assert any("another batch" in note for note in changed.notes)


def test_streamed_data_have_no_epochs_to_compare(tmp_path: Path) -> None:
    """Their epoch is the share of max_steps, and the Trainer plans sys.maxsize epochs."""
    log = rows((500, 0.5), (1000, 1.0), (1500, 0.75))
    streamed = run(tmp_path, log, 2000, 1.0, num_train_epochs=2**63 - 1)
    assert value(streamed, FoundOnly.BATCH_CHANGED) is None


def end(step: int, seconds: float, updates: int, **more: float) -> Rows:
    pace = round(updates / seconds, 3)
    return [{**END, "step": step, "train_runtime": seconds, "train_steps_per_second": pace, **more}]


@pytest.mark.parametrize(
    ("log", "again"),
    [
        (SAME + end(50, 51.4, 50), None),
        (SAME + end(50, 51.4, 40), Again.LOSS),  # newer versions: the updates of the last call
        (SAME + end(50, 51.4, 50, train_loss=1.6), Again.NO_LOSS),  # older ones: its losses over all updates
        (SAME + end(50, 51.4, 60), None),  # older ones, stopped before the end of the plan
        (SAME[:4] + end(25, 20.0, 25) + SAME[4:] + end(50, 21.0, 50), Again.NO_LOSS),
        (SAME[:4] + end(25, 20.0, 25) + SAME[4:], Again.LOSS),  # taken up again, and not ended
        (SAME + end(50, 100_000.0, 50), None),  # 0.0005 updates a second are rounded to 0.001 or to nothing
        (SAME, None),
    ],
)  # fmt: skip
def test_the_time_of_a_part(log: Rows, again: Again | None) -> None:
    assert taken_up(log, 50) is again


def test_losses_below_zero_tell_nothing() -> None:
    below = [*SAME[:-1], {**SAME[-1], "loss": -0.1}, *end(50, 51.4, 50, train_loss=0.5)]
    assert taken_up(below, 50) is None


def test_the_time_of_a_part_is_no_time_of_the_run(tmp_path: Path) -> None:
    part = run(tmp_path / "part", SAME + end(50, 51.4, 40), 50, 2.0)
    assert value(part, FoundOnly.TAKEN_UP_AGAIN) is True
    assert value(part, FoundOnly.TRAIN_RUNTIME_SECONDS) is None
    assert value(part, FoundOnly.TRAIN_LOSS) == 2.0
    assert value(part, "batch_per_device") == 2
    older = tmp_path / "older"
    older.mkdir()
    summary = {"epoch": 2.0, "train_runtime": 51.4, "train_loss": 1.6, "train_steps_per_second": 0.973,
               "train_samples_per_second": 3.9}  # fmt: skip
    (older / "all_results.json").write_text(json.dumps(summary))
    found = run(older, SAME + end(50, 51.4, 50, train_loss=1.6), 50, 2.0)
    assert value(found, FoundOnly.TRAIN_RUNTIME_SECONDS) is None
    assert value(found, FoundOnly.TRAIN_LOSS) is None


def test_a_run_that_was_really_taken_up_again() -> None:
    found = scan_path(TRAINED / "hf_trainer_resumed_llama")
    assert value(found, FoundOnly.TAKEN_UP_AGAIN) is True
    assert value(found, FoundOnly.TRAIN_RUNTIME_SECONDS) is None
    assert value(found, "samples") == 160
    assert value(found, "global_batch") == 8


def test_a_summary_alone_tells_the_part_too(tmp_path: Path) -> None:
    """Without the state, by the updates that speed and time make, where another file has the steps."""
    (tmp_path / "checkpoint-50").mkdir()
    state = {"global_step": 50, "epoch": 2.0, "log_history": SAME, "max_steps": 50, "num_train_epochs": 2}
    (tmp_path / "checkpoint-50" / "trainer_state.json").write_text(json.dumps(state))
    for pace, kept in ((0.778, None), (0.973, 51.4)):
        summary = {"train_runtime": 51.4, "train_steps_per_second": pace, "train_samples_per_second": 3.9}
        (tmp_path / "all_results.json").write_text(json.dumps({"epoch": 2.0, **summary}))
        assert value(scan_path(tmp_path), FoundOnly.TRAIN_RUNTIME_SECONDS) == kept


@pytest.mark.parametrize(
    ("resumed", "before", "changed"),
    [("latest", 2, None), ("latest", 1, True), (None, 1, None)],
)
def test_scripts_with_accelerate_that_went_on_with_another_batch(
    tmp_path: Path, resumed: str | None, before: int, changed: bool | None
) -> None:
    """diffusers 0.42, train_dreambooth_lora_sdxl.py: 4 updates with 1 picture, then 4 with 2."""
    settings = {"pretrained_model_name_or_path": "owner/base", "max_train_steps": 8, "num_train_epochs": 3,
                "gradient_accumulation_steps": 1}  # fmt: skip
    for began, batch, given in (("1795840640.5", before, None), ("1795840655.6", 2, resumed)):
        folder = tmp_path / "logs" / "dreambooth-lora-sd-xl" / began
        folder.mkdir(parents=True)
        all_of_it = {**settings, "train_batch_size": batch, "resume_from_checkpoint": given}
        lines = (f"{key}: {'null' if one is None else one}" for key, one in all_of_it.items())
        (folder / "hparams.yml").write_text("\n".join(lines) + "\n")
    found = scan_path(tmp_path)
    assert value(found, FoundOnly.BATCH_CHANGED) is changed
    assert value(found, "batch_per_device") == (None if changed else 2)


@pytest.mark.parametrize(("place", "changed"), [(39, True), (0, None)])
def test_only_the_latest_starts_are_looked_at(tmp_path: Path, place: int, changed: bool | None) -> None:
    """A folder may hold ten thousand logs, each of them half a second to read."""
    for number in range(41):
        folder = tmp_path / "logs" / "run" / str(1_795_840_640 + number)
        folder.mkdir(parents=True)
        batch = 1 if number == place else 2
        (folder / "hparams.yml").write_text(
            f"train_batch_size: {batch}\nmax_train_steps: 8\nnum_train_epochs: 3\n"
            "pretrained_model_name_or_path: owner/base\nresume_from_checkpoint: latest\n"
        )
    assert value(scan_path(tmp_path), FoundOnly.BATCH_CHANGED) is changed


@pytest.mark.parametrize(
    ("rows_in_data", "drop_last", "shared", "samples"),
    [(62, False, 1, 62), (63, False, 1, 62), (63, True, 1, 60), (63, False, 2, 63)],
)
def test_ms_swift_shares_the_rows_out(
    tmp_path: Path, rows_in_data: int, drop_last: bool, shared: int, samples: int
) -> None:
    """ms-swift 4.6 on two devices, 2 rows and 2 passes an update: 62 rows were read of 62 (31 + 31), in 8 updates.

    With sequence_parallel_size 2 both devices read the same rows, and 16 updates are one pass.
    """
    names = {"training_tool": "ms-swift", "steps": 8 * shared, "epochs": 1.0, "epochs_planned": 1.0, "world_size": 2,
             "batch_per_device": 2, "gradient_accumulation": 2, "global_batch": 8 // shared,
             "hyperparameters": {"dataloader_drop_last": drop_last}, "steps_planned": 8 * shared,
             "samples_per_second": rows_in_data / 4, "steps_per_second": 2.0 * shared,
             "train_runtime_seconds": 4.0}  # fmt: skip
    origin = Origin(kind=OriginKind.FILE, file="f.json", key="k")
    facts: tuple[AnyFact, ...] = tuple(
        Fact(name=name, value=cast("JsonValue", one), origin=origin) for name, one in names.items()
    )
    assert {fact.name: fact.value for fact in derive(facts)}["samples"] == samples
