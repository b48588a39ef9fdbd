# SPDX-License-Identifier: Apache-2.0
"""Ways in: drop, button, typed path, command line; wrong things; progress, stop, and closing while reading."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from core.errors import Cancelled
from core.persist import dumps
from core.scan import ScanProgress
from gui import scanning
from gui.app import App
from gui.tasks import PoolRunner
from tests.gui.driver import button, click, key, running, settle, wait


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        yield made


def drop(target: QWidget, *paths: Path, text: str = "") -> None:
    """Drop files, or a text, on a widget."""
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if text:
        data.setText(text)
    point = QPointF(target.rect().center())
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    either = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    enter = QDragEnterEvent(point.toPoint(), either, data, left, none)
    enter.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    assert enter.dropAction() is Qt.DropAction.CopyAction, "after a move its owner may delete the folder"
    dropped = QDropEvent(point, either, data, left, none)
    dropped.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(target, dropped)
    assert dropped.dropAction() is Qt.DropAction.CopyAction


def test_a_dropped_folder_is_read(app: App, example: Path) -> None:
    drop(app.home.zone, example)
    assert app.wizard.current == "found"
    assert app.store.project.folder == str(example)


def test_a_folder_dropped_anywhere_on_the_window_is_read(app: App, example: Path) -> None:
    drop(app.window, example)
    assert app.wizard.current == "found"


def test_a_typed_path_is_read_by_enter(app: App, example: Path) -> None:
    app.wizard.open_step("folder")
    app.folder.path.clear()
    QTest.keyClicks(app.folder.path, str(example))
    key(app.window, Qt.Key.Key_Return)
    assert app.wizard.current == "found"


def test_a_folder_by_button(app: App, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app.wizard.open_step("folder")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(example))
    click(app.folder.choose)
    assert app.wizard.current == "found"


def test_a_folder_from_the_command_line(app: App, example: Path) -> None:
    app.start(str(example))
    assert wait(lambda: app.wizard.current == "found")


def test_a_saved_project_is_opened(app: App, example: Path, tmp_path: Path) -> None:
    app.open(str(example))
    app.store.answer("summary", "Kept.")
    saved = tmp_path / "mine.weighbridge.json"
    saved.write_bytes(dumps(app.store.project))
    app.start_again()
    drop(app.window, saved)
    assert app.wizard.current == "found"
    assert app.store.project.answers.summary == "Kept."


@pytest.mark.parametrize("made", ["empty", "photos", "missing", "broken project"])
def test_a_wrong_thing_is_explained_and_nothing_is_lost(app: App, tmp_path: Path, made: str) -> None:
    app.begin_by_hand()
    app.store.answer("summary", "Kept.")
    before = app.store.project.answers
    wrong = tmp_path / "wrong"
    if made == "photos":
        wrong.mkdir()
        (wrong / "cat.jpg").write_bytes(b"\xff\xd8\xff")
    elif made == "empty":
        wrong.mkdir()
    elif made == "broken project":
        wrong = tmp_path / "broken.weighbridge.json"
        wrong.write_text("{", encoding="utf-8")
    drop(app.window, wrong)
    assert app.board.isVisible()
    assert len(app.board.message.split()) > 5
    assert "Traceback" not in app.board.message
    assert app.store.project.answers == before


def test_several_things_or_a_text_are_explained(app: App, example: Path, tmp_path: Path) -> None:
    drop(app.home.zone, example, tmp_path)
    assert "one folder" in app.board.message
    drop(app.home.zone, text="hello")
    assert "not a folder" in app.board.message
    assert app.store.project.scan is None


def slow_scan(started: threading.Event, stopped: threading.Event) -> Any:
    """A scan that goes on until it is cancelled."""

    def scan(_path: Path, _base: str | None, progress: Any, cancelled: Any) -> Any:
        started.set()
        seen = 0
        end = time.monotonic() + 20
        while not cancelled() and time.monotonic() < end:
            seen += 1
            progress(ScanProgress(files_seen=seen, current="a"))
            threading.Event().wait(0.005)  # a slow disk
        stopped.set()
        raise Cancelled("Stopped.")

    return scan


def test_progress_shows_and_stop_acts_at_once(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, stopped = threading.Event(), threading.Event()
    monkeypatch.setattr(scanning, "_scan", slow_scan(started, stopped))
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        app.open(str(tmp_path))
        assert wait(started.is_set)
        beats: list[float] = []
        probe = QTimer()
        probe.timeout.connect(lambda: beats.append(time.monotonic()))
        probe.start(10)
        assert wait(app.folder.working.isVisible)
        assert wait(lambda: "files seen" in app.folder.working.count.text())
        probe.stop()
        gaps = [later - earlier for earlier, later in itertools.pairwise(beats)]
        assert max(gaps) < 0.25, "the window stays alive while a folder is read"
        at = time.monotonic()
        click(button(app.window, "Stop"))
        assert not app.folder.working.isVisible()
        assert not app.scanner.busy
        assert wait(stopped.is_set)
        assert time.monotonic() - at < 0.5
        assert app.store.project.scan is None
        assert "stopped" in app.board.message


def test_closing_the_window_stops_the_reading(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, stopped = threading.Event(), threading.Event()
    monkeypatch.setattr(scanning, "_scan", slow_scan(started, stopped))
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        app.open(str(tmp_path))
        assert wait(started.is_set)
        app.window.close()
        assert stopped.is_set(), "close waits for the worker"


def test_the_newest_folder_wins(
    qapp: QApplication, tmp_path: Path, example: Path, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = scanning._scan
    hold = threading.Event()

    def first_waits(path: Path, base: str | None, progress: Any, cancelled: Any) -> Any:
        if path == example:
            hold.wait(10)  # finishes late, and without looking at `cancelled`
            return real(path, base, lambda _: None, lambda: False)
        return real(path, base, progress, cancelled)

    monkeypatch.setattr(scanning, "_scan", first_waits)
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        app.open(str(example))
        app.open(str(trained / "trl_sft_llama"))
        assert wait(lambda: app.store.project.scan is not None)
        hold.set()
        assert app.tasks.stop_all()
        settle()
        assert app.store.project.scan is not None
        assert app.store.project.scan.folder_name == "trl_sft_llama"


def test_disagreeing_files_are_shown_with_both_readings(app: App, example: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(example, tmp_path / "two"))
    state = folder / "trainer_state.json"
    state.write_text(
        state.read_text(encoding="utf-8").replace('"global_step": 24', '"global_step": 25'), encoding="utf-8"
    )
    config = folder / "base-model" / "config.json"
    config.write_text("version https://git-lfs.github.com/spec/v1\n", encoding="utf-8")
    app.open(str(folder))
    words = [label.text() for label in app.wizard.page.findChildren(type(app.wizard.sheet.heading))]
    assert any("config.json could not be read" in text for text in words)
