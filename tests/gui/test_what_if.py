# SPDX-License-Identifier: Apache-2.0
"""What if: it recalculates as it moves, says what would change, is marked, and stores nothing unless it is used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gui.app import App
from gui.pages.what_if import WHAT_IF, WhatIfPage
from gui.widgets.fact_row import FactRow
from tests.gui.driver import click, key, running, settle, wait
from tests.gui.test_scale import eight_billion


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        made.store.load(eight_billion().replace(step="applies"))
        settle()
        yield made


def page(app: App) -> WhatIfPage:
    found = app.wizard.page_of(WHAT_IF)
    assert isinstance(found, WhatIfPage)
    return found


def said(app: App) -> str:
    return " | ".join(one.text() for one in page(app).findChildren(QLabel) if one.isVisible())


def test_by_keyboard_more_training_makes_a_provider_and_nothing_is_stored(app: App) -> None:
    before = app.store.project
    app.wizard.foot.what_if.setFocus()
    key(app.window, Qt.Key.Key_Return)
    assert wait(lambda: app.wizard.current == WHAT_IF)
    assert app.window.focusWidget() is page(app).training
    for _ in range(6):
        key(
            app.window, Qt.Key.Key_PageUp
        )  # each ten times more: from 1.5e18 to over a third of the base's compute
    settle()
    assert "provider of a general-purpose AI model" in said(app)
    assert "now: Your training does not make you a provider." in said(app)
    assert app.wizard.foot._caption.text() == "What if"
    own = app.wizard.foot.scale.bars[0]
    real = app.derive.assessment
    assert real is not None
    assert real.footprint.accounts.own is not None
    assert own.central == pytest.approx(real.footprint.accounts.own.central * 10**6, rel=1e-9)
    assert app.store.project == before
    click(app.wizard.sheet.forward)
    assert app.wizard.current == "applies"
    assert app.wizard.foot._caption.text() == "Your training"
    assert app.wizard.foot.scale.bars[0].central == real.footprint.accounts.own.central
    assert app.store.project == before
    assert not app.store.history.canUndo()


def test_what_reads_as_before_stays_when_something_is_moved_further(app: App) -> None:
    app.wizard.open_aside(WHAT_IF)
    page(app).training.setValue(60)
    settle()
    rows = page(app).findChildren(FactRow)
    assert rows
    page(app).training.setValue(62)
    settle()
    assert [one for one in page(app).findChildren(FactRow) if one in rows] == rows


def test_a_line_has_the_name_it_has_on_the_scale(app: App) -> None:
    app.wizard.open_aside(WHAT_IF)
    page(app).show_line("eu.ai_act.gpai_indicator")
    assert page(app).line.currentText() == "EU sign of a general-purpose model"


def test_use_this_is_an_answer_that_undo_takes_back(app: App) -> None:
    app.wizard.open_aside(WHAT_IF)
    page(app).training.setValue(20)
    assert "3.0 billion tokens" in said(app)
    click(page(app).use)
    assert app.store.project.answers.tokens == 3_000_000_000
    assert app.wizard.current == "applies"
    app.store.history.undo()
    assert app.store.project.answers.tokens == 30_000_000


def test_a_lower_line_catches_more_of_the_well_known_models(app: App) -> None:
    app.wizard.open_aside(WHAT_IF)
    shown = page(app)
    shown.show_line("eu.ai_act.gpai_indicator")
    shown.level.setFocus()
    key(app.window, Qt.Key.Key_Left)
    assert app.context.supposing.wishes == ("eu.ai_act.gpai_indicator=/10",)
    assert "10 times lower: 10²² FLOP" in said(app)
    assert wait(lambda: "more would be caught" in said(app))
    assert "Among 44 well-known models" in said(app)
    click(shown.reset)
    assert app.context.supposing.idle
    assert "more would be caught" not in said(app)


def test_the_bar_and_the_lines_can_be_pushed_by_mouse_and_by_keyboard(app: App) -> None:
    scale = app.wizard.foot.scale
    axis, y = scale._axis(), scale.height() - int(scale._under()) - 9
    low, _, high = scale.shown["own"]
    at = QPoint(round((axis.x(10**low) + axis.x(10**high)) / 2), y)
    assert scale.grip(at.toPointF()) == "own"
    QTest.mousePress(scale, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(scale, at + QPoint(round(scale.decade()), 0))
    QTest.mouseRelease(scale, Qt.MouseButton.LeftButton, pos=at + QPoint(round(scale.decade()), 0))
    assert app.wizard.current == WHAT_IF
    assert app.context.supposing.tenths == 10
    app.context.supposing.back()
    scale.setFocus()
    key(app.window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert app.context.supposing.tenths == 1
    line = next(one for one in scale._placed() if "general-purpose" in one.mark.label)
    assert scale.grip(QPoint(round(line.x), 30).toPointF()) == "eu.gpai_indicator" or line.tier > 1


def test_a_plan_in_force(app: App) -> None:
    app.wizard.open_aside(WHAT_IF)
    shown = page(app)
    shown.plan.setCurrentIndex(shown.plan.findData("us-s2938"))
    assert app.context.supposing.wishes == ("us-s2938=in_force",)
    assert app.context.supposing.result is not None
    assert app.context.supposing.result.changes or "No law would say anything else." in said(app)
