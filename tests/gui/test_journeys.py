# SPDX-License-Identifier: Apache-2.0
"""Six people and one who knows nothing: from the folder to the written card, by keyboard alone, and by mouse
from a drop on.

Their folders come from tests/folders.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from gui.app import App
from gui.pages.form_page import FormPage
from gui.widgets.discloser import Discloser
from gui.widgets.fact_row import FactRow
from tests.folders import full, lora, merge, nanogpt, sdxl_kohya, whisper
from tests.gui.driver import ANSWERS, click, fill, key, running, settle, wait
from tests.gui.test_scan import drop
from tests.gui.test_walk import _enter_outside_long_text

ASKING = ("model", "training", "release")


PEOPLE: dict[str, tuple[Callable[[Path], None], dict[str, Any]]] = {
    "LoRA on Llama": (lora, {}),
    "full fine-tune": (full, {"training_method": "full"}),
    "SDXL LoRA with kohya": (sdxl_kohya, {"output_modalities": "image", "base_model": "stabilityai/sdxl"}),
    "Whisper": (whisper, {"training_method": "full", "base_model": "openai/whisper-tiny"}),
    "merge": (merge, {"origin": "merge", "base_model": "org/one"}),
    "nanoGPT": (nanogpt, {"origin": "from_scratch", "training_method": "full", "tokens": "300M"}),
}


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")  # a list that opens
@pytest.mark.parametrize("by_keyboard", [True, False], ids=["keyboard", "mouse"])
@pytest.mark.parametrize("person", PEOPLE)
def test_from_the_folder_to_the_card(
    qapp: QApplication, tmp_path: Path, person: str, by_keyboard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, own = PEOPLE[person]
    folder = tmp_path / "model"
    folder.mkdir()
    make(folder)
    with running(qapp, tmp_path / "home") as app:
        if by_keyboard:  # Enter on the first button; the system's own dialog gives the folder
            monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
            key(app.window, Qt.Key.Key_Return)
        else:
            drop(app.home.zone, folder)
        assert wait(lambda: app.wizard.current in ("found", "model"))
        pages = _walk(app, folder, by_keyboard=by_keyboard, answers=ANSWERS | own)
        assert (folder / "README.md").is_file()
        assert (folder / "what-applies.md").is_file()
        answered = app.store.project.answers.model_dump(exclude_none=True, exclude_defaults=True)
        assert len(answered) <= 15, sorted(answered)
        assert len(pages) <= 10, pages


def test_a_merge_is_told_that_nothing_was_trained(qapp: QApplication, tmp_path: Path) -> None:
    """No range "from 0 to 0", no three ways to know nothing, no "your files answered everything"."""
    folder = tmp_path / "model"
    folder.mkdir()
    merge(folder)
    with running(qapp, tmp_path / "home") as app:
        app.open(str(folder))
        app.wizard.open_step("training")
        settle()
        assert "no training of your own" in _words(app.wizard.page)
        app.wizard.open_step("weight")
        settle()
        words = _words(app.wizard.page)
        assert "no training of your own" in words
        assert "from 0 to 0" not in words
        assert "Ways to know it" not in words


def test_what_it_adds_up_to_names_no_base_where_there_is_none(qapp: QApplication, tmp_path: Path) -> None:
    """And nothing is left blank while the training is not weighed."""
    for make in (sdxl_kohya, nanogpt):
        (tmp_path / make.__name__).mkdir()
        make(tmp_path / make.__name__)
    with running(qapp, tmp_path) as app:
        app.open(str(tmp_path / "sdxl_kohya"))
        assert _added_up(app)["Your training"] == "not known"
        assert _added_up(app)["Base model"] == "not known"
        app.open(str(tmp_path / "nanogpt"))
        app.store.answer("origin", "from_scratch")
        app.store.answer("training_method", "full")
        app.store.answer("tokens", 300_000_000)
        assert _added_up(app)["Your training"].startswith("1.7 × 10¹³")
        assert "Base model" not in _added_up(app)


def _added_up(app: App) -> dict[str, str]:
    app.wizard.open_step("weight")
    settle()
    return {row.name: row.value for row in app.wizard.page.findChildren(FactRow) if row.isVisible()}


def test_a_line_of_a_law_is_told_in_words(qapp: QApplication, tmp_path: Path, example: Path) -> None:
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        app.store.answer("base_model", "meta-llama/Llama-3.1-8B")
        app.wizard.open_step("applies")
        settle()
        for one in app.wizard.page.findChildren(Discloser):
            one.set_open(True)
        settle()
        words = [row.origin for row in app.wizard.page.findChildren(FactRow)]
        assert "The line: more than 10²⁶ FLOP" in words
        assert not any(one.startswith(">") for one in words)


def _words(page: QWidget) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_who_knows_nothing_gets_through_too(qapp: QApplication, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "train.py").write_text("print('the model is elsewhere')\n", encoding="utf-8")
    with running(qapp, tmp_path / "home") as app:
        app.open(str(folder))
        _describe(app)
        _walk(app, folder, by_keyboard=True, answers=None)
        assert (folder / "README.md").is_file()
        assert app.derive.assessment is not None
        assert app.derive.assessment.verdict.headline


def _describe(app: App) -> None:
    """A folder without a model: the page says so and offers to describe it by hand."""
    assert wait(lambda: "No model was found" in app.board.message), app.board.message
    key(app.window, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert wait(lambda: app.wizard.current == "model")


def _walk(app: App, folder: Path, *, by_keyboard: bool, answers: dict[str, Any] | None) -> list[str]:
    """Go on to the end and write; the pages seen. Without answers each question gets "I don't know"."""
    seen = ["folder"]
    for _ in range(14):
        seen.append(app.wizard.current)
        if app.wizard.current in ASKING and answers is not None:
            fill(app, by_keyboard=by_keyboard, answers=answers)
        elif app.wizard.current in ASKING:
            _dont_know(app)
        if app.wizard.current == "export":
            break
        here = app.wizard.current
        _go_on(app, by_keyboard=by_keyboard)
        assert app.wizard.current != here, app.wizard.sheet.summary.accessibleName()
    assert seen[-1] == "export"
    settle()
    page = app.wizard.page
    if not page.path.text():  # type: ignore[attr-defined]
        QTest.keyClicks(page.path, str(folder))  # type: ignore[attr-defined]
        _go_on(app, by_keyboard=by_keyboard)
    assert wait(lambda: not page._unseen.isActive())  # type: ignore[attr-defined]
    if not (folder / "README.md").is_file() or "Written" not in app.board.message:
        _go_on(app, by_keyboard=by_keyboard)
    assert wait(lambda: "Written" in app.board.message or "README.md" in app.board.message), app.board.message
    return seen


def _go_on(app: App, *, by_keyboard: bool) -> None:
    if by_keyboard:
        _enter_outside_long_text(app)
    else:
        click(app.wizard.sheet.forward)


def _dont_know(app: App) -> None:
    page = app.wizard.page
    assert isinstance(page, FormPage)
    for _ in range(20):
        rows = [
            row
            for row in page.form.rows
            if not row.question.optional
            and getattr(app.store.project.answers, row.question.name) is None
            and row.question.name not in app.store.project.answers.dont_know
        ]
        if not rows:
            return
        rows[0].unknown.setFocus()
        QTest.keyClick(rows[0].unknown, Qt.Key.Key_Space)
        settle()
    raise AssertionError("the questions never end")
