# SPDX-License-Identifier: Apache-2.0
"""What the licences of the base models ask, in plain words. Never a default licence: no entry means no permission."""

from collections.abc import Iterator
from typing import Any, Protocol

from core.domain.finding import LicenceDuty, Source
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.licences.chain import chain
from core.licences.data import find_licence, licence_of_base
from core.licences.schema import Licence
from core.texts import text


class BaseModels(Protocol):
    """What is needed of the reference tables."""

    def base_model(self, hub_id: str) -> Any:
        """The row of a base model (with `licence_id`), or None."""


def licence_duties(known: Known, reference: BaseModels) -> tuple[LicenceDuty, ...]:
    """One entry per base model and ancestor of one; empty when the model was trained from scratch or no base is known of.

    The licence is looked up by the exact hub id. A base which is not in the table gets an entry that says so.
    """
    origin = known.text("origin")
    if origin is not None and origin.value == "from_scratch":
        return ()
    bases = _bases(known)
    if not bases and _has_base(known, origin.value if origin else None):
        return (_nothing_found(text("licences.unnamed_base")),)
    return _union(chain(bases), known, reference)


def _union(
    links: tuple[tuple[str, str], ...], known: Known, reference: BaseModels
) -> tuple[LicenceDuty, ...]:
    """One entry per link of the chain; an ancestor under a licence that is there already adds nothing."""
    union: list[LicenceDuty] = []
    for base, child in links:
        duty = _for_base(base, known, reference)
        if child:
            if duty.source is None or any(duty.licence_id == other.licence_id for other in union):
                continue
            came = text("licences.ancestor", child=child, base=base)
            duty = duty.replace(caveat=" ".join(filter(None, (came, duty.caveat))))
        union.append(duty)
    return tuple(union)


def _bases(known: Known) -> tuple[str, ...]:
    # Of a merge, or of a card that names several, the licences of all count, unless the person names the one base.
    several = known.strings("base_models")
    if several and not known.said("base_model"):
        return several
    named = known.text("base_model")
    return (named.value,) if named is not None else known.strings("base_model")


def _has_base(known: Known, origin: str | None) -> bool:
    if origin is not None:
        return True
    return (
        known.found(FoundOnly.ADAPTER_CONFIG) is not None or known.get(FoundOnly.BASE_PATH_NAME) is not None
    )


def _for_base(base: str, known: Known, reference: BaseModels) -> LicenceDuty:
    row = reference.base_model(base)
    licence_id = getattr(row, "licence_id", None) if row is not None else None
    row_id = getattr(row, "hub_id", base)
    licence = licence_of_base(row_id)
    if licence is None and isinstance(licence_id, str) and licence_id:
        licence = find_licence(licence_id)
    if licence is None:
        return _nothing_found(base, licence_id if isinstance(licence_id, str) else "")
    duty = duty_of(base, licence, known)
    if row_id.lower() != base.lower():
        return duty.replace(
            caveat=" ".join(filter(None, (duty.caveat, text("licences.variant", row=row_id))))
        )
    return duty


def _nothing_found(base: str, licence_id: str = "") -> LicenceDuty:
    known_id = licence_id if licence_id and not licence_id.startswith("other") else ""
    return LicenceDuty(
        base_model=base,
        licence_id=known_id or "unknown",
        licence_name=text("licences.unknown.name"),
        duties=(text("licences.unknown.duty", base=base),),
        free_and_open="unclear",
        caveat=text("licences.unknown.caveat"),
    )


def _limits(licence: Licence) -> Iterator[str]:
    """What the licence keeps people from, or wants passed on to them."""
    if licence.pass_on_limits:
        yield text("licences.pass_on")
    if licence.acceptable_use:
        yield text("licences.acceptable_use", where=licence.acceptable_use)
    if licence.same_licence:
        yield text("licences.same_licence", name=licence.name)
    if licence.non_commercial:
        yield text("licences.non_commercial")
    if licence.user_limit:
        yield text("licences.user_limit", users=f"{licence.user_limit:,}")
    if licence.revenue_limit_usd:
        yield text("licences.revenue_limit", amount=f"{licence.revenue_limit_usd:,}")


def duty_of(base: str, licence: Licence, known: Known) -> LicenceDuty:
    """The duties of one licence for one base, as far as the answers make them matter."""
    duties = []
    if licence.name_prefix:
        duties.append(text("licences.name_prefix", prefix=licence.name_prefix))
    if licence.display_text:
        duties.append(text("licences.display", words=licence.display_text))
    if licence.notice:
        duties.append(text("licences.notice", notice=licence.notice))
    if licence.carry_notice:
        duties.append(text("licences.carry_notice"))
    if licence.copy_of_licence:
        duties.append(text("licences.copy"))
    if licence.attribution:
        duties.append(text("licences.attribution", what=licence.attribution))
    if licence.state_changes:
        duties.append(text("licences.changes"))
    duties += _limits(licence)
    duties += [part for part in (licence.not_in_eu, licence.outputs, *licence.extra) if part]
    read = {
        "full": "",
        "secondary": text("licences.read.secondary"),
        "not_reread": text("licences.read.not_reread"),
    }[licence.source.read]
    return LicenceDuty(
        base_model=base,
        licence_id=licence.id,
        licence_name=licence.name,
        duties=tuple(duties),
        name_prefix=licence.name_prefix,
        display_text=licence.display_text,
        notice=licence.notice,
        free_and_open=licence.free_and_open,
        source=Source(
            title=licence.name,
            locator=licence.source.locator,
            url=licence.source.url,
            checked_on=licence.checked_on,
            read_in=read,
        ),
        caveat=" ".join(filter(None, (_conflicts(licence, known), read))),
    )


def _conflicts(licence: Licence, known: Known) -> str:
    """What the answers themselves clash with."""
    said = []
    purpose = known.text("purpose")
    paid = known.flag("monetised")
    commercial = (purpose is not None and purpose.value == "commercial") or (paid is not None and paid.value)
    if licence.non_commercial and commercial:
        said.append(text("licences.conflict.commercial"))
    name = known.text("model_name")
    if licence.name_prefix and name is not None:
        title = name.value.rsplit("/", 1)[-1]
        if not title.startswith(licence.name_prefix):
            said.append(text("licences.conflict.name", name=title, prefix=licence.name_prefix))
    in_eu = known.flag("developer_in_eu")
    if licence.not_in_eu and in_eu is not None and in_eu.value:
        said.append(text("licences.conflict.eu"))
    return " ".join(said)
