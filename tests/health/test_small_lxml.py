# SPDX-License-Identifier: Apache-2.0
"""The own build of lxml: the locked version by its hash, sources that are checked, and the wheel where it cannot be done."""

from __future__ import annotations

import importlib
import io
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.health.tree import ROOT

LOCK = ROOT / "requirements.lock"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging" / "freeze"))
    return importlib.import_module("small_lxml")


def test_the_locks_own_lines_are_handed_to_pip(small: ModuleType) -> None:
    said = small.requirement(LOCK.read_text(encoding="utf-8"), "lxml")
    name, *hashes = said.replace("\\\n", "").split()
    assert re.fullmatch(r"lxml==\d+\.\d+\.\d+", name)
    assert len(hashes) > 10
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)
    with pytest.raises(small.CannotCompile):
        small.requirement("lxml-other==1\n", "lxml")


def test_each_source_has_a_hash_and_carries_its_version(small: ModuleType) -> None:
    for one in small.SOURCES:
        assert re.fullmatch(r"[0-9a-f]{64}", one.sha256)
        assert f"{one.name}_{one.version}" in one.file
        assert (ROOT / "packaging/freeze/texts" / f"{one.name}.txt").is_file()


def test_a_source_that_was_changed_on_the_way_is_refused(
    small: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(address: str, timeout: int) -> io.BytesIO:
        asked.append(address)
        return io.BytesIO(b"something else")

    monkeypatch.setattr(small.urllib.request, "urlopen", answer)
    with pytest.raises(small.CannotCompile, match="another hash"):
        small._fetched(small.SOURCES[0])
    assert len(asked) == len(small.MIRRORS)


def test_without_a_compiler_the_wheel_stays_and_it_is_said(
    small: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(small.shutil, "which", lambda tool: None)
    before = _digest()
    assert small.rebuild(Path(sys.executable), LOCK) is False
    assert "gcc" in capsys.readouterr().out
    assert _digest() == before


def _digest() -> bytes:
    asked = "import lxml.etree as e, hashlib, pathlib; print(hashlib.sha256(pathlib.Path(e.__file__).read_bytes()).hexdigest())"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True).stdout
