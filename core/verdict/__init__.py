# SPDX-License-Identifier: Apache-2.0
"""The answer first: one headline, a few sentences, the sources by name. Under 150 words in all."""

from core.domain.assessment import Verdict
from core.domain.finding import Finding, LicenceDuty, Outcome, Source
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.rules import Judgement
from core.texts import text
from core.units import scientific
from core.verdict.owed import owed_sentence, relieved_sentence
from core.verdict.parts import AB_2013, Laws, eu_sentence, headline, open_sentences, us_sentence


def verdict(
    known: Known, footprint: Footprint, judgement: Judgement, licences: tuple[LicenceDuty, ...]
) -> Verdict:
    """The answer for one release. It leads with what matters most: a duty, an open question, or "nothing stops it".

    `known` and `footprint` are what the judgement was made from.
    """
    laws = Laws(judgement)
    lead = headline(laws, licences)
    own = footprint.accounts.own
    demo = known.flag("with_demo")
    body = [
        text("verdict.weight", flop=scientific(own.central)) if own is not None and own.central else "",
        eu_sentence(laws),
        *open_sentences(laws),
        us_sentence(laws),
        owed_sentence(laws.findings, licences, first=laws.eu.outcome is not Outcome.DOES_NOT_APPLY),
        relieved_sentence(laws.eu),
    ]
    if any(line.straddles and line.in_force for line in laws.deciding_lines()):
        body.append(text("verdict.near"))
    if demo is not None and demo.value:
        body.append(text("verdict.demo"))
    return Verdict(
        headline=lead,
        body=tuple(part for part in body if part),
        sources=_sources(laws.findings, licences),
    )


def _sources(findings: tuple[Finding, ...], licences: tuple[LicenceDuty, ...]) -> tuple[str, ...]:
    """By name: what each sentence rests on. History is left out."""
    named = []
    for finding in findings:
        if finding.outcome is not Outcome.HISTORY_ONLY and finding.sources:
            named += [f"{source.title}, {source.locator}" for source in _chief(finding)]
    for licence in licences:
        if licence.source is not None:
            named.append(f"{licence.licence_name}, {licence.source.locator}")
    return tuple(dict.fromkeys(named))


def _chief(finding: Finding) -> tuple[Source, ...]:
    """AB 2013's duty stands in its last source; elsewhere the first sources carry the answer."""
    return finding.sources[-1:] if finding.instrument == AB_2013 else finding.sources[:2]
