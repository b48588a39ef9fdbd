# SPDX-License-Identifier: Apache-2.0
"""What runs leave beside their weights: batches behind a fraction of epochs, counts in optimizers, tables, places."""

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.names import FoundOnly
from core.domain.scan_result import ScanResult
from core.scan import scan_path
from core.scan.derive import derive
from core.scan.micro_batches import batches_read
from tests.hostile.scan_maker import safetensors, tensor
from tests.hostile.torch_maker import Ordered, T, Thing, save


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def derived(**values: JsonValue) -> dict[str, JsonValue]:
    origin = Origin(kind=OriginKind.FILE, file="x", key="y")
    facts: tuple[AnyFact, ...] = tuple(
        Fact(name=name, value=one, origin=origin) for name, one in values.items()
    )
    return {fact.name: fact.value for fact in derive(facts)}


@pytest.mark.parametrize(
    ("epochs", "steps", "accumulation", "found"),
    [
        (31 / 11, 11, 3, (31, 11)),  # 11 batches an epoch make 4 updates, the last of 2 batches
        (28 / 15, 14, 2, (28, 15)),  # before transformers 4.47: the rest goes on into the next epoch
        (0.75, 2, 3, (6, 8)),
        (3.0, 18, 2, None),  # 11 and 12 batches an epoch both make 6 updates
        (31 / 11, 11, 1, None),
        (2.818, 11, 3, None),  # rounded: not the number itself
        (39 / 41, 13, 3, (39, 41)),  # an epoch of 41 batches left out the last two (transformers 4.46)
        (0.0, 0, 2, None),
        (5e5, 10**9, 64, None),
    ],
)
def test_batches_behind_a_fraction_of_epochs(
    epochs: float, steps: int, accumulation: int, found: tuple[int, int] | None
) -> None:
    assert batches_read(epochs, steps, accumulation) == found


def test_a_plan_tells_whether_the_rest_of_an_epoch_was_carried_over() -> None:
    """Five batches an epoch make one update of three in a plan of three epochs, though 1.8 epochs were read."""
    assert batches_read(1.8, 3, 3) is None
    assert batches_read(1.8, 3, 3, (3, 3.0)) == (9, 5)
    assert batches_read(1.8, 3, 3, (6, 3.0)) is None


def test_rows_of_a_plan_that_was_not_read_to_its_end_are_not_those_that_were_read() -> None:
    """transformers 4.46 leaves out what an epoch has over its last whole update, and logs the speed of all rows."""
    run: dict[str, JsonValue] = {
        "batch_per_device": 3, "gradient_accumulation": 4, "world_size": 1, "steps": 12, "epochs": 25 / 9,
        "epochs_planned": 3.0, "steps_planned": 12, "samples_per_second": 15.9, "steps_per_second": 1.2,
        "train_runtime_seconds": 10.0,
    }  # fmt: skip
    assert "samples" not in derived(**run)
    assert derived(**{**run, "epochs": 3.0})["samples"] == 159
    part = {**run, "gradient_accumulation": 3, "batch_per_device": 4, "steps": 3, "steps_planned": 3, "epochs": 1.8,
            "samples_per_second": 5.4, "steps_per_second": 0.3}  # fmt: skip
    assert derived(**part)["samples"] == 34  # one epoch of 18 rows, and four batches of four


def test_an_epoch_on_two_devices_ends_with_full_batches() -> None:
    """111 rows in batches of 8 on two devices are 112: accelerate starts again from the first. One epoch and one batch of 16."""
    run: dict[str, JsonValue] = {
        "batch_per_device": 8, "gradient_accumulation": 4, "world_size": 2, "steps": 2, "epochs": 8 / 7,
        "epochs_planned": 2.0, "steps_planned": 2, "samples_per_second": 22.2, "steps_per_second": 0.2,
        "train_runtime_seconds": 10.0, "hyperparameters": {"dataloader_drop_last": False},
    }  # fmt: skip
    assert derived(**run)["samples"] == 128
    assert derived(**{**run, "hyperparameters": {}})["samples"] == 127


def test_samples_of_epochs_that_end_in_an_update() -> None:
    run: dict[str, JsonValue] = {
        "batch_per_device": 6, "gradient_accumulation": 3, "world_size": 1, "steps": 11, "epochs": 31 / 11,
        "samples_per_second": 19.8, "steps_per_second": 1.1, "train_runtime_seconds": 10.0,
    }  # fmt: skip
    # Two epochs ended on the way, with a last batch of 1 to 6 rows: nothing tells how many.
    assert "samples" not in derived(**run)
    run |= {"batch_per_device": 3, "world_size": 2}  # on two devices it is filled up
    assert derived(**run)["samples"] == 186  # not 11 x 18
    assert derived(**run, tokens=186 * 64)["sequence_length"] == 64
    run |= {"batch_per_device": 6, "world_size": 1}
    assert derived(**run, hyperparameters={"dataloader_drop_last": True})["samples"] == 186
    # With the plan in epochs the log tells the rows, so that the small last batch of an epoch counts as it is.
    planned = run | {"batch_per_device": 4, "gradient_accumulation": 2, "steps": 14, "epochs": 28 / 15}
    planned |= {"epochs_planned": 2.0, "samples_per_second": 11.6, "steps_per_second": 1.4}
    assert derived(**planned)["samples"] == 58 + 13 * 4


MOST = {"batch_per_device": 8, "gradient_accumulation": 1, "world_size": 1, "steps": 10, "epochs": 10 / 7, "epochs_planned": 2.0,
        "steps_planned": 10, "train_runtime_seconds": 10.0, "samples_per_second": 8.0, "steps_per_second": 1.0}  # fmt: skip
"""max_steps = 10 over 49 to 56 rows in batches of 8: an epoch of seven updates, the last of 1 to 8 rows, and three more.
The Trainer logs 10 x 8 in any case."""


@pytest.mark.parametrize(
    ("more", "samples"),
    [
        ({}, None),
        ({"steps": 6, "epochs": 6 / 7, "steps_planned": 6, "epochs_planned": 1.0, "samples_per_second": 4.8,
          "steps_per_second": 0.6}, 48),  # no epoch ended
        ({"world_size": 2}, 160),  # accelerate fills the last batch up, on each device
        ({"world_size": 2, "training_tool": "Ultralytics"}, None),
        ({"training_tool": "timm"}, 80),  # leaves it out
        ({"hyperparameters": {"dataloader_drop_last": True}}, 80),
        ({"batch_per_device": 1, "samples_per_second": 1.0}, 10),
        ({"dataset_size": 50}, 50 + 3 * 8),  # the rows are told
        ({"dataset_size": 80}, None),  # of something else
        ({"epochs_planned": None, "steps_planned": None, "train_runtime_seconds": None}, None),
        ({"steps": 14, "epochs": 2.0, "steps_planned": 14, "samples_per_second": 10.0, "steps_per_second": 1.4}, 100),
        ({"steps": 14, "epochs": 2.0, "steps_planned": 14, "samples_per_second": 11.2, "steps_per_second": 1.4}, 112),
        ({"steps": 14, "epochs": 2.0, "steps_planned": 14, "samples_per_second": 11.2, "steps_per_second": 1.4,
          "hyperparameters": {"max_steps": 14}}, None),  # max_steps that fill whole epochs
        ({"steps": 14, "epochs": 2.0, "steps_planned": 14, "train_runtime_seconds": None}, None),  # no log of the whole plan
        ({"world_size": 2, "gradient_accumulation": 2, "epochs": 2.0, "train_runtime_seconds": None}, None),  # 9 or 10 batches make five updates
    ],
)  # fmt: skip
def test_a_last_batch_of_unknown_size_is_not_counted(more: dict[str, Any], samples: int | None) -> None:
    run = {key: value for key, value in (MOST | more).items() if value is not None}
    if more.get("world_size") == 2 and "gradient_accumulation" not in more:
        run["samples_per_second"] = 16.0
    assert derived(**run).get("samples") == samples


@pytest.mark.parametrize(
    ("more", "samples"),
    [
        ({"tokens": 80 * 33}, 80),  # no smaller last batch fits sequences of one length
        ({"tokens": 79 * 80}, None),  # 79 of 80 tokens, or 80 of 79
        ({"tokens": 80 * 33 + 1}, None),  # texts of uneven length
        ({"tokens_recorded": 80 * 33}, 80),
        ({"tokens": 2 * 80 * 33, "training_stage": "dpo"}, 160),  # two sequences each
        ({"tokens": 80 * 33, "training_stage": "dpo"}, None),
        ({"tokens": 16 * 33, "steps": 2, "epochs": 1.0, "steps_planned": 2}, None),  # few may fit by chance
        ({"tokens": 17 * 3 * 24, "steps": 9, "epochs": 17 / 11, "steps_planned": 9, "batch_per_device": 3, "gradient_accumulation": 2}, 51),
    ],
)  # fmt: skip
def test_tokens_shared_out_evenly_tell_that_the_batches_were_full(
    more: dict[str, Any], samples: int | None
) -> None:
    run = {key: value for key, value in (MOST | more).items() if "second" not in key}
    found = derived(**run)
    assert found.get("samples") == samples
    if samples and "tokens" in more:
        assert found["sequence_length"] == more["tokens"] // samples


def test_tokens_that_a_translator_read() -> None:
    reader: JsonValue = {"vocab_size": 249, "is_encoder_decoder": True, "d_model": 32}
    run: dict[str, JsonValue] = {"parameters_total": 59168, "parameters_embedding": 16288}
    assert derived(config=reader, recorded_flos=6 * 42880 * 7160, **run)["tokens"] == 7160
    heard: JsonValue = {"vocab_size": 249, "is_encoder_decoder": True, "num_mel_bins": 80}
    assert "tokens" not in derived(config=heard, recorded_flos=6 * 42880 * 7160, **run)


def test_several_processes_add_their_operations_in_32_bits() -> None:
    run: dict[str, JsonValue] = {
        "parameters_total": 76082,
        "parameters_embedding": 16656,
        "config": {"vocab_size": 249},
    }
    true = 6 * 59426 * 6884
    assert derived(world_size=2, recorded_flos=true + 32, **run)["tokens"] == 6884
    assert "tokens" not in derived(world_size=1, recorded_flos=true + 32, **run)
    assert "tokens" not in derived(world_size=2, recorded_flos=true + 5000, **run)


def test_a_buffer_of_barts_kin_is_no_parameter_and_the_shared_table_is_one(tmp_path: Path) -> None:
    header = {
        "model.shared.weight": tensor(0, 80, [10, 2]),
        "w": tensor(80, 104),
        "final_logits_bias": tensor(104, 144, [1, 10]),
    }
    safetensors(tmp_path / "model.safetensors", header, 144)
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 26
    assert value(result, FoundOnly.PARAMETERS_EMBEDDING) == 20


def optimizer(path: Path, step: Any, member: bytes = b"") -> None:
    state = {"state": {0: {"step": step, "exp_avg": T((4,), "1")}}, "param_groups": [{"params": [0]}]}
    save(path, state)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("archive/data/7", member)


def test_updates_that_an_optimizer_counted(tmp_path: Path) -> None:
    file = tmp_path / "optimizer.bin"
    optimizer(file, T((), "7"), struct.pack("<f", 12.0))
    result = scan_path(tmp_path)
    assert (value(result, "steps"), value(result, "parameters_trainable")) == (12, 4)
    optimizer(file, T((), "7", "LongStorage"), struct.pack("<q", 9))
    assert value(scan_path(tmp_path), "steps") == 9
    optimizer(file, 21)
    assert value(scan_path(tmp_path), "steps") == 21
    for step, member in ((T((), "7"), b"\0"), (T((), "7"), struct.pack("<f", float("nan"))), (T((2,), "7"), bytes(8)),
                         (T((), "8"), b""), (T((), "7", parameter=True), struct.pack("<f", 3.0)), ("12", b"")):  # fmt: skip
        optimizer(file, step, member)
        assert value(scan_path(tmp_path), "steps") is None
    optimizer(file, 21)
    (tmp_path / "trainer_state.json").write_text(
        json.dumps({"global_step": 20, "max_steps": 20, "epoch": 1.0})
    )
    result = scan_path(tmp_path)
    assert value(result, "steps") == 20
    assert not result.conflicts


def test_keras_writes_a_row_for_each_epoch(tmp_path: Path) -> None:
    (tmp_path / "training.log").write_text(
        "epoch,accuracy,loss,val_loss\n0,0.2,1.5,NA\n1,0.4,1.25,1.5\n2,0.5,1.0,1.4\n"
    )
    result = scan_path(tmp_path)
    assert (value(result, "epochs"), value(result, FoundOnly.TRAIN_LOSS)) == (3.0, 1.0)
    (tmp_path / "training.log").write_text("epoch,speed\n0,0.2\n")
    assert value(scan_path(tmp_path), "epochs") is None


def test_fastai_keeps_its_weights_in_a_folder_called_models(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    save(
        tmp_path / "models" / "stage1.pth",
        {"model": Ordered({"0.weight": T((3, 2), "0"), "1.running_mean": T((3,), "1")}), "opt": {}},
    )
    table = tmp_path / "history.csv"
    table.write_text("epoch,train_loss,valid_loss,time\n0,0.6,0.7,00:03\n")
    assert value(scan_path(tmp_path), "parameters_total") == 6
    (tmp_path / "pytorch_model.bin").write_bytes((tmp_path / "models" / "stage1.pth").read_bytes())
    assert not scan_path(tmp_path).conflicts


def test_timm_knows_its_processes(tmp_path: Path) -> None:
    args = Thing("argparse", "Namespace", {"batch_size": 8, "epochs": 3, "world_size": 4})
    save(
        tmp_path / "last.pth",
        {
            "epoch": 2,
            "arch": "vit_tiny_patch16_224",
            "version": 2,
            "args": args,
            "state_dict": Ordered({"w": T((5,), "0")}),
        },
    )
    (tmp_path / "args.yaml").write_text(
        "model: vit_tiny_patch16_224\nopt: adamw\nepochs: 3\nbatch_size: 8\nnum_classes: 3\ngrad_accum_steps: 2\n"
    )
    result = scan_path(tmp_path)
    assert (value(result, "world_size"), value(result, "global_batch")) == (4, 64)


def card(*sets: tuple[str, list[tuple[float, int]]], sampler: str = "proportional") -> str:
    lines = ["### Training Datasets"]
    for size, columns in sets:
        cells = [
            f"<ul><li>min: 1 tokens</li><li>mean: {mean} tokens</li><li>max: {most} tokens</li></ul>"
            for mean, most in columns
        ]
        lines += ["#### name", f"* Size: {size} training samples", f"  | details | {' | '.join(cells)} |"]
    lines += [
        "### Training Hyperparameters",
        "#### All Hyperparameters",
        f"- `multi_dataset_batch_sampler`: {sampler}",
    ]
    return "\n".join(lines) + "\n"


def test_several_sets_of_texts_count_by_their_sizes(tmp_path: Path) -> None:
    def lengths(text: str) -> Any:
        (tmp_path / "README.md").write_text(text)
        return value(scan_path(tmp_path), FoundOnly.SAMPLE_LENGTHS)

    pairs, scored = [(8.0, 10), (20.0, 40)], [(4.0, 6), (10.0, 20)]
    assert lengths(card(("3,000", pairs), ("1,000", scored))) == [
        {"min": 1.0, "mean": 7.0, "max": 9.0},
        {"min": 1.0, "mean": 17.5, "max": 35.0},
    ]
    assert lengths(card(("3,000", pairs))) == [
        {"min": 1, "mean": 8.0, "max": 10},
        {"min": 1, "mean": 20.0, "max": 40},
    ]
    assert lengths(card(("3,000", pairs), ("1,000", scored), sampler="round_robin")) is None
    assert lengths(card(("3,000", pairs), ("1,000", scored[:1]))) is None
    assert lengths(card(("many", pairs), ("1,000", scored))) is None


@pytest.mark.parametrize(
    ("stage", "key", "left"),
    [
        ("grpo", "num_input_tokens_seen", False),
        ("rloo", "train/num_input_tokens_seen", False),
        ("grpo", "total_tokens", True),
        ("sft", "num_input_tokens_seen", True),
        (None, "num_input_tokens_seen", True),
    ],
)
def test_the_count_that_grpo_copies_into_the_trainers_field_is_not_of_all_tokens(
    stage: str | None, key: str, left: bool
) -> None:
    """It leaves the padding out, and stands in a checkpoint whose log does not hold it yet."""
    origin = Origin(kind=OriginKind.FILE, file="checkpoint-5/trainer_state.json", key=key)
    values: dict[str, JsonValue] = {"tokens": 3746, "tokens_recorded": 3746} | (
        {"training_stage": stage} if stage else {}
    )
    facts = tuple(Fact(name=name, value=one, origin=origin) for name, one in values.items())
    names = {fact.name for fact in derive(facts)}
    assert ("tokens" in names) is left
    assert "tokens_recorded" in names


def own_loop(path: Path, **beside: Any) -> None:
    """A checkpoint of a loop of one's own, with 4 weights."""
    save(path, {"epoch": 3, "model_state_dict": {"w": T((4,), "0")}, **beside})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("archive/data/7", struct.pack("<f", 17.0))


def state(trained: int = 4) -> dict[str, Any]:
    return {
        "state": {0: {"step": T((), "7"), "exp_avg": T((trained,), "1")}},
        "param_groups": [{"params": [0]}],
    }


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ({"optimizer_state_dict": state()}, (17, 4, "full")),
        ({"optimizer": state(2)}, (17, 2, "frozen_partial")),
        ({"optim": state()}, (17, 4, "full")),
        (
            {
                "opt": {
                    "state": [{"step": 9, "grad_avg": T((3,), "1")}, {"step": 5, "grad_avg": T((1,), "1")}],
                    "hypers": [],
                }
            },
            (9, 4, "full"),
        ),  # fastai: the head first
        (
            {"opt": {"state": [{}, {"step": 9, "sqr_avg": T((3,), "1")}], "hypers": []}},
            (9, 3, "frozen_partial"),
        ),
        ({"opt": {"state": [], "hypers": []}}, (None, None, None)),
        ({"optimizer_g": state(), "optimizer_d": state()}, (None, None, None)),  # two that train in turn
        ({"optimizer": {"state": {}, "param_groups": [{"params": [0]}]}}, (None, None, None)),
        ({"optimizer": "adam"}, (None, None, None)),
        ({"options": state()}, (None, None, None)),
    ],
)
def test_the_optimizer_in_a_checkpoint_of_ones_own(
    tmp_path: Path, beside: dict[str, Any], told: tuple[Any, ...]
) -> None:
    own_loop(tmp_path / "checkpoint.pth", **beside)
    result = scan_path(tmp_path)
    assert tuple(value(result, name) for name in ("steps", "parameters_trainable", "training_method")) == told
    assert value(result, "parameters_total") == 4


@pytest.mark.parametrize(("trained", "method"), [(4, "full"), (2, "frozen_partial")])
def test_the_optimizer_of_lightning_tells_what_was_trained(tmp_path: Path, trained: int, method: str) -> None:
    file = tmp_path / "last.ckpt"
    kept = {
        "pytorch-lightning_version": "2.5.0",
        "global_step": 12,
        "state_dict": {"w": T((4,), "0")},
        "optimizer_states": [state(trained)],
    }
    save(file, kept)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("archive/data/7", struct.pack("<f", 17.0))
    result = scan_path(tmp_path)
    told = [value(result, name) for name in ("steps", "parameters_trainable", "training_method")]
    assert told == [12, trained, method]
    assert not result.conflicts
