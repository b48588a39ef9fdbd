# SPDX-License-Identifier: Apache-2.0
"""Comparing, writing and packing in the background. A plan is good only for the state it was made from.

What is written is always what the project says at that moment: a plan of an older state is dropped as soon as the
state is another one, also while the newer plan is still being made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.documents import (
    ExportPlan,
    ExportProgress,
    FileAction,
    Format,
    export,
    package_bytes,
    plan_export,
)
from core.domain.assessment import Assessment
from core.domain.project import Project
from core.errors import Cancelled
from gui.files import write_atomically
from gui.tasks import IsCancelled, Progress, Tasks

PLAN, WRITE, PACK = "plan", "export", "pack"


@dataclass(frozen=True)
class Wanted:
    """Everything the bytes of an export depend on, apart from what stands in the folder."""

    project: Project
    assessment: Assessment
    folder: str
    only: tuple[str, ...]
    formats: tuple[Format, ...]


def wanted(project: Project, assessment: Assessment, folder: str) -> Wanted | None:
    """What this state asks for; None when there is no folder or nothing is ticked."""
    wish = project.export_wish
    only, formats = wish.documents(assessment.documents), tuple(Format(one) for one in wish.formats)
    if not folder or not only or not formats:
        return None
    # Which page is open and what was written last say nothing about the documents.
    bare = project.replace(step="export", export_folder=folder, written_to=None)
    return Wanted(project=bare, assessment=assessment, folder=folder, only=only, formats=formats)


class Exporter(QObject):
    """`planned`, `written(ExportResult)`, `packed(Path)`, `failed(error)`, `stopped`; `working(kind)`, "" when it rests."""

    planned = Signal()
    written = Signal(object)
    packed = Signal(object)
    failed = Signal(object)
    stopped = Signal()
    progress = Signal(object)
    working = Signal(str)

    def __init__(self, tasks: Tasks, app_version: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._app_version = app_version
        self._wanted: Wanted | None = None
        self._plan: ExportPlan | None = None
        self._stopping = False

    @property
    def plan(self) -> ExportPlan | None:
        """The plan of the state last asked for; None while it is being made."""
        return self._plan

    @property
    def kind(self) -> str:
        """What is under way: PLAN, WRITE, PACK or nothing."""
        return next((kind for kind in (WRITE, PACK, PLAN) if self._tasks.running(kind)), "")

    def fits(self, state: Wanted | None) -> bool:
        """Whether the plan in hand was made from this state."""
        return state is not None and self._plan is not None and state == self._wanted

    def ask(self, state: Wanted | None, *, anew: bool = False) -> None:
        """Plan for this state, unless that is done or under way. An older plan is gone at once."""
        if state == self._wanted and not anew and (self._plan is not None or self._tasks.running(PLAN)):
            return
        self._wanted, self._plan = state, None
        self._tasks.cancel(PLAN)
        if state is None:
            return
        version = self._app_version

        def work(progress: Progress, cancelled: IsCancelled) -> ExportPlan:
            from gui.printing import print_pdf

            return plan_export(
                state.project,
                state.assessment,
                Path(state.folder),
                state.only,
                app_version=version,
                formats=state.formats,
                printer=print_pdf,
                progress=progress,
                cancelled=cancelled,
            )

        self._begin(PLAN, work, lambda plan: self._planned(state, plan))

    def write(self) -> None:
        """Write the plan in hand; a second wish while that is going on is the same wish."""
        plan = self._plan
        if plan is None or self._tasks.running(WRITE):
            return
        self._begin(
            WRITE,
            lambda progress, cancelled: export(
                plan, accept_changes=True, progress=progress, cancelled=cancelled
            ),
            self.written.emit,
        )

    def pack(self, path: Path) -> None:
        """Write the documents of the plan in hand as one zip file."""
        plan, state = self._plan, self._wanted
        if plan is None or state is None or self._tasks.running(PACK):
            return
        on = state.assessment.on

        def work(_progress: Progress, cancelled: IsCancelled) -> Path:
            data = package_bytes(plan, on)
            if cancelled():
                raise Cancelled("")
            write_atomically(path, data)
            return path

        self._begin(PACK, work, self.packed.emit)

    def stop(self) -> None:
        """Ask what is under way to stop. What cannot be stopped any more comes to its end and is told."""
        self._stopping = True
        for kind in (WRITE, PACK, PLAN):
            self._tasks.ask_to_stop(kind)

    def forget(self) -> None:
        """Drop the plan and stop making one: the page goes out of sight. A writing goes on to its end."""
        self._tasks.cancel(PLAN)
        self._wanted, self._plan = None, None

    @staticmethod
    def replaces(plan: ExportPlan) -> bool:
        """Whether a file that stands there would change."""
        return any(item.action is FileAction.REPLACE for item in plan.items)

    def _begin(
        self, kind: str, work: Callable[[Progress, IsCancelled], object], done: Callable[[object], None]
    ) -> None:
        said: list[str] = []
        self._stopping = False

        def ended() -> None:
            self.working.emit(self.kind)
            if not said and self._stopping:
                self.stopped.emit()

        def finished(result: object) -> None:
            said.append("done")
            done(result)

        def failed(error: Exception) -> None:
            said.append("failed")
            self.failed.emit(error)

        self._tasks.start(
            kind,
            work,
            done=finished,
            failed=failed,
            progress=lambda value: self.progress.emit(value) if isinstance(value, ExportProgress) else None,
            ended=ended,
        )
        self.working.emit(self.kind)

    def _planned(self, state: Wanted, plan: object) -> None:
        if isinstance(plan, ExportPlan) and state == self._wanted:
            self._plan = plan
            self.planned.emit()
