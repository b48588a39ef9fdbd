# SPDX-License-Identifier: Apache-2.0
"""Damaged, absurd, huge and unknown configurations: a clear refusal or a stated fallback, soon and in little memory."""

import atexit
import functools
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
MOST_SECONDS, MOST_BYTES = 2.0, 200_000_000
LAUNCHER = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "core.cli", *sys.argv[1:]])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
print("USED", used.ru_utime + used.ru_stime, used.ru_maxrss * unit, file=sys.stderr)
sys.exit(done.returncode)
"""
"""A small process between: one started from here would inherit the peak memory of the test run."""
LLAMA: dict[str, Any] = {"model_type": "llama", "architectures": ["LlamaForCausalLM"]}


class Ran(NamedTuple):
    """What one process printed and used (processor seconds: other work on the machine does not count)."""

    code: int
    out: str
    said: str
    seconds: float
    memory: int


@functools.cache
def compiled() -> dict[str, str]:
    """An environment in which the code is compiled, as it is for people: only the run itself is measured."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, env["PYTHONPYCACHEPREFIX"], ignore_errors=True)
    once = [
        sys.executable,
        "-m",
        "core.cli",
        "weigh",
        str(ROOT / "resources" / "examples" / "tiny-llama-lora"),
    ]
    subprocess.run(once, cwd=ROOT, env=env, check=True, timeout=120, capture_output=True)
    return env


def ran(*words: str) -> Ran:
    """Run the command line in a process of its own."""
    if sys.platform == "win32":
        pytest.skip("the system tells no peak memory")
    env = compiled()
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert time.perf_counter() - started < 30
    said, _, used = done.stderr.rpartition("USED ")
    assert used, done.stderr
    seconds, memory = used.split()
    return Ran(done.returncode, done.stdout, said, float(seconds), int(memory))


def within(one: Ran) -> None:
    """The bars of time and memory."""
    assert "Traceback" not in one.said
    assert one.seconds < MOST_SECONDS
    assert one.memory < MOST_BYTES


def config(folder: Path, value: str | dict[str, Any]) -> str:
    """Write a config.json and give its path."""
    path = folder / "config.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def labels(count: int) -> str:
    """A configuration with `count` labels and nothing else."""
    return '{"model_type":"llama","id2label":{' + ",".join(f'"{i}":"LABEL_{i}"' for i in range(count)) + "}}"


def test_fifty_megabytes_of_keys_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = config(tmp_path, labels(2_000_000))
    assert 49_000_000 < Path(path).stat().st_size < 51_000_000
    found = ran("flops", path)
    within(found)
    assert found.code == 3
    assert "larger than" in found.said


@pytest.mark.parametrize(
    "body", [labels(180_000), '{"model_type":"llama","x":[' + "[]," * 1_600_000 + "[]]}"]
)
def test_the_largest_that_is_read_stays_within_the_bars(tmp_path: Path, body: str) -> None:
    assert 4_000_000 < len(body) < 5_000_000
    found = ran("flops", config(tmp_path, body))
    within(found)
    assert found.code == 0


def test_missing_keys_are_said(tmp_path: Path) -> None:
    found = ran("flops", config(tmp_path, {"model_type": "llama"}), "--seq", "128")
    within(found)
    assert found.code == 0
    for key in ("hidden_size", "num_hidden_layers", "intermediate_size", "vocab_size"):
        assert f"{key} is not in the configuration" in found.out


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (LLAMA | {"num_hidden_layers": 10**9}, "num_hidden_layers"),
        (LLAMA | {"num_hidden_layers": -3}, "num_hidden_layers"),
        (LLAMA | {"hidden_size": "big"}, "hidden_size"),
        (LLAMA | {"hidden_size": 1e300}, "hidden_size"),
        ({"model_type": "zzz"}, "zzz"),
        ("[" * 100_000, "not readable JSON"),
        ("[1, 2]", "does not describe a model"),
        ('{"hidden_size": ' + "9" * 5000 + "}", "not readable JSON"),
    ],
)
def test_absurd_values_are_refused_by_name(tmp_path: Path, value: str | dict[str, Any], words: str) -> None:
    found = ran("flops", config(tmp_path, value))
    within(found)
    assert found.code == 3
    assert words in found.said


def weights(folder: Path) -> int:
    """model.safetensors with two zero tensors; their parameters."""
    header = {
        "a.weight": {"dtype": "F16", "shape": [1000, 300], "data_offsets": [0, 600_000]},
        "b.weight": {"dtype": "F16", "shape": [50], "data_offsets": [600_000, 600_100]},
    }
    raw = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(raw)) + raw + bytes(600_100))
    return 300_050


@pytest.mark.parametrize(
    "value",
    [
        {"model_type": "brand_new", "architectures": ["BrandNewForCausalLM"], "hidden_size": 8},
        LLAMA | {"num_hidden_layers": 10**9},
        LLAMA | {"hidden_size": "big"},
        labels(2_000_000),
    ],
    ids=["unknown", "absurd", "word", "huge"],
)
def test_weigh_falls_back_to_the_header_and_says_so(tmp_path: Path, value: str | dict[str, Any]) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    config(folder, value)
    size = weights(folder)
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"tokens": 1_000_000, "training_method": "full"}), encoding="utf-8")
    found = ran("weigh", str(folder), "--answers", str(answers), "--json")
    within(found)
    assert found.code == 0, found.said
    told = json.loads(found.out)
    assert told["parameters"]["total"] == size
    operations = next(one for one in told["compute"]["witnesses"] if one["id"] == "operations")["estimate"]
    assert operations["central"] == 6 * size * 1_000_000
    assert operations["method"] == "Parameters times tokens"
    assert any("5 percent less and 55 percent more" in note for note in operations["assumptions"])
    # 6ND of a small model leaves out up to half as much again (attention): its stated error.
    assert operations["low"] == operations["central"] * 95 // 100
    assert operations["high"] == operations["central"] * 155 // 100
    assert any("cannot be counted layer by layer" in warning for warning in told["warnings"])
