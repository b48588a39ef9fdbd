# SPDX-License-Identifier: Apache-2.0
"""Training compute of the models that were merged.

Source: Commission Guidelines, annex, point 118: where weights are merged, averaged or used to start from, the training
compute of every set of weights counts towards the cumulative account. The text is silent on parents that share a base:
its training was run once, so it is added once, and the reading that adds it for each parent is shown beside it.
"""

from typing import NamedTuple

from core.compute.base_row import row_estimate
from core.compute.ranges import shown, step
from core.domain.estimate import FlopEstimate
from core.domain.fact import AnyFact
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.reference import Reference
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
    found = {name: row_estimate(row) for name, row in rows if row is not None}
    known_ones = [(row, one) for name, row in rows if row is not None and (one := found[name]) is not None]
    unknown = tuple(name for name, _ in rows if found.get(name) is None)
    once = list({row.hub_id: one for row, one in known_ones}.values())
    least = sum(one.central for one in once)
    if unknown or not once:
        return Parents(least=least, unknown=unknown)
    every = [one for _, one in known_ones]
    full = sum(one.central for one in every)
    return Parents(_sum(every, once, fact), full if full > least else None, least)


def _sum(every: list[FlopEstimate], once: list[FlopEstimate], fact: AnyFact | None) -> FlopEstimate:
    central = sum(one.central for one in once)
    lines = [line for one in once for line in one.steps]
    if len(once) > 1:
        lines.append(step("parents", " + ".join(shown(one.central) for one in once), central))
    notes = [note for one in once for note in one.assumptions]
    if len(once) < len(every):
        notes.append(text("compute.assume.shared_parents", number=len(every), bases=len(once)))
    return FlopEstimate(
        low=sum(one.low for one in once),
        central=central,
        # If a shared base counts for each parent, the sum is larger: the range holds that reading.
        high=sum(one.high for one in every),
        method=text("compute.method.parents"),
        inputs=(*((fact,) if fact is not None else ()), *(given for one in once for given in one.inputs)),
        assumptions=tuple(dict.fromkeys(notes)),
        steps=tuple(lines),
    )


def why_unknown(parents: Parents) -> str:
    """What to tell a person whose merge has parents without a figure."""
    if not parents.unknown:
        return text("compute.warn.base_of_merge")
    names = ", ".join(parents.unknown[:_NAMED])
    if len(parents.unknown) > _NAMED:
        names = text("compute.warn.and_more", names=names, number=len(parents.unknown) - _NAMED)
    key = "parents_some" if parents.least else "parents_none"
    return text(f"compute.warn.{key}", names=names, flop=shown(parents.least))
