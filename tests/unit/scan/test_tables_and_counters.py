# SPDX-License-Identifier: Apache-2.0
"""Counters that timm, Keras and scikit-learn leave behind, each by the tool's own way of counting."""

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import ScanResult
from core.scan import scan_path
from tests.hostile.torch_maker import Ordered, T, Thing, pickled, save, save_legacy

KERAS = Path(__file__).parents[2] / "fixtures" / "hdf5" / "cnn.weights.h5"
TIMM = "model: vit_tiny_patch16_224\nopt: adamw\nepochs: 9\nbatch_size: 8\nnum_classes: 3\n"


def values(folder: Path) -> dict[str, Any]:
    return {fact.name: fact.value for fact in scan_path(folder).facts}


def timm_save(path: Path, epoch: int, step: float, write: Any = save, **settings: Any) -> None:
    """A save as timm's CheckpointSaver writes it, with the state of AdamW inside."""
    state = {0: {"step": T((), "7"), "exp_avg": T((5,), "1")}}
    args = Thing("argparse", "Namespace", {"batch_size": 8, "epochs": 9, "world_size": 2} | settings)
    top = {"epoch": epoch, "arch": "vit_tiny_patch16_224", "version": 2, "args": args, "state_dict": Ordered({"w": T((5,), "0")}),
           "optimizer": {"state": state, "param_groups": [{"params": [0]}]}}  # fmt: skip
    write(path, top)
    if write is save:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("archive/data/7", struct.pack("<f", step))


def summary(*epochs: int) -> str:
    return "epoch,train_loss,eval_loss,eval_top1,lr\n" + "".join(
        f"{one},2.0,1.9,40.5,0.001\n" for one in epochs
    )


@pytest.mark.parametrize(
    ("rows", "done"),
    [((0, 1), 2), ((2, 5, 8), 9), ((4, 5), 6), ((0, 1, 1, 2), 3)],
    ids=["from 0", "--val-interval 3", "resumed", "one twice"],
)
def test_the_last_row_of_timm_tells_the_epochs(tmp_path: Path, rows: tuple[int, ...], done: int) -> None:
    (tmp_path / "summary.csv").write_text(summary(*rows))
    assert values(tmp_path)["epochs"] == done


def test_the_best_save_of_timm_is_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "summary.csv").write_text(summary(0, 1, 2))
    (tmp_path / "args.yaml").write_text(TIMM + "grad_accum_steps: 1\n")
    timm_save(tmp_path / "model_best.pth.tar", 0, 10)
    found = values(tmp_path)
    assert found["epochs"] == 3
    assert "steps" not in found
    timm_save(tmp_path / "last.pth.tar", 2, 30)
    result = scan_path(tmp_path)
    assert not result.conflicts
    found = values(tmp_path)
    assert (found["epochs"], found["steps"], found["global_batch"], found["samples"]) == (3, 30, 16, 480)
    # The rest of an epoch makes a smaller update, and how small is not written.
    (tmp_path / "args.yaml").write_text(TIMM + "grad_accum_steps: 4\n")
    found = values(tmp_path)
    assert (found["steps"], found["global_batch"]) == (30, 64)
    assert "samples" not in found


def test_an_optimizer_that_began_anew_or_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "last.pth.tar"
    timm_save(file, 2, 30, resume="old.pth.tar", no_resume_opt=False)
    assert values(tmp_path)["steps"] == 30
    timm_save(file, 2, 30, resume="old.pth.tar", no_resume_opt=True)
    assert "steps" not in values(tmp_path)
    timm_save(file, 2, 30, write=save_legacy)
    found = values(tmp_path)
    assert (found["parameters_total"], found.get("steps")) == (5, None)


@pytest.mark.parametrize(
    ("lines", "origin", "precision"),
    [
        ("pretrained: false\namp: false\n", "from_scratch", "fp32"),
        ("pretrained: true\namp: true\namp_dtype: float16\n", "fine_tune", "fp16"),
        ("pretrained: false\ninitial_checkpoint: x.pth\namp: false\nmodel_dtype: bfloat16\n", "fine_tune", "bf16"),
        ("pretrained: false\nresume: x.pth\namp: false\nmodel_dtype: float8\n", None, None),
        ("initial_checkpoint: ''\nresume: ''\namp: false\nnative_amp: true\n", None, None),
    ],
)  # fmt: skip
def test_what_timms_settings_say(
    tmp_path: Path, lines: str, origin: str | None, precision: str | None
) -> None:
    (tmp_path / "args.yaml").write_text(TIMM + lines)
    found = values(tmp_path)
    assert (found.get("origin"), found.get("precision")) == (origin, precision)
    assert found["training_method"] == "full"


def keras_save(path: Path, count: int) -> None:
    """Weights as Keras keeps them, whose optimizer counted `count` updates."""
    data = KERAS.read_bytes()
    at = data.rindex(struct.pack("<i", 15))
    path.write_bytes(data[:at] + struct.pack("<i", count) + data[at + 4 :])


def keras_log(path: Path, epochs: int, columns: str = "epoch,accuracy,loss") -> None:
    path.write_text(f"{columns}\n" + "".join(f"{one},0.5,1.5\n" for one in range(epochs)))


def test_the_table_of_keras_under_other_names(tmp_path: Path) -> None:
    keras_log(tmp_path / "training_log.csv", 4)
    assert "epochs" not in values(tmp_path)  # no model of Keras beside it
    keras_save(tmp_path / "model.weights.h5", 15)
    assert values(tmp_path)["epochs"] == 4
    keras_log(tmp_path / "training_log.csv", 4, "epoch,loss,accuracy")  # CSVLogger sorts
    assert "epochs" not in values(tmp_path)
    (tmp_path / "training_log.csv").write_text("epoch,accuracy,loss\n0.5,0.5,1.5\n1,0.5,1.4\n")
    assert "epochs" not in values(tmp_path)


@pytest.mark.parametrize(
    ("saves", "logged", "steps"),
    [
        ({"e_01": 10, "e_02": 20, "e_03": 30, "model": 30}, None, 30),
        ({"e_01": 10, "e_02": 20, "e_03": 30}, 3, 30),
        ({"e_01": 10, "e_03": 30, "best": 30}, 5, None),  # only the best were kept
        ({"e_01": 10, "e_02": 20}, None, None),  # nothing tells that this was the end
        ({"e_01": 10, "e_02": 20, "model": 25}, None, None),
        ({"e_01": 10, "e_02": 15, "model": 15}, None, None),  # not one run
        ({"a_1": 10, "a_2": 20, "b_1": 10, "b_2": 20, "model": 20}, None, None),
        ({f"e_{n}": 10 * n for n in range(2, 13)} | {"model": 120, "best": 70}, 12, 120),
    ],
)
def test_saves_of_every_epoch_tell_the_steps(
    tmp_path: Path, saves: dict[str, int], logged: int | None, steps: int | None
) -> None:
    for name, count in saves.items():
        keras_save(tmp_path / f"{name}.weights.h5", count)
    if logged:
        keras_log(tmp_path / "history.csv", logged)
    result: ScanResult = scan_path(tmp_path)
    fact = result.fact("steps")
    assert (fact and fact.value) == steps
    assert not result.conflicts


@pytest.mark.parametrize(
    ("state", "batch", "steps"),
    [
        ({"t_": 432, "batch_size": 5}, 5, 9 * 10),  # 48 rows: nine batches of 5 and one of 3
        ({"t_": 432, "batch_size": "auto"}, 48, 9),
        ({"t_": 9 * 500, "batch_size": "auto"}, 200, 9 * 3),
        ({"t_": 432, "batch_size": 64, "solver": "sgd"}, 48, 9),
        ({"t_": 433, "batch_size": 5}, None, None),  # rows that differed from call to call
        ({"t_": 432, "batch_size": None}, None, None),
    ],
)
def test_a_network_of_scikit_learn_counts_rows(
    tmp_path: Path, state: dict[str, Any], batch: int | None, steps: int | None
) -> None:
    module = "sklearn.neural_network._multilayer_perceptron"
    kept = {"solver": "adam", "n_iter_": 9, "_sklearn_version": "1.9.1"} | state
    (tmp_path / "model.pkl").write_bytes(pickled(Thing(module, "MLPRegressor", kept)))
    found = values(tmp_path)
    assert (found["epochs"], found["samples"]) == (9, state["t_"])
    assert (found.get("global_batch"), found.get("steps")) == (batch, steps)
    (tmp_path / "model.pkl").write_bytes(pickled(Thing(module, "MLPRegressor", kept | {"solver": "lbfgs"})))
    # lbfgs: n_iter_ are iterations of the optimizer, no passes over the data.
    assert not {"epochs", "samples", "global_batch", "steps"} & values(tmp_path).keys()
    assert values(tmp_path)[FoundOnly.LIBRARY_NAME] == "sklearn"
