# SPDX-License-Identifier: Apache-2.0
import errno
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from core.documents import MODEL_CARD, ExportPlan, FileAction, export, plan_export
from core.documents.manifest import MANIFEST_NAME
from core.errors import BadAnswers, CannotRead, CannotWrite
from tests.unit.documents import samples

NAMES = [
    "NOTICE",
    "README.md",
    "compute-record.md",
    "release-checklist.md",
    "training-data-statement.md",
    "weighbridge-manifest.json",
    "what-applies.html",
    "what-applies.md",
]


def plan(folder: Path, only: list[str] | None = None, **changes: Any) -> ExportPlan:
    project = changes.pop("project", samples.project())
    return plan_export(project, samples.assessment(project, **changes), folder, only, app_version="0.1.0")


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_first_export_creates_all_and_the_second_nothing(tmp_path: Path) -> None:
    first = plan(tmp_path)
    assert [item.action for item in first.items] == [FileAction.CREATE] * 7
    assert listing(tmp_path) == {}
    result = export(first, accept_changes=False)
    assert [path.name for path in result.written] == [
        "README.md",
        "NOTICE",
        "training-data-statement.md",
        "what-applies.md",
        "what-applies.html",
        "compute-record.md",
        "release-checklist.md",
    ]
    before = listing(tmp_path)
    assert sorted(before) == NAMES
    second = plan(tmp_path)
    assert [item.action for item in second.items] == [FileAction.UNCHANGED] * 7
    assert all(item.difference == "" for item in second.items)
    assert export(second, accept_changes=False).written == ()
    assert listing(tmp_path) == before


def test_the_manifest_says_what_was_written_from_what(tmp_path: Path) -> None:
    export(plan(tmp_path), accept_changes=False)
    manifest = json.loads((tmp_path / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert manifest["kind"] == "weighbridge-manifest"
    assert manifest["format"] == 1
    for entry in manifest["files"]:
        assert entry["sha256"] == hashlib.sha256((tmp_path / entry["name"]).read_bytes()).hexdigest()
        assert entry["rulebook"] == samples.HASH
        assert entry["assessed_on"] == "2026-11-23"
        assert entry["app_version"] == "0.1.0"
    assert [entry["name"] for entry in manifest["files"]] == [
        "NOTICE",
        "README.md",
        "compute-record.md",
        "release-checklist.md",
        "training-data-statement.md",
        "what-applies.html",
        "what-applies.md",
    ]


def test_only_some_documents(tmp_path: Path) -> None:
    export(plan(tmp_path), accept_changes=False)
    later = plan(tmp_path, [MODEL_CARD])
    assert [item.document.kind.id for item in later.items] == [MODEL_CARD]
    export(later, accept_changes=False)
    manifest = json.loads((tmp_path / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert len(manifest["files"]) == 7
    with pytest.raises(BadAnswers, match="no document"):
        plan(tmp_path, ["banana"])


def test_a_users_file_is_shown_first_and_never_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"# Mine\r\n\r\nKeep me.")
    (tmp_path / "what-applies.md").write_bytes(b"\xff not text")
    before = listing(tmp_path)
    planned = plan(tmp_path)
    card = planned.items[0]
    assert card.action is FileAction.REPLACE
    assert "+license: llama3.1\n" in card.difference
    assert "\n-# Mine" not in card.difference
    assert "\\ No line end at the end of the file" in card.difference
    with pytest.raises(CannotWrite, match=r"README\.md"):
        export(planned, accept_changes=False)
    assert listing(tmp_path) == before
    export(planned, accept_changes=True)
    after = (tmp_path / "README.md").read_bytes()
    assert b"# Mine\r\n" in after
    assert b"\r\n\r\nKeep me." in after


def test_the_prose_of_the_model_folder_comes_along(tmp_path: Path) -> None:
    model, out = tmp_path / "model", tmp_path / "out"
    model.mkdir()
    out.mkdir()
    (model / "README.md").write_text("# Mine\n\nKeep me.\n", encoding="utf-8")
    planned = plan(out, project=samples.project(folder=str(model)))
    assert planned.items[0].action is FileAction.CREATE
    assert "Keep me." in planned.items[0].document.content
    (model / "README.md").write_bytes(b"\xff\xfe")
    with pytest.raises(CannotRead):
        plan(out, project=samples.project(folder=str(model)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", [None, b"old"])
def test_a_file_that_changed_since_the_plan_stops_everything(
    tmp_path: Path, name: str, before: bytes | None
) -> None:
    if before is not None and name != "weighbridge-manifest.json":
        (tmp_path / name).write_bytes(before)
    planned = plan(tmp_path)
    (tmp_path / name).write_bytes(b"written meanwhile")
    there = listing(tmp_path)
    with pytest.raises(CannotWrite, match="changed since"):
        export(planned, accept_changes=True)
    assert listing(tmp_path) == there


def test_an_unchanged_file_that_changes_meanwhile_stops_too(tmp_path: Path) -> None:
    export(plan(tmp_path), accept_changes=False)
    planned = plan(
        tmp_path, verdict=samples.assessment(samples.project()).verdict.replace(headline="Another.")
    )
    assert planned.items[0].action is FileAction.UNCHANGED
    (tmp_path / "README.md").write_bytes(b"meanwhile")
    with pytest.raises(CannotWrite, match="changed since"):
        export(planned, accept_changes=True)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EACCES, "cannot be changed by you"),
        (errno.EROFS, "cannot be changed by you"),
        (errno.EIO, ""),
    ],
)
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_system_that_refuses_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str, call: str
) -> None:
    (tmp_path / "README.md").write_bytes(b"# Mine\n")
    planned = plan(tmp_path)
    before = listing(tmp_path)
    done = 0

    def refuse(*args: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    def second_fails(handle: int) -> None:
        nonlocal done
        done += 1
        if done == 2:
            refuse()

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", second_fails)
    else:
        monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(CannotWrite) as caught:
        export(planned, accept_changes=True)
    assert why in caught.value.why
    assert caught.value.todo
    monkeypatch.undo()
    assert listing(tmp_path) == before


def test_a_file_that_cannot_be_put_in_place_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "README.md").write_bytes(b"# Mine\n")
    planned = plan(tmp_path)

    def refuse(self: Path, target: Path) -> NoReturn:
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(CannotWrite):
        export(planned, accept_changes=True)
    assert listing(tmp_path) == {"README.md": b"# Mine\n"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user that permissions bind")
def test_a_read_only_folder(tmp_path: Path) -> None:
    planned = plan(tmp_path)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(CannotWrite, match="could not be written"):
            export(planned, accept_changes=True)
    finally:
        tmp_path.chmod(0o700)


def test_a_missing_folder_and_a_file_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="not there"):
        plan(tmp_path / "no")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CannotWrite, match="not a folder"):
        plan(tmp_path / "file")
    planned = plan(tmp_path)
    with pytest.raises(CannotWrite, match="not there"):
        export(planned.replace(folder=tmp_path / "gone"), accept_changes=True)


def test_links_and_folders_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"theirs")
    (tmp_path / "what-applies.md").mkdir()
    with pytest.raises(CannotWrite, match="There is a folder"):
        plan(tmp_path)
    (tmp_path / "what-applies.md").rmdir()
    (tmp_path / "README.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotWrite, match="is a link"):
        plan(tmp_path)
    assert (tmp_path / "elsewhere").read_bytes() == b"theirs"


def test_somebody_elses_manifest_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "weighbridge-manifest.json").write_text('{"mine": 1}', encoding="utf-8")
    with pytest.raises(CannotWrite, match="weighbridge-manifest"):
        plan(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"# Mine\n")
    (tmp_path / "README.md").chmod(0o640)
    export(plan(tmp_path), accept_changes=True)
    assert (tmp_path / "README.md").stat().st_mode & 0o777 == 0o640
