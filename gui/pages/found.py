# SPDX-License-Identifier: Apache-2.0
"""What we found: each fact with its file and key, disagreements, and what could not be read."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.fact import AnyFact, Conflict
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import FileRecord, ScanResult
from core.questions import all_questions, build_question
from gui.context import Context
from gui.fact_words import fact_label, fact_value
from gui.pages.base import Page
from gui.store import AnswerRefused
from gui.tokens import UNIT
from gui.widgets.fact_row import Action, FactRow
from gui.widgets.fold import Fold
from gui.widgets.form import FormRow
from gui.widgets.gradual import Gradual, Make
from gui.widgets.mark import Sign
from gui.widgets.text import label, put_in_place_of, rule


class FoundPage(Page):
    """Confirm what the files say instead of being asked."""

    step = "found"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._summary = label("", "quiet", self)
        self._summary.setContentsMargins(0, 0, 0, UNIT * 2)
        self.box.addWidget(self._summary)
        self._holder = QWidget(self)
        self._list = QVBoxLayout(self._holder)
        self.box.addWidget(self._holder)
        self.box.addStretch(1)
        self._rows = Gradual(self._add, self)
        self._shown: tuple[ScanResult | None, Answers, str] | None = None
        self._correcting = ""
        self._editing: FormRow | None = None

    def show_state(self, project: Project, _assessment: Assessment | None) -> None:
        wanted = (project.scan, project.answers, self._correcting)
        if project.scan is None or wanted == self._shown:
            return
        if self._editing is not None and self._shown is not None and self._shown[0] == project.scan:
            name = self._editing.question.name
            self._editing.show_answer(getattr(project.answers, name), name in project.answers.dont_know)
            self._shown = wanted
            return
        self._shown = wanted
        self._rebuild(project)

    def left(self) -> None:
        self._close_editor()

    def initial_focus(self) -> QWidget | None:
        return None  # nothing has to be filled in here: Continue is the first thing to press

    def focus_field(self, name: str) -> None:
        if name in all_questions():
            self._correct(name)

    def _rebuild(self, project: Project) -> None:
        scan = project.scan
        if scan is None:
            return
        self._empty()
        self._editing = None
        read = sum(1 for record in scan.files if record.outcome == "read")
        said = (
            self.tr("{name}: {facts} facts from one file.")
            if read == 1
            else self.tr("{name}: {facts} facts from {files} files.")
        )
        self._summary.setText(said.format(name=scan.folder_name, facts=len(scan.facts), files=read))
        self._rows.begin(self._makers(scan, project))
        if self._correcting:
            self._rows.finish()  # the field that is wanted may be far down

    def _empty(self) -> None:
        """A fresh place for the rows: the old one goes as a whole, which is quicker than row by row."""
        former, self._holder = self._holder, QWidget(self)
        self._list = QVBoxLayout(self._holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        put_in_place_of(former, self._holder, self.box)

    def _makers(self, scan: ScanResult, project: Project) -> Iterator[Make]:
        """One call per row, in reading order."""
        for conflict in scan.conflicts:
            yield partial(self._conflict, conflict, project)
        for record in scan.unreadable:
            yield partial(self._unreadable, record)
        for fact in scan.facts:
            if fact.name in Answers.model_fields:
                yield partial(self._row, fact, project)
        rest = [fact for fact in scan.facts if fact.name not in Answers.model_fields]
        if rest:
            yield partial(self._others, rest)
        if scan.notes:
            yield partial(self._notes, scan.notes)

    def _add(self, widget: QWidget) -> None:
        if self._list.count():
            self._list.addWidget(rule(self))
        self._list.addWidget(widget)

    def _row(self, fact: AnyFact, project: Project) -> QWidget:
        name = fact.name
        if name == self._correcting:
            return self._editor(name, project)
        said = getattr(project.answers, name)
        action: Action | None = None
        if said is not None:
            action = (
                self.tr("Use the file"),
                self.tr("Takes your correction back"),
                lambda: self._use_file(name),
            )
            known = Known(project).get(name)
            same = (list(said) if isinstance(said, tuple) else said) == fact.value
            return FactRow(
                fact_label(name),
                fact_value(name, known.value if known is not None else None),
                self.tr("you said, and {origin}").format(origin=fact.origin.describe())
                if same
                else self.tr("you said"),
                remark=""
                if same
                else self.tr("{origin} says {value}").format(
                    origin=fact.origin.describe(), value=fact_value(name, fact.value)
                ),
                action=action,
                parent=self,
            )
        if name in all_questions():
            action = (
                self.tr("Correct"),
                self.tr("Opens a field for the right value"),
                lambda: self._correct(name),
            )
        return FactRow(
            fact_label(name), fact_value(name, fact.value), fact.origin.describe(), action=action, parent=self
        )

    def _editor(self, name: str, project: Project) -> QWidget:
        holder = QWidget(self)
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, UNIT)
        row = FormRow(build_question(name, Known(project)), self.context.lists, holder)
        row.answered.connect(self._answered)
        row.unknown.hide()  # the file gave a value: there is something to correct, not to know
        row.show_answer(getattr(project.answers, name), name in project.answers.dont_know)
        box.addWidget(row)
        done = QPushButton(self.tr("Done"), holder)
        done.setProperty("role", "small")
        done.setAccessibleName(self.tr("Done: {label}").format(label=fact_label(name)))
        done.clicked.connect(self._close_editor)
        box.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)
        self._editing = row
        return holder

    def _conflict(self, conflict: Conflict, project: Project) -> Fold:
        def fill(box: QVBoxLayout) -> None:
            if conflict.why_first:
                box.addWidget(label(conflict.why_first, "small"))
            for place, fact in enumerate(conflict.facts):
                box.addWidget(self._reading(conflict.name, fact, used=place == 0, project=project))

        readings = " · ".join(dict.fromkeys(fact_value(conflict.name, fact.value) for fact in conflict.facts))
        fold = Fold(
            self.tr("{label}: your files disagree").format(label=fact_label(conflict.name)),
            readings,
            fill,
            sign=Sign.LOOK,
            remark=self.tr("look here"),
            remark_role="look",
            more=self.tr("Choose"),
            parent=self,
        )
        fold.set_open(len(readings) < 60)
        return fold

    def _reading(self, name: str, fact: AnyFact, *, used: bool, project: Project) -> QWidget:
        said = getattr(project.answers, name, None) if name in Answers.model_fields else None
        chosen = said == fact.value if said is not None else used
        action: Action | None = None
        if not chosen and name in Answers.model_fields:
            action = (
                self.tr("Use this"),
                self.tr("Takes this value instead"),
                lambda: self._use_file(name) if used else self._answered(name, fact.value),
            )
        shown = fact_value(name, fact.value)
        return FactRow(
            self.tr("used now") if chosen else self.tr("other reading"),
            shown,
            fact.origin.describe(),
            action=action,
            action_name=shown,
            parent=self,
        )

    def _unreadable(self, record: FileRecord) -> Fold:
        def fill(box: QVBoxLayout) -> None:
            for part in (record.why, record.todo):
                if part:
                    box.addWidget(label(part))

        return Fold(
            self.tr("{file} could not be read").format(file=record.path),
            record.what,
            fill,
            sign=Sign.LOOK,
            remark=self.tr("look here"),
            remark_role="look",
            more=self.tr("What to do"),
            parent=self,
        )

    def _others(self, facts: list[AnyFact]) -> Fold:
        def fill(box: QVBoxLayout) -> None:
            Gradual(box.addWidget, box).begin(
                partial(
                    FactRow, fact_label(fact.name), fact_value(fact.name, fact.value), fact.origin.describe()
                )
                for fact in facts
            )

        return Fold(
            self.tr("{count} more from your files").format(count=len(facts)),
            self.tr("Used for the calculation and the model card."),
            fill,
            more=self.tr("Show"),
            parent=self,
        )

    def _notes(self, notes: tuple[str, ...]) -> Fold:
        def fill(box: QVBoxLayout) -> None:
            for note in notes:
                box.addWidget(label(note, "quiet"))

        return Fold(self.tr("Notes from reading"), notes[0], fill, more=self.tr("Show"), parent=self)

    def _correct(self, name: str) -> None:
        self._correcting = name
        self.show_state(self.context.store.project, None)
        self.shape_changed.emit()
        if self._editing is not None:
            self._editing.first_control.setFocus()

    def _close_editor(self) -> None:
        if self._correcting:
            self._correcting, self._editing = "", None
            self.show_state(self.context.store.project, None)
            self.shape_changed.emit()

    def _use_file(self, name: str) -> None:
        self.context.store.answer(name, None, self.tr("Use the file"))

    def _answered(self, name: str, value: Any) -> None:
        fitted = tuple(value) if isinstance(value, list) else value
        try:
            self.context.store.answer(name, fitted, self.tr("Correct"))
        except AnswerRefused as refused:
            if self._editing is not None:
                self._editing.show_problem(str(refused))
