# SPDX-License-Identifier: Apache-2.0
"""Drives the window as a person does: by name of what is on the screen, with mouse or keyboard."""

from __future__ import annotations

import contextlib
import datetime
import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from gui.app import App
from gui.derive import assess_on
from gui.pages.form_page import FormPage
from gui.settings import Settings
from gui.tasks import ImmediateRunner
from gui.widgets.form import FormRow
from gui.widgets.gradual import Gradual

TODAY = datetime.date(2026, 11, 23)
ANSWERS: dict[str, Any] = {
    "model_name": "tiny",
    "origin": "fine_tune",
    "base_model": "meta-llama/Llama-3.1-8B",
    "parameters_total": "8b",
    "output_modalities": "text",
    "training_method": "lora",
    "tokens": "30M",
    "samples": "1600",
    "data_summary": "Short recipes that I wrote myself.",
    "license": "apache-2.0",
    "release_form": "open_weights",
    "purpose": "hobby",
}
_assess = None


def real_assess() -> Callable[[Any], Any]:
    """The real assessment; the rulebook is read once for the whole run."""
    global _assess
    if _assess is None:
        _assess = assess_on(TODAY)
        gc.collect()
        gc.freeze()  # what stays for the whole run need not be looked at after each test
    return _assess


@contextlib.contextmanager
def running(qapp: QApplication, folder: Path, **given: Any) -> Iterator[App]:
    """A window on the screen, with its own settings and drafts; closed and deleted at the end."""
    options: dict[str, Any] = {
        "today": TODAY,
        "settings": Settings(folder / "settings.ini"),
        "theme": "light",
        "runner": ImmediateRunner(),
        "assess": real_assess(),
        "drafts": folder / "drafts",
    }
    gc.disable()  # as gui/tidy.py does: the thread that writes drafts must not destroy widgets
    app = App(qapp, **(options | given))
    app.wizard.foot.scale.set_motion(False)
    app.start()
    app.window.activateWindow()
    # Not QTest.qWaitForWindowActive: a slot that raises inside it corrupts memory (PySide6 6.11.3, Python 3.11).
    wait(app.window.isActiveWindow, 2000)
    settle()
    try:
        yield app
    finally:
        app.window.close()
        app.window.deleteLater()
        app.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.enable()


def settle() -> None:
    """Run the event loop until what Qt has queued is done: new widgets shown, layouts made, signals delivered."""
    left, most = 5, 200  # a layout whose rows wrap settles in several passes
    while left and most:
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()
        most -= 1
        if not _still_building():
            left -= 1


def _still_building() -> bool:
    """Whether a list still gets its rows, a few a turn."""
    return any(one.busy for top in QApplication.topLevelWidgets() for one in top.findChildren(Gradual))


def wait(until: Callable[[], bool], milliseconds: int = 5000) -> bool:
    """Run the event loop until something holds; False when time ran out."""
    if until():
        return True
    loop, poll, end = QEventLoop(), QTimer(), time.monotonic() + milliseconds / 1000
    held = []

    def look() -> None:
        held[:] = [until()]
        if held[0] or time.monotonic() > end:
            loop.quit()

    poll.timeout.connect(look)
    poll.start(5)
    loop.exec()
    poll.stop()
    return bool(held[0])


def click(widget: QWidget) -> None:
    """A click in the middle."""
    settle()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=_middle(widget))


def _middle(widget: QWidget) -> Any:
    if isinstance(widget, QRadioButton | QCheckBox):
        point = widget.rect().center()
        point.setX(12)
        return point
    return widget.rect().center()


def key(widget: QWidget, what: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """A key on whatever has the focus in the widget's window."""
    settle()
    if QApplication.activePopupWidget() is None and not widget.window().isActiveWindow():
        widget.window().activateWindow()  # offscreen no window manager does it once a list has closed
        settle()
    QTest.keyClick(widget.window().focusWidget() or widget, what, modifier)


def button(parent: QWidget, words: str) -> QPushButton:
    """The visible button with these words (mnemonic signs aside) or this accessible name."""
    settle()
    for found in parent.findChildren(QAbstractButton):
        if found.isVisible() and words in (found.text().replace("&", ""), found.accessibleName()):
            assert isinstance(found, QPushButton)
            return found
    raise AssertionError(f"no button {words!r}")


def give(row: FormRow, value: Any, *, by_keyboard: bool = False) -> None:
    """Answer a question: click or type, as a person would."""
    settle()
    control = row.first_control
    if isinstance(control, QLineEdit | QPlainTextEdit):
        control.setFocus()
        QTest.keyClicks(control, str(value))
        return
    if control.metaObject().className() == "QComboBox":
        control.setFocus()
        edit = control.lineEdit()
        edit.selectAll()
        QTest.keyClicks(edit, str(value))
        completer = control.completer()
        if completer is not None and completer.popup().isVisible():
            completer.popup().hide()
        return
    for choice, box in zip(row.question.choices, _in_order(row), strict=False):
        if choice.value == value:
            if by_keyboard:
                box.setFocus()
                QTest.keyClick(box, Qt.Key.Key_Space)
            else:
                click(box)
            return
    raise AssertionError(f"no way to answer {row.question.name} with {value!r}")


def _in_order(row: FormRow) -> list[QWidget]:
    found = [
        one for one in row.editor.findChildren(QAbstractButton) if isinstance(one, QRadioButton | QCheckBox)
    ]
    return sorted(found, key=lambda one: (one.mapTo(row, one.pos()).y(), one.mapTo(row, one.pos()).x()))


def fill(app: App, *, by_keyboard: bool = False, answers: dict[str, Any] | None = None) -> None:
    """Answer every needed question of the page in sight; new ones appear on the way."""
    page = app.wizard.page
    assert isinstance(page, FormPage)
    said = answers or ANSWERS
    for _ in range(20):
        open_rows = [
            row
            for row in page.form.rows
            if not row.question.optional
            and getattr(app.store.project.answers, row.question.name) is None
            and row.question.name not in app.store.project.answers.dont_know
        ]
        if not open_rows:
            return
        question = open_rows[0].question
        value = said.get(question.name) or (
            question.choices[0].value if question.choices else "text-generation"
        )
        give(open_rows[0], value, by_keyboard=by_keyboard)
    raise AssertionError("the questions never end")
