# SPDX-License-Identifier: Apache-2.0
"""A monkey at the window: random keys, clicks, wheel turns, drops, sizes and menu choices, and what must hold all the time.

    nice .venv/bin/python benchmarks/monkey.py --events 100000 --seed 1 --samples memory.txt
    nice .venv/bin/python benchmarks/monkey.py --events 1000000 --every 1000 --one-window    # the soak of a working day

Works in a temporary folder on a copy of the example and on models described by hand. Dialogs of the system are answered at
random, and an audit hook refuses each opening for writing and each scan of a folder by Python outside that folder. After each
hundred events (--every): no exception reached the hook, no Qt warning, the project loads from its own bytes, and undo to the
start and redo to the end give the projects that were there. After each thousand (--mark) the window is brought to rest and its
memory taken; at the end it is said whether that is flat (monkey_memory.py has the rule). The exit code is 1 when anything broke
or memory leans. With --one-window the monkey never closes the window: what a window gathers all its life shows too.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import functools
import gc
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import (  # noqa: E402
    QCoreApplication,
    QEvent,
    QEventLoop,
    QObject,
    QPoint,
    Qt,
    QTimer,
    qInstallMessageHandler,
)
from PySide6.QtGui import QPixmapCache  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from benchmarks.monkey_cage import caged, furnish  # noqa: E402
from benchmarks.monkey_hands import Hands  # noqa: E402
from benchmarks.monkey_memory import Sample, report  # noqa: E402
from core.domain.project import Project  # noqa: E402
from core.flow import STEPS  # noqa: E402
from core.persist import dumps, loads  # noqa: E402
from gui.app import App  # noqa: E402
from gui.derive import Assess, assess_on  # noqa: E402
from gui.main_window import DEFAULT_SIZE  # noqa: E402
from gui.settings import Settings  # noqa: E402
from gui.store import UNDO_STEPS  # noqa: E402
from gui.tasks import ImmediateRunner  # noqa: E402
from gui.tidy import Tidy  # noqa: E402

TODAY = datetime.date(2026, 11, 23)
KNOWN = (
    "This plugin does not support",  # what the offscreen platform says of itself
    "Mouse event",  # of a double click that nobody wanted
)
MOST_PROBLEMS = 20
FRESH_EVERY = 100
"""Events between throws of the dice for a fresh start."""


class _StaysOpen(QObject):
    """Keeps a window open, however it is told to close."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Close:
            return False
        event.ignore()
        return True


class Monkey:
    """One run over one folder. `problems` is what broke, in the order it broke."""

    def __init__(
        self, qt: QApplication, folder: Path, seed: int, assess: Assess | None = None, every: int = 100
    ) -> None:
        self.qt = qt
        self.folder = folder
        self.random = random.Random(seed)
        self.every = every
        self.problems: list[str] = []
        self.counts: Counter[str] = Counter()
        self.samples: list[Sample] = []
        self.sample_every = 1000
        self.one_window = False
        self.sampled: TextIO | None = None
        self.done = 0
        self.assess = assess or assess_on(TODAY)
        self.paths = furnish(folder)
        self.app: App | None = None
        self.first = Project()
        self._open = _StaysOpen()
        self._still: Project | None = None  # what the window shows when its memory is taken
        self._hands = Hands(qt, self._running, self.random, self.paths, may_quit=lambda: not self.one_window)
        self._wanted = 0
        self._loop = QEventLoop()

    def run(self, events: int) -> None:
        """Send `events` events and check after each `every` of them."""
        self._wanted = events
        former, handler = sys.excepthook, qInstallMessageHandler(self._message)
        sys.excepthook = self._exception
        quits = self.qt.quitOnLastWindowClosed()
        self.qt.setQuitOnLastWindowClosed(False)  # it would end our loop too
        closer = QTimer()  # lists and modal dialogs run loops of their own: they must end
        closer.timeout.connect(self._hands.close_popups)
        closer.start(30)
        tidy = Tidy()  # as in the app: the thread that writes drafts must not destroy widgets
        tidy.begin()
        try:
            with caged(self.folder, self._path, self._target):
                self._begin()
                # Everything happens inside one loop, as in the app: what is deleted later is deleted only there.
                QTimer.singleShot(0, self._work)
                self._loop.exec()
                self._end()
        finally:
            tidy.end()
            closer.stop()
            self.qt.setQuitOnLastWindowClosed(quits)
            sys.excepthook = former
            qInstallMessageHandler(handler)

    def _work(self) -> None:
        """One event or a few without the loop between them, then the next turn of the loop."""
        try:
            self._event()
            while self.random.random() < 0.5 and self.done < self._wanted and not self._stop_here():
                self._event()
            if self.done % self.every == 0:
                self._check()
            if (
                self.done % FRESH_EVERY == 0 and self.random.random() < 0.15
            ):  # the monkey sees the empty window again
                store = self._running().store
                store.load(self.random.choice((Project(), store.project)))
        except Exception:  # noqa: BLE001 - whatever it is, it is what the monkey looks for
            self._problem(traceback.format_exc())
        if self.done % self.sample_every == 0:
            self._rest(list(self._to_rest()))
        else:
            self._go_on()

    def _stop_here(self) -> bool:
        """Whether something is due after this very event."""
        return self.done % FRESH_EVERY == 0 or self.done % self.sample_every == 0

    def _go_on(self) -> None:
        over = self.done >= self._wanted or len(self.problems) > MOST_PROBLEMS
        QTimer.singleShot(0, self._loop.quit if over else self._work)

    def _rest(self, left: list[Callable[[], object]]) -> None:
        """Bring the window to rest, one step in each turn of the loop: what is to be deleted must be, and no event comes between."""
        if left:
            try:
                left.pop(0)()
            except Exception:  # noqa: BLE001 - as above; the run goes on
                self._problem(traceback.format_exc())
        QTimer.singleShot(0, functools.partial(self._rest, left) if left else self._go_on)

    def _to_rest(self) -> Iterator[Callable[[], object]]:
        app = self._running()
        before = app.store.project
        if self._still is None:
            yield lambda: app.open(self.paths[0])
            yield self._keep_still
        yield lambda: app.window.resize(DEFAULT_SIZE)
        yield lambda: app.theme.choose("light")
        for _ in "12":  # twice: the first walk may still put away what the events left
            yield lambda: app.store.load(self._still or Project())
            for step in STEPS:
                yield functools.partial(app.wizard.open_step, step)
                yield self._nothing
        yield app.wizard.show_home
        yield app.board.clear
        # Qt deletes the pan gestures of areas that are gone with the next click into another area.
        yield lambda: QTest.mouseClick(
            app.wizard.area.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 1)
        )
        yield QPixmapCache.clear
        yield gc.collect
        yield self._nothing
        yield self._sample
        yield lambda: app.store.load(before)
        yield app.wizard.resume

    def _keep_still(self) -> None:
        self._still = self._running().store.project

    def _nothing(self) -> None:
        """A turn of the loop for Qt alone."""

    def _running(self) -> App:
        assert self.app is not None
        return self.app

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
        if self.one_window:
            self.app.window.installEventFilter(self._open)
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
        app.window.removeEventFilter(self._open)
        for other in self.qt.topLevelWidgets():
            if other is not app.window and other.isVisible():
                other.close()
        app.window.close()
        app.window.deleteLater()
        app.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _event(self) -> None:
        if not self._running().window.isVisible():  # the monkey closed it: start again from the draft
            self._start_again()
        what = self._hands.choose()
        self.counts[what.__name__.strip("_")] += 1
        self.done += 1
        try:
            what()
        except RuntimeError as error:
            # PySide can hold a widget of Qt's own under the name of one that stood at its address: not the app's doing.
            frames = traceback.extract_tb(error.__traceback__)
            if "already deleted" not in str(error) or not frames[-1].filename.endswith("monkey_hands.py"):
                raise
            self.counts["stale names"] += 1

    def _start_again(self) -> None:
        before = self._running().store.project
        self._end()
        self._begin()
        self.counts["started again"] += 1
        kept = self._running()._draft
        if (before.scan is not None or before.by_hand) and (kept is None or _same(kept) != _same(before)):
            self._problem("closing the window lost work")

    def _path(self) -> str:
        return self.random.choice(["", *self.paths])

    def _target(self) -> str:
        return self.random.choice(["", str(self.folder / "saved"), str(self.folder / "missing" / "x")])

    def _turn(self) -> None:
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()

    def _check(self) -> None:
        store = self._running().store
        data = dumps(store.project)
        if dumps(loads(data)) != data:
            self._problem("the project does not come back from its own bytes")
        history = store.history
        whole = history.count() < UNDO_STEPS  # else the first steps are gone, as they should be
        while history.canRedo():
            history.redo()
        end = store.project
        while history.canUndo():
            history.undo()
        if whole and _same(store.project) != _same(self.first):
            self._problem("undo to the start is not the start")
        while history.canRedo():
            history.redo()
        if _same(store.project) != _same(end):
            self._problem("redo to the end is not the end")
        self.counts["edits undone and redone"] += history.count()
        draft = self._running().autosave.path
        if draft.is_file():
            loads(draft.read_bytes())

    def _sample(self) -> None:
        self.samples.append(Sample(self.done))
        if self.sampled is not None:
            self.sampled.write(self.samples[-1].line() + f" {len(self.problems):3} problems\n")
            self.sampled.flush()

    def _problem(self, words: str) -> None:
        page = self.app.wizard.current if self.app is not None else "none"
        self.problems.append(f"event {self.done}, page {page}: {words}")
        if self.sampled is not None:
            self.sampled.write(self.problems[-1] + "\n")
            self.sampled.flush()

    def _message(self, _kind: Any, _context: Any, words: str) -> None:
        if not words.startswith(KNOWN):
            self._problem(f"Qt: {words}")

    def _exception(self, kind: Any, error: Any, trace: Any) -> None:
        self._problem("".join(traceback.format_exception(kind, error, trace)))


def _same(project: Project) -> Project:
    """The project without the page it stands on: moving is no edit."""
    return project.replace(step="folder")


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=100, help="check after so many events")
    parser.add_argument("--mark", type=int, default=1000, help="take the memory after so many events")
    parser.add_argument("--one-window", action="store_true", help="never close the window")
    parser.add_argument("--samples", type=Path, help="append the memory here as it is taken")
    given = parser.parse_args()
    qt = QApplication(sys.argv[:1])
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory(prefix="weighbridge-monkey-") as name:
        for place in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{place}_HOME"] = str(Path(name) / "home")
        monkey = Monkey(qt, Path(name).resolve(), given.seed, every=given.every)
        monkey.sample_every, monkey.one_window = given.mark, given.one_window
        if given.samples:  # opened before the cage closes
            monkey.sampled = stack.enter_context(given.samples.open("a", encoding="utf-8"))
        begun, worked = time.monotonic(), time.process_time()
        monkey.run(given.events)
        spent = time.monotonic() - begun
        worked = time.process_time() - worked
    rate = f"{monkey.done / worked:.0f} for each second of the processor"
    print(
        f"seed {given.seed}: {monkey.done} events in {spent:.0f} s ({rate}), {len(monkey.problems)} problems"
    )
    print("  " + ", ".join(f"{what} {count}" for what, count in monkey.counts.most_common()))
    leans = False
    if monkey.samples:
        words, leans = report(monkey.samples)
        print(words)
    for problem in monkey.problems:
        print(problem)
    return 1 if monkey.problems or leans else 0


if __name__ == "__main__":
    sys.exit(main())
