# SPDX-License-Identifier: Apache-2.0
"""From several witnesses to one figure, and a plain word on whether they agree.

Independent witnesses are combined as logarithms, each weighted by the inverse of its variance. An exact count is
never moved by a rough one. A witness far outside the best one's range is left out and reported.
"""

import math
from dataclasses import dataclass

from core.compute.conflict import about_stated, disagreement, strained
from core.compute.ranges import Z90, sigma
from core.compute.witnesses import Run
from core.domain.estimate import FlopEstimate
from core.domain.footprint import Witness
from core.domain.known import Known
from core.domain.said import Said, said
from core.reference import Reference
from core.texts import text
from core.units import times

_FAR = 1.25
"""Ranges this far apart (as a ratio) are a contradiction, not noise."""
_CHANCE = 2.71
"""Two witnesses scatter less than this, over what their ranges say, nine times in ten (chi-squared, one degree)."""


@dataclass(frozen=True)
class Reconciled:
    """The figure for the run, the witnesses with `used` set, and the sentence on their agreement."""

    own: FlopEstimate | None
    witnesses: tuple[Witness, ...]
    agreement: tuple[Said, ...]


def reconcile(run: Run, known: Known, reference: Reference) -> Reconciled:
    """Combine the witnesses of a run. With none, `own` is None and the sentence says so."""
    operations, hardware, recorded = run.firm, run.hardware.estimate, run.recorded.estimate
    exact = operations is not None and run.cost is not None and run.cost.exact
    # total_flos and a log of tokens come from the same counter: once operations speak, it only confirms them.
    independent = {
        "operations": operations,
        "hardware": hardware,
        "recorded": recorded if operations is None else None,
    }
    independent |= _one_of_the_hours(
        hardware, run.throughput.estimate if run.throughput is not None else None
    )
    spoken = {name: found for name, found in independent.items() if found is not None}
    stated = run.stated.estimate if run.stated is not None else None
    if not spoken and stated is not None:
        spoken = {"stated": stated}
    if not spoken:
        return Reconciled(None, run.witnesses, (said("compute.agree.none"),))
    best = min(spoken, key=lambda name: (sigma(spoken[name]), name != "operations"))
    used = {best}
    agreement: tuple[Said, ...] = ()
    for name, found in spoken.items():
        if name == best:
            continue
        gap = _gap(found, spoken[best])
        if gap > _FAR:
            kept = best == "operations" and _may_be_misstated(run, found)
            agreement = disagreement(run, known, reference, name, found, spoken[best], kept=kept)
            if kept:
                used.add(name)
        elif not exact:
            used.add(name)
    if run.operations.estimate is not None:
        # What was only stated may be wrong: from here on its wider range counts.
        spoken["operations"] = run.operations.estimate
    own = spoken[best] if used == {best} else _combine([spoken[name] for name in spoken if name in used])
    agreement = agreement or strained(run, known, reference)
    if not agreement:
        agreement = (_agreement(run, exact, len(used), len(spoken)),)
    if stated is not None and "stated" not in used:
        agreement += about_stated(known, reference, run, own, stated)
    witnesses = tuple(witness.replace(used=str(witness.id) in used) for witness in run.witnesses)
    return Reconciled(own, tuple(_with_reason(one, run, used) for one in witnesses), agreement)


def _may_be_misstated(run: Run, found: FlopEstimate) -> bool:
    """Do size and tokens rest on nothing but words, and `found` lies in the range they have then? So both count."""
    wide = run.operations.estimate
    return wide is not None and wide != run.firm and _gap(found, wide) <= 1.0


def _one_of_the_hours(
    hardware: FlopEstimate | None, throughput: FlopEstimate | None
) -> dict[str, FlopEstimate | None]:
    """Both rest on the same hours, so they are one witness: the narrower speaks."""
    if hardware is None or throughput is None:
        return {"hardware": hardware, "throughput": throughput}
    if sigma(throughput) < sigma(hardware):
        return {"hardware": None, "throughput": throughput}
    return {"hardware": hardware, "throughput": None}


def _gap(one: FlopEstimate, other: FlopEstimate) -> float:
    """How far apart two ranges are, as a ratio; at most 1 when they overlap."""
    if one.low > other.high:
        return one.low / max(1, other.high)
    return other.low / max(1, one.high) if other.low > one.high else 1.0


def _combine(found: list[FlopEstimate]) -> FlopEstimate:
    weights = [1 / sigma(one) ** 2 for one in found]
    logs = [math.log(max(1, one.central)) for one in found]
    mean = sum(w * value for w, value in zip(weights, logs, strict=True)) / sum(weights)
    spread = sum(w * (value - mean) ** 2 for w, value in zip(weights, logs, strict=True)) / (len(found) - 1)
    # Where the witnesses scatter more than chance lets them nine times in ten, the combined range is widened to match.
    width = Z90 * math.sqrt(max(1.0, spread / _CHANCE) / sum(weights))
    central = round(math.exp(mean))
    return FlopEstimate(
        low=min(central, int(central * math.exp(-width))),
        central=central,
        high=max(central, int(central * math.exp(width))),
        method=text("compute.method.combined"),
        inputs=tuple(fact for one in found for fact in one.inputs),
        assumptions=tuple(dict.fromkeys(note for one in found for note in one.assumptions)),
        steps=tuple(line for one in found for line in one.steps),
    )


def _with_reason(witness: Witness, run: Run, used: set[str]) -> Witness:
    """Say why a witness with a number took no part, when its own remark does not."""
    if witness.used or witness.estimate is None:
        return witness
    other = {"hardware": "throughput", "throughput": "hardware"}.get(str(witness.id))
    if other in used:
        reason = said("compute.remark.same_hours", name=said(f"compute.name.{other}"))
        return witness.replace(remarks=(*witness.remarks, reason))
    if witness.id != "recorded" or "operations" not in used:
        return witness
    reason = said("compute.remark.same_source" if run.seen.from_recorded else "compute.remark.confirms")
    return witness.replace(remarks=(*witness.remarks, reason))


def _agreement(run: Run, exact: bool, used: int, spoken: int) -> Said:
    if (
        run.operations.estimate is not None
        and run.recorded.estimate is not None
        and not run.seen.from_recorded
    ):
        gap = _gap(run.operations.estimate, run.recorded.estimate)
        if gap > _FAR:
            ratio = times(max(gap, 1.0))
            return said("compute.agree.recorded_differs", ratio=ratio)
    if spoken == 1:
        return said("compute.agree.one")
    return said("compute.agree.exact" if exact and used == 1 else "compute.agree.yes")
