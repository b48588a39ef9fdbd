# SPDX-License-Identifier: Apache-2.0
"""The menus of the window: their words, their shortcuts, and the questions they ask (which folder, which file)."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from core.errors import WeighbridgeError
from gui import errors
from gui.context import Context
from gui.files import save_project, stamp
from gui.ground import SUFFIX
from gui.help import NAME
from gui.language import CHOICES as LANGUAGE_CHOICES
from gui.language import NAMES
from gui.main_window import MainWindow
from gui.pictures import save_scale
from gui.theme import CHOICES, Theme
from gui.wizard import Wizard


class Menus(QObject):
    """Fills the window's menus. Where the project was saved is known here."""

    def __init__(self, window: MainWindow, context: Context, wizard: Wizard, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._above = window.menuBar()  # a dialog takes its style sheet from what it belongs to
        self.context = context
        self.wizard = wizard
        self._theme = theme
        self._saved_as: Path | None = None
        self._stamp: str | None = None
        fills = (self._file_menu, self._edit_menu, self._view_menu, self._help_menu)
        for menu, fill in zip(window.menus, fills, strict=True):
            fill(menu)
        wizard.foot.picture.clicked.connect(self.save_scale)

    def _file_menu(self, menu: QMenu) -> None:
        self._action(menu, self.tr("&Home"), self.wizard.show_home, "Ctrl+H")
        self._action(
            menu, self.tr("&Start again"), self._window.start_again.emit, QKeySequence.StandardKey.New
        )
        menu.addSeparator()
        self._action(menu, self.tr("Open &folder…"), self.choose_folder, QKeySequence.StandardKey.Open)
        self._action(menu, self.tr("Open &project…"), self.choose_project, "Ctrl+Shift+O")
        self._action(menu, self.tr("Sa&ve project"), self.save, QKeySequence.StandardKey.Save)
        self._action(menu, self.tr("Save project &as…"), self.save_as, "Ctrl+Shift+S")
        self._action(menu, self.tr("Save s&cale as a picture…"), self.save_scale, "Ctrl+E")
        menu.addSeparator()
        self._action(menu, self.tr("&Rules in use…"), self._window.show_rulebook.emit, "Ctrl+R")
        menu.addSeparator()
        self._action(menu, self.tr("&Quit"), self._window.close, "Ctrl+Q")

    def _edit_menu(self, menu: QMenu) -> None:
        history = self.context.store.history
        undo = history.createUndoAction(self, self.tr("&Undo"))
        undo.setShortcut(QKeySequence("Ctrl+Z"))
        redo = history.createRedoAction(self, self.tr("&Redo"))
        redo.setShortcut(QKeySequence("Ctrl+Shift+Z"))
        for action, name in ((undo, self.tr("&Undo")), (redo, self.tr("&Redo"))):
            action.setProperty(NAME, name.replace("&", ""))
        menu.addAction(undo)
        menu.addAction(redo)

    def _help_menu(self, menu: QMenu) -> None:
        self._action(menu, self.tr("&Keyboard shortcuts"), self._window.show_shortcuts.emit, "F1")
        self._action(menu, self.tr("&Words explained"), self._window.show_words.emit, "F2")
        self._action(menu, self.tr("&About Weighbridge"), self._window.show_about.emit, "")

    def _view_menu(self, menu: QMenu) -> None:
        names = dict(
            zip(CHOICES, (self.tr("&As the system"), self.tr("&Light"), self.tr("&Dark")), strict=True)
        )
        group = QActionGroup(self)
        for choice, words in names.items():
            action = QAction(words, self)
            action.setCheckable(True)
            action.setChecked(choice == self._theme.choice)
            action.triggered.connect(lambda _checked=False, name=choice: self._choose_theme(name))
            group.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        self._language_menu(menu.addMenu(self.tr("Langua&ge")))
        still = QAction(self.tr("&Keep still"), self)
        still.setCheckable(True)
        still.setChecked(self.context.settings.reduce_motion)
        still.setStatusTip(self.tr("The scale moves without gliding"))
        still.toggled.connect(self._keep_still)
        menu.addAction(still)

    def _language_menu(self, menu: QMenu) -> None:
        group = QActionGroup(self)
        for choice in LANGUAGE_CHOICES:
            action = QAction(NAMES.get(choice, self.tr("&As the system")), self)
            action.setCheckable(True)
            action.setChecked(choice == self.context.settings.language)
            action.triggered.connect(lambda _checked=False, name=choice: self._choose_language(name))
            group.addAction(action)
            menu.addAction(action)

    def _choose_language(self, choice: str) -> None:
        self.context.settings.language = choice
        self.context.board.tell("clear", self.tr("The language changes when you start Weighbridge again."))

    def _action(self, menu: QMenu, words: str, run: object, shortcut: object) -> QAction:
        action = QAction(words, self)
        action.setShortcut(
            shortcut if isinstance(shortcut, QKeySequence.StandardKey) else QKeySequence(str(shortcut))
        )
        action.triggered.connect(lambda _checked=False: run())  # type: ignore[operator]
        menu.addAction(action)
        return action

    def choose_folder(self) -> None:
        """Ask for a folder and read it."""
        start = next(iter(self.context.settings.recent_folders), str(Path.home()))
        chosen = QFileDialog.getExistingDirectory(self._above, self.tr("Choose your model's folder"), start)
        if chosen:
            self._window.open_path.emit(chosen)

    def choose_project(self) -> None:
        """Ask for a saved project and open it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._above,
            self.tr("Open project"),
            str(Path.home()),
            self.tr("Weighbridge projects ({pattern})").format(pattern=f"*{SUFFIX}"),
        )
        if chosen:
            self._window.open_path.emit(chosen)

    def save(self) -> None:
        """Save to the project's file, or ask for one."""
        if self._saved_as is None:
            self.save_as()
        elif (now := stamp(self._saved_as)) not in (None, self._stamp):
            self._stamp = now  # who saves again after being told means it
            name = self._saved_as.name
            self.context.board.tell(
                "look",
                self.tr("{name} was changed since you opened it, perhaps by another window.").format(
                    name=name
                ),
                self.tr("Nothing was saved. Save under another name, or save again to replace it."),
            )
        else:
            self._write(self._saved_as)

    def save_as(self) -> None:
        """Ask where to save the project."""
        name = (self.context.store.project.title or self.tr("model")) + SUFFIX
        start = self._saved_as or Path.home() / name
        chosen, _ = QFileDialog.getSaveFileName(
            self._above,
            self.tr("Save project"),
            str(start),
            self.tr("Weighbridge projects ({pattern})").format(pattern=f"*{SUFFIX}"),
        )
        if chosen:
            self._write(Path(chosen if chosen.endswith(SUFFIX) else chosen + SUFFIX))

    def save_scale(self) -> None:
        """Ask where the scale goes as a picture, and write it."""
        assessment = self.context.derive.assessment
        if assessment is None:
            self.context.board.tell(
                "look", self.tr("There is nothing on the scale yet."), "", self.tr("Choose a folder first.")
            )
            return
        folder = self.context.store.project.export_folder or str(Path.home())
        kinds = {".svg": self.tr("SVG picture ({pattern})"), ".png": self.tr("PNG picture ({pattern})")}
        filters = [words.format(pattern=f"*{ending}") for ending, words in kinds.items()]
        chosen, kind = QFileDialog.getSaveFileName(
            self._above, self.tr("Save the scale"), str(Path(folder) / "scale.svg"), ";;".join(filters)
        )
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in kinds:
            path = path.with_name(path.name + (".png" if kind == filters[1] else ".svg"))
        elif kind == filters[1] and path.name == "scale.svg":
            path = path.with_suffix(".png")  # the name offered, with the other kind picked
        try:
            save_scale(path, assessment)
        except (WeighbridgeError, OSError) as error:
            errors.show(self.context.board, error)
            return
        self.context.board.tell("clear", self.tr("Saved {name}.").format(name=path.name))

    def opened_from(self, path: Path | None) -> None:
        """Remember which file the project came from."""
        self._saved_as, self._stamp = path, stamp(path)

    def _write(self, path: Path) -> None:
        try:
            save_project(path, self.context.store.project)
        except (WeighbridgeError, OSError) as error:
            errors.show(self.context.board, error)
            return
        self.opened_from(path)
        self.context.store.history.setClean()
        self._window.saved.emit(str(path))
        self.context.board.tell("clear", self.tr("Saved {name}.").format(name=path.name))

    def _choose_theme(self, choice: str) -> None:
        self.context.settings.theme = choice
        self._theme.choose(choice)

    def _keep_still(self, still: bool) -> None:
        self.context.settings.reduce_motion = still
        self.wizard.foot.scale.set_motion(not still)
