# SPDX-License-Identifier: Apache-2.0
"""Check your answers: a Change button for every line, there and back by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.review import review
from gui.app import App
from gui.widgets.fact_row import FactRow
from tests.gui.driver import button, click, give, key, running, settle, wait


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path, example: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        made.open(str(example))
        made.wizard.open_step("review")
        settle()
        yield made


def rows(app: App) -> list[FactRow]:
    return [row for row in app.wizard.page.findChildren(FactRow) if row.isVisible()]


def words(app: App) -> str:
    return app.wizard.sheet.forward.text().replace("&", "")


def test_every_line_has_its_source_and_a_change_button_with_a_name(app: App) -> None:
    listed = review(app.store.project, app.derive.assessment)
    shown = rows(app)
    assert len(shown) == sum(len(group.lines) for group in listed)
    for row in shown:
        assert row.button is not None
        assert row.name in row.button.accessibleName()
        assert row.button.accessibleDescription()
        assert row.origin or row.value == "Not provided", row.name
    named = [row.button.accessibleName() for row in shown if row.button is not None]
    assert len(set(named)) == len(named)


def test_change_leads_to_its_field_and_back_to_its_line(app: App) -> None:
    """The first and the last line of each page; each line's own button is looked at above."""
    groups = review(app.store.project, app.derive.assessment)
    assert [group.step for group in groups] == ["model", "training", "release", "found"]
    for name in [line.name for group in groups for line in (group.lines[0], group.lines[-1])]:
        button_of = app.wizard.page._buttons[name]  # type: ignore[attr-defined]
        button_of.click()
        settle()
        assert app.wizard.current in ("found", "model", "training", "release"), name
        focus = app.window.focusWidget()
        assert app.wizard.page.isAncestorOf(focus), name
        assert not focus.visibleRegion().isEmpty(), f"{name} is out of sight"
        assert words(app) == "Continue to your answers"
        app.wizard.go_back()
        settle()
        assert app.wizard.current == "review"
        assert app.window.focusWidget() is app.wizard.page._buttons[name]  # type: ignore[attr-defined]
        assert words(app) == "Continue"


def test_a_change_by_keyboard_alone(app: App) -> None:
    change = app.wizard.page._buttons["summary"]  # type: ignore[attr-defined]
    for _ in range(200):
        if app.window.focusWidget() is change:
            break
        key(app.window, Qt.Key.Key_Tab)
    key(app.window, Qt.Key.Key_Return)
    assert app.wizard.current == "model"
    for name in ("base_model", "summary"):
        app.wizard.page.focus_field(name)
        QTest.keyClicks(app.window.focusWidget(), "owner/name")
    key(app.window, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert wait(lambda: app.wizard.current == "review")  # Qt shows the button pressed for a moment
    settle()
    row = next(row for row in rows(app) if row.name == "Summary")
    assert (row.value, row.origin) == ("owner/name", "you said")
    assert app.window.focusWidget() is row.button


def test_continue_after_a_change_still_says_what_is_left(app: App) -> None:
    click(button(app.wizard.page, "Change: Form of release"))
    assert app.wizard.current == "release"
    click(app.wizard.sheet.forward)
    assert app.wizard.current == "release", "needed answers are asked for as always"
    assert app.wizard.sheet.summary.isVisible()
    for name, value in (("release_form", "gated"), ("purpose", "hobby")):
        give(app.wizard.page.form.row(name), value)  # type: ignore[attr-defined]
    click(app.wizard.sheet.forward)
    assert app.wizard.current == "review"
    click(app.wizard.sheet.forward)
    assert app.wizard.current == "applies", "the way back is used once"


def test_going_elsewhere_forgets_the_way_back(app: App) -> None:
    click(button(app.wizard.page, "Change: Base model"))
    app.wizard.open_step("weight")
    assert words(app) == "Continue"
    app.wizard.go_on()
    assert app.wizard.current == "release"


def test_an_answer_no_page_asks_for_is_taken_back_and_undone(app: App) -> None:
    app.store.answer("contact", "me@example.org")
    settle()
    click(button(app.wizard.page, "Take back: Contact"))
    assert app.store.project.answers.contact is None
    assert not any(row.name == "Contact" for row in rows(app))
    app.store.history.undo()
    settle()
    assert any(row.name == "Contact" and row.value == "me@example.org" for row in rows(app))


def test_described_by_hand_everything_is_listed_as_not_provided(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with running(qapp, tmp_path / "other") as app:
        app.begin_by_hand()
        app.wizard.open_step("review")
        settle()
        assert {row.value for row in rows(app)} == {"Not provided"}
        assert "not provided" in app.wizard.page._summary.text()  # type: ignore[attr-defined]
