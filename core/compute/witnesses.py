# SPDX-License-Identifier: Apache-2.0
"""The independent ways to know a run's operations, each with its own range and what it lacks."""

from dataclasses import dataclass

from core.compute.cost import Cost
from core.compute.hardware import hardware_witness
from core.compute.network import Network
from core.compute.phases import phases_cost, stages_of
from core.compute.ranges import estimate, scaled
from core.compute.recipe import Recipe, recipe_of
from core.compute.recorded import recorded_witness
from core.compute.resolve import resolve_network
from core.compute.seen import Seen, resolve_seen
from core.compute.stages import cost_of
from core.compute.throughput import throughput_witness
from core.domain.estimate import FlopEstimate
from core.domain.fact import AnyFact, any_fact
from core.domain.footprint import Witness, WitnessId
from core.domain.known import Known
from core.domain.said import said
from core.domain.stage_run import WRITTEN
from core.reference import Reference
from core.texts import text


@dataclass(frozen=True)
class Run:
    """One training run as far as it is known, with its witnesses."""

    network: Network
    seen: Seen
    stage: str
    cost: Cost | None
    operations: Witness
    hardware: Witness
    recorded: Witness
    firm: FlopEstimate | None = None
    """The operations' range if the numbers given are right; the witness's own is wider when they were only stated."""

    stated: Witness | None = None
    """What a card or a paper says, when somebody gave it."""

    throughput: Witness | None = None
    """Speed times hours, when a log or the table of published speeds gives one."""

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """Operations, hardware, recorded, and throughput and stated where they speak."""
        more = (self.throughput, self.stated)
        return (self.operations, self.hardware, self.recorded, *(one for one in more if one is not None))


def gather(known: Known, reference: Reference) -> Run:
    """Everything that is known about the run, and each witness. Missing things make a witness silent, not an error."""
    network = resolve_network(known, reference)
    recipe = recipe_of(known)
    stage = recipe.stage
    seen = resolve_seen(known, network, stage)
    cost = phases_cost(known, network)
    if cost is not None:
        seen = Seen()
    elif not stages_of(known):
        cost = cost_of(network, seen, recipe)
    operations, firm = _operations(known, network, seen, cost, recipe)
    return Run(
        network=network,
        seen=seen,
        stage=stage,
        cost=cost,
        operations=operations,
        hardware=hardware_witness(known, reference, network, stage),
        recorded=recorded_witness(known, reference, network, seen, stage),
        firm=firm,
        stated=_stated(known),
        throughput=None
        if stages_of(known)
        else throughput_witness(
            known,
            reference,
            network,
            stage,
            # Where operations speak, the logged speed is the same log once more.
            lambda spent: cost_of(network, spent, recipe) if cost is None else None,
        ),
    )


def _stated(known: Known) -> Witness | None:
    said = known.integer("stated_flop")
    if said is None or said.value <= 0:
        return None
    found = estimate(said.value, 0.5, 2.0, method="stated", inputs=[any_fact(said)])
    return Witness(id=WitnessId.STATED, title=text("compute.witness.stated"), estimate=found)


STATED = (0.17, 4.6)
"""What published compute may be of 6 x parameters x tokens, nine times in ten: tokens of one epoch, all instead of active
parameters, rounded names. The shortest range that holds nine in ten of tiers A and B, rounded outwards
(benchmarks/crossfit.py; tried on organisations that were left out: docs/accuracy.md)."""
_SUPPORT = ("samples", "steps", "epochs", "sequence_length", "global_batch")


def only_stated(known: Known, network: Network) -> bool:
    """Does the count rest on a size and a number of tokens that were typed in, with nothing that supports them?"""
    if network.counted or not known.said("tokens") or not known.said("parameters_total"):
        return False
    return not any(known.get(name) is not None for name in _SUPPORT)


def _operations(
    known: Known, network: Network, seen: Seen, cost: Cost | None, recipe: Recipe
) -> tuple[Witness, FlopEstimate | None]:
    """The witness, and its estimate with the range it has when the numbers given are right."""
    title = text("compute.witness.operations")
    if cost is None:
        lacking: list[str] = []
        if network.total is None and not network.counted:
            lacking.extend(
                ("base_folder", "base_parameters") if network.is_adapter else ("parameters_total",)
            )
        lacking.extend(seen.missing)
        return Witness(
            id=WitnessId.OPERATIONS,
            title=title,
            missing=tuple(lacking),
            remarks=(said("compute.remark.operations_missing"),),
        ), None
    inputs: list[AnyFact | None] = [
        network.config_fact if network.counted else network.origin,
        network.method_fact,
    ]
    found = estimate(
        cost.own,
        cost.low * seen.low,
        cost.high * seen.high,
        method=cost.method,
        inputs=[*inputs, *seen.inputs, *(recipe.inputs if recipe.stage in WRITTEN and seen.tokens else ())],
        assumptions=[*cost.assumptions, *seen.assumptions],
        steps=[*seen.steps, *cost.steps],
    )
    firm = found
    if only_stated(known, network):
        found = found.replace(
            low=min(found.low, scaled(found.central, STATED[0])),
            high=max(found.high, scaled(found.central, STATED[1])),
            assumptions=(*found.assumptions, text("compute.assume.stated")),
        )
    return Witness(id=WitnessId.OPERATIONS, title=title, estimate=found), firm
