# SPDX-License-Identifier: Apache-2.0
"""What is written is what the project says at that moment: after edits and undo, with the real thread pool, with Stop."""

from __future__ import annotations

import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from core import files
from core.documents import FileAction, Format, plan_export
from core.persist import dumps, loads
from gui.app import App
from gui.pages.export import ExportPage
from gui.printing import print_pdf
from gui.tasks import PoolRunner
from tests.gui.driver import button, click, key, running, settle, wait


class HeldRunner:
    """Runs jobs at once, or keeps them until they are let go: a slow machine that a test can steer."""

    def __init__(self) -> None:
        self.held = False
        self._jobs: list[Callable[[], None]] = []

    def run(self, job: Callable[[], None]) -> None:
        if self.held:
            self._jobs.append(job)
        else:
            job()

    def let_go(self) -> None:
        self.held = False
        while self._jobs:
            self._jobs.pop(0)()

    def wait(self, milliseconds: int) -> bool:
        self.let_go()
        return milliseconds >= 0


def begin(app: App, example: Path, tmp_path: Path) -> tuple[ExportPage, Path]:
    folder = tmp_path / "my model"
    shutil.copytree(example, folder)
    app.open(str(folder))
    assert wait(lambda: app.store.project.scan is not None)
    app.store.answer("data_summary", "The first summary.")
    app.wizard.open_step("export")
    page = app.wizard.page
    assert isinstance(page, ExportPage)
    return page, folder


def at_rest(page: ExportPage) -> bool:
    return page.exporter.plan is not None and not page.exporter.kind and not page._unseen.isActive()


def assert_written_as_is(app: App, folder: Path) -> None:
    """Every file in the folder is, byte for byte, what the state now asks for."""
    project, assessment = app.store.project, app.derive.assessment
    assert assessment is not None
    wish = project.export_wish
    plan = plan_export(
        project,
        assessment,
        folder,
        wish.documents(assessment.documents),
        app_version=app.context.app_version,
        formats=tuple(Format(one) for one in wish.formats),
        printer=print_pdf,
    )
    left = [(item.path.name, item.difference) for item in plan.items if item.action != FileAction.UNCHANGED]
    assert left == []


def test_an_edit_is_never_written_as_it_was_before(qapp: QApplication, example: Path, tmp_path: Path) -> None:
    runner = HeldRunner()
    with running(qapp, tmp_path, runner=runner) as app:
        page, folder = begin(app, example, tmp_path)
        assert wait(lambda: at_rest(page))
        runner.held = True
        app.store.answer("data_summary", "The second summary.")
        assert app.wizard.current == "export"
        assert app.wizard.sheet.forward.text().replace("&", "") == "Write the documents", "no stale promise"
        click(app.wizard.sheet.forward)  # the plan of the second summary is not made yet
        runner.let_go()
        settle()
        assert "The first summary." not in (folder / "README.md").read_text("utf-8")
        assert wait(lambda: at_rest(page))
        click(app.wizard.sheet.forward)
        assert "The second summary." in (folder / "README.md").read_text("utf-8")
        assert_written_as_is(app, folder)


def test_undo_is_never_written_as_it_was_before(qapp: QApplication, example: Path, tmp_path: Path) -> None:
    runner = HeldRunner()
    with running(qapp, tmp_path, runner=runner) as app:
        page, folder = begin(app, example, tmp_path)
        app.store.answer("data_summary", "A summary that is taken back.")
        assert wait(lambda: at_rest(page))
        runner.held = True
        key(app.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert app.wizard.current == "export"
        click(app.wizard.sheet.forward)
        runner.let_go()
        settle()
        assert "taken back" not in (folder / "README.md").read_text("utf-8")
        assert wait(lambda: at_rest(page))
        click(app.wizard.sheet.forward)
        assert "The first summary." in (folder / "README.md").read_text("utf-8")
        assert_written_as_is(app, folder)


def test_on_real_threads_the_last_word_is_written(qapp: QApplication, example: Path, tmp_path: Path) -> None:
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        page, folder = begin(app, example, tmp_path)
        for number in range(6):
            app.store.answer("data_summary", f"Summary number {number}.")
            app.wizard.sheet.forward.click()  # at once, while the plan is being made
            if number % 2:
                app.store.history.undo()
                app.wizard.open_step("export")
            app.wizard.sheet.forward.click()
        assert wait(lambda: at_rest(page), 20_000)
        click(app.wizard.sheet.forward)
        assert wait(lambda: at_rest(page) and page.end.isVisible(), 20_000)
        assert_written_as_is(app, folder)


def test_ticks_are_saved_and_undone(qapp: QApplication, example: Path, tmp_path: Path) -> None:
    with running(qapp, tmp_path) as app:
        page, folder = begin(app, example, tmp_path)
        assert page.choice.fold is not None
        page.choice.fold.set_open(True)
        settle()
        word = page.choice._boxes["docx"]
        click(word)
        assert app.store.project.export_wish.formats == ("md", "docx")
        assert loads(dumps(app.store.project)).export_wish.formats == ("md", "docx")
        app.store.history.undo()
        assert not word.isChecked()
        assert app.store.project.export_wish.formats == ("md",)
        app.store.history.redo()
        assert word.isChecked()
        assert wait(lambda: at_rest(page))
        click(app.wizard.sheet.forward)
        assert (folder / "what-applies.docx").is_file()


def test_pdfs_of_the_thread_pool_equal_those_of_the_window_thread(
    qapp: QApplication, example: Path, tmp_path: Path
) -> None:
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        page, folder = begin(app, example, tmp_path)
        app.store.edit("ticks", export_wish=app.store.project.export_wish.with_format("pdf", True))
        assert wait(lambda: at_rest(page), 30_000)
        click(app.wizard.sheet.forward)
        assert wait(lambda: at_rest(page) and page.end.isVisible(), 30_000)
        assert list(folder.glob("*.pdf"))
        assert_written_as_is(app, folder)  # prints each of them again, on this thread


def test_stop_while_writing_leaves_nothing_half_done(
    qapp: QApplication, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        page, folder = begin(app, example, tmp_path)
        assert wait(lambda: at_rest(page), 20_000)
        before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        real = files.write_beside

        def slow(target: Path, data: bytes) -> Path:
            threading.Event().wait(0.2)  # a slow disk
            return real(target, data)

        monkeypatch.setattr(files, "write_beside", slow)
        click(app.wizard.sheet.forward)
        assert wait(page.working.isVisible)
        click(button(page, "Stop"))
        assert wait(lambda: not page.working.isVisible(), 1000), "Stop acts within a moment"
        assert "Nothing was written" in app.board.message
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_the_zip_file_is_not_made_on_the_window_thread(
    qapp: QApplication, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gui.exporting as exporting

    threads: list[threading.Thread] = []
    real = exporting.package_bytes

    def watched(*given: Any) -> bytes:
        threads.append(threading.current_thread())
        return real(*given)

    monkeypatch.setattr(exporting, "package_bytes", watched)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "package"), ""))
    with running(qapp, tmp_path, runner=PoolRunner()) as app:
        page, folder = begin(app, example, tmp_path)
        assert wait(lambda: at_rest(page), 20_000)
        click(app.wizard.sheet.forward)
        assert wait(lambda: at_rest(page) and page.end.isVisible(), 20_000)
        click(page.end.zip)
        assert wait(lambda: "Saved package.zip" in app.board.message, 10_000)
        with zipfile.ZipFile(tmp_path / "package.zip") as archive:
            assert archive.read("README.md") == (folder / "README.md").read_bytes()
    assert threads
    assert threading.main_thread() not in threads
