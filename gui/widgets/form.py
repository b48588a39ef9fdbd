# SPDX-License-Identifier: Apache-2.0
"""One row of a form: label, why we ask, the editor, the unit, "I don't know" and what it leads to.

Every row is built here, so that buddy, accessible name, description and tab order are never forgotten.
"""

import itertools
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from core.questions import Question
from gui.fact_words import fact_value
from gui.tokens import UNIT
from gui.widgets.discloser import Discloser
from gui.widgets.inputs import editor_for
from gui.widgets.lines import Editor, LineEditor
from gui.widgets.option import WORDS
from gui.widgets.picks import PickEditor
from gui.widgets.text import empty_layout, label, plain_mnemonic, rule

Lists = dict[str, Sequence[tuple[str, str]]]
_STACKED_BELOW = 560
_LARGE = 26
"""Pixels of a line of text above which a field needs its whole line."""


class FormRow(QWidget):
    """A question. `answered(name, value)` and `not_known(name, yes)` say what the person did."""

    answered = Signal(str, object)
    not_known = Signal(str, bool)

    def __init__(
        self,
        question: Question,
        lists: Lists,
        parent: QWidget | None = None,
        *,
        narrow: bool = False,
        about: str = "",
    ) -> None:
        """`narrow` where the row stands in a column: "I don't know" goes below the field. `about` what the answer is for, where
        the same question may stand twice."""
        super().__init__(parent)
        self.question = question
        self._narrow = narrow
        self._about = f"{about}." if about else ""
        self._stacked: bool | None = None
        self._answered = False
        self._build_words()
        self.editor: Editor = editor_for(question, lists, self)
        self.unknown = QCheckBox(self.tr("I don't know"), self)
        self.unknown.setProperty("role", "unknown")
        self.unknown.setVisible(bool(question.unknown))
        self.problem = label("", "problem", self)
        self.problem.hide()
        self.consequence = label(question.unknown, "small", self)
        self.consequence.hide()
        self.found = label("", "small", self)
        self.found.setVisible(bool(question.found))
        if question.found is not None:
            self.found.setText(
                self.tr("{origin} says {value}").format(
                    origin=question.found.origin.describe(),
                    value=fact_value(question.name, question.found.value),
                )
            )
        self._lay_out()
        self._name_everything()
        self.editor.edited.connect(self._edited)
        self.editor.spoiled.connect(self._spoiled)
        self.unknown.clicked.connect(lambda checked: self.not_known.emit(self.question.name, checked))

    @property
    def first_control(self) -> QWidget:
        """Where the focus goes."""
        return self.editor.controls()[0]

    def tab_order(self) -> tuple[QWidget, ...]:
        """The controls in reading order."""
        return (*self.editor.controls(), self.unknown)

    def show_answer(self, value: Any, unknown: bool) -> None:
        """Show the answer as the project has it."""
        self._answered = value is not None
        self.editor.show_value(value)
        self.unknown.setChecked(unknown)
        self.consequence.setVisible(unknown)
        if value is not None or unknown:
            self._clear_problem()

    def show_problem(self, message: str) -> None:
        """Show a message beside the field; an empty one takes it away."""
        self.problem.setText(message)
        self.problem.setVisible(bool(message))
        self.editor.set_wrong(bool(message))
        described = " ".join(part for part in (message, self._about, self.question.why) if part)
        for control in self.editor.controls():
            control.setAccessibleDescription(described)

    def refuse(self, message: str) -> None:
        """What was typed does not fit the field; it is told on Continue and the text stays."""
        self.editor.problem = message

    def forget(self) -> None:
        """Drop what was typed: the person does not know."""
        self.editor.problem = ""
        self.editor.clear()

    @property
    def in_use(self) -> bool:
        """Whether there is an answer, "I don't know" or something half-typed here."""
        return self._answered or self.unknown.isChecked() or bool(self.editor.problem)

    def pending_problem(self) -> str:
        """What does not fit in the field as it is now; empty when all is well."""
        return self.editor.problem

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        stacked = event.size().width() < _STACKED_BELOW
        if stacked != self._stacked:
            self._stacked = stacked
            self._place(stacked)

    def _build_words(self) -> None:
        self.label = label(plain_mnemonic(self.question.label), "strong", self)
        self.why = label(self.question.why, "small", self)

    def _lay_out(self) -> None:
        self._words = QWidget(self)
        words = QVBoxLayout(self._words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        words.addWidget(self.label)
        words.addWidget(self.why)
        words.addStretch(1)
        self._field = QWidget(self)
        field = QVBoxLayout(self._field)
        field.setContentsMargins(0, 0, 0, 0)
        field.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        line.addWidget(self.editor, 1)
        if self.question.unit:
            line.addWidget(label(self.question.unit, "quiet", self, wrap=False))
        one_line = isinstance(self.editor, LineEditor | PickEditor)
        beside = (
            one_line and not self._narrow and self.fontMetrics().height() <= _LARGE
        )  # there is room at its end
        if beside:
            line.addWidget(self.unknown)
        field.addLayout(line)
        field.addWidget(self.found)
        field.addWidget(self.problem)
        know = QHBoxLayout()
        know.setSpacing(UNIT)
        if not beside:
            know.addWidget(self.unknown, 0, Qt.AlignmentFlag.AlignTop)
        know.addWidget(self.consequence, 1, Qt.AlignmentFlag.AlignVCenter)
        if not self.consequence.text():
            know.addStretch(1)
        field.addLayout(know)
        field.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, UNIT, 0, UNIT)
        self._grid.setHorizontalSpacing(UNIT * 4)
        self._grid.setVerticalSpacing(UNIT)
        self._place(stacked=False)

    def _place(self, stacked: bool) -> None:
        for part in (self._words, self._field):
            self._grid.removeWidget(part)
        self._grid.addWidget(self._words, 0, 0)
        self._grid.addWidget(self._field, *((1, 0) if stacked else (0, 1)))
        self._grid.setColumnStretch(0, 5)
        self._grid.setColumnStretch(1, 0 if stacked else 7)

    def _name_everything(self) -> None:
        self.label.setBuddy(self.first_control)
        controls = self.editor.controls()
        for control in controls:
            own = control.property(WORDS)
            name = f"{self.question.label} {own}" if own and len(controls) > 1 else self.question.label
            control.setAccessibleName(" ".join(part for part in (name, self.question.unit) if part))
            control.setAccessibleDescription(f"{self._about} {self.question.why}".strip())
            inner = control.lineEdit() if isinstance(control, QComboBox) else None
            if inner is not None:  # a child of its own for a screen reader
                inner.setAccessibleName(control.accessibleName())
        self.unknown.setAccessibleName(f"{self.unknown.text()}: {self.question.label}")
        self.unknown.setAccessibleDescription(
            " ".join(part for part in (self._about, self.question.unknown) if part)
        )

    def _edited(self, value: object) -> None:
        self._clear_problem()
        self.answered.emit(self.question.name, value)

    def _spoiled(self) -> None:
        self._clear_problem()  # told on Continue, not while typing

    def _clear_problem(self) -> None:
        if self.problem.text() and not self.editor.problem:
            self.show_problem("")


class Form(QWidget):
    """Rows for the questions of a page. Rows that stay are kept, with focus and half-typed text."""

    answered = Signal(str, object)
    not_known = Signal(str, bool)
    reordered = Signal()

    def __init__(self, lists: Lists, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lists = lists
        self._rows: dict[str, FormRow] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._more = Discloser("", self)
        self._more.opened.connect(lambda _open: self._show_rest())
        self._more.hide()
        self._needed = 0
        self._rules: list[tuple[QWidget, FormRow]] = []

    @property
    def rows(self) -> tuple[FormRow, ...]:
        """The rows in reading order: what is needed first."""
        return tuple(self._rows.values())

    def row(self, name: str) -> FormRow | None:
        """The row of one question."""
        return self._rows.get(name)

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Show these questions, those that are needed first."""
        needed = [question for question in questions if not question.optional]
        rest = [question for question in questions if question.optional]
        wanted = [*needed, *rest]
        if [row.question for row in self.rows] == wanted:
            return
        kept = self._rows
        self._rows = {}
        for question in wanted:
            former = kept.pop(question.name, None)
            if former is not None and former.question != question:
                former.hide()
                former.deleteLater()
                former = None
            self._rows[question.name] = former or self._made(question)
        focus = QApplication.focusWidget()
        for name, gone in kept.items():
            if focus is not None and gone.isAncestorOf(focus):
                self._rows[name] = gone  # somebody is typing there: it goes once they have left it
                continue
            gone.hide()
            gone.deleteLater()
        self._arrange(len(needed))

    def pending_problems(self) -> tuple[tuple[str, str], ...]:
        """(name, message) of every field whose text does not fit."""
        return tuple(
            (name, row.pending_problem()) for name, row in self._rows.items() if row.pending_problem()
        )

    def _made(self, question: Question) -> FormRow:
        row = FormRow(question, self._lists, self)
        row.answered.connect(self.answered)
        row.not_known.connect(self.not_known)
        return row

    def _arrange(self, needed: int) -> None:
        empty_layout(self._box)
        for line, _ in self._rules:
            line.hide()  # at once: it would lie across the rows until the event loop deletes it
            line.deleteLater()
        self._rules = []
        rows = self.rows
        self._needed = needed
        self._more.setVisible(0 < needed < len(rows))
        for place, row in enumerate(rows):
            if place == needed and needed > 0:
                self._box.addSpacing(UNIT)
                self._box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
            if place not in (0, needed) or (place == needed and needed > 0):
                line = rule(self)
                self._rules.append((line, row))
                self._box.addWidget(line)
            self._box.addWidget(row)
            row.show()
        self._box.addStretch(1)
        self._show_rest()
        order = [control for row in rows for control in row.tab_order()]
        if 0 < needed < len(rows):  # the button stands before the rows that it shows
            order.insert(sum(len(row.tab_order()) for row in rows[:needed]), self._more)
        for one, other in itertools.pairwise(order):
            QWidget.setTabOrder(one, other)
        self.reordered.emit()

    def show_row(self, name: str) -> None:
        """Bring a row into sight that stands among those nobody needs."""
        row = self._rows.get(name)
        if row is not None and row.isHidden():
            self._more.set_open(True)

    def show_answered(self) -> None:
        """Bring rows into sight that have an answer by now."""
        self._show_rest()

    def _show_rest(self) -> None:
        """Show or hide the questions nobody needs; those already answered, or half-answered, are always in sight."""
        rest = self.rows[self._needed :]
        folded = self._needed > 0 and not self._more.is_open
        focus = QApplication.focusWidget()
        for row in rest:
            row.setVisible(not folded or row.in_use or (focus is not None and row.isAncestorOf(focus)))
        for line, row in self._rules:
            line.setVisible(not row.isHidden())
        hidden = sum(1 for row in rest if row.isHidden())
        self._more.setText(
            self.tr("If you like: {count} more").format(count=hidden) if hidden else self.tr("Show fewer")
        )
        self._more.setVisible(0 < self._needed < len(self.rows) and (hidden > 0 or self._more.is_open))
