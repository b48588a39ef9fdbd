# SPDX-License-Identifier: Apache-2.0
"""A whole journey in a real window on a display of its own, with real keys only or with a real mouse only.

    .venv/bin/python benchmarks/real_window.py keyboard|mouse [--keep FOLDER] [--scale 2] [--theme dark]

Needs Xvfb, xdotool and a window manager (openbox). The example is copied, the app is started on the copy as a person
starts it, and xdotool presses keys or moves the mouse and clicks, until the documents stand in the folder. Told are the
pages seen, how many keys or clicks it took, and the seconds. A picture of each page goes to `--keep`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_WATCHED = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication
import gui.start
from gui.__main__ import main
out = Path(sys.argv.pop())
stand = gui.start._stand
def watched(qt, app, path):
    ended = stand(qt, app, path)
    def tell():
        window, buttons = app.window, {{}}
        for one in window.findChildren(QAbstractButton):
            if one.isCheckable() and one.isChecked():
                continue
            if one.isVisible() and not one.visibleRegion().isEmpty():
                place = one.visibleRegion().boundingRect().center()
                if one.inherits("QCheckBox"):  # its box is at the left, the rest may be bare room
                    place.setX(12)
                at = one.mapToGlobal(place)
                ratio = window.devicePixelRatioF()
                name = one.accessibleName() or one.text().replace("&", "")
                buttons[name] = [round(at.x() * ratio), round(at.y() * ratio)]
        board = app.board.message
        focus = QApplication.focusWidget()
        told = {{"page": app.wizard.current, "buttons": buttons, "board": board,
                "left": app.wizard.sheet.summary.isVisible(), "focus": "" if focus is None else focus.metaObject().className(),
                "unseen": app.wizard.page_of("export")._unseen.isActive(),
                "forward": app.wizard.sheet.forward.text().replace("&", "")}}
        half = out.with_suffix(".half")
        half.write_text(json.dumps(told))
        half.replace(out)
    app.telling = QTimer(app)
    app.telling.timeout.connect(tell)
    app.telling.start(100)
    return ended
gui.start._stand = watched
sys.exit(main(sys.argv[1:]))
"""


class Person:
    """Presses keys or moves the mouse in a display."""

    def __init__(self, display: str, seen: Path, keep: Path | None) -> None:
        self._environment = {**os.environ, "DISPLAY": display}
        self._seen = seen
        self._keep = keep
        self.acts = 0

    def see(self) -> dict[str, object]:
        """What the window shows now."""
        try:
            told: dict[str, object] = json.loads(self._seen.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {"page": "", "buttons": {}, "board": "", "focus": "", "forward": "", "unseen": False}
        return told

    def wait(self, key: str, values: tuple[object, ...], seconds: float = 60) -> dict[str, object]:
        """Look until the window shows one of these; ends the program when it never does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            told = self.see()
            if told[key] in values:
                return told
            time.sleep(0.1)
        raise SystemExit(f"waited for {key} in {values}; the window shows {self.see()}")

    def moves_on(self, page: str) -> bool | None:
        """Whether Continue led away from this page; False when what is left is in sight, None when nothing happened."""
        end = time.monotonic() + 8
        while time.monotonic() < end:
            told = self.see()
            if told["page"] != page:
                time.sleep(0.5)
                return True
            if told["left"]:
                return False
            time.sleep(0.1)
        return None

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self.acts += len(keys)
        self._do("key", "--delay", "60", *keys)

    def write(self, words: str) -> None:
        """Type."""
        self.acts += len(words)
        self._do("type", "--delay", "40", words)

    def click(self, name: str) -> None:
        """Move to the button of this name and click."""
        buttons = self.see()["buttons"]
        assert isinstance(buttons, dict)
        found = next((place for words, place in buttons.items() if name in words), None)
        if found is None:
            raise SystemExit(f"no button {name!r} in sight: {sorted(buttons)}")
        self.acts += 1
        self._do("mousemove", "--sync", str(found[0]), str(found[1]), "click", "1")

    def picture(self, name: str) -> None:
        """Keep what the screen shows."""
        if self._keep is not None:
            subprocess.run(
                ["import", "-window", "root", str(self._keep / f"{name}.png")],
                env=self._environment,
                check=True,
            )

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True)
        time.sleep(0.6)  # a person looks, too


def journey(person: Person, *, by_mouse: bool) -> list[str]:
    """From "What we found" to written documents; the pages on the way."""
    pages: list[str] = []
    person.wait("page", ("found",))
    for _ in range(14):
        told = person.see()
        page = str(told["page"])
        pages.append(page)
        person.picture(f"{len(pages)}-{page}")
        if page == "export":
            break
        for _ in range(8):  # as many questions as a page may have left
            if _go_on(person, page, by_mouse=by_mouse):
                break
            _not_known(person, by_mouse=by_mouse)
        else:
            raise SystemExit(f"stuck on {page}: {person.see()}")
    person.wait("unseen", (False,))
    for _ in range(20):
        told = person.see()
        if "Written" in str(told["board"]):
            break
        if str(told["forward"]).startswith("Write"):
            person.click(str(told["forward"])) if by_mouse else person.key("alt+w")
        time.sleep(0.5)
    person.picture("written")
    return pages


def _go_on(person: Person, page: str, *, by_mouse: bool) -> bool:
    """Continue; on a slow machine once more, as anybody would."""
    for _ in range(4):
        if by_mouse:
            person.click(str(person.see()["forward"]))
        else:
            _leave_long_text(person)
            person.key("alt+c")
        moved = person.moves_on(page)
        if moved is not None:
            return moved
    raise SystemExit(f"nothing happens on {page}: {person.see()}")


def _leave_long_text(person: Person) -> None:
    if person.see()["focus"] == "QPlainTextEdit":
        person.key("Tab")


def _not_known(person: Person, *, by_mouse: bool) -> None:
    """Answer the first thing that is left with "I don't know"."""
    if by_mouse:
        person.click("choose “I don't know”")  # the line of the summary: it leads to the field
        person.click("I don't know:")
        return
    person.key("Tab", "Return")  # the summary has the focus; its first line leads to the field
    for _ in range(12):
        if person.see()["focus"] == "QCheckBox":
            break
        person.key("Tab")
    person.key("space")


def main() -> int:
    """Start the display and the app, act, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("how", choices=("keyboard", "mouse"))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--theme", default="light")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--display", default=":87")
    chosen = parser.parse_args()
    if missing := [one for one in ("Xvfb", "openbox", "xdotool") if shutil.which(one) is None]:
        print(f"Not here: {', '.join(missing)}.")
        return 2
    if chosen.keep is not None:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    size = "2600x1800x24" if chosen.scale != "1" else "1400x900x24"
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        folder = base / "my model"
        shutil.copytree(ROOT / "resources" / "examples" / "tiny-llama-lora", folder)
        environment = {
            **os.environ,
            "DISPLAY": chosen.display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": chosen.scale,
            "XDG_CONFIG_HOME": temporary,
            "XDG_DATA_HOME": temporary,
        }
        running = [
            subprocess.Popen(
                ["Xvfb", chosen.display, "-screen", "0", size, "-nolisten", "tcp"], stderr=subprocess.DEVNULL
            )
        ]
        try:
            time.sleep(1)
            running.append(subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL))
            time.sleep(0.5)
            begun, seen = time.monotonic(), base / "seen.json"
            start = [sys.executable, "-c", _WATCHED, str(folder), "--theme", chosen.theme, str(seen)]
            running.append(subprocess.Popen(start, env=environment))
            person = Person(chosen.display, seen, chosen.keep)
            pages = journey(person, by_mouse=chosen.how == "mouse")
            card = folder / "README.md"
            ok = (
                "weighbridge:begin" in card.read_text(encoding="utf-8")
                and (folder / "what-applies.md").is_file()
            )
            print(f"{chosen.how}: {' > '.join(pages)}; {person.acts} acts, {time.monotonic() - begun:.0f} s")
            print("the documents are written" if ok else "NOT WRITTEN")
            return 0 if ok else 1
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait(10)


if __name__ == "__main__":
    sys.exit(main())
