# SPDX-License-Identifier: Apache-2.0
"""Long lists come a few rows at a time; nothing of them is lost, and no frame waits for all of them."""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.domain.scan_result import FileRecord
from gui.app import App
from gui.pages.found import FoundPage
from gui.tasks import PoolRunner
from gui.tidy import Tidy
from gui.widgets.gradual import Gradual
from tests.gui.driver import running, wait

MANY = 150


def busy(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def made(number: int) -> QWidget:
    busy(0.002)  # a row that takes two milliseconds
    return QLabel(str(number))


def test_rows_come_in_order_and_all_of_them(qapp: QApplication) -> None:
    assert qapp is not None
    holder, got = QObject(), []
    gradual = Gradual(lambda row: got.append(row), holder)
    gradual.begin(lambda number=number: made(number) for number in range(40))
    assert 0 < len(got) < 40
    assert wait(lambda: not gradual.busy)
    assert [row.text() for row in got] == [str(number) for number in range(40)]


def test_what_qt_does_with_the_rows_counts_too(qapp: QApplication) -> None:
    """Laying rows out takes several times as long as making them: fewer are made in a turn then."""
    assert qapp is not None
    holder, got, turns = QObject(), [], []

    def add(row: QWidget) -> None:
        if not turns or turns[-1] != gradual._begun:
            turns.append(gradual._begun)
            QTimer.singleShot(0, holder, lambda: busy(0.05))  # as slow as a layout of many rows
        got.append(row)

    gradual = Gradual(add, holder)
    gradual.begin(QWidget for _ in range(3000))
    first = len(got)
    wait(lambda: len(turns) >= 8 or not gradual.busy)
    assert gradual._budget < 0.002
    assert first > 0
    gradual.stop()


def test_what_is_wanted_at_once_is_there_at_once(qapp: QApplication) -> None:
    assert qapp is not None
    holder, got = QObject(), []
    gradual = Gradual(got.append, holder)
    gradual.begin(lambda number=number: made(number) for number in range(40))
    gradual.finish()
    assert len(got) == 40
    gradual.begin(lambda number=number: made(number) for number in range(2))
    assert wait(lambda: not gradual.busy)
    assert len(got) == 42


def found_with_many(app: App, example: Path) -> FoundPage:
    app.open(str(example))
    assert wait(lambda: app.store.project.scan is not None, 20_000)
    scan = app.store.project.scan
    assert scan is not None
    records = tuple(
        FileRecord(path=f"part-{number}.json", size=1, outcome="unreadable", what="It ends too early.")
        for number in range(MANY)
    )
    app.store.edit("Read folder", scan=scan.replace(files=(*scan.files, *records)), step="found")
    page = app.wizard.page
    assert isinstance(page, FoundPage)
    return page


def test_a_folder_of_broken_files_does_not_stop_the_window(
    qapp: QApplication, example: Path, tmp_path: Path
) -> None:
    with running(qapp, tmp_path) as app:
        page = found_with_many(app, example)
        rows = page._list.count  # a row and a hairline each
        assert rows() < MANY, "the first frame does not wait for all of them"
        beats = set()
        probe = QTimer()
        probe.timeout.connect(lambda: beats.add(rows()))
        probe.start(0)
        assert wait(lambda: rows() >= 2 * MANY, 60_000)
        probe.stop()
        assert len(beats) > 5, "the window answered in between"


def test_the_assessment_after_a_scan_is_made_beside_the_window(
    qapp: QApplication, example: Path, tmp_path: Path
) -> None:
    from tests.gui.driver import real_assess

    threads = []

    def watched(project: object) -> object:
        threads.append(threading.current_thread())
        return real_assess()(project)

    with running(qapp, tmp_path, runner=PoolRunner(), assess=watched) as app:
        threads.clear()
        app.open(str(example))
        assert wait(lambda: app.wizard.current == "found", 20_000)
        assert app.derive.assessment is not None
        assert threads
        assert threading.main_thread() not in threads
        app.store.answer("tokens", 1000)
        assert threads[-1] is threading.main_thread(), "what was prepared counts for one project only"


def test_only_the_window_thread_collects(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    assert qapp is not None
    monkeypatch.setattr(gc, "freeze", lambda: None)
    tidy = Tidy()
    try:
        tidy.begin()
        assert not gc.isenabled()
        seen: list[threading.Thread] = []
        gc.callbacks.append(lambda phase, _info: seen.append(threading.current_thread()))
        cycles = [[] for _ in range(5000)]  # type: ignore[var-annotated]
        for cycle in cycles:
            cycle.append(cycle)
        del cycles, cycle
        worker = threading.Thread(target=lambda: [[number] for number in range(20_000)])
        worker.start()
        worker.join()
        tidy.look()
        assert set(seen) == {threading.main_thread()}
    finally:
        tidy.end()
        gc.callbacks.pop()
    assert gc.isenabled()


def test_what_scrolls_is_painted_again_also_when_the_list_goes(qapp: QApplication) -> None:
    assert qapp is not None
    area = QScrollArea()
    inside, rows = QWidget(), QWidget()
    box = QVBoxLayout(inside)
    box.addWidget(rows)
    area.setWidget(inside)
    held = QVBoxLayout(rows)
    gradual = Gradual(held.addWidget, held)
    gradual.begin(lambda number=number: made(number) for number in range(10))
    assert not inside.updatesEnabled(), "rows that are not laid out yet would be painted squeezed"
    assert wait(lambda: not gradual.busy)
    assert inside.updatesEnabled()
    gradual.begin(lambda number=number: made(number) for number in range(10))
    assert not inside.updatesEnabled()
    shiboken6.delete(rows)
    assert inside.updatesEnabled()
    area.deleteLater()
