# SPDX-License-Identifier: Apache-2.0
"""How grave the answer is: the sign beside the headline and in the list of steps. Never a tick beside an open question."""

from enum import StrEnum

from core.domain.assessment import Assessment
from core.domain.finding import Finding, Outcome
from core.verdict.parts import EU, RAISE, SB_53

_DECIDING = (EU, SB_53, RAISE)
"""The laws whose duties the headline names."""


class Tone(StrEnum):
    """CLEAR nothing stops the release; LATER duties from a day to come; LOOK something is open or clashes; OWED a law covers it."""

    CLEAR = "clear"
    LATER = "later"
    LOOK = "look"
    OWED = "owed"


def tone(assessment: Assessment) -> Tone:
    """The tone of an assessment's headline."""
    findings = assessment.findings
    applying = [finding for finding in findings if finding.outcome is Outcome.APPLIES]
    if any(_covers(finding) for finding in applying):
        return Tone.OWED
    if any(finding.matters and not finding.duties for finding in applying):  # a clash to settle
        return Tone.LOOK
    if any(finding.matters and finding.outcome is Outcome.UNCERTAIN for finding in findings):
        return Tone.LOOK
    if any(finding.instrument in _DECIDING and finding.outcome is Outcome.NOT_YET for finding in findings):
        return Tone.LATER
    if any(duty.licence_id == "unknown" or duty.source is None for duty in assessment.licences):
        return Tone.LOOK
    return Tone.CLEAR


def _covers(finding: Finding) -> bool:
    """Whether a law that applies bans it, has its line crossed, or is one whose duties the headline names."""
    return finding.forbidden or any(line.crossed for line in finding.lines) or finding.instrument in _DECIDING
