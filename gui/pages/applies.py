# SPDX-License-Identifier: Apache-2.0
"""What applies: the answer first, then each finding with why, what is owed, source, date and distance."""

import datetime
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.documents.applies import duty_place
from core.domain.assessment import Assessment
from core.domain.finding import Finding, LicenceDuty, Line, Outcome, Source
from core.domain.project import Project
from core.rules.calendar import Event, calendar
from core.texts import in_words
from core.verdict.parts import in_front
from core.verdict.tone import Tone, tone
from gui.announce import announce
from gui.context import Context
from gui.number_words import date_words, distance_words, scientific_words
from gui.pages.base import Page
from gui.tokens import UNIT
from gui.widgets.fact_row import FactRow
from gui.widgets.fold import Fold
from gui.widgets.gradual import Gradual
from gui.widgets.kept_rows import Entry, KeptRows
from gui.widgets.mark import SIZE, Mark, Sign
from gui.widgets.text import clear_layout, label, link, rule

_AHEAD_DAYS = 730
_CHARACTERS = 75
"""Width of the answer: longer lines are hard to read."""
_TONES = {Tone.CLEAR: Sign.CLEAR, Tone.LATER: Sign.LATER, Tone.LOOK: Sign.LOOK, Tone.OWED: Sign.OWED}
_ORDER = (Outcome.APPLIES, Outcome.UNCERTAIN, Outcome.NOT_YET, Outcome.DOES_NOT_APPLY, Outcome.HISTORY_ONLY)


def sign_of(finding: Finding) -> Sign:
    """The sign of a finding: something owed, look here, later, clear, past."""
    if finding.outcome is Outcome.APPLIES:
        if finding.duties:
            return Sign.OWED
        return Sign.LOOK if finding.matters else Sign.CLEAR
    return {
        Outcome.UNCERTAIN: Sign.LOOK,
        Outcome.NOT_YET: Sign.LATER,
        Outcome.HISTORY_ONLY: Sign.PAST,
    }.get(finding.outcome, Sign.CLEAR)


class AppliesPage(Page):
    """Shows verdict, findings and licences."""

    step = "applies"
    needs_model = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        top = QHBoxLayout()
        top.setSpacing(UNIT + 4)
        self._sign = Mark(Sign.CLEAR, self)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self.verdict = label("", "figure", self)
        top.addWidget(self.verdict, 1)
        self.box.addLayout(top)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(SIZE + UNIT + 4, UNIT, 0, UNIT * 2)
        self._body.setSpacing(UNIT)
        self.box.addLayout(self._body)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._rows = KeptRows(self._list, self)
        self.box.addLayout(self._list)
        self.box.addStretch(1)
        self._shown: Assessment | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left, most = SIZE + UNIT + 4, self.fontMetrics().averageCharWidth() * _CHARACTERS
        self._body.setContentsMargins(left, UNIT, max(0, event.size().width() - left - most), UNIT * 2)

    def show_state(self, _project: Project, assessment: Assessment | None) -> None:
        if assessment == self._shown or assessment is None:
            return
        said_before = self._shown.verdict.headline if self._shown is not None else None
        self._shown = assessment
        self.verdict.setText(assessment.verdict.headline)
        self._sign.set_sign(_TONES[tone(assessment)])
        if said_before is not None and said_before != assessment.verdict.headline and self.isVisible():
            announce(self, assessment.verdict.headline)
        clear_layout(self._body)
        for paragraph in assessment.verdict.body:
            self._body.addWidget(label(paragraph, "", self))
        self._rows.show(self._entries(assessment))

    def _entries(self, assessment: Assessment) -> Iterator[Entry]:
        for name, shows, make in self._folds(assessment):
            yield f"{name} rule", None, partial(rule, self)
            yield name, shows, make

    def _folds(self, assessment: Assessment) -> Iterator[Entry]:
        ordered = sorted(assessment.findings, key=lambda one: _ORDER.index(one.outcome))
        for finding in ordered:
            if in_front(finding):
                yield finding.title, finding, partial(self._finding, finding)
        for duty in assessment.licences:
            yield f"licence {duty.base_model}", duty, partial(self._licence, duty)
        idle = tuple(finding for finding in ordered if not in_front(finding))
        if idle:
            yield "idle", idle, partial(self._idle, idle)
        events, mine = self._events(assessment)
        if events:
            yield "coming", (events, mine), partial(self._coming, events, mine)
        yield "about", (assessment.verdict, assessment.rulebook), partial(self._about, assessment)

    def _finding(self, finding: Finding) -> Fold:
        sign = sign_of(finding)
        role = sign.value if sign in (Sign.CLEAR, Sign.LOOK, Sign.OWED) else "small"
        return Fold(
            finding.title,
            finding.headline,
            lambda box: self._inside(box, finding),
            sign=sign,
            remark=self._outcome(finding),
            remark_role=role,
            parent=self,
        )

    def _idle(self, findings: tuple[Finding, ...]) -> Fold:
        """The laws that ask nothing of this release, behind one row: there to be read, not in the way."""

        def fill(box: QVBoxLayout) -> None:
            Gradual(box.addWidget, box).begin(
                partial(FactRow, finding.title, finding.headline, self._outcome(finding))
                for finding in findings
            )

        return Fold(
            self.tr("{count} more laws and plans").format(count=len(findings)),
            self.tr("They ask nothing of this release."),
            fill,
            sign=Sign.CLEAR,
            more=self.tr("Show"),
            parent=self,
        )

    def _events(self, assessment: Assessment) -> tuple[tuple[Event, ...], frozenset[str]]:
        """What starts, ends or falls due in the next two years, and the laws that matter for this release."""
        until = assessment.on + datetime.timedelta(days=_AHEAD_DAYS)
        events = calendar(self.context.rules.book, assessment.on, until=until)
        return tuple(events), frozenset(one.instrument for one in assessment.findings if one.matters)

    def _coming(self, events: tuple[Event, ...], mine: frozenset[str]) -> Fold:
        """The calendar, the nearest event in the row itself."""
        kinds = {"starts": self.tr("starts"), "ends": self.tr("ends"), "date": self.tr("falls due")}

        def fill(box: QVBoxLayout) -> None:
            Gradual(box.addWidget, box).begin(partial(row, event) for event in events)

        def row(event: Event) -> FactRow:
            notes = [kinds[event.kind]]
            if event.instrument in mine:
                notes.append(self.tr("matters for this release"))
            if not event.sure:
                notes.append(self.tr("not signed yet, as far as we know"))
            return FactRow(_date(event.day), event.what, ", ".join(notes))

        first = next((event for event in events if event.instrument in mine), events[0])
        return Fold(
            self.tr("What comes next"),
            self.tr("{day}: {what} ({kind}).").format(
                day=_date(first.day), what=first.what, kind=kinds[first.kind]
            ),
            fill,
            sign=Sign.LATER,
            more=self.tr("Calendar"),
            parent=self,
        )

    def _outcome(self, finding: Finding) -> str:
        if finding.outcome is Outcome.APPLIES and finding.duties:
            return self.tr("owed")
        return {
            Outcome.APPLIES: self.tr("applies"),
            Outcome.DOES_NOT_APPLY: self.tr("does not apply"),
            Outcome.NOT_YET: self.tr("not yet"),
            Outcome.HISTORY_ONLY: self.tr("history"),
            Outcome.UNCERTAIN: self.tr("open"),
        }[finding.outcome]

    def _inside(self, box: QVBoxLayout, finding: Finding) -> None:
        if finding.why:
            box.addWidget(label(finding.why))
        for duty in finding.duties:
            box.addWidget(FactRow(self.tr("You owe"), duty.text, duty_place(duty.code, finding.instrument)))
        for duty in finding.relieved:
            box.addWidget(
                FactRow(self.tr("You need not"), duty.text, duty_place(duty.code, finding.instrument))
            )
        for words, said in (
            (self.tr("What to do"), finding.todo),
            (self.tr("Another reading"), finding.other_reading),
            (self.tr("What would change it"), finding.would_change),
            (self.tr("Since"), _date(finding.applies_from)),
            (self.tr("Until"), _date(finding.ended_on)),
            (self.tr("Due"), _date(finding.deadline)),
        ):
            if said:
                box.addWidget(FactRow(words, said, ""))
        for line in finding.lines:
            if line.distance:
                box.addWidget(FactRow(in_words(line.label), _capital(distance_words(line)), self._line(line)))
        for source in finding.sources:
            box.addWidget(_source(source, self.tr("Read it")))
        if finding.caveat:
            box.addWidget(label(finding.caveat, "small"))

    def _line(self, line: Line) -> str:
        if line.value >= 10**300:
            return ""
        value = scientific_words(line.value, 3, short=True)
        if line.operator == ">=":
            return self.tr("The line: at least {value} FLOP").format(value=value)
        return self.tr("The line: more than {value} FLOP").format(value=value)

    def _licence(self, duty: LicenceDuty) -> Fold:
        def fill(box: QVBoxLayout) -> None:
            for one in duty.duties:
                box.addWidget(FactRow(self.tr("You owe"), one, ""))
            for words, said in (
                (self.tr("The name starts with"), duty.name_prefix or ""),
                (self.tr("Show"), duty.display_text or ""),
                (self.tr("Notice"), duty.notice or ""),
            ):
                if said:
                    box.addWidget(FactRow(words, said, ""))
            if duty.source is not None:
                box.addWidget(_source(duty.source, self.tr("Read it")))
            if duty.caveat:
                box.addWidget(label(duty.caveat, "small"))

        known = duty.licence_id != "unknown"
        return Fold(
            self.tr("Licence of the base: {name}").format(name=duty.licence_name),
            duty.base_model,
            fill,
            sign=Sign.OWED if known and duty.duties else Sign.LOOK if not known else Sign.CLEAR,
            remark=self.tr("owed") if known and duty.duties else self.tr("open") if not known else "",
            remark_role="owed" if known and duty.duties else "look",
            parent=self,
        )

    def _about(self, assessment: Assessment) -> Fold:
        def fill(box: QVBoxLayout) -> None:
            for source in assessment.verdict.sources:
                box.addWidget(label(source, "small"))
            box.addWidget(FactRow(self.tr("Rulebook"), assessment.rulebook.hash[:12], ""))

        return Fold(
            self.tr("About this answer"),
            self.tr("As of {today}. Rules checked on {checked}. Information, not legal advice.").format(
                today=_date(assessment.on), checked=_date(assessment.rulebook.checked_up_to)
            ),
            fill,
            more=self.tr("Sources"),
            parent=self,
        )


def _source(source: Source, lead: str) -> QWidget:
    words = f"{lead}: {source.title}, {source.locator}"
    made: QLabel = link(words, source.url) if source.url else label(words, "small")
    made.setProperty("role", "small")
    made.setToolTip(source.read_in)
    return made


def _date(value: datetime.date | None) -> str:
    return "" if value is None else date_words(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
