# SPDX-License-Identifier: Apache-2.0
"""The recorded witness: the Trainer's total_flos, shown raw and repaired for its known errors.

Source: formats note on total_flos, sections 1 to 3 (formula 6 x parameters outside embeddings x tokens).
"""

import math

from core.compute.adapter_only import adapter_factors
from core.compute.hardware import resolve_machine
from core.compute.network import NOT_TOKENS, SEQ2SEQ, Network
from core.compute.ranges import estimate, scaled, shown, step
from core.compute.recipe import Recipe, recipe_of
from core.compute.recorded_tokens import tokens_from_flos
from core.compute.seen import Seen
from core.compute.stages import cost_of
from core.domain.footprint import Witness, WitnessId
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.said import Said, said
from core.reference import Reference
from core.texts import text

_FROZEN = 4 / 6
"""Frozen weights need no weight gradient: 4N where the Trainer counts 6N."""


def recorded_witness(known: Known, reference: Reference, network: Network, seen: Seen, stage: str) -> Witness:
    """total_flos with its repair. Silent when no tool recorded it; without estimate when it cannot be repaired."""
    title = text("compute.witness.recorded")
    raw = known.integer(FoundOnly.RECORDED_FLOS)
    if raw is None or raw.value <= 0:
        return Witness(id=WitnessId.RECORDED, title=title, remarks=(said("compute.remark.recorded_none"),))
    number = raw.value

    def silent(reason: str) -> Witness:
        remark = said(f"compute.remark.{reason}")
        return Witness(id=WitnessId.RECORDED, title=title, raw=number, remarks=(remark,))

    if network.model_type in NOT_TOKENS:
        return silent("recorded_pixels")
    if _impossible(known, reference, number):
        return silent("recorded_impossible")
    steps = known.integer("steps")
    size = network.total
    if steps is not None and size is not None and number < 6 * steps.value * size // 20:
        return silent("recorded_small")
    facts = [known.get(FoundOnly.RECORDED_FLOS)]
    backed_out = tokens_from_flos(known, network)
    if backed_out is not None:
        tokens, _, outside = backed_out
        samples = seen.samples if seen.samples and seen.samples <= tokens else None
        spent = Seen(samples=samples, tokens=tokens, head=seen.head)
        cost = cost_of(network, spent, recipe_of(known))
        assert cost is not None
        first = step("tokens_from_flos", f"{shown(number)} / (6 × {shown(outside)})", tokens, "tokens")
        repaired = estimate(
            cost.own,
            cost.low,
            cost.high,
            method="recorded_repaired",
            inputs=facts,
            assumptions=cost.assumptions,
            steps=[first, *cost.steps],
        )
        remark = _remark(network, stage, number, cost.own)
        return Witness(id=WitnessId.RECORDED, title=title, estimate=repaired, raw=number, remarks=(remark,))
    low, central, high, kind = _factors(network)
    by_shape = adapter_factors(known, number, seen.samples) if network.is_adapter else None
    if by_shape is not None:
        low, central, high = by_shape
    if stage == "dpo":
        least, usual, most = _reference_pass(recipe_of(known))
        low, central, high = low + least, central + usual, high + most
    value = scaled(number, central)
    repaired = estimate(
        value,
        low / central,
        high / central,
        method="recorded_factor",
        inputs=facts,
        steps=[step("recorded", f"{shown(number)} × {central:.4g}", value)],
    )
    remark = said(f"compute.remark.recorded_{kind}")
    return Witness(id=WitnessId.RECORDED, title=title, estimate=repaired, raw=number, remarks=(remark,))


def _factors(network: Network) -> tuple[float, float, float, str]:
    """Low, central, high of (true / recorded) when no layer table helps, and the name of the error."""
    if network.model_type in SEQ2SEQ:
        return 0.5, 0.9, 2.0, "seq2seq"
    share = network.active / network.total if network.active and network.total else 1.0
    if network.method in ("lora", "qlora", "dora", "prompt_tuning"):
        return share * _FROZEN, share * math.sqrt(_FROZEN), share, "frozen"
    if network.method == "frozen_partial":
        return share / 3, share * 0.6, share, "frozen"
    if share < 1.0:
        return share * 0.9, share * 1.15, share * 1.6, "experts"
    return 1.0, 1.1, 1.6, "attention"


def _reference_pass(recipe: Recipe) -> tuple[float, float, float]:
    """What a frozen reference adds to true / recorded: it reads all texts forward, 2N where the Trainer counts 6N; attention may add a third to it."""
    reads = recipe.stored or 0.0 if recipe.reference is False else 1.0
    return (reads / 3 if recipe.reference else 0.0), reads / 3, reads * 4 / 9


def _remark(network: Network, stage: str, raw: int, repaired: int) -> Said:
    """Names the error that this kind of run has, and its size here."""
    ratio = raw / repaired if repaired else 1.0
    if network.is_adapter:
        kind = "adapter"
    elif network.active is not None:
        kind = "moe"
    elif stage == "dpo":
        kind = "dpo"
    else:
        kind = "full"
    return said(f"compute.remark.repaired_{kind}", ratio=f"{ratio:.2f}")


def _impossible(known: Known, reference: Reference, number: int) -> bool:
    """More operations than the hardware could have done in the time the log gives."""
    runtime = known.number(FoundOnly.TRAIN_RUNTIME_SECONDS)
    machine = resolve_machine(known, reference)
    if runtime is None or runtime.value <= 0 or machine.peak is None:
        return False
    return number > 1.5 * runtime.value * machine.peak * machine.count
