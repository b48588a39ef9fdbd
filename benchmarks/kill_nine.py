# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments of a journey: what is lost, and whether the project opens again.

    nice .venv/bin/python benchmarks/kill_nine.py --times 200 --seed 1

A process of its own (kill_nine_child.py) types at the real window, and writes each state of the project into a log. It is
killed after a random time; one in ten while it starts. Then the draft it left is looked for in that log: every later state
is lost work, and the age of the oldest of them is how much typing was lost. The project is opened again in a window: the
draft is offered and taken, the killed window's slot is taken over, the saved project opens too, and after the next save no
file beside is left. The exit code is 1 when a project did not open or more than two seconds were lost.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QCoreApplication, QEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from benchmarks.kill_nine_child import EMPTY, mark  # noqa: E402
from core.errors import WeighbridgeError  # noqa: E402
from gui.app import App  # noqa: E402
from gui.derive import Assess, assess_on  # noqa: E402
from gui.files import read_project  # noqa: E402
from gui.settings import Settings  # noqa: E402
from gui.tasks import ImmediateRunner  # noqa: E402

MOST_LOST_S = 2.0
LONGEST_S = 6.0
START_S = 300.0  # on a machine that is busy otherwise


@dataclass(frozen=True)
class Outcome:
    """One kill. `lost_s` is the age of the oldest state that is gone; `problem` is empty when all opened."""

    after_s: float
    states: int
    lost_s: float
    problem: str


class Killer:
    """Starts, kills and looks, in folders below `base`."""

    def __init__(
        self,
        qt: QApplication,
        base: Path,
        seed: int,
        assess: Assess | None = None,
        longest_s: float = LONGEST_S,
    ) -> None:
        import datetime

        self.qt = qt
        self.base = base
        self.longest_s = longest_s
        self.dice = random.Random(seed)
        self.today = datetime.date(2026, 11, 23)
        self.assess = assess or assess_on(self.today)

    def run(self, times: int) -> Iterator[Outcome]:
        """Kill so often."""
        for number in range(times):
            folder = self.base / str(number)
            folder.mkdir()
            starting = number % 10 == 9
            yield self._one(folder, self.dice.randrange(2**31), starting=starting)

    def _one(self, folder: Path, seed: int, *, starting: bool) -> Outcome:
        home = {f"XDG_{place}_HOME": str(folder / "home") for place in ("CONFIG", "DATA", "CACHE", "STATE")}
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.kill_nine_child", str(folder), str(seed)],
            cwd=ROOT,
            env={**os.environ, **home, "HOME": str(folder)},
            stderr=subprocess.PIPE,
        )
        try:
            if not starting and not _begun(folder / "log.txt", child):
                return Outcome(0, 0, 0, f"the window did not start: {_said(child)}")
            wait = self.dice.uniform(0, self.longest_s)
            time.sleep(wait)
            if child.poll() is not None:
                return Outcome(wait, 0, 0, f"the window ended by itself: {_said(child)}")
        finally:
            at = time.monotonic()
            child.send_signal(signal.SIGKILL)
            child.wait()
            if child.stderr is not None:
                child.stderr.close()
        log = _log(folder / "log.txt")
        lost, problem = self._look(folder, log, at)
        return Outcome(wait, len(log), lost, problem)

    def _look(self, folder: Path, log: list[tuple[float, str]], at: float) -> tuple[float, str]:
        draft = folder / "drafts" / "draft-1.json"
        try:
            project = read_project(draft) if draft.is_file() else None
            if (folder / "saved.weighbridge.json").is_file():
                read_project(folder / "saved.weighbridge.json")
        except WeighbridgeError as error:
            return 0, f"does not open: {error}"
        kept = -1
        if project is not None:
            known = [number for number, (_, state) in enumerate(log) if state == mark(project)]
            if not known:
                return 0, "the draft is no state that ever was"
            kept = known[-1]
        gone = [when for when, state in log[kept + 1 :] if state != EMPTY]
        problem = "" if project is None else self._reopen(folder, mark(project))
        return (at - gone[0] if gone else 0.0), problem

    def _reopen(self, folder: Path, wanted: str) -> str:
        """Open the window again two hours later, as a person would, go on, and save; what is wrong in words."""
        # A kill between write and rename leaves the file beside; the next write sweeps it once it is an hour old.
        for path in folder.rglob("*.tmp"):
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * 3600))
        app = App(
            self.qt,
            today=self.today,
            settings=Settings(folder / "settings.ini"),
            theme="light",
            runner=ImmediateRunner(),
            assess=self.assess,
            drafts=folder / "drafts",
        )
        try:
            app.start()
            if app.autosave.path.name != "draft-1.json":
                return "the killed window still holds its slot"
            if app._draft is None:
                return "the draft was not offered"
            app.resume()
            if mark(app.store.project) != wanted:
                return "another project came back"
            if not app.autosave.save_now():
                return "the draft cannot be saved again"
        finally:
            app.window.close()
            app.window.deleteLater()
            app.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        left = [path.name for path in folder.rglob(".draft-*.tmp")]
        return f"left behind: {left}" if left else ""


def _begun(log: Path, child: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_S
    while time.monotonic() < end and child.poll() is None:
        if log.is_file() and log.stat().st_size:
            return True
        time.sleep(0.01)
    return False


def _said(child: subprocess.Popen[bytes]) -> str:
    child.kill()
    return "" if child.stderr is None else child.stderr.read().decode(errors="replace")[-2000:]


def _log(path: Path) -> list[tuple[float, str]]:
    """Each state with its time; a line that the kill cut is left out."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="ascii").split("\n")[:-1]
    pairs = (line.split(" ", 1) for line in lines)
    return [(float(when), state) for when, state in pairs if state != "begun"]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    qt = QApplication(sys.argv[:1])
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="weighbridge-kill-") as name:
        for outcome in Killer(qt, Path(name).resolve(), given.seed).run(given.times):
            outcomes.append(outcome)
            print(
                f"{len(outcomes):4}  after {outcome.after_s:4.1f} s  {outcome.states:4} states"
                f"  lost {outcome.lost_s:5.2f} s  {outcome.problem}",
                flush=True,
            )
    lost = sorted(one.lost_s for one in outcomes)
    problems = [one.problem for one in outcomes if one.problem]
    print(
        f"{len(outcomes)} kills: lost {lost[len(lost) // 2]:.2f} s in the middle, {lost[-1]:.2f} s at most; {len(problems)} problems"
    )
    return 1 if problems or lost[-1] > MOST_LOST_S else 0


if __name__ == "__main__":
    sys.exit(main())
