# SPDX-License-Identifier: Apache-2.0
"""The section "Licence": the release's own licence, and what the bases' licences ask. Never a default licence."""

from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity
from core.documents.context import BaseLicence, LicencePart
from core.documents.hub import is_hub_id, licence_label
from core.documents.privacy import Withheld
from core.domain.assessment import Assessment
from core.domain.finding import LicenceDuty
from core.texts import text


def licence_part(facts: CardFacts, assessment: Assessment, identity: Identity) -> LicencePart:
    """The licence of this release and the duties of each base."""
    name = facts.short("license_name")
    own = licence_label(identity.license) if identity.license else ""
    if identity.license == "other":
        own = name
    link = facts.short("license_link") if identity.license_link.startswith(("https://", "http://")) else ""
    return LicencePart(
        own=own,
        own_id=identity.license if own else "",
        link=link,
        bases=tuple(_base(duty, facts.withheld) for duty in assessment.licences if is_known(duty)),
    )


def is_known(duty: LicenceDuty) -> bool:
    """Whether a licence is on record. An open question about it is the publisher's to-do, not the readers' reading."""
    return duty.licence_id != "unknown"


def display_texts(assessment: Assessment) -> tuple[str, ...]:
    """Sentences that the bases' licences want shown, each once ("Built with Llama")."""
    return tuple(dict.fromkeys(duty.display_text for duty in assessment.licences if duty.display_text))


def _base(duty: LicenceDuty, withheld: Withheld) -> BaseLicence:
    where = text("documents.where.licence")
    name = withheld.value(duty.base_model, where) or text("documents.licence.the_base")
    return BaseLicence(
        base_model=name,
        url=f"https://huggingface.co/{name}" if is_hub_id(name) else "",
        licence_name=withheld.prose(duty.licence_name or duty.licence_id, where),
        duties=tuple(withheld.prose(one, where) for one in duty.duties),
        display_text=duty.display_text or "",
        notice="" if any((duty.notice or "") in one for one in duty.duties) else duty.notice or "",
        source_title=duty.source.title if duty.source else "",
        source_url=(duty.source.url or "") if duty.source else "",
    )
