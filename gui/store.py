# SPDX-License-Identifier: Apache-2.0
"""The one place that changes the project. A page calls `edit`, `answer`, `dont_know` or `go`, nothing else."""

from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.domain.project import Project

UNDO_STEPS = 500
"""Steps that can be undone. Each keeps two snapshots of the answers; what was read from a folder is shared between them."""


class AnswerRefused(ValueError):
    """A value that does not fit its field; the message is one plain sentence."""


class _Edit(QUndoCommand):
    """Two snapshots of the frozen project. Consecutive edits of the same field are one: the first is `amended`.

    Not by mergeWith: PySide never lets go of a command that was melted into another, and each holds a whole project.
    """

    def __init__(self, store: "Store", before: Project, after: Project, text: str, key: str) -> None:
        super().__init__(text)
        self._store = store
        self._before = before
        self._after = after
        self.key = key

    def redo(self) -> None:
        self._store._put(self._after)

    def undo(self) -> None:
        self._store._put(self._before)

    def amend(self, after: Project) -> None:
        """End at `after` instead, and do it."""
        self._after = after
        self.redo()


class Store(QObject):
    """Holds the project and its history. `changed(old, new)` tells everybody."""

    changed = Signal(object, object)
    replaced = Signal()
    """Another project was loaded: history starts anew."""

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project or Project()
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(UNDO_STEPS)

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def history(self) -> QUndoStack:
        """The undo stack, for the Edit menu."""
        return self._stack

    def edit(self, text: str, *, merge: str = "", **changes: Any) -> None:
        """Change fields of the project as one undoable step named `text`.

        Edits in a row with the same `merge` key on the same page become one step.
        Raises AnswerRefused when a value does not fit.
        """
        try:
            after = self._project.replace(**changes)
        except ValidationError as error:
            raise AnswerRefused(_reason(error)) from error
        if after == self._project:
            return
        key = f"{merge}@{self._project.step}" if merge else ""
        last = self._last()
        if key and last is not None and last.key == key:
            last.amend(after)
        else:
            self._stack.push(_Edit(self, self._project, after, text, key))

    def answer(self, name: str, value: Any, text: str = "") -> None:
        """Answer one question; None clears it. Raises AnswerRefused when the value does not fit."""
        try:
            answers = self._project.answers.with_answer(name, value)
        except ValidationError as error:
            raise AnswerRefused(_reason(error)) from error
        self.edit(text or self.tr("Answer"), merge=f"answer:{name}", answers=answers)

    def dont_know(self, name: str, text: str = "") -> None:
        """Answer one question with "I don't know"."""
        answers = self._project.answers.with_dont_know(name)
        self.edit(text or self.tr("I don't know"), answers=answers)

    def go(self, step: str) -> None:
        """Open a page. Moving is not an edit; but undoing an edit goes back to the page where it was made."""
        if step != self._project.step:
            self._put(self._project.replace(step=step))

    def load(self, project: Project) -> None:
        """Take another project; its history is empty."""
        self._stack.clear()
        self._put(project)
        self._stack.setClean()
        self.replaced.emit()

    def _last(self) -> _Edit | None:
        """The edit that brought the project to where it is; None when it was undone, saved or not made here."""
        done, stack = self._stack.index(), self._stack
        if done in (0, stack.cleanIndex()) or done != stack.count():
            return None
        last = stack.command(done - 1)
        return last if isinstance(last, _Edit) else None

    def _put(self, project: Project) -> None:
        old, self._project = self._project, project
        if old != project:
            self.changed.emit(old, project)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    limits = first.get("ctx", {})
    if "ge" in limits:
        return f"Give a number of {limits['ge']} or more."
    if "gt" in limits:
        return f"Give a number above {limits['gt']}."
    if "le" in limits or "lt" in limits:
        return "This number is too large."
    return "This does not fit here."
