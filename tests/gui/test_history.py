# SPDX-License-Identifier: Apache-2.0
"""The undo history: typing is one step, nothing of it stays in memory for ever, and its length has an end."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from core.domain.project import Project
from gui.store import UNDO_STEPS, Store, _Edit
from tests.gui.driver import running


@pytest.fixture
def store(qapp: QApplication) -> Store:
    return Store(Project(by_hand=True))


def _kept() -> int:
    """Edits that Python still holds, whether or not the stack knows them."""
    gc.collect()
    return sum(1 for one in gc.get_objects() if type(one) is _Edit)


def _typed(store: Store, name: str, words: str) -> None:
    for end in range(1, len(words) + 1):
        store.answer(name, words[:end])


def test_what_is_typed_is_one_step_and_leaves_one_behind(store: Store) -> None:
    before = _kept()
    _typed(store, "summary", "A hundred letters, each of them an edit of the same answer.")
    assert store.history.count() == 1
    assert _kept() == before + 1, "a command melted by mergeWith is never let go"
    store.history.undo()
    assert store.project == Project(by_hand=True)
    store.history.redo()
    assert store.project.answers.summary == "A hundred letters, each of them an edit of the same answer."
    store.load(Project())
    assert _kept() == before


def test_another_field_another_page_or_a_save_begins_a_new_step(store: Store) -> None:
    _typed(store, "summary", "abc")
    _typed(store, "model_name", "owl")
    _typed(store, "summary", "abcd")
    assert store.history.count() == 3
    store.go("training")
    _typed(store, "summary", "xy")
    assert store.history.count() == 4
    store.history.setClean()
    _typed(store, "summary", "xyz")
    assert store.history.count() == 5, "undo can go back to what was saved"


def test_typing_after_an_undo_keeps_what_stands(store: Store) -> None:
    _typed(store, "summary", "first")
    _typed(store, "model_name", "owl")
    store.history.undo()
    _typed(store, "summary", "second")
    assert store.history.count() == 2
    store.history.undo()
    assert store.project.answers.summary == "first"
    store.history.undo()
    assert store.project == Project(by_hand=True)


def test_the_history_has_an_end(store: Store) -> None:
    before = _kept()
    for number in range(UNDO_STEPS + 50):
        store.answer("tokens", number + 1)
        store.answer("epochs", float(number + 1))
    assert store.history.count() == UNDO_STEPS
    assert _kept() == before + UNDO_STEPS
    while store.history.canUndo():
        store.history.undo()
    assert store.project.answers.tokens == UNDO_STEPS // 2 + 50, "the newest steps are those that are kept"


def test_the_same_folder_read_again_is_kept_once(qapp: QApplication, tmp_path: Path, example: Path) -> None:
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        first = app.store.project.scan
        app.wizard.open_step("model")
        app.open(str(example))
        assert app.store.project.step == "found"
        assert app.store.project.scan is first
