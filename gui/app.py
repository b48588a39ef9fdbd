# SPDX-License-Identifier: Apache-2.0
"""Start-up order: every object is built once here and handed down by constructors."""

import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QStyle

from core.documents.scale_svg import landmarks
from core.domain.project import Project
from core.errors import WeighbridgeError
from core.flow import steps
from core.recheck import answer_mark
from core.reference import load_reference
from core.rules.updates import Shelf, own_shelf
from core.version import version
from gui import errors
from gui.autosave import Autosave, set_aside
from gui.context import Context, long_lists
from gui.derive import Assess, Derive
from gui.files import read_project
from gui.first import CHOOSE
from gui.ground import SUFFIX, prepare
from gui.help import show_about, show_shortcuts, show_words
from gui.main_window import MainWindow
from gui.pages.applies import AppliesPage
from gui.pages.base import Page
from gui.pages.documents import DocumentsPage
from gui.pages.export import ExportPage
from gui.pages.folder import FolderPage
from gui.pages.form_page import FormPage
from gui.pages.found import FoundPage
from gui.pages.home import HomePage
from gui.pages.review import ReviewPage
from gui.pages.weight import WeightPage
from gui.pages.what_if import WhatIfPage
from gui.rulebook import Rulebook
from gui.scanning import Scanner, describe_by_hand, put_in_place
from gui.settings import Settings
from gui.shelf import Entry, EntryKind, look_again, project_title, read_drafts
from gui.store import Store
from gui.supposing import Supposing
from gui.tasks import Runner, Tasks
from gui.theme import Theme
from gui.widgets.notice import NoticeBoard
from gui.wizard import HOME, Wizard

COMPARED = (
    "openai-community/gpt2-xl",
    "stable-diffusion-v1-5/stable-diffusion-v1-5",
    "meta-llama/Llama-3.2-1B",
    "meta-llama/Llama-3.1-405B",
)
"""Models people know, on the scale to compare with."""


class App(QObject):
    """One window with everything it needs."""

    def __init__(
        self,
        qt: QApplication,
        *,
        today: datetime.date,
        settings: Settings | None = None,
        theme: str | None = None,
        runner: Runner | None = None,
        assess: Assess | None = None,
        drafts: Path | None = None,
        shelf: Shelf | None = None,
        window: MainWindow | None = None,
    ) -> None:
        super().__init__()
        prepare()
        self.settings = settings or Settings()
        self.theme = window.theme if window is not None else Theme(qt, theme or self.settings.theme, self)
        if window is None:
            self.theme.apply()
        self.store = Store(parent=self)
        self.autosave = Autosave(
            self.store, drafts, self
        )  # first: a draft does not wait for what is computed
        self.rulebook = Rulebook(shelf or own_shelf(), today, self)
        self.derive = Derive(self.store, assess or self.rulebook.assess(), self)
        self.tasks = Tasks(runner, self)
        self.scanner = Scanner(self.store, self.tasks, self.derive.prepare, self)
        self.board = NoticeBoard()
        self.context = Context(
            store=self.store,
            derive=self.derive,
            rules=self.rulebook,
            supposing=Supposing(self.store, self.derive, self.rulebook, self),
            tasks=self.tasks,
            scanner=self.scanner,
            board=self.board,
            settings=self.settings,
            theme=self.theme,
            today=today,
            lists=long_lists(),
            app_version=version(),
        )
        self.home = HomePage(self.context)
        self.folder = FolderPage(self.context)
        self.wizard = Wizard(self.context, self._pages())
        self.window = window or MainWindow(self.settings, self.theme)
        self._wish = self.window.furnish(self.context, self.wizard)
        self._still = qt.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
        self.wizard.foot.scale.set_motion(not (self._still or self.settings.reduce_motion))
        self._connect()
        self._draft = self.autosave.draft()
        self._offer()

    def _pages(self) -> dict[str, Page]:
        context = self.context
        pages: list[Page] = [
            self.home,
            self.folder,
            FoundPage(context),
            FormPage("model", context),
            FormPage("training", context),
            WeightPage(context),
            FormPage("release", context),
            ReviewPage(context),
            AppliesPage(context),
            DocumentsPage(context),
            ExportPage(context),
            WhatIfPage(context, context.supposing),
        ]
        return {page.step: page for page in pages}

    def _connect(self) -> None:
        self.home.open_path.connect(self.open)
        self.home.by_hand.connect(self.begin_by_hand)
        self.home.resume.connect(self.resume)
        self.home.open_draft.connect(self.open_draft)
        self.window.saved.connect(self._remember)
        self.window.open_path.connect(self.open)
        self.window.start_again.connect(self.start_again)
        self.window.closing.connect(self.close)
        self.wizard.by_hand.connect(self.begin_by_hand)
        self.wizard.page_shown.connect(self._page_shown)
        self.scanner.failed.connect(self._tell)
        self.scanner.finished.connect(self._read)
        self.scanner.opened.connect(self._opened)
        self.derive.failed.connect(self._tell)
        self.window.show_rulebook.connect(self.show_rulebook)
        self.rulebook.changed.connect(self._rules_changed)
        self.window.show_shortcuts.connect(lambda: show_shortcuts(self.window))
        self.window.show_words.connect(lambda: show_words(self.window, self.wizard.words_in_sight()))
        self.window.show_about.connect(lambda: show_about(self.window, self.rulebook.words()))
        self.autosave.failed.connect(self._tell)

    def start(self, path: str | None = None) -> None:
        """Show the window; the rest is loaded after the first picture is on the screen."""
        self.window.show()
        QTimer.singleShot(0, self, self._after_first_paint)
        if self._wish == CHOOSE:
            QTimer.singleShot(0, self, self.home.choose.click)
        elif path := self._wish or path:
            QTimer.singleShot(0, self, lambda given=path: self.open(given))

    def open(self, path: str) -> None:
        """Read a folder, a model's file or a saved project, and show it. Undo brings back what was there."""
        self._take_draft()
        if not path.endswith(SUFFIX):
            self.wizard.open_step("folder")
        self.folder.read(path)

    def begin_by_hand(self) -> None:
        """Describe a model without a folder. Undo brings back what was there."""
        self._take_draft()
        describe_by_hand(self.store, self.tr("Describe by hand"))
        self.wizard.resume()

    def open_draft(self, path: str) -> None:
        """Go on with the draft of a window that is gone; it becomes this window's own. Undo brings back what was there."""
        self._take_draft()
        try:
            put_in_place(self.store, read_project(Path(path)), self.tr("Open draft"))
            if self.autosave.save_now():
                set_aside(Path(path))
        except (WeighbridgeError, OSError) as error:
            self._tell(error)
            return
        self.window.work.opened_from(None)
        self.wizard.resume()

    def resume(self) -> None:
        """Go on with the draft, on the page where it was left."""
        self._take_draft()
        self.wizard.resume()

    def _take_draft(self) -> None:
        """Put the draft into the store: from then on whatever replaces it can be undone."""
        if self._draft is not None:
            draft, self._draft = self._draft, None
            self.store.load(draft)

    def show_rulebook(self) -> None:
        """Show which rules are in use, and let a person load newer ones."""
        from gui.rulebook_dialog import RulebookDialog

        dialog = RulebookDialog(self.rulebook, self.settings.projects, self.theme, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _rules_changed(self) -> None:
        self.derive.use(self.rulebook.assess())
        self._look_again()

    def start_again(self) -> None:
        """Begin a new release; undo brings the former one back."""
        put_in_place(self.store, Project(), self.tr("Start again"))
        self.wizard.show_home()

    def close(self) -> None:
        """Stop the work, keep the draft, write the settings."""
        self.tasks.stop_all()
        self.autosave.close()
        self.settings.save()

    def _after_first_paint(self) -> None:
        self.wizard.focus_first()
        self.wizard.foot.show_lines(self.derive.blank())
        if self.derive.assessment is not None:
            self.wizard.foot.show_assessment(self.derive.assessment)
        self.wizard.foot.scale.show_models(landmarks(load_reference(), COMPARED))
        self._list_drafts()
        self._look_again()
        if self.rulebook.problem is not None:
            self._tell(self.rulebook.problem)
        for path in self.settings.notices:
            self.board.tell(
                "look", self.tr("Your settings could not be read. They are back to the usual ones."), path
            )

    def _offer(self) -> None:
        if self._draft is None:
            project = self.store.project
            started = project.scan is not None or project.by_hand
            self.home.offer(project if started else None, self._where(project))
        else:
            self.home.offer(self._draft, self._where(self._draft))

    def _where(self, project: Project) -> str:
        return next((view.title for view in steps(project, None) if view.id == project.step), "")

    def _page_shown(self, name: str) -> None:
        if name == HOME:
            self._offer()
            self._list_drafts()
            self.wizard.focus_first()  # what is offered may be the first thing to press

    def _list_drafts(self) -> None:
        self.home.show_drafts(read_drafts(self.autosave.others(), self.derive.headline))

    def _look_again(self) -> None:
        """Judge the saved projects by today's rules, in the background, and mark those that came out otherwise."""
        entries, judge = self.settings.projects, self.derive.judge
        self.tasks.start(
            "look again",
            lambda _progress, _cancelled: look_again(entries, judge),
            done=self.home.show_news,
            failed=self._tell,
        )

    def _remember(self, path: str) -> None:

        project, assessment = self.store.project, self.derive.assessment
        self.settings.remember_project(
            Entry(
                EntryKind.PROJECT,
                path,
                project_title(project),
                "" if assessment is None else assessment.verdict.headline,
                self.context.today.isoformat(),
                "" if assessment is None else answer_mark(assessment),
            )
        )

    def _read(self) -> None:
        folder = self.store.project.folder
        if folder is not None:
            self.settings.remember_folder(folder)
        self.window.work.opened_from(None)

    def _opened(self, path: str) -> None:
        self.window.work.opened_from(Path(path))
        self._remember(path)
        self.wizard.resume()

    def _tell(self, error: Exception) -> None:
        errors.show(self.board, error)
