# SPDX-License-Identifier: Apache-2.0
"""Awkward and hostile folders: each ends in a result or in a plain refusal, never in a traceback or a wait."""

import json
import os
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, FileRecord, ScanResult
from core.errors import Cancelled, CannotRead
from core.scan import ScanProgress, require_model, scan_path
from core.scan import guarded as guarded_module
from core.scan.walk import walk
from tests.hostile.scan_maker import CONFIG, POINTER, config, safetensors, tensor


def record(result: ScanResult, name: str) -> FileRecord:
    return next(record for record in result.files if record.path == name)


def refused(result: ScanResult, name: str) -> str:
    found = record(result, name)
    assert found.outcome is FileOutcome.UNREADABLE
    assert found.what
    assert found.todo
    return f"{found.what} {found.why}"


def no_model(folder: Path) -> CannotRead:
    with pytest.raises(CannotRead) as caught:
        require_model(scan_path(folder))
    assert caught.value.what
    return caught.value


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


def test_truncated_weights_are_named_with_the_bytes_that_miss(tmp_path: Path) -> None:
    config(tmp_path)
    safetensors(tmp_path / "model.safetensors", {"w": tensor(0, 4000)}, 3990)
    result = scan_path(tmp_path)
    words = refused(result, "model.safetensors")
    assert "cut off" in words
    assert "4,000" in words
    assert result.fact("parameters_total") is None
    assert result.fact("model_type") is not None
    (tmp_path / "config.json").unlink()
    assert "model.safetensors" in no_model(tmp_path).what


RULES: list[tuple[str, dict[str, Any], int]] = [
    ("overlap", {"a": tensor(0, 8), "b": tensor(4, 12)}, 12),
    ("hole", {"a": tensor(0, 8), "b": tensor(12, 16)}, 16),
    ("follow", {"a": tensor(0, 8)}, 12),
    ("does not fit", {"a": tensor(0, 8, [3])}, 8),
    ("too large to exist", {"a": tensor(0, 8, [2**40, 2**40])}, 8),
    ("no usable shape", {"a": tensor(0, 8, [-2])}, 8),
    ("no usable shape", {"a": tensor(0, 8) | {"shape": [True, 2]}}, 8),
    ("no usable place", {"a": {"dtype": "F32", "shape": [2]}}, 8),
    ("no usable place", {"a": tensor(0, 8) | {"data_offsets": [0, 8.0]}}, 8),
    ("ends before", {"a": tensor(8, 0, [2])}, 8),
    ("no type", {"a": tensor(0, 8) | {"dtype": None}}, 8),
    ("no usable place", {"a": [1, 2]}, 8),
    ("does not map text", {"__metadata__": {"a": 1}, "w": tensor(0, 8)}, 8),
]


@pytest.mark.parametrize(
    ("words", "header", "data"), RULES, ids=[f"{n}-{rule[0]}" for n, rule in enumerate(RULES)]
)
def test_each_rule_of_the_safetensors_header(
    tmp_path: Path, words: str, header: dict[str, Any], data: int
) -> None:
    safetensors(tmp_path / "model.safetensors", header, data)
    assert words in refused(scan_path(tmp_path), "model.safetensors")


@pytest.mark.parametrize(
    ("raw", "length", "words"),
    [
        (b"{}", 2**63, "claims a header"),
        (b"{}", 100_000_001, "claims a header"),
        (b"{}", 5000, "cut off"),
        (b'{"a":1,"a":2}', None, "twice"),
        (b'{"__metadata__":{"x":"1","x":"2"}}', None, "twice"),
        (b'{"a":NaN}', None, "not a number"),
        (b'{"a":' + b"9" * 5000 + b"}", None, "far too long"),
        (b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", None, "nested too deeply"),
        (b'{"a":\xff}', None, "not readable text"),
        (b"[1]", None, "brace"),
        (b"{not json", None, "not complete JSON"),
    ],
)
def test_headers_that_lie(tmp_path: Path, raw: bytes, length: int | None, words: str) -> None:
    safetensors(tmp_path / "model.safetensors", None, raw=raw, length=length)
    assert words in refused(scan_path(tmp_path), "model.safetensors")


def test_a_git_lfs_placeholder_under_any_name(tmp_path: Path) -> None:
    for name in (
        "config.json",
        "model.safetensors",
        "trainer_state.json",
        "README.md",
        "adapter_config.json",
    ):
        (tmp_path / name).write_bytes(POINTER)
    result = scan_path(tmp_path)
    for name in ("config.json", "adapter_config.json", "trainer_state.json", "README.md"):
        assert "placeholder" in refused(result, name)
        assert "4,945,284,816" in record(result, name).why
        assert "git lfs pull" in record(result, name).todo
    assert "git lfs pull" in no_model(tmp_path).todo


def test_nan_in_a_state_is_read_and_in_a_config_is_refused(tmp_path: Path) -> None:
    state = '{"global_step": 7, "epoch": NaN, "max_steps": 9, "total_flos": Infinity, "log_history": [{"loss": NaN}]}'
    (tmp_path / "trainer_state.json").write_text(state)
    (tmp_path / "config.json").write_text('{"model_type": "llama", "rms_norm_eps": NaN}')
    result = scan_path(tmp_path)
    steps, diverged = result.fact("steps"), result.fact(FoundOnly.LOSS_DIVERGED)
    assert steps is not None
    assert steps.value == 7
    assert diverged is not None
    assert result.fact("epochs") is None
    assert result.fact(FoundOnly.RECORDED_FLOS) is None
    assert "NaN" in refused(result, "config.json")


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf" + json.dumps(CONFIG).encode(), json.dumps(CONFIG).encode("utf-16")]
)
def test_marks_of_other_editors_are_no_trouble(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "config.json").write_bytes(data)
    assert scan_path(tmp_path).fact("model_type") is not None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\0\0\0\0", "empty"),
        (b"[]", "does not hold"),
        (b'{"model_type": "a", "model_type": "b"}', "twice"),
        (b'{"model_type": "llama", "hidden_size": ' + b"1" * 5000 + b"}", "far too long"),
        (b'{"model_type": ' + b"[" * 100_000, "nested too deeply"),
        (b"\x80\x81", "not readable text"),
        (b'{"model_type": "llama"', "not complete JSON"),
    ],
)
def test_broken_configurations(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "config.json").write_bytes(data)
    assert words in refused(scan_path(tmp_path), "config.json")


def test_odd_values_become_no_facts_and_do_not_stop_the_scan(tmp_path: Path) -> None:
    odd = {
        "model_type": ["llama"],
        "architectures": "x",
        "hidden_size": {},
        "_name_or_path": 5,
        "x": "\ud800",
    }
    (tmp_path / "config.json").write_text(json.dumps(odd))
    (tmp_path / "adapter_config.json").write_text(
        json.dumps({"peft_type": "LORA", "r": -1, "base_model_name_or_path": 3})
    )
    state = {
        "global_step": "3",
        "epoch": [],
        "log_history": {"a": 1},
        "train_batch_size": True,
        "max_steps": -1,
    }
    (tmp_path / "trainer_state.json").write_text(json.dumps(state))
    (tmp_path / "train_results.json").write_text('{"train_loss": {}, "epoch": "x", "total_flos": 1e999}')
    result = scan_path(tmp_path)
    assert not result.unreadable
    known = {
        "config",
        "adapter_config",
        "origin",
        "training_method",
        "training_tool",
    }  # told by the files' kinds
    assert {fact.name for fact in result.facts} <= known
    result.model_dump_json()


def test_an_index_may_only_point_beside_itself(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    config(folder)
    safetensors(tmp_path / "outside.safetensors", {"w": tensor(0, 8)}, 8)
    for name in (
        "../outside.safetensors",
        "/etc/passwd",
        "a\\b.safetensors",
        "C:x.safetensors",
        ".env",
        "",
        "x\0.safetensors",
    ):
        (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"w": name}}))
        assert "points somewhere else" in refused(scan_path(folder), "model.safetensors.index.json")
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {}}))
    assert "empty" in refused(scan_path(folder), "model.safetensors.index.json")


def test_a_missing_shard_is_named_and_the_claim_is_marked_as_one(tmp_path: Path) -> None:
    config(tmp_path, torch_dtype="bfloat16")
    one, two = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
    safetensors(tmp_path / one, {"a": tensor(0, 8, [4], "BF16")}, 8)
    index = {"metadata": {"total_size": 16}, "weight_map": {"a": one, "b": two}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    result = scan_path(tmp_path)
    assert two in refused(result, "model.safetensors.index.json")
    claim = result.fact("parameters_total")
    assert claim is not None
    assert claim.value == 8
    assert "claimed" in (claim.origin.note or "")
    safetensors(tmp_path / two, {"b": tensor(0, 8, [4], "BF16")}, 8)
    whole = scan_path(tmp_path)
    assert not whole.unreadable
    total = whole.fact("parameters_total")
    assert total is not None
    assert total.value == 8
    assert {record.path for record in whole.files if record.reader == "safetensors"} == {one, two}
    safetensors(tmp_path / two, {"a": tensor(0, 8, [4], "BF16")}, 8)
    assert "same tensor" in refused(scan_path(tmp_path), "model.safetensors.index.json")


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


def test_a_file_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config(tmp_path)

    def refuse(*_: Any) -> int:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(guarded_module.os, "open", refuse)
    words = refused(scan_path(tmp_path), "config.json")
    assert "Permission denied" in words
    assert str(tmp_path) not in words


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safetensors(tmp_path / "model.safetensors", {"w": tensor(0, 4000)}, 4000)
    original = guarded_module.Source.part

    def shrunk(self: guarded_module.Source, start: int, length: int) -> bytes:
        return original(self, start, length)[:10]

    monkeypatch.setattr(guarded_module.Source, "part", shrunk)
    assert "cut off" in refused(scan_path(tmp_path), "model.safetensors")


def test_files_too_large_for_their_name_are_not_loaded(tmp_path: Path) -> None:
    with (tmp_path / "config.json").open("wb") as file:
        file.truncate(10**12)
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", 40) + b" " * 40)
        file.truncate(10**12)
    started = time.process_time()  # others may be at work on this machine
    result = scan_path(tmp_path)
    assert time.process_time() - started < 2
    assert "too large" in refused(result, "config.json")
    refused(result, "model.safetensors")


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


def _card(front: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "README.md").write_text(f"---\n{front}\n---\n# A card\n") and None


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("a: &a [x, x]\nb: *a", "references"),
        ("a: " + "[" * 60 + "]" * 60, "nested too deeply"),
        ("license: mit\nlicense: apache-2.0", "twice"),
        ("license: [mit", "not correct YAML"),
        ("- license: mit", "not a list of named values"),
        ("a: " + "x" * 600_000, "too long"),
    ],
)
def test_front_matter_that_is_not_read(tmp_path: Path, front: str, words: str) -> None:
    _card(front)(tmp_path)
    assert words in refused(scan_path(tmp_path), "README.md")


def test_yaml_tags_build_nothing(tmp_path: Path) -> None:
    _card("license: !!python/object/apply:os.system ['touch /tmp/never']\nlanguage: no\ndatasets: !Enum x")(
        tmp_path
    )
    result = scan_path(tmp_path)
    language = result.fact("languages")
    assert language is not None
    assert language.value == ["no"]
