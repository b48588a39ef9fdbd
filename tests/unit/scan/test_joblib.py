# SPDX-License-Identifier: Apache-2.0
"""Files of joblib.dump: the numbers of the arrays are stepped over, what stands behind them is read."""

import lzma
import os
import pickle
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome
from core.scan import scan_path
from tests.hostile.joblib_maker import WAYS, Array, joblib_file

MLP = ("sklearn.neural_network._multilayer_perceptron", "MLPClassifier")
STATE: dict[str, object] = {
    "alpha": 0.5,
    "coefs_": [Array((7, 11)), Array((11, 3), "f4")],
    "intercepts_": [Array((11,)), Array((3,))],
    "classes_": Array((3,), "U2", b"a\0\0\0b\0\0\0" * 3),
    "n_iter_": 9,
    "solver": "adam",
    "_sklearn_version": "1.9.1",
}


def found(folder: Path, data: bytes, name: str = "model.joblib") -> dict[str, Any]:
    (folder / name).write_bytes(data)
    return {fact.name: fact.value for fact in scan_path(folder).facts}


@pytest.mark.parametrize("name", ["model.joblib", "model.pkl"])  # people give joblib's files either name
def test_what_stands_behind_the_arrays_is_read(tmp_path: Path, name: str) -> None:
    facts = found(tmp_path, joblib_file(*MLP, STATE), name)
    assert facts["parameters_total"] == 7 * 11 + 11 * 3 + 11 + 3
    assert facts["epochs"] == 9
    assert facts[FoundOnly.VERSIONS] == {"scikit-learn": "1.9.1"}
    assert facts[FoundOnly.ARCHITECTURE_CLASS] == "MLPClassifier"


def test_before_joblib_1_2_nothing_was_aligned(tmp_path: Path) -> None:
    state = {"coef_": Array((5,), aligned=False), "intercept_": 0.5, "n_iter_": 3}
    assert found(tmp_path, joblib_file("sklearn.linear_model._base", "Ridge", state))["parameters_total"] == 6


def test_an_array_of_objects_is_a_pickle_of_its_own(tmp_path: Path) -> None:
    words = Array((2,), "O8", pickle.dumps(["yes", "no"], 5))
    state = {"classes_": words, "coef_": Array((1, 4)), "intercept_": Array((1,))}
    facts = found(tmp_path, joblib_file("sklearn.linear_model._logistic", "LogisticRegression", state))
    assert facts["parameters_total"] == 5


def test_an_intercept_alone_is_not_what_a_model_learned(tmp_path: Path) -> None:
    """SVC with a linear kernel keeps its support vectors; the coefficients are worked out from them when asked."""
    state = {"support_vectors_": Array((40, 4)), "intercept_": Array((3,))}
    facts = found(tmp_path, joblib_file("sklearn.svm._classes", "SVC", state))
    assert "parameters_total" not in facts
    assert facts[FoundOnly.ARCHITECTURE_CLASS] == "SVC"


def outcome(folder: Path, data: bytes) -> tuple[FileOutcome, str]:
    (folder / "m.joblib").write_bytes(data)
    record = next(record for record in scan_path(folder).files if record.path == "m.joblib")
    return record.outcome, f"{record.what} {record.why}"


def test_what_is_not_read_says_why(tmp_path: Path) -> None:
    whole = joblib_file(*MLP, STATE)
    for start in (b"\x04\x22\x4d\x18", b"ZF"):
        kind, words = outcome(tmp_path, start + whole)
        assert kind is FileOutcome.SKIPPED
        assert "lz4" in words
    refused = FileOutcome.UNREADABLE
    assert outcome(tmp_path, whole[:-40])[0] is refused
    assert outcome(tmp_path, b"")[0] is refused
    for bad in (
        Array((2**62, 2**62), data=b""),  # more than the file holds
        Array((-8,), data=b""),
        Array((3,), "f-9", b""),
        Array((3,), "zz", b""),
        Array((1,), "O8", b"not a pickle"),
    ):
        state: dict[str, object] = {"coef_": bad, "intercept_": 1.0}
        assert outcome(tmp_path, joblib_file("sklearn.x", "Ridge", state))[0] is refused, bad


def test_an_object_is_named_and_never_made(tmp_path: Path) -> None:
    class Attack:
        def __reduce__(self) -> Any:
            return (os.mkdir, (str(tmp_path / "made"),))

    words = Array((1,), "O8", pickle.dumps([Attack()], 5))
    state = {"coef_": Array((2,)), "intercept_": 0.0, "x": words}
    found(tmp_path, joblib_file("sklearn.linear_model._ridge", "Ridge", state))
    assert not (tmp_path / "made").exists()


def test_memory_and_time_do_not_grow_with_the_numbers(tmp_path: Path) -> None:
    """An array of 40 GB in a sparse file, which nobody reads."""
    path = tmp_path / "model.joblib"
    size = 5_000_000_000
    head = joblib_file("sklearn.linear_model._ridge", "Ridge", {"coef_": Array((size,), data=b"")})[:-3]
    tail = b"X\x0a\x00\x00\x00intercept_G" + b"\0" * 8 + b"ub."
    with path.open("wb") as file:
        file.write(head)
        file.seek(size * 8, os.SEEK_CUR)
        file.write(tail)
    result = scan_path(tmp_path)
    fact = result.fact("parameters_total")
    assert fact is not None
    assert fact.value == size + 1


def test_ten_thousand_arrays_are_enough(tmp_path: Path) -> None:
    many: dict[str, object] = {"coef_": [Array((1,))] * 10_001, "intercept_": 1.0}
    assert outcome(tmp_path, joblib_file("sklearn.x", "Ridge", many))[0] is FileOutcome.UNREADABLE


@pytest.mark.parametrize(("count", "kept"), [(10, FileOutcome.READ), (30, FileOutcome.UNREADABLE)])
def test_the_pickles_inside_count_for_the_whole_file(tmp_path: Path, count: int, kept: FileOutcome) -> None:
    inner = Array((1,), "O8", b"\x80\x02" + b"N0" * 10_000 + b"N.")
    state: dict[str, object] = {"coef_": 1.0, "x": [inner] * count}
    assert outcome(tmp_path, joblib_file("sklearn.x", "Ridge", state))[0] is kept


@pytest.mark.parametrize("way", WAYS)
def test_packed_files_are_read_like_plain_ones(tmp_path: Path, way: str) -> None:
    large = STATE | {
        "coefs_": [Array((700, 400)), Array((11, 3), "f4")]
    }  # the numbers take more than a piece
    for name in ("model.joblib", "model.pkl.gz"):
        facts = found(tmp_path, WAYS[way](joblib_file(*MLP, large)), name)
        (tmp_path / name).unlink()
        assert facts["parameters_total"] == 700 * 400 + 11 * 3 + 11 + 3
        assert facts["epochs"] == 9


@pytest.mark.parametrize("way", WAYS)
def test_a_packed_file_that_is_cut_or_damaged_is_refused(tmp_path: Path, way: str) -> None:
    whole = WAYS[way](joblib_file(*MLP, STATE | {"coefs_": [Array((70, 40), data=os.urandom(22_400))]}))
    assert outcome(tmp_path, whole[:-4000])[0] is FileOutcome.UNREADABLE
    assert outcome(tmp_path, whole[:12])[0] is FileOutcome.UNREADABLE
    damaged = whole[:2000] + b"\xff" * 200 + whole[2200:]
    assert outcome(tmp_path, damaged)[0] in (FileOutcome.UNREADABLE, FileOutcome.SKIPPED)


@pytest.mark.parametrize("way", ["zlib", "gzip", "xz", "lzma"])
def test_a_bomb_meets_the_cap(tmp_path: Path, way: str) -> None:
    """A small file that would unpack to 160 MB: refused, with little memory on the way."""
    bomb = WAYS[way](
        joblib_file("sklearn.x", "Ridge", {"coef_": Array((20_000_000,), data=bytes(160_000_000))})
    )
    assert len(bomb) < 400_000
    tracemalloc.start()
    try:
        kind, words = outcome(tmp_path, bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kind is FileOutcome.UNREADABLE
    assert "MB came out of it" in words
    assert peak < 20_000_000


def test_a_dictionary_of_lzma_that_would_fill_the_memory(tmp_path: Path) -> None:
    """The header of the older form names the size of the dictionary: here three gigabytes."""
    whole = bytearray(lzma.compress(joblib_file(*MLP, STATE), lzma.FORMAT_ALONE))
    whole[1:5] = (3 << 30).to_bytes(4, "little")
    (tmp_path / "m.joblib").write_bytes(whole)
    assert outcome(tmp_path, bytes(whole))[0] is FileOutcome.UNREADABLE


@pytest.mark.parametrize(("way", "library"), [("bz2", "bz2"), ("xz", "lzma"), ("lzma", "lzma")])
def test_without_the_systems_library_the_file_is_declined(
    way: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libbz2 and liblzma are not in the bundle on Linux; a system may have neither, or another version."""
    monkeypatch.setitem(sys.modules, library, None)
    (tmp_path / "model.joblib").write_bytes(WAYS[way](joblib_file(*MLP, STATE)))
    (record,) = scan_path(tmp_path).files
    assert record.outcome is FileOutcome.UNREADABLE
    assert "cannot be unpacked on this computer" in record.what
