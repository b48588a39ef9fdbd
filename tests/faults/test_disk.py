# SPDX-License-Identifier: Apache-2.0
"""A full or failing disk and a power cut, at every single call that the writers make: what stood there stands, or the new is whole."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from core.documents import ExportPlan, export, plan_export
from core.domain.project import Project
from core.errors import CannotWrite
from core.files import write_file
from gui.files import read_project, save_project, write_atomically
from tests.faults.injector import Disk, calls_of, cut_at, listing
from tests.unit.documents import samples

OLD, NEW = b"old words\n" * 40, b"new words\n" * 500
ERRORS = [errno.ENOSPC, errno.EIO]
WRITERS = {"core": write_file, "gui": write_atomically}
no_fork = pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="needs fork")


def _beside(folder: Path) -> list[str]:
    return [name for name in listing(folder) if name.endswith(".tmp")]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("number", ERRORS)
@pytest.mark.parametrize("for_ever", [False, True])
@pytest.mark.parametrize("before", [None, OLD])
def test_one_file_is_old_or_new_whatever_fails(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writer: str,
    number: int,
    for_ever: bool,
    before: bytes | None,
) -> None:
    write = WRITERS[writer]
    (tmp_path / "counted").write_bytes(OLD)
    total = len(calls_of(monkeypatch, lambda: write(tmp_path / "counted", NEW)))
    assert total >= 7, "open, write, flush, fsync, replace and the folder"
    refused = 0
    for at in range(1, total + 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        target = folder / "file"
        if before is not None:
            target.write_bytes(before)
        with monkeypatch.context() as patch:
            disk = Disk(patch, number)
            disk.fail_at, disk.for_ever = at, for_ever
            try:
                write(target, NEW)
                told = None
            except CannotWrite as error:
                told = error
                refused += 1
        there = target.read_bytes() if target.exists() else None
        assert there == (NEW if told is None else before), f"call {at}: {disk.calls}"
        if told is not None:
            assert told.what
            assert told.why
            assert told.todo
        if not for_ever:
            assert _beside(folder) == [], f"call {at} left a file: {disk.calls}"
        write(target, NEW)  # the disk is mended: the next try works, whatever was left
        assert target.read_bytes() == NEW
    assert refused >= 4


def _plan(folder: Path, summary: str) -> ExportPlan:
    project = samples.project()
    project = project.replace(answers=project.answers.replace(summary=summary))
    return plan_export(
        project, samples.assessment(project), folder, ["model_card", "compute_record"], app_version="1"
    )


@pytest.mark.parametrize("number", ERRORS)
@pytest.mark.parametrize("for_ever", [False, True])
def test_an_export_is_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, for_ever: bool
) -> None:
    (tmp_path / "0").mkdir()
    export(_plan(tmp_path / "0", "Before."), accept_changes=True)
    before = listing(tmp_path / "0")
    first = _plan(tmp_path / "0", "After.")
    total = len(calls_of(monkeypatch, lambda: export(first, accept_changes=True)))
    after = listing(tmp_path / "0")
    assert before["README.md"] != after["README.md"]
    for at in range(1, total + 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        for name, data in before.items():
            (folder / name).write_bytes(data)
        plan = _plan(folder, "After.")
        with monkeypatch.context() as patch:
            disk = Disk(patch, number)
            disk.fail_at, disk.for_ever = at, for_ever
            try:
                export(plan, accept_changes=True)
                told = None
            except CannotWrite as error:
                told = error
        there = listing(folder)
        documents = {name: data for name, data in there.items() if not name.endswith(".tmp")}
        if told is None:
            assert documents == after, f"call {at}"
        elif not for_ever:
            assert there == before, f"call {at} of {total} left something half done: {disk.calls}"
        else:  # the disk cannot even take back: each file is whole, and what was replaced is kept and named
            for name, data in documents.items():
                assert data in (before[name], after[name])
                if data != before[name]:
                    assert name in told.what
                    assert before[name] in [there[left] for left in there if left in told.why]


@no_fork
@pytest.mark.parametrize("writer", WRITERS)
def test_a_power_cut_at_every_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    write = WRITERS[writer]
    (tmp_path / "counted").write_bytes(OLD)
    total = len(calls_of(monkeypatch, lambda: write(tmp_path / "counted", NEW)))
    seen: set[bytes] = set()
    left = 0
    for at in range(1, total + 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        target = folder / "file"
        target.write_bytes(OLD)
        assert cut_at(monkeypatch, at, lambda target=target: write(target, NEW))
        assert target.read_bytes() in (OLD, NEW)
        seen.add(target.read_bytes())
        for name in _beside(folder):
            left += 1
            os.utime(folder / name, (1, 1))  # long ago
        write(target, NEW)
        assert list(listing(folder)) == ["file"], "what the cut left is swept by the next write"
    assert seen == {OLD, NEW}
    assert left


def test_the_file_beside_of_another_window_is_let_alone(tmp_path: Path) -> None:
    young = tmp_path / ".file.0123456789ab.tmp"
    old_of_another = tmp_path / ".other.0123456789ab.tmp"
    persons_own = tmp_path / ".file.mine.tmp"
    for path in (young, old_of_another, persons_own):
        path.write_bytes(b"x")
    for path in (old_of_another, persons_own):
        os.utime(path, (1, 1))
    write_file(tmp_path / "file", NEW)
    assert young.exists()
    assert old_of_another.exists()
    assert persons_own.exists()


def test_a_name_as_long_as_the_disk_allows_is_written(tmp_path: Path) -> None:
    for name in ("x" * 255, "é" * 127, "漢" * 85):
        write_file(tmp_path / name, NEW)
        assert (tmp_path / name).read_bytes() == NEW
        assert _beside(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_project_behind_a_link_stays_behind_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    save_project(tmp_path / "real" / "p.weighbridge.json", Project(by_hand=True))
    link = tmp_path / "p.weighbridge.json"
    link.symlink_to(tmp_path / "real" / "p.weighbridge.json")
    save_project(link, Project(by_hand=True, step="model"))
    assert link.is_symlink()
    assert read_project(tmp_path / "real" / "p.weighbridge.json").step == "model"


def test_a_file_that_may_not_be_written_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "p.weighbridge.json"
    target.write_bytes(OLD)
    monkeypatch.setattr(os, "access", lambda *_a, **_k: False)  # root may write anything
    with pytest.raises(CannotWrite) as told:
        write_atomically(target, NEW)
    assert "cannot be changed by you" in told.value.why
    assert target.read_bytes() == OLD
