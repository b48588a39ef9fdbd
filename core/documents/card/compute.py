# SPDX-License-Identifier: Apache-2.0
"""The section "Training compute": own operations with their range, method, witnesses, and the nearest legal line."""

from collections.abc import Callable, Iterable

from core.documents.card.facts import CardFacts
from core.documents.context import Account, ComputePart, Item, WitnessRow
from core.documents.privacy import Withheld
from core.documents.words import day, flop, flop_range, for_readers, range_cell, share
from core.domain.assessment import Assessment
from core.domain.estimate import FlopEstimate
from core.domain.fact import AnyFact
from core.domain.finding import Line
from core.domain.footprint import Witness
from core.domain.said import said
from core.texts import text

_OPERATORS = {">": "more_than", ">=": "at_least"}


def compute_part(facts: CardFacts, assessment: Assessment, base_name: str) -> ComputePart | None:
    """The section, or None when no account of training compute is known."""
    accounts = assessment.footprint.accounts
    rows: list[Account] = []
    base_label = (
        text("documents.account.base_named", name=base_name) if base_name else text("documents.account.base")
    )
    for label, estimate in (
        (text("documents.account.own"), accounts.own),
        (base_label, accounts.base),
        (text("documents.account.cumulative"), accounts.cumulative),
    ):
        row = _account(label, estimate) if estimate is not None and estimate.high > 0 else None
        if row is not None and not any((row.value, row.range) == (one.value, one.range) for one in rows[:1]):
            rows.append(row)  # all together is this run when there is no base: said once
    if not rows:
        return None
    own = accounts.own if accounts.own is not None and accounts.own.high > 0 else None
    if own is None and not any(
        one is not None and one.high > 0 for one in (accounts.base, accounts.cumulative)
    ):
        return (
            None  # a merge or a conversion of models of unknown compute: nothing was trained, nothing to tell
        )
    known_only_own = own is not None and len(rows) == 1
    shown = [one for one in assessment.footprint.witnesses if one.estimate]
    return ComputePart(
        own=_account(text("documents.account.own"), own, flop_range) if own is not None else None,
        method=_method(assessment.footprint.witnesses, facts.withheld),
        accounts=() if known_only_own else tuple(rows),
        witnesses=tuple(_witness(one, facts.withheld) for one in shown) if len(shown) > 1 else (),
        agreement=_clean(facts.withheld, for_readers(assessment.footprint.agreed))
        if _compared(assessment)
        else "",
        inputs=_inputs(facts, [estimate for estimate in (own, *_used(assessment)) if estimate is not None]),
        assumptions=_assumptions(
            facts, [e for e in (own, accounts.base, accounts.cumulative, *_used(assessment)) if e]
        ),
        line=nearest_line_words(assessment),
        stamp=text(
            "documents.compute.stamp",
            on=day(assessment.on),
            checked=day(assessment.rulebook.checked_up_to),
            hash=assessment.rulebook.hash[:12],
        ),
    )


def _compared(assessment: Assessment) -> bool:
    """Whether it is worth a sentence how the figures agree: not of one figure, nor where nothing was trained."""
    own = assessment.footprint.accounts.own
    if own is not None and own.high == 0:
        return False
    return assessment.footprint.agreed != (said("compute.agree.one"),)


def nearest_line(assessment: Assessment) -> Line | None:
    """The legal threshold in force that this model is nearest to, or None when no distance is known."""
    return next((line for line in assessment.lines if line.model_value is not None and line.in_force), None)


def nearest_line_words(assessment: Assessment) -> str:
    """One sentence: the nearest line in force, the distance, the share of it."""
    line = nearest_line(assessment)
    if line is None or line.model_value is None:
        return ""
    return text(
        "documents.compute.line_straddles" if line.straddles else "documents.compute.line",
        label=line.label,
        value=flop(line.value),
        operator=operator_words(line),
        account=_counted(line, assessment),
        distance=line.distance,
        share=share(line.model_value, line.value),
    )


def _counted(line: Line, assessment: Assessment) -> str:
    """What the line counts, in words; without a base model there is only the run itself."""
    name = line.account if line.account in {"own", "base", "direct", "cumulative"} else "other"
    if name in {"direct", "cumulative"} and assessment.footprint.accounts.base is None:
        name = "own" if line.model_value == _central(assessment.footprint.accounts.own) else "direct"
    return text(f"documents.compute.counted.{name}")


def _central(estimate: FlopEstimate | None) -> int | None:
    return estimate.central if estimate is not None else None


def operator_words(line: Line) -> str:
    """ "more than" or "at least"."""
    return (
        text(f"documents.operator.{_OPERATORS[line.operator]}")
        if line.operator in _OPERATORS
        else line.operator
    )


def _account(
    label: str, estimate: FlopEstimate, words: Callable[[FlopEstimate], str] = range_cell
) -> Account:
    return Account(label=label, value=flop(estimate.central), range=words(estimate))


def _used(assessment: Assessment) -> tuple[FlopEstimate, ...]:
    return tuple(w.estimate for w in assessment.footprint.witnesses if w.used and w.estimate is not None)


def _method(witnesses: tuple[Witness, ...], withheld: Withheld) -> str:
    used = [_clean(withheld, witness.title) for witness in witnesses if witness.used]
    if not used:
        return ""
    if len(used) == 1:
        return text("documents.compute.method_one", way=used[0])
    return text("documents.compute.method_many", count=len(used))


def _witness(witness: Witness, withheld: Withheld) -> WitnessRow:
    assert witness.estimate is not None
    notes = [] if witness.used else [text("documents.compute.not_used")]
    if witness.remark:
        notes.append(_clean(withheld, witness.remark))
    if witness.raw is not None and witness.raw != witness.estimate.central:
        notes.append(text("documents.compute.raw", raw=flop(witness.raw)))
    return WitnessRow(
        title=_clean(withheld, witness.title),
        value=flop(witness.estimate.central),
        range=range_cell(witness.estimate),
        note=" ".join(notes),
    )


def _inputs(facts: CardFacts, estimates: list[FlopEstimate]) -> tuple[Item, ...]:
    return fact_items(facts, (fact for estimate in estimates for fact in estimate.inputs))


def fact_items(facts: CardFacts, inputs: Iterable[AnyFact]) -> tuple[Item, ...]:
    """Facts as lines, each once."""
    lines: dict[tuple[str, str, str], Item] = {}
    for fact in inputs:
        item = facts.item_of(fact)
        if item is not None:
            lines.setdefault((item.label, item.value, item.source), item)
    return tuple(lines.values())


def _assumptions(facts: CardFacts, estimates: list[FlopEstimate]) -> tuple[str, ...]:
    every = (assumption for estimate in estimates for assumption in estimate.assumptions)
    return tuple(dict.fromkeys(_clean(facts.withheld, one) for one in every if one))


def _clean(withheld: Withheld, value: str) -> str:
    return withheld.prose(value, text("documents.where.compute"))
