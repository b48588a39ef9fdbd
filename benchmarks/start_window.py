# SPDX-License-Identifier: Apache-2.0
"""Start of the window against a bare window of the same toolkit, in pairs, in one run.

    .venv/bin/python benchmarks/start_window.py [--pairs 15]

Each process of a pair starts cold (its own interpreter), paints its first window and ends at once. Told are the
median and the least of the ratios of wall time and processor time, and of the memory (resident set) at that moment.
With a display it is the real window; without one, set QT_QPA_PLATFORM=offscreen. `--all` measures until the last
page is built and the rules are read (nothing is promised about that one).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Compiled modules are kept, as on anybody's machine: the toolkit's are, and the first run writes ours."""
_END = """
def end():
    import os
    with open("/proc/self/status", encoding="ascii") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmRSS")), flush=True)
    os._exit(0)
"""
BARE = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
{_END}
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, end)
qt = QApplication([])
window = Window()
window.setCentralWidget(QLabel("hello"))
window.resize(1180, 780)
window.show()
qt.exec()
"""
OURS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from gui.__main__ import main
{_END}
import gui.start
shown = gui.start.Start.show
def show(start):
    WATCH
    shown(start)
gui.start.Start.show = show
main([])
"""
WHOLE = OURS.replace("WATCH", "start.ready.connect(lambda app: (app.window.grab(), end()))")
OURS = OURS.replace("WATCH", "start.window.first.painted.connect(end)")


def run(code: str, home: str) -> tuple[float, float, int]:
    """(wall seconds, processor seconds, KiB resident) of one cold process."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, **_COMPILED},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, int(done.stdout)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--all", action="store_true", help="until the app is whole")
    chosen = parser.parse_args()
    code = WHOLE if chosen.all else OURS
    with tempfile.TemporaryDirectory() as home:
        run(BARE, home), run(code, home)  # the files are read once
        pairs = [(run(BARE, home), run(code, home)) for _ in range(chosen.pairs)]
    for place, (name, unit, bar) in enumerate(
        (("wall", "s", 1.3), ("processor", "s", 1.3), ("memory", "KiB", 1.5))
    ):
        bare, ours = [pair[0][place] for pair in pairs], [pair[1][place] for pair in pairs]
        ratio = statistics.median(b / a for a, b in zip(bare, ours, strict=True))
        print(
            f"{name:10} bare least {min(bare):.3f} {unit}, ours least {min(ours):.3f} {unit}; "
            f"ratio of least {min(ours) / min(bare):.2f}, median of paired ratios {ratio:.2f} (bar {bar})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
