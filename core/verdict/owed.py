# SPDX-License-Identifier: Apache-2.0
"""What is still owed, as one numbered sentence: law by law, then the licences of the bases."""

from core.domain.finding import Duty, Finding, LicenceDuty, Outcome
from core.licences import find_licence
from core.rules.trace import day_words
from core.texts import text
from core.verdict.parts import AB_2013, LEADING, short_name

_MOST_BASES = 2
_MOST_LAWS = 3
_MOST_DUTIES = 5
_MOST_DUTIES_OF_SEVERAL = 2


def owed_sentence(findings: tuple[Finding, ...], licences: tuple[LicenceDuty, ...], *, first: bool) -> str:
    """ "Still owed: (1) …; (2) …." or that nothing is."""
    items = [*_laws(findings), *_licences(licences), *_statement(findings)]
    if not items:
        waits = any(one.outcome is Outcome.UNCERTAIN and one.matters for one in findings)
        return text("verdict.owed.nothing_else" if waits else "verdict.owed.nothing")
    listed = "; ".join(
        text("verdict.item", number=number, what=what) for number, what in enumerate(items, start=1)
    )
    return text("verdict.owed.first" if first else "verdict.owed", list=listed)


def relieved_sentence(eu: Finding) -> str:
    """What a free and open model is spared; empty when nothing is, or when that is open."""
    if not eu.relieved or eu.other_reading:
        return ""
    return text("verdict.relieved", list=_short(eu.relieved))


def _laws(findings: tuple[Finding, ...]) -> list[str]:
    items = []
    laws = sorted((one for one in findings if _is_owed(one)), key=lambda one: one.instrument not in LEADING)
    most = _MOST_DUTIES if len(laws) == 1 else _MOST_DUTIES_OF_SEVERAL
    left = len(laws) - _MOST_LAWS
    for finding in laws[:_MOST_LAWS] if left > 1 else laws:
        name = short_name(finding)
        if finding.outcome is Outcome.UNCERTAIN:
            name = text("verdict.name.if_counts", name=name)
        elif finding.outcome is Outcome.NOT_YET and finding.applies_from is not None:
            name = text("verdict.name.later", name=name, day=day_words(finding.applies_from))
        items.append(text("verdict.item.law", name=name, what=_short(finding.duties, most)))
    if left > 1:
        items.append(text("verdict.item.more_laws", count=left))
    return items


def _is_owed(finding: Finding) -> bool:
    """Duties to list here: not the statement (last), not what is banned, not what is open beside the leading laws."""
    if not finding.duties or not finding.matters or finding.forbidden or finding.instrument == AB_2013:
        return False
    return finding.outcome is not Outcome.UNCERTAIN or finding.instrument in LEADING


def _short(duties: tuple[Duty, ...], most: int = _MOST_DUTIES) -> str:
    said = [duty.short or text(f"verdict.duty.{duty.code}") for duty in duties]
    if len(said) > most + 1:
        said = [*said[:most], text("verdict.duty.more", count=len(said) - most)]
    return ", ".join(said)


def _statement(findings: tuple[Finding, ...]) -> list[str]:
    finding = next((one for one in findings if one.instrument == AB_2013), None)
    if finding is None or not finding.duties:
        return []
    if finding.outcome is Outcome.NOT_YET and finding.applies_from is not None:
        return [text("verdict.item.ab2013_later", day=day_words(finding.applies_from))]
    return [text("verdict.item.ab2013_if" if finding.would_change else "verdict.item.ab2013")]


def _licences(licences: tuple[LicenceDuty, ...]) -> list[str]:
    items = []
    for duty in licences[:_MOST_BASES]:
        if duty.source is None:
            items.append(text("verdict.item.licence_unknown", base=duty.base_model))
            continue
        locator = f", {duty.source.locator}" if duty.source.locator.startswith("section") else ""
        what = ", ".join(short_duties(duty))
        items.append(text("verdict.item.licence", what=what, name=duty.licence_name, locator=locator))
    if len(licences) > _MOST_BASES:
        items.append(text("verdict.item.more_bases", count=len(licences) - _MOST_BASES))
    return items


def short_duties(duty: LicenceDuty) -> tuple[str, ...]:
    """The duties of a licence in a few words each, the most visible first."""
    licence = find_licence(duty.licence_id)
    if licence is None:
        return (text("verdict.short.nothing"),)
    said = []
    if licence.name_prefix:
        said.append(text("verdict.short.prefix", prefix=licence.name_prefix))
    if licence.display_text:
        said.append(text("verdict.short.display", words=licence.display_text))
    if licence.notice and licence.copy_of_licence:
        said.append(text("verdict.short.notice_and_copy"))
    elif licence.notice or licence.copy_of_licence:
        said.append(text("verdict.short.notice" if licence.notice else "verdict.short.copy"))
    flags = (
        ("carry_notice", licence.carry_notice),
        ("attribution", bool(licence.attribution)),
        ("changes", licence.state_changes),
        ("pass_on", licence.pass_on_limits),
        ("same_licence", licence.same_licence),
        ("non_commercial", licence.non_commercial),
    )
    said += [text(f"verdict.short.{name}") for name, holds in flags if holds]
    return tuple(said) or (text("verdict.short.nothing"),)
