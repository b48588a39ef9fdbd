# SPDX-License-Identifier: Apache-2.0
"""Check your answers: every fact and answer with its source, and a way to change it that comes back here."""

from collections.abc import Iterator
from functools import partial

import shiboken6
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from core.domain.assessment import Assessment
from core.domain.known import Known
from core.domain.project import Project
from core.questions import QuestionKind, all_questions, build_question
from core.review import ReviewGroup, ReviewLine, ReviewSource, review
from gui.context import Context
from gui.fact_words import fact_value
from gui.pages.base import Page
from gui.tokens import UNIT
from gui.widgets.fact_row import Action, FactRow
from gui.widgets.kept_rows import Entry, KeptRows
from gui.widgets.text import label, rule


class ReviewPage(Page):
    """The last look before the verdict. Nothing is asked here; nothing here holds anybody up."""

    step = "review"
    needs_model = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._summary = label("", "quiet", self)
        self.box.addWidget(self._summary)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._rows = KeptRows(self._list, self)
        self.box.addLayout(self._list)
        self.box.addStretch(1)
        self._shown: tuple[ReviewGroup, ...] = ()
        self._buttons: dict[str, QPushButton] = {}

    def show_state(self, project: Project, assessment: Assessment | None) -> None:
        groups = review(project, assessment)
        if groups == self._shown and groups:
            return
        self._shown = groups
        self._summary.setText(self._counted(groups))
        self._rows.show(self._entries(groups, project))
        self.shape_changed.emit()

    def _entries(self, groups: tuple[ReviewGroup, ...], project: Project) -> Iterator[Entry]:
        for group in groups:
            yield f"{group.step}", group.title, partial(self._head, group.title)
            for line in group.lines:
                name = f"{group.step} {line.name or line.label}"
                yield f"{name} rule", None, partial(rule, self)
                yield name, line, partial(self._row, line, project)

    def _head(self, title: str) -> QWidget:
        head = label(title, "lead", self)
        head.setContentsMargins(0, UNIT * 3, 0, UNIT // 2)
        return head

    def focus_field(self, name: str) -> None:
        """Put the focus on the Change button of a line; a line that is gone leaves it where it is."""
        self._rows.finish()
        if (button := self._buttons.get(name)) is not None and shiboken6.isValid(button):
            button.setFocus()

    def _counted(self, groups: tuple[ReviewGroup, ...]) -> str:
        """How many lines come from whom, in words."""
        sources = [line.source for group in groups for line in group.lines]
        if not sources:
            return self.tr("Nothing is known yet. Choose a folder, or describe the model by hand.")
        words = {
            ReviewSource.FOUND: self.tr("{count} found"),
            ReviewSource.SAID: self.tr("{count} said by you"),
            ReviewSource.ASSUMED: self.tr("{count} assumed"),
            ReviewSource.UNKNOWN: self.tr("{count} you don't know"),
            ReviewSource.MISSING: self.tr("{count} not provided"),
        }
        counts = ((text, sources.count(source)) for source, text in words.items())
        said = ", ".join(text.format(count=count) for text, count in counts if count) + "."
        return said[:1].upper() + said[1:]

    def _row(self, line: ReviewLine, project: Project) -> FactRow:
        if line.source is ReviewSource.MISSING:
            value, role = self.tr("Not provided"), "quiet"
        elif line.source is ReviewSource.UNKNOWN:
            value, role = self.tr("You don't know"), "quiet"
        else:
            value, role = self._value(line, project), ""
        row = FactRow(
            line.label,
            value,
            line.source_words,
            remark=line.remark,
            value_role=role,
            action=self._action(line),
            parent=self,
        )
        if row.button is not None and line.name:
            self._buttons[line.name] = row.button
        return row

    def _action(self, line: ReviewLine) -> Action:
        if not line.step:
            return (
                self.tr("Take back"),
                self.tr("Takes this answer out. Undo brings it back."),
                lambda: self._take_back(line.name),
            )
        if not line.name:
            return (
                self.tr("See why"),
                self.tr("Shows what it was needed for. Continue comes back here."),
                lambda: self.jump.emit(line.step, ""),
            )
        return (
            self.tr("Change"),
            self.tr("Opens the page that asks for this. Continue comes back here."),
            lambda: self.jump.emit(line.step, line.name),
        )

    def _take_back(self, name: str) -> None:
        store = self.context.store  # a step of its own: not melted into the typing it takes back
        store.edit(self.tr("Take back"), answers=store.project.answers.with_answer(name, None))

    def _value(self, line: ReviewLine, project: Project) -> str:
        """The value in words; what was chosen from a reference table by its name there."""
        if line.name in all_questions() and isinstance(line.value, str):
            kind = build_question(line.name, Known(project)).kind
            if kind in (QuestionKind.ACCELERATOR, QuestionKind.LICENCE):
                return dict(self.context.lists[kind]).get(line.value, line.value)
        return fact_value(line.name, line.value)
