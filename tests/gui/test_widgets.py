# SPDX-License-Identifier: Apache-2.0
"""Editors keep what was typed and say what does not fit; the preview loads nothing; notices speak."""

from __future__ import annotations

import datetime
import gc
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QAccessible, QTextDocument, QTextObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.documents import render
from core.domain.answers import Answers
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.project import Project
from core.errors import CannotRead
from core.questions import all_questions, build_question
from core.texts import catalogue
from gui import errors
from gui.context import long_lists
from gui.fact_words import fact_label, fact_value
from gui.store import AnswerRefused, Store
from gui.widgets.form import FormRow
from gui.widgets.notice import NoticeBoard
from gui.widgets.preview import Preview
from gui.widgets.text import clear_layout, empty_layout, label, link, put_in_place_of
from tests.gui.driver import settle
from tests.unit.documents import samples


def row_for(qtbot: QtBot, name: str) -> tuple[FormRow, list[Any]]:
    """A row and what it answered."""
    said: list[Any] = []
    row = FormRow(build_question(name, Known(Project())), long_lists())
    qtbot.addWidget(row)
    row.answered.connect(lambda _name, value: said.append(value))
    row.show()
    return row, said


def type_into(row: FormRow, text: str) -> None:
    control = row.first_control
    assert isinstance(control, QLineEdit)
    control.clear()
    QTest.keyClicks(control, text)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("parameters_total", "7b", 7_000_000_000),
        ("hours", "5.5", 5.5),
        ("hours", "5,5", 5.5),
        ("languages", "en, de", ("en", "de")),
        ("release_date", "2026-12-31", datetime.date(2026, 12, 31)),
        ("base_model", "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_right_kind(
    qtbot: QtBot, name: str, typed: str, value: Any
) -> None:
    row, said = row_for(qtbot, name)
    type_into(row, typed)
    assert said[-1] == value
    assert row.pending_problem() == ""
    Answers().with_answer(name, said[-1])


@pytest.mark.parametrize(
    ("name", "typed"), [("parameters_total", "many"), ("hours", "long"), ("release_date", "soon")]
)
def test_what_does_not_fit_is_kept_and_told(qtbot: QtBot, name: str, typed: str) -> None:
    row, said = row_for(qtbot, name)
    type_into(row, typed)
    assert said == []
    assert row.pending_problem()
    row.show_answer(None, unknown=False)
    assert row.first_control.property("text") == typed, "another answer must not wipe out what is half-typed"


def test_typing_is_not_rewritten_under_the_cursor(qtbot: QtBot) -> None:
    row, said = row_for(qtbot, "parameters_total")
    type_into(row, "7b")
    row.show_answer(said[-1], unknown=False)
    assert row.first_control.property("text") == "7b"
    row.show_answer(8_000_000_000, unknown=False)
    assert row.first_control.property("text") == QLocale().toString(8_000_000_000)


def test_a_german_writes_a_comma(qtbot: QtBot) -> None:
    former = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        row, said = row_for(qtbot, "parameters_total")
        type_into(row, "1,5T")
        assert said[-1] == 1_500_000_000_000
        row.show_answer(7_000_000_000, unknown=False)
        assert row.first_control.property("text") == "7.000.000.000"
        assert row.editor._reads_as(7_000_000_000)  # type: ignore[attr-defined]
    finally:
        QLocale.setDefault(former)


def test_a_long_list_takes_a_name_or_says_it_has_none(qtbot: QtBot) -> None:
    row, said = row_for(qtbot, "hardware")
    combo = row.first_control
    combo.lineEdit().setText("NVIDIA GeForce RTX 4090")  # type: ignore[attr-defined]
    combo.lineEdit().textEdited.emit("NVIDIA GeForce RTX 4090")  # type: ignore[attr-defined]
    assert said == ["nvidia-rtx-4090"]
    combo.lineEdit().textEdited.emit("Toaster")  # type: ignore[attr-defined]
    assert "Toaster" in row.pending_problem()
    assert said == ["nvidia-rtx-4090"]


def test_every_question_has_a_row_with_name_why_and_a_way_out(qtbot: QtBot) -> None:
    for name in all_questions():
        row, _ = row_for(qtbot, name)
        for control in row.tab_order():
            interface = QAccessible.queryAccessibleInterface(control)
            assert row.question.label in interface.text(QAccessible.Text.Name)
            assert interface.text(QAccessible.Text.Description)
        assert row.label.buddy() is not None
        assert row.unknown.isVisible()
        assert not row.consequence.isVisible()
        row.show_answer(None, unknown=True)
        assert row.consequence.isVisible()
        assert row.consequence.text() == row.question.unknown


def test_out_of_range_is_refused_in_plain_words(qtbot: QtBot) -> None:
    store = Store()
    with pytest.raises(AnswerRefused, match="0 or more"):
        store.answer("epochs", -1.0)
    with pytest.raises(AnswerRefused, match="above 0"):
        store.answer("hours", 0.0)
    assert store.project == Project()
    assert store.history.count() == 0


def test_every_fact_has_a_short_name() -> None:
    known = {*Answers.model_fields, *FoundOnly} - {"dont_know"}
    assert set(all_questions()) - catalogue("facts").keys() == set()
    assert all(fact_label(name)[0].isupper() for name in known), "others are shown by their plain name"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "yes"),
        (None, "not recorded"),
        (["a", "b"], "a, b"),
        ({"a": 1}, "a 1"),
        ({str(n): n for n in range(9)}, "9 entries"),
        ([[1, 2.5], [3, 4.5]], "2 entries"),
        ([{"a": 1}, "b"], "2 entries"),
    ],
)
def test_values_in_words(value: Any, shown: str) -> None:
    assert fact_value("x", value) == shown


_CARD = """---
license: mit
tags:
- a
---
<!-- made by a tool,
never shown -->
# Title

![picture](https://example.com/a.png) ![local](file:///etc/passwd)

<script>alert(1)</script>

| a | b |
|---|---|
| 1 | 2 |
"""


def test_the_preview_shows_the_card_and_loads_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    class Watched(Preview):
        def loadResource(self, kind: int, name: QUrl | str) -> Any:
            loaded = super().loadResource(kind, name)
            assert loaded is None
            return loaded

    preview = Watched()
    qtbot.addWidget(preview)
    preview.show_markdown(_CARD)
    preview.show()
    preview.grab()
    text = preview.toPlainText()
    assert "license\nmit" in text, "the front matter is a table"
    assert "Title" in text
    assert "never shown" not in text
    assert "alert(1)" not in text or "<script>" in text, "shown as text at most"
    assert (
        preview.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("file:///etc/passwd"))
        is None
    )
    assert not preview.openExternalLinks()
    assert not preview.openLinks()


def test_a_new_preview_keeps_the_reader_where_they_were(qtbot: QtBot) -> None:
    preview = Preview()
    qtbot.addWidget(preview)
    preview.resize(300, 200)
    preview.show()
    preview.show_markdown("\n\n".join(f"Paragraph {n}" for n in range(200)))
    preview.verticalScrollBar().setValue(500)
    preview.show_markdown("\n\n".join(f"Paragraph {n}!" for n in range(200)))
    assert preview.verticalScrollBar().value() == 500


def test_each_new_preview_leaves_nothing_of_the_last(qtbot: QtBot) -> None:
    def left() -> int:
        gc.collect()
        return sum(1 for one in gc.get_objects() if issubclass(type(one), QTextObject))

    preview = Preview()
    qtbot.addWidget(preview)
    preview.show_markdown(f"{_CARD}\n\n- [x] done\n")
    before = left()
    for number in range(20):
        preview.show_markdown(f"{_CARD}\n\n- [x] done {number}\n")
    assert left() - before < 10


def test_what_stands_in_place_of_another_leaves_no_item_of_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = []
    replace = QVBoxLayout.replaceWidget
    monkeypatch.setattr(
        QVBoxLayout, "replaceWidget", lambda *given: items.append(replace(*given)) or items[-1]
    )
    holder = QWidget()
    qtbot.addWidget(holder)
    rows, former, new = QVBoxLayout(holder), label("a"), label("b")
    rows.addWidget(former)
    put_in_place_of(former, new, rows)
    assert [shiboken6.isValid(one) for one in items] == [False]
    assert rows.count() == 1
    assert rows.itemAt(0).widget() is new
    settle()


def test_only_web_addresses_become_links(qtbot: QtBot) -> None:
    for url in ("file:///etc/passwd", "javascript:alert(1)", "ftp://x"):
        made = link("Read", url)
        qtbot.addWidget(made)
        assert made.textFormat() is Qt.TextFormat.PlainText
    made = link('A "<b>"', "https://example.com/?a=1&b=2")
    qtbot.addWidget(made)
    assert made.text() == '<a href="https://example.com/?a=1&amp;b=2">A &quot;&lt;b&gt;&quot;</a>'


def test_an_error_is_told_in_three_parts_and_a_bug_is_not_hidden(qtbot: QtBot) -> None:
    board = NoticeBoard()
    qtbot.addWidget(board)
    errors.show(board, CannotRead("It is not there.", "It was moved.", "Choose it again."))
    assert board.message == "It is not there. It was moved. Choose it again."
    with pytest.raises(ZeroDivisionError):
        errors.show(board, ZeroDivisionError())


def test_a_drawing_is_shown_as_a_picture(qtbot: QtBot) -> None:
    preview = Preview()
    qtbot.addWidget(preview)
    preview.resize(600, 400)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" width="200" height="100">'
        '<rect width="200" height="100" fill="#123456"/></svg>'
    )
    preview.show_picture(svg)
    image = preview.document().resource(QTextDocument.ResourceType.ImageResource, QUrl("drawing"))
    assert image.pixelColor(image.width() // 2, image.height() // 2).name() == "#123456"
    assert image.width() == 2 * image.height()
    preview.show_source(svg)
    assert preview.toPlainText() == svg


def test_a_page_is_shown_as_people_read_it(qtbot: QtBot) -> None:
    preview = Preview()
    qtbot.addWidget(preview)
    page = render("what_applies_html", samples.project(), samples.assessment(samples.project())).content
    preview.show_page(page)
    shown = preview.toPlainText()
    assert shown.startswith("What applies to Llama-3.1-8B-Cooking")
    assert "Nothing stops this release." in shown
    assert "{" not in shown, "no style sheet"
    preview.show_source(page)
    assert preview.toPlainText() == page


def test_what_is_laid_out_anew_still_gets_the_height_it_comes_to_need(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    box = QVBoxLayout(holder)
    words = label("Short.", "", holder)
    box.addWidget(words)
    box.addStretch(1)
    holder.resize(200, 400)
    holder.show()
    settle()
    empty_layout(box)
    assert box.count() == 0
    box.addWidget(words)
    box.addStretch(1)
    settle()
    words.setText("So long that it needs several lines in a holder as narrow as this one is. " * 2)
    settle()
    assert words.height() == words.heightForWidth(words.width())
    clear_layout(box)
    assert box.count() == 0
