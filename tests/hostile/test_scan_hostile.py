# SPDX-License-Identifier: Apache-2.0
"""Awkward and hostile files of text: each ends in a result or in a plain refusal, never in a traceback or a wait."""

import json
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.scan import guarded as guarded_module
from core.scan import scan_path
from tests.hostile.scan_maker import CONFIG, POINTER, config, no_model, record, refused


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


def test_a_file_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config(tmp_path)

    def refuse(*_: Any) -> int:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(guarded_module.os, "open", refuse)
    words = refused(scan_path(tmp_path), "config.json")
    assert "Permission denied" in words
    assert str(tmp_path) not in words


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
