# SPDX-License-Identifier: Apache-2.0
"""The one entry point from what is known to what follows: Project -> Assessment."""

import datetime

from core.compute import weigh
from core.documents import find_gaps, propose
from core.documents.risk import risk_begun
from core.domain.assessment import Assessment, RulebookStamp
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.licences import licence_conflicts, licence_duties
from core.reference import Reference
from core.rules import RuleBook, judge
from core.verdict import verdict, with_clashes


def assess(project: Project, *, rulebook: RuleBook, reference: Reference, today: datetime.date) -> Assessment:
    """Weigh and judge `project` as the rules stand on `today`.

    Pure: the same arguments give an equal Assessment. Nothing is stored; next year's rulebook judges the same
    project anew.
    """
    known = Known(project)
    return conclude(known, weigh(known, reference), rulebook=rulebook, reference=reference, today=today)


def conclude(
    known: Known, footprint: Footprint, *, rulebook: RuleBook, reference: Reference, today: datetime.date
) -> Assessment:
    """Judge what is known with a footprint that is already weighed (or supposed: core.suppose)."""
    judgement = judge(known, footprint, rulebook.at(today))
    own = footprint.accounts.own
    licences = licence_duties(known, reference)
    clashes = licence_conflicts(known, licences)
    findings = with_clashes(judgement.findings, clashes)
    return Assessment(
        on=today,
        footprint=footprint,
        findings=findings,
        eu=judgement.eu,
        licences=licences,
        lines=judgement.lines,
        verdict=verdict(known, footprint, judgement, licences, clashes),
        documents=propose(
            known, findings, licences, weighed=own is not None and own.high > 0, risk=risk_begun(known)
        ),
        gaps=find_gaps(known, footprint, findings, licences),
        rulebook=RulebookStamp(hash=rulebook.hash, checked_up_to=rulebook.checked_up_to),
    )
