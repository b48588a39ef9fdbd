# SPDX-License-Identifier: Apache-2.0
"""What transformers' scripts without a Trainer leave (run_*_no_trainer.py): arguments, saves of accelerate, a model at the end."""

import struct
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import ScanResult
from core.scan import scan_path
from tests.hostile.events_maker import event, log, scalar
from tests.hostile.tool_maker import build
from tests.hostile.torch_maker import T
from tests.unit.scan.test_what_runs_leave import optimizer

ARGUMENTS = "clm_no_trainer/1795825404.8074954/hparams.yml"
CLM = {"model_name_or_path": "openai-community/gpt2", "config_name": None, "tokenizer_name": None, "model_type": None,
       "dataset_name": "Salesforce/wikitext", "block_size": 128, "no_keep_linebreaks": False, "per_device_train_batch_size": 4,
       "gradient_accumulation_steps": 2, "num_train_epochs": 2, "max_train_steps": 30, "num_warmup_steps": 3, "with_tracking": True,
       "output_dir": "/home/mira/out"}  # fmt: skip
GLUE = {
    **{k: v for k, v in CLM.items() if k not in ("block_size", "no_keep_linebreaks")},
    "max_length": 96,
    "pad_to_max_length": False,
}
MLM = {**GLUE, "max_length": None, "pad_to_max_length": None, "mlm_probability": 0.15, "max_seq_length": 64}
MODEL = {"model_type": "gpt2", "vocab_size": 320, "n_positions": 1024, "max_position_embeddings": 1024}


def made(root: Path, arguments: dict[str, Any], longest: Any = 1024, **files: Any) -> ScanResult:
    ended = log(*(event(1000.0 + n, n, scalar(tag, 1.0)) for n in (15, 30) for tag in ("step", "train_loss")))
    model = {"config.json": MODEL, "tokenizer_config.json": {"model_max_length": longest}, ARGUMENTS: arguments,
             "clm_no_trainer/events.out.tfevents.1795825404.host.1.0": ended}  # fmt: skip
    return scan_path(build(root, model | files))


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def test_what_the_arguments_say(tmp_path: Path) -> None:
    result = made(tmp_path, CLM)
    told = {"origin": "fine_tune", "base_model": "openai-community/gpt2", "datasets": ["Salesforce/wikitext"], "steps": 30, "steps_planned": 30,
            "batch_per_device": 4, "gradient_accumulation": 2, "epochs_planned": 2.0, "sequence_length": 128, "world_size": None}  # fmt: skip
    assert {name: value(result, name) for name in told} == told
    assert value(result, "hyperparameters")["num_warmup_steps"] == 3
    assert "/home/mira" not in result.model_dump_json()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, "fine_tune"),
        ({"model_name_or_path": None, "model_type": "gpt2"}, "from_scratch"),
        ({"model_name_or_path": None, "config_name": "gpt2", "tokenizer_name": "gpt2"}, "from_scratch"),
        ({"model_name_or_path": None}, None),
    ],
)
def test_where_a_model_started(tmp_path: Path, change: dict[str, Any], found: Any) -> None:
    assert value(made(tmp_path, CLM | change), "origin") == found


@pytest.mark.parametrize(
    ("arguments", "longest", "found"),
    [
        (CLM, 64, (64, "block_size, no_keep_linebreaks")),  # the script lowers it to what the tokenizer allows
        (CLM, None, None),
        (CLM | {"block_size": None}, 1024, (1024, "block_size, no_keep_linebreaks")),
        (CLM | {"block_size": None}, 512, None),  # 512 by the newer scripts, 1024 by the older ones
        (CLM | {"block_size": None}, 10**30, (1024, "block_size, no_keep_linebreaks")),
        (CLM | {"fim_rate": 0.5}, 1024, None),
        (MLM | {"line_by_line": False}, 512, (64, "max_seq_length, line_by_line")),
        (MLM | {"line_by_line": False, "max_seq_length": None}, 512, (512, "max_seq_length, line_by_line")),
        (MLM | {"line_by_line": True}, 512, (64, "max_seq_length")),
        (MLM | {"line_by_line": True, "pad_to_max_length": True}, 48, (48, "max_seq_length, pad_to_max_length")),
        (MLM, 512, None),
        (GLUE, 512, (96, "max_length")),
        (GLUE | {"pad_to_max_length": True}, 64, (96, "max_length, pad_to_max_length")),
        (GLUE | {"max_seq_length": 96}, 512, None),  # a multiple choice: several rows for each sample
        (GLUE | {"doc_stride": 9, "max_seq_length": 384}, 512, (384, "max_seq_length")),
        (GLUE | {"doc_stride": 9, "max_seq_length": 384, "pad_to_max_length": True}, 128, (128, "max_seq_length, pad_to_max_length")),
        (GLUE | {"max_source_length": 200}, 64, (200, "max_source_length")),
        (GLUE | {"max_source_length": 200, "pad_to_max_length": True}, 64, (200, "max_source_length, pad_to_max_length")),
    ],
)  # fmt: skip
def test_how_long_the_rows_are(tmp_path: Path, arguments: dict[str, Any], longest: Any, found: Any) -> None:
    fact = made(tmp_path, arguments, longest).fact("sequence_length")
    assert (None if fact is None else (fact.value, fact.origin.key)) == found


def test_without_the_tokenizer_a_block_may_be_shorter(tmp_path: Path) -> None:
    assert value(made(tmp_path, CLM, **{"tokenizer_config.json": "no"}), "sequence_length") is None
    (tmp_path / "tokenizer_config.json").unlink()
    assert value(scan_path(tmp_path), "sequence_length") is None


def test_saves_on_the_way_tell_the_devices(tmp_path: Path) -> None:
    """accelerate's save_state, in step_N; a folder of that name with a model of its own is no save of this run."""
    made(tmp_path, CLM)
    for step in (9, 20):
        folder = tmp_path / f"step_{step}"
        folder.mkdir()
        for name in ("model.safetensors", "random_states_0.pkl", "random_states_1.pkl"):
            (folder / name).write_bytes(b"x")
        optimizer(folder / "optimizer.bin", T((), "7"), struct.pack("<f", float(step)))
    result = scan_path(tmp_path)
    fact = result.fact("world_size")
    assert fact is not None
    assert (fact.value, fact.origin.file) == (2, "step_20/random_states_0.pkl")
    assert value(result, "global_batch") == 16
    for step in (9, 20):
        (tmp_path / f"step_{step}" / "random_states_0.pkl").unlink()
    assert value(scan_path(tmp_path), "world_size") is None


@pytest.mark.parametrize(("change", "found"), [({}, None), ({"per_device_train_batch_size": 1}, None),
                                              ({"per_device_train_batch_size": 1, "gradient_accumulation_steps": 1}, 30),
                                              ({"gradient_accumulation_steps": 1}, None)])  # fmt: skip
def test_rows_are_not_counted_where_an_epoch_may_have_ended_small(
    tmp_path: Path, change: dict[str, Any], found: Any
) -> None:
    """The script says how many epochs it began; 45 rows in batches of 4 end with one row, twice."""
    result = made(tmp_path, CLM | change, **{"step_9/random_states_0.pkl": "x", "step_9/optimizer.bin": "x"})
    assert value(result, "world_size") == 1
    assert value(result, "samples") == found
