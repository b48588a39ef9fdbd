# SPDX-License-Identifier: Apache-2.0
"""Any bytes in any binary file or log end in a result or a refusal: true files with bytes changed, cut or repeated."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import gguf_maker
from tests.hostile.events_maker import event, log, scalar, text_entry
from tests.hostile.joblib_maker import Array, joblib_file
from tests.hostile.test_scan_property import check
from tests.hostile.torch_maker import Ordered, T, Thing, layer, pickled, save, save_legacy

QUICK = settings(max_examples=120, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
TRAINED = Path(__file__).parents[1] / "fixtures" / "trained"


def made(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "x"))
        return Path(folder, "x").read_bytes()


def zipped(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


STATE = {"w": T((4, 4), "0"), "b": T((4,), "1", "HalfStorage")}
NANO = {"model": Ordered(STATE), "iter_num": 5, "model_args": {"n_layer": 1, "block_size": 4},
        "config": {"batch_size": 2, "gradient_accumulation_steps": 2, "block_size": 4}}  # fmt: skip
YOLO = {
    "model": layer({"weight": T((2, 2), "0", parameter=True)}),
    "train_args": {"epochs": 3},
    "version": "8",
    "epoch": 1,
}
SKOPS = '{"__class__": "Ridge", "__module__": "sklearn.x", "content": {"__class__": "dict", "content": {}}}'
SEEDS: dict[str, bytes] = {
    "m.gguf": gguf_maker.header(*gguf_maker.llama(layers=1, width=32, vocabulary=8))[0],
    "m.onnx": (TRAINED / "onnx_mlp" / "model.onnx").read_bytes(),
    "m.keras": zipped(metadata__json='{"keras_version": "3"}', config__json='{"config": {"layers": []}}'),
    "m.skops": zipped(schema__json=SKOPS),
    "m.pkl": pickled(Thing("sklearn.svm", "SVC", {"C": 1.0, "_sklearn_version": "1.5"})),
    "m.joblib": joblib_file(
        "sklearn.x", "Ridge", {"coef_": Array((2, 3)), "intercept_": Array((2,)), "alpha": 0.5}
    ),
    "model.pt": made(lambda path: save(path, NANO, room=300)),
    "last.pt": made(lambda path: save(path, YOLO, room=300)),
    "pytorch_model.bin": made(lambda path: save_legacy(path, Ordered(STATE), room=300)),
    "events.out.tfevents.1.h.1.0": log(
        event(1.0, 2, scalar("train/loss", 1.0)),
        event(2.0, 3, text_entry("args/text_summary", '{"max_steps": 3, "bf16": true}')),
        event(3.0, 4, scalar("train/train_runtime", 5.0)),
    ),
    "wandb-summary.json": b'{"train/global_step": 5, "_runtime": 3.0, "total_flos": 1e15}',
    "wandb-metadata.json": b'{"gpu": "Tesla T4", "gpu_count": 1, "python": "3.11"}',
    "emissions.csv": b"duration,energy_consumed,emissions,gpu_model,gpu_count,run_id\n5,0.5,1,Tesla T4,1,a\n",
}
EDIT = st.tuples(st.integers(0, 5000), st.integers(0, 8), st.binary(max_size=9))


def changed(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, gone, more in edits:
        at = place % (len(data) + 1)
        data = data[:at] + more + data[at + gone :]
    return data


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_the_seeds_themselves_are_read(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(SEEDS[name])
        result = check(Path(folder))
        assert result.files[0].reader is not None
        assert name == "m.gguf" or not result.unreadable  # its data part is left out


@pytest.mark.parametrize("name", sorted(SEEDS))
@QUICK
@given(edits=st.lists(EDIT, min_size=1, max_size=5))
def test_true_files_with_bytes_changed(name: str, edits: list[tuple[int, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(changed(SEEDS[name], edits))
        check(Path(folder))


@QUICK
@given(name=st.sampled_from(sorted(SEEDS)), data=st.binary(max_size=400), head=st.integers(0, 60))
def test_any_bytes_after_a_true_start(name: str, data: bytes, head: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(SEEDS[name][:head] + data)
        check(Path(folder))


OPCODES = st.lists(
    st.sampled_from(
        [b"(", b".", b"0", b"1", b"2", b"N", b")", b"]", b"}", b"a", b"e", b"s", b"u", b"t", b"\x85", b"\x86", b"\x87",
         b"R", b"b", b"Q", b"q\x00", b"h\x00", b"\x94", b"K\x01", b"X\x01\0\0\0w", b"ctorch._utils\n_rebuild_tensor_v2\n",
         b"ctorch\nFloatStorage\n", b"\x81", b"\x92", b"\x93", b"\x8f", b"\x90", b"\x91", b"I1\n", b"\x8a\x09" + b"\xff" * 9]
    ),
    max_size=60,
)  # fmt: skip


@QUICK
@given(opcodes=OPCODES)
def test_any_program_of_opcodes(opcodes: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(Path(folder, "model.pt"), "w") as archive:
            archive.writestr("x/data.pkl", b"\x80\x02" + b"".join(opcodes) + b".")
        Path(folder, "m.pkl").write_bytes(b"\x80\x02" + b"".join(opcodes) + b".")
        check(Path(folder))
