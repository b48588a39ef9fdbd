# SPDX-License-Identifier: Apache-2.0
"""Which witness wins, what is kept as a conflict, and what follows by arithmetic."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.names import FoundOnly
from core.domain.scan_result import ScanResult
from core.scan import scan_path
from core.scan.derive import batch_from_speed, derive
from core.scan.merge import merge
from core.scan.types import Found, Witness
from tests.hostile.scan_maker import config, safetensors, tensor


def witness(name: str, value: JsonValue, reader: str, place: int = 0) -> Witness:
    return Witness(Found(name, value, "key"), reader, f"{reader}.file", place)


def facts(**values: JsonValue) -> tuple[AnyFact, ...]:
    origin = Origin(kind=OriginKind.FILE, file="x", key="y")
    return tuple(Fact(name=name, value=value, origin=origin) for name, value in values.items())


def derived(**values: JsonValue) -> dict[str, JsonValue]:
    return {fact.name: fact.value for fact in derive(facts(**values))}


def test_the_better_witness_wins_and_the_other_is_kept() -> None:
    listed = [
        witness("base_model", "c/c", "config"),
        witness("base_model", "b/b", "readme"),
        witness("base_model", "a/a", "adapter_config"),
    ]
    (fact,), (conflict,) = merge(listed)
    assert fact.value == "a/a"
    assert [reading.value for reading in conflict.facts] == ["a/a", "b/b", "c/c"]
    assert conflict.facts[0].origin.file == "adapter_config.file"
    assert conflict.why_first


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("epochs", 3, 3.0),
        ("epochs", 2.9966, 2.99659367),
        ("base_model", "Owner/Name", "owner/name"),
        ("training_method", "qlora", "lora"),
        ("languages", ["de", "en"], ["en", "de"]),
        (FoundOnly.EVAL_METRICS, {"eval_loss": 1.0}, {"eval_loss": 2.0}),
    ],
)
def test_the_same_said_twice_is_no_conflict(name: str, one: JsonValue, other: JsonValue) -> None:
    _, conflicts = merge([witness(name, one, "trainer_state"), witness(name, other, "readme")])
    assert conflicts == ()


@pytest.mark.parametrize(
    ("name", "one", "other"), [("steps", 1000, 1001), ("epochs", 3.0, 2.9), ("license", "mit", "gpl")]
)
def test_differences_are_conflicts(name: str, one: JsonValue, other: JsonValue) -> None:
    _, conflicts = merge([witness(name, one, "trainer_state"), witness(name, other, "readme")])
    assert len(conflicts) == 1


@pytest.mark.parametrize(
    ("samples", "steps", "device", "per_epoch", "batch"),
    [
        (52.305, 6.538, 4, 10, 8),
        (77.13, 4.821, 4, 5, 16),
        (14.427, 0.128, 2, 226, 112),  # a public run on 7 devices; the rounding alone gives 112.3 to 113.2
        (15.5, 1.0, 1, 5, None),  # too many batches would fit
        (100.0, 12.987, 8, 13, 8),  # 7.7 in the mean: the last batch of each epoch is smaller
        (100.0, 20.0, 4, None, None),  # 5 is no multiple of 4 and nothing explains it
        (1.0, 0.001, 4, 10, None),
        (0.0, 1.0, 4, 10, None),
        (10.0, 1.0, 0, 10, None),
    ],
)
def test_batch_from_two_rounded_speeds(
    samples: float, steps: float, device: int, per_epoch: float | None, batch: int | None
) -> None:
    assert batch_from_speed(samples, steps, device, per_epoch) == batch


def test_products_and_quotients() -> None:
    assert derived(batch_per_device=4, world_size=2, gradient_accumulation=3)["global_batch"] == 24
    assert derived(batch_per_device=4, world_size=2, global_batch=24)["gradient_accumulation"] == 3
    assert "gradient_accumulation" not in derived(batch_per_device=5, world_size=2, global_batch=24)
    assert derived(steps=10, global_batch=8)["samples"] == 80
    assert derived(steps=10, global_batch=8, training_stage="dpo")["samples"] == 160
    assert derived(steps=10, global_batch=8, samples=3)["samples"] == 3
    assert derived(steps=10, global_batch=8, tokens_recorded=1600)["sequence_length"] == 20
    assert "sequence_length" not in derived(steps=10, global_batch=8, tokens_recorded=1601)
    assert derived(adapter_config={}, base_parameters=100, parameters_trainable=7)["parameters_total"] == 107


SPEED = {"steps": 20, "batch_per_device": 4, "global_batch": 8}


@pytest.mark.parametrize(
    ("runtime", "samples_per_second", "steps_per_second", "samples"),
    [
        (10.0, 16.0, 2.0, 160),  # whole schedule
        (10.0, 15.4, 2.0, 154),  # smaller last batches
        (1.0, 160.0, 20.0, 160),  # v4 after a resume: the schedule divided by the last session's time
        (5.0, 16.0, 2.0, 160),  # v5 after a resume: only the last session's half
        (10.0, 32.0, 4.0, 160),  # stopped at half of the plan
    ],
)
def test_samples_from_speeds_whatever_part_the_runtime_covers(
    runtime: float, samples_per_second: float, steps_per_second: float, samples: int
) -> None:
    found = derived(
        **SPEED,
        train_runtime_seconds=runtime,
        samples_per_second=samples_per_second,
        steps_per_second=steps_per_second,
    )
    assert found["samples"] == samples


@pytest.mark.parametrize(
    ("world", "drop", "samples", "told"),
    [
        (1, False, 108, "seconds"),
        (1, True, 100, "not full"),  # 54 rows are ten batches of five and four rows left out
        (2, False, 120, "twice"),  # and on two devices six pairs of batches, begun again with the first rows
        (2, True, 100, "not full"),
        (None, True, 108, "seconds"),  # how many devices is not recorded
    ],
)
def test_rows_are_read_in_whole_batches(world: int | None, drop: bool, samples: int, told: str) -> None:
    """Two epochs of 54 rows, five for each device at once. The log's speed counts rows, not what the loader made of them."""
    given: dict[str, Any] = {
        "steps": 6, "batch_per_device": 5, "gradient_accumulation": 4, "global_batch": 20 * (world or 1), "epochs": 2.0,
        "epochs_planned": 2.0, "train_runtime_seconds": 30.0, "samples_per_second": 3.6, "steps_per_second": 0.2,
        "hyperparameters": {"dataloader_drop_last": drop},
    }  # fmt: skip
    if world is None:
        del given["gradient_accumulation"]  # with it the number of devices follows
    found = derive(facts(**given, **({"world_size": world} if world else {})))
    (fact,) = (one for one in found if one.name == "samples")
    assert fact.value == samples
    assert told in (fact.origin.note or "")


def state(folder: Path, step: int, planned: int = 30, **more: Any) -> None:
    folder.mkdir(exist_ok=True)
    content = {"global_step": step, "max_steps": planned, "epoch": step / 10, "total_flos": step * 1e6} | more
    (folder / "trainer_state.json").write_text(json.dumps(content))


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def test_checkpoints_of_one_run_are_not_added(tmp_path: Path) -> None:
    for step in (10, 20, 9):
        state(tmp_path / f"checkpoint-{step}", step)
    result = scan_path(tmp_path)
    assert value(result, "steps") == 20
    assert value(result, FoundOnly.RECORDED_FLOS) == 20_000_000
    assert not result.conflicts
    assert not result.notes
    state(tmp_path, 15)  # an older state in the folder itself does not win
    assert value(scan_path(tmp_path), "steps") == 20


def test_another_plan_means_another_run_which_is_added_and_told(tmp_path: Path) -> None:
    state(tmp_path / "checkpoint-20", 20)
    state(tmp_path / "checkpoint-7", 7, planned=500)
    result = scan_path(tmp_path)
    assert value(result, "steps") == 27
    assert value(result, "steps_planned") == 30
    assert value(result, FoundOnly.RECORDED_FLOS) == 27_000_000
    assert [run["steps"] for run in value(result, FoundOnly.RUNS)] == [20, 7]
    assert any("2 training runs" in note and "checkpoint-7" in note for note in result.notes)


def test_trainings_of_the_base_in_the_same_folder_are_told_and_not_added(tmp_path: Path) -> None:
    for name, base, steps in (
        ("one", "/data/zero", 100),
        ("two", "/data/one", 50),
        ("a_last", "/data/two", 10),
    ):
        state(tmp_path / name, steps, planned=steps, num_input_tokens_seen=steps * 1000)
        config(tmp_path / name, _name_or_path=base)
    result = scan_path(tmp_path)
    assert value(result, "steps") == 10
    assert [(run["name"], run["steps"], run["tokens"]) for run in value(result, FoundOnly.BASE_RUNS)] == [
        ("two", 50, 50_000),
        ("one", 100, 100_000),
    ]
    assert any("two, one" in note for note in result.notes)
    assert not any("more than one model" in note for note in result.notes)
    config(tmp_path / "one", _name_or_path="/data/a_last")  # a circle ends
    assert len(value(scan_path(tmp_path), FoundOnly.BASE_RUNS)) == 2


def rows(*losses: float) -> list[dict[str, float]]:
    return [{"step": step, "loss": loss} for step, loss in enumerate(losses, 1)]


def test_a_run_that_was_prolonged_is_one_run(tmp_path: Path) -> None:
    state(tmp_path / "checkpoint-2", 2, planned=2, log_history=rows(3.0, 2.5))
    state(
        tmp_path / "checkpoint-4", 4, planned=4, log_history=rows(3.0, 2.4, 2.2, 2.1)
    )  # step 2 was done again
    result = scan_path(tmp_path)
    assert value(result, "steps") == 4
    assert result.fact(FoundOnly.RUNS) is None


def test_another_seed_with_the_same_plan_is_another_run(tmp_path: Path) -> None:
    state(tmp_path, 3, log_history=rows(3.1, 2.6, 2.5), num_input_tokens_seen=300, train_batch_size=2)
    state(tmp_path / "checkpoint-4", 4, log_history=rows(3.0, 2.5, 2.4, 2.3), train_batch_size=2)
    result = scan_path(tmp_path)
    assert value(result, "steps") == 7
    # One of the runs did not count its tokens: a sum would be too low.
    assert value(result, "tokens") is None
    assert value(result, FoundOnly.RUNS)[0]["file"] == "trainer_state.json"


def test_tokens_that_start_again_after_a_resume_are_added(tmp_path: Path) -> None:
    rows = [{"num_tokens": count} for count in (100.0, 200.0, 90.0, 150.0)]
    state(tmp_path, 20, log_history=rows)
    assert value(scan_path(tmp_path), FoundOnly.TOKENS_RECORDED) == 350


def test_the_log_of_a_run_that_writes_its_own_texts_is_kept_part_by_part(tmp_path: Path) -> None:
    """An entry without all three figures belongs to the next one; a part in which the count began anew is left out."""
    log = [
        {"step": step, "num_tokens": count, **({} if mean is None else {"completions/mean_length": mean})}
        for step, count, mean in (
            (2, 100.0, 9.5),
            (4, 190.0, None),
            (6, 310.0, 8.0),
            (7, 40.0, 7.0),
            (8, 90.0, 6.0),
            (8, 95.0, 6.0),
        )
    ]
    state(tmp_path, 8, log_history=[*log, {"step": 9, "completions/mean_length": 5.0}])
    assert value(scan_path(tmp_path), FoundOnly.WRITTEN_LOG) == [[2, 100, 9.5], [4, 210, 8.0], [1, 50, 6.0]]


def test_the_parts_of_a_long_log_end_at_two_hundred(tmp_path: Path) -> None:
    log = [{"step": n, "num_tokens": 9.0 * n, "completions/mean_length": 2.0} for n in range(1, 300)]
    state(tmp_path, 299, log_history=log)
    assert value(scan_path(tmp_path), FoundOnly.WRITTEN_LOG) == [[1, 9, 2.0]] * 200


@pytest.mark.parametrize(("last", "tokens"), [(8, 300), (5, None), (None, 300)])
def test_a_log_that_ends_before_the_last_update_does_not_tell_all_tokens(
    tmp_path: Path, last: int | None, tokens: int | None
) -> None:
    """A checkpoint is saved after eight updates, the log has an entry every five."""
    row = {"num_tokens": 300.0} | ({} if last is None else {"step": last})
    state(tmp_path / "checkpoint-8", 8, log_history=[row, {"step": 8, "loss": 1.0}])
    assert value(scan_path(tmp_path), FoundOnly.TOKENS_RECORDED) == tokens


def test_trls_own_count_in_the_trainers_field_is_still_one_without_padding(tmp_path: Path) -> None:
    state(tmp_path, 20, num_input_tokens_seen=920, log_history=[{"num_tokens": 920.0}])
    result = scan_path(tmp_path)
    assert value(result, FoundOnly.TOKENS_RECORDED) == 920
    assert value(result, "tokens") is None


def test_not_recorded_is_not_zero(tmp_path: Path) -> None:
    state(
        tmp_path,
        20,
        total_flos=0.0,
        num_input_tokens_seen=0,
        train_batch_size=None,
        num_train_epochs=2**63 - 1,
    )
    result = scan_path(tmp_path)
    for name in (
        FoundOnly.RECORDED_FLOS,
        FoundOnly.TOKENS_RECORDED,
        "tokens",
        "batch_per_device",
        FoundOnly.EPOCHS_PLANNED,
    ):
        assert result.fact(name) is None


def test_weights_come_from_one_place_even_when_a_checkpoint_has_shards(tmp_path: Path) -> None:
    config(tmp_path)
    state(tmp_path, 20)
    safetensors(tmp_path / "model.safetensors", {"w": tensor(0, 8)}, 8)
    old = tmp_path / "checkpoint-10"
    state(old, 10)
    safetensors(old / "model-00001-of-00001.safetensors", {"w": tensor(0, 80)}, 80)
    (old / "model.safetensors.index.json").write_text(
        '{"weight_map": {"w": "model-00001-of-00001.safetensors"}}'
    )
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 2
    assert not result.conflicts
    (tmp_path / "model.safetensors").write_bytes(b"cut")
    fallen_back = scan_path(tmp_path)
    assert value(fallen_back, "parameters_total") == 20
    assert [record.path for record in fallen_back.unreadable] == ["model.safetensors"]


def test_files_that_disagree_are_kept_with_both_sources(tmp_path: Path) -> None:
    state(tmp_path, 20, train_batch_size=4)
    card = "---\nbase_model: card/base\n---\n### Training hyperparameters\n- train_batch_size: 16\n"
    (tmp_path / "README.md").write_text(card)
    (tmp_path / "adapter_config.json").write_text(
        '{"peft_type": "LORA", "base_model_name_or_path": "real/base"}'
    )
    result = scan_path(tmp_path)
    found = {conflict.name: [fact.origin.file for fact in conflict.facts] for conflict in result.conflicts}
    assert found == {
        "base_model": ["adapter_config.json", "README.md"],
        "batch_per_device": ["trainer_state.json", "README.md"],
    }
    assert value(result, "base_model") == "real/base"


@pytest.mark.parametrize(
    ("names", "world"),
    [
        (["rng_state.pth"], 1),
        (["rng_state_0.pth", "rng_state_1.pth", "rng_state_2.pth"], 3),
        (["rng_state_0.pth", "rng_state_2.pth"], None),  # one is missing: unknown, not two
        (["random_states_0.pkl", "random_states_1.pkl"], 2),
        (["random_states_0.pkl"], None),  # many scripts save on the first of their processes alone
    ],
)
def test_processes_are_counted_by_the_names_of_their_files(
    tmp_path: Path, names: list[str], world: int | None
) -> None:
    state(tmp_path, 5)
    for name in names:
        (tmp_path / name).write_bytes(b"never opened")
    assert value(scan_path(tmp_path), "world_size") == world
