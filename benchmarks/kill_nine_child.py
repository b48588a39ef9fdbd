# SPDX-License-Identifier: Apache-2.0
"""The window that is killed: a journey typed at the real window, each state of the project told in a log as it comes about.

    python -m benchmarks.kill_nine_child FOLDER SEED

Started by benchmarks/kill_nine.py, which says what the log is for.
"""

from __future__ import annotations

import datetime
import os
import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from core.domain.project import Project
from core.files import fingerprint
from core.persist import dumps
from gui.app import App
from gui.settings import Settings
from gui.tidy import Tidy

EXAMPLE = Path(__file__).resolve().parent.parent / "resources" / "examples" / "tiny-llama-lora"
EMPTY = "empty"
STEP_MS = 25
LETTERS = "abcdefghijklmnopqrstuvwxyz 0123456789"


def mark(project: Project) -> str:
    """What tells one state from another: moving to another page is no state of its own."""
    if project.scan is None and not project.by_hand:
        return EMPTY
    return fingerprint(dumps(project.replace(step="folder")))[:16]


class Journey:
    """Types, chooses, goes on, undoes and saves until the process is killed."""

    def __init__(self, app: App, folder: Path, seed: int) -> None:
        self.app = app
        self.dice = random.Random(seed)
        self.saved = folder / "saved.weighbridge.json"
        self.log = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._put = app.store._put
        app.store._put = self._told  # before anybody hears of it: the draft may be written at once
        self.timer = QTimer()
        self.timer.timeout.connect(self.step)

    def begin(self) -> None:
        """Describe a model, by hand or from the example's folder, then type."""
        self.say("begun")
        if self.dice.random() < 0.5:
            self.app.begin_by_hand()
        else:
            self.app.open(str(EXAMPLE))
        self.app.wizard.open_step("model")
        self.timer.start(STEP_MS)

    def _told(self, project: Project) -> None:
        self.say(mark(project))
        self._put(project)

    def say(self, what: str) -> None:
        """One line: when, and which state. In the log at once: what the kernel has, kill -9 does not take."""
        os.write(self.log, f"{time.monotonic():.6f} {what}\n".encode())

    def step(self) -> None:
        """The next thing a hurried person does: mostly typing."""
        chance = self.dice.random()
        if chance < 0.86:
            self._type()
        elif chance < 0.92:
            self._choose()
        elif chance < 0.95:
            self.app.wizard.go_on()
        elif chance < 0.97:
            self.app.wizard.open_step(self.dice.choice(("model", "training", "release")))
        elif chance < 0.985:
            self.app.store.history.undo()
        else:
            QFileDialog.getSaveFileName = lambda *_a, **_k: (str(self.saved), "")
            self.app.window.work.save()

    def _seen(self, *kinds: type[QWidget]) -> list[QWidget]:
        found = self.app.wizard.page.findChildren(QWidget)
        return [one for one in found if isinstance(one, kinds) and one.isVisible() and one.isEnabled()]

    def _type(self) -> None:
        focus = self.app.window.focusWidget()
        if not isinstance(focus, QLineEdit | QPlainTextEdit) or self.dice.random() < 0.05:
            fields = self._seen(QLineEdit, QPlainTextEdit)
            if not fields:
                self.app.wizard.open_step("model")
                return
            focus = self.dice.choice(fields)
            focus.setFocus()
        QTest.keyClick(focus, self.dice.choice(LETTERS))

    def _choose(self) -> None:
        buttons = self._seen(QRadioButton)
        if buttons:
            chosen = self.dice.choice(buttons)
            assert isinstance(chosen, QAbstractButton)
            chosen.click()


def main() -> int:
    """Run until killed."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    qt = QApplication(sys.argv[:1])
    app = App(
        qt,
        today=datetime.date(2026, 11, 23),
        settings=Settings(folder / "settings.ini"),
        theme="light",
        drafts=folder / "drafts",
    )
    app.wizard.foot.scale.set_motion(False)
    app.start()
    tidy = Tidy(app)
    QTimer.singleShot(1500, tidy.begin)
    journey = Journey(app, folder, seed)
    QTimer.singleShot(0, journey.begin)
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main())
