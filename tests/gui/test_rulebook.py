# SPDX-License-Identifier: Apache-2.0
"""Newer rules in the window: refused with a reason, shown before they are used, and the releases that need a look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from core.domain.answers import Answers
from core.domain.project import Project
from core.rules.updates import Shelf
from core.rules.updates.keys import key_text
from gui.app import App
from gui.files import save_project
from gui.rulebook_dialog import RulebookDialog
from gui.widgets.shelf_row import ShelfRow
from tests.gui.driver import click, running, settle
from tests.unit.rules.updates.making import pair, signed, ten_times_higher

CAUGHT = {"origin": "from_scratch", "output_modalities": ["text"], "stated_flop": 5 * 10**23}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "newer.weighbridge-rules").write_bytes(signed(ten_times_higher()))
    (tmp_path / "maker.weighbridge-key").write_text(key_text(pair()[1]), encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(qapp: QApplication, place: Path) -> Iterator[App]:
    with running(qapp, place, shelf=Shelf(place / "rules"), assess=None) as made:
        yield made


def _save(app: App, place: Path, name: str, flop: int) -> None:
    project = Project(
        answers=Answers.model_validate({**CAUGHT, "stated_flop": flop, "model_name": name}), by_hand=True
    )
    path = place / f"{name}.weighbridge.json"
    save_project(path, project)
    app.open(str(path))
    settle()


def _dialog(app: App) -> RulebookDialog:
    app.show_rulebook()
    settle()
    found = [one for one in app.window.findChildren(RulebookDialog) if one.isVisible()]
    return found[-1]


def _words(dialog: RulebookDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def _offer(app: App, place: Path, monkeypatch: pytest.MonkeyPatch) -> RulebookDialog:
    dialog = _dialog(app)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(place / "maker.weighbridge-key"), ""))
    click(dialog.trust)
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (str(place / "newer.weighbridge-rules"), "")
    )
    click(dialog.choose)
    settle()
    return dialog


def test_a_stranger_s_rulebook_is_refused_with_the_reason(
    app: App, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = _dialog(app)
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (str(place / "newer.weighbridge-rules"), "")
    )
    click(dialog.choose)
    assert "do not trust" in dialog.board.message
    assert not dialog.take.isVisible()
    dialog.reject()


def test_what_changes_is_shown_before_it_is_used(
    app: App, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save(app, place, "middling", 5 * 10**23)
    _save(app, place, "tiny", 10**20)
    app.wizard.show_home()
    dialog = _offer(app, place, monkeypatch)
    said = _words(dialog)
    assert "more than 10^24 FLOP" in said
    assert said.count("Nothing changes.") == 1
    assert "about 2 times below the line" in said
    assert app.rulebook.book.edition.number == 1

    click(dialog.keep)
    assert app.rulebook.book.edition.number == 1
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (str(place / "newer.weighbridge-rules"), "")
    )
    click(dialog.choose)
    click(dialog.take)
    assert app.rulebook.book.edition.number == 2
    assert "Edition 2" in _words(dialog)
    dialog.accept()


def test_releases_that_the_new_rules_judge_otherwise_are_marked_on_the_first_page(
    app: App, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save(app, place, "middling", 5 * 10**23)
    _save(app, place, "tiny", 10**20)
    app.wizard.show_home()
    dialog = _offer(app, place, monkeypatch)
    click(dialog.take)
    dialog.accept()
    settle()

    def marked() -> set[str]:
        return {row.entry.title for row in app.home.rows if "another look" in _row_words(row)}

    assert marked() == {"middling"}
    assert "One release needs another look." in app.board.message
    dialog = _dialog(app)
    click(dialog.return_to_own)
    dialog.accept()
    settle()
    assert marked() == set()
    assert not app.rulebook.loaded


def _row_words(row: ShelfRow) -> str:
    return "\n".join(one.text() for one in row.findChildren(QLabel))


def test_a_damaged_rulebook_is_told_at_the_start_and_the_app_s_own_is_used(
    qapp: QApplication, place: Path
) -> None:
    shelf = Shelf(place / "rules")
    shelf.trust((place / "maker.weighbridge-key").read_bytes())
    shelf.load((place / "newer.weighbridge-rules").read_bytes())
    shelf.file.write_bytes(shelf.file.read_bytes()[:3000])
    with running(qapp, place, shelf=shelf, assess=None) as app:
        assert "was not loaded" in app.board.message
        assert app.rulebook.book.edition.number == 1
