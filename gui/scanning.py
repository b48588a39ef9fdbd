# SPDX-License-Identifier: Apache-2.0
"""Reads a folder in the background and puts the result into the store as one undoable step."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.domain.answers import Answers
from core.domain.export_wish import ExportWish
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.files import is_folder
from gui.files import read_project
from gui.ground import SUFFIX
from gui.store import Store
from gui.tasks import IsCancelled, Progress, Tasks

KIND = "scan"


class Scanner(QObject):
    """`started(path)`, `progress(ScanProgress)`, then `finished()` or `failed(error)`; `ended()` always comes last."""

    started = Signal(str)
    progress = Signal(object)
    finished = Signal()
    opened = Signal(str)
    failed = Signal(object)
    ended = Signal()

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        prepare: Callable[[Project], object] = lambda _project: None,
        parent: QObject | None = None,
    ) -> None:
        """`prepare(project)` is called on the thread of the work with the project as it will be."""
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._prepare = prepare
        self._path = Path()
        self._stay = False

    @property
    def busy(self) -> bool:
        """Whether a folder is being read."""
        return self._tasks.running(KIND)

    def open(self, path: str) -> None:
        """Read a folder, a file of a model, or a saved project, whatever `path` is."""
        if path.endswith(SUFFIX):
            self._open_project(Path(path))
        else:
            with contextlib.suppress(RuntimeError):  # "~somebody" that nobody is: a name like any other
                path = str(Path(path).expanduser())
            self._read(Path(path), stay=False)

    def read_again(self) -> None:
        """Read the project's folder again (its base model's folder is known now); the page stays."""
        if self._store.project.folder is not None:
            self._read(Path(self._store.project.folder), stay=True)

    def _read(self, path: Path, *, stay: bool) -> None:
        self._path, self._stay = path, stay
        base = self._store.project.answers.base_folder if self._same_folder() else None
        self.started.emit(str(path))
        another = self._store.project.folder is not None and not self._same_folder()
        answers = Answers() if another else self._store.project.answers
        prepare = self._prepare

        def work(progress: Progress, cancelled: IsCancelled) -> ScanResult:
            result = _scan(path, base, progress, cancelled)
            prepare(Project(scan=result, answers=answers))
            return result

        self._tasks.start(
            KIND,
            work,
            done=self._done,
            failed=self.failed.emit,
            progress=self.progress.emit,
            ended=self.ended.emit,
        )

    def stop(self) -> None:
        """Stop reading; what was there before stays."""
        self._tasks.cancel(KIND)

    def _open_project(self, path: Path) -> None:
        try:
            project = read_project(path)
        except Exception as error:  # noqa: BLE001 - handed on: gui.errors raises what is no plain error
            self.failed.emit(error)
            self.ended.emit()
            return
        put_in_place(self._store, project, self.tr("Open project"))
        self.opened.emit(str(path))
        self.ended.emit()

    def _done(self, result: object) -> None:
        if not isinstance(result, ScanResult):
            return
        if result == self._store.project.scan:  # read again: the undo history keeps one of two alike
            result = self._store.project.scan
        folder = self._path if is_folder(self._path) else self._path.parent
        another = self._store.project.folder is not None and not self._same_folder()
        answers = Answers() if another else self._store.project.answers
        self._store.edit(
            self.tr("Read folder"),
            folder=str(folder.absolute()),
            scan=result,
            by_hand=False,
            answers=answers,
            export_folder=None if another else self._store.project.export_folder,
            written_to=None if another else self._store.project.written_to,
            export_wish=ExportWish() if another else self._store.project.export_wish,
            step=self._store.project.step if self._stay else "found",
        )
        self.finished.emit()

    def _same_folder(self) -> bool:
        known = self._store.project.folder
        folder = self._path if is_folder(self._path) else self._path.parent
        return known is not None and Path(known) == folder.absolute()


def put_in_place(store: Store, project: Project, text: str) -> None:
    """Show another project as one step named `text`; undo brings back what was there."""
    store.edit(text, **{name: getattr(project, name) for name in Project.model_fields if name != "format"})


def describe_by_hand(store: Store, text: str) -> None:
    """Begin a description without a folder; undo brings back what was there."""
    project = store.project
    if project.scan is None and project.by_hand:
        store.go("model")
        return
    put_in_place(store, Project(by_hand=True, step="model"), text)


def _scan(path: Path, base: str | None, progress: Progress, cancelled: IsCancelled) -> ScanResult:
    from core.scan import require_model, scan_path

    result = scan_path(path, base_folder=Path(base) if base else None, progress=progress, cancelled=cancelled)
    require_model(result)
    return result
