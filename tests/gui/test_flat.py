# SPDX-License-Identifier: Apache-2.0
"""Memory is flat: what is done again and again leaves nothing, neither in Python nor in Qt (benchmarks/monkey.py does it for hours)."""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QPixmapCache
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QWidget,
)

from benchmarks.monkey_memory import Sample
from core.documents.side_by_side import LinePair, PairKind
from core.flow import STEPS
from gui.app import App
from gui.pages.what_if import WHAT_IF
from gui.tidy import _OLD_EVERY, _YOUNG, Tidy
from gui.widgets.lines import LongEditor
from gui.widgets.picks import PickEditor
from gui.widgets.side_by_side import SideBySide
from tests.gui.driver import running, settle

OWN = "WEIGHBRIDGE_OWN_PROCESS"
TIMES = 6
ROUNDS = 3
"""What is kept once (fonts, styles, texts, the last assessment) grows in the first round only; a leak grows in each."""
KIB_EACH = 8.0
"""Of malloc, each time. Measured: -0.1 to 5, of it one for each dialog until some cache of Qt is full. A forgotten row of a form holds 30."""


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path, example: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        made.open(str(example))
        settle()
        yield made


def _walk(app: App) -> None:
    for step in STEPS:
        app.wizard.open_step(step)
        settle()


def _what_if(app: App) -> None:
    app.wizard.open_aside(WHAT_IF)
    app.context.supposing.train_tenths(7)
    settle()
    app.wizard.go_back()


def _type(app: App) -> None:
    app.wizard.open_step("model")
    settle()
    line = next(one for one in app.wizard.page.findChildren(QLineEdit) if one.isVisible())
    QTest.keyClicks(line, "owl")
    app.store.history.undo()
    app.store.history.redo()
    app.store.history.undo()


def _dialogs(app: App) -> None:
    for ask in (
        app.window.show_words,
        app.window.show_about,
        app.window.show_shortcuts,
        app.window.show_rulebook,
    ):
        ask.emit()
        settle()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        dialog.close()


def _scan(app: App) -> None:
    folder = app.store.project.folder
    assert folder is not None
    app.open(folder)
    settle()


def _menus_and_lists(app: App) -> None:
    for menu in app.window.menus:
        menu.popup(QPoint(9, 9))
        settle()
        menu.close()
    app.wizard.open_step("release")
    settle()
    for combo in [one for one in app.wizard.page.findChildren(QComboBox) if one.isVisible()]:
        combo.showPopup()
        settle()
        combo.hidePopup()


def _looks(app: App) -> None:
    for choice, points in (("dark", 13.0), ("light", app.theme.body)):
        app.theme.choose(choice)
        app.theme.set_body(points)
        settle()


def _sizes(app: App) -> None:
    for width, height in ((700, 500), (1700, 1100), (1180, 780)):
        app.window.resize(width, height)
        settle()


def _notices(app: App) -> None:
    app.open(str(Path(app.store.project.folder or "") / "missing"))
    app.start_again()
    app.begin_by_hand()
    settle()


def _pick(parent: QWidget) -> QWidget:
    return PickEditor([("a", "Apple"), ("b", "Birch")], parent=parent)


def _long(parent: QWidget) -> QWidget:
    return LongEditor(parent=parent)


def _beside(parent: QWidget) -> QWidget:
    return SideBySide(
        "card.md", [LinePair(kind=PairKind.SAME, left="a", right="a", left_number=1, right_number=1)], parent
    )


PARTS = {_pick: 60, _long: 120, _beside: 60}
"""How many there are at once."""
BLOCKS_EACH = 9
"""Of Python's own memory. Measured: 2 to 7, most of it kept once; 12 where a text is kept for each method of Qt's that is connected."""
BYTES_EACH = 600
"""Of malloc. Measured: under 300. What Qt keeps for one part that it does not let go holds 960."""

ACTS = (_walk, _what_if, _type, _dialogs, _scan, _menus_and_lists, _looks, _sizes, _notices)


@pytest.mark.slow
@pytest.mark.timeout(500)
@pytest.mark.skipif(not Sample(0).malloc, reason="the C library does not tell what is in use")
def test_in_a_process_of_its_own_nothing_is_left(repository: Path) -> None:
    """What a few thousand other tests left in their process must not be counted here."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        __file__,
        "-k",
        "again_and_again",
    ]
    done = subprocess.run(
        command, cwd=repository, env=os.environ | {OWN: "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{len(ACTS) + len(PARTS)} passed" in done.stdout


@pytest.mark.no_qt_log  # it keeps each message
@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get(OWN), reason="runs in a process of its own: the test above")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__.strip("_"))
def test_done_again_and_again_it_leaves_nothing(app: App, act: Callable[[App], None]) -> None:
    still = app.store.project

    def rest() -> Sample:
        app.store.load(still)
        _walk(app)
        app.wizard.show_home()
        app.board.clear()
        settle()
        # Qt deletes the pan gestures of areas that are gone with the next click into another area.
        QTest.mouseClick(app.wizard.area.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        settle()
        QPixmapCache.clear()
        return Sample(0)

    times = 3 if act is _looks else TIMES  # half a second each
    before = rest()
    told: list[str] = []
    for _ in range(ROUNDS):
        for _ in range(times):
            act(app)
        rest()
        after = rest()
        told.append(_growth(before, after, times))
        before = after
        if not told[-1]:
            return
    pytest.fail("; ".join(told))


@pytest.mark.no_qt_log
@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get(OWN), reason="runs in a process of its own: the test above")
@pytest.mark.parametrize("make", PARTS, ids=lambda make: make.__name__.strip("_"))
def test_made_again_and_again_a_part_takes_its_looks_with_it(
    app: App, make: Callable[[QWidget], QWidget]
) -> None:
    """Many at once: of the next one at the same address Qt would find what it kept of the last."""
    top = QDialog(app.window)
    app.theme.dress(top)
    top.show()

    def there_and_gone(what: Callable[[QWidget], QWidget], times: int) -> Sample:
        made = [what(top) for _ in range(times)]
        for one in made:
            one.show()
            settle()
            one.setEnabled(False)
            one.deleteLater()
        made.clear()
        settle()
        QPixmapCache.clear()
        return Sample(0)

    there_and_gone(QLabel, 1500)  # Qt's tables grow to their size
    before = there_and_gone(make, 1)
    blocks = sys.getallocatedblocks()
    after = there_and_gone(make, PARTS[make])
    assert (sys.getallocatedblocks() - blocks) / PARTS[make] < BLOCKS_EACH
    assert (after.malloc - before.malloc) * 2**20 / PARTS[make] < BYTES_EACH
    top.close()
    top.deleteLater()


def _growth(before: Sample, after: Sample, times: int) -> str:
    """What was left each time, in words; empty when nothing was."""
    widgets, objects = after.widgets - before.widgets, after.objects - before.objects
    kib = (after.malloc - before.malloc) * 1024
    if widgets <= 0 and objects < times and kib / times < KIB_EACH:
        return ""
    return f"after {times} times {widgets:+} widgets, {objects:+} objects, {kib:+.0f} KiB"


@pytest.mark.skipif(not Sample(0).malloc, reason="the C library is another")
def test_what_is_free_goes_back_to_the_system(qapp: QApplication) -> None:
    """Small pieces with live ones among them: by itself glibc keeps all that lies below the last."""
    libc = ctypes.CDLL("libc.so.6")
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
    pieces = [libc.malloc(64 * 1024) for _ in range(1000)]
    for piece in pieces:
        ctypes.memset(piece, 1, 64 * 1024)
    for piece in pieces[:-1]:
        libc.free(piece)
    full = _anonymous_mb()
    tidy = Tidy()
    try:
        for _ in range(_OLD_EVERY):
            rubbish = [[] for _ in range(2 * _YOUNG)]  # type: ignore[var-annotated]
            tidy.look()
            del rubbish
    finally:
        tidy.end()
    left = _anonymous_mb()
    libc.free(pieces[-1])
    assert left < full - 40


def _anonymous_mb() -> float:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Anonymous:"))
