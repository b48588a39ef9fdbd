# SPDX-License-Identifier: Apache-2.0
"""The window: its start beside a bare one, a keystroke until it is painted, and the first page with many projects."""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import start_window
from benchmarks.pairs import ROOT, Growth, Row, ms

START = "python benchmarks/start_window.py"
KEYS = "python benchmarks/keystroke.py FOLDER …"
LINE = re.compile(
    r"^  (?P<name>.+?) +median +(?P<median>[\d.]+) +p99 +(?P<p99>[\d.]+) +largest +(?P<largest>[\d.]+) ms",
    re.M,
)
_HOME = """
import json, os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from PySide6.QtWidgets import QApplication
from core.domain.project import Project
from core.persist import dumps
from gui.settings import Settings
from gui.shelf import Entry, EntryKind, to_line
place, count = Path(sys.argv[1]), int(sys.argv[2])
entries = []
for number in range(count):
    path = place / f"{number}.weighbridge"
    path.write_bytes(dumps(Project(by_hand=True)))
    entries.append(to_line(Entry(EntryKind.PROJECT, str(path), f"Model {number}", "Nothing applies.", "2026-11-26")))
settings = Settings(place / "settings.ini")
settings._file.setValue("recent/projects", entries)
settings.save()
from gui.app import App
import datetime
qt = QApplication([])
app = App(qt, today=datetime.date(2026, 11, 26), settings=Settings(place / "settings.ini"), theme="light",
          drafts=place / "drafts")
app.start()
taken = []
for _ in range(7):
    started = time.perf_counter()
    app.home.entered()
    app.window.grab()
    taken.append(time.perf_counter() - started)
print(json.dumps({"seconds": sorted(taken)[3], "rows": len(app.home.rows)}))
sys.stdout.flush()
os._exit(0)
"""


def rows(_peers: Path | None, quick: bool) -> Iterator[Row]:
    """The bars of the window."""
    with tempfile.TemporaryDirectory() as home:
        start_window.run(start_window.BARE, home), start_window.run(start_window.OURS, home)
        pairs = [
            (start_window.run(start_window.BARE, home), start_window.run(start_window.OURS, home))
            for _ in range(3 if quick else 15)
        ]
    where = "offscreen" if os.environ.get("QT_QPA_PLATFORM") == "offscreen" else "on a display"
    for place, (part, what, bar) in enumerate(
        (
            ("GUI start", "wall time", 1.3),
            ("GUI start", "processor time", 1.3),
            ("memory", "memory held", 1.5),
        )
    ):
        ratio = statistics.median(ours[place] / bare[place] for bare, ours in pairs)
        yield Row(
            part,
            f"first painted window {where}, beside a bare PySide6 window: {what}",
            f"{ratio:.2f} times",
            f"at most {bar} times",
            ratio <= bar,
            START,
        )
    yield from _keystrokes(quick)


def _keystrokes(quick: bool) -> Iterator[Row]:
    # The example is what everybody has; larger folders can be named on the command line of keystroke.py.
    words = [sys.executable, str(ROOT / "benchmarks" / "keystroke.py"), "--keys", "30" if quick else "300"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    told = {found["name"].strip(): found for found in LINE.finditer(done.stdout)}
    for name, what, figure, most, bar in (
        ("calculation", "keystroke to verdict, calculation, p99", "p99", 16, "under 16 ms"),
        ("painted", "keystroke until painted, p99", "p99", 50, "under 50 ms"),
        (
            "scan and its page",
            "longest time without an answer while scanning",
            "largest",
            50,
            "at most 50 ms",
        ),
    ):
        wall, own = (told.get(f"{name}, {clock}") for clock in ("wall", "own"))
        if wall is None or own is None:
            yield Row("recompute", what, "keystroke.py did not tell it", bar, None, KEYS)
            continue
        said = f"{float(wall[figure]):.0f} ms ({float(own[figure]):.0f} ms)"
        yield Row("recompute", what, said, bar, float(own[figure]) < most, KEYS)


def growth(quick: bool) -> Iterator[Growth]:
    """The first page with more and more saved projects."""
    points = []
    for count in (10, 1_000) if quick else (10, 100, 1_000, 10_000):
        with tempfile.TemporaryDirectory() as place:
            home = {"XDG_CONFIG_HOME": place, "XDG_DATA_HOME": place}
            done = subprocess.run(
                [sys.executable, "-c", _HOME, place, str(count), str(ROOT)],
                env={**os.environ, **home}, cwd=place, capture_output=True, text=True, check=True,
            )  # fmt: skip
            told = json.loads(done.stdout.splitlines()[-1])
            points.append((f"{count:,}", f"{ms(told['seconds'])} ({told['rows']} shown)"))
    yield Growth("first page listed and painted", "saved projects in the settings", tuple(points))
