# SPDX-License-Identifier: Apache-2.0
"""From a bare QApplication to a guarded, running window: the first picture, then the rest behind it.

Nothing heavy is imported at the top: pydantic, YAML and the rules are read while the first picture is on the screen.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QApplication

from gui import language
from gui.ground import first_window, prepare
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import Theme
from gui.words import words

if TYPE_CHECKING:
    from gui.app import App


_QUIET_MS = 1500
"""After this the first pages stand, and what Python holds then is there to stay."""


class Start(QObject):
    """Shows the window at once. `ready(app)` when the app stands in it."""

    ready = Signal(object)
    _loaded = Signal()

    def __init__(self, qt: QApplication, theme: str | None = None, settings: Settings | None = None) -> None:
        super().__init__()
        prepare()
        self._qt = qt
        self.settings = settings or Settings()
        self.language = language.chosen(self.settings.language)
        language.install(qt, self.language)
        self.theme = Theme(qt, theme or self.settings.theme, self)
        self.theme.apply()
        self.window = MainWindow(self.settings, self.theme)
        self._loader = threading.Thread(target=self._load, name="loader", daemon=True)
        self._loaded.connect(self._build)
        first = self.window.first
        if first is not None:
            first.painted.connect(lambda: QTimer.singleShot(0, self, self._loader.start))

    def show(self) -> None:
        """Show the first picture; the rest follows."""
        self.window.show()

    def listen(self) -> None:
        """Hear later starts from now on."""
        from gui.single import Doorbell

        self._bell = Doorbell(parent=self)
        self._bell.rung.connect(self.come_forward)
        self._bell.listen()

    def come_forward(self, path: str) -> None:
        """A later start asks for this window: raise it, and open what it was given."""
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
        if path:
            self.window.open_or_keep(path)

    def finish(self) -> None:
        """Wait for the loader: a window may be closed before everything is there."""
        self._loaded.disconnect(self._build)
        if self._loader.is_alive():
            self._loader.join()

    def _load(self) -> None:
        """Import what is heavy, off the window's thread: the window answers meanwhile."""
        try:
            load_heavy()
        finally:
            self._loaded.emit()  # what went wrong shows again, and is told, when the app is built

    def _build(self) -> None:
        import datetime

        from core.texts import speak
        from gui.app import App

        self._loader.join()
        speak(self.language)
        today = datetime.date.today()  # noqa: DTZ011 - the person's own calendar day
        self.ready.emit(App(self._qt, today=today, settings=self.settings, window=self.window))


def load_heavy() -> None:
    """Everything of core that the window uses, and the data it reads once."""
    import core.assess
    import core.documents  # noqa: F401
    from core.reference import load_reference
    from core.rules import load_rulebook

    load_rulebook()
    load_reference()


def run(qt: QApplication, path: str | None, theme: str | None, *, smoke: bool) -> int:
    """Show the window until it is closed; `smoke` does the whole job on the example instead, and ends."""
    if smoke:
        from gui.smoke import run_smoke

        return run_smoke(qt, theme)
    lock = first_window()
    if lock is None:
        from gui.single import hand_over

        if hand_over(str(Path(path).absolute()) if path else ""):
            return 0
    begun = Start(qt, theme)
    if lock is not None:
        begun.ready.connect(lambda _app: begun.listen())
    ended: list[Callable[[], None]] = []
    begun.ready.connect(lambda app: ended.append(_stand(qt, app, path)))
    begun.show()
    code = qt.exec()
    begun.finish()
    if lock is not None:
        lock.unlock()
    for end in ended:
        end()
    begun.window.deleteLater()
    return code


def _stand(qt: QApplication, app: "App", path: str | None) -> Callable[[], None]:
    """Guard and start the app; returns what ends it."""
    import signal

    from gui.crash import CrashGuard
    from gui.tidy import Tidy

    signal.signal(signal.SIGINT, signal.SIG_DFL)
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
    tidy = Tidy(app)
    app.start(path)
    QTimer.singleShot(_QUIET_MS, app, tidy.begin)

    def end() -> None:
        tidy.end()
        app.close()
        guard.remove()

    return end


def _tell(report: str, folder: Path) -> None:
    from PySide6.QtWidgets import QMessageBox

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
