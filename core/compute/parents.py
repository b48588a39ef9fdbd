# SPDX-License-Identifier: Apache-2.0
"""Training compute of the models that were merged.

Source: Commission Guidelines, annex, point 118: where weights are merged, averaged or used to start from, the training
compute of every set of weights counts towards the cumulative account. The text is silent on parents that share a base:
its training was run once, so it is added once, and the reading that adds it for each parent is shown beside it.
"""

from typing import NamedTuple

from core.compute.ranges import shown, step
from core.domain.estimate import FlopEstimate
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.reference import BaseModelRow, Reference
from core.texts import text

_NAMED = 5
"""Parents without a figure that are named in a sentence; the others are a number."""


class Parents(NamedTuple):
    """What is known of the parents of a merge. `whole` is None while one of them has no figure; `in_full`: the sum when a
    base that several parents share counts for each of them (None: they share none); `least`: the sum of those known."""

    whole: FlopEstimate | None = None
    in_full: int | None = None
    least: int = 0
    unknown: tuple[str, ...] = ()


def parents_of(known: Known, reference: Reference) -> Parents:
    """The parents that the merge's file or its card names, each looked up in the table of base models."""
    origin = known.text("origin")
    if origin is None or origin.value != "merge":
        return Parents()
    ids, folders = known.strings(FoundOnly.BASE_MODELS), known.strings(FoundOnly.BASE_NAMES)
    fact = known.get(FoundOnly.BASE_MODELS) or known.get(FoundOnly.BASE_NAMES)
    # Merged weights have the sizes of their parents, but for experts put side by side.
    method = known.text(FoundOnly.MERGE_METHOD)
    apart = method is not None and method.value == "mixture_of_experts"
    config = None if apart else known.mapping(FoundOnly.CONFIG)
    rows = [(name, reference.base_model(name)) for name in dict.fromkeys(ids)]
    rows += [(name, reference.local_model(name, config)) for name in dict.fromkeys(folders)]
    found = [(name, row) for name, row in rows if row is not None and row.flop_best]
    unknown = tuple(name for name, row in rows if row is None or not row.flop_best)
    once = list({row.hub_id: row for _, row in found}.values())
    least = sum(row.flop_best or 0 for row in once)
    if unknown or not found:
        return Parents(least=least, unknown=unknown)
    full = sum(row.flop_best or 0 for _, row in found)
    return Parents(_sum(found, once, fact), full if full > least else None, least)


def _sum(
    found: list[tuple[str, BaseModelRow]], once: list[BaseModelRow], fact: AnyFact | None
) -> FlopEstimate:
    lines = [step("base_row", row.hub_id, row.flop_best or 0) for row in once]
    central = sum(row.flop_best or 0 for row in once)
    if len(once) > 1:
        lines.append(step("parents", " + ".join(shown(row.flop_best or 0) for row in once), central))
    notes = [
        note for row in once for note in (text("compute.assume.basis", basis=row.basis), row.doubt) if note
    ]
    high = sum(row.flop_high or row.flop_best or 0 for _, row in found)
    if len(once) < len(found):
        notes.append(text("compute.assume.shared_parents", number=len(found), bases=len(once)))
    return FlopEstimate(
        low=sum(row.flop_low or 0 for row in once),
        central=central,
        # If a shared base counts for each parent, the sum is larger: the range holds that reading.
        high=max(central, high),
        method=text("compute.method.parents"),
        inputs=(*((fact,) if fact is not None else ()), *(_fact(row) for row in once)),
        assumptions=tuple(dict.fromkeys(notes)),
        steps=tuple(lines),
    )


def _fact(row: BaseModelRow) -> AnyFact:
    note = text("compute.origin.row", hub_id=row.hub_id)
    origin = Origin(kind=OriginKind.REFERENCE, key=row.hub_id, note=note)
    return Fact(name="base_flop", value=row.flop_best or 0, origin=origin)


def why_unknown(parents: Parents) -> str:
    """What to tell a person whose merge has parents without a figure."""
    if not parents.unknown:
        return text("compute.warn.base_of_merge")
    names = ", ".join(parents.unknown[:_NAMED])
    if len(parents.unknown) > _NAMED:
        names = text("compute.warn.and_more", names=names, number=len(parents.unknown) - _NAMED)
    key = "parents_some" if parents.least else "parents_none"
    return text(f"compute.warn.{key}", names=names, flop=shown(parents.least))
