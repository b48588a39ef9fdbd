# SPDX-License-Identifier: Apache-2.0
"""Export: choose a folder, see what would change, write, take it along as a zip file or by an upload command."""

import os
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.documents import (
    ExportPlan,
    ExportResult,
    FileAction,
    PlannedFile,
    export,
    package_bytes,
    plan_export,
    upload_command,
)
from core.domain.assessment import Assessment
from core.domain.project import Project
from core.errors import WeighbridgeError
from core.resources import resource
from gui import errors
from gui.context import Context
from gui.files import write_atomically
from gui.pages.base import Page, ProblemPair
from gui.tokens import UNIT
from gui.widgets.export_choice import ExportChoice
from gui.widgets.export_end import ExportEnd
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
        self.end = ExportEnd(self)
        self.end.pack.connect(self._pack)
        self.end.name.connect(lambda: self.jump.emit("model", "model_name"))
        self.end.hide()
        self.box.addWidget(self.end)  # over the list: in sight as soon as it has something to say
        self.choice = ExportChoice(self)
        self.choice.changed.connect(self._again)
        self.box.addWidget(self.choice)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.box.addLayout(self._list)
        self.box.addStretch(1)
        self._plan: ExportPlan | None = None
        self._unseen = QTimer(self)
        self._unseen.setSingleShot(True)
        self._unseen.setInterval(SEEN_AFTER_MS)
        self._asked: tuple[object, ...] | None = None

    def entered(self) -> None:
        self._asked = None

    def left(self) -> None:
        self._unseen.stop()

    def show_state(self, project: Project, assessment: Assessment | None) -> None:
        folder = project.export_folder or _default_folder(project)
        if self.path.text() != folder:
            self.path.setText(folder)
        if assessment is not None:
            self.choice.show_kinds(assessment.documents)
        if not folder:
            self._plan, self._asked = None, None
            clear_layout(self._list)
            self.end.show_empty()
        self._make_plan(project, assessment, folder)

    def initial_focus(self) -> QWidget | None:
        return self.path

    def pending_problems(self) -> tuple[ProblemPair, ...]:
        if not self.path.text().strip():
            return (("path", self.tr("Choose a folder for the documents.")),)
        if not self.choice.only or not self.choice.formats:
            return (("choice", self.tr("Choose at least one document and one kind of file.")),)
        return ()

    def show_problems(self, problems: tuple[ProblemPair, ...]) -> None:
        self.problem.setText(problems[0][1] if problems else "")
        self.problem.setVisible(bool(problems))

    def focus_field(self, name: str) -> None:
        target = self.choice.fold.button if name == "choice" and self.choice.fold is not None else self.path
        target.setFocus()

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
        only, formats, version = self.choice.only, self.choice.formats, self.context.app_version
        asked = (assessment, folder, only, formats)
        if not folder or assessment is None or asked == self._asked or not only or not formats:
            return
        self._asked = asked

        def work(_progress: object, _cancelled: object) -> ExportPlan:
            from gui.printing import print_pdf

            return plan_export(
                project,
                assessment,
                Path(folder),
                only,
                app_version=version,
                formats=formats,
                printer=print_pdf,
            )

        self.context.tasks.start(PLAN, work, done=self._planned, failed=self._failed)

    def _again(self) -> None:
        """Another document or kind of file was chosen: what was planned no longer holds."""
        self._plan, self._asked = None, None
        clear_layout(self._list)
        self.end.hide()
        self.show_state(self.context.store.project, self.context.derive.assessment)
        self.shape_changed.emit()

    def _planned(self, plan: object) -> None:
        if not isinstance(plan, ExportPlan):
            return
        self._plan = plan
        self._unseen.start()
        clear_layout(self._list)
        for item in plan.items:
            self._list.addWidget(rule(self))
            self._list.addWidget(self._file(item))
        done = all(item.action is FileAction.UNCHANGED for item in plan.items)
        self.end.setVisible(done)
        if done:
            folder = str(plan.folder)
            command = upload_command(self.context.store.project, folder, windows=os.name == "nt")
            self.end.show_done(folder, command)
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
        elif not folder:
            self.end.show_empty()
        elif self._plan is None:
            self._asked = None
            self.show_state(self.context.store.project, self.context.derive.assessment)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for the documents"), self.path.text())
        if chosen:
            self.path.setText(chosen)
            self._typed()

    def _pack(self) -> None:
        plan, assessment = self._plan, self.context.derive.assessment
        if plan is None or assessment is None:
            return
        start = plan.folder.parent / f"{plan.folder.name}-documents.zip"  # beside: an upload leaves it out
        kinds = self.tr("Zip files ({pattern})").format(pattern="*.zip")
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save as a zip file"), str(start), kinds)
        if not chosen:
            return
        path = Path(chosen if chosen.lower().endswith(".zip") else f"{chosen}.zip")
        try:
            write_atomically(path, package_bytes(plan, assessment.on))
        except (WeighbridgeError, OSError) as error:
            errors.show(self.context.board, error)
            return
        self.context.board.tell("clear", self.tr("Saved {name}.").format(name=path.name))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.path.text()))


def _default_folder(project: Project) -> str:
    """The model's own folder; not the app's bundled example, which nobody wants to write into."""
    if project.folder is None:
        return ""
    bundled = Path(str(resource("examples")))
    return "" if Path(project.folder).is_relative_to(bundled) else project.folder
