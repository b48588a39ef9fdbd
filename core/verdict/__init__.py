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
from core.verdict.parts import (
    AB_2013,
    LEADING,
    Laws,
    also_open_sentence,
    ban_sentence,
    clash_sentence,
    eu_sentence,
    headline,
    open_sentences,
    us_sentence,
)

_MOST_WORDS = 150


def verdict(
    known: Known,
    footprint: Footprint,
    judgement: Judgement,
    licences: tuple[LicenceDuty, ...],
    clashes: tuple[Finding, ...] = (),
) -> Verdict:
    """The answer for one release. It leads with what matters most: a duty, an open question, or "nothing stops it".

    `clashes` are those of the licences (licence_conflicts). `known` and `footprint` are what the judgement was made from.
    """
    del known  # what was said is in the judgement
    laws = Laws(judgement)
    lead = headline(laws, licences, clashes)
    own = footprint.accounts.own
    weight = text("verdict.weight", flop=scientific(own.central)) if own is not None and own.central else ""
    open_whys, asks = open_sentences(laws)
    spared, also = relieved_sentence(laws.eu), also_open_sentence(laws)
    near = any(line.straddles and line.in_force for line in laws.deciding_lines())
    eu_open = laws.eu.outcome is Outcome.UNCERTAIN
    body = [
        ban_sentence(laws),
        *((eu_sentence(laws),) if eu_open else ()),
        *open_whys,
        *asks,  # right under the headline that counts them
        clash_sentence(clashes),
        weight,
        *(() if eu_open else (eu_sentence(laws),)),
        us_sentence(laws),
        owed_sentence(laws.findings, licences, first=laws.eu.outcome is not Outcome.DOES_NOT_APPLY),
        spared,
        text("verdict.near") if near else "",
        also,
    ]
    body = _within(lead, [part for part in body if part], (also, spared, weight, *open_whys))
    return Verdict(
        headline=lead,
        body=tuple(body),
        sources=_sources(laws.findings, licences),
    )


def with_clashes(findings: tuple[Finding, ...], clashes: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """All findings in the order of the list: what matters, with the clashes of licences, before the rest."""
    matters = tuple(finding for finding in findings if finding.matters)
    return (*matters, *clashes, *findings[len(matters) :])


def _within(lead: str, body: list[str], dispensable: tuple[str, ...]) -> list[str]:
    """Drop what the findings below say as well, as far as the limit of words asks for it."""
    for part in dispensable:
        if len(" ".join((lead, *body)).split()) < _MOST_WORDS:
            break
        body = [one for one in body if one != part]
    return body


def _sources(findings: tuple[Finding, ...], licences: tuple[LicenceDuty, ...]) -> tuple[str, ...]:
    """By name: what each sentence rests on. History, and what asks nothing beside the leading laws, is left out."""
    named = []
    for finding in findings:
        if (finding.matters or finding.instrument in LEADING) and finding.sources:
            named += [f"{source.title}, {source.locator}" for source in _chief(finding)]
    for licence in licences:
        if licence.source is not None:
            named.append(f"{licence.licence_name}, {licence.source.locator}")
    return tuple(dict.fromkeys(named))


def _chief(finding: Finding) -> tuple[Source, ...]:
    """AB 2013's duty stands in its last source; elsewhere the first sources carry the answer."""
    return finding.sources[-1:] if finding.instrument == AB_2013 else finding.sources[:2]
