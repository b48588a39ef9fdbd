# SPDX-License-Identifier: Apache-2.0
"""The what-if in hand: how much more training, which lines moved, which plan in force. Nothing of it reaches the store."""

import math
from fractions import Fraction

from PySide6.QtCore import QObject, Signal

from core.domain.known import Known
from core.errors import WeighbridgeError
from core.reference import load_reference
from core.rules.whatif import WhatIf, what_if
from core.suppose import MovableLine, Plan, Supposed, line_parameter, movable_lines, plans, suppose
from gui.derive import Derive
from gui.rulebook import Rulebook
from gui.store import Store

TENTHS = 10
"""Steps of the training slider in one power of ten."""
FURTHEST = 90
"""Tenths of a power of ten to either side."""


class Supposing(QObject):
    """`changed` after each move. `result` None: nothing is supposed, or there is nothing to suppose about."""

    changed = Signal()

    def __init__(self, store: Store, derive: Derive, rules: Rulebook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store, self._derive, self._rules = store, derive, rules
        self.factor = Fraction(1)
        self.lines: dict[str, int] = {}
        self.plan = ""
        self._result: Supposed | None = None

    @property
    def result(self) -> Supposed | None:
        """The release as it would be judged."""
        return self._result

    @property
    def tenths(self) -> int:
        """The factor of training in tenths of a power of ten."""
        return round(TENTHS * math.log10(self.factor))

    @property
    def idle(self) -> bool:
        """Whether everything stands as it is."""
        return self.factor == 1 and not self.lines and not self.plan

    @property
    def wishes(self) -> tuple[str, ...]:
        """The changes of the rules, as core.rules.whatif takes them."""
        moves = [f"{name}={'x' if by > 0 else '/'}{10 ** abs(by)}" for name, by in self.lines.items()]
        return (*moves, *((f"{self.plan}=in_force",) if self.plan else ()))

    def movable(self) -> tuple[MovableLine, ...]:
        """The lines that can be moved."""
        before = self._derive.assessment
        return () if before is None else movable_lines(self._rules.book, before.on)

    def plans(self) -> tuple[Plan, ...]:
        """The laws that can be put in force."""
        before = self._derive.assessment
        return () if before is None else plans(self._rules.book, before.on)

    def parameter_of(self, line_id: str) -> str:
        """The movable line behind a line on the scale, or ""."""
        before = self._derive.assessment
        line = next((one for one in before.lines if one.id == line_id), None) if before is not None else None
        if before is None or line is None:
            return ""
        return line_parameter(line_id, line.value, self._rules.book, before.on)

    def train(self, factor: Fraction) -> None:
        """Suppose `factor` times the training (above 0)."""
        if factor > 0 and factor != self.factor:
            self.factor = factor
            self._work_out()

    def train_tenths(self, tenths: int) -> None:
        """The same by the slider: tenths of a power of ten, 0 for the run as it was."""
        tenths = min(max(tenths, -FURTHEST), FURTHEST)
        if tenths != self.tenths:
            whole, part = divmod(tenths, TENTHS)
            self.train(Fraction(10) ** whole * Fraction(round(10 ** (part / TENTHS) * 100), 100))

    def move(self, parameter: str, decades: int) -> None:
        """Suppose a line `decades` powers of ten from where it stands."""
        if self.lines.get(parameter, 0) != decades:
            self.lines[parameter] = decades
            if not decades:
                del self.lines[parameter]
            self._work_out()

    def enact(self, plan: str) -> None:
        """Suppose a law in force that is not; "" for none."""
        if plan != self.plan:
            self.plan = plan
            self._work_out()

    def back(self) -> None:
        """Put everything back."""
        if not self.idle:
            self._forget()
            self.changed.emit()

    def among_models(self) -> WhatIf:
        """Who is caught among well-known models, before and after. Slow (half a second): for a background job."""
        before = self._derive.assessment
        assert before is not None
        return what_if(self._rules.book, self.wishes, before.on, models=load_reference().well_known_models)

    def tokens(self) -> int | None:
        """Tokens of the run as it was, where they are known."""
        before = self._derive.assessment
        if before is None or before.footprint.accounts.own is None:
            return None
        for fact in before.footprint.accounts.own.inputs:
            if fact.name == "tokens" and isinstance(fact.value, int):
                return fact.value
        found = Known(self._store.project).integer("tokens")
        return None if found is None else found.value

    def hours(self) -> float | None:
        """Hours of the run as it was, where they are known."""
        found = Known(self._store.project).number("hours")
        return None if found is None else found.value

    def _forget(self) -> None:
        self.factor, self.lines, self.plan, self._result = Fraction(1), {}, "", None

    def _work_out(self) -> None:
        before = self._derive.assessment
        self._result = None
        if before is not None and not self.idle:
            try:
                self._result = suppose(
                    self._store.project,
                    before,
                    factor=self.factor,
                    wishes=self.wishes,
                    rulebook=self._rules.book,
                    reference=load_reference(),
                )
            except WeighbridgeError:
                self._result = None  # this line cannot stand there: the page says that nothing is shown
        self.changed.emit()
