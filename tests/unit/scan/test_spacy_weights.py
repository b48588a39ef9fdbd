# SPDX-License-Identifier: Apache-2.0
"""Parameters of a spaCy pipeline by the outline of its files, and what broken or made-up files do (tests/fixtures/spacy)."""

import json
import random
import shutil
import struct
import time
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import FileOutcome
from core.errors import CannotRead
from core.scan import scan_path
from core.scan.formats.spacy_weights import parameters
from core.scan.guarded import Source
from core.scan.types import Entry

PIPELINE = Path(__file__).parents[2] / "fixtures" / "spacy"


def pack(value: Any) -> bytes:
    """msgpack, for what the tests need."""
    match value:
        case None:
            return b"\xc0"
        case bool():
            return b"\xc3" if value else b"\xc2"
        case int():
            return struct.pack(">BQ", 0xCF, value) if value >= 0 else struct.pack(">Bq", 0xD3, value)
        case float():
            return struct.pack(">Bd", 0xCB, value)
        case str():
            return struct.pack(">BH", 0xDA, len(value)) + value.encode()
        case bytes():
            return struct.pack(">BI", 0xC6, len(value)) + value
        case list():
            return struct.pack(">BI", 0xDD, len(value)) + b"".join(pack(one) for one in value)
    return struct.pack(">BI", 0xDF, len(value)) + b"".join(pack(k) + pack(v) for k, v in value.items())


def array(*shape: int, kind: str = "<f4", size: int | None = None) -> dict[Any, Any]:
    length = 4
    for side in shape:
        length *= side
    return {b"nd": True, b"type": kind, b"kind": b"", b"shape": list(shape), b"data": bytes(size or length)}


def model(*params: dict[Any, Any], shims: list[Any] | None = None, **more: Any) -> bytes:
    return pack({"nodes": [{}], "attrs": [{}], "params": list(params), "shims": shims or [[]]} | more)


def count(folder: Path, data: bytes) -> int | None:
    path = folder / "model"
    path.write_bytes(data)
    return parameters(Source(Entry("model", "", "model", path, len(data)), {}))


def copied(folder: Path) -> Path:
    target = folder / "pipe"
    shutil.copytree(PIPELINE, target)
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def total(folder: Path) -> object:
    fact = scan_path(folder).fact("parameters_total")
    return None if fact is None else fact.value


def test_a_pipeline_whose_parts_share_one_table(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    result = scan_path(folder)
    assert total(folder) == 2290  # 1864 shared, 18 and 408
    assert {record.path for record in result.files if record.outcome is FileOutcome.READ} == {
        "config.cfg", "meta.json", "ner/model", "tagger/model", "tok2vec/model",
    }  # fmt: skip


def test_a_pipeline_that_is_not_all_there(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    meta = json.loads((folder / "meta.json").read_text())
    for change in ({"vectors": meta["vectors"] | {"vectors": 20000}}, {"vectors": {}}, {"pipeline": []},
                   {"pipeline": ["../tok2vec"]}, {"pipeline": [1]}, {"pipeline": ["a"] * 31}):  # fmt: skip
        (folder / "meta.json").write_text(json.dumps(meta | change))
        assert total(folder) is None, change
    (folder / "meta.json").write_text(json.dumps(meta | {"pipeline": [*meta["pipeline"], "ner"]}))
    assert total(folder) == 2290
    data = (folder / "ner" / "model").read_bytes()
    (folder / "ner" / "model").unlink()
    assert total(folder) is None  # its settings say that it has a model
    (folder / "ner" / "model").write_bytes(data[:-1])
    assert total(folder) is None
    record = next(record for record in scan_path(folder).files if record.path == "ner/model")
    assert record.outcome is FileOutcome.UNREADABLE
    assert all((record.what, record.why, record.todo))
    (folder / "ner" / "model").write_bytes(model({"W": array(3)}, shims=[[b"another library"]]))
    assert total(folder) is None
    (folder / "ner" / "model").write_bytes(model({"W": array(3)}))
    assert total(folder) == 1864 + 18 + 3
    (folder / "meta.json").write_text("{")
    assert total(folder) is None


def test_shapes_and_nothing_else(tmp_path: Path) -> None:
    assert count(tmp_path, model({"W": array(3, 5), "b": None}, {}, {"E": array(7)})) == 22
    assert count(tmp_path, model({"b": array(), "c": array(0, 4)})) == 1
    assert count(tmp_path, model({"W": array(2, kind="<f8", size=16)})) == 2
    everything = [None, True, False, -5, 1.5, "word", b"bytes", [], {}, b"\xc7", {"a": [1]}]
    assert count(tmp_path, model({"W": array(4)}, attrs=everything)) == 4
    # Extensions, a broken number, and whole numbers of one byte.
    odd = (
        b"\xd4\x01\x02",
        b"\xd8\x01" + bytes(16),
        b"\xc7\x02\x01\0\0",
        b"\xca" + bytes(4),
        b"\xe0",
        b"\x05",
        b"\xd0\xff",
    )
    rest = pack("params") + pack([{"W": array(4)}]) + pack("shims") + pack([[]])
    data = b"\x83" + pack("nodes") + b"\x97" + b"".join(odd) + rest
    assert count(tmp_path, data) == 4


@pytest.mark.parametrize(
    "data",
    [
        b"\xc1",
        b"\x90",
        pack({"params": [{"W": array(3)}]}),
        pack({"a": 1}) + b"\0",
        model({"W": array(3)}) + b"\0",
        model({"W": array(3, size=8)}),
        model({"W": array(3, kind="|O")}),
        model({"W": array(3) | {b"shape": [-1, -3]}}),
        model({"W": array(3) | {b"shape": [2**62, 2**62]}}),
        model({"W": array(3) | {b"shape": [1] * 33}}),
        model({"W": array(3) | {b"shape": 3}}),
        model({"W": array(3) | {b"shape": [None]}}),
        model({"W": array(3) | {b"data": 12}}),
        model({"W": {}}),
        model({"W": [1]}),
        model({"W": {str(n): 1 for n in range(9)}}),
        model({"x" * 300: None}),
        model(*[{}] * 1, shims=[5]),
        model(params=5),
        model(params=[5]),
        model({1: array(3)}),
        pack({str(n): 1 for n in range(17)}),
        b"\xdf\xff\xff\xff\xff",
        b"\x81" + pack("nodes") + b"\xdd\xff\xff\xff\xff" + b"\x01" * 60_000,
        b"\x81" + pack("params") + b"\xdd\xff\xff\xff\xff" + b"\x80" * 60_000,
        b"\x81" + pack("nodes") + b"\x91" * 60_000,
        b"\x81" + pack("nodes") + b"\xc6\xff\xff\xff\xff",
        b"\x82" + pack("params") + b"\x90" + pack("params") + b"\x90",
        b"\x81" + pack("nodes") + b"\xdc\xff\xff" + (b"\xc5\x20\x00" + bytes(0x2000)) * 6000,
    ],
)  # fmt: skip
def test_impossible_files_are_refused_at_once(tmp_path: Path, data: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(CannotRead):
        count(tmp_path, data)
    assert time.perf_counter() - started < 5


def test_any_change_ends_in_a_number_or_a_refusal(tmp_path: Path) -> None:
    data = (PIPELINE / "tagger" / "model").read_bytes()
    chance = random.Random(6)
    made = [data[:cut] for cut in range(0, len(data), 7)]
    for _ in range(400):
        other = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            other[chance.randrange(len(data))] = chance.randrange(256)
        made.append(bytes(other))
    for other in made:
        try:
            found = count(tmp_path, other)
        except CannotRead:
            continue
        assert found is None or 0 <= found <= len(data)
