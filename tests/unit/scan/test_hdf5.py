# SPDX-License-Identifier: Apache-2.0
"""Keras models in HDF5, written by Keras 3.15.1 and h5py 3.16 (tests/fixtures/hdf5); truth is what Keras said of them.

scaled.keras: LossScaleOptimizer(SGD) round one layer, Keras 3.15.1 on torch, made up for this test.
"""

import shutil
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome
from core.scan import scan_path
from core.scan.formats.hdf5 import read_hdf5
from core.scan.guarded import Source
from core.scan.types import Entry

FIXTURES = Path(__file__).parents[2] / "fixtures" / "hdf5"
CNN = {
    "input_layer_1": 0,
    "conv2d": 112,
    "batch_normalization_1": 16,
    "global_average_pooling2d": 0,
    "dense_2": 25,
}
NESTED = {"input_layer_3": 0, "inner": 110, "layer_normalization": 16, "dense_5": 18}


def facts(folder: Path, name: str, data: bytes | None = None) -> dict[str, Any]:
    (folder / name).write_bytes((FIXTURES / name).read_bytes() if data is None else data)
    return {fact.name: fact.value for fact in scan_path(folder).facts}


def outcome(folder: Path, data: bytes, name: str = "m.h5") -> tuple[FileOutcome, str]:
    (folder / name).write_bytes(data)
    record = next(record for record in scan_path(folder).files if record.path == name)
    return record.outcome, f"{record.what} {record.why}"


@pytest.mark.parametrize(
    ("name", "total", "trained", "layers"),
    [
        ("nested.h5", 144, 144, NESTED),
        ("cnn.weights.h5", 153, None, CNN),
        ("cnn.keras", 153, 33, CNN),  # its convolution was frozen, and half of its norm are statistics
    ],
)
def test_what_keras_saved(
    tmp_path: Path, name: str, total: int, trained: int | None, layers: dict[str, int]
) -> None:
    found = facts(tmp_path, name)
    assert found["parameters_total"] == total
    assert found.get("parameters_trainable") == trained
    assert found[FoundOnly.LAYERS] == layers
    assert found["steps"] == 15  # three epochs of 40 items by 8
    assert found[FoundOnly.LIBRARY_NAME] == "keras"


def test_the_older_form_tells_version_and_optimizer(tmp_path: Path) -> None:
    found = facts(tmp_path, "nested.h5")
    assert found[FoundOnly.VERSIONS] == {"Keras": "3.15.1"}
    assert found[FoundOnly.HYPERPARAMETERS]["optimizer"] == "AdamW"
    assert found[FoundOnly.ARCHITECTURE_CLASS] == "Functional"


def test_the_newer_layout_of_objects_is_read_too(tmp_path: Path) -> None:
    found = facts(tmp_path, "latest.weights.h5")
    assert found[FoundOnly.LAYERS] == {"dense_x": 15, "conv2d_x": 15}
    assert found[FoundOnly.WEIGHT_DTYPES] == {"F16": 2, "F64": 2}
    assert found["steps"] == 77


def test_a_layer_that_is_not_known_is_counted_by_its_arrays(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(FIXTURES / "cnn.keras") as given,
        zipfile.ZipFile(tmp_path / "own.keras", "w") as made,
    ):
        for name in given.namelist():
            made.writestr(name, given.read(name).replace(b'"Conv2D"', b'"OurOwn"'))
    found = {fact.name: fact.value for fact in scan_path(tmp_path).facts}
    assert found["parameters_total"] == 153
    assert "parameters_trainable" not in found


def test_weights_that_are_packed_once_more_stay_shut_and_that_is_said(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(FIXTURES / "cnn.keras") as given,
        zipfile.ZipFile(tmp_path / "cnn.keras", "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            made.writestr(name, given.read(name))
    result = scan_path(tmp_path)
    total = result.fact("parameters_total")
    assert total is not None
    assert total.value == 153
    assert any("cnn.keras" in note for note in result.notes)


def steps(folder: Path) -> object:
    fact = scan_path(folder).fact("steps")
    return None if fact is None else fact.value


def changed(data: bytes, dataset: tuple[str, ...], value: bytes, tmp_path: Path) -> bytes:
    """The file with other first bytes in one array."""
    path = tmp_path / "look"
    path.write_bytes(data)
    content, _ = read_hdf5(Source(Entry("look", "", "look", path, len(data)), {}))
    path.unlink()
    at = next(one.address for one in content.datasets if one.path == dataset)
    return data[:at] + value + data[at + len(value) :]


def test_saves_of_one_moment_tell_the_steps_and_of_two_they_do_not(tmp_path: Path) -> None:
    data = (FIXTURES / "cnn.weights.h5").read_bytes()
    (tmp_path / "a.weights.h5").write_bytes(data)
    shutil.copy(FIXTURES / "cnn.keras", tmp_path / "end.keras")
    assert steps(tmp_path) == 15  # the same arrays, packed in two ways
    counter, weights = ("optimizer", "vars", "0"), ("layers", "dense", "vars", "0")
    (tmp_path / "a.weights.h5").write_bytes(changed(data, counter, struct.pack("<i", 12), tmp_path))
    assert steps(tmp_path) is None  # another moment
    (tmp_path / "a.weights.h5").write_bytes(changed(data, weights, b"\1\2\3\4", tmp_path))
    assert steps(tmp_path) is None  # another model that was trained as long
    (tmp_path / "a.weights.h5").write_bytes(data[:3000])
    assert steps(tmp_path) is None  # nobody knows of which moment it is
    (tmp_path / "a.weights.h5").write_bytes(changed(data, counter, struct.pack("<i", 0), tmp_path))
    assert steps(tmp_path) == 15  # the same model without a count of its own
    shutil.copy(FIXTURES / "nested.h5", tmp_path / "other.h5")
    assert steps(tmp_path) is None


def test_an_optimizer_inside_another_counts(tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "scaled.keras", tmp_path)
    assert steps(tmp_path) == 10  # two epochs of 20 rows by 4
    with (
        zipfile.ZipFile(FIXTURES / "scaled.keras") as given,
        zipfile.ZipFile(tmp_path / "scaled.keras", "w") as made,
    ):
        for name in given.namelist():
            part = given.read(name).replace(
                b'"gradient_accumulation_steps": null', b'"gradient_accumulation_steps": 2'
            )
            made.writestr(name, part)
    assert steps(tmp_path) is None  # passes, two of which make one update
    with zipfile.ZipFile(tmp_path / "scaled.keras") as archive:
        (tmp_path / "a.weights.h5").write_bytes(archive.read("model.weights.h5"))
    assert steps(tmp_path) is None


def test_two_saves_of_one_name(tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "cnn.weights.h5", tmp_path / "a.weights.h5")
    shutil.copy(FIXTURES / "cnn.weights.h5", tmp_path / "a.h5")
    assert steps(tmp_path) == 15


def test_other_files_of_this_form_are_no_models(tmp_path: Path) -> None:
    kind, words = outcome(tmp_path, (FIXTURES / "other.h5").read_bytes())
    assert kind is FileOutcome.SKIPPED
    assert "Keras" in words


def test_every_cut_ends_in_a_reading_or_a_refusal(tmp_path: Path) -> None:
    for name in ("nested.h5", "latest.weights.h5"):
        whole = (FIXTURES / name).read_bytes()
        for length in range(1, len(whole), 401):
            kind, words = outcome(tmp_path, whole[:length])
            assert kind is not FileOutcome.READ or length > 1000, (name, length, words)


def test_impossible_numbers_are_refused(tmp_path: Path) -> None:
    whole = (FIXTURES / "cnn.weights.h5").read_bytes()
    # The kernel of the convolution, 3 x 3 x 3 x 4.
    side = struct.pack("<4Q", 3, 3, 3, 4)
    assert side in whole
    for sides in ((2**60, 2, 2, 2), (2**20, 2**20, 2**20, 2)):
        kind, words = outcome(tmp_path, whole.replace(side, struct.pack("<4Q", *sides)))
        assert kind is FileOutcome.UNREADABLE
        assert "too large to exist" in words
    # A group that says its table of members lies outside the file, or nowhere.
    root = struct.unpack_from("<Q", whole, 64)[0]
    for address in (2**40, 2**64 - 1, 2**63):
        broken = whole[:64] + struct.pack("<Q", address) + whole[72:]
        assert outcome(tmp_path, broken)[0] is FileOutcome.UNREADABLE
    # The root as its own header, in the middle of nothing.
    assert (
        outcome(tmp_path, whole[:64] + struct.pack("<Q", root + 1) + whole[72:])[0] is FileOutcome.UNREADABLE
    )


def test_names_kept_in_a_heap_are_refused_with_the_reason(tmp_path: Path) -> None:
    whole = (FIXTURES / "latest.weights.h5").read_bytes()
    no_heap = b"\x02\x12\x00\x00" + b"\0\0" + b"\xff" * 16
    assert no_heap in whole
    kind, words = outcome(tmp_path, whole.replace(no_heap, no_heap[:6] + struct.pack("<QQ", 96, 96)))
    assert kind is FileOutcome.UNREADABLE
    assert "in a way that is not read here" in words


def test_a_header_that_continues_in_a_circle(tmp_path: Path) -> None:
    """An object header whose only message continues it where it is."""
    message = struct.pack("<HHB3xQQ", 16, 16, 0, 112, 24)
    header = struct.pack("<BBHII4x", 1, 0, 1, 1, 24) + message
    assert len(header) == 40
    block = bytearray(
        b"\x89HDF\r\n\x1a\n" + bytes(5) + b"\x08\x08\0" + bytes(8) + struct.pack("<4Q", 0, 0, 200, 0)
    )
    block += struct.pack("<QQQQQ", 0, 96, 0, 0, 0)
    block = block[:96] + header
    kind, words = outcome(tmp_path, bytes(block).ljust(200, b"\0"))
    assert kind is FileOutcome.UNREADABLE
    assert "circle" in words


def test_a_group_inside_itself_ends(tmp_path: Path) -> None:
    """other.h5 holds a link from the root to the root, a soft link and a link into another file."""
    assert outcome(tmp_path, (FIXTURES / "other.h5").read_bytes())[0] is FileOutcome.SKIPPED
