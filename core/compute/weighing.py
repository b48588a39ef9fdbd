# SPDX-License-Identifier: Apache-2.0
"""The door: from everything known to a Footprint. "I do not know" is always an answer."""

from collections.abc import Iterable

from core.compute.accounting import accounts
from core.compute.energy import energy
from core.compute.fit import fit
from core.compute.line_items import line_items
from core.compute.network import PER_SAMPLE
from core.compute.parents import parents_of
from core.compute.readings import Readings
from core.compute.reconcile import reconcile
from core.compute.witnesses import gather
from core.domain.estimate import ArithmeticStep
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.reference import Reference


def weigh(known: Known, reference: Reference) -> Footprint:
    """Weigh one release. Pure and total: missing facts give None and reasons, never an exception."""
    known = Readings(known)
    run = gather(known, reference)
    agreed = reconcile(run, known, reference)
    parents = parents_of(known, reference)
    found, gaps = accounts(known, run, agreed.own, parents)
    used, co2 = energy(known, reference, run, found.hardware_own or found.own)
    quantities = [part for part in (used, co2) if part is not None]
    return Footprint(
        parameters=run.network.parameters(),
        by_samples=run.network.counted and run.network.model_type in PER_SAMPLE,
        witnesses=agreed.witnesses,
        accounts=found,
        items=line_items(known, run, found, parents),
        agreed=agreed.agreement,
        energy=used,
        co2=co2,
        fit=fit(known, reference, run, found.own),
        explain=_unique([*_account_steps(found), *(line for part in quantities for line in part.steps)]),
        warnings=(*run.network.warnings, *run.seen.unsaid, *gaps),
    )


def _account_steps(found: Accounts) -> list[ArithmeticStep]:
    ordered = (found.own, found.direct, found.hardware_own, found.base, found.cumulative)
    return [line for part in ordered if part is not None for line in part.steps]


def _unique(lines: Iterable[ArithmeticStep]) -> tuple[ArithmeticStep, ...]:
    seen: dict[tuple[str, str], ArithmeticStep] = {}
    for line in lines:
        seen.setdefault((line.label, line.expression), line)
    return tuple(seen.values())
