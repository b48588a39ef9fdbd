# SPDX-License-Identifier: Apache-2.0
"""The section "Environmental impact": kWh and CO2 with ranges, hardware, hours."""

from core.documents.card.compute import fact_items
from core.documents.card.facts import CardFacts
from core.documents.context import EnergyPart, Item
from core.documents.words import quantity, quantity_range
from core.domain.assessment import Assessment
from core.domain.estimate import Quantity
from core.domain.fact import OriginKind
from core.texts import text


def energy_part(facts: CardFacts, assessment: Assessment) -> EnergyPart | None:
    """The section, or None when neither energy nor hardware nor hours are known."""
    footprint = assessment.footprint
    rows: list[Item] = []
    if footprint.energy is not None:
        rows.append(_amount(facts, text("documents.energy.energy"), footprint.energy))
    if footprint.co2 is not None:
        rows.append(_amount(facts, text("documents.energy.co2"), footprint.co2))
    rows.extend(facts.items("hardware", "device_count", "hours"))
    if facts.known.get("hours") is None:
        rows.extend(_runtime(facts))
    if not rows:
        return None
    amounts = [amount for amount in (footprint.energy, footprint.co2) if amount is not None]
    assumptions = dict.fromkeys(one for amount in amounts for one in amount.assumptions if one)
    where = text("documents.where.energy")
    shown = {(row.label, row.value) for row in rows}
    inputs = fact_items(facts, (fact for amount in amounts for fact in amount.inputs))
    return EnergyPart(
        rows=tuple(rows),
        inputs=tuple(item for item in inputs if (item.label, item.value) not in shown),
        assumptions=tuple(facts.withheld.prose(one, where) for one in assumptions),
    )


def _amount(facts: CardFacts, label: str, amount: Quantity) -> Item:
    value = f"{quantity(amount.central, amount.unit)} ({quantity_range(amount)})"
    return Item(label=label, value=value, source=origin_words(facts, amount))


def origin_words(facts: CardFacts, amount: Quantity) -> str:
    """Where a quantity came from: the one place it was read, or what it was worked out from."""
    if len(amount.inputs) == 1 and amount.low == amount.high:
        return facts.source(amount.inputs[0].origin)
    kinds = {fact.origin.kind for fact in amount.inputs}
    return text(
        "documents.energy.worked_out_assumed"
        if OriginKind.ASSUMED in kinds
        else "documents.energy.worked_out"
    )


def _runtime(facts: CardFacts) -> list[Item]:
    seconds = facts.known.number("train_runtime_seconds")
    if seconds is None or seconds.value <= 0:
        return []
    item = Item(
        label=text("documents.field.run_time"),
        value=quantity(seconds.value / 3600, "h") if seconds.value >= 360 else quantity(seconds.value, "s"),
        source=facts.source(seconds.origin),
    )
    return [item]
