# SPDX-License-Identifier: Apache-2.0
"""Its weight: the number in words, its range, who says so, and the arithmetic to check it."""

from collections.abc import Iterable, Iterator
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.assessment import Assessment
from core.domain.estimate import ArithmeticStep, FlopEstimate, Quantity
from core.domain.footprint import Footprint, Witness
from core.domain.project import Project
from core.texts import in_words
from gui.context import Context
from gui.fact_words import fact_label, fact_value, origin_words
from gui.number_words import grouped_words, said_words, scientific_words, short_words
from gui.pages.base import Page
from gui.tokens import UNIT
from gui.widgets.fact_row import FactRow
from gui.widgets.fold import Fold
from gui.widgets.gradual import Gradual
from gui.widgets.kept_rows import Entry, KeptRows
from gui.widgets.mark import Sign
from gui.widgets.scale_text import scale_words
from gui.widgets.text import label, rule

_HEAD = "head: "
"""Names of rows that have no hairline over them."""


class WeightPage(Page):
    """Shows the footprint."""

    step = "weight"
    needs_model = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.figure = label("", "figure", self)
        self.between = label("", "quiet", self)
        self.distance = label("", "lead", self)
        self.together = label("", "quiet", self)
        for one in (self.figure, self.between, self.distance, self.together):
            one.setContentsMargins(0, 0, 0, UNIT // 2)
            self.box.addWidget(one)
        self.box.addSpacing(UNIT * 2)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._rows = KeptRows(self._list, self)
        self.box.addLayout(self._list)
        self.box.addStretch(1)
        self._shown: Footprint | None = None

    def show_state(self, _project: Project, assessment: Assessment | None) -> None:
        footprint = assessment.footprint if assessment is not None else None
        words = scale_words(assessment)
        own = footprint.accounts.own if footprint is not None else None
        self.figure.setText(words.figure if own is not None else self.tr("We cannot weigh it yet"))
        self.between.setText(self._between(own, words.range))
        self.distance.setText(f"{words.distance}." if own is not None and words.distance else "")
        self.distance.setVisible(bool(self.distance.text()))
        self.together.setText(
            self.tr("With the base model: {distance}.").format(
                distance=words.together[:1].lower() + words.together[1:]
            )
        )
        based = footprint is not None and footprint.accounts.base is not None
        self.together.setVisible(based and bool(words.together))
        if footprint == self._shown:
            return
        self._shown = footprint
        self._rows.show(() if footprint is None else self._entries(footprint))

    def _between(self, own: FlopEstimate | None, between: str) -> str:
        if own is None:
            return self.tr(
                "We need either the size of the model and what the training saw, or the hardware and the hours."
            )
        if not own.central:
            return self.tr("You did no training of your own.")
        return self.tr("The true value most likely lies {range}.").format(range=between)

    def _entries(self, footprint: Footprint) -> Iterator[Entry]:
        for name, shows, make in self._parts(footprint):
            if not name.startswith(_HEAD):
                yield f"{name} rule", None, partial(rule, self)
            yield name, shows, make

    def _parts(self, footprint: Footprint) -> Iterator[Entry]:
        for warning in footprint.warnings:
            yield f"warning {warning}", None, partial(self._warning, warning)
        trained = not footprint.untrained
        if footprint.agreed and trained:
            yield from self._heading(self.tr("Ways to know it"), said_words(footprint.agreed))
        for witness in footprint.witnesses if trained else ():
            yield witness.title, witness, partial(self._witness, witness)
        yield from self._heading(self.tr("What it adds up to"))
        for words, value, origin in self._figures(footprint):
            yield words, (value, origin), partial(FactRow, words, value, origin, parent=self)
        if footprint.explain:
            yield "explain", footprint.explain, partial(self._arithmetic, footprint.explain)

    def _figures(self, footprint: Footprint) -> Iterator[tuple[str, str, str]]:
        """(name, value, how it is known) of what was counted."""
        accounts, parameters = footprint.accounts, footprint.parameters
        yield self.tr("Your training"), _range(accounts.own) or self.tr("not known"), _method(accounts.own)
        if (
            accounts.base is not None or accounts.own is None or accounts.own != accounts.cumulative
        ):  # else from nothing
            yield self.tr("Base model"), _range(accounts.base) or self.tr("not known"), _method(accounts.base)
        together = _range(accounts.cumulative) or self.tr("not known without the base model")
        yield self.tr("Counted by the laws"), together, ""
        if parameters is not None:
            trained = (
                self.tr("{count} of them trained").format(count=grouped_words(parameters.trainable))
                if parameters.trainable is not None and not footprint.untrained
                else ""
            )
            yield self.tr("Parameters"), grouped_words(parameters.total), trained
        for words, quantity in ((self.tr("Energy"), footprint.energy), (self.tr("CO2"), footprint.co2)):
            if quantity is not None:
                yield words, _quantity(quantity), quantity.method

    def _warning(self, warning: str) -> Fold:
        fold = Fold(warning, "", lambda _box: None, sign=Sign.LOOK, parent=self)
        fold.set_plain()
        return fold

    def _heading(self, words: str, remark: str = "") -> Iterator[Entry]:
        yield f"{_HEAD}{words}", bool(remark), partial(self._head, words, UNIT // 2 if remark else UNIT)
        if remark:
            yield f"{_HEAD}{words}, remark", remark, partial(self._remark, remark)

    def _head(self, words: str, below: int) -> QWidget:
        head = label(words, "strong", self)
        head.setContentsMargins(0, UNIT * 3, 0, below)
        return head

    def _remark(self, words: str) -> QWidget:
        note = label(words, "quiet", self)
        note.setContentsMargins(0, 0, 0, UNIT)
        return note

    def _witness(self, witness: Witness) -> Fold:
        estimate = witness.estimate

        def fill(box: QVBoxLayout) -> None:
            if estimate is None:
                return
            for line in (said_words(witness.remarks), estimate.method, *estimate.assumptions):
                if line:
                    box.addWidget(label(line, "quiet"))
            for fact in estimate.inputs:
                box.addWidget(
                    FactRow(
                        fact_label(fact.name), fact_value(fact.name, fact.value), origin_words(fact.origin)
                    )
                )
            _steps(box, estimate.steps)

        headline = _range(estimate) or said_words(witness.remarks)
        remark = self.tr("used") if witness.used else self.tr("not used") if estimate else self.tr("missing")
        sign = Sign.CLEAR if witness.used else Sign.OPEN if estimate else Sign.AHEAD
        fold = Fold(
            in_words(witness.title),
            headline,
            fill,
            sign=sign,
            remark=remark,
            more=self.tr("How"),
            parent=self,
        )
        if estimate is None:
            fold.set_plain()  # what is missing stands in the row itself
        return fold

    def _arithmetic(self, explain: tuple[ArithmeticStep, ...]) -> Fold:
        return Fold(
            self.tr("The arithmetic, step by step"),
            self.tr(
                "You can check each line with a calculator. FLOP are counted operations: multiply and add."
            ),
            lambda box: _steps(box, explain),
            more=self.tr("Show"),
            parent=self,
        )


def _steps(box: QVBoxLayout, steps: Iterable[ArithmeticStep]) -> None:
    Gradual(box.addWidget, box).begin(
        partial(FactRow, step.label, f"= {step.result}", step.expression) for step in steps
    )


def _range(estimate: FlopEstimate | None) -> str:
    if estimate is None:
        return ""
    central = f"{scientific_words(estimate.central)} FLOP"
    if estimate.low == estimate.high:
        return central
    return f"{central}  ({scientific_words(estimate.low)} – {scientific_words(estimate.high)})"


def _method(estimate: FlopEstimate | None) -> str:
    return estimate.method if estimate is not None else ""


def _quantity(quantity: Quantity) -> str:
    central, low, high = (short_words(one) for one in (quantity.central, quantity.low, quantity.high))
    return f"{central} {quantity.unit}  ({low} – {high})"
