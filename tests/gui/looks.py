# SPDX-License-Identifier: Apache-2.0
"""Walks every page of a window in a given language, text size and direction, and says what is untranslated, clipped or overlapping.

    python tests/gui/looks.py LANGUAGE PERCENT DIRECTION FOLDER [PICTURE STEP]    prints JSON

A process of its own: texts are read once and kept. LANGUAGE is en, de, fr or pseudo; FOLDER is for its files.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
for place in (ROOT, ROOT / "packaging"):
    sys.path.insert(0, str(place))

from PySide6.QtCore import QObject, QPoint, QRect, Qt  # noqa: E402
from PySide6.QtGui import QAction  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QWidget,
)

from core.domain.answers import Answers  # noqa: E402
from core.flow import STEPS  # noqa: E402
from gui.app import App  # noqa: E402
from gui.help import show_about, show_shortcuts  # noqa: E402
from gui.pages.form_page import FormPage  # noqa: E402
from gui.widgets.steplist import StepButton  # noqa: E402
from tests.gui.driver import running, settle, wait  # noqa: E402

EXAMPLE = ROOT / "resources" / "examples" / "tiny-llama-lora"
USUAL, SMALL = (1180, 780), (700, 600)
MNEMONIC = re.compile(r"&([^&\s])")


def seen(parent: QWidget) -> Iterator[QWidget]:
    """Every widget that can be seen, or scrolled into sight."""
    for one in parent.findChildren(QWidget):
        if one.isVisible() and one.width() > 0:
            yield one


def words_of(widget: QWidget) -> list[str]:
    """What of it a person reads or hears."""
    found = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    if isinstance(widget, QLabel | QAbstractButton):
        found.append(widget.text())
    placeholder = getattr(widget, "placeholderText", None)
    if placeholder is not None:
        found.append(placeholder())
    return [one for one in found if one]


def clipped(widget: QWidget) -> str:
    """How much of its words is out of sight; empty when nothing is."""
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            longest = max(map(widget.fontMetrics().horizontalAdvance, widget.text().split() or [""]))
            if longest > widget.width() + 1 and not re.search("[/._]", widget.text()):  # a path cannot break
                return f"word {longest} in {widget.width()}"
            needed = widget.heightForWidth(widget.width())
            if needed > widget.height() + 2:
                return f"height {widget.height()} of {needed}"
        elif widget.sizeHint().width() > widget.width() + 1:
            return f"width {widget.width()} of {widget.sizeHint().width()}"
    if isinstance(widget, QPushButton) and widget.text():
        hint = widget.minimumSizeHint()
        if hint.width() > widget.width() + 1 or hint.height() > widget.height() + 1:
            return f"{widget.width()}x{widget.height()} of {hint.width()}x{hint.height()}"
    if isinstance(widget, StepButton) and 100 < widget.width() < widget.words_width():
        return f"{widget.text()} {widget.width()} of {widget.words_width()}"
    if isinstance(widget, QScrollArea) and widget.widget() is not None:
        inner, view = widget.widget().width(), widget.viewport().width()
        if inner > view + 1 and not widget.horizontalScrollBar().isVisible():
            return f"page {inner} in {view}"
    return ""


def overlaps(parent: QWidget) -> list[str]:
    """Pairs of neighbours with words that lie over each other."""
    found = []
    for holder in (parent, *seen(parent)):
        inside = [
            one
            for one in holder.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if one.isVisible() and isinstance(one, QLabel | QAbstractButton) and words_of(one)
        ]
        places = [QRect(one.mapTo(holder, QPoint(0, 0)), one.size()) for one in inside]
        for at, place in enumerate(places):
            for other in range(at + 1, len(places)):
                shared = place.intersected(places[other])
                if shared.width() > 2 and shared.height() > 2:
                    found.append(f"{words_of(inside[at])[-1][:40]} / {words_of(inside[other])[-1][:40]}")
    return found


def mnemonics(app: App) -> dict[str, list[str]]:
    """The letters that Alt goes with, by the place where they must differ: the page with the menu bar, each menu."""
    bar = [action.text() for action in app.window.menuBar().actions()]
    shown = [
        one.text()
        for one in seen(app.window)
        if isinstance(one, QLabel | QAbstractButton) and one.isEnabled()
    ]
    buddies = [words for words in shown if MNEMONIC.search(words.replace("&&", ""))]
    found = {app.wizard.current: [*bar, *buddies]}
    for menu in app.window.findChildren(QMenu):
        if menu.actions():
            found[f"menu {menu.title()}"] = [action.text() for action in menu.actions()]
    return {place: [_letter(words) for words in said if _letter(words)] for place, said in found.items()}


def _letter(words: str) -> str:
    found = MNEMONIC.search(words.replace("&&", ""))
    return "" if found is None else found[1].lower()


class Walk:
    """Goes through the pages and collects."""

    def __init__(self, app: App, folder: Path, *, small: bool) -> None:
        self.app = app
        self.folder = folder
        self.small = small
        self.words: dict[str, str] = {}
        self.clipped: list[str] = []
        self.overlaps: list[str] = []
        self.twice: list[str] = []
        self.sideways: list[str] = []
        self.pages: list[str] = []

    def look(self, page: str) -> None:
        """Take in the page in sight, in a window of the usual size and, unless the letters are large, in a small one."""
        for size in (USUAL, SMALL) if self.small else (USUAL,):
            self.app.window.resize(*size)
            for _ in range(5):  # rows that wrap find their heights in several turns
                settle()
            self._take_in(f"{page} {size[0]}")
        self.pages.append(page)

    def _take_in(self, page: str) -> None:
        self._take_in_parts(self.app.window, page)
        self.overlaps += [f"{page}: {pair}" for pair in overlaps(self.app.window)]
        self.sideways += [
            page
            for area in self.app.window.findChildren(QScrollArea)
            if area.isVisible() and area.horizontalScrollBar().maximum() > 0
        ]
        for place, letters in mnemonics(self.app).items():
            self.twice += [f"{page}, {place}: {one}" for one in {*letters} if letters.count(one) > 1]

    def _take_in_parts(self, parent: QWidget, page: str) -> None:
        for one in seen(parent):
            for words in words_of(one):
                self.words.setdefault(words, f"{page} {type(one).__name__}")
            if lost := clipped(one):
                self.clipped.append(
                    f"{page}: {type(one).__name__} {(words_of(one) or [''])[-1][:60]!r} {lost}"
                )

    def all(self) -> None:
        """Home, every step, what if; with what folds open where there is something."""
        app = self.app
        self.look("home")
        for action in app.window.findChildren(QAction):
            self.words.setdefault(action.text(), "menu")
        app.open(str(EXAMPLE))
        for name, value in (
            ("license", "apache-2.0"),
            ("release_form", "open_weights"),
            ("purpose", "hobby"),
        ):
            app.store.answer(name, value)
        for step in STEPS:
            app.wizard.open_step(step.value)
            self.look(step.value)
        app.wizard.open_step("weight")
        app.wizard.foot.what_if.click()
        self.look("what if")
        app.context.supposing.train_tenths(65)
        app.context.supposing.move("eu.ai_act.gpai_indicator", -1)
        page = app.wizard.page
        assert wait(lambda: "44" in "".join(one.text() for one in page.findChildren(QLabel)))
        self.look("what if, moved")
        self._written()
        self._stopped()
        for dialog in (show_shortcuts(app.window), show_about(app.window, app.rulebook.words())):
            settle()
            self._take_in_parts(dialog, dialog.windowTitle())
            dialog.close()

    def _written(self) -> None:
        """A file that would change, and then all is written."""
        app, folder = self.app, self.folder / "model"
        folder.mkdir()
        (folder / "README.md").write_text("# My own title\n", encoding="utf-8")
        app.store.edit("folder", export_folder=str(folder))
        app.wizard.open_step("export")
        self.look("difference")
        assert wait(lambda: not app.wizard.page._unseen.isActive())  # type: ignore[attr-defined]
        app.wizard.sheet.forward.click()
        self.look("written")
        assert len(list(folder.iterdir())) > 1

    def _stopped(self) -> None:
        """Continue with questions left: the messages on top and beside the fields, after the page was shown before."""
        app = self.app
        app.store.load(app.store.project.replace(answers=Answers(), step="release"))
        app.wizard.open_step("release")
        settle()
        app.wizard.sheet.forward.click()
        self.look("left")
        assert app.wizard.sheet.summary.isVisible()
        assert isinstance(app.wizard.page, FormPage)
        self.clipped += [
            f"left: row {row.question.name} {row.height()} of {row.heightForWidth(row.width())}"
            for row in app.wizard.page.form.rows
            if row.isVisible() and row.height() < row.heightForWidth(row.width())
        ]


def main() -> int:
    """Walk and print."""
    name, percent, direction, given = sys.argv[1:5]
    folder = Path(given)
    qt = QApplication([])
    font = qt.font()
    if percent != "100":
        font.setPointSizeF(font.pointSizeF() * int(percent) / 100)
        qt.setFont(font)
    if direction == "rtl":
        qt.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    translations = importlib.import_module("translations")  # of packaging/
    translations.speak(qt, name, folder)
    assert isinstance(qt, QObject)
    with running(qt, folder) as app:
        walk = Walk(app, folder, small=(name, percent) == ("pseudo", "100"))
        walk.all()
        if len(sys.argv) > 5:
            app.wizard.open_step(sys.argv[6])
            settle()
            app.window.grab().save(sys.argv[5])
    print(
        json.dumps(
            {
                "pages": walk.pages,
                "words": walk.words,
                "clipped": walk.clipped,
                "overlaps": walk.overlaps,
                "twice": walk.twice,
                "sideways": walk.sideways,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
