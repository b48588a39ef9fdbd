# SPDX-License-Identifier: Apache-2.0
"""The last page: which documents, as which files, as a zip file, and the command to copy."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog

from core.flow import StepState, steps
from gui.app import App
from gui.exporting import wanted
from gui.pages.export import ExportPage
from gui.widgets.option import WORDS
from tests.gui.driver import button, click, key, running, settle, wait


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        yield made


@pytest.fixture
def page(app: App, example: Path, tmp_path: Path) -> ExportPage:
    folder = tmp_path / "my model"
    shutil.copytree(example, folder)
    app.open(str(folder))
    app.store.answer("model_name", "mira/tiny")
    app.wizard.open_step("export")
    settle()
    found = app.wizard.page
    assert isinstance(found, ExportPage)
    return found


def tick(page: ExportPage, words: str) -> None:
    assert page.choice.fold is not None
    page.choice.fold.set_open(True)
    settle()
    box = next(one for one in page.findChildren(QCheckBox) if one.property(WORDS) == words)
    box.setFocus()
    key(page, Qt.Key.Key_Space)
    settle()


def write(app: App, page: ExportPage) -> None:
    assert wait(lambda: not page._unseen.isActive())
    click(app.wizard.sheet.forward)


def test_word_and_pdf_are_written_when_ticked(app: App, page: ExportPage, tmp_path: Path) -> None:
    assert not page.end.isVisible(), "nothing is done yet"
    tick(page, "Word")
    tick(page, "PDF")
    write(app, page)
    folder = tmp_path / "my model"
    assert (folder / "what-applies.md").is_file()
    assert (folder / "what-applies.docx").read_bytes().startswith(b"PK")
    assert (folder / "what-applies.pdf").read_bytes().startswith(b"%PDF")
    assert page.end.isVisible()


def test_the_step_is_done_when_the_documents_are_written_not_when_a_folder_is_named(
    app: App, page: ExportPage, tmp_path: Path
) -> None:
    def state() -> StepState:
        return next(
            one for one in steps(app.store.project, app.derive.assessment) if one.id == "export"
        ).state

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        app.store.edit("folder", export_folder=str(tmp_path / name))
        settle()
        assert state() is StepState.AHEAD
        write(app, page)
        assert wait((tmp_path / name / "what-applies.md").is_file)
        assert state() is StepState.DONE


def test_what_was_written_says_nothing_about_the_documents(
    app: App, page: ExportPage, tmp_path: Path
) -> None:
    """Else writing them would have them compared once more."""
    write(app, page)
    project, assessment = app.store.project, app.derive.assessment
    assert project.written_to == str(tmp_path / "my model")
    assert assessment is not None
    again = wanted(project.replace(written_to=None), assessment, str(tmp_path))
    assert wanted(project, assessment, str(tmp_path)) == again


def test_another_model_was_not_written_yet(app: App, page: ExportPage, tmp_path: Path) -> None:
    """Not even where its documents are to go into the same folder as the last one's."""
    write(app, page)
    folder = app.store.project.written_to
    assert folder is not None
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    app.open(str(other))
    settle()
    app.store.edit("folder", export_folder=folder)
    assert app.store.project.folder == str(other)
    assert app.store.project.written_to is None


def test_a_document_on_request_is_written_when_ticked(app: App, page: ExportPage, tmp_path: Path) -> None:
    asked = next(kind for kind in app.derive.assessment.documents if not kind.proposed)  # type: ignore[union-attr]
    assert asked.id not in app.store.project.export_wish.documents((asked,))
    tick(page, asked.title)
    write(app, page)
    assert (tmp_path / "my model" / asked.file_name).is_file()


def test_nothing_ticked_is_said_and_nothing_is_written(app: App, page: ExportPage, tmp_path: Path) -> None:
    tick(page, "Markdown")
    click(app.wizard.sheet.forward)
    assert page.problem.isVisible()
    assert not (tmp_path / "my model" / "what-applies.md").exists()
    tick(page, "Markdown")
    assert not page.problem.isVisible() or not page.pending_problems()


def test_the_command_and_the_zip_file(
    app: App, page: ExportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(app, page)
    assert page.end.command.text() == f"hf upload mira/tiny '{tmp_path / 'my model'}' ."
    page.end.copy.setFocus()
    key(app.window, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == page.end.command.text()
    target = tmp_path / "package"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    click(page.end.zip)
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        assert {"README.md", "what-applies.md", "weighbridge-manifest.json"} <= set(archive.namelist())
        assert archive.read("README.md") == (tmp_path / "my model" / "README.md").read_bytes()


def test_without_an_owner_no_command_is_made_up(app: App, page: ExportPage) -> None:
    app.store.answer("model_name", "tiny")
    app.wizard.open_step("documents")
    app.wizard.open_step("export")
    settle()
    write(app, page)
    assert not page.end.command.isVisible()
    click(button(app.wizard.page, "Name the model"))
    assert app.wizard.current == "model"


def test_without_a_folder_the_page_says_so(app: App) -> None:
    from gui.scanning import describe_by_hand

    describe_by_hand(app.store, "By hand")
    app.wizard.open_step("export")
    settle()
    page = app.wizard.page
    assert isinstance(page, ExportPage)
    assert page.end.isVisible()
    assert page.end.title.text() == "No folder yet"
    assert not page.end.zip.isVisible()
    assert app.window.focusWidget() is page.path
