# SPDX-License-Identifier: Apache-2.0
"""Awkward and hostile folders: links, pipes, names, sizes and depths end in a result or in a plain refusal."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from core.errors import Cancelled, CannotRead
from core.scan import ScanProgress, scan_path
from core.scan.walk import walk
from tests.hostile.scan_maker import CONFIG, config, no_model


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "empty" in no_model(tmp_path).what
    (tmp_path / "node_modules").mkdir()
    assert "never read" in no_model(tmp_path).why


def test_a_folder_of_photos_names_what_was_seen(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"IMG_{number}.JPG").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "notes.txt").write_text("holiday")
    trouble = no_model(tmp_path)
    assert "pictures" in trouble.what
    assert "12 × .jpg" in trouble.why


def test_a_missing_folder_and_a_circle(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="is not there"):
        scan_path(tmp_path / "gone")
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(CannotRead):
        scan_path(tmp_path / "a")


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    config(outside)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "config.json").symlink_to(outside / "config.json")
    (inside / "all").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "nowhere").symlink_to(inside / "gone")
    result = scan_path(inside)
    assert not result.found_model
    assert any("not followed: 4" in note for note in result.notes)
    (inside / "config.json").unlink()
    (inside / "real.json").write_text(json.dumps(CONFIG))
    (inside / "config.json").symlink_to("real.json")
    assert scan_path(inside).fact("model_type") is not None


def test_the_hub_cache_is_made_of_links_and_is_read(tmp_path: Path) -> None:
    model = tmp_path / "models--owner--name"
    snapshot = model / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (model / "blobs").mkdir()
    (model / "blobs" / "1234").write_text(json.dumps(CONFIG))
    (snapshot / "config.json").symlink_to("../../blobs/1234")
    for dropped in (snapshot, model, snapshot / "config.json"):
        assert scan_path(dropped).fact("model_type") is not None, dropped
    (tmp_path / "secret.json").write_text(json.dumps(CONFIG))
    (snapshot / "config.json").unlink()
    (snapshot / "config.json").symlink_to("../../../secret.json")
    assert not scan_path(snapshot).found_model


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
@pytest.mark.timeout(10)
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    (tmp_path / "trainer_state.json").symlink_to("config.json")
    result = scan_path(tmp_path)
    assert any("no plain files" in note for note in result.notes)
    with pytest.raises(CannotRead):
        scan_path(tmp_path / "config.json")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only Unicode names")
def test_names_that_are_not_text(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    Path(os.fsdecode(folder)).mkdir()
    Path(os.fsdecode(folder), "config.json").write_text(json.dumps(CONFIG))
    (tmp_path / "a\u202egpj.json\n").write_text("{}")
    seen: list[ScanProgress] = []
    result = scan_path(tmp_path, progress=seen.append)
    assert seen
    written = result.model_dump_json()
    fact = result.fact("model_type")
    assert fact is not None
    assert fact.origin.file == "\\xff\\xfe/config.json"
    assert "\u202e" not in written


def test_twenty_thousand_files_are_quick(tmp_path: Path) -> None:
    for folder in range(20):
        (tmp_path / f"data{folder}").mkdir()
        for number in range(1000):
            os.close(os.open(tmp_path / f"data{folder}" / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    config(tmp_path)
    started = time.process_time()  # others may be at work on this machine
    result = scan_path(tmp_path)
    assert time.process_time() - started < 5
    assert result.files_seen == 20_001
    assert result.complete


def test_limits_of_entries_and_depth_are_told(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").touch()
    tree = walk(tmp_path, max_entries=10)
    assert not tree.complete
    assert len(tree.entries) == 10
    deep = tmp_path
    for _ in range(40):
        deep /= "d"
    deep.mkdir(parents=True)
    config(deep)
    result = scan_path(tmp_path)
    assert not result.complete
    assert not result.found_model
    assert any("32 levels" in note for note in result.notes)


def test_folders_that_are_never_entered(tmp_path: Path) -> None:
    for name in (".git", "node_modules", "venv", "__pycache__", "wandb"):
        (tmp_path / name).mkdir()
        config(tmp_path / name)
    result = scan_path(tmp_path)
    assert not result.found_model
    assert any("node_modules" in note for note in result.notes)


@pytest.mark.parametrize("after", [0, 1])
def test_stopping(tmp_path: Path, after: int) -> None:
    config(tmp_path)
    calls: list[bool] = []

    def cancelled() -> bool:
        calls.append(True)
        return len(calls) > after

    with pytest.raises(Cancelled):
        scan_path(tmp_path, cancelled=cancelled)
