# SPDX-License-Identifier: Apache-2.0
"""Derives the assessment each time the project changes. Pages show what it publishes and decide nothing."""

import contextlib
import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.domain.assessment import Assessment
from core.domain.project import Project
from core.errors import WeighbridgeError
from gui.store import Store

if TYPE_CHECKING:
    from core.rules import RuleBook

Assess = Callable[[Project], Assessment]


class Derive(QObject):
    """`assessed(assessment)` after each change that can matter; `failed(error)` when core cannot judge."""

    assessed = Signal(object)
    failed = Signal(object)

    def __init__(self, store: Store, assess: Assess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._assess = assess
        self._assessment: Assessment | None = None
        self._prepared: tuple[Assess, Project, Assessment] | None = None
        store.changed.connect(self._changed)

    @property
    def assessment(self) -> Assessment | None:
        """The latest assessment; None before a folder was read or a description begun."""
        return self._assessment

    def blank(self) -> Assessment | None:
        """An assessment of nothing: its lines are what an empty scale shows."""
        return self.judge(Project(by_hand=True))

    def judge(self, project: Project) -> Assessment | None:
        """The assessment of another project; None when core cannot judge it."""
        try:
            return self._assess(project)
        except WeighbridgeError:
            return None

    def headline(self, project: Project) -> str:
        """The verdict on another project in one sentence; empty when core cannot judge it."""
        assessment = self.judge(project)
        return "" if assessment is None else assessment.verdict.headline

    def prepare(self, project: Project) -> None:
        """Judge a project that is about to come, on the thread of the work that brings it: the window need not wait.

        A failure is not told here: it shows when the project has come and is judged again.
        """
        judge = self._assess
        with contextlib.suppress(WeighbridgeError):
            self._prepared = (judge, project, judge(project))

    def use(self, assess: Assess) -> None:
        """Judge by other rules from now on."""
        self._assess = assess
        self.refresh()

    def refresh(self) -> None:
        """Derive anew."""
        project = self._store.project
        if project.scan is None and not project.by_hand:
            self._assessment = None
        else:
            try:
                self._assessment = self._made_ready(project) or self._assess(project)
            except WeighbridgeError as error:
                self._assessment = None
                self.failed.emit(error)
        self.assessed.emit(self._assessment)

    def _made_ready(self, project: Project) -> Assessment | None:
        """What was prepared for exactly this project, once."""
        ready, self._prepared = self._prepared, None
        if ready is None or ready[0] is not self._assess or ready[1].scan is not project.scan:
            return None
        same = (ready[1].answers, ready[1].by_hand) == (project.answers, project.by_hand)
        return ready[2] if same else None

    def _changed(self, old: Project, new: Project) -> None:
        if (old.scan, old.answers, old.by_hand) != (new.scan, new.answers, new.by_hand):
            self.refresh()


def assess_on(today: datetime.date, book: "RuleBook | None" = None) -> Assess:
    """The real assessment for a date, by `book` or the rules that ship with the app, with the app's reference tables."""
    from core.assess import assess
    from core.reference import load_reference
    from core.rules import load_rulebook

    rulebook, reference = book or load_rulebook(), load_reference()
    return lambda project: assess(project, rulebook=rulebook, reference=reference, today=today)
