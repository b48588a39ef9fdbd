# SPDX-License-Identifier: Apache-2.0
"""Any bytes in any file end in a result that can be saved, or in a refusal written for a person."""

import json
import pickle
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.answers import Answers
from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from tests.hostile.scan_maker import safetensors

NAMES = (
    "config.json", "adapter_config.json", "trainer_state.json", "train_results.json", "README.md",
    "model.safetensors", "model.safetensors.index.json", "training_args.bin",
)  # fmt: skip
KEYS = st.sampled_from(
    [
        "model_type", "architectures", "_name_or_path", "quantization_config", "peft_type", "r", "use_dora", "model",
        "base_model_name_or_path", "fine_tune_type", "lora_parameters", "iters", "num_layers", "global_step", "epoch",
        "max_steps", "num_train_epochs", "train_batch_size", "total_flos", "num_input_tokens_seen", "log_history",
        "weight_map", "metadata", "total_size", "train_loss", "train_samples_per_second", "train_steps_per_second",
        "train_runtime", "eval_loss", "num_tokens", "step", "__metadata__", "w", "dtype", "shape", "data_offsets",
    ]
)  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["LORA", "lora", "F32", "a/b", "/home/x", "torch.bfloat16", 10**400, -1, 1e308])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=20,
)
QUICK = settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.too_slow])


def check(folder: Path) -> ScanResult:
    result = scan_path(folder)
    for fact in result.facts:
        assert fact.name in Answers.model_fields or fact.name in set(FoundOnly)
        if fact.name in Answers.model_fields:
            Answers.model_validate({fact.name: fact.value})
    for record in result.files:
        assert record.outcome is not FileOutcome.UNREADABLE or (record.what and record.todo)
    assert ScanResult.model_validate_json(result.model_dump_json()).folder_name == result.folder_name
    return result


@QUICK
@given(name=st.sampled_from(NAMES), data=st.binary(max_size=300))
def test_any_bytes_under_any_name(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(data)
        check(Path(folder))


@QUICK
@given(
    data=st.dictionaries(st.sampled_from(NAMES[:4]), st.dictionaries(KEYS, VALUES, max_size=12), min_size=1)
)
def test_any_json_under_the_names_we_read(data: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, value in data.items():
            Path(folder, name).write_text(json.dumps(value), encoding="utf-8")
        check(Path(folder))


@QUICK
@given(
    header=st.dictionaries(st.text(max_size=6), VALUES | st.fixed_dictionaries(
        {"dtype": st.sampled_from(["F32", "U8", "F4", "?"]), "shape": st.lists(st.integers(-1, 2**64), max_size=3),
         "data_offsets": st.lists(st.integers(-1, 64), max_size=3)}
    ), max_size=4),
    size=st.integers(0, 64),
)  # fmt: skip
def test_any_header(header: dict[str, object], size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        safetensors(Path(folder, "model.safetensors"), header, size)
        check(Path(folder))


PICKLED = st.recursive(
    LEAVES | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


@QUICK
@given(value=PICKLED, protocol=st.integers(1, 5), cut=st.integers(0, 40), noise=st.binary(max_size=6))
def test_any_pickle(value: object, protocol: int, cut: int, noise: bytes) -> None:
    data = pickle.dumps(value, protocol=protocol)
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(Path(folder, "training_args.bin"), "w") as archive:
            archive.writestr("run/data.pkl", data[:cut] + noise + data[cut:])
        check(Path(folder))


@QUICK
@given(lines=st.lists(st.sampled_from(
    ["---", "license: mit", "license:", "base_model: /a/b", "base_model: [a/b, c/d]", "tags: [trl, sft]", "language: no",
     "model-index:", "- name: x", "  results: []", "datasets: {a: b}", "### Training hyperparameters", "- seed: 1e999",
     "- train_batch_size: 8", "- num_devices: 99999999999999999999999999999999999", "### Framework versions", "- PEFT 1.2",
     "? [a]", ": b", "&a x", "*a", "!!binary x", "\t", "\x00", "2020-01-01: 22:30"]), max_size=14))  # fmt: skip
def test_any_card(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "README.md").write_text("\n".join(["---", *lines]), encoding="utf-8")
        check(Path(folder))
