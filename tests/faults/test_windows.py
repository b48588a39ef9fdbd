# SPDX-License-Identifier: Apache-2.0
"""A clock that jumps, two windows on one project, settings and lists out of shape, ten thousand projects on the first page."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import socket
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from core.domain.answers import Answers
from core.domain.project import Project
from gui.derive import assess_on
from gui.files import read_project, save_project
from gui.settings import Settings
from gui.shelf import Entry, EntryKind, _day, read_drafts
from tests.gui.driver import running, settle, wait

TYPED = Project(by_hand=True, step="model", answers=Answers(model_name="owl", summary="Typed."))


@pytest.mark.parametrize("when", [-(2**40), -1, 0, 2**33, 253_402_300_800, 2**45, 2**62])
def test_a_draft_of_any_time_is_listed(tmp_path: Path, when: int) -> None:
    path = tmp_path / "draft-2.json"
    save_project(path, TYPED)
    with contextlib.suppress(OverflowError, OSError):  # not every disk can keep such a time
        os.utime(path, (when, when))
    entries = read_drafts((path,), lambda _project: "")
    assert [entry.title for entry in entries] == ["owl"]
    assert _day(when) == "" or datetime.date.fromisoformat(_day(when))


def test_the_lists_keep_their_order_when_the_clock_goes_back(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.ini")
    for name, day in (("a", "2026-11-26"), ("b", "2031-01-01"), ("c", "1970-01-01")):
        path = tmp_path / f"{name}.weighbridge.json"
        save_project(path, TYPED)
        settings.remember_project(Entry(EntryKind.PROJECT, str(path), name, day=day))
    settings.save()
    again = Settings(tmp_path / "s.ini").projects
    assert [entry.title for entry in again] == ["c", "b", "a"], "last used first, whatever the day said"


def test_the_draft_is_written_whatever_the_clock_says(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(qapp, tmp_path) as app:
        app.begin_by_hand()
        app.autosave._pause_s = 0.01
        monkeypatch.setattr(time, "time", lambda: 0.0)
        app.store.answer("summary", "Typed after the clock went back")
        assert wait(lambda: "went back" in app.autosave.path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("year", [1970, 2019, 2999])
def test_any_day_can_be_today(qapp: QApplication, tmp_path: Path, example: Path, year: int) -> None:
    today = datetime.date(year, 2, 28)
    with running(qapp, tmp_path, today=today, assess=assess_on(today)) as app:
        app.open(str(example))
        for step in ("release", "applies", "documents"):
            app.wizard.open_step(step)
            settle()
        assert app.derive.assessment is not None


def test_two_windows_on_one_project_lose_nothing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared.weighbridge.json"
    save_project(shared, TYPED)
    with running(qapp, tmp_path) as one, running(qapp, tmp_path) as other:
        for app in (one, other):
            app.open(str(shared))
        one.store.answer("summary", "By the one.")
        one.window.work.save()
        other.store.answer("summary", "By the other.")
        other.window.work.save()
        assert read_project(shared).answers.summary == "By the one."
        assert "changed since you opened it" in other.board.message
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
        other.window.work.save_as()
        assert read_project(tmp_path / "mine.weighbridge.json").answers.summary == "By the other."
        one.window.work.save()
        assert read_project(shared).answers.summary == "By the one.", (
            "one's own file is saved without a question"
        )


def test_saving_again_after_being_told_replaces(qapp: QApplication, tmp_path: Path) -> None:
    shared = tmp_path / "shared.weighbridge.json"
    save_project(shared, TYPED)
    with running(qapp, tmp_path) as app:
        app.open(str(shared))
        save_project(shared, TYPED.replace(step="training"))
        app.store.answer("summary", "Mine.")
        app.window.work.save()
        app.window.work.save()
        assert read_project(shared).answers.summary == "Mine."
        shared.unlink()  # gone is not changed: it is written anew
        app.store.answer("summary", "Mine again.")
        app.window.work.save()
        assert read_project(shared).answers.summary == "Mine again."


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda path: path.mkdir(), id="a folder"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(b"[recent]\nprojects=" + b"x" * 8_000_000), id="huge"),
        pytest.param(
            lambda path: path.write_text(
                '[general]\nformat=99\n[recent]\nprojects="[1]", "{}", null, "{\\"kind\\": \\"ufo\\"}"\n'
            ),
            id="newer",
        ),
    ],
)
def test_settings_out_of_shape_are_no_obstacle(qapp: QApplication, tmp_path: Path, made: object) -> None:
    path = tmp_path / "settings.ini"
    assert callable(made)
    made(path)
    with running(qapp, tmp_path, settings=Settings(path), theme=None) as app:
        assert app.settings.projects == ()
        assert app.theme.choice == "system"
        app.begin_by_hand()
    assert Settings(path).theme == "system"


def test_settings_that_cannot_be_opened_are_put_aside_and_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.mkdir()
    settings = Settings(path)
    assert settings.notices == [str(path)]
    assert (tmp_path / "settings.damaged.ini").is_dir()
    settings.theme = "dark"
    settings.save()
    assert Settings(path).theme == "dark"


def test_a_list_where_a_word_belongs_counts_as_not_set(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_text("[look]\ntheme=dark, light\nlanguage=de, fr\n[window]\ngeometry=a, b\n", encoding="ascii")
    settings = Settings(path)
    assert (settings.theme, settings.language) == ("system", "system")
    assert settings.geometry.isEmpty()


def test_ten_thousand_projects_do_not_slow_the_first_page(qapp: QApplication, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    folder = tmp_path / "projects"
    folder.mkdir()
    lines = []
    from gui.shelf import to_line

    for number in range(10_000):
        path = folder / f"{number}.weighbridge.json"
        path.touch()
        lines.append(
            to_line(Entry(EntryKind.PROJECT, str(path), f"model {number}", "Nothing stops it.", "2026-11-26"))
        )
    settings._file.setValue("recent/projects", lines)
    settings.save()
    fresh = Settings(tmp_path / "settings.ini")
    begun = time.process_time()
    shown = fresh.projects
    spent = time.process_time() - begun
    assert [entry.title for entry in shown] == [f"model {number}" for number in range(12)]
    assert spent < 0.2, f"{spent:.3f} s"
    with running(qapp, tmp_path, settings=fresh) as app:
        begun = time.process_time()
        app.wizard.show_home()
        settle()
        assert time.process_time() - begun < 0.4  # the page itself, on a busy machine


def test_this_run_cannot_reach_the_network() -> None:
    with pytest.raises(AssertionError, match="network was tried"):
        socket.getaddrinfo("localhost", 80)


@pytest.mark.parametrize(
    "path", ["x" * 5000, "a\0b", "~nobody-of-that-name/x", "a\nb" * 200, "\udcff", "/dev/null"]
)
def test_what_is_no_path_is_said_in_words(
    qapp: QApplication, tmp_path: Path, example: Path, path: str
) -> None:
    """Pasted into the field for the folder, or dropped; a second time, when a model is there already."""
    with running(qapp, tmp_path) as app:
        app.open(path)
        assert app.board.message
        app.open(str(example))
        kept = app.store.project
        app.open(path)
        assert app.board.message
        assert app.store.project.scan == kept.scan


@pytest.mark.skipif(sys.platform != "linux", reason="only here a name may be bytes that are no text")
def test_a_folder_whose_name_is_no_text(qapp: QApplication, tmp_path: Path, example: Path) -> None:
    odd = tmp_path / os.fsdecode(b"mod\xe8le")
    shutil.copytree(example, odd)
    saved = tmp_path / "saved.weighbridge.json"
    with running(qapp, tmp_path) as app:
        app.open(str(odd))
        app.store.answer("summary", "Hours of work.")
        for step in ("found", "release", "documents", "export"):
            app.wizard.open_step(step)
            settle()
        assert wait(lambda: app.autosave.path.is_file())
        save_project(saved, app.store.project)
        kept = app.store.project
    assert kept.folder == str(odd)
    assert kept.scan is not None
    assert kept.scan.facts
    with running(qapp, tmp_path) as app:
        app.open(str(saved))
        assert app.store.project.answers == kept.answers
        assert app.store.project.folder == str(odd)
