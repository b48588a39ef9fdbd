# SPDX-License-Identifier: Apache-2.0
"""The frozen program does what the app from source does, with window and command line in one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.places import DATA_FOLDER
from core.rules.updates.keys import key_text
from tests.frozen.conftest import Run
from tests.health.tree import ROOT
from tests.unit.rules.updates.making import pair, signed, ten_times_higher

EXAMPLE = ROOT / "resources" / "examples" / "tiny-llama-lora"
DAY = "2026-11-26"


def test_smoke_does_the_whole_job_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    done = run("--smoke")
    assert done.returncode == 0, done.stderr
    assert "written and read back" in done.stdout
    left = [str(path) for path in tmp_path.rglob("*") if path.is_file() and "cache" not in str(path).lower()]
    assert left == []


def test_the_version_is_the_projects(run: Run) -> None:
    import tomllib

    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run("--version").stdout.strip() == f"weighbridge {said}"


@pytest.mark.parametrize(
    "words",
    [
        ("scan", str(EXAMPLE), "--json"),
        ("weigh", str(EXAMPLE), "--json", "--on", DAY),
        ("flops", str(EXAMPLE / "base-model" / "config.json"), "--json"),
        ("rules", "--json", "--on", DAY),
    ],
    ids=lambda words: words[0],
)
def test_a_command_answers_as_from_source(run: Run, words: tuple[str, ...]) -> None:
    source = subprocess.run(
        [sys.executable, "-m", "core.cli", *words], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60,
        env=os.environ | {"PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    frozen = run(*words)
    assert (frozen.returncode, json.loads(frozen.stdout)) == (source.returncode, json.loads(source.stdout))


def test_documents_in_every_format(run: Run, tmp_path: Path) -> None:
    done = run("write", str(EXAMPLE), "--out", str(tmp_path / "out"), "--as", "md,docx,pdf", "--on", DAY)
    assert done.returncode == 0, done.stderr
    endings = {path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {".md", ".docx", ".pdf"} <= endings


def test_bad_input_is_told_plainly(run: Run) -> None:
    done = run("weigh", "no/such/folder")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_a_newer_project_is_refused_politely(run: Run, tmp_path: Path) -> None:
    data = json.loads((ROOT / "tests/fixtures/projects/v1.weighbridge.json").read_text(encoding="utf-8"))
    newer = tmp_path / "newer.weighbridge.json"
    newer.write_text(json.dumps(data | {"format": 99}), encoding="utf-8")
    kept = newer.read_bytes()
    done = run("weigh", str(newer))
    assert done.returncode == 3
    assert "newer" in done.stderr
    assert "Traceback" not in done.stderr
    assert newer.read_bytes() == kept


def test_a_signed_rulebook_is_checked(run: Run, tmp_path: Path) -> None:
    """The library behind the signature is written in C and loads another one that no import in Python names."""
    rules, key = tmp_path / "newer.weighbridge-rules", tmp_path / "maker.weighbridge-key"
    rules.write_bytes(signed(ten_times_higher()))
    key.write_text(key_text(pair()[1]), encoding="utf-8")
    own = {DATA_FOLDER: str(tmp_path / "data")}
    assert run("rulebook", "trust", str(key), **own).returncode == 0
    done = run("rulebook", "check", str(rules), **own)
    assert done.returncode == 0, done.stderr
    assert "10^24 FLOP" in done.stdout
    broken = bytearray(rules.read_bytes())
    broken[-1] ^= 1
    rules.write_bytes(broken)
    assert run("rulebook", "check", str(rules), **own).returncode == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the loader's variable of Linux")
def test_hashing_is_fast(run: Run, bundle: Path) -> None:
    """_hashlib is in the bundle and uses the system's OpenSSL; without it hashing a model takes many times longer."""
    assert list(bundle.rglob("_hashlib*.so"))
    assert not list(bundle.rglob("libcrypto*"))
