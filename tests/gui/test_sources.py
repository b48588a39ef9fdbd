# SPDX-License-Identifier: Apache-2.0
"""On Documents: where a value comes from, by mouse and by keys; the author's README beside the new one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication

from gui.app import App
from gui.pages.documents import DocumentsPage
from gui.tokens import DARK, LIGHT
from gui.widgets.side_by_side import SideBySide
from tests.gui.driver import click, key, running, settle, wait


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path, example: Path) -> Iterator[App]:
    shutil.copytree(example, tmp_path / "model")
    with running(qapp, tmp_path / "home") as made:
        made.open(str(tmp_path / "model"))
        made.store.answer("data_summary", "Sentences about weighing.")
        made.wizard.open_step("documents")
        settle()
        yield made


@pytest.fixture
def page(app: App) -> DocumentsPage:
    found = app.wizard.page
    assert isinstance(found, DocumentsPage)
    return found


def tip_at(page: DocumentsPage, words: str) -> str:
    cursor = page.preview.document().find(words)
    assert not cursor.isNull(), words
    place = QTextCursor(page.preview.document())
    place.setPosition(cursor.selectionStart() + 1)
    return place.charFormat().toolTip()


def test_the_mouse_is_told_where_a_value_comes_from(page: DocumentsPage) -> None:
    assert "trainer_state.json" in tip_at(page, "12,288")
    assert "you said" in tip_at(page, "Sentences about weighing.")


def test_lines_under_values_follow_a_switch(app: App, page: DocumentsPage) -> None:
    def colour() -> str:
        cursor = page.preview.document().find("Sentences about weighing.")
        return "" if cursor.isNull() else cursor.charFormat().underlineColor().name()

    assert colour() == LIGHT.accent
    app.theme.choose("dark")
    assert wait(lambda: colour() == DARK.accent)
    app.wizard.open_step("review")
    app.theme.choose("light")
    app.wizard.open_step("documents")
    assert wait(lambda: colour() == LIGHT.accent)


def test_by_keys_from_a_value_to_the_page_that_asks(app: App, page: DocumentsPage) -> None:
    assert not page.sources.isVisible()
    page.take_away.sources.setFocus()
    key(app.window, Qt.Key.Key_Space)
    assert app.window.focusWidget() is page.sources.list
    rows = [page.sources.list.item(row).text() for row in range(page.sources.list.count())]
    place = next(row for row, words in enumerate(rows) if "Sentences about weighing." in words)
    assert "you said" in rows[place]
    for _ in range(place):
        key(app.window, Qt.Key.Key_Down)
    assert page.preview.textCursor().selectedText() == "Sentences about weighing."
    key(app.window, Qt.Key.Key_Return)
    settle()
    assert app.wizard.current == "training"
    key(app.window, Qt.Key.Key_Tab)
    click(app.wizard.sheet.back)
    assert app.wizard.current == "documents"


def test_the_readme_that_is_there_can_be_compared_before_anything_is_written(
    app: App, page: DocumentsPage
) -> None:
    click(page.take_away.compare)
    settle()
    both = page.findChild(SideBySide)
    assert both is not None
    assert both.isVisible()
    assert not page.preview.isVisible()
    assert "Sentences about weighing." in both.new.toPlainText()
    assert "Sentences about weighing." not in both.now.toPlainText()
    click(page.take_away.compare)
    settle()
    assert page.preview.isVisible()
    assert page.list.isVisible()
    page.list.setCurrentRow(1)
    settle()
    assert not page.take_away.compare.isVisible(), "nothing stands in the folder under this name"
