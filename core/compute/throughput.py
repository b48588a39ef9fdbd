# SPDX-License-Identifier: Apache-2.0
"""The throughput witness: samples or tokens per second, logged or published, times the hours.

Published speeds are benchmarks of one device doing nothing else (resources/reference/throughput.csv). What real runs
reach of them is calibrated on published training compute; benchmarks/accuracy.py prints how often the range holds.
"""

import math
from collections.abc import Callable
from fractions import Fraction

from core.compute.cost import Cost
from core.compute.hardware import TINY, Machine, resolve_machine
from core.compute.longest_length import only_longest
from core.compute.network import DIFFUSION, NOT_TOKENS, SEQ2SEQ, Network
from core.compute.ranges import estimate, shown, step
from core.compute.samples import per_sample
from core.compute.seen import Seen
from core.domain.estimate import FlopEstimate
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.footprint import Witness, WitnessId
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.stage_run import PAIRED
from core.reference import Reference, ThroughputRow
from core.texts import text

REAL_RUNS = {"decoder": (0.34, 0.62, 1.25), "vision": (0.20, 0.62, 1.25)}
"""Share of the published speed that real runs reach: low, central, high. Decoders: the median, and the shortest range that
holds nine in ten of the published runs on these devices (tiers A and B, benchmarks/crossfit.py). Vision: the same, with a
wider low end by judgement, as there are no such runs."""
_NEAREST = 2.0
"""A row speaks for models up to this many times smaller or larger."""
_LOGGED = (0.9, 1.1)
"""The log rounds its speed and may hold pauses for evaluation."""


def throughput_witness(
    known: Known, reference: Reference, network: Network, stage: str, cost: Callable[[Seen], Cost | None]
) -> Witness | None:
    """Speed x time x operations of one unit; None when no speed is known. `cost` weighs an amount of data.

    A logged speed comes before a published one: it is of this very run.
    """
    machine = resolve_machine(known, reference)
    if machine.hours is None:
        return None
    found = _logged(known, network, machine, stage, cost) or _published(
        known, reference, network, machine, stage
    )
    if found is None:
        return None
    return Witness(id=WitnessId.THROUGHPUT, title=text("compute.witness.throughput"), estimate=found)


def _logged(
    known: Known, network: Network, machine: Machine, stage: str, cost: Callable[[Seen], Cost | None]
) -> FlopEstimate | None:
    speed = known.number(FoundOnly.SAMPLES_PER_SECOND)
    if speed is None or speed.value <= 0 or machine.hours is None or per_sample(network):
        return None
    length = known.integer("sequence_length")
    if length is None or length.value <= 0 or not _same_part(known, machine.hours):
        return None
    if only_longest(known, length):
        return None  # the speed counts texts, and nothing says how long they were
    each = 2 if stage in PAIRED else 1
    seconds = Fraction(machine.hours).limit_denominator(10**6) * 3600
    samples = round(Fraction(speed.value).limit_denominator(10**6) * seconds) * each
    spent = cost(Seen(samples=samples, tokens=samples * length.value)) if samples else None
    if spent is None:
        return None
    expression = f"{speed.value:.6g} × {machine.hours:.6g} h × 3600" + (" × 2" if each == 2 else "")
    shorter = 0.4 if length.origin.kind is OriginKind.FILE else 1.0
    return estimate(
        spent.own,
        spent.low * _LOGGED[0] * shorter,
        spent.high * _LOGGED[1],
        method="throughput_logged",
        inputs=[known.get(FoundOnly.SAMPLES_PER_SECOND), known.get("sequence_length"), *machine.inputs],
        assumptions=[
            *spent.assumptions,
            *((text("compute.assume.maximal_length"),) if shorter < 1 else ()),
        ],
        steps=[step("speed", expression, samples, ""), *spent.steps],
    )


def _same_part(known: Known, hours: float) -> bool:
    """A resumed run logs the speed of its whole schedule over the time of its last part: then it says nothing."""
    pace, steps = known.number(FoundOnly.STEPS_PER_SECOND), known.integer("steps")
    if pace is None or steps is None or pace.value <= 0.001 or steps.value <= 0:
        return True
    return 0.9 <= pace.value * hours * 3600 / steps.value <= 1.1


def _published(
    known: Known, reference: Reference, network: Network, machine: Machine, stage: str
) -> FlopEstimate | None:
    if machine.device is None or machine.hours is None or stage not in ("", "sft", "pretraining"):
        return None
    precision = known.text("precision")
    if precision is not None and known.said("precision") and precision.value not in ("bf16", "fp16"):
        return None
    if network.method != "full" or known.said("utilisation") or known.said("device_peak_flops"):
        # Who says the share or the peak knows this machine better than a table.
        return None
    row = _row(known, reference, network, machine.device.id)
    if row is None:
        return None
    low, central, high = REAL_RUNS[row.kind]
    rate = Fraction(row.units_per_second).limit_denominator(10**3) * row.flop_per_unit
    seconds = machine.count * Fraction(machine.hours).limit_denominator(10**6) * 3600
    whole = int(seconds * rate * Fraction(central).limit_denominator(10**6))
    if row.kind == "vision":
        low *= row.utilisation_low / row.utilisation
        high *= row.utilisation_high / row.utilisation
    expression = (
        f"{machine.count} × {machine.hours:.6g} h × 3600 × {row.units_per_second:g} × "
        f"{shown(row.flop_per_unit)} × {central:g}"
    )
    note = text(
        "compute.assume.throughput",
        speed=f"{row.units_per_second:,.6g}",
        unit=text(f"compute.unit.{row.unit}"),
        model=row.model_class,
        device=machine.device.name,
        low=f"{100 * low:.2g}",
        high=f"{100 * high:.3g}",
    )
    fact: AnyFact = Fact(
        name="throughput",
        value=row.units_per_second,
        origin=Origin(kind=OriginKind.REFERENCE, note=text("compute.origin.throughput", source=row.source)),
    )
    return estimate(
        whole,
        low / central,
        high / central,
        method="throughput_published",
        inputs=[fact, *machine.inputs],
        assumptions=[note],
        steps=[step("throughput", expression, whole)],
    )


def _row(known: Known, reference: Reference, network: Network, device: str) -> ThroughputRow | None:
    """The row of this device for this kind of model and, among decoders, the nearest size."""
    rows = [row for row in reference.throughput if row.device == device]
    kind = network.model_type
    if kind in NOT_TOKENS:
        return next((row for row in rows if row.kind == "vision" and row.model_class == kind), None)
    size = network.working
    if size is None or size < TINY or kind in SEQ2SEQ | DIFFUSION:
        return None
    if not kind and known.strings("output_modalities") != ("text",):
        return None
    near = [row for row in rows if row.kind == "decoder" and _apart(row, size) <= math.log(_NEAREST)]
    return min(near, key=lambda row: _apart(row, size)) if near else None


def _apart(row: ThroughputRow, size: int) -> float:
    return abs(math.log(row.parameters / size))
