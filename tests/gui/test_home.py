# SPDX-License-Identifier: Apache-2.0
"""The first page lists releases with their verdict and date, drafts left behind and folders; each can be taken off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from core.domain.answers import Answers
from core.domain.project import Project
from gui.app import App
from gui.files import save_project
from gui.pages.home import HomePage
from gui.settings import Settings
from gui.shelf import Entry, EntryKind, from_line, to_line
from gui.widgets.shelf_row import ShelfRow
from tests.gui.driver import TODAY, button, click, key, running, settle

DRAFT = Project(by_hand=True, step="training", answers=Answers(model_name="left behind", summary="Typed."))


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        yield made


def home(app: App) -> HomePage:
    app.wizard.show_home()
    settle()
    return app.home


def titles(app: App) -> list[str]:
    return [row.entry.title for row in home(app).rows]


def row(app: App, title: str) -> ShelfRow:
    return next(row for row in home(app).rows if row.entry.title == title)


def saved(app: App, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / f"{name}.weighbridge.json"
    app.begin_by_hand()
    app.store.answer("model_name", name)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    app.window.work.save_as()
    return path


def test_a_saved_project_is_listed_with_verdict_and_date_and_opens(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(app, tmp_path, "recipes", monkeypatch)
    assert app.derive.assessment is not None
    headline = app.derive.assessment.verdict.headline
    app.start_again()
    listed = row(app, "recipes")
    assert listed.entry.headline == headline
    assert listed.entry.date == TODAY
    assert headline in listed.open.accessibleDescription()
    assert "2026" in listed.open.accessibleDescription()
    click(listed.open)
    assert app.store.project.answers.model_name == "recipes"
    assert app.wizard.current == "model"
    app.window.work.save()
    assert app.board.message == f"Saved {path.name}.", "it is saved to its own file from then on"


def test_the_newest_stands_first_and_a_file_stands_once(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "one"):
        saved(app, tmp_path, name, monkeypatch)
    assert titles(app) == ["one", "two"]
    (tmp_path / "one.weighbridge.json").unlink()
    assert titles(app) == ["two"], "a file that is gone cannot be opened"


def test_the_list_outlives_the_window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(qapp, tmp_path) as app:
        saved(app, tmp_path, "recipes", monkeypatch)
    with running(qapp, tmp_path) as app:
        assert [row.entry.title for row in app.home.rows] == ["recipes"]


def test_removing_and_undo_by_keyboard(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        saved(app, tmp_path, name, monkeypatch)
    before = titles(app)
    row(app, "two").remove.setFocus()
    key(app.window, Qt.Key.Key_Return)
    assert titles_in_sight(app) == ["three", "one"]
    assert app.window.focusWidget().accessibleName() == "Remove: one", "the focus stays in the list"
    assert (tmp_path / "two.weighbridge.json").is_file(), "the file itself is not touched"
    assert "two" in app.board.message
    button(app.board, "Undo").setFocus()
    key(app.window, Qt.Key.Key_Return)
    assert titles_in_sight(app) == before
    assert app.window.focusWidget().accessibleName() == "Open: two"


def titles_in_sight(app: App) -> list[str]:
    settle()
    return [row.entry.title for row in app.home.rows]


def test_a_folder_is_listed_opened_and_taken_off(app: App, example: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(example, tmp_path / "run-7"))
    app.open(str(folder))
    home(app)
    assert app.window.focusWidget() is button(app.window, "Continue"), "Enter goes on with what is open"
    app.start_again()
    assert titles(app) == ["run-7"]
    click(row(app, "run-7").remove)
    assert titles_in_sight(app) == []
    assert app.window.focusWidget() is app.home.choose
    click(button(app.board, "Undo"))
    click(row(app, "run-7").open)
    assert app.wizard.current == "found"
    assert app.store.project.folder == str(folder)


def test_a_draft_left_by_another_window_is_listed_and_taken_over(qapp: QApplication, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    other = drafts / "draft-2.json"
    save_project(other, DRAFT)
    with running(qapp, tmp_path) as app:
        listed = row(app, "left behind")
        assert listed.entry.kind is EntryKind.DRAFT
        assert listed.entry.headline, "judged on the spot"
        click(listed.open)
        assert app.wizard.current == "training"
        assert app.store.project.answers.summary == "Typed."
        assert not other.exists(), "it is this window's own now"
        assert "left behind" in app.autosave.path.read_text(encoding="utf-8")
        assert titles(app) == []


def test_a_draft_in_use_is_not_listed(qapp: QApplication, tmp_path: Path) -> None:
    with running(qapp, tmp_path) as one, running(qapp, tmp_path) as two:
        two.begin_by_hand()
        two.autosave.save_now()
        assert two.autosave.path.is_file()
        assert titles(one) == []


def test_a_draft_thrown_away_comes_back_whole(qapp: QApplication, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    other = drafts / "draft-2.json"
    save_project(other, DRAFT)
    (drafts / "draft-3.json").write_text("{", encoding="utf-8")
    before = other.read_bytes()
    with running(qapp, tmp_path) as app:
        click(row(app, "left behind").remove)
        assert not other.exists()
        assert titles_in_sight(app) == []
        click(button(app.board, "Undo"))
        assert other.read_bytes() == before
        assert titles_in_sight(app) == ["left behind"]


@pytest.mark.parametrize(
    "line",
    ["", "[]", "{}", "7", '{"kind": "tower", "path": "x", "title": "y"}', '{"kind": "project"}', "[" * 9000],
)
def test_a_damaged_line_is_left_out(line: str, tmp_path: Path) -> None:
    assert from_line(line) is None
    good = Entry(EntryKind.PROJECT, str(tmp_path / "p"), "Grüße, „Welt“; 100 %", "Fine.", "2026-11-23")
    (tmp_path / "p").write_text("", encoding="utf-8")
    assert from_line(to_line(good)) == good
    assert from_line(json.dumps({"kind": "project", "path": "x", "title": 7})) is None
    settings = Settings(tmp_path / "s.ini")
    settings._file.setValue("recent/projects", [line, to_line(good)])
    assert settings.projects == (good,)


def test_without_releases_the_page_is_the_way_in(app: App) -> None:
    assert home(app).rows == ()
    tall = app.home.zone.minimumHeight()
    app.settings.remember_folder("/")
    assert len(home(app).rows) == 1
    assert row(app, "/").entry.path == "/", "a folder without a name is called by its path"
    assert app.home.zone.minimumHeight() < tall, "the list gets the room"
