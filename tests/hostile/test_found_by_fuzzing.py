# SPDX-License-Identifier: Apache-2.0
"""What fuzzing and reading for attacks found, one test each: every input ends in a result or a refusal, and soon."""

import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import FileOutcome, ScanResult
from core.errors import CannotRead
from core.scan import scan_path, strictjson
from core.scan.formats.card_body import body_facts
from core.scan.names import shown
from core.scan.private import hub_id, last_part
from core.scan.symbolic import read_pickle
from tests.hostile.torch_maker import T, save

SECONDS = 0.5
"""CPU time that none of these may come near; before their repair they took from seconds to for ever."""


def outcome(result: ScanResult, name: str) -> FileOutcome:
    return next(record.outcome for record in result.files if record.path == name)


@pytest.mark.parametrize("history", [True, 7, "x", {"step": 1}, None])
def test_a_log_history_that_is_no_list(tmp_path: Path, history: Any) -> None:
    state = {"global_step": 3, "log_history": history}
    (tmp_path / "trainer_state.json").write_text(json.dumps(state))
    result = scan_path(tmp_path)
    fact = result.fact("steps")
    assert fact is not None
    assert fact.value == 3


@pytest.mark.parametrize("kind", [{}, [], 3, None])
def test_a_keras_layer_whose_class_is_no_name(tmp_path: Path, kind: Any) -> None:
    layer = {"class_name": kind, "config": {"units": 3}, "build_config": {"input_shape": [None, 4]}}
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr(
            "config.json", json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}})
        )
        archive.writestr("model.weights.h5", b"")
    result = scan_path(tmp_path)
    assert outcome(result, "m.keras") is FileOutcome.READ
    assert result.fact("parameters_total") is None


def test_half_a_character_in_the_name_of_a_tensor(tmp_path: Path) -> None:
    header = json.dumps({"\ud800w": {"dtype": "F32", "shape": [1], "data_offsets": [3, 1]}}).encode()
    (tmp_path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    assert outcome(scan_path(tmp_path), "model.safetensors") is FileOutcome.UNREADABLE
    assert shown("\ud800w").isascii()


def test_half_a_character_never_reaches_a_result(tmp_path: Path) -> None:
    half = {"model_type": "llama", "hidden_size": 8, "\ud83d": "\ud800", "architectures": ["Llama\udfff"]}
    (tmp_path / "config.json").write_text(json.dumps(half))
    header = json.dumps({"__metadata__": {"ss_network_module": "networks.lora", "ss_base_model_version": "sd_v1\ud800",
                                          "ss_datasets": json.dumps([{"resolution": ["\ud800", 512]}]), "ss_output_name": "\ud800"},
                         "lora_unet_x.lora_down.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}})  # fmt: skip
    raw = header.encode()
    (tmp_path / "style.safetensors").write_bytes(len(raw).to_bytes(8, "little") + raw + bytes(4))
    (tmp_path / "README.md").write_text('---\nlicense: "mit\\ud800"\ntags: ["\\ud800"]\n"\\ud800": 1\n---\n')
    assert "\\ud" not in scan_path(tmp_path).model_dump_json()
    assert strictjson.parse(b'"\\ud83d\\ude00 \\ud83d"') == "😀 \ufffd"


def test_a_path_of_many_caches_takes_no_time() -> None:
    started = time.process_time()
    assert hub_id("models--" * 500 + "!") is None
    assert hub_id("a" * 10_000_000) is None
    assert last_part("/" * 10_000_000 + "x") is None
    assert time.process_time() - started < SECONDS
    assert (
        hub_id("/home/anna/.cache/huggingface/hub/models--meta--Llama-3--8b/snapshots/1")
        == "meta/Llama-3--8b"
    )
    assert hub_id("D:\\hub\\models--google--gemma-3-1b-pt") == "google/gemma-3-1b-pt"


@pytest.mark.parametrize(
    "line",
    ["-" + " " * 498 + "x", "-" + " " * 200 + "a" + " " * 290 + "x", "## a" + " " * 190 + "x #"],
)
def test_a_card_of_blanks_takes_no_time(line: str) -> None:
    started = time.process_time()
    assert list(body_facts("\n".join([line] * 200))) == []
    assert time.process_time() - started < SECONDS


def test_headings_and_items_are_read_as_before() -> None:
    card = "## Training hyperparameters  ##\n-  **num_epochs**:   3\n- seed: 42\n### Framework versions\n- PEFT 0.13.2\n"
    values = {found.name: found.value for found in body_facts(card)}  # type: ignore[union-attr]
    assert values["hyperparameters"] == {"num_epochs": 3, "seed": 42}
    assert values["versions"] == {"PEFT": "0.13.2"}


def test_a_pickle_that_names_a_tuple_of_tuples_is_refused_at_once() -> None:
    started = time.process_time()
    with pytest.raises(CannotRead):
        read_pickle(b"\x80\x04)" + b"2\x86" * 200 + b"\x8c\x01x\x93.")
    assert time.process_time() - started < SECONDS


def test_the_optimizers_of_a_lightning_file_may_be_anything(tmp_path: Path) -> None:
    for number, states in enumerate((7, True, {}, [1, 2])):
        top = {"pytorch-lightning_version": "2.5", "global_step": 4, "loops": {}, "optimizer_states": states}
        path = tmp_path / f"epoch{number}.ckpt"
        save(path, {"state_dict": {"w": T((2, 3), "0")}, **top})
        result = scan_path(path)
        assert outcome(result, path.name) is FileOutcome.READ
        fact = result.fact("steps")
        assert fact is not None
        assert fact.value == 4


def unreadable(folder: Path, name: str, data: bytes) -> str:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    started = time.process_time()
    result = scan_path(folder)
    assert time.process_time() - started < 2
    found = next(record for record in result.files if record.path == name)
    return found.what if found.outcome is FileOutcome.UNREADABLE else found.outcome.value


@pytest.mark.parametrize("entry", [b"[]", b"{}", b'{"a":1}', b'""'], ids=bytes.decode)
def test_json_of_millions_of_entries_is_refused_before_the_work(tmp_path: Path, entry: bytes) -> None:
    many = b'{"model_type":"llama","x":[' + (entry + b",") * (9_500_000 // (len(entry) + 1)) + b"1]}"
    assert "far more entries" in unreadable(tmp_path, "config.json", many)


def test_a_header_of_more_tensors_than_memory_is_refused(tmp_path: Path) -> None:
    row = b'"w%07d":{"dtype":"F32","shape":[],"data_offsets":[%d,%d]}'
    header = b"{" + b",".join(row % (n, 4 * n, 4 * n + 4) for n in range(200_001)) + b"}"
    assert "more tensors" in unreadable(
        tmp_path, "model.safetensors", len(header).to_bytes(8, "little") + header
    )
    header = b'{"w":[' + b"[]," * 5_000_000 + b"[]]}"
    assert "far more entries" in unreadable(
        tmp_path, "model.safetensors", len(header).to_bytes(8, "little") + header
    )


def long_state(rows: int, **row: Any) -> bytes:
    step = {"epoch": 0.5, "loss": 1.5, "step": 1, **row}
    log = [{**step, "step": number} for number in range(1, 4)]
    state = json.dumps(
        {"global_step": rows, "log_history": log, "max_steps": rows, "num_input_tokens_seen": 64}, indent=2, sort_keys=True
    )  # fmt: skip
    middle = json.dumps(step, indent=2).replace("\n", "\n    ")
    place = state.index("    },\n") + len("    },\n")
    return (state[:place] + f"    {middle},\n" * rows + state[place:]).encode()


def test_of_a_very_long_log_the_ends_are_read(tmp_path: Path) -> None:
    for rows, counted in ((400_000, False), (400_000, True)):
        more = {"num_tokens": 9.0} if counted else {}
        data = long_state(rows, **more)
        assert 24_000_000 < len(data) < 200_000_000
        assert unreadable(tmp_path, "trainer_state.json", data) == "read"
        result = scan_path(tmp_path)
        found = {name: result.fact(name) for name in ("steps", "steps_planned", "tokens", "tokens_recorded")}
        assert found["steps"] is not None
        assert found["steps"].value == rows
        assert found["steps_planned"] is not None
        assert (found["tokens"] is None) == counted  # what TRL logs must be added up over all rows
        assert any("beginning and its end" in note for note in result.notes)
    hostile = b'{"global_step":5,"log_history":[' + b'{"a":1},' * 6_000_000 + b"{}]}"
    assert "far more entries" in unreadable(tmp_path, "trainer_state.json", hostile)
    hostile = b'{"global_step":5,"log_history": [' + b"\n    },\n[" * 3_000_000 + b"{}]}"
    assert "read" not in unreadable(tmp_path, "trainer_state.json", hostile)
