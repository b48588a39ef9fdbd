# SPDX-License-Identifier: Apache-2.0
"""From a bare QApplication to a guarded, running window."""

import datetime
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from gui.app import App
from gui.crash import CrashGuard
from gui.words import words


def run(qt: QApplication, path: str | None, theme: str | None, *, smoke: bool) -> int:
    """Show the window until it is closed; `smoke` closes it once its first page has been painted."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = App(qt, today=datetime.date.today(), theme=theme)  # noqa: DTZ011 - the person's own calendar day
    folder = (
        Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "crashes"
    )
    guard = CrashGuard(
        folder, app.autosave.save_now, lambda report: _tell(report, folder), lambda: qt.exit(1)
    )
    if guard.install():
        app.board.tell(
            "look",
            words("Start", "Weighbridge stopped all of a sudden last time."),
            words("Start", "Your work was kept."),
        )
    app.start(path)
    if smoke:
        QTimer.singleShot(0, app.window, lambda: _smoke(app))
    code = qt.exec()
    app.close()
    guard.remove()
    app.window.deleteLater()
    return code


def _smoke(app: App) -> None:
    picture = app.window.grab()
    sys.stdout.write(f"{app.wizard.sheet.heading.text()} {picture.width()}x{picture.height()}\n")
    app.window.close()


def _tell(report: str, folder: Path) -> None:
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(words("Start", "Something broke in Weighbridge. Your work was saved."))
    box.setInformativeText(
        words("Start", "Start it again to go on. The report below is in {folder}; nothing was sent.").format(
            folder=folder
        )
    )
    box.setDetailedText(report)
    box.exec()
