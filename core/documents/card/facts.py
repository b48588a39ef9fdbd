# SPDX-License-Identifier: Apache-2.0
"""Facts as lines of a card: label, value in words, where it came from, private things left out."""

from collections.abc import Callable, Iterable

from pydantic import JsonValue

from core.documents.context import Item
from core.documents.markdown import clean
from core.documents.privacy import Withheld
from core.documents.words import exact, field_label, is_scalar, source_words
from core.domain.fact import AnyFact, Origin
from core.domain.known import Known
from core.reference import load_reference
from core.texts import catalogue, text


class CardFacts:
    """Reads `known` for a card; what is private goes to `withheld`."""

    def __init__(self, known: Known, withheld: Withheld) -> None:
        self.known = known
        self.withheld = withheld

    def item(self, name: str, show: Callable[[JsonValue], str] | None = None) -> Item | None:
        """The fact `name` as a line, or None when it is not known or private."""
        fact = self.known.get(name)
        return None if fact is None else self.item_of(fact, show)

    def item_of(self, fact: AnyFact, show: Callable[[JsonValue], str] | None = None) -> Item | None:
        """A fact as a line; None for private values and for values that are no single word or number."""
        if not is_scalar(fact) or fact.value == "":
            return None
        label = field_label(fact.name)
        raw = show(fact.value) if show else choice_words(fact.name, fact.value)
        value = self.withheld.value(raw, label)
        source = self.source(fact.origin)
        return Item(label=label, value=value, source=source) if value else None

    def items(self, *names: str) -> tuple[Item, ...]:
        """The known ones among `names` as lines."""
        return tuple(item for name in names if (item := self.item(name)) is not None)

    def source(self, origin: Origin) -> str:
        """Where a value came from; a private thing in a note is left out."""
        return self.withheld.prose(source_words(origin), text("documents.where.a_source"))

    def said(self, name: str) -> str:
        """The person's own prose for `name`, private things taken out; empty when not said."""
        fact = self.known.text(name)
        return self.withheld.prose(fact.value.strip(), field_label(name)) if fact is not None else ""

    def short(self, name: str) -> str:
        """A short public text, or empty when it is not known or private."""
        fact = self.known.text(name)
        return self.withheld.value(clean(fact.value).strip(), field_label(name)) if fact is not None else ""

    def strings(self, name: str) -> tuple[str, ...]:
        """A list of short public texts; private entries are left out."""
        kept = (
            self.withheld.value(clean(value).strip(), field_label(name)) for value in self.known.strings(name)
        )
        return tuple(value for value in kept if value)

    def mapping_items(
        self, name: str, keys: Iterable[str] | None = None, show: Callable[[object], str] | None = None
    ) -> tuple[Item, ...]:
        """The scalar entries of an object fact as lines, in its own order."""
        fact = self.known.get(name)
        if fact is None or not isinstance(fact.value, dict):
            return ()
        wanted = set(keys) if keys is not None else None
        lines: list[Item] = []
        for key, value in fact.value.items():
            if not isinstance(value, str | int | float | bool) or value == "":
                continue
            if wanted is not None and key not in wanted:
                continue
            shown = self.withheld.value((show or exact)(value), key)
            label = self.withheld.value(key, field_label(name))
            if shown and label:
                lines.append(Item(label=label, value=shown, source=self.source(fact.origin)))
        return tuple(lines)


def choice_words(name: str, value: JsonValue) -> str:
    """A value in words: choices of a question by their catalogue entry, numbers as they stood."""
    if name == "hardware" and isinstance(value, str):
        row = load_reference().accelerator(value)
        return row.name if row is not None else value
    if isinstance(value, str):
        return catalogue("documents").get(f"choice.{name}.{value}", value)
    return exact(value)
