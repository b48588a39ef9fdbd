# SPDX-License-Identifier: Apache-2.0
"""Where the licences of a chain, the chosen licence and the plans clash: told as findings beside the laws."""

from collections.abc import Iterator

from core.domain.finding import Finding, LicenceDuty, Outcome, Source, TraceStep
from core.domain.known import Known
from core.licences.data import find_licence
from core.licences.schema import Licence
from core.licences.spdx import licence_ids
from core.texts import text

PREFIX = "licence-conflict:"
Link = tuple[LicenceDuty, Licence]


def licence_conflicts(known: Known, duties: tuple[LicenceDuty, ...]) -> tuple[Finding, ...]:
    """Every clash, the gravest first. Bases without a licence on record clash with nothing: they are a gap."""
    links = [(duty, licence) for duty in duties if (licence := find_licence(duty.licence_id)) is not None]
    if not links:
        return ()
    said = known.text("license")
    chosen = licence_ids(said.value) if said is not None and said.value != "other" else ()
    return (
        *_commercial(known, links),
        *_share_alikes(links),
        *_own_licence(chosen, links),
        *_name(known, links),
        *_place(known, links),
    )


def _commercial(known: Known, links: list[Link]) -> Iterator[Finding]:
    purpose, paid = known.text("purpose"), known.flag("monetised")
    if not ((purpose is not None and purpose.value == "commercial") or (paid is not None and paid.value)):
        return
    for duty, licence in links:
        if licence.non_commercial:
            yield _finding("commercial", duty, licence)


def _share_alikes(links: list[Link]) -> Iterator[Finding]:
    alike = {licence.id: (duty, licence) for duty, licence in links if licence.same_licence}
    if len(alike) > 1:
        (duty, licence), (_, other) = list(alike.values())[:2]
        yield _finding("two_share_alikes", duty, licence, other=other.name)


def _own_licence(chosen: tuple[str, ...], links: list[Link]) -> Iterator[Finding]:
    """The licence chosen for the release against those of the chain."""
    if not chosen:
        return
    ids = {licence.id for _, licence in links}
    picked = [licence.id if (licence := find_licence(one)) is not None else one for one in chosen]
    for duty, licence in links:
        if licence.id in picked:
            continue
        if licence.same_licence:
            yield _finding("share_alike", duty, licence, chosen=", ".join(chosen))
        elif _has_limits(licence) and not any(_is_makers_own(find_licence(one)) for one in picked):
            yield _finding("drops_limits", duty, licence, chosen=", ".join(chosen))
    for one in picked:
        own = find_licence(one)
        if own is not None and _is_makers_own(own) and own.id not in ids:
            yield _finding("not_of_this_base", links[0][0], links[0][1], chosen=own.name)


def _name(known: Known, links: list[Link]) -> Iterator[Finding]:
    name = known.text("model_name")
    if name is None:
        return
    title = name.value.rsplit("/", 1)[-1]
    prefixed = next(((duty, licence) for duty, licence in links if licence.name_prefix), None)
    if prefixed is not None and not title.startswith(prefixed[1].name_prefix or ""):
        yield _finding("name", *prefixed, title=title, prefix=prefixed[1].name_prefix or "")


def _place(known: Known, links: list[Link]) -> Iterator[Finding]:
    lives = known.flag("developer_in_eu")
    if lives is None or not lives.value:
        return
    for duty, licence in links:
        if licence.not_in_eu:
            yield _finding("eu", duty, licence, terms=licence.not_in_eu)


def _has_limits(licence: Licence) -> bool:
    """More than credit, a copy and a note on changes: the chosen licence must not promise what the base forbids."""
    return licence.free_and_open != "pass"


def _is_makers_own(licence: Licence | None) -> bool:
    """A maker's own terms (Llama, Gemma, Qwen …), which fit only that maker's models."""
    shared = ("cc-", "openrail", "bigcode-openrail", "bigscience")
    return licence is not None and licence.free_and_open != "pass" and not licence.id.startswith(shared)


def _finding(kind: str, duty: LicenceDuty, licence: Licence, **filled: str) -> Finding:
    words = {"base": duty.base_model, "name": licence.name, **filled}
    source = duty.source or Source(
        title=licence.name, locator=licence.source.locator, checked_on=licence.checked_on
    )
    why = text(f"licences.clash.{kind}.why", **words)
    return Finding(
        instrument=f"{PREFIX}{kind}",
        jurisdiction=text("licences.clash.where"),
        title=text("licences.clash.title", name=licence.name),
        outcome=Outcome.APPLIES,
        headline=text(f"licences.clash.{kind}.headline", **words),
        why=why,
        because=(TraceStep(rule=f"{licence.name} ({source.locator})", result=why),),
        todo=text(f"licences.clash.{kind}.todo", **words),
        caveat=source.read_in,
        sources=(source,),
    )
