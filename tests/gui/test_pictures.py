# SPDX-License-Identifier: Apache-2.0
"""The scale as a file from the window, by menu, key and button; an existing README beside the new one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.app import App
from gui.widgets.side_by_side import SideBySide
from tests.gui.driver import click, key, running, settle, wait


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path, example: Path) -> Iterator[App]:
    shutil.copytree(example, tmp_path / "model")
    with running(qapp, tmp_path / "home") as made:
        made.open(str(tmp_path / "model"))
        yield made


def test_the_scale_is_saved_as_svg_by_key(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), "SVG picture (*.svg)"))
    key(app.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert (tmp_path / "mine.svg").read_text("utf-8").startswith("<svg")
    assert "Saved mine.svg" in app.board.message


def test_the_scale_is_saved_as_png_by_button(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def choose(*given: object) -> tuple[str, str]:
        offered.append(str(given[2]))
        return str(tmp_path / "scale.svg"), "PNG picture (*.png)"  # the name offered, the other kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    click(app.wizard.foot.picture)
    image = QImage(str(tmp_path / "scale.png"))
    assert image.width() >= 1500
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, 200, 7)}
    assert len(colours) > 3, "something is drawn"
    assert offered
    assert offered[0].endswith("scale.svg")


def test_a_folder_that_is_gone_is_told(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone" / "scale.svg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(gone), "SVG picture (*.svg)"))
    app.window.work.save_scale()
    assert "was not saved" in app.board.message


def test_without_a_model_there_is_nothing_to_save(qapp: QApplication, tmp_path: Path) -> None:
    with running(qapp, tmp_path) as app:
        key(app.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        assert "nothing on the scale" in app.board.message
        assert not app.wizard.foot.picture.isVisible()


def test_a_readme_that_is_there_stands_beside_the_new_one(app: App, tmp_path: Path) -> None:
    readme = tmp_path / "model" / "README.md"
    readme.write_text("# My own title\n\nMy own words.\n", encoding="utf-8")
    app.wizard.open_step("export")
    settle()
    page = app.wizard.page
    assert wait(lambda: bool(page.findChildren(SideBySide)))
    shown = next(one for one in page.findChildren(SideBySide) if "README" in one.now.accessibleName())
    assert shown.isVisible()
    assert "My own title" in shown.now.toPlainText()
    assert "My own words." in shown.new.toPlainText(), "the author's words stay"
    assert "+" in shown.new.toPlainText(), "a sign, not only a shade"
    assert len(shown.now.toPlainText().split("\n")) == len(shown.new.toPlainText().split("\n"))
    assert readme.read_text("utf-8") == "# My own title\n\nMy own words.\n", "nothing was written yet"
    bar = shown.new.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert shown.now.verticalScrollBar().value() == shown.new.verticalScrollBar().value()
