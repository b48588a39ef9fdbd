# SPDX-License-Identifier: Apache-2.0
"""What a form is filled from, and what a filled field holds."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity, identify
from core.documents.context import Item
from core.documents.privacy import Withheld
from core.documents.words import day
from core.domain.base import Frozen
from core.domain.finding import Finding
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.texts import text


class Filled(Frozen):
    """What a field says. `prose` are the person's own words, `lines` ours, `source` where ours came from."""

    prose: str = ""
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    source: str = ""
    no_need: bool = False
    """The field does not apply to this release; `lines` says why."""
    partly: bool = False
    """Only a part of what the field asks is known, so it stays a gap."""


@dataclass(frozen=True)
class FormCase:
    """One release as the forms see it. `on` is None while only the gaps are counted."""

    known: Known
    footprint: Footprint
    findings: tuple[Finding, ...]
    withheld: Withheld
    title: str = ""
    on: datetime.date | None = None
    folder: Path | None = None
    weight_files: tuple[str, ...] = ()

    @cached_property
    def facts(self) -> CardFacts:
        """Facts as lines of a document."""
        return CardFacts(self.known, self.withheld)

    @cached_property
    def identity(self) -> Identity:
        """The model in the Hub's names."""
        return identify(self.known)

    @property
    def modifies(self) -> bool:
        """Whether the model was made from another one."""
        origin = self.known.text("origin")
        return self.identity.is_adapter or (origin is not None and origin.value != "from_scratch")


def not_needed(key: str, **values: object) -> Filled:
    """A field that this release has no use for, with the reason."""
    return Filled(lines=(text(f"forms.none.{key}", **values),), no_need=True)


def plain(case: FormCase, answer: str) -> Filled | None:
    """The person's answer as it is; None when there is none."""
    fact = case.known.get(answer)
    if fact is None:
        return None
    value = fact.value
    if isinstance(value, bool):
        return Filled(lines=(text(f"documents.word.{'yes' if value else 'no'}"),))
    if isinstance(value, list):
        items = tuple(Item(label=one, value=one) for one in case.facts.strings(answer))
        return Filled(items=items) if items else None
    if isinstance(value, int):
        return Filled(lines=(f"{value:,}",), source=case.facts.source(fact.origin))
    if isinstance(value, str) and answer.endswith("_date"):
        return Filled(lines=(day(datetime.date.fromisoformat(value)),))
    prose = case.facts.said(answer)
    if says_none(prose):
        return Filled(lines=(text("forms.say.there_is_none"),))
    return Filled(prose=prose) if prose else None


def says_none(prose: str) -> bool:
    """Whether somebody typed that there is nothing of the kind."""
    return prose.strip().rstrip(".").lower() == "none"


def ticks(chosen: tuple[str, ...], kinds: tuple[str, ...], words: str) -> str:
    """Boxes as an official form has them: "☒ Text · ☐ Images"."""
    return " · ".join(f"{'☒' if kind in chosen else '☐'} {text(f'forms.{words}.{kind}')}" for kind in kinds)
