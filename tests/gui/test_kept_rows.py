# SPDX-License-Identifier: Apache-2.0
"""Rows that would look the same stay; the others come in their place, for the eye, for Tab and for a screen reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from gui import drawing
from gui.pages.documents import DocumentsPage
from gui.tasks import PoolRunner
from gui.widgets.kept_rows import Entry, KeptRows
from gui.widgets.text import copyable
from tests.gui.driver import running, settle, wait


@pytest.fixture
def holder(qapp: QApplication) -> Iterator[QWidget]:
    assert qapp is not None
    made = QWidget()
    QVBoxLayout(made)
    made.show()
    yield made
    made.deleteLater()


def rows_in(holder: QWidget) -> list[QPushButton]:
    box = holder.layout()
    assert box is not None
    found = [box.itemAt(place).widget() for place in range(box.count())]  # type: ignore[union-attr]
    return [one for one in found if isinstance(one, QPushButton)]


def entries(**shows: str) -> list[Entry]:
    return [(name, words, partial(QPushButton, words)) for name, words in shows.items()]


def kept_rows(holder: QWidget) -> KeptRows:
    box = holder.layout()
    assert isinstance(box, QVBoxLayout)
    return KeptRows(box, holder)


def test_only_what_would_look_otherwise_is_made_anew(holder: QWidget) -> None:
    rows = kept_rows(holder)
    rows.show(entries(a="one", b="two", c="three"))
    rows.finish()
    a, b, c = rows_in(holder)
    rows.show(entries(a="one", new="fresh", b="other", c="three"))
    rows.finish()
    now = rows_in(holder)
    assert [row.text() for row in now] == ["one", "fresh", "other", "three"]
    assert now[0] is a
    assert now[2] is not b
    assert now[3] is c
    rows.show(entries(c="three", a="one"))
    rows.finish()
    assert [row.text() for row in rows_in(holder)] == ["three", "one"]
    rows.show(())
    assert rows_in(holder) == []


def test_tab_and_a_screen_reader_find_them_where_they_stand(holder: QWidget) -> None:
    rows = kept_rows(holder)
    rows.show(entries(a="one", c="three"))
    rows.finish()
    rows.show(entries(a="one", b="two", c="three"))
    rows.finish()
    settle()  # those that went are deleted
    first = rows_in(holder)[0]
    order = [first]
    while (after := order[-1].nextInFocusChain()) is not first:
        order.append(after)  # type: ignore[arg-type]
    assert [one.text() for one in order if isinstance(one, QPushButton)] == ["one", "two", "three"]
    children = [one for one in holder.children() if isinstance(one, QPushButton)]
    assert [one.text() for one in children] == ["one", "two", "three"]


def test_the_focus_goes_to_the_row_that_comes_in_the_place(holder: QWidget) -> None:
    rows = kept_rows(holder)
    rows.show(entries(a="one", b="two", c="three"))
    rows.finish()
    holder.activateWindow()
    assert wait(holder.isActiveWindow)
    settle()  # rows are on the screen a turn later
    rows_in(holder)[1].setFocus()
    rows.show(entries(a="one", b="other", c="three"))
    rows.finish()
    assert QApplication.focusWidget() is rows_in(holder)[1]


def test_two_rows_of_one_name_both_show(holder: QWidget) -> None:
    rows = kept_rows(holder)
    rows.show([*entries(a="one"), *entries(a="two")])
    rows.finish()
    assert [row.text() for row in rows_in(holder)] == ["one", "two"]


def test_a_value_can_be_copied_once_the_mouse_is_there(qapp: QApplication) -> None:
    assert qapp is not None
    words = copyable("14,336")
    assert words.textInteractionFlags() == Qt.TextInteractionFlag.LinksAccessibleByMouse
    place = QPointF(1, 1)
    QApplication.sendEvent(words, QEnterEvent(place, place, place))
    assert words.textInteractionFlags() == Qt.TextInteractionFlag.TextSelectableByMouse
    words.deleteLater()


def test_undo_on_the_list_of_answers_leaves_the_other_rows(
    qapp: QApplication, example: Path, tmp_path: Path
) -> None:
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        app.store.answer("model_name", "one")
        app.wizard.open_step("review")
        settle()
        before = dict(app.wizard.page._buttons)  # type: ignore[attr-defined]
        app.store.answer("model_name", "two")
        settle()
        after = app.wizard.page._buttons  # type: ignore[attr-defined]
        assert {name for name in after if after[name] is not before.get(name)} == {"model_name"}


def test_a_document_is_rendered_beside_the_window(
    qapp: QApplication, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    real = drawing.render

    def watched(*given: object, **named: object) -> object:
        threads.append(threading.current_thread())
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(drawing, "render", watched)
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        app.open(str(example))
        assert wait(lambda: app.wizard.current == "found", 20_000)
        app.wizard.open_step("documents")
        page = app.wizard.page
        assert isinstance(page, DocumentsPage)
        assert wait(lambda: len(page.preview.toPlainText()) > 100, 20_000)
        assert threads
        assert threading.main_thread() not in threads
        page.list.setCurrentRow(1)
        app.wizard.open_step("found")  # left before it came: nothing arrives on a page out of sight
        assert not app.tasks.running(drawing.DRAW)
