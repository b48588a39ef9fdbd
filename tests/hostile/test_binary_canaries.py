# SPDX-License-Identifier: Apache-2.0
"""Private things planted in every text of GGUF, ONNX, Keras, pickles and logs: none becomes a fact or a note."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.scan import scan_path
from tests.hostile import gguf_maker
from tests.hostile.events_maker import event, log, scalar, text_entry
from tests.hostile.joblib_maker import Array, joblib_file
from tests.hostile.torch_maker import Ordered, T, Thing, layer, pickled, save
from tests.unit.scan.test_small_formats import onnx, tensor

MARK = "zqcanary"
SHAPES = {
    "path": f"/home/{MARK}/models/x.pt",
    "windows": f"C:\\Users\\{MARK}\\x.pt",
    "token": f"hf_{MARK}AbCdEfGhIjKlMnOpQrStUvWxYz",
    "mail": f"{MARK}@example.org",
    "login": f"https://{MARK}:pass@host.example/repo.git",
}
GGUF_KEYS = (
    "general.name author license license.name license.link description organization url repo_url basename finetune "
    "version quantized_by base_model.0.name base_model.0.repo_url dataset.0.name dataset.0.repo_url"
)
ARGUMENTS = (
    "output_dir",
    "run_name",
    "hub_token",
    "hub_model_id",
    "logging_dir",
    "optim",
    "lr_scheduler_type",
    "deepspeed",
)


def write_gguf(folder: Path, said: str) -> None:
    settings, tensors = gguf_maker.llama()
    settings |= {f"general.{key.removeprefix('general.')}": said for key in GGUF_KEYS.split()}
    settings |= {"general.base_model.count": 1, "general.dataset.count": 1, "general.tags": [said], "x.y": said,
                 "general.languages": [said], "general.datasets": [said], "quantize.imatrix.file": said}  # fmt: skip
    gguf_maker.write(folder / "m.gguf", settings, tensors)


def write_onnx(folder: Path, said: str) -> None:
    properties = dict.fromkeys(("license", "author", "description", said), said)
    (folder / "m.onnx").write_bytes(onnx(tensor(said, [4]), properties=properties))


def write_keras(folder: Path, said: str) -> None:
    inner = {"class_name": said, "config": {"name": said, "function": said}, "build_config": None}
    compiled = {"optimizer": {"class_name": said, "config": {"name": said}}, "loss": said}
    config = {"class_name": said, "config": {"name": said, "layers": [inner]}, "compile_config": compiled}
    with zipfile.ZipFile(folder / "m.keras", "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": said, "date_saved": said}))
        archive.writestr("config.json", json.dumps(config))


def write_sklearn(folder: Path, said: str) -> None:
    state = {"C": said, "memory": said, said: 1, "_sklearn_version": said, "feature_names_in_": [said]}
    (folder / "m.pkl").write_bytes(pickled(Thing("sklearn." + said.replace("\\", ""), "SVC", state)))
    words = Array((1,), "O8", pickled([said]))
    named: dict[str, object] = {"C": said, said: words, "coef_": Array((2,)), "_sklearn_version": said}
    (folder / "m.joblib").write_bytes(joblib_file("sklearn.x", "Ridge", named))


def write_nanogpt(folder: Path, said: str) -> None:
    config = dict.fromkeys(
        ("out_dir", "dataset", "init_from", "wandb_project", "dtype", "device", "learning_rate"), said
    )
    save(
        folder / "ckpt.pt",
        {
            "model": Ordered({said: T((2, 2), "0")}),
            "model_args": {"bias": said},
            "iter_num": 4,
            "config": config,
        },
    )


def write_ultralytics(folder: Path, said: str) -> None:
    arguments = dict.fromkeys(
        ("data", "project", "name", "save_dir", "model", "optimizer", "task", "device"), said
    )
    top = {"model": layer({"weight": T((2, 2), "0", parameter=True)}), "train_args": arguments, "version": said,
           "license": said, "date": said, "git": {"origin": said}, "train_metrics": {said: 1.0}, "epoch": 1}  # fmt: skip
    save(folder / "last.pt", top)


def write_events(folder: Path, said: str) -> None:
    arguments = json.dumps(dict.fromkeys(ARGUMENTS, said) | {"max_steps": 5})
    config = json.dumps({"model_type": "llama", "_name_or_path": said, "x": said})
    data = log(event(1.0, 2, scalar("train/loss", 1.0)), event(2.0, 3, text_entry("args/text_summary", arguments)),
               event(3.0, 3, text_entry("model_config/text_summary", config)))  # fmt: skip
    (folder / f"events.out.tfevents.1.{MARK}-host.1.0").write_bytes(data)


def write_wandb(folder: Path, said: str) -> None:
    files = folder / "wandb" / "run-20260101_000000-abc" / "files"
    files.mkdir(parents=True)
    keys = (
        "email",
        "host",
        "username",
        "program",
        "codePath",
        "codePathLocal",
        "executable",
        "root",
        "gpu",
        "python",
        "os",
    )
    (files / "wandb-metadata.json").write_text(
        json.dumps(dict.fromkeys(keys, said) | {"args": [said], "git": {"remote": said}})
    )
    (files / "wandb-summary.json").write_text(json.dumps({"train/global_step": 4, "note": said, said: 3}))
    listed = "".join(f"{key}:\n    value: {json.dumps(said)}\n" for key in ARGUMENTS)
    (files / "config.yaml").write_text(f"wandb_version: 1\n{listed}")


def write_mlflow(folder: Path, said: str) -> None:
    run = folder / "mlruns" / "1" / ("a" * 32)
    for name in ("params", "metrics", "tags"):
        (run / name).mkdir(parents=True)
    (run / "meta.yaml").write_text(
        f"run_id: {'a' * 32}\nuser_id: {json.dumps(said)}\nartifact_uri: {json.dumps(said)}\n"
    )
    for name in (*ARGUMENTS, "batch_size", "epochs"):
        (run / "params" / name).write_text(said)
    (run / "tags" / "mlflow.user").write_text(said)
    (run / "metrics" / "loss").write_text("1 1.0 7\n")


def write_codecarbon(folder: Path, said: str) -> None:
    columns = "project_name run_id region country_name cloud_region os cpu_model gpu_model codecarbon_version longitude".split()
    row = ",".join(["5", "0.5", "1", *[said] * len(columns)])
    (folder / "emissions.csv").write_text(
        "duration,energy_consumed,emissions," + ",".join(columns) + "\n" + row + "\n"
    )


WRITERS: dict[str, Callable[[Path, str], None]] = {
    name.removeprefix("write_"): function
    for name, function in dict(globals()).items()
    if name.startswith("write_")
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("name", sorted(WRITERS))
def test_private_things_become_no_fact(tmp_path: Path, name: str, shape: str) -> None:
    WRITERS[name](tmp_path, SHAPES[shape])
    result = scan_path(tmp_path)
    assert result.files
    assert any(record.outcome == "read" for record in result.files), [record.what for record in result.files]
    said = json.dumps([[fact.name, fact.value, fact.origin.key, fact.origin.note] for fact in result.facts])
    assert MARK not in said
    # The names of files may stand in notes and records; what is in them may not.
    told = json.dumps([*result.notes, *(f"{record.what} {record.why}" for record in result.files)])
    assert MARK not in told.replace(f"events.out.tfevents.1.{MARK}-host.1.0", "")


PRIVATE_WORDS = ("events", "mlflow", "wandb", "codecarbon")


@pytest.mark.parametrize("name", PRIVATE_WORDS)
def test_plain_words_of_loggers_stay_out_but_for_names_of_devices(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path, MARK)
    kept = {fact.name for fact in scan_path(tmp_path).facts if MARK in json.dumps(fact.value)}
    assert kept <= {"device_name", "versions", "config"}
