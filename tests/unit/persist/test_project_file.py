# SPDX-License-Identifier: Apache-2.0
import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answers import Answers
from core.domain.fact import Conflict, Fact, Origin, OriginKind
from core.domain.project import PROJECT_FORMAT, Project
from core.domain.scan_result import FileOutcome, FileRecord, ScanResult
from core.errors import CannotRead
from core.persist import PROJECT_KIND, PROJECT_SUFFIX, dumps, loads
from core.persist.migrations import UPGRADERS, upgrade

MUSEUM = Path(__file__).parents[2] / "fixtures" / "projects"
ORIGIN = Origin(kind=OriginKind.FILE, file="config.json", key="a.b")

plain = st.text(st.characters(codec="utf-8"), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
    max_leaves=8,
)
facts = st.builds(
    Fact,
    name=plain,
    value=json_values,
    origin=st.builds(
        Origin, kind=st.sampled_from(OriginKind), file=st.none() | plain, note=st.none() | plain
    ),
)
answers = st.builds(
    Answers,
    model_name=st.none() | plain.filter(lambda value: value != "unknown"),
    tokens=st.none() | st.integers(0, 10**30),
    hours=st.none() | st.floats(0.001, 1e6),
    with_demo=st.none() | st.booleans(),
    datasets=st.none() | st.lists(plain, max_size=3).map(tuple),
    release_date=st.none() | st.dates(),
    dont_know=st.sampled_from([(), ("epochs",), ("pue", "epochs")]),
)
scans = st.none() | st.builds(
    ScanResult,
    folder_name=plain,
    facts=st.lists(facts, max_size=4).map(tuple),
    notes=st.lists(plain, max_size=2).map(tuple),
)
projects = st.builds(
    Project, folder=st.none() | plain, scan=scans, answers=answers, step=plain, by_hand=st.booleans()
)


def sample() -> Project:
    fact = Fact(name="steps", value=10**24, origin=ORIGIN)
    record = FileRecord(path="a.bin", size=3, outcome=FileOutcome.UNREADABLE, what="w", why="y", todo="t")
    scan = ScanResult(
        folder_name="ö",
        facts=(fact,),
        conflicts=(Conflict(name="steps", facts=(fact, fact)),),
        files=(record,),
    )
    said = Answers(license="mit", release_date=datetime.date(2026, 11, 30), dont_know=("hours",))
    return Project(
        folder="/home/mira/ö",
        scan=scan,
        answers=said,
        step="weight",
        export_folder="/tmp/x",
        written_to="/tmp/x",
    )


@given(projects)
def test_in_and_out_again(project: Project) -> None:
    data = dumps(project)
    assert loads(data) == project
    assert dumps(loads(data)) == data


def test_it_is_one_small_readable_text() -> None:
    data = dumps(sample())
    text = data.decode("utf-8")
    loaded = json.loads(text)
    assert list(loaded)[:2] == ["kind", "format"]
    assert "ö" in text
    assert "1000000000000000000000000" in text
    assert "null" not in json.dumps(loaded["answers"])
    assert text.endswith("}\n")
    assert PROJECT_SUFFIX == ".weighbridge.json"


def test_losses_that_are_no_numbers_survive() -> None:
    fact = Fact(name="train_loss", value=float("nan"), origin=ORIGIN)
    project = Project(scan=ScanResult(folder_name="x", facts=(fact,)))
    data = dumps(project)
    assert dumps(loads(data)) == data


@pytest.mark.parametrize("number", range(1, PROJECT_FORMAT + 1))
def test_the_museum_holds_a_file_of_every_format_and_all_open(number: int) -> None:
    path = MUSEUM / f"v{number}{PROJECT_SUFFIX}"
    assert path.is_file(), f"format {number} has no file in the museum"
    assert json.loads(path.read_bytes())["format"] == number
    project = loads(path.read_bytes())
    assert project.answers.model_name == "Owl"
    assert project.scan is not None
    assert project.scan.fact("steps") is not None
    assert project.answers.dont_know == ("hours",)
    assert loads(dumps(project)) == project


def test_every_older_format_has_its_upgrader() -> None:
    assert set(UPGRADERS) == set(range(1, PROJECT_FORMAT))


def test_upgraders_are_chained_in_order() -> None:
    def first(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "path": [*data["path"], 1]}

    def second(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "path": [*data["path"], 2]}

    steps = {1: first, 2: second}
    assert upgrade({"format": 1, "path": []}, 3, steps) == {"format": 3, "path": [1, 2]}
    assert upgrade({"format": 2, "path": []}, 3, steps) == {"format": 3, "path": [2]}
    with pytest.raises(KeyError):
        upgrade({"format": 1, "path": []}, 2, {})


def broken() -> list[Any]:
    good = dumps(sample())
    loaded = json.loads(good)
    return [
        (b"", "damaged"),
        (b"\x00" * 40, "damaged"),
        (good[: len(good) // 2], "damaged"),
        (good + b"x", "damaged"),
        (b"\xff" + good, "damaged"),
        (good.replace(b'"step":', b'"step": "x", "step":'), "damaged"),
        (b"[" * 100_000, "damaged"),
        (b'{"kind": "weighbridge-project", "format": 1, "n": ' + b"9" * 5000 + b"}", "damaged"),
        (json.dumps({**loaded, "surprise": 1}).encode(), "damaged"),
        (json.dumps({**loaded, "answers": {"tokens": -1}}).encode(), "damaged"),
        (json.dumps({**loaded, "format": "1"}).encode(), "damaged"),
        (json.dumps({**loaded, "format": True}).encode(), "damaged"),
        (json.dumps({**loaded, "format": 0}).encode(), "damaged"),
        (b"version https://git-lfs.github.com/spec/v1\n", "damaged"),
        (b"[]", "not a Weighbridge project"),
        (b'{"model_type": "llama"}', "not a Weighbridge project"),
        (json.dumps({**loaded, "kind": "else"}).encode(), "not a Weighbridge project"),
        (json.dumps({**loaded, "format": PROJECT_FORMAT + 1}).encode(), "newer Weighbridge"),
        (json.dumps({"kind": PROJECT_KIND, "format": 10**9}).encode(), "newer Weighbridge"),
    ]


@pytest.mark.parametrize(("data", "what"), broken())
def test_what_cannot_be_opened_is_told_plainly(data: bytes, what: str) -> None:
    with pytest.raises(CannotRead) as caught:
        loads(data)
    assert what in caught.value.what
    assert caught.value.why
    assert caught.value.todo


@given(st.binary(max_size=60))
def test_any_bytes_give_a_project_or_a_plain_refusal(data: bytes) -> None:
    with pytest.raises(CannotRead):
        loads(data)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_one_wrong_byte_never_gives_a_traceback(place: int, byte: int) -> None:
    data = bytearray(dumps(sample()))
    data[place % len(data)] = byte
    try:
        project = loads(bytes(data))
    except CannotRead:
        return
    assert loads(dumps(project)) == project


def test_a_folder_whose_name_is_no_text_is_kept() -> None:
    project = Project(folder="/home/anna/mod\udce8le", export_folder="/tmp/\udcff", written_to="/tmp/\udcff")
    assert loads(dumps(project)) == project
