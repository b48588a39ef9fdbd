# SPDX-License-Identifier: Apache-2.0
"""Any bytes, cuts and values in the files of training tools end in a result that can be saved, or in a plain refusal."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.scan_result import FileOutcome
from core.scan import scan_path
from tests.hostile.scan_maker import POINTER
from tests.hostile.test_scan_property import LEAVES, check
from tests.hostile.tool_maker import FOLDERS, Weights, build

NAMES = sorted(
    {
        path
        for files in FOLDERS.values()
        for path, content in files.items()
        if not isinstance(content, Weights | bytes)
    }
)
TEXTS = {
    path: content for files in FOLDERS.values() for path, content in files.items() if isinstance(content, str)
}
QUICK = settings(max_examples=120, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
ODD = (
    LEAVES
    | st.sampled_from(
        [
            "1e999",
            "nan",
            "-1",
            "10**9",
            "(0, 0)",
            "9" * 40,
            "[" * 50,
            "null",
            "\u202e",
            "{}",
            '{"a":',
            "0x10",
            "1_000",
        ]
    )
    | st.lists(LEAVES, max_size=3)
    | st.dictionaries(st.text(max_size=4), LEAVES, max_size=3)
)


def keys_of(content: Any) -> list[str]:
    if isinstance(content, dict):
        return [*content, *(key for value in content.values() for key in keys_of(value))]
    return [key for item in content for key in keys_of(item)] if isinstance(content, list) else []


KEYS = st.sampled_from(
    sorted({key for files in FOLDERS.values() for content in files.values()
            for key in (content.texts if isinstance(content, Weights) else keys_of(content))})
)  # fmt: skip
NESTED = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)


@QUICK
@given(name=st.sampled_from(NAMES), data=st.binary(max_size=400))
def test_any_bytes_under_any_name(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(build(Path(folder), {name: data}))


@QUICK
@given(name=st.sampled_from(NAMES), content=st.dictionaries(KEYS, NESTED, max_size=14))
def test_any_values_under_the_keys_we_read(name: str, content: dict[str, Any]) -> None:
    text = yaml.dump(content) if name.endswith(("yaml", "yml")) else json.dumps(content)
    with tempfile.TemporaryDirectory() as folder:
        check(build(Path(folder), {name: text.encode("utf-8", "replace")}))


@QUICK
@given(data=st.data(), name=st.sampled_from(sorted(FOLDERS)))
def test_a_real_folder_with_one_value_changed(data: st.DataObject, name: str) -> None:
    files = dict(FOLDERS[name])
    path = data.draw(st.sampled_from(sorted(files)))
    content = files[path]
    odd = data.draw(ODD)
    if isinstance(content, Weights):
        key = data.draw(st.sampled_from(sorted(content.texts) or ["x"]))
        text = odd if isinstance(odd, str) else json.dumps(odd)
        files[path] = Weights(
            {**content.texts, key: text.encode("utf-8", "replace").decode()}, content.tensors
        )
    elif isinstance(content, dict):
        files[path] = {**content, data.draw(st.sampled_from(sorted(content))): odd}
        if path.endswith(("yaml", "yml")):
            files[path] = yaml.dump(files[path]).encode("utf-8", "replace")
    with tempfile.TemporaryDirectory() as folder:
        check(build(Path(folder), files))


@QUICK
@given(
    texts=st.dictionaries(
        KEYS, st.text(max_size=12) | NESTED.map(lambda value: json.dumps(value)), max_size=12
    ),
    shape=st.sampled_from(["kohya", "lokr", "diffusers"]),
)
def test_any_texts_in_a_header(texts: dict[str, str], shape: str) -> None:
    from tests.hostile.tool_maker import lora

    plain = {key: text.encode("utf-8", "replace").decode() for key, text in texts.items()}
    with tempfile.TemporaryDirectory() as folder:
        check(build(Path(folder), {"a.safetensors": Weights(plain, lora(shape))}))


@QUICK
@given(name=st.sampled_from(sorted(TEXTS)), cut=st.integers(0, 3000), noise=st.text(max_size=8))
def test_texts_cut_and_disturbed(name: str, cut: int, noise: str) -> None:
    whole = TEXTS[name]
    with tempfile.TemporaryDirectory() as folder:
        check(
            build(Path(folder), {name: (whole[:cut] + noise + whole[cut + 3 :]).encode("utf-8", "replace")})
        )


@pytest.mark.parametrize("odd", ["5", "true", '"x"', "[5, null]", "{}", "[" * 9999, "9" * 5000, '{"a": NaN}'])
@pytest.mark.parametrize("key", ["ss_datasets", "ss_network_args", "ot_config", "software", "training_info"])
def test_json_inside_a_header_may_be_anything(key: str, odd: str, tmp_path: Path) -> None:
    for name in ("kohya", "ai_toolkit", "onetrainer_header"):
        content = next(item for item in FOLDERS[name].values() if isinstance(item, Weights))
        check(build(tmp_path, {"a.safetensors": Weights({**content.texts, key: odd}, content.tensors)}))


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_files_cut_in_half_and_placeholders(name: str, tmp_path: Path) -> None:
    """A running training leaves half a file; git leaves a note in its place."""
    whole = build(tmp_path / "whole", FOLDERS[name])
    for path in sorted(file for file in whole.rglob("*") if file.is_file()):
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
        check(whole)
        path.write_bytes(POINTER)
        record = next(
            (one for one in check(whole).files if one.path == path.relative_to(whole).as_posix()), None
        )
        assert record is not None
        assert record.outcome is not FileOutcome.READ or path.suffix == ".pt"
        path.write_bytes(data)


BOMBS = {
    "aliases.yaml": "a: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(50)),
    "deep.yaml": "a: " + "[" * 5000 + "]" * 5000,
    "tags.yml": "base_model: !!python/object/apply:os.system ['true']\nmicro_batch_size: !!int 3\nsequence_len: !Enum 7\n",
    "twice.yml": "base_model: a/b\nbase_model: c/d\nmicro_batch_size: 1\n",
    "long.yaml": "a: " + "x" * 600_000,
    "many.yaml": "\n".join(f"k{n}: 1" for n in range(40_000)),
    "results.csv": "epoch,train/loss\n" + "1," * 400_000,
    "history.csv": "epoch,train_loss,valid_loss,time\n" + "1,2,3,00:01\n" * 100_000,
    "summary.csv": 'epoch,train_loss,eval_x\n"' + "x" * 300_000,
    "trainer_log.jsonl": '{"current_steps": 1}\n' * 50_000,
    "args.json": '{"a":' * 100_000,
    "modules.json": '[{"type": "sentence_transformers.x", "path": "../../etc"}, {"path": "/etc"}, 5]',
    "config.cfg": "[training]\n" + "x = 1\n" * 50_000 + "[nlp]\n" + "y" * 1_000_000,
    "README.md": "axolotl version: `1`\n```yaml\n"
    + "a: 1\n" * 60_000
    + "## Training settings\n"
    + "- A b: c\n" * 50_000,
    "LICENSE": "mit " * 400_000,
    "model_index.json": json.dumps(
        {"_class_name": "P", "_diffusers_version": "0.1", **{f"p{n}": ["../x", "Y"] for n in range(5000)}}
    ),
    "mergekit_config.yml": "merge_method: slerp\nmodels:\n" + "- model: a/b\n" * 20_000,
    "meta_000001.json": json.dumps(
        {"step": 10**29, "model_config": {"n_embd": 1}, "total_batch_size": 10**29}
    ),
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bombs_end_in_time(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(BOMBS[name])
    started = time.process_time()
    check(tmp_path)
    assert time.process_time() - started < 2


def test_tags_build_nothing_and_their_texts_still_count(tmp_path: Path) -> None:
    (tmp_path / "tags.yml").write_text(BOMBS["tags.yml"])
    found = {fact.name: fact.value for fact in scan_path(tmp_path).facts}
    assert found["batch_per_device"] == 3
    assert found["sequence_length"] == 7


def test_a_folder_full_of_settings_is_read_in_part_and_says_so(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number:03}.yaml").write_text("base_model: a/b\nmicro_batch_size: 1\n")
    result = scan_path(tmp_path)
    assert any("300" in note and "100" in note for note in result.notes)
    assert len(result.files) <= 200


def test_parts_are_only_looked_for_inside(tmp_path: Path) -> None:
    """Names inside a file lead nowhere but to plain folders that were listed."""
    outside = tmp_path / "outside"
    build(outside, {"config.json": {"pooling_mode": "mean"}, "x.safetensors": Weights({}, {"w": [2]})})
    inside = build(
        tmp_path / "inside",
        {
            "modules.json": [{"type": "sentence_transformers.models.Pooling", "path": "../outside"}],
            "model_index.json": {
                "_class_name": "P",
                "_diffusers_version": "0.1",
                "../outside": ["diffusers", "UNet2DModel"],
            },
        },
    )
    assert not any("outside" in record.path for record in scan_path(inside).files)
