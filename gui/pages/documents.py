# SPDX-License-Identifier: Apache-2.0
"""Documents: a list, a live preview, and what is still missing with a way to answer on the spot."""

import itertools
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from core.documents.provenance import Source, spans
from core.documents.side_by_side import LinePair
from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.document import DocumentKind, Gap, RenderedDocument, Severity
from core.domain.known import Known
from core.domain.project import Project
from core.errors import WeighbridgeError
from core.form_questions import TOGETHER, form_question
from core.questions import Question, all_questions, build_question
from core.texts import in_words
from gui import errors
from gui.context import Context
from gui.drawing import DRAW, MARK, Drawing, drawing
from gui.pages.base import Page
from gui.store import AnswerRefused
from gui.tokens import UNIT
from gui.widgets.fold import Fold
from gui.widgets.form import FormRow
from gui.widgets.full_list import FullList
from gui.widgets.gradual import Gradual
from gui.widgets.mark import Sign
from gui.widgets.preview import Preview, is_markdown, is_page
from gui.widgets.side_by_side import SideBySide
from gui.widgets.sources import Sources
from gui.widgets.take_away import TakeAway
from gui.widgets.text import clear_layout, label, put_in_place_of, rule, steady_bar, tab_stops

_SIGNS = {Severity.OWED: Sign.OWED, Severity.READERS: Sign.LOOK, Severity.NICE: Sign.OPEN}
DRAW_AFTER_MS = 120
_LIST_CHARACTERS, _LIST_NARROWEST, _LIST_LEAST_CHARACTERS, _LIST_SHARE = 36, 128, 18, (2, 3)
"""The list's column: this many characters wide, but no more than its share beside the preview's."""


class DocumentsPage(Page):
    """What will be published, as it will look."""

    step = "documents"
    needs_model = True
    wants_room = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        columns = QHBoxLayout()
        columns.setSpacing(UNIT * 3)
        self._side = side = QWidget(self)
        outer = QVBoxLayout(side)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea(side)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # A bar that comes and goes makes the lines wrap otherwise, which takes it away again: Qt never ends that.
        steady_bar(area)
        inner = QWidget(area)
        area.setWidget(inner)
        outer.addWidget(area)
        left = QVBoxLayout(inner)
        left.setContentsMargins(0, 0, UNIT, 0)
        left.setSpacing(0)
        self.list = FullList(side)
        self.list.setAccessibleName(self.tr("Documents"))
        self.list.currentRowChanged.connect(self._select)
        left.addWidget(self.list)
        self._why = label("", "small", side)
        self._why.setContentsMargins(UNIT, UNIT, UNIT, UNIT * 2)
        left.addWidget(self._why)
        self._head = label("", "strong", side)
        self._head.setContentsMargins(0, UNIT, 0, UNIT // 2)
        left.addWidget(self._head)
        self._gaps = QWidget(side)
        left.addWidget(self._gaps)
        left.addStretch(1)
        self._left = left
        side.setMinimumWidth(
            max(_LIST_NARROWEST, self.fontMetrics().averageCharWidth() * _LIST_LEAST_CHARACTERS)
        )
        columns.addWidget(side, _LIST_SHARE[0])
        self.preview = Preview(self)
        self.preview.setMinimumSize(240, 160)
        right = QVBoxLayout()
        right.setSpacing(0)
        self.take_away = TakeAway(self)
        self.take_away.failed.connect(lambda error: errors.show(context.board, error))
        right.addWidget(self.take_away)
        right.addWidget(self.preview, 1)
        self.sources = Sources(self.preview, self)
        self.sources.wanted.connect(self.jump)
        self.sources.hide()
        right.addWidget(self.sources)
        self._beside = QVBoxLayout()
        right.addLayout(self._beside, 1)
        self.take_away.sources_wanted.connect(self._show_sources)
        self.take_away.compare_wanted.connect(self._compare)
        columns.addLayout(right, _LIST_SHARE[1])
        self.box.addLayout(columns, 1)
        self._kinds: tuple[DocumentKind, ...] = ()
        self._shown_gaps: tuple[Gap, ...] | None = None
        self._rows: dict[tuple[str, str], FormRow] = {}  # by gap and question: one may stand under two gaps
        self._drawn = self._look_beside = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DRAW_AFTER_MS)
        self._later.timeout.connect(self.draw)
        context.theme.changed.connect(self._colours_changed)

    def show_state(self, project: Project, assessment: Assessment | None) -> None:
        if assessment is None:
            return
        if assessment.documents != self._kinds:
            self._kinds = assessment.documents
            self._fill_list()
        self._count_open(assessment.gaps)
        if self._drawn:
            self._later.start()  # while somebody types, draw once they pause
        else:
            self.draw()
        for (_, name), row in self._rows.items():
            row.show_answer(getattr(project.answers, name), name in project.answers.dont_know)

    def _colours_changed(self) -> None:
        """Code and the lines under values have the colours of the scheme they were drawn in."""
        self.preview.forget()
        if self.isVisible():
            self._later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Never a least width that follows from the page's own: where the page is wider than its window, each would
        # move the other a pixel to and fro, and Qt never ends that.
        self._side.setMaximumWidth(self.fontMetrics().averageCharWidth() * _LIST_CHARACTERS)

    def left(self) -> None:
        self._later.stop()
        for work in (DRAW, MARK):
            self.context.tasks.cancel(work)
        if self.take_away.compare.isChecked():
            self.take_away.compare.click()
        self._drawn = False
        self._shown_gaps = None

    def initial_focus(self) -> QWidget | None:
        return self.list

    def current(self) -> DocumentKind | None:
        """The document on show."""
        row = self.list.currentRow()  # -1 while the list is empty
        chosen = self.list.item(row).data(Qt.ItemDataRole.UserRole) if row >= 0 else None
        return next((kind for kind in self._kinds if kind.id == chosen), None)

    def _fill_list(self) -> None:
        row = max(self.list.currentRow(), 0)
        self.list.blockSignals(True)
        self.list.clear()
        asked = [kind for kind in self._kinds if kind.proposed]
        for kind in (*asked, *(kind for kind in self._kinds if not kind.proposed)):
            if kind.id == next((one.id for one in self._kinds if not one.proposed), None):
                head = QListWidgetItem(self.tr("On request:"))
                head.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addItem(head)
            item = QListWidgetItem(in_words(kind.title))
            item.setToolTip(kind.file_name)
            item.setData(Qt.ItemDataRole.UserRole, kind.id)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.list.blockSignals(False)
        self.list.fit()

    def _count_open(self, gaps: tuple[Gap, ...]) -> None:
        """Say in the list which documents still lack what is owed: it stands far below, beside each of them."""
        titles = {kind.id: in_words(kind.title) for kind in self._kinds}
        changed = False
        for row in range(self.list.count()):
            item = self.list.item(row)
            document = item.data(Qt.ItemDataRole.UserRole)
            owed = sum(gap.document == document and gap.severity is Severity.OWED for gap in gaps)
            words = titles.get(document, item.text())
            if owed:
                words = self.tr("{title} ({count} owed)").format(title=words, count=owed)
            if item.text() != words:
                item.setText(words)
                changed = True
        if changed:
            self.list.fit()

    def _select(self, _row: int) -> None:
        self.draw()

    def draw(self) -> None:
        """Draw the chosen document and its gaps now."""
        project, assessment, kind = self.context.store.project, self.context.derive.assessment, self.current()
        if kind is None or assessment is None:
            return
        self._drawn = True
        self._why.setText(f"{in_words(kind.why)} {kind.file_name}")
        self.context.tasks.start(
            DRAW,
            lambda _progress, _cancelled: drawing(kind, project, assessment),
            done=self._show_drawing,
            failed=self._cannot_draw,
        )

    def _cannot_draw(self, error: Exception) -> None:
        if isinstance(error, WeighbridgeError):
            self.preview.show_source("")
            self.take_away.show_document("", "", Path.home())
        errors.show(self.context.board, error)

    def _show_drawing(self, made: object) -> None:
        if not isinstance(made, Drawing):
            return
        document, kind = made.document, made.kind
        if is_markdown(document.file_name):
            self.preview.show_markdown(document.content)
        elif is_page(document.file_name):
            self.preview.show_page(document.content)
        elif document.file_name.endswith(".svg"):
            self.preview.show_picture(document.content)
        else:
            self.preview.show_source(document.content)
        folder = made.project.export_folder or made.project.folder
        self.take_away.show_document(
            document.content,
            document.file_name,
            Path(folder) if folder else Path.home(),
            document,
            made.assessment.on,
        )
        self._show_origins(document, made.known)
        self._show_difference(document, made.pairs)
        # Gaps of a document that nothing asks for are not in the assessment: nobody owes it.
        gaps = made.assessment.gaps if kind.proposed else document.gaps
        self._show_gaps(tuple(gap for gap in gaps if gap.document == kind.id))

    def _show_sources(self, shown: bool) -> None:
        self.sources.setVisible(shown)
        if shown:
            self.take_away.compare.setChecked(False)
            self._compare(False)
            self.sources.list.setFocus()
            self.sources.list.setCurrentRow(0)

    def _show_origins(self, document: RenderedDocument, known: tuple[Source, ...]) -> None:
        """Underline the values in the preview; a picture has none to underline."""
        self.take_away.sources.setEnabled(not document.file_name.endswith(".svg"))
        if document.file_name.endswith(".svg"):
            self.context.tasks.cancel(MARK)
            self.sources.show_spans(())
            return
        written = self.preview.toPlainText()
        self.context.tasks.start(
            MARK,
            lambda _progress, _cancelled: spans(written, known),
            done=self.sources.show_spans,
            failed=lambda error: errors.show(self.context.board, error),
        )

    def _compare(self, shown: bool) -> None:
        """The author's README beside the new one takes the room of the list and the preview."""
        if shown:
            self.take_away.sources.setChecked(False)
            self.sources.hide()
        self._side.setVisible(not shown)
        self.preview.setVisible(not shown)
        self._look_beside = shown
        self.draw()

    def _show_difference(self, document: RenderedDocument, pairs: Sequence[LinePair]) -> None:
        compare = self.take_away.compare
        compare.setVisible(bool(pairs))
        clear_layout(self._beside)
        if not pairs and compare.isChecked():
            compare.setChecked(False)
            self._side.show()
            self.preview.show()
        if compare.isChecked():
            both = SideBySide(document.file_name, pairs, self)
            self._beside.addWidget(both)
            if self._look_beside:
                both.now.setFocus()
            self._look_beside = False

    def _show_gaps(self, gaps: tuple[Gap, ...]) -> None:
        if self._shown_gaps is not None and set(gaps) <= set(self._shown_gaps) and self._rows:
            self._count(gaps)  # while one is being answered the list stays put
            return
        self._shown_gaps = gaps
        self._rows = {}
        former, self._gaps = self._gaps, QWidget(self)
        into = QVBoxLayout(self._gaps)
        into.setContentsMargins(0, 0, 0, 0)
        into.setSpacing(0)
        put_in_place_of(former, self._gaps, self._left)
        self._count(gaps)
        ordered = sorted(gaps, key=lambda one: list(Severity).index(one.severity))
        makers = ((partial(rule, self), partial(self._gap, gap)) for gap in ordered)
        rows = Gradual(into.addWidget, self._gaps)
        rows.whole.connect(self._set_order)
        rows.begin(itertools.chain.from_iterable(makers))

    def _set_order(self) -> None:
        """Tab goes down the list and what is open, then along the buttons, then into the document, as the eye does."""
        left, above = tab_stops(self._gaps), tab_stops(self.take_away)
        order = (self.list, *left, *above, self.preview, *tab_stops(self.sources))
        for one, other in itertools.pairwise(order):
            QWidget.setTabOrder(one, other)

    def _count(self, gaps: tuple[Gap, ...]) -> None:
        if not gaps:
            self._head.setText(self.tr("Nothing is missing."))
        elif len(gaps) == 1:
            self._head.setText(self.tr("One thing is open"))
        else:
            self._head.setText(self.tr("{count} things are open").format(count=len(gaps)))

    def _gap(self, gap: Gap) -> Fold:
        words = {
            Severity.OWED: self.tr("owed"),
            Severity.READERS: self.tr("for readers"),
            Severity.NICE: self.tr("nice to have"),
        }[gap.severity]
        return Fold(
            gap.label,
            words,
            lambda box: self._answer_here(box, gap),
            sign=_SIGNS[gap.severity],
            more=self.tr("Answer"),
            less=self.tr("Close"),
            parent=self,
        )

    def _answer_here(self, box: QVBoxLayout, gap: Gap) -> None:
        box.addWidget(label(" ".join(part for part in (gap.how_to_fill, gap.needed_by) if part), "small"))
        if any(name not in Answers.model_fields for name in TOGETHER.get(gap.field, (gap.field,))):
            return
        project = self.context.store.project
        for name in TOGETHER.get(gap.field, (gap.field,)):
            row = FormRow(
                self._question(name, gap, project), self.context.lists, self, narrow=True, about=gap.label
            )
            row.answered.connect(partial(self._answered, gap.field))
            row.not_known.connect(partial(self._not_known, gap.field))
            row.show_answer(getattr(project.answers, name), name in project.answers.dont_know)
            self._rows[gap.field, name] = row
            box.addWidget(row)
        self._rows[gap.field, TOGETHER.get(gap.field, (gap.field,))[0]].first_control.setFocus()

    def _question(self, name: str, gap: Gap, project: Project) -> Question:
        """The question behind a gap; a text nobody is asked on another page is asked here."""
        if name in all_questions():
            return build_question(name, Known(project))
        return form_question(name, gap.label, gap.how_to_fill, Known(project), self.step)

    def _not_known(self, gap: str, name: str, yes: bool) -> None:
        self.not_known(self._rows.get((gap, name)), name, yes)

    def _answered(self, gap: str, name: str, value: Any) -> None:
        row = self._rows.get((gap, name))
        try:
            self.context.store.answer(name, value, self.tr("Answer"))
        except AnswerRefused as refused:
            if row is not None:
                row.show_problem(str(refused))
