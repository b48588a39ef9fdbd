# SPDX-License-Identifier: Apache-2.0
"""Export: choose a folder, see what would change, write, open the folder."""

from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.documents import ExportPlan, ExportResult, FileAction, PlannedFile, export, plan_export
from core.domain.assessment import Assessment
from core.domain.project import Project
from core.resources import resource
from gui import errors
from gui.context import Context
from gui.pages.base import Page, ProblemPair
from gui.tokens import UNIT
from gui.widgets.fold import Fold
from gui.widgets.mark import Sign
from gui.widgets.preview import Preview
from gui.widgets.text import clear_layout, label, rule

PLAN, WRITE = "plan", "export"
_MOST_LINES = 400
SEEN_AFTER_MS = 500


class ExportPage(Page):
    """The last page: its main button names what it will do."""

    step = "export"
    needs_model = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        caption = label(self.tr("Folder for the documents"), "strong", self)
        self.box.addWidget(caption)
        self.box.addSpacing(UNIT // 2)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("Folder for the documents"))
        self.path.setAccessibleDescription(
            self.tr("It must exist. Files that differ are shown before they are replaced.")
        )
        self.path.editingFinished.connect(self._typed)
        caption.setBuddy(self.path)
        self.choose = QPushButton(self.tr("Choose a fo&lder…"), self)
        self.choose.clicked.connect(self._choose)
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        self.box.addLayout(row)
        self.problem = label("", "problem", self)
        self.problem.hide()
        self.box.addWidget(self.problem)
        self.box.addSpacing(UNIT * 2)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.box.addLayout(self._list)
        self.open = QPushButton(self.tr("&Open the folder"), self)
        self.open.clicked.connect(self._open)
        self.open.hide()
        line = QHBoxLayout()
        line.setContentsMargins(0, UNIT * 2, 0, 0)
        line.addWidget(self.open)
        line.addStretch(1)
        self.box.addLayout(line)
        self.box.addStretch(1)
        self._plan: ExportPlan | None = None
        self._unseen = QTimer(self)
        self._unseen.setSingleShot(True)
        self._unseen.setInterval(SEEN_AFTER_MS)
        self._asked: tuple[Assessment | None, str] | None = None

    def entered(self) -> None:
        self._asked = None
        self.open.hide()

    def left(self) -> None:
        self._unseen.stop()

    def show_state(self, project: Project, assessment: Assessment | None) -> None:
        folder = project.export_folder or _default_folder(project)
        if self.path.text() != folder:
            self.path.setText(folder)
        self._make_plan(project, assessment, folder)

    def initial_focus(self) -> QWidget | None:
        return self.path

    def pending_problems(self) -> tuple[ProblemPair, ...]:
        if not self.path.text().strip():
            return (("path", self.tr("Choose a folder for the documents.")),)
        return ()

    def show_problems(self, problems: tuple[ProblemPair, ...]) -> None:
        self.problem.setText(problems[0][1] if problems else "")
        self.problem.setVisible(bool(problems))

    def focus_field(self, _name: str) -> None:
        self.path.setFocus()

    def continue_words(self) -> str:
        if self._plan is None:
            return self.tr("&Write the documents")
        changed = [item for item in self._plan.items if item.action is not FileAction.UNCHANGED]
        replaced = [item for item in changed if item.action is FileAction.REPLACE]
        if not changed:
            return self.tr("&Open the folder")
        if len(replaced) == 1:
            return self.tr("&Write, replacing {name}").format(name=replaced[0].path.name)
        if replaced:
            return self.tr("&Write, replacing {count} files").format(count=len(replaced))
        if len(changed) == 1:
            return self.tr("&Write {name}").format(name=changed[0].path.name)
        return self.tr("&Write {count} files").format(count=len(changed))

    def go_on(self) -> bool:
        plan = self._plan
        if plan is None:
            self._typed()
            return False
        if all(item.action is FileAction.UNCHANGED for item in plan.items):
            self._open()
            return False
        if self._unseen.isActive() and any(item.action is FileAction.REPLACE for item in plan.items):
            return False  # the same Enter or click that asked for the difference must not also accept it
        self.context.tasks.start(
            WRITE,
            lambda _progress, _cancelled: export(plan, accept_changes=True),
            done=self._written,
            failed=self._failed,
        )
        return False

    def _make_plan(self, project: Project, assessment: Assessment | None, folder: str) -> None:
        if not folder or assessment is None or (assessment, folder) == self._asked:
            return
        self._asked = (assessment, folder)
        version = self.context.app_version
        self.context.tasks.start(
            PLAN,
            lambda _progress, _cancelled: plan_export(project, assessment, Path(folder), app_version=version),
            done=self._planned,
            failed=self._failed,
        )

    def _planned(self, plan: object) -> None:
        if not isinstance(plan, ExportPlan):
            return
        self._plan = plan
        self._unseen.start()
        clear_layout(self._list)
        for item in plan.items:
            self._list.addWidget(rule(self))
            self._list.addWidget(self._file(item))
        self.shape_changed.emit()

    def _file(self, item: PlannedFile) -> Fold:
        action = {
            FileAction.CREATE: (Sign.OPEN, self.tr("new"), "small"),
            FileAction.UNCHANGED: (Sign.CLEAR, self.tr("up to date"), "clear"),
            FileAction.REPLACE: (Sign.LOOK, self.tr("will change"), "look"),
        }[item.action]
        withheld = " ".join(item.document.withheld)

        def fill(box: QVBoxLayout) -> None:
            view = Preview()
            view.setAccessibleName(self.tr("Difference in {name}").format(name=item.path.name))
            lines = item.difference.splitlines()
            view.show_source("\n".join(lines[:_MOST_LINES]))
            view.setMinimumHeight(min(len(lines) + 2, 14) * self.fontMetrics().lineSpacing())
            box.addWidget(view)

        fold = Fold(
            item.path.name,
            withheld or item.document.kind.why,
            fill,
            sign=action[0],
            remark=action[1],
            remark_role=action[2],
            more=self.tr("Show the difference"),
            less=self.tr("Hide"),
            parent=self,
        )
        if item.action is FileAction.REPLACE:
            fold.set_open(True)
        else:
            fold.button.hide()
        return fold

    def _written(self, result: object) -> None:
        if not isinstance(result, ExportResult) or self._plan is None:
            return
        names = ", ".join(path.name for path in result.written)
        self.context.store.edit(self.tr("Export"), export_folder=str(self._plan.folder))
        self.context.board.tell(
            "clear",
            self.tr("Written: {names}.").format(names=names),
            self.tr("They are in {folder}.").format(folder=self._plan.folder),
        )
        self.open.show()
        self._asked = None
        self.show_state(self.context.store.project, self.context.derive.assessment)

    def _failed(self, error: Exception) -> None:
        self._plan = None
        self._asked = None if not self._list.count() else self._asked
        clear_layout(self._list)
        self.shape_changed.emit()
        errors.show(self.context.board, error)

    def _typed(self) -> None:
        folder = self.path.text().strip()
        project = self.context.store.project
        if folder and folder != (project.export_folder or _default_folder(project)):
            self._plan = None
            self.context.store.edit(
                self.tr("Folder for the documents"), merge="export_folder", export_folder=folder
            )
        elif folder and self._plan is None:
            self._asked = None
            self.show_state(self.context.store.project, self.context.derive.assessment)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for the documents"), self.path.text())
        if chosen:
            self.path.setText(chosen)
            self._typed()

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.path.text()))


def _default_folder(project: Project) -> str:
    """The model's own folder; not the app's bundled example, which nobody wants to write into."""
    if project.folder is None:
        return ""
    bundled = Path(str(resource("examples")))
    return "" if Path(project.folder).is_relative_to(bundled) else project.folder
