# SPDX-License-Identifier: Apache-2.0
"""What a second look with tools that had not been tried brought: Lightning, SetFit, the Trainer in mlflow, Keras."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from tests.hostile.torch_maker import T, save


def value(folder: Path, name: str) -> Any:
    fact = scan_path(folder).fact(name)
    return fact.value if fact is not None else None


def lightning(path: Path, *, processed: Any, last: Any) -> None:
    loop = {
        "epoch_loop.batch_progress": {"is_last_batch": last},
        "epoch_progress": {"total": {"processed": processed}},
    }
    save(path, {"state_dict": {"w": T((2, 3), "0")}, "pytorch-lightning_version": "2.6.6", "global_step": 12,
                "epoch": 2, "loops": {"fit_loop": loop}})  # fmt: skip


@pytest.mark.parametrize(
    ("processed", "last", "epochs"), [(2, True, 2.0), (2, False, None), (0, True, None), ("2", True, None), (True, True, None)]
)  # fmt: skip
def test_lightning_counts_whole_epochs(tmp_path: Path, processed: Any, last: Any, epochs: Any) -> None:
    lightning(tmp_path / "last.ckpt", processed=processed, last=last)
    assert value(tmp_path, "steps") == 12
    assert value(tmp_path, "epochs") == epochs


def mlflow(root: Path, params: dict[str, Any], metrics: dict[str, str]) -> None:
    run = root / "mlruns" / "0" / ("a" * 32)
    for folder, files in (("params", params), ("metrics", metrics)):
        (run / folder).mkdir(parents=True)
        for name, text in files.items():
            (run / folder / name).write_text(str(text))
    (run / "meta.yaml").write_text(
        f"run_id: {'a' * 32}\nstatus: 3\nstart_time: 1795720755000\nend_time: 1795720795000\n"
    )
    (root / "config.json").write_text('{"model_type": "llama"}')


METRICS = {
    "loss": "1795720755851 5.2 8\n",
    "epoch": "1795720755736 0.25 1\n1795720755851 2.0 8\n1795720755784 0.5 2\n",
    "total_flos": "1795720755852 113246208.0 8\n",
    "train_runtime": "1795720755852 39.5 8\n",
    "train_samples_per_second": "1795720755852 6.0 8\n",
}


def test_what_the_trainer_hands_to_mlflow(tmp_path: Path) -> None:
    mlflow(
        tmp_path,
        {"per_device_train_batch_size": 3, "num_train_epochs": 2, "gradient_accumulation_steps": 2},
        METRICS,
    )
    assert value(tmp_path, "epochs") == 2.0  # the row of the last step, not the last row
    assert value(tmp_path, "recorded_flos") == 113246208
    assert value(tmp_path, "train_runtime_seconds") == 39.5  # its own clock before that of mlflow


def test_the_same_names_of_another_program_say_nothing(tmp_path: Path) -> None:
    mlflow(tmp_path, {"lr": 0.1, "epochs": 5}, METRICS)
    assert value(tmp_path, "epochs") is None
    assert value(tmp_path, "recorded_flos") is None


def test_broken_metrics_are_passed_over(tmp_path: Path) -> None:
    broken = {"loss": METRICS["loss"], "epoch": "x", "total_flos": "1 nan 1\n", "train_runtime": "\xff" * 3}
    mlflow(tmp_path, {"per_device_train_batch_size": 3, "num_train_epochs": 2}, broken)
    assert value(tmp_path, "epochs") is None
    assert value(tmp_path, "recorded_flos") is None


def test_the_batch_of_setfit_is_not_the_default_of_its_trainer(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "trainer_state.json").write_text(
        json.dumps({"global_step": 18, "train_batch_size": 8, "epoch": 1.0})
    )
    card = (
        "---\nlibrary_name: {}\n---\n### Training hyperparameters\n- train_batch_size: 4\n- num_devices: 1\n"
    )
    (tmp_path / "README.md").write_text(card.format("transformers"))
    assert value(tmp_path, "batch_per_device") == 8
    (tmp_path / "README.md").write_text(card.format("setfit"))
    result = scan_path(tmp_path)
    assert value(tmp_path, "batch_per_device") == 4
    assert not [conflict for conflict in result.conflicts if conflict.name == "batch_per_device"]
    (tmp_path / "README.md").write_text("---\nlibrary_name: setfit\n---\n")
    assert value(tmp_path, "batch_per_device") == 8  # with nothing better it still counts


def keras(path: Path, layer: dict[str, Any]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr(
            "config.json", json.dumps({"class_name": "Functional", "config": {"layers": [layer]}})
        )
        archive.writestr("model.weights.h5", b"")


LSTM = {"class_name": "LSTM", "config": {"units": 5, "use_bias": True}}
GRU = {"class_name": "GRU", "config": {"units": 3, "reset_after": True}}


@pytest.mark.parametrize(
    ("settings", "parameters"),
    [
        ({"layer": LSTM}, 2 * 4 * 5 * (8 + 5 + 1)),  # 560, as keras counts it
        ({"layer": LSTM, "backward_layer": GRU}, 4 * 5 * 14 + 3 * 3 * (8 + 3 + 2)),
        ({"layer": {"class_name": "ConvLSTM1D", "config": {}}}, None),
        ({"layer": "LSTM"}, None),
        ({}, None),
    ],
)
def test_a_layer_of_keras_that_reads_both_ways(tmp_path: Path, settings: Any, parameters: Any) -> None:
    layer = {
        "class_name": "Bidirectional",
        "config": settings,
        "build_config": {"input_shape": [None, 12, 8]},
    }
    keras(tmp_path / "text.keras", layer)
    assert value(tmp_path, "parameters_total") == parameters
