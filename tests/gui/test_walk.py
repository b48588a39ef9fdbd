# SPDX-License-Identifier: Apache-2.0
"""Whole journeys through the real window: from a folder, and by hand; by mouse and by keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from core.flow import STEPS
from gui.app import App
from gui.pages.export import ExportPage
from gui.widgets.side_by_side import SideBySide
from tests.gui.driver import button, click, fill, key, running, settle, wait

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        yield made


@pytest.fixture
def folder(example: Path, tmp_path: Path) -> Path:
    """A copy of the example: the walk writes into it."""
    return Path(shutil.copytree(example, tmp_path / "tiny-llama-lora"))


def test_by_mouse_from_a_folder_to_written_files(
    app: App, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    click(button(app.window, "Choose a folder…"))
    seen = [app.wizard.current]
    for _ in range(len(STEPS)):
        if app.wizard.current in ("model", "training", "release"):
            fill(app)
        if app.wizard.current == "export":
            break
        click(app.wizard.sheet.forward)
        seen.append(app.wizard.current)
    assert seen == [step.value for step in STEPS if step != "folder"]

    before = (folder / "README.md").read_text(encoding="utf-8")
    assert app.wizard.sheet.forward.text().replace("&", "") == "Write, replacing README.md"
    page = app.wizard.page
    assert isinstance(page, ExportPage)
    shown = page.findChildren(SideBySide)
    assert wait(
        lambda: any(one.isVisible() and one.now.accessibleName() == "README.md as it is now" for one in shown)
    ), "the difference is in sight before anything is replaced"
    page._unseen.start(60_000)  # a slow machine must not be taken for a slow reader
    click(app.wizard.sheet.forward)
    assert (folder / "README.md").read_text(encoding="utf-8") == before, "not by the click that brought it up"
    page._unseen.start(0)
    assert wait(lambda: not page._unseen.isActive())
    click(app.wizard.sheet.forward)

    written = (folder / "README.md").read_text(encoding="utf-8")
    assert written != before
    assert "meta-llama/Llama-3.1-8B" in written
    assert "Short recipes that I wrote myself." in written
    assert (folder / "what-applies.md").is_file()
    assert "README.md" in app.board.message
    assert app.wizard.sheet.forward.text().replace("&", "") == "Open the folder"


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")  # a list that opens
def test_by_keyboard_alone_described_by_hand(app: App, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    key(app.window, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert wait(lambda: app.wizard.current == "model")  # Qt shows the button pressed for a moment
    seen = []
    for _ in range(12):
        seen.append(app.wizard.current)
        if app.wizard.current == "export":
            break
        if app.wizard.current in ("model", "training", "release"):
            fill(app, by_keyboard=True)
        _enter_outside_long_text(app)
    assert seen == ["model", "training", "weight", "release", "review", "applies", "documents", "export"]
    QTest.keyClicks(app.window.focusWidget(), str(out))
    key(app.window, Qt.Key.Key_Return)
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "license: apache-2.0" in card
    assert app.derive.assessment is not None
    assert app.derive.assessment.eu.provider == "no"


def _enter_outside_long_text(app: App) -> None:
    """Enter means a new line in a long text; Tab leaves it first."""
    app.window.activateWindow()  # offscreen no window manager does it once a list has closed
    settle()
    while app.window.focusWidget().metaObject().className() == "QPlainTextEdit":
        key(app.window, Qt.Key.Key_Tab)
    if app.window.focusWidget() is not app.wizard.sheet.forward:
        app.wizard.sheet.forward.setFocus()
    key(app.window, Qt.Key.Key_Return)


def test_i_do_not_know_is_enough_to_get_through(app: App) -> None:
    app.begin_by_hand()
    while app.wizard.current != "applies":
        page = app.wizard.page
        while rows := [
            row
            for row in getattr(getattr(page, "form", None), "rows", ())
            if row.isVisibleTo(page) and not row.question.optional and not row.unknown.isChecked()
        ]:
            row = rows[0]  # an answer can bring another question
            app.wizard.area.ensureWidgetVisible(row.unknown)
            click(row.unknown)
            assert row.question.name in app.store.project.answers.dont_know
            assert row.consequence.isVisibleTo(row)
        before = app.wizard.current
        click(app.wizard.sheet.forward)
        assert app.wizard.current != before, app.wizard.sheet.summary.accessibleName()
    assert app.derive.assessment is not None
    assert app.derive.assessment.verdict.headline


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")  # a list that opens
def test_back_keeps_every_answer(app: App) -> None:
    app.begin_by_hand()
    fill(app)
    click(app.wizard.sheet.forward)
    fill(app)
    said = app.store.project.answers
    for _ in range(2):
        click(app.wizard.sheet.back)
    assert app.wizard.current == "folder"
    for step in ("model", "training", "release", "model"):
        app.wizard.open_step(step)
    assert app.store.project.answers == said
    row = app.wizard.page.form.row("base_model")  # type: ignore[attr-defined]
    assert row.first_control.text() == "meta-llama/Llama-3.1-8B"


def test_continue_says_what_is_left_and_keeps_what_was_typed(app: App) -> None:
    app.begin_by_hand()
    row = app.wizard.page.form.row("parameters_total")  # type: ignore[attr-defined]
    QTest.keyClicks(row.first_control, "eight")
    click(app.wizard.sheet.forward)
    assert app.wizard.current == "model"
    summary = app.wizard.sheet.summary
    assert summary.isVisible()
    assert summary.hasFocus()
    assert row.problem.text() in summary.accessibleName()
    assert "eight" in row.problem.text()
    key(app.window, Qt.Key.Key_Tab)
    assert app.window.focusWidget() is button(summary, row.problem.text()), "Tab goes to the first line"
    assert row.first_control.text() == "eight"
    click(button(summary, row.problem.text()))
    assert row.first_control.hasFocus()
    row.first_control.selectAll()
    QTest.keyClicks(row.first_control, "8b")
    assert not row.problem.isVisible()
    assert app.store.project.answers.parameters_total == 8_000_000_000


def test_undo_and_redo(app: App) -> None:
    app.begin_by_hand()
    row = app.wizard.page.form.row("parameters_total")  # type: ignore[attr-defined]
    row.first_control.setFocus()
    QTest.keyClicks(row.first_control, "7b")
    assert app.store.project.answers.parameters_total == 7_000_000_000
    key(app.window, Qt.Key.Key_Z, CTRL)
    assert app.store.project.answers.parameters_total is None
    assert row.first_control.text() == ""
    key(app.window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert app.store.project.answers.parameters_total == 7_000_000_000
    app.wizard.open_step("release")
    key(app.window, Qt.Key.Key_Z, CTRL)
    assert app.wizard.current == "model", "undo goes to the page where the change was made"


def test_start_again_can_be_undone(app: App, folder: Path) -> None:
    app.open(str(folder))
    before = app.store.project
    app.start_again()
    assert app.wizard.current == "home"
    assert app.store.project.scan is None
    app.store.history.undo()
    assert app.store.project == before
    assert app.wizard.current == "found"


def test_another_folder_starts_with_fresh_answers_and_undo_brings_them_back(
    app: App, folder: Path, trained: Path
) -> None:
    app.open(str(folder))
    app.store.answer("summary", "A model for recipes.")
    said = app.store.project
    app.open(str(trained / "trl_sft_llama"))
    assert app.store.project.answers.summary is None
    assert app.store.project.scan.folder_name == "trl_sft_llama"  # type: ignore[union-attr]
    app.store.history.undo()
    assert app.store.project.replace(step="x") == said.replace(step="x")


def test_correcting_a_fact_and_taking_it_back(app: App, folder: Path) -> None:
    app.open(str(folder))
    assert app.wizard.current == "found"
    click(button(app.wizard.page, "Correct: Tokens seen"))
    editor = app.window.focusWidget()
    editor.selectAll()
    QTest.keyClicks(editor, "24576")
    assert app.store.project.answers.tokens == 24_576
    click(button(app.wizard.page, "Done: Tokens seen"))
    click(button(app.wizard.page, "Use the file: Tokens seen"))
    assert app.store.project.answers.tokens is None


def test_a_gap_is_answered_on_the_spot(app: App, folder: Path) -> None:
    app.open(str(folder))
    app.wizard.open_step("documents")
    preview = app.wizard.page.preview  # type: ignore[attr-defined]
    assert "Nobody should cook with it." not in preview.toPlainText()
    click(button(app.wizard.page, "Answer: Limits and risks"))
    QTest.keyClicks(app.window.focusWidget(), "Nobody should cook with it.")
    assert app.store.project.answers.limitations == "Nobody should cook with it."
    assert wait(lambda: "Nobody should cook with it." in preview.toPlainText())


def test_every_folder_that_a_real_tool_wrote_goes_through_every_page(app: App, trained: Path) -> None:
    shown = 0
    for folder in sorted(path for path in trained.iterdir() if (path / "truth.json").is_file()):
        app.open(str(folder))
        if app.wizard.current != "found":
            assert app.board.message, f"{folder.name}: refused without a word"
            continue
        for step in STEPS:
            app.wizard.open_step(step.value)
            settle()
            assert app.wizard.current == step.value, folder.name
        assert app.derive.assessment is not None, folder.name
        shown += 1
    assert shown >= 8
