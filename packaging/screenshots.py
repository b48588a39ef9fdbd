# SPDX-License-Identifier: Apache-2.0
"""A picture of every page and dialog, for people to look at: light and dark, any size, any scale.

    .venv/bin/python packaging/screenshots.py OUT [--theme light|dark] [--size 1180x780] [--folder FOLDER] [--open]
        [--language en|de|fr|pseudo] [--text PERCENT] [--rtl] [--answered | --answers FILE.json]

Without a display: QT_QPA_PLATFORM=offscreen. At double scale: QT_SCALE_FACTOR=2. `--open` opens every fold. `--whole` takes a
page as long as it is, without the window around it. `--text 200` doubles the letters, `--rtl` lays the window out from right to
left, `pseudo` is the test language of packaging/pseudo.py.
`--answered` answers the questions of the example, `--answers` those of any folder: {"model_name": "…", …}.
`--readme` writes only the pictures of README.md to docs/images.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gui.app import App

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TODAY = datetime.date(2026, 11, 23)
ANSWERS: dict[str, Any] = {
    "model_name": "Llama-3.1-8B-Weighing",
    "base_model": "meta-llama/Llama-3.1-8B",
    "license": "llama3.1",
    "data_summary": "Short sentences about weighing that a script made up. No personal data.",
    "output_modalities": ("text",),
    "release_form": "open_weights",
    "purpose": "hobby",
}


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", nargs="?", default="build/screenshots")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--size", default="1180x780")
    parser.add_argument("--folder", default=str(ROOT / "resources" / "examples" / "tiny-llama-lora"))
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--answered", action="store_true")
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--language", choices=("en", "de", "fr", "pseudo"), default="en")
    parser.add_argument("--text", type=int, default=100)
    parser.add_argument("--rtl", action="store_true")
    chosen = parser.parse_args()
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication
    from translations import speak

    qt = QApplication([])
    if chosen.readme:
        for theme in ("light", "dark"):
            chosen.theme, chosen.answered = theme, True
            _take(qt, chosen, ROOT / "docs" / "images", only="applies", name=f"weighbridge-{theme}.png")
            _take(qt, chosen, ROOT / "docs" / "images", only="what-if", name=f"what-if-{theme}.png")
        return 0
    font = qt.font()
    font.setPointSizeF(font.pointSizeF() * chosen.text / 100)
    qt.setFont(font)
    if chosen.rtl:
        qt.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    with tempfile.TemporaryDirectory() as temporary:
        speak(qt, chosen.language, Path(temporary))
        _take(qt, chosen, Path(chosen.out))
    return 0


def _answers(chosen: argparse.Namespace) -> dict[str, Any]:
    """What the person has said in the pictures."""
    if chosen.answers is None:
        return ANSWERS if chosen.answered else {}
    told: dict[str, Any] = json.loads(chosen.answers.read_text(encoding="utf-8"))
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}


def _take(qt: object, chosen: argparse.Namespace, out: Path, only: str = "", name: str = "") -> None:
    from PySide6.QtWidgets import QApplication

    from core.flow import STEPS
    from core.persist import dumps
    from gui.app import App
    from gui.files import save_project
    from gui.settings import Settings
    from gui.tasks import ImmediateRunner
    from gui.widgets.discloser import Discloser

    assert isinstance(qt, QApplication)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        app = App(
            qt,
            today=TODAY,
            settings=Settings(base / "settings.ini"),
            theme=chosen.theme,
            runner=ImmediateRunner(),
            drafts=base / "drafts",
        )
        app.wizard.foot.scale.set_motion(False)
        width, height = (int(part) for part in chosen.size.split("x"))
        app.window.resize(width, height)
        app.start()
        _settle(qt)
        if not only:
            app.window.grab().save(str(out / f"{chosen.theme}-0-home.png"))
        app.open(chosen.folder)
        for field, value in _answers(chosen).items():
            app.store.answer(field, value)
        for number, step in enumerate(STEPS, 1):
            if only and step != only:
                continue
            app.wizard.open_step(step.value)
            _settle(qt)
            if chosen.open:
                for button in app.wizard.page.findChildren(Discloser):
                    button.set_open(True)
                _settle(qt)
            page = app.wizard.area.widget() if chosen.whole else app.window
            page.grab().save(str(out / (name or f"{chosen.theme}-{number}-{step.value}.png")))
        if only in ("", "what-if"):
            app.wizard.open_step("weight")
            app.wizard.foot.what_if.click()
            app.context.supposing.train_tenths(65)
            app.context.supposing.move("eu.ai_act.gpai_indicator", -1)
            _settle(qt, 2000)
            app.window.grab().save(str(out / (name or f"{chosen.theme}-11-what-if.png")))
        if not only:
            _take_others(qt, app, chosen.theme, out, base)
            (base / "drafts" / "draft-2.json").write_bytes(dumps(app.store.project))
            save_project(base / "tiny.weighbridge.json", app.store.project)
            app.open(str(base / "tiny.weighbridge.json"))
            app.wizard.show_home()
            _settle(qt)
            app.window.grab().save(str(out / f"{chosen.theme}-0-home-again.png"))
        app.window.close()
        app.window.deleteLater()
        app.deleteLater()
        _settle(qt)


def _take_others(qt: object, app: App, theme: str, out: Path, base: Path) -> None:
    """What is not a step: the first picture, the dialogs, a difference, a notice, the error summary, an empty page."""
    from PySide6.QtWidgets import QDialog

    from gui.help import show_about, show_shortcuts, show_words
    from gui.main_window import MainWindow

    first = MainWindow(app.settings, app.theme)
    first.resize(app.window.size())
    first.show()
    _settle(qt)
    first.grab().save(str(out / f"{theme}-12-first-picture.png"))
    first.close()
    first.deleteLater()
    shown = [
        ("shortcuts", show_shortcuts(app.window)),
        ("about", show_about(app.window, app.rulebook.words())),
        ("words", show_words(app.window, app.wizard.words_in_sight())),
    ]
    app.show_rulebook()
    shown.append(("rules", app.window.findChildren(QDialog)[-1]))
    for number, (name, dialog) in enumerate(shown, 13):
        _settle(qt)
        dialog.grab().save(str(out / f"{theme}-{number}-{name}.png"))
        dialog.close()
    before = app.store.project
    folder = base / "model"
    folder.mkdir()
    (folder / "README.md").write_text("# My own title\n\nI wrote this myself.\n", encoding="utf-8")
    app.store.edit("folder", export_folder=str(folder))
    app.wizard.open_step("export")
    _settle(qt, 700)
    app.window.grab().save(str(out / f"{theme}-17-difference.png"))
    app.wizard.sheet.forward.click()
    _settle(qt, 300)
    app.window.grab().save(str(out / f"{theme}-18-written.png"))
    app.store.load(before.replace(answers=type(before.answers)(), step="release"))
    app.wizard.open_step("release")
    _settle(qt)
    app.wizard.sheet.forward.click()
    _settle(qt)
    app.window.grab().save(str(out / f"{theme}-19-what-is-left.png"))
    app.store.load(type(before)(step="applies"))
    app.wizard.resume()
    _settle(qt)
    app.window.grab().save(str(out / f"{theme}-20-nothing-yet.png"))
    app.store.load(before)


def _settle(qt: object, milliseconds: int = 0) -> None:
    """Let Qt do what it has queued before the picture is taken. In a loop of its own: only there are widgets deleted."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from gui.widgets.gradual import Gradual

    def turn(pause: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(pause, loop.quit)
        loop.exec()

    assert isinstance(qt, QApplication)
    while any(one.busy for top in qt.topLevelWidgets() for one in top.findChildren(Gradual)):
        turn(0)
    for pause in (*(0,) * 12, milliseconds, *(0,) * 6):  # rows that wrap find their heights in several passes
        turn(pause)


if __name__ == "__main__":
    sys.exit(main())
