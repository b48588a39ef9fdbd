# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost: drafts, a killed process, saving, damaged settings, the crash guard, thirty windows."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from core.domain.assessment import Assessment
from core.domain.project import Project
from core.errors import CannotWrite
from gui.app import App
from gui.crash import CrashGuard
from gui.files import read_project, save_project, write_atomically
from gui.journal import Journal
from gui.settings import Settings
from gui.wizard import Wizard
from tests.gui.driver import button, click, real_assess, running, settle, wait


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        yield made


def test_the_draft_is_offered_on_the_same_page(qapp: QApplication, tmp_path: Path, example: Path) -> None:
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        app.wizard.open_step("release")
        app.store.answer("purpose", "hobby")
    with running(qapp, tmp_path) as app:
        assert app.wizard.current == "home"
        shown = [one for one in app.home.findChildren(QPushButton) if one.isVisible()]
        assert [one.objectName() for one in shown if one.property("role") == "primary"] == ["resume"]
        click(button(app.window, "Continue"))
        assert app.wizard.current == "release"
        assert app.store.project.answers.purpose == "hobby"
        assert app.derive.assessment is not None
        assert "FLOP" in app.wizard.foot.figure.text()


def test_starting_something_else_does_not_lose_the_draft(
    qapp: QApplication, tmp_path: Path, example: Path
) -> None:
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        app.store.answer("summary", "Hours of work.")
        kept = app.store.project
    for other in ("by hand", "folder", "project"):
        with running(qapp, tmp_path) as app:
            assert app.window.focusWidget() is button(app.window, "Continue"), "Enter goes on with the draft"
            if other == "by hand":
                app.begin_by_hand()
            elif other == "folder":
                app.open(str(example / "base-model"))
            else:
                saved = tmp_path / "other.weighbridge.json"
                save_project(saved, kept.replace(answers=kept.answers.replace(summary="Another one.")))
                app.open(str(saved))
            assert app.store.project.answers.summary != "Hours of work."
            app.store.history.undo()
            assert app.store.project.answers == kept.answers


def test_typing_is_on_disk_after_a_pause(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app.begin_by_hand()
    app.autosave._pause_s = 0.01
    app.store.answer("summary", "Half a sent")
    assert wait(
        lambda: app.autosave.path.is_file() and "Half a sent" in app.autosave.path.read_text(encoding="utf-8")
    )


def test_a_draft_does_not_wait_for_a_busy_window(qapp: QApplication, tmp_path: Path) -> None:
    judge, seen = real_assess(), []

    def slow(project: Project) -> Assessment:
        """Holds the window up until the draft is on the disk, as a slow machine or a large model would."""
        if project.answers.summary:
            end = time.monotonic() + 10
            while not (there := _says(app.autosave.path, "Half a sent")) and time.monotonic() < end:
                threading.Event().wait(0.005)
            seen.append(there)
        return judge(project)

    with running(qapp, tmp_path, assess=slow) as app:
        app.begin_by_hand()
        app.store.answer("summary", "Half a sent")
    assert seen[0], "the draft came only after the window was done"


def test_who_goes_on_typing_does_not_put_the_draft_off(tmp_path: Path) -> None:
    written: list[Project] = []
    journal = Journal(written.append, lambda error: pytest.fail(str(error)))
    begun = time.monotonic()
    while not written and time.monotonic() < begun + 10:
        journal.put(Project(step="model"), 0.2)
    journal.put(Project(step="training"), 60)
    journal.stop()
    assert written, "each key put the draft off"
    assert written[-1].step == "training", "what waits is written before the end"
    assert not journal.pending


def test_an_older_state_never_comes_after_a_newer_one() -> None:
    written: list[str] = []
    started, go_on = threading.Event(), threading.Event()

    def write(project: Project) -> None:
        if project.step == "model":
            started.set()
            assert go_on.wait(10)
        written.append(project.step)

    journal = Journal(write, lambda error: pytest.fail(str(error)))
    journal.put(Project(step="model"), 0)
    assert started.wait(10)
    journal.put(Project(step="training"), 60)
    threading.Timer(0.05, go_on.set).start()
    journal.write_now(Project(step="release"))
    journal.stop()
    assert written == ["model", "release"]


def _says(path: Path, words: str) -> bool:
    return path.is_file() and words in path.read_text(encoding="utf-8")


_KILLED = """
import datetime, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.app import App
from gui.settings import Settings
from gui.tasks import ImmediateRunner
base = Path(sys.argv[1])
qt = QApplication([])
app = App(qt, today=datetime.date(2026, 11, 23), settings=Settings(base / "s.ini"), runner=ImmediateRunner(), drafts=base / "d")
app.start()
def work():
    app.open(sys.argv[2])
    app.wizard.open_step("model")
    app.store.answer("summary", "Typed just before the power went")
    print("typed", flush=True)
QTimer.singleShot(0, work)
qt.exec()
"""


def test_kill_nine_costs_nothing_older_than_two_seconds(
    qapp: QApplication, tmp_path: Path, example: Path, repository: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path), str(example)],
        cwd=repository,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "typed"
    draft = tmp_path / "d" / "draft-1.json"
    assert wait(lambda: "power went" in draft.read_text(encoding="utf-8"), 4000)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with running(qapp, tmp_path, drafts=tmp_path / "d") as app:
        assert app.autosave.path == draft, "the dead window's place is taken over"
        click(button(app.window, "Continue"))
        assert app.wizard.current == "model"
        assert app.store.project.answers.summary == "Typed just before the power went"


def test_two_windows_do_not_write_over_each_other(qapp: QApplication, tmp_path: Path) -> None:
    with running(qapp, tmp_path) as one, running(qapp, tmp_path) as other:
        assert one.autosave.path != other.autosave.path


def test_a_draft_that_cannot_be_read_is_no_obstacle(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "draft-1.json").write_text('{"half":', encoding="utf-8")
    with running(qapp, tmp_path) as app:
        assert app.wizard.current == "home"
        assert app.home.initial_focus() is app.home.choose


def test_a_draft_that_cannot_be_written_is_told_once(qapp: QApplication, tmp_path: Path) -> None:
    with running(qapp, tmp_path) as app:
        told: list[object] = []
        app.autosave.failed.connect(told.append)
        app.autosave._folder = tmp_path / "settings.ini" / "not a folder"
        (tmp_path / "settings.ini").write_text("", encoding="utf-8")
        app.begin_by_hand()
        app.wizard.open_step("training")
        app.wizard.open_step("model")
        app.autosave.close()  # whatever waits is tried, and fails again
        assert wait(lambda: bool(told))
        settle()
        assert len(told) == 1


def test_saving_a_project_by_the_menu(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app.begin_by_hand()
    app.store.answer("summary", "Kept.")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    app.window.work.save()
    assert read_project(tmp_path / "mine.weighbridge.json") == app.store.project
    assert "mine.weighbridge.json" in app.board.message


def test_an_atomic_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as told:
        write_atomically(tmp_path / "none" / "file", b"new")
    assert told.value.what
    assert told.value.todo
    target = tmp_path / "file"
    target.mkdir()
    with pytest.raises(CannotWrite):
        write_atomically(target, b"new")
    assert target.is_dir()


def test_a_project_survives_the_round_trip(app: App, tmp_path: Path, example: Path) -> None:
    app.open(str(example))
    save_project(tmp_path / "p.weighbridge.json", app.store.project)
    assert read_project(tmp_path / "p.weighbridge.json") == app.store.project


def test_damaged_settings_never_stop_the_start(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_bytes(
        b"[look]\ntheme=purple\nreduce_motion=7\n[window]\ngeometry=%%%\xff\n[recent]\nfolders=3\n"
    )
    with running(qapp, tmp_path, settings=Settings(path), theme=None) as app:
        assert app.theme.choice == "system"
        assert app.settings.recent_folders == ()
    assert Settings(path).theme == "system"
    path.write_bytes(bytes(range(256)) * 4)
    with running(qapp, tmp_path, settings=Settings(path), theme=None) as app:
        assert app.theme.choice == "system"


def test_settings_are_remembered(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.ini")
    settings.theme = "dark"
    settings.reduce_motion = True
    settings.remember_folder(str(tmp_path))
    settings.save()
    again = Settings(tmp_path / "s.ini")
    assert (again.theme, again.reduce_motion, again.recent_folders) == ("dark", True, (str(tmp_path),))


@pytest.mark.expects_log
def test_a_crash_saves_then_shows_then_stops(tmp_path: Path) -> None:
    order: list[str] = []

    def save() -> None:
        order.append("save")
        raise OSError("disk full")  # a step that fails does not stop the next

    guard = CrashGuard(
        tmp_path, save, lambda report: order.append(report.splitlines()[-1]), lambda: order.append("stop")
    )
    guard.install()
    try:
        raise ValueError("unforeseen")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    finally:
        guard.remove()
    assert order == ["save", "ValueError: unforeseen", "stop"]
    assert "unforeseen" in guard.report_file.read_text(encoding="utf-8")
    assert not guard.fault_file.exists()
    assert sys.excepthook is not guard.handle


def test_a_hard_fault_is_told_at_the_next_start(tmp_path: Path) -> None:
    code = "import sys, faulthandler\nfrom pathlib import Path\nfrom gui.crash import CrashGuard\nCrashGuard(Path(sys.argv[1]), print, print, print).install()\nfaulthandler._sigsegv()"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, capture_output=True)
    guard = CrashGuard(tmp_path, lambda: None, lambda _: None, lambda: None)
    try:
        assert guard.install()
    finally:
        guard.remove()


def test_thirty_windows_leave_nothing(qapp: QApplication, tmp_path: Path, example: Path) -> None:
    def once(number: int) -> None:
        with running(qapp, tmp_path / str(number)) as app:
            app.open(str(example))
            app.wizard.open_step("applies")
            settle()
            app.wizard.open_step("model")  # closed before the loop turned again

    others = _windows()  # of tests before this one, kept by a traceback or a stand-in
    (tmp_path / "0").mkdir()
    once(0)
    before = _widgets()
    for number in range(1, 31):
        (tmp_path / str(number)).mkdir()
        once(number)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert _widgets() <= before + 5
    assert [type(one).__name__ for one in qapp.topLevelWidgets() if type(one).__name__ == "MainWindow"] == []
    assert [type(one).__name__ for one in _windows() if not any(one is other for other in others)] == []


def _windows() -> list[object]:
    gc.collect()
    return [one for one in gc.get_objects() if type(one) in (App, Wizard)]


def _widgets() -> int:
    import shiboken6
    from PySide6.QtWidgets import QWidget

    gc.collect()
    return sum(1 for one in gc.get_objects() if issubclass(type(one), QWidget) and shiboken6.isValid(one))
