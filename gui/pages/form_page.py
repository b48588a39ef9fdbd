# SPDX-License-Identifier: Apache-2.0
"""Your model, How it was trained, Release: questions from core.questions, shown as one form."""

from typing import Any

from PySide6.QtWidgets import QWidget

from core.domain.assessment import Assessment
from core.domain.known import Known
from core.domain.project import Project
from core.questions import questions_for
from core.relevance import trained
from gui.context import Context
from gui.pages.base import Page, ProblemPair
from gui.store import AnswerRefused
from gui.widgets.form import Form
from gui.widgets.text import label


class FormPage(Page):
    """The questions of one step."""

    def __init__(self, step: str, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.step = step
        self.form = Form(context.lists, self)
        self.form.answered.connect(self._answered)
        self.form.not_known.connect(lambda name, yes: self.not_known(self.form.row(name), name, yes))
        self.form.reordered.connect(self.shape_changed)
        self._nothing = label("", "lead", self)
        self.box.addWidget(self._nothing)
        self.box.addWidget(self.form)
        self.box.addStretch(1)

    def show_state(self, project: Project, assessment: Assessment | None) -> None:
        questions = questions_for(self.step, project, assessment)
        self.form.show_questions(questions)
        self._nothing.setText(
            self.tr("You did no training of your own, so nothing is asked here. Go on.")
            if self.step == "training" and not trained(Known(project), assessment)
            else self.tr("Your files answered everything here. Go on.")
        )
        self._nothing.setVisible(not questions)
        for row in self.form.rows:
            name = row.question.name
            row.show_answer(getattr(project.answers, name), name in project.answers.dont_know)
        self.form.show_answered()

    def pending_problems(self) -> tuple[ProblemPair, ...]:
        return self.form.pending_problems()

    def show_problems(self, problems: tuple[ProblemPair, ...]) -> None:
        messages = dict(problems)
        for row in self.form.rows:
            row.show_problem(messages.get(row.question.name, ""))

    def focus_field(self, name: str) -> None:
        row = self.form.row(name)
        if row is not None:
            self.form.show_row(name)
            row.first_control.setFocus()

    def initial_focus(self) -> QWidget | None:
        rows = self.form.rows
        answers = self.context.store.project.answers
        waiting = (
            row
            for row in rows
            if not row.question.optional
            and getattr(answers, row.question.name) is None
            and row.question.name not in answers.dont_know
        )
        first = next(waiting, rows[0] if rows else None)
        return first.first_control if first is not None else None

    def _answered(self, name: str, value: Any) -> None:
        row = self.form.row(name)
        try:
            self.context.store.answer(name, value, self.tr("Answer"))
        except AnswerRefused as refused:
            if row is not None:
                row.refuse(str(refused))
            return
        if name == "base_folder" and value:
            self.context.scanner.read_again()
