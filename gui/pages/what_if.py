# SPDX-License-Identifier: Apache-2.0
"""What if: more or less training, a line elsewhere, a plan in force. It recalculates as it moves and stores nothing."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from core.domain.assessment import Assessment
from core.domain.project import Project
from core.rules.whatif import WhatIf
from core.suppose import Supposed
from core.texts import in_words
from gui.announce import announce
from gui.context import Context
from gui.number_words import count_words, factor_words, move_words, scientific_words, short_words
from gui.pages.base import Page
from gui.supposing import FURTHEST, Supposing
from gui.tokens import UNIT
from gui.widgets.beside import Beside, ControlRow
from gui.widgets.fact_row import FactRow
from gui.widgets.fold import Fold
from gui.widgets.kept_rows import Entry, KeptRows
from gui.widgets.lines import CountEditor
from gui.widgets.text import clear_layout, label, rule

WHAT_IF = "what_if"
_LINE_FURTHEST = 4
_ASK_MODELS_AFTER_MS = 350
_LARGE = 26
"""Pixels of a line of text."""
_CONTROL = 18
"""Characters of width that a slider or a list needs."""


class WhatIfPage(Page):
    """Beside the steps: opened from the scale, left with nothing changed unless "Use this" was pressed."""

    step = WHAT_IF
    needs_model = True

    def __init__(self, context: Context, supposing: Supposing, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.heading = self.tr("What if it were otherwise?")
        self.why = self.tr("Move anything and see what would change. Nothing here is kept.")
        self.supposing = supposing
        self._filling = False
        self.training = _slider(FURTHEST, self.tr("How much training, in tenths of a power of ten"), 10)
        self.training.valueChanged.connect(self._trained)
        self.tokens = CountEditor("", self)
        self.tokens.line.setAccessibleName(self.tr("Tokens"))
        metrics = self.tokens.line.fontMetrics()
        digits = 15 if metrics.height() > _LARGE else 22  # with large letters the slider needs the room
        self.tokens.line.setFixedWidth(metrics.horizontalAdvance("0") * digits)
        self.tokens.edited.connect(self._typed)
        self._much = label("", "small", self)
        self._row(self.tr("How much training"), self.training, self.tokens, self._much)
        self.line = _combo(self.tr("Which line"), self)
        self.line.currentIndexChanged.connect(self._show_line)
        self.level = _slider(_LINE_FURTHEST, self.tr("Where the line stands, in powers of ten"), 1)
        self.level.valueChanged.connect(self._moved)
        self._where = label("", "small", self)
        self._row(self.tr("Where a line stands"), self.line, self.level, self._where)
        self.plan = _combo(self.tr("A law or plan put in force"), self)
        self.plan.currentIndexChanged.connect(self._enacted)
        self._row(self.tr("A plan in force"), self.plan, None, None)
        self.box.addSpacing(UNIT)
        self.answer = label("", "figure", self)
        self.box.addWidget(self.answer)
        self.change = label("", "quiet", self)
        self.change.setContentsMargins(0, UNIT // 2, 0, UNIT)
        self.box.addWidget(self.change)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._rows = KeptRows(self._list, self)
        self.box.addLayout(self._list)
        self._models = QVBoxLayout()
        self._models.setSpacing(0)
        self.box.addLayout(self._models)
        line = QHBoxLayout()
        line.setContentsMargins(0, UNIT, 0, 0)
        line.setSpacing(UNIT)
        self.use = QPushButton(self.tr("&Use this"), self)
        self.use.setAccessibleDescription(
            self.tr("Takes these tokens as your answer. Undo brings yours back.")
        )
        self.use.clicked.connect(self._use)
        self.reset = QPushButton(self.tr("&Put everything back"), self)
        self.reset.clicked.connect(supposing.back)
        line.addWidget(self.reset)
        line.addWidget(self.use)
        line.addStretch(1)
        self.box.addLayout(line)
        self.box.addStretch(1)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_ASK_MODELS_AFTER_MS)
        self._later.timeout.connect(self._ask_models)
        self._asked: tuple[str, ...] = ()
        supposing.changed.connect(self._show)

    def continue_words(self) -> str:
        return self.tr("Back to your &release")

    def initial_focus(self) -> QWidget | None:
        return self.training if self.training.isEnabled() else self.line

    def entered(self) -> None:
        self._fill()
        self._show()

    def left(self) -> None:
        self._later.stop()
        self.context.tasks.cancel(WHAT_IF)
        self.supposing.back()

    def show_state(self, _project: Project, assessment: Assessment | None) -> None:
        own = None if assessment is None else assessment.footprint.accounts.own
        self.training.setEnabled(own is not None and own.central > 0)

    def show_line(self, parameter: str) -> None:
        """Bring one of the lines up."""
        at = self.line.findData(parameter)
        if at >= 0:
            self.line.setCurrentIndex(at)

    def _fill(self) -> None:
        self._filling = True
        for combo in (self.line, self.plan):
            combo.clear()
        now = self.context.derive.assessment
        lines = () if now is None else now.lines
        on_the_scale = {
            self.supposing.parameter_of(line.id): in_words(line.label) for line in reversed(lines)
        }
        for one in self.supposing.movable():  # by its name on the scale, where it is there
            self.line.addItem(on_the_scale.get(one.id) or in_words(one.label), one.id)
        self.plan.addItem(self.tr("None"), "")
        for plan in self.supposing.plans():
            self.plan.addItem(plan.title, plan.id)
        self._filling = False

    def _row(self, name: str, first: QWidget, second: QWidget | None, said: QLabel | None) -> None:
        controls = first
        if second is not None:
            controls = Beside([(first, 3, _CONTROL), (second, 1, _CONTROL)], self, UNIT * 2)
        self.box.addWidget(ControlRow(name, first, controls, said, self))

    def _trained(self, tenths: int) -> None:
        if not self._filling:
            self.supposing.train_tenths(tenths)

    def _typed(self, tokens: object) -> None:
        before = self.supposing.tokens()
        if isinstance(tokens, int) and tokens > 0 and before:
            self.supposing.train(Fraction(tokens, before))

    def _moved(self, decades: int) -> None:
        if not self._filling and self.line.currentData():
            self.supposing.move(self.line.currentData(), decades)

    def _enacted(self, _place: int) -> None:
        if not self._filling:
            self.supposing.enact(self.plan.currentData() or "")

    def _show_line(self, _place: int) -> None:
        if not self._filling:
            self._show()

    def _show(self) -> None:
        if self.isHidden() and self.supposing.idle and not self._list.count():
            return
        supposing, self._filling = self.supposing, True
        self.training.setValue(supposing.tenths)
        tokens = supposing.tokens()
        self.tokens.setVisible(tokens is not None)
        if tokens is not None and not self.tokens.line.hasFocus():
            self.tokens.show_value(max(1, round(tokens * supposing.factor)))
        self.level.setValue(supposing.lines.get(self.line.currentData() or "", 0))
        self.plan.setCurrentIndex(max(0, self.plan.findData(supposing.plan)))
        self._filling = False
        self._much.setText(self._training_words(tokens))
        moved = next((one for one in supposing.movable() if one.id == self.line.currentData()), None)
        self._where.setText("" if moved is None else move_words(moved.value, self.level.value()))
        self.reset.setEnabled(not supposing.idle)
        self.use.setVisible(supposing.factor != 1 and tokens is not None)
        self._answer(supposing.result)
        clear_layout(self._models)
        if supposing.wishes:
            if supposing.wishes != self._asked or not self._later.isActive():
                self._asked = supposing.wishes
                self._later.start()
        else:
            self._later.stop()

    def _training_words(self, tokens: int | None) -> str:
        assessment = self.context.derive.assessment
        own = None if assessment is None else assessment.footprint.accounts.own
        if own is not None and not own.central:
            return self.tr("You did no training of your own.")
        factor = self.supposing.factor
        parts = [factor_words(factor)]
        if tokens is not None:
            parts.append(
                self.tr("{count} tokens").format(count=count_words(round(tokens * factor), before_noun=True))
            )
        hours = self.supposing.hours()
        if hours is not None:
            parts.append(self.tr("{hours} hours").format(hours=short_words(float(hours * factor))))
        return " · ".join(parts)

    def _answer(self, result: Supposed | None) -> None:
        self._rows.show(() if result is None else self._changes(result))
        now = self.context.derive.assessment
        if result is None:
            self.answer.setText("" if now is None else now.verdict.headline)
            self.change.setText(self.tr("This is your release as it is. Move something."))
            return
        same = now is not None and now.verdict.headline == result.assessment.verdict.headline
        said = result.assessment.verdict.headline
        if said != self.answer.text() and self.isVisible():
            announce(self, self.tr("What if: {answer}").format(answer=said))
        self.answer.setText(self.tr("What if: {answer}").format(answer=said))
        if not result.changes:
            self.change.setText(self.tr("No law would say anything else."))
        elif same:
            self.change.setText(self.tr("The answer stays. This would read otherwise:"))
        else:
            self.change.setText(self.tr("This would change:"))

    def _changes(self, result: Supposed) -> Iterator[Entry]:
        for change in result.changes:
            before = self.tr("now: {words}").format(words=change.headline_before)
            shows = (change.headline_after, before)
            yield f"{change.title} rule", None, partial(rule, self)
            yield change.title, shows, partial(FactRow, change.title, *shows, parent=self)

    def _ask_models(self) -> None:
        self.context.tasks.start(
            WHAT_IF,
            lambda _progress, _cancelled: self.supposing.among_models(),
            done=self._show_models,
            failed=lambda _error: None,  # the page shows no list then
        )

    def _show_models(self, answer: object) -> None:
        if not isinstance(answer, WhatIf):
            return
        clear_layout(self._models)
        new = [one for one in answer.models if one.newly]
        freed = [one for one in answer.models if one.freed and not one.newly]

        def fill(box: QVBoxLayout) -> None:
            for said, group in ((self.tr("caught then"), new), (self.tr("free then"), freed)):
                for one in group:
                    flop = self.tr("{flop} FLOP").format(flop=scientific_words(one.flop))
                    box.addWidget(FactRow(one.model, said, flop))

        count = len(answer.models)
        said = self.tr("{new} more would be caught, {freed} fewer.").format(new=len(new), freed=len(freed))
        self._models.addWidget(rule(self))
        fold = Fold(
            self.tr("Among {count} well-known models").format(count=count),
            said,
            fill,
            more=self.tr("Which"),
            parent=self,
        )
        fold.button.setVisible(bool(new or freed))
        self._models.addWidget(fold)

    def _use(self) -> None:
        tokens, result = self.supposing.tokens(), self.supposing.result
        if tokens is None or result is None:
            return
        wanted, store = round(tokens * self.supposing.factor), self.context.store
        project = store.project.replace(answers=store.project.answers.with_answer("tokens", wanted))
        then, own = self.context.derive.judge(project), result.assessment.footprint.accounts.own
        got = None if then is None else then.footprint.accounts.own
        if got is None or own is None or not own.low * 0.5 <= got.central <= own.high * 2:
            self.context.board.tell(
                "look",
                self.tr("This can be tried, but not kept."),
                self.tr("Your files say what the run was, and they count."),
            )
            return
        store.answer("tokens", wanted, self.tr("Use this"))  # the shell then shows the step again


def _slider(furthest: int, name: str, page: int) -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(-furthest, furthest)
    made.setPageStep(page)
    made.setTickPosition(QSlider.TickPosition.TicksBelow)
    made.setTickInterval(page)
    made.setAccessibleName(name)
    return made


def _combo(name: str, parent: QWidget) -> QComboBox:
    made = QComboBox(parent)
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(16)
    return made
