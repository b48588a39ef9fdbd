# SPDX-License-Identifier: Apache-2.0
"""Which releases a newer rulebook judges differently."""

import datetime
import hashlib
import json
from collections.abc import Iterable

from core.assess import assess
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.project import Project
from core.reference import Reference
from core.rules import RuleBook
from core.rules.whatif import Change, differences


class Recheck(Frozen):
    """One release under two rulebooks. `changes` lists the laws whose answer or duties differ."""

    name: str
    headline_before: str
    headline_after: str
    changes: tuple[Change, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the person should look again."""
        return bool(self.changes) or self.headline_before != self.headline_after


def recheck(
    projects: Iterable[tuple[str, Project]],
    old: RuleBook,
    new: RuleBook,
    *,
    reference: Reference,
    today: datetime.date,
) -> tuple[Recheck, ...]:
    """Judge each named project by both rulebooks as they stand on `today`, in the order given."""

    def judged(project: Project, book: RuleBook) -> Assessment:
        return assess(project, rulebook=book, reference=reference, today=today)

    found = []
    for name, project in projects:
        before, after = judged(project, old), judged(project, new)
        found.append(
            Recheck(
                name=name,
                headline_before=before.verdict.headline,
                headline_after=after.verdict.headline,
                changes=_weighty(before, after),
            )
        )
    return tuple(found)


def _weighty(before: Assessment, after: Assessment) -> tuple[Change, ...]:
    """The laws that give another answer or ask for something else; a distance said in other words is no news."""
    asked = {finding.instrument: (finding.outcome, finding.duties) for finding in before.findings}
    news = {
        one.instrument for one in after.findings if asked.get(one.instrument) != (one.outcome, one.duties)
    }
    return tuple(one for one in differences(before.findings, after.findings) if one.instrument in news)


def answer_mark(assessment: Assessment) -> str:
    """A short mark of what the laws answer and ask: equal for equal answers, whatever words or distances they come in.

    16 hex digits of a SHA-256 over each law's outcome and the codes of its duties.
    """
    answers = sorted(
        (one.instrument, one.outcome.value, *sorted(duty.code for duty in one.duties))
        for one in assessment.findings
    )
    return hashlib.sha256(json.dumps(answers).encode("utf-8")).hexdigest()[:16]
