# SPDX-License-Identifier: Apache-2.0
"""Energy and CO2 of the training. Source: compute methods, section 7.

Nothing is made up from operations alone: without the hardware there is no energy figure, and without the person's
own grid there is no CO2 figure.
"""

from dataclasses import dataclass

from core.compute.hardware import Machine, resolve_machine, utilisation
from core.compute.ranges import shown, step
from core.compute.witnesses import Run
from core.domain.estimate import ArithmeticStep, FlopEstimate, Quantity
from core.domain.fact import AnyFact, any_fact
from core.domain.known import Known
from core.reference import Reference
from core.texts import text


@dataclass(frozen=True)
class _Span:
    low: float
    central: float
    high: float
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()


def energy(
    known: Known, reference: Reference, run: Run, executed: FlopEstimate | None
) -> tuple[Quantity | None, Quantity | None]:
    """Energy in kWh and CO2 in kg, each None when it cannot be known.

    `executed` are the operations the hardware ran, used only when the hardware is known and the hours are not.
    """
    used = _energy(known, reference, run, executed)
    return used, _co2(known, used)


def _energy(known: Known, reference: Reference, run: Run, executed: FlopEstimate | None) -> Quantity | None:
    metered = known.number("energy_kwh")
    if metered is not None and metered.value > 0:
        return Quantity(
            low=metered.value * 0.95,
            central=metered.value,
            high=metered.value * 1.05,
            unit="kWh",
            method=text("compute.method.metered"),
            inputs=(any_fact(metered),),
        )
    machine = resolve_machine(known, reference)
    watts = _watts(known, machine)
    hours = _device_hours(known, run, machine, executed)
    if watts is None or hours is None:
        return None
    pue = _pue(known, machine)
    central = hours.central * watts.central * pue.central / 1000
    line = ArithmeticStep(
        label=text("compute.step.energy"),
        expression=f"{hours.central:.6g} h × {watts.central:.4g} W × {pue.central:.3g} / 1000",
        result=f"{central:.4g} kWh",
    )
    return Quantity(
        low=hours.low * watts.low * pue.low / 1000,
        central=central,
        high=hours.high * watts.high * pue.high / 1000,
        unit="kWh",
        method=text("compute.method.watts"),
        inputs=(*hours.inputs, *watts.inputs, *pue.inputs),
        assumptions=(
            *hours.assumptions,
            *watts.assumptions,
            *pue.assumptions,
            text("compute.assume.boundary"),
        ),
        steps=(line,),
    )


def _watts(known: Known, machine: Machine) -> _Span | None:
    said = known.number("device_watts")
    if said is not None and said.value > 0:
        return _Span(said.value * 0.9, said.value, said.value * 1.1, (any_fact(said),))
    if machine.device is None or machine.device.watts is None:
        return None
    limit = machine.device.watts
    note = text("compute.assume.watts", name=machine.device.name, watts=f"{limit:g}")
    return _Span(0.6 * limit, 0.8 * limit, limit, assumptions=(note,))


def _device_hours(known: Known, run: Run, machine: Machine, executed: FlopEstimate | None) -> _Span | None:
    if machine.hours is not None:
        total = machine.hours * machine.count
        return _Span(total, total, total, machine.inputs)
    if machine.peak is None or executed is None or executed.central <= 0:
        return None
    share = utilisation(known, run.network, machine, run.stage)
    per_hour = machine.peak * 3600
    note = text("compute.assume.hours_from_flop", flop=shown(executed.central), share=f"{share.central:g}")
    return _Span(
        executed.low / (per_hour * share.high),
        executed.central / (per_hour * share.central),
        executed.high / (per_hour * share.low),
        machine.inputs,
        (note,),
    )


def _pue(known: Known, machine: Machine) -> _Span:
    said = known.number("pue")
    if said is not None and said.value >= 1:
        return _Span(said.value, said.value, said.value, (any_fact(said),))
    home = machine.device is not None and machine.device.at_home
    if known.said("device_watts") and not home:
        # Published watts often hold the overhead already; nothing is added that nobody said.
        return _Span(1.0, 1.0, 1.2, assumptions=(text("compute.assume.pue_none"),))
    note = text("compute.assume.pue_home" if home else "compute.assume.pue")
    return _Span(1.0, 1.0 if home else 1.1, 1.2, assumptions=(note,))


def _co2(known: Known, used: Quantity | None) -> Quantity | None:
    grid = known.number("grid_g_per_kwh")
    if used is None or grid is None or grid.value < 0:
        return None
    factor = grid.value / 1000
    line = step(
        "co2", f"{used.central:.4g} kWh × {grid.value:g} / 1000", round(used.central * factor, 6), "kg"
    )
    return Quantity(
        low=used.low * factor,
        central=used.central * factor,
        high=used.high * factor,
        unit="kg",
        method=text("compute.method.co2"),
        inputs=(*used.inputs, any_fact(grid)),
        assumptions=used.assumptions,
        steps=(*used.steps, line),
    )
