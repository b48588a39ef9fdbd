# SPDX-License-Identifier: Apache-2.0
"""From a keystroke to the new scale and verdict: the calculation, and until it is painted.

    QT_QPA_PLATFORM=offscreen .venv/bin/python benchmarks/keystroke.py [FOLDER …] [--keys 300]

Types digits into "tokens" on the training page of each folder (default: the example) and tells, in milliseconds, of
wall time and of the window thread's own processor time (this machine may be busy), the median, 99th percentile and largest of (1) Project to Assessment and (2) the key until the event loop
has painted the window. Then scans the folders while a timer ticks, and tells the longest time the window did not answer.
Bars: p99 of the calculation under 16 ms, p99 until painted under 50 ms, no frame over 50 ms while scanning.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import itertools
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def now() -> tuple[float, float]:
    """The wall clock and this thread's processor time, in seconds."""
    return time.perf_counter(), time.thread_time()


def since(begun: tuple[float, float]) -> tuple[float, float]:
    """Both, since then."""
    wall, own = now()
    return wall - begun[0], own - begun[1]


def both(name: str, pairs: list[tuple[float, float]]) -> None:
    """Wall time, and processor time, which other work on the machine does not lengthen."""
    told(f"{name}, wall", [wall for wall, _ in pairs])
    told(f"{name}, own", [own for _, own in pairs])


def told(name: str, seconds: list[float]) -> None:
    """One line of figures."""
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(
        f"  {name:23} median {ordered[len(ordered) // 2] * 1e3:5.1f}  p99 {p99 * 1e3:5.1f}  "
        f"largest {ordered[-1] * 1e3:5.1f} ms  ({len(ordered)} times)"
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folders", nargs="*", default=[str(ROOT / "resources" / "examples" / "tiny-llama-lora")]
    )
    parser.add_argument("--keys", type=int, default=300)
    chosen = parser.parse_args()
    from PySide6.QtCore import QEventLoop, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from gui.app import App
    from gui.settings import Settings

    qt = QApplication([])
    with tempfile.TemporaryDirectory() as home:
        app = App(
            qt,
            today=datetime.date(2026, 11, 23),
            settings=Settings(Path(home) / "settings.ini"),
            theme="light",
            drafts=Path(home) / "drafts",
        )
        app.wizard.foot.scale.set_motion(False)
        app.start()

        def turn(milliseconds: int = 0) -> None:
            loop = QEventLoop()
            QTimer.singleShot(milliseconds, loop.quit)
            loop.exec()

        turn(1500)
        gc.collect()
        gc.freeze()
        for folder in chosen.folders:
            ticker = QTimer()
            ticker.setInterval(2)

            ticks: list[tuple[float, float]] = []
            ticker.timeout.connect(lambda into=ticks: into.append(now()))
            app.wizard.open_step("folder")
            turn(200)
            ticker.start()
            app.folder.read(folder)
            until = time.perf_counter() + 120
            while app.scanner.busy and time.perf_counter() < until:
                turn(5)
            turn(300)  # the page that shows what was found, too
            ticker.stop()
            stalls = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(ticks)] or [(0.0, 0.0)]
            print(Path(folder).name)
            both("scan and its page", stalls)
            app.store.answer("tokens", 1)
            app.wizard.open_step("training")
            row = app.wizard.page.form.row("tokens")  # type: ignore[attr-defined]
            if row is None:  # a merge: nobody is asked for tokens
                continue
            app.wizard.page.form.show_row("tokens")  # type: ignore[attr-defined]
            field = row.first_control
            field.setFocus()
            field.end(False)
            turn(300)
            judged: list[tuple[float, float]] = []
            inner = app.derive._assess

            def timed(
                project: object, judge: object = inner, into: list[tuple[float, float]] = judged
            ) -> object:
                begun = now()
                try:
                    return judge(project)  # type: ignore[operator]
                finally:
                    into.append(since(begun))

            app.derive._assess = timed  # type: ignore[assignment]
            painted = []
            for number in range(chosen.keys):
                key = Qt.Key.Key_Backspace if number % 12 >= 6 else Qt.Key(ord("1") + number % 9)
                begun = now()
                QTest.keyClick(field, key)
                app.window.repaint()
                turn()
                painted.append(since(begun))
            app.derive._assess = inner
            both("calculation", judged)
            both("painted", painted)
        app.window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
