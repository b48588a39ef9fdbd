# SPDX-License-Identifier: Apache-2.0
"""GGUF: counted from the header, the vocabulary stepped over."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from core.scan.formats import gguf_header
from tests.hostile.gguf_maker import header, llama, text, write

FIXTURE = Path(__file__).parents[2] / "fixtures" / "trained" / "gguf_llama"


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def refused(result: ScanResult, name: str) -> str:
    record = next(record for record in result.files if record.path == name)
    assert record.outcome is FileOutcome.UNREADABLE, record
    assert record.todo
    return f"{record.what} {record.why}"


def test_a_file_of_llama_cpp_itself() -> None:
    truth = json.loads((FIXTURE / "truth.json").read_text())
    result = scan_path(FIXTURE)
    assert value(result, "parameters_total") == truth["params_total"]
    assert value(result, "base_model") == "example-org/example-base"
    assert value(result, "license") == truth["license"]
    assert value(result, "datasets") == ["example-org/example-data"]
    assert value(result, "languages") == ["en"]
    assert value(result, FoundOnly.CONFIG)["max_position_embeddings"] == truth["context_length"]
    assert sum(value(result, FoundOnly.WEIGHT_DTYPES).values()) == truth["tensors"]
    assert not result.unreadable


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_version_and_byte_order(tmp_path: Path, version: int, order: str) -> None:
    settings, tensors = llama()
    write(tmp_path / "m.gguf", settings, tensors, version=version, order=order)
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 96 * 64 + 64 + 2 * (2 * 64 + 3 * 64 * 64 + 3 * 64 * 128)
    assert value(result, FoundOnly.CONFIG)["tie_word_embeddings"] is True


def test_packed_weights_count_as_what_they_stand_for(tmp_path: Path) -> None:
    settings, tensors = llama(kind=12, width=256)
    write(tmp_path / "q4.gguf", settings, tensors)
    plain = tmp_path / "plain"
    plain.mkdir()
    write(plain / "f32.gguf", *llama(width=256))
    assert value(scan_path(tmp_path / "q4.gguf"), "parameters_total") == value(
        scan_path(plain), "parameters_total"
    )


def test_the_layer_table_counts_the_same(tmp_path: Path) -> None:
    from core.compute import weigh
    from core.domain.known import Known
    from core.domain.project import Project
    from core.reference import load_reference

    write(tmp_path / "m.gguf", *llama())
    result = scan_path(tmp_path)
    only = tuple(fact for fact in result.facts if fact.name != "parameters_total")
    counted = weigh(Known(Project(scan=result.replace(facts=only))), load_reference()).parameters
    assert counted is not None
    assert counted.total == value(result, "parameters_total")


def test_tables_of_positions_are_no_parameters(tmp_path: Path) -> None:
    settings, tensors = llama()
    write(tmp_path / "a.gguf", settings, tensors)
    plain = value(scan_path(tmp_path), "parameters_total")
    write(tmp_path / "a.gguf", settings, [*tensors, ("rope_freqs.weight", (8,), 0)])
    assert value(scan_path(tmp_path), "parameters_total") == plain


def test_numbered_parts(tmp_path: Path) -> None:
    settings, tensors = llama()
    write(tmp_path / "m-00001-of-00002.gguf", settings | {"split.no": 0, "split.count": 2}, tensors[:5])
    assert "m-00002-of-00002" in refused(scan_path(tmp_path), "m-00001-of-00002.gguf")
    write(tmp_path / "m-00002-of-00002.gguf", {"split.no": 1}, tensors[5:])
    whole = scan_path(tmp_path)
    write(tmp_path / "m-00002-of-00002.gguf", {"split.no": 1}, tensors[4:])
    assert "same tensor" in refused(scan_path(tmp_path), "m-00001-of-00002.gguf")
    (tmp_path / "m-00001-of-00002.gguf").unlink()
    (tmp_path / "m-00002-of-00002.gguf").unlink()
    write(tmp_path / "m.gguf", settings, tensors)
    assert value(whole, "parameters_total") == value(scan_path(tmp_path), "parameters_total")


def test_experts_of_an_architecture_we_cannot_lay_out(tmp_path: Path) -> None:
    settings = {"general.architecture": "newmoe", "newmoe.expert_count": 8, "newmoe.expert_used_count": 2}
    tensors = [("token_embd.weight", (4, 10), 0), ("blk.0.ffn_up_exps.weight", (4, 6, 8), 0)]
    write(tmp_path / "m.gguf", settings, tensors)
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 40 + 192
    assert value(result, "parameters_active") == 40 + 48
    assert value(result, FoundOnly.CONFIG) is None
    settings, tensors = llama()
    settings |= {"llama.feed_forward_length": [128, 64]}
    write(tmp_path / "m.gguf", settings, tensors)
    assert value(scan_path(tmp_path), FoundOnly.CONFIG) is None


def test_adapters_projectors_and_statistics(tmp_path: Path) -> None:
    write(tmp_path / "lora.gguf", {"general.type": "adapter"}, [("a.lora_a", (4, 6), 0)])
    assert value(scan_path(tmp_path), "parameters_trainable") == 24
    assert value(scan_path(tmp_path), "parameters_total") is None
    (tmp_path / "lora.gguf").unlink()
    write(tmp_path / "mmproj.gguf", {"general.type": "mmproj"}, [("v", (4, 6), 0)])
    assert value(scan_path(tmp_path), "parameters_total") is None
    assert "part of a model" in scan_path(tmp_path).files[0].why


def test_private_settings_are_no_facts_and_are_told(tmp_path: Path) -> None:
    settings, tensors = llama()
    settings |= {
        "general.name": "/home/mira/models/secret", "general.author": "mira@example.org",
        "quantize.imatrix.file": "/home/mira/imatrix.dat", "general.license": "/home/mira/LICENSE",
        "general.base_model.count": 1, "general.base_model.0.repo_url": "file:///home/mira/x",
        "general.tags": ["fine", "/home/mira/t"], "general.languages": ["en", "/home/mira"],
    }  # fmt: skip
    write(tmp_path / "m.gguf", settings, tensors)
    result = scan_path(tmp_path)
    assert "mira" not in result.model_dump_json()
    assert any("before you publish" in note for note in result.notes)
    assert value(result, FoundOnly.TAGS) == ["fine"]


def test_a_long_vocabulary_is_stepped_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, tensors = llama()
    settings |= {"tokenizer.ggml.tokens": ["x" * (number % 300) for number in range(40_000)],
                 "tokenizer.ggml.scores": [0.5] * 40_000}  # fmt: skip
    write(tmp_path / "m.gguf", settings, tensors)
    with monkeypatch.context() as patch:
        patch.setattr(gguf_header, "_CHUNK", 4_096)  # many windows
        assert value(scan_path(tmp_path), "parameters_total") is not None
    assert value(scan_path(tmp_path), "parameters_total") is not None


LIES = [
    ("four letters", b"GGML" + bytes(60)),
    ("version is 9", b"GGUF" + struct.pack("<IQQ", 9, 0, 0)),
    ("claims 18,446", b"GGUF" + struct.pack("<IQQ", 3, 2**64 - 1, 0)),
    ("claims 0 tensors and 100,001", b"GGUF" + struct.pack("<IQQ", 3, 0, 100_001)),
    ("end within", b"GGUF" + struct.pack("<IQQ", 3, 0, 5)),
    ("claims 9,223", b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**63) + bytes(30)),
    ("unknown type 99", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<I", 99)),
    ("too long", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 0, 2**62)),
    ("too long", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<I", 9)
     + struct.pack("<IQ", 9, 1) * 6 + struct.pack("<IQ", 0, 0)),
    ("end within", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 8, 5_000_000)),
    ("end within", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 8, 600)
     + (2**64 - 1).to_bytes(8, "little")),
    ("9 dimensions", header({}, [("w", (1,) * 9, 0)])[0]),
    ("too large to exist", header({}, [("w", (2**39, 2**39), 0)])[0]),
    ("alignment", header({"general.alignment": 0}, [("w", (4,), 0)])[0] + bytes(99)),
]  # fmt: skip


@pytest.mark.parametrize(("words", "data"), LIES, ids=[str(number) for number in range(len(LIES))])
def test_headers_that_lie(tmp_path: Path, words: str, data: bytes) -> None:
    (tmp_path / "m.gguf").write_bytes(data)
    assert words in refused(scan_path(tmp_path), "m.gguf")


def test_declared_tensors_must_fit_the_file(tmp_path: Path) -> None:
    write(tmp_path / "m.gguf", *llama(), cut=64)
    assert "cut off" in refused(scan_path(tmp_path), "m.gguf")


def test_a_huge_empty_file_ends_at_once(tmp_path: Path) -> None:
    with (tmp_path / "m.gguf").open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, 100, 100_000))
        file.truncate(10**12)
    refused(scan_path(tmp_path), "m.gguf")
