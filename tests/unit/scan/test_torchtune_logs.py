# SPDX-License-Identifier: Apache-2.0
"""Updates of torchtune's recipes: by the log of text, by TensorBoard's, by the limit of an epoch, by the state kept after one."""

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from tests.hostile.events_maker import event, field, log
from tests.hostile.tool_maker import FOLDERS, build
from tests.hostile.tool_settings import TORCHTUNE
from tests.hostile.torch_maker import T, save

LINES = "Step 1 | loss:5.3 lr:0.1 tokens_per_second_per_gpu:9.5 \nStep {last} | loss:5.2 lr:0.1 \n"
FREE = TORCHTUNE | {"max_steps_per_epoch": None}


def made(root: Path, **changes: Any) -> ScanResult:
    return scan_path(build(root, {**FOLDERS["torchtune"], **changes}))


def steps(result: ScanResult) -> tuple[object, str | None, str | None] | None:
    fact = result.fact("steps")
    return None if fact is None else (fact.value, fact.origin.file, fact.origin.note)


def new_style(tag: str) -> bytes:
    """A scalar as torchtune's TensorBoardLogger writes it: a tensor of 32 bits with one number."""
    return field(
        1,
        field(1, tag)
        + field(8, b"\x08\x01" + field(5, struct.pack("<f", 5.0)))
        + field(9, field(1, field(1, "scalars"))),
    )


def test_the_newest_log_of_text_tells(tmp_path: Path) -> None:
    result = made(
        tmp_path, **{"logs/log_20.txt": LINES.format(last=12), "logs/log_9.txt": LINES.format(last=99)}
    )
    assert steps(result) == (12, "logs/log_20.txt", None)
    every = made(tmp_path, **{"torchtune_config.yaml": TORCHTUNE | {"log_every_n_steps": 5}})
    assert "may have gone on" in str(steps(every))
    long = "Step 7 | loss:1\n" * 9_000 + LINES.format(last=9_001)  # longer than what is looked at
    assert steps(made(tmp_path, **{"logs/log_20.txt": long})) == (9_001, "logs/log_20.txt", None)


@pytest.mark.parametrize("content", ["", "Step x | loss\n", "a Step 7 | b\n", "Step 7 loss:1\n"])
def test_another_text_says_nothing(tmp_path: Path, content: str) -> None:
    assert steps(made(tmp_path, **{"logs/log_20.txt": content})) == (
        200,
        "torchtune_config.yaml",
        "steps in an epoch × epochs saved",
    )


def test_the_log_of_tensorboard(tmp_path: Path) -> None:
    data = log(
        *(event(1000.0 + n, n, new_style(tag)) for n in (1, 8) for tag in ("loss", "lr")),
        event(2000.0, 50, new_style("my_loss")),
    )
    name = "logs/run_0_1795814014.8/events.out.tfevents.1795814014.h.1.0"
    assert steps(made(tmp_path, **{name: data})) == (8, name, None)
    broken = made(tmp_path, **{name: b"no log"})
    assert steps(broken) == (200, "torchtune_config.yaml", "steps in an epoch × epochs saved")
    assert next(file for file in broken.files if file.path == name).outcome is FileOutcome.UNREADABLE


@pytest.mark.parametrize(
    ("counted", "epochs_run", "found"), [(6, 1, 12), (6, 2, 6), (7, 2, None), (6, 0, None), (6, None, None)]
)
def test_the_state_kept_after_an_epoch(
    tmp_path: Path, counted: int, epochs_run: int | None, found: int | None
) -> None:
    build(tmp_path, {**FOLDERS["torchtune"], "torchtune_config.yaml": FREE, "recipe_state/a.txt": ""})
    state = tmp_path / "recipe_state" / "recipe_state.pt"
    kept = {
        "optimizer": {"state": {0: {"step": T((), "7"), "exp_avg": T((4,), "1")}}},
        "epochs_run": epochs_run,
    }
    save(state, kept)
    with zipfile.ZipFile(state, "a") as archive:
        archive.writestr("archive/data/7", struct.pack("<f", float(counted)))
    told = steps(scan_path(tmp_path))
    assert (told and told[0]) == found
    state.write_bytes(b"PK broken")
    result = scan_path(tmp_path)
    assert steps(result) is None
    assert (
        next(file for file in result.files if file.path.endswith("state.pt")).outcome
        is FileOutcome.UNREADABLE
    )
