# SPDX-License-Identifier: Apache-2.0
"""The longest time the window does not answer, wherever a person goes: the bar is 50 ms.

    xvfb-run -a .venv/bin/python benchmarks/frames.py [FOLDER …] [--all]

A timer ticks every 2 ms while a folder is read, each page is opened for the first and the second time, folds are opened, each
document is shown, an answer is given, undone and done again, training and a line are pushed on What if, everything is
exported, a saved project is opened and the scheme is switched. Told is the longest gap between two ticks: by the wall, and by
the processor time of the window's thread, which other work on the machine does not lengthen. Without --all only gaps over
half the bar are told.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BAR = 50.0
"""Milliseconds."""
PAGES = ("model", "training", "weight", "review", "applies", "documents", "export")


def turn(milliseconds: int = 0) -> None:
    """Run the event loop for a while."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Watch:
    """Ticks while something is done, and keeps the longest gaps."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.found: list[tuple[str, float, float]] = []
        self._ticks: list[tuple[float, float]] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(2)
        self._timer.timeout.connect(lambda: self._ticks.append((time.perf_counter(), time.thread_time())))

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        self._ticks.clear()
        self._timer.start()
        turn(20)
        yield
        self._timer.stop()
        gaps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(self._ticks)]
        self.found.append((name, max(wall for wall, _ in gaps) * 1e3, max(own for _, own in gaps) * 1e3))


def walk(app: Any, folder: str, home: Path, watch: Watch) -> None:
    """Everything a person does with one folder."""
    from core.flow import STEPS
    from gui.files import save_project
    from gui.widgets.discloser import Discloser

    def until(over: Callable[[], bool]) -> None:
        end = time.perf_counter() + 120
        while not over() and time.perf_counter() < end:
            turn(5)

    wizard = app.wizard
    wizard.open_step("folder")
    turn(200)
    with watch.on("read the folder, show what was found"):
        app.folder.read(folder)
        until(lambda: not app.scanner.busy)
        turn(500)
    for times in ("first", "second"):
        for step in STEPS:
            with watch.on(f"open {step.value}, {times} time"):
                wizard.open_step(step.value)
                turn(400)
            folds = wizard.page.findChildren(Discloser)
            if times == "first" and step.value in ("found", "applies", "weight"):
                with watch.on(f"unfold {step.value}"):
                    for button in (one for one in folds if one.isVisible()):
                        button.click()
                        turn(60)
            if times == "first" and step.value == "documents":
                with watch.on("show each document"):
                    for row in range(wizard.page.list.count()):
                        wizard.page.list.setCurrentRow(row)
                        turn(150)
    for step in PAGES:
        wizard.open_step(step)
        turn(300)
        for name, act in (
            ("answer", lambda: app.store.answer("tokens", 12345678 + len(watch.found))),
            ("undo", app.store.history.undo),
            ("redo", app.store.history.redo),
        ):
            with watch.on(f"{name} on {step}"):
                act()
                turn(400)
    wizard.open_step("weight")
    turn(200)
    with watch.on("what if"):
        wizard.foot.what_if.click()
        for tenths in range(1, 60, 2):
            app.context.supposing.train_tenths(tenths)
            turn(15)
        for decades in (-1, -2, -3, -4, 0, 1):
            app.context.supposing.move("eu.ai_act.gpai_indicator", decades)
            turn(30)
        turn(1500)
    wizard.go_back()
    out = home / f"out-{Path(folder).name}"
    out.mkdir()
    (out / "README.md").write_text("# My own\n", encoding="utf-8")
    app.store.edit("folder", export_folder=str(out))
    wizard.open_step("export")
    turn(1000)
    with watch.on("export"):
        wizard.sheet.forward.click()
        turn(2000)
    saved = home / f"{Path(folder).name}.weighbridge.json"
    wizard.open_step("applies")
    save_project(saved, app.store.project)
    app.start_again()
    turn(300)
    with watch.on("open the saved project"):
        app.open(str(saved))
        turn(800)
    for theme in ("dark", "light"):
        with watch.on(f"switch to {theme}"):
            app.theme.choose(theme)
            turn(500)


def main() -> int:
    """Walk and print; 1 when a gap of the window's own time is over the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folders", nargs="*", default=[str(ROOT / "resources" / "examples" / "tiny-llama-lora")]
    )
    parser.add_argument("--all", action="store_true")
    chosen = parser.parse_args()
    from PySide6.QtWidgets import QApplication

    from gui.app import App
    from gui.settings import Settings
    from gui.tidy import Tidy

    qt = QApplication([])
    worst = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        app = App(
            qt,
            today=datetime.date(2026, 11, 23),
            settings=Settings(home / "settings.ini"),
            theme="light",
            drafts=home / "drafts",
        )
        tidy = Tidy(app)
        app.start()
        turn(1500)
        tidy.begin()
        for folder in chosen.folders:
            watch = Watch()
            walk(app, folder, home, watch)
            print(f"{Path(folder).name}: {len(watch.found)} things done")
            for name, wall, own in sorted(watch.found, key=lambda one: -one[2]):
                if chosen.all or max(wall, own) > BAR / 2:
                    print(f"  {name:40} wall {wall:6.1f} ms   own {own:6.1f} ms")
            worst = max([worst, *(own for _, _, own in watch.found)])
        app.window.close()
        tidy.end()
    print(f"longest, own: {worst:.1f} ms (bar {BAR:.0f})")
    return 0 if worst <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
