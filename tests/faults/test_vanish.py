# SPDX-License-Identifier: Apache-2.0
"""Files and folders that go away while they are read or written: what is left is told, in words."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from core import files
from core.documents import export, plan_export
from core.errors import CannotRead, CannotWrite
from core.scan import scan_path
from tests.unit.documents import samples


@pytest.mark.parametrize("at", [1, 2, 5, 9])
def test_a_file_vanishes_in_the_middle_of_a_scan(tmp_path: Path, example: Path, at: int) -> None:
    folder = Path(shutil.copytree(example, tmp_path / "model"))
    calls = 0

    def progress(_seen: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            (folder / "adapter_model.safetensors").unlink()
            shutil.rmtree(folder / "checkpoint-24")

    result = scan_path(folder, progress=progress)
    assert calls >= at
    assert result.fact("adapter_config") is not None, "what is still there was read"
    for record in result.unreadable:
        assert record.what
        assert record.todo


@pytest.mark.parametrize("at", [1, 3])
def test_the_whole_folder_vanishes_in_the_middle_of_a_scan(tmp_path: Path, example: Path, at: int) -> None:
    folder = Path(shutil.copytree(example, tmp_path / "model"))
    calls = 0

    def progress(_seen: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            shutil.rmtree(folder)

    words: list[str] = []
    try:
        words += [record.what for record in scan_path(folder, progress=progress).unreadable]
    except CannotRead as told:
        words += [told.what, told.todo]
    assert words, "a folder that is gone is told"
    assert all(words)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_the_folder_vanishes_in_the_middle_of_an_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    project = samples.project()
    plan = plan_export(project, samples.assessment(project), out, app_version="1")
    real, calls = files.write_beside, 0

    def gone(target: Path, data: bytes) -> Path:
        nonlocal calls
        calls += 1
        if calls == at:
            shutil.rmtree(out)
        return real(target, data)

    monkeypatch.setattr(files, "write_beside", gone)
    with pytest.raises(CannotWrite) as told:
        export(plan, accept_changes=True)
    assert told.value.todo
    assert not out.exists(), "nothing is made where somebody took a folder away"
