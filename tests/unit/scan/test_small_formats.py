# SPDX-License-Identifier: Apache-2.0
"""ONNX, Keras, scikit-learn and skops: what they say, and what happens with broken and hostile ones."""

import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from tests.hostile.torch_maker import Thing, pickled

TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def outcome(result: ScanResult, name: str) -> tuple[FileOutcome, str]:
    record = next(record for record in result.files if record.path == name)
    assert record.outcome is FileOutcome.READ or record.what or record.why
    return record.outcome, f"{record.what} {record.why}"


def refused(result: ScanResult, name: str) -> str:
    state, words = outcome(result, name)
    assert state is FileOutcome.UNREADABLE, words
    return words


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def part(number: int, content: bytes | int | str) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    raw = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def tensor(name: str, shape: list[int], kind: int = 1, **more: Any) -> bytes:
    dims = (
        part(1, b"".join(map(varint, shape))) if more.get("packed") else b"".join(part(1, n) for n in shape)
    )
    return part(
        5, dims + part(2, kind) + part(8, name) + part(9, bytes(more.get("raw", 0))) + more.get("extra", b"")
    )


def onnx(*tensors: bytes, properties: dict[str, str] | None = None) -> bytes:
    listed = b"".join(part(14, part(1, key) + part(2, item)) for key, item in (properties or {}).items())
    return part(1, 9) + part(2, "pytorch") + part(3, "2.9") + part(7, b"".join(tensors)) + listed


@pytest.mark.parametrize("name", ["onnx_mlp", "keras_mlp"])
def test_files_of_the_tools_themselves(name: str) -> None:
    truth = json.loads((TRAINED / name / "truth.json").read_text())
    result = scan_path(TRAINED / name)
    assert value(result, "parameters_total") == truth["params_total"]
    assert not result.unreadable
    if name == "keras_mlp":
        assert value(result, FoundOnly.VERSIONS)["Keras"] == truth["keras"]
        assert outcome(result, "model.h5")[0] is FileOutcome.READ


def test_onnx_counts_weights_only(tmp_path: Path) -> None:
    data = onnx(
        tensor("w", [4, 6], raw=500_000),
        tensor("packed", [2, 3], packed=True),
        tensor("shape", [4], kind=7),
        tensor("bn.running_mean", [9]),
        tensor("w_scale", [5]),
        tensor("q", [7, 2], kind=3),
    )
    (tmp_path / "m.onnx").write_bytes(data)
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 24 + 6 + 14
    assert value(result, FoundOnly.VERSIONS) == {"pytorch": "2.9"}


def length(*sides: int, kind: int = 7) -> bytes:
    """An input of the graph: whole numbers of this shape, 0 for a side that has only a name."""
    dims = b"".join(part(1, part(1, side) if side else part(2, "s")) for side in sides)
    return part(11, part(1, "input_ids") + part(2, part(1, part(1, kind) + part(2, dims))))


IDS, TABLE = length(1, 64), tensor("w.embedding", [249, 48])
PIECE = tensor("embedding_2", [1, 64, 48])


@pytest.mark.parametrize(
    ("parts", "total", "stored"),
    [
        ((IDS, TABLE, PIECE, tensor("expand", [1, 96], 7)), 249 * 48 + 96 * 48, None),
        ((IDS, TABLE, PIECE, tensor("bert.position_ids", [1, 64], 7)), 249 * 48 + 64 * 48, None),
        ((IDS, TABLE, PIECE, tensor("val_17", [1, 64], 7)), None, 249 * 48 + 64 * 48),
        ((IDS, TABLE, PIECE), None, 249 * 48 + 64 * 48),
        # Inputs of any length need the whole table; a picture's positions are a weight of their own.
        ((length(0, 0), TABLE, PIECE), 249 * 48 + 64 * 48, None),
        ((IDS, TABLE, tensor("vit.pos_embed", [1, 64, 48])), 249 * 48 + 64 * 48, None),
        ((length(1, 64, kind=1), TABLE, PIECE), 249 * 48 + 64 * 48, None),
        # A number that the exporter made, and one that was trained.
        ((TABLE, tensor("val_94", []), tensor("logit_scale", [])), 249 * 48 + 1, None),
        ((tensor("w_quantized", [4, 6], 3), tensor("b_quantized", [6], 6), tensor("w_scale", [1]), tensor("n", [9], 6)), 30, None),
    ],
)  # fmt: skip
def test_onnx_tells_what_the_model_had_and_not_what_the_export_left(
    tmp_path: Path, parts: tuple[bytes, ...], total: int | None, stored: int | None
) -> None:
    (tmp_path / "m.onnx").write_bytes(onnx(*parts))
    result = scan_path(tmp_path)
    found = {fact.name: fact.value for fact in result.facts}
    assert found.get("parameters_total") == total
    assert found.get(FoundOnly.PARAMETERS_STORED) == stored
    assert any("fewer than the model had" in note for note in result.notes) == (stored is not None)


def test_onnx_keeps_private_things_and_other_files_shut(tmp_path: Path) -> None:
    outside = part(13, part(1, "location") + part(2, "../../etc/passwd")) + part(14, 1)
    properties = {
        "license": "AGPL-3.0 License (https://ultralytics.com/license)",
        "author": "mira@example.org",
    }
    (tmp_path / "m.onnx").write_bytes(onnx(tensor("w", [3], extra=outside), properties=properties))
    result = scan_path(tmp_path)
    assert value(result, "license") == "agpl-3.0"
    assert any("other files" in note for note in result.notes)
    assert "mira" not in result.model_dump_json()
    assert "passwd" not in result.model_dump_json()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff" * 40, "does not end"),
        (part(1, 9), "no graph"),
        (onnx(tensor("w", [2**39, 2**39])), "too large to exist"),
        (onnx(tensor("w", [4]))[:-3], "left"),
        (b"\x0b\x0c" * 20, "unknown kind"),
        (part(1, 9) + varint(7 << 3 | 2) + varint(2**63) + b"x", "left"),
        (part(1, 9) + part(7, part(5, part(1, b"\x01" * 65))), "dimensions"),
        (part(1, 1) * 400_001, "too many parts"),
        (b"hello world, I am no graph at all", ""),
    ],
    ids=range(9),
)  # fmt: skip
def test_broken_onnx(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "m.onnx").write_bytes(data)
    assert words in refused(scan_path(tmp_path), "m.onnx")


def keras(path: Path, layers: list[dict[str, Any]], **more: Any) -> None:
    with zipfile.ZipFile(path, "w", more.get("kind", zipfile.ZIP_DEFLATED)) as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.1"}))
        archive.writestr(
            "config.json", json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
        )


def layer(name: str, shape: list[int | None] | None = None, **settings: Any) -> dict[str, Any]:
    return {"class_name": name, "config": settings, "build_config": {"input_shape": shape} if shape else None}


def test_keras_layers_by_hand(tmp_path: Path) -> None:
    keras(
        tmp_path / "m.keras",
        [
            layer("InputLayer"),
            layer("Conv2D", [None, 28, 28, 3], filters=8, kernel_size=[3, 3], groups=1),
            layer("BatchNormalization", [None, 26, 26, 8], axis=3),
            layer("DepthwiseConv2D", [None, 26, 26, 8], kernel_size=[3, 3], use_bias=False, trainable=False),
            layer("Embedding", input_dim=100, output_dim=4),
            layer("LSTM", [None, 5, 4], units=6),
            layer("GRU", [None, 5, 4], units=6),
            {"class_name": "Functional", "config": {"layers": [layer("Dense", [None, 10], units=2)]}},
        ],
    )
    result = scan_path(tmp_path)
    trained = 8 * 28 + 16 + 400 + 4 * 6 * (4 + 6 + 1) + 3 * 6 * (4 + 6 + 2) + 2 * 11
    assert value(result, "parameters_trainable") == trained
    assert value(result, "parameters_total") == trained + 16 + 72


def test_keras_does_not_guess(tmp_path: Path) -> None:
    keras(tmp_path / "m.keras", [layer("Lambda", [None, 3], function="e30="), layer("MyLayer", [None, 4])])
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") is None
    assert any("MyLayer" in note for note in result.notes)
    assert any("runs that code" in note for note in result.notes)
    for odd in ({"units": 10**12}, {"units": True}, {}):
        keras(tmp_path / "m.keras", [layer("Dense", [None, 3], **odd)])
        assert value(scan_path(tmp_path), "parameters_total") is None


def test_broken_keras(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
    assert "missing" in refused(scan_path(tmp_path), "m.keras")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:  # a bomb: 30 MB in a few bytes
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", b" " * 30_000_000)
    assert "too large" in refused(scan_path(tmp_path), "m.keras")
    keras(path, [layer("Dense", [None, 3], units=3)])
    data = path.read_bytes()
    at = data.rindex(b"PK\1\2")
    path.write_bytes(data[: at + 24] + b"\x02\0\0\0" + data[at + 28 :])  # says a smaller size than it has
    refused(scan_path(tmp_path), "m.keras")
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(50))
    refused(scan_path(tmp_path), "m.keras")


FOREST = Thing(
    "sklearn.linear_model._logistic",
    "LogisticRegression",
    {"C": 0.5, "penalty": "l2", "max_iter": 100, "coef_": [1.0], "_sklearn_version": "1.5.2",
     "data_path": "/home/mira/data.csv", "note": "/home/mira/x", "verbose": False},
)  # fmt: skip


def test_scikit_learn_pickles(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(pickled(FOREST))
    result = scan_path(tmp_path)
    assert value(result, FoundOnly.ARCHITECTURE_CLASS) == "LogisticRegression"
    assert value(result, FoundOnly.HYPERPARAMETERS) == {
        "C": 0.5,
        "penalty": "l2",
        "max_iter": 100,
        "verbose": False,
    }
    assert value(result, FoundOnly.VERSIONS) == {"scikit-learn": "1.5.2"}
    assert any("far below every line" in note for note in result.notes)
    assert "mira" not in result.model_dump_json()
    pipeline = Thing(
        "sklearn.pipeline", "Pipeline", {"steps": [("a", None), ("clf", FOREST)], "_sklearn_version": "1.5.2"}
    )
    (tmp_path / "model.pkl").write_bytes(pickled(pipeline))
    assert value(scan_path(tmp_path), FoundOnly.ARCHITECTURE_CLASS) == "LogisticRegression"


class Attack:
    def __reduce__(self) -> Any:
        return (os.system, ("false",))


def test_other_pickles(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(Attack()))
    (tmp_path / "b.pkl").write_bytes(b"\x80\x04\x95garbage")
    (tmp_path / "c.joblib").write_bytes(b"\x80\x04x")
    result = scan_path(tmp_path)
    assert outcome(result, "a.pkl")[0] is FileOutcome.SKIPPED
    assert "without running it" in refused(result, "b.pkl")
    assert "without running it" in refused(result, "c.joblib")
    assert not result.found_model


def skops_array(path: Path, schema: Any, **arrays: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
        for name, data in arrays.items():
            archive.writestr(f"{name}.npy", data)


def npy(shape: str) -> bytes:
    """The head of an array's file as numpy writes it."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


def node(kind: str, content: Any) -> dict[str, Any]:
    return {"__class__": kind, "__module__": "builtins", "content": content}


def estimator(**content: Any) -> dict[str, Any]:
    return {"__class__": "MLPClassifier", "__module__": "sklearn.neural_network._multilayer_perceptron",
            "content": node("dict", content)}  # fmt: skip


def array(name: str) -> dict[str, Any]:
    return {"__class__": "ndarray", "__module__": "numpy", "file": f"{name}.npy"}


def test_skops_counts_what_was_learned(tmp_path: Path) -> None:
    """The shapes of the arrays of MLPClassifier((7,)) on 5 features and 3 classes: 5*7 + 7 + 7*3 + 3."""
    arrays = {"a": npy("(5, 7)"), "b": npy("(7, 3)"), "c": npy("(7,)"), "d": npy("(3,)")}
    model = estimator(
        coefs_=node("list", [array("a"), array("b")]), intercepts_=node("list", [array("c"), array("d")])
    )
    skops_array(tmp_path / "m.skops", model, **arrays)
    assert value(scan_path(tmp_path), "parameters_total") == 66
    steps = node("list", [node("tuple", [{"content": '"mlp"', "is_json": True}, model])])
    pipeline = {
        "__class__": "Pipeline",
        "__module__": "sklearn.pipeline",
        "content": node("dict", {"steps": steps}),
    }
    skops_array(tmp_path / "m.skops", pipeline, **arrays)
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 66
    assert value(result, FoundOnly.ARCHITECTURE_CLASS) == "MLPClassifier"


@pytest.mark.parametrize(
    "arrays",
    [
        {},  # named but not there
        {"a": npy("(5, 7)")[:40]},
        {"a": b"\x93NUMPY"},
        {"a": npy("(5, -7)")},
        {"a": npy("(99999999999999999, 7)")},
        {"a": b"os.system('x')" * 9},
    ],
)
def test_arrays_that_cannot_be_read_are_not_counted(tmp_path: Path, arrays: dict[str, bytes]) -> None:
    skops_array(tmp_path / "m.skops", estimator(coef_=array("a")), **arrays)
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") is None
    assert value(result, FoundOnly.ARCHITECTURE_CLASS) == "MLPClassifier"


def test_a_name_of_an_array_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "secret.npy").write_bytes(npy("(5, 7)"))
    folder = tmp_path / "in"
    folder.mkdir()
    skops_array(folder / "m.skops", estimator(coef_={**array("a"), "file": "../secret.npy"}))
    assert value(scan_path(folder), "parameters_total") is None


def test_a_pickled_model_counts_what_was_learned(tmp_path: Path) -> None:
    """An array in a pickle is a call of numpy's _reconstruct; its shape stands second in the state."""

    def pickled_array(shape: tuple[int, ...]) -> bytes:
        state = b"(K\x01" + pickle.dumps(shape, 2)[2:-1] + b"Ncnumpy\ndtype\n)R\x89C\x00t"
        return b"cnumpy._core.multiarray\n_reconstruct\n)R" + state + b"b"

    def text_of(word: str) -> bytes:
        return b"X" + len(word).to_bytes(4, "little") + word.encode()

    body = text_of("coef_") + pickled_array((3, 5)) + text_of("intercept_") + pickled_array((3,))
    body += text_of("n_iter_") + b"K\x14"
    named = b"csklearn.linear_model._stochastic_gradient\nSGDClassifier\n)\x81"
    (tmp_path / "m.pkl").write_bytes(b"\x80\x03" + named + b"}(" + body + b"ub.")
    result = scan_path(tmp_path)
    assert value(result, "parameters_total") == 18
    assert value(result, "epochs") == 20


def skops(path: Path, schema: Any) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", schema if isinstance(schema, str) else json.dumps(schema))


def test_skops(tmp_path: Path) -> None:
    def leaf(item: Any) -> dict[str, Any]:
        return {"__class__": "str", "__loader__": "JsonNode", "content": json.dumps(item), "is_json": True}

    inner = {"__class__": "dict", "__loader__": "DictNode",
             "content": {"alpha": leaf(0.1), "_sklearn_version": leaf("1.5.2"), "path": leaf("/home/mira/x")}}  # fmt: skip
    skops(
        tmp_path / "m.skops",
        {"__class__": "Ridge", "__module__": "sklearn.linear_model._ridge", "content": inner},
    )
    result = scan_path(tmp_path)
    assert value(result, FoundOnly.ARCHITECTURE_CLASS) == "Ridge"
    assert value(result, FoundOnly.HYPERPARAMETERS) == {"alpha": 0.1}
    assert value(result, FoundOnly.VERSIONS) == {"scikit-learn": "1.5.2"}
    skops(tmp_path / "m.skops", {"__class__": "system", "__module__": "os", "content": {}})
    assert outcome(scan_path(tmp_path), "m.skops")[0] is FileOutcome.SKIPPED
    skops(tmp_path / "m.skops", "[" * 100_000)
    assert "nested" in refused(scan_path(tmp_path), "m.skops")
    skops(tmp_path / "m.skops", "[]")
    refused(scan_path(tmp_path), "m.skops")


def attention(**more: Any) -> dict[str, Any]:
    built = {"shapes_dict": {"query_shape": [None, 16, 24], "value_shape": [None, 16, 10]}}
    settings = {"num_heads": 3, "key_dim": 8, "value_dim": 5} | more
    return {"class_name": "MultiHeadAttention", "config": settings, "build_config": built}


def test_keras_attention_and_separable_windows(tmp_path: Path) -> None:
    window = layer("SeparableConv2D", [None, 8, 8, 3], filters=4, kernel_size=[3, 3], depth_multiplier=2)
    keras(tmp_path / "m.keras", [attention(), window])
    heads = 25 * 3 * 8 + 11 * 3 * 8 + 11 * 3 * 5 + (3 * 5 + 1) * 24
    assert value(scan_path(tmp_path), "parameters_total") == heads + 3 * 2 * 9 + 4 * (6 + 1)
    for odd in ({"use_gate": True}, {"output_shape": [4]}, {"num_heads": 0}):
        keras(tmp_path / "m.keras", [attention(**odd)])
        assert value(scan_path(tmp_path), "parameters_total") is None
