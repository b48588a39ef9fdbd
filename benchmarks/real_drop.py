# SPDX-License-Identifier: Apache-2.0
"""A real drag by a real mouse, from another program's window to the app's: a folder, then a saved project.

    .venv/bin/python benchmarks/real_drop.py [--display :88] [--keep FOLDER]

Needs Xvfb, xdotool and a window manager (openbox). A small window of another process offers a path by the protocol that file
managers use (XDND); xdotool presses there, moves in steps over the app and lets go. The folder goes on the drop zone of Home,
the project anywhere on the window of another page. Told is the page that stands there after each drop.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from real_window import _WATCHED, ROOT, Person

_SOURCE = """
import sys
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QWidget
class Source(QWidget):
    def paintEvent(self, _event):
        print("ready", flush=True)
    def mousePressEvent(self, _event):
        drag, data = QDrag(self), QMimeData()
        data.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag.setMimeData(data)
        print("pressed", flush=True)
        print("drag ended with", drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction), flush=True)
qt = QApplication([])
window = Source(None, Qt.WindowType.FramelessWindowHint)
window.setGeometry(1250, 20, 120, 90)
window.show()
sys.exit(qt.exec())
"""
_FROM, _STEPS = (1310, 60), 12


def main() -> int:
    """Start the display, the app and the source; drag twice; tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--display", default=":88")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    if missing := [one for one in ("Xvfb", "openbox", "xdotool") if shutil.which(one) is None]:
        print(f"Not here: {', '.join(missing)}.")
        return 2
    if chosen.keep is not None:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        folder, project = _things(base)
        environment = {
            **os.environ,
            "DISPLAY": chosen.display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": temporary,
            "XDG_DATA_HOME": temporary,
        }
        screen = subprocess.Popen(
            ["Xvfb", chosen.display, "-screen", "0", "1400x900x24"], stderr=subprocess.DEVNULL
        )
        running = [screen]
        try:
            time.sleep(1.5)
            running.append(subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL))
            time.sleep(1)
            seen = base / "seen.json"
            app = [sys.executable, "-c", _WATCHED, "--theme", "light", str(seen)]
            running.append(subprocess.Popen(app, env=environment, cwd=ROOT))
            person = Person(chosen.display, seen, chosen.keep)
            person.wait("page", ("home",))
            person.wait("focus", ("QPushButton",))
            _drag(person, environment, folder, (420, 240))
            print(f"a folder on the drop zone: {person.wait('page', ('found',))['page']}")
            person.picture("folder")
            _drag(person, environment, project, (600, 420))
            print(f"a project on the window: {person.wait('page', ('release',))['page']}")
            person.picture("project")
        finally:
            for one in reversed(running):
                one.terminate()
                one.wait(20)
    return 0


def _things(base: Path) -> tuple[Path, Path]:
    """A folder with a space in its name, and a project of it that was left on the page Release."""
    from core.domain.project import Project
    from core.persist import dumps
    from core.scan import scan_path

    folder = base / "my model"
    shutil.copytree(ROOT / "resources" / "examples" / "tiny-llama-lora", folder)
    project = base / "left off.weighbridge.json"
    project.write_bytes(dumps(Project(folder=str(folder), scan=scan_path(folder), step="release")))
    return folder, project


def _drag(person: Person, environment: dict[str, str], what: Path, to: tuple[int, int]) -> None:
    """Press on the source, move over the app in steps as a hand does, let go."""
    source = subprocess.Popen(
        [sys.executable, "-c", _SOURCE, str(what)], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        _says(source, "ready")
        time.sleep(1)
        person._do("mousemove", "--sync", *map(str, _FROM), "mousedown", "1")
        _says(source, "pressed")
        for step in range(1, _STEPS + 1):
            place = (start + (end - start) * step // _STEPS for start, end in zip(_FROM, to, strict=True))
            subprocess.run(["xdotool", "mousemove", *map(str, place)], env=environment, check=True)
            time.sleep(0.15)
        person.picture(f"over-{what.suffix.strip('.') or 'folder'}")
        person._do("mouseup", "1")
        print(f"the source heard: {_says(source, 'drag ended')}")
    finally:
        source.terminate()
        source.wait(20)


def _says(source: subprocess.Popen[str], words: str) -> str:
    """Wait until the source says this; the rest of its line."""
    assert source.stdout is not None
    for line in source.stdout:
        if line.startswith(words):
            return line.strip()
    raise SystemExit(f"the source ended before it said {words!r}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
