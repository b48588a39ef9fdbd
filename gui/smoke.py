# SPDX-License-Identifier: Apache-2.0
"""`--smoke`: the whole job once, by itself, on the bundled example: show, read, weigh, write, read back.

Touches nothing of the person's own: settings, drafts and documents lie in a folder that goes away.
"""

import datetime
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from core.documents import ExportPlan, export, plan_export
from core.resources import resource
from core.rules.updates import Shelf
from gui.app import App
from gui.files import read_project, save_project
from gui.ground import SUFFIX
from gui.settings import Settings

EXAMPLE = "examples/tiny-llama-lora"
_LIMIT_MS = 60_000


class Broken(Exception):
    """A step of the smoke test did not do what it should; the message names it."""


def run_smoke(qt: QApplication, theme: str | None) -> int:
    """Do it; returns the exit code."""
    today = datetime.date.today()  # noqa: DTZ011 - the person's own calendar day
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        settings, shelf = Settings(place / "settings.ini"), Shelf(place / "rules")
        app = App(qt, today=today, theme=theme, settings=settings, drafts=place / "drafts", shelf=shelf)
        app.start()
        smoke = Smoke(app, qt.exit)
        code = qt.exec()
        app.close()
        smoke.deleteLater()
        app.window.deleteLater()
    return code


class Smoke(QObject):
    """Runs the steps inside the event loop and ends it with `finish(code)`: 0 when all went well, else 1."""

    def __init__(self, app: App, finish: Callable[[int], object]) -> None:
        super().__init__(app)
        self._app = app
        self._finish = finish
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._too_slow)
        self._limit.start(_LIMIT_MS)
        app.scanner.finished.connect(self._read)
        app.scanner.failed.connect(self._failed)
        QTimer.singleShot(0, self, self._shown)

    def _shown(self) -> None:
        picture = self._app.window.grab()
        colours = {picture.toImage().pixel(x, y) for x in range(0, 400, 7) for y in range(0, 300, 7)}
        _say(f"{self._app.wizard.sheet.heading.text()} {picture.width()}x{picture.height()}")
        if len(colours) < 2:
            self._failed(Broken("the first page is blank"))
            return
        self._app.open(str(resource(EXAMPLE)))

    def _read(self) -> None:
        # The assessment follows from the change of the store, before or after this signal.
        QTimer.singleShot(0, self, self._write)

    def _write(self) -> None:
        try:
            with tempfile.TemporaryDirectory() as folder:
                self._write_into(Path(folder))
        except Exception as error:  # noqa: BLE001 - whatever breaks, the run must end and say so
            self._failed(error)
            return
        self._end(0)

    def _write_into(self, folder: Path) -> None:
        project, assessment = self._app.store.project, self._app.derive.assessment
        if project.scan is None or assessment is None:
            raise Broken("the example was not weighed")
        _say(assessment.verdict.headline)
        plan: ExportPlan = plan_export(project, assessment, folder, app_version=self._app.context.app_version)
        result = export(plan, accept_changes=False)
        for item in plan.items:
            if item.path.read_bytes() != item.data:
                raise Broken(f"{item.path.name} reads back otherwise than it was written")
        if not result.written:
            raise Broken("no document was written")
        saved = folder / f"smoke{SUFFIX}"
        save_project(saved, project)
        if read_project(saved) != project:
            raise Broken("the project reads back otherwise than it was saved")
        _say(f"{len(plan.items)} documents and a project written and read back")

    def _too_slow(self) -> None:
        self._failed(Broken(f"not done after {_LIMIT_MS // 1000} seconds"))

    def _failed(self, error: Exception) -> None:
        sys.stderr.write(f"smoke test: {error}\n")
        self._end(1)

    def _end(self, code: int) -> None:
        self._limit.stop()
        self._finish(code)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
