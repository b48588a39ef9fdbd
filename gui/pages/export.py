# SPDX-License-Identifier: Apache-2.0
"""Export: choose a folder, see what would change, write, take it along as a zip file or by an upload command."""

import itertools
import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.documents import ExportProgress, ExportResult, FileAction, PlannedFile, upload_command
from core.documents.side_by_side import side_by_side
from core.domain.assessment import Assessment
from core.domain.export_wish import ExportWish
from core.domain.project import Project
from core.resources import resource
from core.texts import in_words
from gui import errors
from gui.context import Context
from gui.exporting import PACK, PLAN, Exporter, Wanted, wanted
from gui.pages.base import Page, ProblemPair
from gui.tokens import UNIT
from gui.widgets.beside import Beside
from gui.widgets.export_choice import ExportChoice
from gui.widgets.export_end import ExportEnd
from gui.widgets.fold import Fold
from gui.widgets.gradual import Gradual
from gui.widgets.lines import leave_undo_to_window
from gui.widgets.mark import Sign
from gui.widgets.side_by_side import SideBySide
from gui.widgets.text import clear_layout, label, rule
from gui.widgets.working import Working

_MOST_LINES = 400
SEEN_AFTER_MS = 500
_MOST_NAMED = 3
"""Files that a notice names; the list below it names all."""


class ExportPage(Page):
    """The last page: its main button names what it will do."""

    step = "export"
    needs_model = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        caption = label(self.tr("Folder for the documents"), "strong", self)
        self.box.addWidget(caption)
        self.box.addSpacing(UNIT // 2)
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("Folder for the documents"))
        self.path.setAccessibleDescription(
            self.tr("It must exist. Files that differ are shown before they are replaced.")
        )
        self.path.editingFinished.connect(self._typed)
        leave_undo_to_window(self.path)
        caption.setBuddy(self.path)
        self.choose = QPushButton(self.tr("Choose a fo&lder…"), self)
        self.choose.clicked.connect(self._choose)
        self.box.addWidget(Beside([(self.path, 1, 24), (self.choose, 0, 0)], self))
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
        self.choice.changed.connect(self._ticked)
        self.box.addWidget(self.choice)
        self.working = Working(self.tr("Stops. Nothing half-done is left behind."), self)
        self.box.addWidget(self.working)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.box.addLayout(self._list)
        self._rows = Gradual(self._list.addWidget, self)
        self._rows.whole.connect(self._all_shown)
        self.box.addStretch(1)
        self.exporter = Exporter(context.tasks, context.app_version, self)
        self.working.stopped.connect(self.exporter.stop)
        self.exporter.planned.connect(self._planned)
        self.exporter.written.connect(self._written)
        self.exporter.packed.connect(self._packed)
        self.exporter.failed.connect(self._failed)
        self.exporter.stopped.connect(self._stopped)
        self.exporter.progress.connect(self._progress)
        self.exporter.working.connect(self._working)
        self._in_sight = False
        self._write_when_planned = False
        self._unseen = QTimer(self)
        self._unseen.setSingleShot(True)
        self._unseen.setInterval(SEEN_AFTER_MS)

    def entered(self) -> None:
        self._in_sight = True
        self.exporter.forget()  # the folder may have changed meanwhile: compare anew

    def left(self) -> None:
        self._in_sight = False
        self._unseen.stop()
        self.exporter.forget()
        self._nothing_planned()

    def show_state(self, project: Project, assessment: Assessment | None) -> None:
        folder = _folder(project)
        if self.path.text() != folder:
            self.path.setText(folder)
        if assessment is not None:
            self.choice.show_wish(assessment.documents, project.export_wish)
        if not folder:
            self.end.show_empty()
        state = self._state()
        if self._in_sight and not self.exporter.fits(state):
            self._ask(state)

    def _state(self) -> Wanted | None:
        """What the documents would be made from at this moment."""
        project, assessment = self.context.store.project, self.context.derive.assessment
        return None if assessment is None else wanted(project, assessment, _folder(project))

    def _ask(self, state: Wanted | None, *, anew: bool = False) -> None:
        if anew or not self.exporter.fits(state):
            self._nothing_planned()
            if state is None and not self.path.text().strip():
                self.end.show_empty()
        self.exporter.ask(state, anew=anew)
        self.shape_changed.emit()  # the button names what it will do: nothing yet, while the plan is being made

    def _nothing_planned(self) -> None:
        """What was planned no longer holds."""
        self._write_when_planned = False
        self._rows.stop()
        clear_layout(self._list)
        self.end.hide()
        self.shape_changed.emit()

    def initial_focus(self) -> QWidget | None:
        return self.path

    def pending_problems(self) -> tuple[ProblemPair, ...]:
        if not self.path.text().strip():
            return (("path", self.tr("Choose a folder for the documents.")),)
        if self.choice.nothing:
            return (("choice", self.tr("Choose at least one document and one kind of file.")),)
        return ()

    def show_problems(self, problems: tuple[ProblemPair, ...]) -> None:
        self.problem.setText(problems[0][1] if problems else "")
        self.problem.setVisible(bool(problems))

    def focus_field(self, name: str) -> None:
        target = self.choice.fold.button if name == "choice" and self.choice.fold is not None else self.path
        target.setFocus()

    def continue_words(self) -> str:
        plan = self.exporter.plan
        if plan is None:
            return self.tr("&Write the documents")
        changed = [item for item in plan.items if item.action is not FileAction.UNCHANGED]
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
        self._typed()  # Enter in the field: what stands there counts
        state, plan = self._state(), self.exporter.plan
        if plan is None or not self.exporter.fits(state):
            self._ask(state)
            self._write_when_planned = True
            self._write_planned()  # it may have been made at once
        elif all(item.action is FileAction.UNCHANGED for item in plan.items):
            self._open()
        elif not ((self._rows.busy or self._unseen.isActive()) and self.exporter.replaces(plan)):
            # The same Enter or click that asked for a difference must not also accept it.
            self.exporter.write()
        return False

    def _write_planned(self) -> None:
        """Write was pressed while the plan was being made: write now, unless a file would be replaced unseen."""
        plan = self.exporter.plan
        if self._write_when_planned and plan is not None:
            self._write_when_planned = False
            if not self.exporter.replaces(plan) and any(
                item.action is FileAction.CREATE for item in plan.items
            ):
                self.exporter.write()

    def _ticked(self, wish: object) -> None:
        if isinstance(wish, ExportWish):
            self.context.store.edit(self.tr("Which documents"), export_wish=wish)

    def _planned(self) -> None:
        plan = self.exporter.plan
        if plan is None:
            return
        clear_layout(self._list)
        makers = ((lambda: rule(self), partial(self._file, item)) for item in plan.items)
        self._unseen.start(SEEN_AFTER_MS)
        self._rows.begin(itertools.chain.from_iterable(makers))
        done = all(item.action is FileAction.UNCHANGED for item in plan.items)
        self.end.setVisible(done)
        if done:
            folder = str(plan.folder)
            command = upload_command(self.context.store.project, folder, windows=os.name == "nt")
            self.end.show_done(folder, command)
        self.shape_changed.emit()
        self._write_planned()

    def _all_shown(self) -> None:
        self._unseen.start(SEEN_AFTER_MS)

    def _file(self, item: PlannedFile) -> Fold:
        action = {
            FileAction.CREATE: (Sign.OPEN, self.tr("new"), "small"),
            FileAction.UNCHANGED: (Sign.CLEAR, self.tr("up to date"), "clear"),
            FileAction.REPLACE: (Sign.LOOK, self.tr("will change"), "look"),
        }[item.action]
        withheld = " ".join(item.document.withheld)

        def fill(box: QVBoxLayout) -> None:
            pairs = side_by_side(item.difference)
            if pairs:
                box.addWidget(SideBySide(item.path.name, pairs[:_MOST_LINES], self))
            else:
                box.addWidget(label(item.difference, "small"))  # a PDF or a Word file has no lines to show

        fold = Fold(
            item.path.name,
            withheld or in_words(item.document.kind.why),
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
            fold.set_plain()
        return fold

    def _written(self, result: object) -> None:
        if not isinstance(result, ExportResult):
            return
        folder = next(iter((*result.written, *result.unchanged))).parent
        if _folder(self.context.store.project) == str(folder):
            self.context.store.edit(self.tr("Export"), export_folder=str(folder), written_to=str(folder))
        names = ", ".join(path.name for path in result.written[:_MOST_NAMED])
        said = self.tr("Written: {names}.").format(names=names)
        if len(more := result.written[_MOST_NAMED:]):
            said = self.tr("Written: {names} and {count} more.").format(names=names, count=len(more))
        self.context.board.tell(
            "clear",
            said,
            self.tr("They are in {folder}.").format(folder=folder),
        )
        self._compare_again()

    def _compare_again(self) -> None:
        if self._in_sight:
            self._ask(self._state(), anew=True)

    def _failed(self, error: Exception) -> None:
        self._nothing_planned()
        self.exporter.forget()
        errors.show(self.context.board, error)

    def _stopped(self) -> None:
        words = self.tr("Stopped. Nothing was written.")
        self.context.board.tell("look", words)
        self.path.setFocus()

    def _working(self, kind: str) -> None:
        if not kind:
            self.working.end()
            return
        name = self.tr("Comparing with the folder…") if kind == PLAN else self.tr("Writing…")
        self.working.begin(name, self.tr("Packing…") if kind == PACK else name)

    def _progress(self, progress: ExportProgress) -> None:
        words = self.tr("{name}, {done} of {total}").format(
            name=progress.name, done=progress.done + 1, total=progress.total
        )
        self.working.say(words, progress.done, progress.total)

    def _typed(self) -> None:
        folder = self.path.text().strip()
        if not folder:
            self._ask(None)
        elif folder != _folder(self.context.store.project):
            self.context.store.edit(
                self.tr("Folder for the documents"), merge="export_folder", export_folder=folder
            )

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for the documents"), self.path.text())
        if chosen:
            self.path.setText(chosen)
            self._typed()

    def _pack(self) -> None:
        plan = self.exporter.plan
        if plan is None:
            return
        start = plan.folder.parent / f"{plan.folder.name}-documents.zip"  # beside: an upload leaves it out
        kinds = self.tr("Zip files ({pattern})").format(pattern="*.zip")
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save as a zip file"), str(start), kinds)
        if chosen:
            self.exporter.pack(Path(chosen if chosen.lower().endswith(".zip") else f"{chosen}.zip"))

    def _packed(self, path: Path) -> None:
        self.context.board.tell("clear", self.tr("Saved {name}.").format(name=path.name))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.path.text()))


def _folder(project: Project) -> str:
    return project.export_folder or _default_folder(project)


def _default_folder(project: Project) -> str:
    """The model's own folder; not the app's bundled example, which nobody wants to write into."""
    if project.folder is None:
        return ""
    bundled = Path(str(resource("examples")))
    return "" if Path(project.folder).is_relative_to(bundled) else project.folder
