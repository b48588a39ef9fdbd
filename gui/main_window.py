# SPDX-License-Identifier: Apache-2.0
"""The window: menus and shortcuts around the wizard. It hands work to those who do it.

It is on the screen before the rest is loaded: `furnish` puts the wizard in the place of the first picture.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from gui.first import FirstPage
from gui.ground import dropped_path, take_copy
from gui.settings import Settings
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.context import Context
    from gui.wizard import Wizard

DEFAULT_SIZE = QSize(1180, 780)
SMALLEST = QSize(640, 480)


class MainWindow(QMainWindow):
    """Menus, shortcuts, dropping anywhere, remembering size and place."""

    closing = Signal()
    open_path = Signal(str)
    start_again = Signal()
    show_rulebook = Signal()
    show_shortcuts = Signal()
    show_words = Signal()
    show_about = Signal()
    saved = Signal(str)
    """The project was written to this path."""

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self._settings = settings
        self._theme = theme
        self.first: FirstPage | None = FirstPage(self)
        self.setCentralWidget(self.first)
        self.setWindowTitle("Weighbridge")
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST)
        self.resize(DEFAULT_SIZE)
        self.menus = tuple(
            self.menuBar().addMenu(words)
            for words in (self.tr("F&ile"), self.tr("&Edit"), self.tr("&View"), self.tr("&Help"))
        )
        theme.dress(self.menuBar(), self.first)
        if not settings.geometry.isEmpty():
            self.restoreGeometry(settings.geometry)

    @property
    def theme(self) -> Theme:
        """The look of the application."""
        return self._theme

    def furnish(self, context: "Context", wizard: "Wizard") -> str:
        """Put the wizard in the place of the first picture and fill the menus; returns what was wished for meanwhile."""
        from PySide6.QtGui import QIcon

        from gui.menus import Menus

        self.context = context
        self.wizard = wizard
        wish = self.first.wish if self.first is not None else ""
        self.first = None
        self.setCentralWidget(wizard)  # deletes the first picture
        self.setWindowIcon(QIcon("icons:weighbridge.svg"))
        self.work = Menus(self, context, wizard, self._theme)
        context.store.changed.connect(lambda _old, _new: self._title())
        return wish

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.geometry = self.saveGeometry()
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_path(event.mimeData()) is not None:
            take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_path(event.mimeData())
        if path is not None:
            take_copy(event)
            self.open_or_keep(str(path))

    def open_or_keep(self, path: str) -> None:
        """Open a folder or a project; before the app is loaded, keep it until then."""
        if self.first is not None:
            self.first.wish = path
        else:
            self.open_path.emit(path)

    def _title(self) -> None:
        title = self.context.store.project.title
        self.setWindowTitle(f"{title} – Weighbridge" if title else "Weighbridge")
