# SPDX-License-Identifier: Apache-2.0
"""What is said of files that cannot be used, and of folders where there is no model."""

import io
import struct
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from core import resources, texts
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.documents import yaml_text
from core.errors import CannotRead
from core.resources import resource
from core.scan import require_model, scan_path
from core.scan.formats.gguf_config import config_of
from core.scan.formats.gguf_header import GgufTensor, read_gguf
from core.scan.formats.zip_directory import directory, read_member
from core.scan.guarded import Source
from core.scan.types import Entry
from core.version import version
from tests.hostile.gguf_maker import write


def source(path: Path) -> Source:
    return Source(Entry(path.name, "", path.name, path, path.stat().st_size), {})


def zipped(folder: Path, **parts: bytes) -> Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    path = folder / "file.zip"
    path.write_bytes(held.getvalue())
    return path


def test_other_files_are_named_with_why_they_were_left(tmp_path: Path) -> None:
    (tmp_path / "notes.xyz").write_text("words")
    with pytest.raises(CannotRead, match="No model was found") as caught:
        require_model(scan_path(tmp_path))
    assert "1 × .xyz" in caught.value.why
    assert "config.json" in caught.value.todo


def test_a_format_that_needs_more_than_its_weights_is_named(tmp_path: Path) -> None:
    """A file that could hold a model but tells nothing: the form is named."""
    (tmp_path / "net.h5").write_bytes(b"\0" * 64)
    with pytest.raises(CannotRead) as caught:
        require_model(scan_path(tmp_path))
    assert "Keras" in f"{caught.value.what} {caught.value.why} {caught.value.todo}" or "net.h5" in str(
        caught.value.what
    )


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../core/x", "a/../b", "a//b", "a\\b", "."])
def test_only_paths_inside_the_data_are_data(path: str) -> None:
    with pytest.raises(ValueError, match="not a path inside resources"):
        resource(path)


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="no texts in 'xx'"):
        texts.speak("xx")


def test_a_bare_truth_value_is_no_key_of_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """YAML reads on and no as truth values."""
    monkeypatch.setattr(resources, "read_text", lambda _path: "on: words\n")
    with pytest.raises(TypeError, match="must map keys to texts"):
        texts.entries("odd", "en")


def test_a_copy_that_is_not_installed_has_no_known_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", gone)
    assert version() == "0+unknown"


def test_values_of_front_matter_on_one_line() -> None:
    assert yaml_text.scalar(True) == "true"
    assert yaml_text.flow({"a": "no", "b": 2}) == '{"a": "no", "b": 2}'
    assert yaml_text.flow(["x", "1"]) == '[x, "1"]'


class TestZip:
    def test_an_encrypted_part_is_refused(self, tmp_path: Path) -> None:
        path = zipped(tmp_path, part=b"words")
        data = bytearray(path.read_bytes())
        data[data.index(b"PK\1\2") + 8] |= 1
        path.write_bytes(data)
        with pytest.raises(CannotRead) as caught:
            read_member(source(path), directory(source(path))["part"], 100)
        assert "encrypted" in caught.value.why

    def test_two_parts_of_one_name_are_refused(self, tmp_path: Path) -> None:
        path = zipped(tmp_path, aaaa=b"1", bbbb=b"2")
        path.write_bytes(path.read_bytes().replace(b"bbbb", b"aaaa"))
        with pytest.raises(CannotRead) as caught:
            directory(source(path))
        assert "two parts have the same name" in caught.value.why

    def test_a_part_larger_than_asked_for_is_refused(self, tmp_path: Path) -> None:
        path = zipped(tmp_path, part=b"x" * 101)
        with pytest.raises(CannotRead):
            read_member(source(path), directory(source(path))["part"], 100)
        assert read_member(source(path), directory(source(path))["part"], 101) == b"x" * 101

    def test_a_directory_that_lists_less_than_it_says_is_refused(self, tmp_path: Path) -> None:
        path = zipped(tmp_path, part=b"words")
        data = bytearray(path.read_bytes())
        end = data.index(b"PK\5\6")
        struct.pack_into("<HH", data, end + 8, 2, 2)  # says two parts, lists one
        path.write_bytes(data)
        with pytest.raises(CannotRead) as caught:
            directory(source(path))
        assert "its list of parts is damaged" in caught.value.why

    def test_sizes_beyond_four_gigabytes_are_read_from_the_longer_record(self, tmp_path: Path) -> None:
        path = zipped(tmp_path, part=b"words")
        data = path.read_bytes()
        central, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
        entry = bytearray(data[central:end])
        struct.pack_into("<II", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
        extra = struct.pack("<HHQQ", 1, 16, 5, 5)
        struct.pack_into("<H", entry, 30, len(extra))
        tail = bytearray(data[end:])
        struct.pack_into("<I", tail, 12, len(entry) + len(extra))
        path.write_bytes(data[:central] + bytes(entry) + extra + bytes(tail))
        (member,) = directory(source(path)).values()
        assert (member.size, member.packed) == (5, 5)
        assert read_member(source(path), member, 100) == b"words"


SIZES = {
    "llama.embedding_length": 64, "llama.block_count": 1, "llama.feed_forward_length": 96,
    "llama.attention.head_count": 8, "llama.expert_count": 8, "llama.expert_used_count": 2,
}  # fmt: skip


def tensors(folder: Path) -> tuple[GgufTensor, ...]:
    write(folder / "m.gguf", {"general.architecture": "llama"}, [("token_embd.weight", (64, 100), 0)])
    return tuple(read_gguf(source(folder / "m.gguf")).tensors)


def test_experts_of_a_gguf_are_those_of_mixtral(tmp_path: Path) -> None:
    """The same numbers as the configuration in transformers: all experts are parameters, two work for a token."""
    config = config_of("llama", SIZES, tensors(tmp_path))
    assert config is not None
    assert (config["model_type"], config["num_local_experts"], config["num_experts_per_tok"]) == (
        "mixtral",
        8,
        2,
    )
    count = count_flops(config, Inputs(seq_len=4))
    assert count.parameters_active is not None
    assert count.parameters_total - count.parameters_active == 6 * 3 * 64 * 96


def test_experts_of_which_nobody_says_how_many_work_are_not_laid_out(tmp_path: Path) -> None:
    kept = {key: value for key, value in SIZES.items() if key != "llama.expert_used_count"}
    assert config_of("llama", kept, tensors(tmp_path)) is None
    qwen = {key.replace("llama.", "qwen3moe."): value for key, value in SIZES.items()}
    assert config_of("qwen3moe", qwen, tensors(tmp_path)) is None
    laid = config_of("qwen3moe", qwen | {"qwen3moe.expert_feed_forward_length": 32}, tensors(tmp_path))
    assert laid is not None
    assert (laid["model_type"], laid["num_experts"], laid["moe_intermediate_size"]) == ("qwen3_moe", 8, 32)
