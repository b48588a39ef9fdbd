# SPDX-License-Identifier: Apache-2.0
"""Weight files and their indexes that lie: each is refused in plain words, and what they claim is no fact."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.scan import guarded as guarded_module
from core.scan import scan_path
from tests.hostile.scan_maker import config, no_model, refused, safetensors, tensor


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


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safetensors(tmp_path / "model.safetensors", {"w": tensor(0, 4000)}, 4000)
    original = guarded_module.Source.part

    def shrunk(self: guarded_module.Source, start: int, length: int) -> bytes:
        return original(self, start, length)[:10]

    monkeypatch.setattr(guarded_module.Source, "part", shrunk)
    assert "cut off" in refused(scan_path(tmp_path), "model.safetensors")
