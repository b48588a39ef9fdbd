# SPDX-License-Identifier: Apache-2.0
"""The assessment: everything derived from a project, a rulebook and a date. Never stored."""

import datetime

from core.domain.base import Frozen
from core.domain.document import DocumentKind, Gap
from core.domain.finding import EuSummary, Finding, LicenceDuty, Line
from core.domain.footprint import Footprint


class RulebookStamp(Frozen):
    """Which rules were used. `hash` is the SHA-256 of the rule data; `checked_up_to` the newest common check."""

    hash: str
    checked_up_to: datetime.date


class Verdict(Frozen):
    """The answer first. `headline` one sentence, `body` the rest; together under 150 words for a hobby run."""

    headline: str
    body: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """Number of words of headline and body."""
        return len(" ".join((self.headline, *self.body)).split())


class Assessment(Frozen):
    """What Weighbridge concludes about a project on a date."""

    on: datetime.date
    footprint: Footprint
    findings: tuple[Finding, ...] = ()
    eu: EuSummary
    licences: tuple[LicenceDuty, ...] = ()
    lines: tuple[Line, ...] = ()
    """Every compute threshold in force or announced, nearest first: what the scale draws."""
    verdict: Verdict
    documents: tuple[DocumentKind, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rulebook: RulebookStamp
