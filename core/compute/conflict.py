# SPDX-License-Identifier: Apache-2.0
"""Why figures for one training differ: the likeliest wrong input, in one plain sentence.

The candidates are the mistakes found in published figures (compute methods, section 9): a peak with sparsity or of
the shader cores, all experts instead of the active ones, hours of everything, tokens of one epoch, one backward pass
too few, pictures or sound taken for tokens, the base left out or counted in.
"""

import math
from typing import NamedTuple

from core.compute.hardware import TINY, Machine, resolve_machine
from core.compute.network import PER_SAMPLE
from core.compute.witnesses import Run
from core.domain.estimate import FlopEstimate
from core.domain.known import Known
from core.domain.said import Said, said
from core.reference import Reference
from core.units import times

_MOST = 0.6
"""Real runs seldom use more of the dense peak than this (compute methods, section 1: 95 % of them stay below 0.57)."""


class _Candidate(NamedTuple):
    """A mistake, and the ratio (stated over weighed) it leads to."""

    key: str
    ratio: float
    slack: float = 1.18


def about_stated(
    known: Known, reference: Reference, run: Run, own: FlopEstimate, stated: FlopEstimate
) -> tuple[Said, ...]:
    """On the figure that a card or paper states: whether it agrees and, if not, the likeliest reason."""
    ratio = stated.central / max(1, own.central)
    base = known.integer("base_flop")
    whole = own.central + base.value if base is not None else None
    if whole is not None and whole > 1.3 * own.central:
        if 1 / 1.2 <= stated.central / whole <= 1.2:
            return (said("compute.stated.with_base"),)
        if 1 / 1.3 <= ratio <= 1.3:
            return (said("compute.stated.without_base", ratio=times(whole / own.central)),)
    if 1 / 1.2 <= ratio <= 1.2:
        return (said("compute.stated.agrees"),)
    apart = times(ratio if ratio >= 1 else 1 / ratio)
    first = said(f"compute.stated.{'more' if ratio > 1 else 'less'}", ratio=apart)
    return first, _why_stated(known, reference, run, stated.central, ratio, own)


def _why_stated(
    known: Known, reference: Reference, run: Run, stated: int, ratio: float, own: FlopEstimate
) -> Said:
    network = run.network
    machine = resolve_machine(known, reference)
    candidates = [
        _Candidate("backward_once", 2 / 3, 1.09),
        _Candidate("forward_only", 1 / 3),
        _Candidate("pairs", 1 / 2, 1.12),
        _Candidate("recompute", 4 / 3, 1.08),
    ]
    epochs = known.number("epochs")
    if epochs is not None and epochs.value > 1.5:
        candidates.insert(0, _Candidate("one_epoch", 1 / epochs.value, 1.3))
    if network.active is not None and network.total is not None:
        candidates.insert(0, _Candidate("all_experts", network.total / network.active, 1.3))
    near = [one for one in candidates if abs(math.log(ratio / one.ratio)) <= math.log(one.slack)]
    if near:
        best = min(near, key=lambda one: abs(math.log(ratio / one.ratio)))
        return said(f"compute.stated.{best.key}")
    model_type = network.model_type or _kind(known)
    if ratio > 4 and model_type in PER_SAMPLE:
        return said("compute.stated.frames")
    if run.hardware.estimate is not None and machine.peak is not None and machine.hours is not None:
        share = stated / (machine.count * machine.hours * 3600 * machine.peak)
        operations = run.firm.central if run.firm is not None else None
        if share > _MOST:
            return said("compute.stated.too_busy", share=f"{100 * share:.2g}")
        if run.hardware.estimate.low <= stated <= run.hardware.estimate.high and operations is not None:
            low = operations / (machine.count * machine.hours * 3600 * machine.peak)
            return said("compute.stated.from_hours", share=f"{100 * share:.2g}", count=f"{100 * low:.2g}")
    if (
        network.active is not None
        and network.total is not None
        and 1.3 < ratio < network.total / network.active
    ):
        return said("compute.stated.some_experts")
    if own.low <= stated <= own.high:
        return said("compute.stated.in_range")
    if ratio < 0.2:
        return said("compute.stated.unique")
    if 1.7 <= ratio <= 2.3:
        return said("compute.stated.double")
    return said("compute.stated.check")


def strained(run: Run, known: Known, reference: Reference) -> tuple[Said, ...]:
    """What to say when figures that just agree would need more of the peak than real runs reach, or rest on a peak
    that is not the card's; else which share of the peak they mean together; nothing when that cannot be said."""
    machine = resolve_machine(known, reference)
    if run.firm is None or run.hardware.estimate is None:
        return ()
    if machine.peak is None or machine.hours is None or (run.network.total or 0) < TINY:
        return ()
    wrong = _wrong_peak(known, machine)
    if wrong is not None:
        return said("compute.agree.yes"), wrong
    if known.said("utilisation"):
        return ()
    share = run.firm.central / (machine.count * machine.hours * 3600 * machine.peak)
    if share <= _MOST and run.cost is not None and run.cost.exact:
        return ()
    key = "too_busy" if share > _MOST else "share"
    return (said(f"compute.agree.{key}", percent=f"{100 * share:.3g}"),)


def _wrong_peak(known: Known, machine: Machine) -> Said | None:
    """A peak that somebody gave against the card's dense one: about twice it, or well under it."""
    if not known.said("device_peak_flops") or machine.device is None or machine.peak is None:
        return None
    share = machine.peak / machine.device.peak(None)[0]
    if 1.7 <= share <= 2.3:
        return said("compute.agree.sparse")
    return said("compute.agree.shader") if 0.2 <= share <= 0.6 else None


def _kind(known: Known) -> str:
    fact = known.text("model_type")
    return fact.value if fact is not None else ""


def disagreement(
    run: Run,
    known: Known,
    reference: Reference,
    name: str,
    found: FlopEstimate,
    best: FlopEstimate,
    *,
    kept: bool = False,
) -> tuple[Said, ...]:
    """Which input is the likeliest wrong one, and how one can tell. `kept`: the other figure counts all the same."""
    # Stages that run nothing (a merge) have a figure too: zero.
    ratio = max(1, found.central) / max(1, best.central)
    apart = times(ratio if ratio >= 1 else 1 / ratio)
    first = said(
        f"compute.agree.{'no_kept' if kept else 'no'}", name=said(f"compute.name.{name}"), ratio=apart
    )
    operations, hardware = run.operations.estimate, run.hardware.estimate
    if operations is None or hardware is None or (run.network.total or 0) < TINY:
        return first, said("compute.agree.check")
    return first, _likeliest(run, known, reference, operations.central, hardware.central)


def _likeliest(run: Run, known: Known, reference: Reference, operations: int, hardware: int) -> Said:
    ratio = hardware / max(1, operations)
    machine = resolve_machine(known, reference)
    implied = operations / (machine.count * (machine.hours or 1) * 3600 * (machine.peak or 1))
    percent = f"{100 * implied:.3g}"
    epochs = known.number("epochs")
    network = run.network
    wrong = _wrong_peak(known, machine)
    if wrong is not None:
        return wrong
    if implied > _MOST:
        return said("compute.agree.too_busy", percent=percent)
    if epochs is not None and epochs.value > 1.5 and 0.6 <= ratio / epochs.value <= 1.7:
        return said("compute.agree.epochs", epochs=f"{epochs.value:g}")
    if machine.count > 1 and 0.6 <= ratio / machine.count <= 1.7:
        return said("compute.agree.cluster", count=machine.count)
    if 1.7 <= ratio <= 2.4 and known.said("device_peak_flops"):
        return said("compute.agree.sparse")
    if network.active is not None and network.total is not None and ratio > 1.5:
        return said("compute.agree.active", total=network.total, active=network.active)
    if implied < 0.05:
        return said("compute.agree.too_idle", percent=percent)
    return said("compute.agree.check")
