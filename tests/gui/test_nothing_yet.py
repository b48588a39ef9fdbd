# SPDX-License-Identifier: Apache-2.0
"""Before there is a model every page says so and leads to the two ways to begin; nothing looks like an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication

from gui.app import App
from gui.widgets.mark import Mark, Sign
from tests.gui.driver import button, click, running, settle

EMPTY = ("weight", "review", "applies", "documents", "export")


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        yield made


@pytest.mark.parametrize("step", EMPTY)
def test_a_page_without_a_model_says_so(app: App, step: str) -> None:
    app.wizard.open_step(step)
    settle()
    panel = app.wizard.sheet.nothing[step]
    assert panel.isVisible()
    assert not app.wizard.page.isVisible()
    assert app.window.focusWidget() is panel.choose
    signs = [mark.sign for mark in app.wizard.sheet.findChildren(Mark) if mark.isVisible()]
    assert signs == [Sign.AHEAD], "no tick where nothing was checked"
    click(app.wizard.sheet.forward)
    assert app.wizard.current == "folder", "Continue leads to what is missing"


def test_both_ways_begin(app: App) -> None:
    app.wizard.open_step("applies")
    click(button(app.wizard.sheet, "Go to Folder"))
    assert app.wizard.current == "folder"
    app.wizard.open_step("documents")
    click(button(app.wizard.sheet, "Describe it by hand"))
    assert app.wizard.current == "model"
    assert app.store.project.by_hand


def test_the_words_make_room_for_the_page_and_come_back(app: App, example: Path) -> None:
    app.wizard.open_step("applies")
    app.open(str(example))
    app.wizard.open_step("applies")
    settle()
    assert app.wizard.page.isVisible()
    assert not app.wizard.sheet.nothing["applies"].isVisible()
    app.start_again()
    app.wizard.open_step("applies")
    settle()
    assert app.wizard.sheet.nothing["applies"].isVisible()


def test_the_list_of_documents_wraps_and_leaves_the_preview_its_room(app: App, example: Path) -> None:
    app.open(str(example))
    app.theme.set_body(app.theme.body * 2)
    try:
        for size in (QSize(1180, 780), QSize(800, 600)):
            app.window.resize(size)
            app.wizard.open_step("documents")
            settle()
            listed = app.wizard.page.list  # type: ignore[attr-defined]
            last = listed.visualItemRect(listed.item(listed.count() - 1))
            assert last.bottom() <= listed.viewport().height(), "no document is cut"
            for number in range(listed.count()):
                words = listed.item(number).text()
                room = listed.visualItemRect(listed.item(number)).size()
                line = listed.fontMetrics().horizontalAdvance(words)
                assert room.width() >= line or room.height() >= 2 * listed.fontMetrics().height(), words
            assert app.wizard.page.preview.width() >= listed.width()  # type: ignore[attr-defined]
    finally:
        app.theme.set_body(app.theme.body / 2)


def test_the_foot_keeps_its_height_when_the_first_weight_comes(app: App) -> None:
    app.window.resize(1180, 780)
    app.begin_by_hand()
    settle()
    before = app.wizard.sheet.forward.mapTo(app.window, QPoint(0, 0))
    for name, value in (("origin", "from_scratch"), ("parameters_total", 10**7), ("tokens", 10**9)):
        app.store.answer(name, value)
    settle()
    assert app.derive.assessment is not None
    assert app.derive.assessment.footprint.accounts.own is not None
    assert app.wizard.sheet.forward.mapTo(app.window, QPoint(0, 0)) == before, "the buttons never move"


def test_the_model_page_of_an_empty_description_does_not_scroll(app: App) -> None:
    app.window.resize(1180, 780)
    app.begin_by_hand()
    settle()
    assert app.wizard.current == "model"
    assert app.wizard.area.verticalScrollBar().maximum() == 0
