# SPDX-License-Identifier: Apache-2.0
"""A monkey at the window: random keys, clicks, wheel turns, drops, sizes and menu choices, and what must hold all the time.

    nice .venv/bin/python benchmarks/monkey.py --events 100000 --seed 1

Works in a temporary folder on a copy of the example and on models described by hand. Dialogs of the system are answered at
random, and an audit hook refuses each opening for writing and each scan of a folder by Python outside that folder. After each hundred events: no exception
reached the hook, no Qt warning, the project loads from its own bytes, and undo to the start and redo to the end give the
projects that were there. At the end: the figures, with the resident memory on the way. The exit code is 1 when anything broke.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import (  # noqa: E402
    QCoreApplication,
    QEvent,
    QEventLoop,
    QMimeData,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QDropEvent, QKeyEvent, QWheelEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from core.domain.project import Project  # noqa: E402
from core.persist import dumps, loads  # noqa: E402
from gui.app import App  # noqa: E402
from gui.derive import Assess, assess_on  # noqa: E402
from gui.settings import Settings  # noqa: E402
from gui.tasks import ImmediateRunner  # noqa: E402

TODAY = datetime.date(2026, 11, 23)
PERIOD = 100
KNOWN = ("This plugin does not support",)  # what the offscreen platform says of itself
CHARACTERS = "abcxyz0123456789.,-+ eEBMk%&<>é漢\u202e\u0301"  # no slash: paths stay where they are
KEYS = [
    getattr(Qt.Key, f"Key_{name}")
    for name in (
        *("Tab", "Backtab", "Return", "Escape", "Space", "Left", "Right", "Up", "Down", "Home", "End"),
        *("PageUp", "PageDown", "Backspace", "Delete", "F1", "F10", "Menu", "Alt"),
    )
]
SHORTCUTS = "hnosrzZacvxq"
_only: str | None = None


def _guard(event: str, given: tuple[Any, ...]) -> None:
    """Refuse writes and listings outside the monkey's folder, while it is at work."""
    if _only is None:
        return
    if event == "open" and isinstance(given[0], str):
        writes = bool(int(given[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if writes and not given[0].startswith((_only, "/dev/null")) and not given[0].endswith(".pyc"):
            raise PermissionError(13, "outside the monkey's folder", given[0])
    elif event == "os.scandir" and isinstance(given[0], str | Path):
        allowed = str(given[0]).startswith((_only, str(ROOT)))
        if not allowed:
            raise PermissionError(13, "outside the monkey's folder", str(given[0]))


def resident_mb() -> float:
    """Resident memory of this process in MiB (Linux; 0 elsewhere)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


class Monkey:
    """One run over one folder. `problems` is what broke, in the order it broke."""

    def __init__(self, qt: QApplication, folder: Path, seed: int, assess: Assess | None = None) -> None:
        self.qt = qt
        self.folder = folder
        self.random = random.Random(seed)
        self.problems: list[str] = []
        self.counts: Counter[str] = Counter()
        self.memory: list[float] = []
        self.done = 0
        self.assess = assess or assess_on(TODAY)
        self.models = [
            str(
                shutil.copytree(
                    ROOT / "resources" / "examples" / "tiny-llama-lora", folder / f"model {number}"
                )
            )
            for number in (1, 2)
        ]
        (folder / "empty").mkdir()
        (folder / "broken.weighbridge.json").write_text('{"format": 99}', encoding="utf-8")
        self.paths = [
            *self.models,
            str(folder / "empty"),
            str(folder / "broken.weighbridge.json"),
            str(folder / "saved.weighbridge.json"),
            str(folder / "missing"),
        ]
        self.app: App | None = None
        self.first = Project()

    def run(self, events: int) -> None:
        """Send `events` events and check after each hundred."""
        global _only
        former, handler = sys.excepthook, qInstallMessageHandler(self._message)
        sys.excepthook = self._exception
        patches = (
            mock.patch.object(
                QFileDialog, "getExistingDirectory", side_effect=lambda *_a, **_k: self._path()
            ),
            mock.patch.object(
                QFileDialog, "getOpenFileName", side_effect=lambda *_a, **_k: (self._path(), "")
            ),
            mock.patch.object(
                QFileDialog, "getSaveFileName", side_effect=lambda *_a, **_k: (self._target(), "")
            ),
            mock.patch.object(QDesktopServices, "openUrl", return_value=True),
            mock.patch.dict(os.environ, {"HOME": str(self.folder)}),
        )
        closer = QTimer()  # lists and modal dialogs run loops of their own: they must end
        closer.timeout.connect(self._close_popups)
        closer.start(30)
        _only = str(self.folder)
        try:
            for patch in patches:
                patch.start()
            self._begin()
            for _ in range(events):
                self._event()
                self.done += 1
                if self.done % PERIOD == 0:
                    self._check()
                if len(self.problems) > 20:
                    break
            self._end()
        finally:
            closer.stop()
            _only = None
            for patch in patches:
                patch.stop()
            sys.excepthook = former
            qInstallMessageHandler(handler)

    def _begin(self) -> None:
        self.app = App(
            self.qt,
            today=TODAY,
            settings=Settings(self.folder / "settings.ini"),
            theme="light",
            runner=ImmediateRunner(),
            assess=self.assess,
            drafts=self.folder / "drafts",
        )
        self.app.wizard.foot.scale.set_motion(False)
        self.app.store.replaced.connect(self._mark)
        self._mark()
        self.app.start()
        self.app.window.activateWindow()
        self._turn()

    def _mark(self) -> None:
        if self.app is not None:
            self.first = self.app.store.project

    def _end(self) -> None:
        app, self.app = self.app, None
        if app is None:
            return
        for other in self.qt.topLevelWidgets():
            if other is not app.window and other.isVisible():
                other.close()
        app.window.close()
        app.window.deleteLater()
        app.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _event(self) -> None:
        assert self.app is not None
        if not self.app.window.isVisible():  # the monkey closed it: start again from the draft
            before = self.app.store.project
            self._end()
            self._begin()
            self.counts["started again"] += 1
            kept = self.app._draft
            if (before.scan is not None or before.by_hand) and (kept is None or _same(kept) != _same(before)):
                self._problem("closing the window lost work")
        kinds = {
            self._type: 30,
            self._key: 22,
            self._click: 18,
            self._press_button: 14,
            self._wheel: 5,
            self._drag: 2,
            self._shortcut: 3,
            self._menu: 2,
            self._resize: 2,
            self._drop: 1,
            self._step: 2,
        }
        what = self.random.choices(list(kinds), weights=list(kinds.values()))[0]
        self.counts[what.__name__.strip("_")] += 1
        try:
            what()
            if self.random.random() < 0.5:
                self._turn()
        except Exception:  # noqa: BLE001 - whatever it is, it is what the monkey looks for
            self._problem(traceback.format_exc())

    def _top(self) -> QWidget:
        assert self.app is not None
        return self.qt.activePopupWidget() or self.qt.activeModalWidget() or self.app.window

    def _focus(self) -> QWidget:
        top = self._top()
        return top.focusWidget() or top

    def _type(self) -> None:
        focus = self._focus()
        for _ in range(self.random.randint(1, 4)):
            character = self.random.choice(CHARACTERS)  # QTest aborts on what is not Latin-1
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character)
                QApplication.sendEvent(focus, event)

    def _key(self) -> None:
        shift = (
            Qt.KeyboardModifier.ShiftModifier
            if self.random.random() < 0.2
            else Qt.KeyboardModifier.NoModifier
        )
        QTest.keyClick(self._focus(), self.random.choice(KEYS), shift)

    def _shortcut(self) -> None:
        letter = self.random.choice(SHORTCUTS)
        modifier = self.random.choice((Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier))
        if letter in "qQ" and self.random.random() < 0.8:
            return
        QTest.keyClick(self._focus(), letter, modifier)

    def _point(self) -> tuple[QWidget, QPoint]:
        top = self._top()
        place = QPoint(
            self.random.randrange(max(1, top.width())), self.random.randrange(max(1, top.height()))
        )
        target = top.childAt(place) or top
        return target, target.mapFrom(top, place)

    def _click(self) -> None:
        target, place = self._point()
        button = Qt.MouseButton.LeftButton if self.random.random() < 0.9 else Qt.MouseButton.RightButton
        click = QTest.mouseDClick if self.random.random() < 0.1 else QTest.mouseClick
        click(target, button, pos=place)

    def _press_button(self) -> None:
        kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractSpinBox)
        seen = [
            one
            for one in self._top().findChildren(QWidget)
            if isinstance(one, kinds) and not one.visibleRegion().isEmpty()
        ]
        if seen:
            target = self.random.choice(seen)
            QTest.mouseClick(
                target, Qt.MouseButton.LeftButton, pos=target.visibleRegion().boundingRect().center()
            )

    def _drag(self) -> None:
        assert self.app is not None
        scale = self.app.wizard.foot.scale
        if self._top() is self.app.window and scale.isVisible():
            places = [
                QPoint(self.random.randrange(scale.width()), self.random.randrange(scale.height()))
                for _ in "123"
            ]
            QTest.mousePress(scale, Qt.MouseButton.LeftButton, pos=places[0])
            QTest.mouseMove(scale, places[1])
            QTest.mouseRelease(scale, Qt.MouseButton.LeftButton, pos=places[2])

    def _wheel(self) -> None:
        target, place = self._point()
        event = QWheelEvent(
            QPointF(place),
            QPointF(target.mapToGlobal(place)),
            QPoint(),
            QPoint(0, self.random.choice((-480, -120, 120, 480))),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, event)

    def _menu(self) -> None:
        assert self.app is not None
        actions = [
            action
            for menu in self.app.window.findChildren(QMenu)
            for action in menu.actions()
            if action.isEnabled() and action.menu() is None and not action.isSeparator()
        ]
        action = self.random.choice(actions)
        if "Quit" not in action.text() or self.random.random() < 0.2:
            action.trigger()

    def _resize(self) -> None:
        assert self.app is not None
        self.app.window.resize(self.random.randint(300, 1900), self.random.randint(200, 1200))

    def _drop(self) -> None:
        assert self.app is not None
        data = QMimeData()
        data.setUrls(
            [
                QUrl.fromLocalFile(self.random.choice(self.paths))
                for _ in range(self.random.choice((1, 1, 1, 2)))
            ]
        )
        event = QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self.app.window, event)

    def _step(self) -> None:
        """Any step of the list at the left: else the monkey would see little beyond the first pages."""
        assert self.app is not None
        if self.app.wizard.current == "home" and self.random.random() < 0.3:
            self.app.begin_by_hand()
        buttons = [one for one in self.app.wizard.step_list.buttons if one.isVisible()]
        if buttons and self._top() is self.app.window:
            self.random.choice(buttons).click()

    def _path(self) -> str:
        return self.random.choice(["", *self.paths])

    def _target(self) -> str:
        return self.random.choice(["", str(self.folder / "saved"), str(self.folder / "missing" / "x")])

    def _close_popups(self) -> None:
        for _ in range(5):
            widget = self.qt.activePopupWidget() or self.qt.activeModalWidget()
            if widget is None or self.random.random() < 0.3:
                return
            widget.close()

    def _turn(self) -> None:
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()

    def _check(self) -> None:
        assert self.app is not None
        self._turn()
        store = self.app.store
        last = store.project
        data = dumps(last)
        if dumps(loads(data)) != data:
            self._problem("the project does not come back from its own bytes")
        history = store.history
        for _ in range(history.count()):
            if history.canRedo():
                history.redo()
        end = store.project
        while history.canUndo():
            history.undo()
        if _same(store.project) != _same(self.first):
            self._problem("undo to the start is not the start")
        while history.canRedo():
            history.redo()
        if _same(store.project) != _same(end):
            self._problem("redo to the end is not the end")
        self.counts["edits undone and redone"] += history.count()
        if self.random.random() < 0.15:  # a fresh start, so that the history does not grow for ever
            store.load(self.random.choice((Project(), store.project)))
        draft = self.app.autosave.path
        if draft.is_file():
            loads(draft.read_bytes())
        if self.done % 1000 == 0:
            self.memory.append(resident_mb())

    def _problem(self, words: str) -> None:
        page = self.app.wizard.current if self.app is not None else "none"
        self.problems.append(f"event {self.done}, page {page}: {words}")

    def _message(self, _kind: Any, _context: Any, words: str) -> None:
        if not words.startswith(KNOWN):
            self._problem(f"Qt: {words}")

    def _exception(self, kind: Any, error: Any, trace: Any) -> None:
        self._problem("".join(traceback.format_exception(kind, error, trace)))


def _same(project: Project) -> Project:
    """The project without the page it stands on: moving is no edit."""
    return project.replace(step="folder")


sys.addaudithook(_guard)


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    qt = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="weighbridge-monkey-") as name:
        for place in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{place}_HOME"] = str(Path(name) / "home")
        monkey = Monkey(qt, Path(name).resolve(), given.seed)
        begun = time.monotonic()
        monkey.run(given.events)
        spent = time.monotonic() - begun
    print(f"seed {given.seed}: {monkey.done} events in {spent:.0f} s, {len(monkey.problems)} problems")
    print("  " + ", ".join(f"{what} {count}" for what, count in monkey.counts.most_common()))
    if monkey.memory:
        tenths = monkey.memory[:: max(1, len(monkey.memory) // 10)]
        print("  resident MiB: " + " ".join(f"{one:.0f}" for one in (*tenths, monkey.memory[-1])))
    for problem in monkey.problems:
        print(problem)
    return 1 if monkey.problems else 0


if __name__ == "__main__":
    sys.exit(main())
