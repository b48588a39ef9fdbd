# SPDX-License-Identifier: Apache-2.0
"""The hardware witness: devices x seconds x dense peak x utilisation (Commission Guidelines, annex A.2)."""

from dataclasses import dataclass
from fractions import Fraction

from core.compute.network import Network
from core.compute.ranges import estimate, shown, step
from core.domain.fact import AnyFact, any_fact
from core.domain.footprint import Witness, WitnessId
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.said import Said, said
from core.reference import Accelerator, Reference
from core.texts import text

TINY = 50_000_000
"""Below this many parameters a device idles most of the time and utilisation says little."""


@dataclass(frozen=True)
class Utilisation:
    """Share of the dense peak that becomes model FLOP: low, central, high."""

    low: float
    central: float
    high: float
    assumed: str = ""


@dataclass(frozen=True)
class Machine:
    """What it ran on. `count` devices for `hours` wall-clock hours; None is "not known"."""

    device: Accelerator | None = None
    peak: int | None = None
    count: int = 1
    hours: float | None = None
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def resolve_machine(known: Known, reference: Reference) -> Machine:
    """Devices, peak and hours from answers first, then from the run's own log."""
    inputs: list[AnyFact] = []
    notes: list[str] = []
    missing: list[str] = []
    name = known.text("hardware")
    device = reference.accelerator(name.value) if name is not None else None
    said_peak = known.integer("device_peak_flops")
    peak: int | None = None
    if said_peak is not None and said_peak.value > 0:
        peak = said_peak.value
        inputs.append(any_fact(said_peak))
    elif device is not None:
        precision = known.text("precision")
        # The data type of saved weights is not the type of the arithmetic, so only an answer counts.
        wanted = precision.value if precision is not None and known.said("precision") else None
        peak, used = device.peak(wanted)
        notes.append(
            text("compute.assume.peak", name=device.name, precision=used.upper(), tflops=f"{peak / 1e12:.4g}")
        )
        if device.confidence != "high":
            notes.append(text("compute.assume.peak_weak", name=device.name))
    else:
        missing.append("hardware")
    if name is not None:
        inputs.append(any_fact(name))
    hours = _hours(known, inputs)
    if hours is None:
        missing.append("hours")
    count = known.integer("device_count") or known.integer("world_size")
    if count is not None and count.value > 0:
        inputs.append(any_fact(count))
    else:
        notes.append(text("compute.assume.one_device"))
    return Machine(
        device=device,
        peak=peak,
        count=count.value if count is not None and count.value > 0 else 1,
        hours=hours,
        inputs=tuple(inputs),
        assumptions=tuple(notes),
        missing=tuple(missing),
    )


def _hours(known: Known, inputs: list[AnyFact]) -> float | None:
    said = known.number("hours")
    if said is not None and said.value > 0:
        inputs.append(any_fact(said))
        return said.value
    runtime = known.number(FoundOnly.TRAIN_RUNTIME_SECONDS)
    if runtime is not None and runtime.value > 0:
        inputs.append(any_fact(runtime))
        return runtime.value / 3600
    return None


def utilisation(known: Known, network: Network, machine: Machine, stage: str) -> Utilisation:
    """The person's figure, else the usual one for this kind of work (compute methods, section 1).

    Defaults are the medians and 5-95 % spans of published runs; tiny and unknown kinds are judgement.
    """
    said = known.number("utilisation")
    if said is not None and 0 < said.value <= 1:
        return Utilisation(said.value * 0.8, said.value, min(1.0, said.value * 1.25))
    if network.total is not None and network.total < TINY:
        return Utilisation(0.001, 0.10, 0.40, text("compute.assume.utilisation.tiny"))
    kind = _kind(known, network, machine, stage)
    low, central, high = _DEFAULTS[kind]
    if machine.device is not None and machine.device.kind in ("laptop", "soc", "cpu"):
        low /= 2
    return Utilisation(
        low, central, high, text(f"compute.assume.utilisation.{kind}", low=low, central=central, high=high)
    )


_DEFAULTS = {
    "pretrain": (0.10, 0.30, 0.55),
    "tune": (0.08, 0.25, 0.45),
    "vit": (0.15, 0.35, 0.60),
    "cnn": (0.03, 0.15, 0.45),
    "diffusion": (0.10, 0.30, 0.50),
    "generate": (0.01, 0.06, 0.30),
    "unknown": (0.05, 0.25, 0.55),
}
_VISION = frozenset("vit deit beit swin swinv2 dinov2 clip siglip siglip2 convnext convnextv2".split())
_CNN = frozenset("resnet regnet mobilenet_v2 efficientnet yolos detr".split())


def _kind(known: Known, network: Network, machine: Machine, stage: str) -> str:
    modality = network.row.modality if network.row is not None else ""
    if stage in ("grpo", "rloo", "ppo"):
        return "generate"
    if network.model_type in _VISION:
        return "vit"
    if network.model_type in _CNN:
        return "cnn"
    if "image" in modality and "generation" in modality:
        return "diffusion"
    if network.model_type or modality.startswith(("text", "vision-language")):
        at_home = machine.device is not None and machine.device.at_home
        return "tune" if network.is_adapter or at_home or network.row is not None else "pretrain"
    origin = known.text("origin")
    if known.strings("output_modalities") == ("text",) and origin is not None and network.method == "full":
        return "pretrain" if origin.value in ("from_scratch", "continued_pretraining") else "tune"
    return "unknown"


def _why_silent(known: Known, reference: Reference, hours: float | None) -> Said:
    """What is missing; a device that was named and that the table does not hold is told apart from none."""
    name = known.text("hardware")
    if name is not None and hours is not None and reference.accelerator(name.value) is None:
        return said("compute.remark.hardware_unknown", name=name.value)
    return said("compute.remark.hardware_missing")


def hardware_witness(known: Known, reference: Reference, network: Network, stage: str) -> Witness:
    """Devices x hours x 3600 x peak x utilisation. Silent when hardware or hours are not known."""
    machine = resolve_machine(known, reference)
    title = text("compute.witness.hardware")
    if machine.peak is None or machine.hours is None:
        return Witness(
            id=WitnessId.HARDWARE,
            title=title,
            missing=machine.missing,
            remarks=(_why_silent(known, reference, machine.hours),),
        )
    share = utilisation(known, network, machine, stage)
    seconds = machine.count * Fraction(machine.hours).limit_denominator(10**6) * 3600
    central = int(seconds * machine.peak * Fraction(share.central).limit_denominator(10**6))
    expression = f"{machine.count} × {machine.hours:.6g} h × 3600 × {shown(machine.peak)} × {share.central:g}"
    weak = 1.0 if machine.device is None or machine.device.confidence == "high" else 1.5
    notes = [*machine.assumptions, *((share.assumed,) if share.assumed else ())]
    found = estimate(
        central,
        share.low / share.central / weak,
        share.high / share.central * weak,
        method="hardware",
        inputs=[*machine.inputs, known.get("utilisation")],
        assumptions=notes,
        steps=[step("hardware", expression, central)],
    )
    return Witness(id=WitnessId.HARDWARE, title=title, estimate=found)
