# SPDX-License-Identifier: Apache-2.0
"""Folders in which every reader finds a file: those of the hostile tests, the small trained ones, and a few more."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.hostile import test_binary_canaries as binary
from tests.hostile import test_binary_property as small
from tests.hostile.joblib_maker import WAYS, Array, joblib_file
from tests.hostile.tool_maker import FOLDERS, Weights, build
from tests.hostile.torch_maker import T, save
from tests.unit.scan.test_wandb_file import framed, records, write

TRAINED = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "trained"
LARGEST = 60_000


def folders() -> dict[str, Callable[[Path], object]]:
    """A name and how to fill the folder of that name."""
    made: dict[str, Callable[[Path], object]] = {}
    for name, files in FOLDERS.items():
        made[f"tool_{name}"] = partial(_build, files)
    for name, writer in binary.WRITERS.items():
        made[f"binary_{name}"] = partial(_canary, writer)
    for name, data in small.SEEDS.items():
        made[f"seed_{name}"] = partial(_one, name, data)
    for folder in sorted(path for path in TRAINED.iterdir() if path.is_dir()):
        made[f"trained_{folder.name}"] = partial(_copy, folder)
    made["wandb_offline"] = lambda root: write(root, framed(records()))
    made["states"] = _states
    made["hdf5"] = partial(_copy, TRAINED.parent / "hdf5")
    made["spacy"] = partial(_copy, TRAINED.parent / "spacy")
    made["diffusers"] = partial(_copy, TRAINED.parent / "diffusers" / "learned_word")
    made["packed"] = _packed
    return made


def _build(files: dict[str, object], root: Path) -> None:
    build(root, files)


def _canary(writer: Callable[[Path, str], None], root: Path) -> None:
    writer(root, "zqcanary")


def _one(name: str, data: bytes, root: Path) -> None:
    (root / name).write_bytes(data)


def _copy(folder: Path, root: Path) -> None:
    """Without large files: a fuzzer wants small ones."""
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size <= LARGEST:
            target = root / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _packed(root: Path) -> None:
    """Joblib files in each way of packing."""
    plain = joblib_file("sklearn.x", "Ridge", {"coef_": Array((3, 2)), "intercept_": 0.5, "alpha": 1.0})
    for name, pack in WAYS.items():
        (root / f"{name}.joblib").write_bytes(pack(plain))


def _states(root: Path) -> None:
    """What no other folder holds."""
    shards = {f"model-0000{number}-of-00002.safetensors": f"w{number}" for number in (1, 2)}
    _build({shard: Weights({}, {tensor: [2, 3]}) for shard, tensor in shards.items()}, root)
    places = {tensor: shard for shard, tensor in shards.items()}
    (root / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {"total_size": 48, "total_parameters": 12}, "weight_map": places})
    )
    (root / "checkpoint-2").mkdir()
    (root / "checkpoint-2" / "trainer_state.json").write_text('{"global_step": 2}')
    (root / "checkpoint-2" / "rng_state_0.pth").write_bytes(small.SEEDS["model.pt"])
    save(
        root / "checkpoint-2" / "optimizer.pt",
        {
            "state": {0: {"step": T((), "0"), "exp_avg": T((2, 3), "1"), "exp_avg_sq": T((2, 3), "2")}},
            "param_groups": [{"params": [0], "lr": 1e-3}],
        },
    )
    (root / "tokens_state.json").write_text(json.dumps({"total": 5000, "trainable": 4000}))
    (root / "eval_results.json").write_text(json.dumps({"eval_loss": 1.5, "epoch": 1.0, "eval_samples": 20}))
    (root / "trainer_log.jsonl").write_text(
        "\n".join(
            json.dumps({"current_steps": step, "total_steps": 20, "loss": 1.0, "epoch": step / 10,
                        "elapsed_time": "0:01:02", "total_tokens": 100 * step}) for step in (5, 10, 20)
        )
    )  # fmt: skip
