# SPDX-License-Identifier: Apache-2.0
"""Folder: drop it, choose it, or type its path. Reading goes on in the background and can be stopped."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from core.domain.assessment import Assessment
from core.domain.project import Project
from core.scan import ScanProgress
from gui.announce import announce
from gui.context import Context
from gui.pages.base import Page, ProblemPair
from gui.scanning import describe_by_hand
from gui.tokens import UNIT
from gui.widgets.drop_zone import DropZone
from gui.widgets.lines import leave_undo_to_window
from gui.widgets.text import label
from gui.widgets.working import Working


class FolderPage(Page):
    """The way in for files."""

    step = "folder"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.zone = DropZone(self)
        self.zone.dropped.connect(self.read)
        self.zone.refused.connect(lambda words: context.board.tell("look", words))
        self.box.addWidget(self.zone)
        self.box.addSpacing(UNIT * 3)
        caption = label(self.tr("Or give its path"), "strong", self)
        self.box.addWidget(caption)
        self.box.addSpacing(UNIT // 2)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("Path of the folder"))
        self.path.setAccessibleDescription(self.tr("Type or paste the path, then go on"))
        self.path.textEdited.connect(self._typed)
        leave_undo_to_window(self.path)
        caption.setBuddy(self.path)
        self.choose = QPushButton(self.tr("Choose a fo&lder…"), self)
        self.choose.clicked.connect(self._choose)
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        self.box.addLayout(row)
        self.box.addSpacing(UNIT)
        self.hand = QPushButton(self.tr("No folder? &Describe the model by hand"), self)
        self.hand.setProperty("role", "link")
        self.hand.clicked.connect(self._by_hand)
        line = QHBoxLayout()
        line.addWidget(self.hand)
        line.addStretch(1)
        self.box.addLayout(line)
        self.working = Working(self.tr("Stops reading. What you had before stays."), self)
        self.working.stopped.connect(self._stop)
        self.box.addWidget(self.working)
        self.box.addStretch(1)
        self._problem = ""
        self._pending = ""
        scanner = context.scanner
        scanner.started.connect(self._started)
        scanner.progress.connect(self._progress)
        scanner.failed.connect(self._failed)
        scanner.finished.connect(self._read)
        scanner.ended.connect(self._ended)

    def show_state(self, project: Project, _assessment: Assessment | None) -> None:
        if not self._pending:
            self.path.setText(project.folder or "")

    def read(self, path: str) -> None:
        """Start reading `path`."""
        self.path.setText(path)
        self._pending = path
        self.context.scanner.open(path)

    def pending_problems(self) -> tuple[ProblemPair, ...]:
        return (("path", self._problem),) if self._problem else ()

    def focus_field(self, _name: str) -> None:
        self.path.setFocus()

    def initial_focus(self) -> QWidget | None:
        return self.path

    def takes_over(self) -> bool:
        typed = self.path.text().strip()
        return bool(typed) and typed != (self.context.store.project.folder or "")

    def go_on(self) -> bool:
        if self.takes_over():
            self.read(self.path.text().strip())
            return False
        return not self.context.scanner.busy

    def _typed(self, written: str) -> None:
        self._pending = written
        self._problem = ""

    def _choose(self) -> None:
        start = self.context.store.project.folder or str(Path.home())
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose your model's folder"), start)
        if chosen:
            self.read(chosen)

    def _by_hand(self) -> None:
        self._pending = ""
        describe_by_hand(self.context.store, self.tr("Describe by hand"))

    def _started(self, path: str) -> None:
        self.path.setText(path)
        self.working.begin(self.tr("Reading the folder"), self.tr("Looking…"))

    def _progress(self, progress: ScanProgress) -> None:
        self.working.say(self.tr("{count} files seen").format(count=progress.files_seen))

    def _failed(self, _error: object) -> None:
        self._pending = self.path.text()

    def _stop(self) -> None:
        self.context.scanner.stop()
        self.path.setFocus()
        announce(self, self.tr("Stopped. Nothing was changed."))
        self.context.board.tell("look", self.tr("Reading was stopped."), self.tr("Nothing was changed."))

    def _ended(self) -> None:
        self.working.end()

    def _read(self) -> None:
        self._pending = ""
        self.path.setText(self.context.store.project.folder or "")
