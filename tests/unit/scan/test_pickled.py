# SPDX-License-Identifier: Apache-2.0
"""Weights pickled by PyTorch: counted from their descriptions, never loaded."""

import json
import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import require_model, scan_path
from tests.hostile.torch_maker import MAGIC, Ordered, T, Thing, layer, pickled, save, save_legacy

GPT = {
    "transformer.wte.weight": T((50, 8), "0"),
    "transformer.wpe.weight": T((16, 8), "1"),
    "transformer.h.0.attn.c_attn.weight": T((24, 8), "2"),
    "lm_head.weight": T((50, 8), "0"),
}
NANO = {
    "model": Ordered(GPT),
    "optimizer": {"state": {}, "param_groups": []},
    "model_args": {"n_layer": 1, "n_head": 2, "n_embd": 8, "block_size": 16, "bias": False, "vocab_size": 50,
                   "dropout": 0.0},
    "iter_num": 250,
    "best_val_loss": 1.75,
    "config": {"out_dir": "/home/mira/out", "wandb_run_name": "mira", "dataset": "shakespeare_char", "batch_size": 12,
               "block_size": 16, "gradient_accumulation_steps": 4, "max_iters": 5000, "dtype": "bfloat16",
               "init_from": "scratch", "learning_rate": 1e-3},
}  # fmt: skip


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def refused(result: ScanResult, name: str) -> str:
    record = next(record for record in result.files if record.path == name)
    assert record.outcome is FileOutcome.UNREADABLE, record
    assert record.todo
    return f"{record.what} {record.why}"


@pytest.mark.parametrize("write", [save, save_legacy])
def test_a_state_dict_in_both_forms(tmp_path: Path, write: Any) -> None:
    write(tmp_path / "pytorch_model.bin", Ordered(GPT))
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 50 * 8 + 16 * 8 + 24 * 8  # the tied head once
    assert value(result, FoundOnly.WEIGHT_DTYPES) == {"F32": 3}
    assert any("can run code" in note for note in result.notes)


def test_nanogpt_gives_steps_and_tokens(tmp_path: Path) -> None:
    save(tmp_path / "ckpt.pt", NANO)
    result = scan_path(tmp_path)
    assert value(result, "steps") == 250
    assert value(result, "tokens") == 250 * 12 * 4 * 16
    assert value(result, "samples") == 250 * 12 * 4
    assert value(result, "global_batch") == 48
    assert value(result, "sequence_length") == 16
    assert value(result, "precision") == "bf16"
    assert value(result, "origin") == "from_scratch"
    assert value(result, "parameters_total") == 720
    assert value(result, FoundOnly.STEPS_PLANNED) == 5000
    assert "mira" not in result.model_dump_json()


def test_nanogpt_runs_what_gpt2_runs(tmp_path: Path) -> None:
    """Without biases too: they hold parameters, which the file counts, and run no product."""
    for bias, wide in ((True, 8), (False, 8), (None, None)):
        changed = NANO | {"model_args": NANO["model_args"] | {"bias": bias}}  # type: ignore[operator]
        save(tmp_path / "ckpt.pt", changed)
        result = scan_path(tmp_path)
        assert (value(result, FoundOnly.CONFIG) or {}).get("n_embd") == wide
        assert value(result, "parameters_total") == 720


def yolo(**more: Any) -> dict[str, Any]:
    body = layer(
        None,
        **{
            "0": layer({"weight": T((4, 3, 3, 3), "0", "HalfStorage", parameter=True)}),
            "1": layer(None, inner=layer({"weight": T((5, 4), "1", "HalfStorage", parameter=True)})),
        },
    )
    return {
        "epoch": -1, "model": None, "ema": None, "date": "2026-01-01", "version": "8.4.190",
        "license": "AGPL-3.0 (https://ultralytics.com/license)", "train_metrics": {"metrics/mAP50(B)": 0.5},
        "train_args": {"task": "detect", "data": "/home/mira/data.yaml", "epochs": 100, "batch": 16, "imgsz": 640,
                       "amp": True, "save_dir": "/home/mira/runs"},
        "train_results": {"epoch": [1, 2, 37], "time": [1.0, 2.0, 3.0]},
        "git": {"origin": "https://github.com/mira/secret", "branch": "x"},
    } | {"model": body} | more  # fmt: skip


def test_ultralytics(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "args.yaml").write_text("task: detect\nmode: train\nimgsz: 640\n")
    save(tmp_path / "weights" / "last.pt", yolo())
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 4 * 27 + 20
    assert value(result, "epochs") == 37
    assert value(result, FoundOnly.EPOCHS_PLANNED) == 100
    assert value(result, "license") == "agpl-3.0"
    assert value(result, FoundOnly.VERSIONS)["Ultralytics"] == "8.4.190"
    assert "mira" not in result.model_dump_json()
    save(tmp_path / "weights" / "last.pt", yolo(train_results={}, epoch=9))
    assert value(scan_path(tmp_path), "epochs") == 10


def test_timm_and_lightning(tmp_path: Path) -> None:
    weights = Ordered({"fc.weight": T((5, 4), "0")})
    args = Thing(
        "argparse", "Namespace", {"epochs": 30, "batch_size": 64, "data_dir": "/home/mira", "lr": 0.1}
    )
    save(
        tmp_path / "last.pth.tar",
        {"epoch": 8, "arch": "resnet10t", "state_dict": weights, "version": 2, "args": args},
    )
    result = scan_path(tmp_path)
    assert value(result, "epochs") == 9
    assert value(result, "batch_per_device") == 64
    assert value(result, FoundOnly.ARCHITECTURE_CLASS) == "resnet10t"
    (tmp_path / "last.pth.tar").unlink()
    save(
        tmp_path / "epoch=3.ckpt",
        {"epoch": 3, "global_step": 70, "pytorch-lightning_version": "2.5.0", "state_dict": weights},
    )
    assert value(scan_path(tmp_path), "steps") == 70


def test_shards_of_the_old_kind(tmp_path: Path) -> None:
    one, two = "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"
    save(tmp_path / one, Ordered({"a.weight": T((5, 4), "0")}))
    index = {"weight_map": {"a.weight": one, "b.weight": two}, "metadata": {"total_size": 200}}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    assert two in refused(scan_path(tmp_path), "pytorch_model.bin.index.json")
    save(tmp_path / two, Ordered({"b.weight": T((5, 6), "0")}))
    assert value(scan_path(tmp_path), "parameters_total") == 50
    for name in ("../x.bin", "/etc/passwd", ".env.bin", "a:b.bin"):
        index["weight_map"] = {"a": name}
        (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps(index))
        assert "points somewhere else" in refused(scan_path(tmp_path), "pytorch_model.bin.index.json")


class Attack:
    def __reduce__(self) -> Any:
        return (os.system, ("false",))


def test_an_attack_stays_a_name_and_is_told(tmp_path: Path) -> None:
    bomb = pickle.dumps({"w": Attack()}, protocol=2)
    with zipfile.ZipFile(tmp_path / "model.pt", "w") as archive:
        archive.writestr("archive/data.pkl", bomb)
    result = scan_path(tmp_path)
    assert any("Do not load" in note and "posix" in note for note in result.notes)
    (tmp_path / "model.pt").write_bytes(bomb)
    assert "some other program" in refused(scan_path(tmp_path), "model.pt")


@pytest.mark.parametrize(
    "tensor",
    [
        T((10**6, 10**6), "0"),
        T((10**6,), "0", room=10**6),
        T((5,), "0", room=2),
        T((2**40, 2**40), "0", room=5),
    ],
)
def test_claims_larger_than_the_file(tmp_path: Path, tensor: T) -> None:
    save(tmp_path / "model.pt", {"w": tensor})
    assert "more numbers" in refused(scan_path(tmp_path), "model.pt")


def test_broken_archives(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    save(path, Ordered(GPT))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "missing" in refused(scan_path(tmp_path), "model.pt")
    at = whole.index(b"PK\1\2")
    # The directory says another compression than the part itself: scanners were fooled by that.
    path.write_bytes(whole[: at + 10] + b"\x08\x00" + whole[at + 12 :])
    assert "unusual" in refused(scan_path(tmp_path), "model.pt")
    path.write_bytes(whole[:8] + b"\x08\x00" + whole[10:])
    assert "descriptions" in refused(scan_path(tmp_path), "model.pt")
    path.write_bytes(whole.replace(b"transformer.wte", b"transformer.xte", 1))
    assert "checksum" in refused(scan_path(tmp_path), "model.pt")
    save(path, Ordered(GPT), kind=zipfile.ZIP_DEFLATED)
    assert "unusual" in refused(scan_path(tmp_path), "model.pt")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", pickled({}))
        archive.writestr("b/data.pkl", pickled({}))
    assert "not a weights file" in refused(scan_path(tmp_path), "model.pt")
    path.write_bytes(b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0))
    refused(scan_path(tmp_path), "model.pt")
    huge = b"PK\6\6" + bytes(20) + struct.pack("<QQQQ", 1, 1, 2**63, 2**63)
    where = b"PK\6\7" + struct.pack("<IQI", 0, 2**64 - 1, 1)
    path.write_bytes(huge + where + b"PK\5\6" + b"\xff" * 18)
    refused(scan_path(tmp_path), "model.pt")


def test_a_module_that_holds_itself_and_a_pickle_without_end(tmp_path: Path) -> None:
    # The memo lets an object contain itself: walking it must still end.
    body = pickled(layer({"w": T((2, 2), "0")}))[:-1]
    loop = b"q\x01" + b"}X\x08\x00\x00\x00_modules}X\x01\x00\x00\x00ah\x01ss" + b"b"
    with zipfile.ZipFile(tmp_path / "model.pt", "w") as archive:
        archive.writestr("x/data.pkl", body + loop + b".")
        archive.writestr("x/data/0", bytes(100))
    scan_path(tmp_path)
    with zipfile.ZipFile(tmp_path / "model.pt", "w") as archive:
        archive.writestr("x/data.pkl", b"\x80\x02" + b"N0" * 300_000 + b"N.")
    assert "too large" in refused(scan_path(tmp_path), "model.pt")


def test_optimizer_files_are_not_taken_for_weights(tmp_path: Path) -> None:
    save(tmp_path / "optimizer.pt", {"state": {0: {"exp_avg": T((5,), "0")}}})
    save(tmp_path / "scheduler.pt", {"last_epoch": 3})
    assert value(scan_path(tmp_path), "parameters_total") is None


def test_a_legacy_file_larger_than_the_first_read(tmp_path: Path) -> None:
    many = {f"layer.{number}.weight": T((2, 2), str(number)) for number in range(5000)}
    save_legacy(tmp_path / "pytorch_model.bin", many, room=100_000)
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 20_000
    assert MAGIC == 119547037146038801333356
    (tmp_path / "pytorch_model.bin").write_bytes((tmp_path / "pytorch_model.bin").read_bytes()[:200_000])
    refused(scan_path(tmp_path), "pytorch_model.bin")


def test_require_model_accepts_a_folder_with_only_pickled_weights(tmp_path: Path) -> None:
    save(tmp_path / "model.ckpt", Ordered(GPT))
    require_model(scan_path(tmp_path))
