# SPDX-License-Identifier: Apache-2.0
"""The four accounts that laws tell apart: own, base, direct, cumulative.

Source: Commission Guidelines on general-purpose AI models, annex A.1 (points 115 to 119): "direct" is what directly
updates parameters, "cumulative" is everything that adds to capabilities before release, with the weights a model
starts from and non-public synthetic data, and without recomputation, evaluation and thrown-away tries.
"""

from collections.abc import Iterable

from core.compute.base_row import row_estimate
from core.compute.network import Network
from core.compute.parents import Parents, why_unknown
from core.compute.ranges import estimate, scaled, shown, step
from core.compute.witnesses import Run
from core.domain.estimate import ArithmeticStep, FlopEstimate
from core.domain.fact import any_fact
from core.domain.footprint import Accounts
from core.domain.known import Known
from core.reference import BaseModelRow
from core.texts import text

UNTRAINED = ("merge", "conversion")
_OTHER_SIZE = 2
"""A model this many times its base, or its base this many times the model, is likely another one's. New heads and tables add less."""
_NO_PARENTS = Parents()


def accounts(
    known: Known, run: Run, own: FlopEstimate | None, parents: Parents = _NO_PARENTS
) -> tuple[Accounts, tuple[str, ...]]:
    """The accounts and what a person must be told about gaps in them.

    An account that cannot be known stays None: the base of a model that started from another one, and with it the
    cumulative account.
    """
    warnings: list[str] = []
    origin = _origin(known, run.network)
    if own is None and origin in UNTRAINED:
        own = estimate(0, 1, 1, method="untrained", assumptions=[text("compute.assume.untrained")])
    base = None if origin == "from_scratch" else base_account(known, run.network.row, origin)
    base = base or parents.whole
    if base is None and origin == "merge":
        warnings.append(why_unknown(parents))
    elif base is None and origin != "from_scratch":
        warnings.append(text(f"compute.warn.{_why_no_base(known, origin)}"))
    warnings.extend(_size_doubt(run.network, origin))
    synthetic, remark = _synthetic(known, run)
    warnings.extend(remark)
    found = Accounts(
        own=own,
        base=base,
        direct=_direct(run, own),
        cumulative=_cumulative(_counted(run, own), base, earlier(known), synthetic, origin),
        hardware_own=_hardware(known, run, own),
        synthetic=synthetic,
    )
    return found, tuple(warnings)


def _origin(known: Known, network: Network) -> str:
    """What the model started from, "" when nobody says."""
    fact = known.text("origin")
    if fact is not None:
        return fact.value
    started = (
        network.is_adapter or known.text("base_model") is not None or known.get("base_path_name") is not None
    )
    return "fine_tune" if started else ""


def base_account(known: Known, row: BaseModelRow | None, origin: str) -> FlopEstimate | None:
    """Training compute of the model it started from: what the person says, else the table, else parameters x tokens.

    A merge has several parents; one row is not their sum (see core.compute.parents).
    """
    said = known.integer("base_flop")
    if said is not None and said.value > 0:
        return estimate(said.value, 0.7, 1.3, method="base_said", inputs=[any_fact(said)])
    size, tokens = known.integer("base_parameters"), known.integer("base_tokens")
    counted = size is not None and tokens is not None and size.value > 0 and tokens.value > 0
    told = None if row is None or origin == "merge" or _both_said(known) else row_estimate(row)
    if told is not None:
        return told
    if counted and size is not None and tokens is not None:
        central = 6 * size.value * tokens.value
        line = step("base", f"6 × {shown(size.value)} × {shown(tokens.value)}", central)
        inputs = [any_fact(size), any_fact(tokens)]
        return estimate(central, 0.8, 1.5, method="six_n_d", inputs=inputs, steps=[line])
    return None


def _size_doubt(network: Network, origin: str) -> tuple[str, ...]:
    """A doubt about the base that was named where its size and the model's are far apart. Merges have several parents."""
    size = None if network.row is None else network.row.parameters_total
    if network.row is None or not size or not network.total or origin in ("merge", "from_scratch"):
        return ()
    if max(size, network.total) <= _OTHER_SIZE * min(size, network.total):
        return ()
    return (text("compute.warn.base_size", base=network.row.hub_id, size=size, total=network.total),)


def _both_said(known: Known) -> bool:
    return known.said("base_parameters") and known.said("base_tokens")


def _why_no_base(known: Known, origin: str) -> str:
    if not origin:
        return "origin_unknown"
    return "base_unknown" if known.text("base_model") is not None else "base_unnamed"


def _counted(run: Run, own: FlopEstimate | None) -> FlopEstimate | None:
    """Own operations without the training of auxiliary models (annex, point 119)."""
    if own is None or run.cost is None or not run.cost.auxiliary or not run.cost.own:
        return own
    left = 1 - run.cost.auxiliary / run.cost.own
    central = own.central * (run.cost.own - run.cost.auxiliary) // run.cost.own
    return own.replace(
        low=min(central, scaled(own.low, left)),
        central=central,
        high=max(central, scaled(own.high, left)),
        assumptions=(*own.assumptions, text("compute.assume.auxiliary")),
        steps=(*own.steps, step("auxiliary", f"{shown(own.central)} × {left:.4g}", central)),
    )


def _synthetic(known: Known, run: Run) -> tuple[FlopEstimate | None, tuple[str, ...]]:
    """Operations spent on non-public synthetic data; public data counts nothing (annex, points 117 and 119)."""
    kind = known.text("synthetic_data")
    flop = known.integer("synthetic_flop")
    if kind is not None and kind.value in ("public", "none"):
        return None, ()
    if flop is not None and flop.value > 0:
        return estimate(flop.value, 0.7, 1.3, method="synthetic", inputs=[any_fact(flop)]), ()
    if run.cost is not None and run.cost.synthetic:
        return estimate(run.cost.synthetic, 0.9, 1.5, method="synthetic"), ()
    if kind is not None and kind.value == "private":
        return None, (text("compute.warn.synthetic"),)
    return None, ()


def _direct(run: Run, own: FlopEstimate | None) -> FlopEstimate | None:
    """Own operations without passes that only score or generate (annex, point 115)."""
    cost = run.cost
    if own is None or cost is None or cost.updates >= cost.own:
        return own
    part = cost.updates / cost.own
    central = own.central * cost.updates // cost.own
    line = step("direct", f"{shown(own.central)} × {part:.4g}", central)
    return own.replace(
        low=min(central, scaled(own.low, part)),
        central=central,
        high=max(central, scaled(own.high, part)),
        assumptions=(*own.assumptions, text("compute.assume.direct")),
        steps=(*own.steps, line),
    )


def earlier(known: Known) -> FlopEstimate | None:
    """Trainings between the base and this one: they made the weights it started from (annex, point 118)."""
    said = known.integer("earlier_tunes_flop")
    if said is None or said.value <= 0:
        return None
    return estimate(said.value, 0.7, 1.3, method="earlier", inputs=[any_fact(said)])


def _cumulative(
    own: FlopEstimate | None,
    base: FlopEstimate | None,
    tunes: FlopEstimate | None,
    synthetic: FlopEstimate | None,
    origin: str,
) -> FlopEstimate | None:
    if own is None or (base is None and origin != "from_scratch"):
        return None
    tunes = None if origin == "from_scratch" else tunes
    parts = [part for part in (base, tunes, own, synthetic) if part is not None]
    if len(parts) == 1:
        return own
    central = sum(part.central for part in parts)
    line = step("cumulative", " + ".join(shown(part.central) for part in parts), central)
    return FlopEstimate(
        low=sum(part.low for part in parts),
        central=central,
        high=sum(part.high for part in parts),
        method=text("compute.method.sum"),
        inputs=tuple(fact for part in parts for fact in part.inputs),
        assumptions=tuple(dict.fromkeys(note for part in parts for note in part.assumptions)),
        steps=(*_steps(parts), line),
    )


def _steps(parts: Iterable[FlopEstimate]) -> tuple[ArithmeticStep, ...]:
    return tuple(line for part in parts for line in part.steps)


def _hardware(known: Known, run: Run, own: FlopEstimate | None) -> FlopEstimate | None:
    """Own operations as executed: with the forward passes that gradient checkpointing runs a second time."""
    flag = known.flag("gradient_checkpointing")
    if own is None or run.cost is None or own.central == 0:
        return None
    if flag is not None and not flag.value:
        return own
    if flag is None and run.network.method != "qlora":
        return None
    ratio = run.cost.hardware / run.cost.own
    central = scaled(own.central, ratio)
    line = step("recompute", f"{shown(own.central)} × {ratio:.4g}", central)
    assumed = () if flag is not None else (text("compute.assume.qlora_checkpointing"),)
    return own.replace(
        low=own.low if assumed else scaled(own.low, ratio),
        central=central,
        high=max(central, scaled(own.high, ratio)),
        assumptions=(*own.assumptions, *assumed),
        steps=(*own.steps, line),
    )
