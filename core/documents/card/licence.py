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

_OWN_NAME = "(your model)"
"""Stands in a licence's sentence where the name of the release belongs."""


def named(words: str, name: str) -> str:
    """A licence's sentence with the release's name in its place."""
    return words.replace(_OWN_NAME, name or text("documents.notice.this_model"))


def licence_part(facts: CardFacts, assessment: Assessment, identity: Identity, title: str) -> LicencePart:
    """The licence of this release and the duties of each base."""
    name = facts.short("license_name")
    own = licence_label(identity.license) if identity.license else ""
    if identity.license == "other":
        own = name
    link = facts.short("license_link") if identity.license_link.startswith(("https://", "http://")) else ""
    return LicencePart(
        own=own,
        link=link,
        bases=tuple(_base(duty, facts.withheld, title) for duty in assessment.licences if is_known(duty)),
    )


def is_known(duty: LicenceDuty) -> bool:
    """Whether a licence is on record. An open question about it is the publisher's to-do, not the readers' reading."""
    return duty.licence_id != "unknown"


def display_texts(assessment: Assessment, title: str) -> tuple[str, ...]:
    """Sentences that the bases' licences want shown, each once ("Built with Llama")."""
    return tuple(
        dict.fromkeys(named(duty.display_text, title) for duty in assessment.licences if duty.display_text)
    )


def _base(duty: LicenceDuty, withheld: Withheld, title: str) -> BaseLicence:
    where = text("documents.where.licence")
    name = withheld.value(duty.base_model, where) or text("documents.licence.the_base")
    return BaseLicence(
        base_model=name,
        url=f"https://huggingface.co/{name}" if is_hub_id(name) else "",
        licence_name=withheld.prose(duty.licence_name or duty.licence_id, where),
        duties=tuple(withheld.prose(named(one, title), where) for one in duty.duties),
        display_text=named(duty.display_text or "", title),
        notice="" if any((duty.notice or "") in one for one in duty.duties) else duty.notice or "",
        source_url=(duty.source.url or "") if duty.source else "",
    )
