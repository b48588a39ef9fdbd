# SPDX-License-Identifier: Apache-2.0
"""Different runs in one folder add up: their steps, samples, tokens, seconds and recorded operations."""

from collections.abc import Sequence

from pydantic import JsonValue

from core.domain.fact import AnyFact, Fact, Origin, OriginKind, public_file
from core.domain.names import FoundOnly
from core.scan.derive import derive
from core.scan.merge import merge
from core.scan.taken_up import of_all_parts
from core.scan.types import Witness
from core.texts import text

_ADDED = (
    "steps", "epochs", "samples", "tokens", FoundOnly.TOKENS_RECORDED.value, FoundOnly.RECORDED_FLOS.value,
    FoundOnly.TRAIN_RUNTIME_SECONDS.value,
)  # fmt: skip
_OF_THE_LAST = frozenset({"trainer_state", "results"})
"""Readers whose files tell of the last run only."""
_LIMIT = 10**30


def add_runs(
    facts: tuple[AnyFact, ...], witnesses: Sequence[Witness], earlier: Sequence[Sequence[Witness]]
) -> tuple[tuple[AnyFact, ...], list[str]]:
    """`facts` of the last run with the sums over all runs, and a note that says so.

    What one of the runs does not tell is left out rather than given too low. Settings that stand only once count for
    every run.
    """
    if not earlier:
        return facts, []
    shared = [witness for witness in witnesses if witness.reader not in _OF_THE_LAST]
    runs = [_values(facts)]
    for states in earlier:
        merged, _ = merge(of_all_parts([*shared, *states]))
        runs.append(_values(derive(merged)))
    names = [_file(witnesses), *(_file(states) for states in earlier)]
    runs_of = " + ".join(public_file(name) for name in names if name)
    added: dict[str, JsonValue] = {}
    for name in _ADDED:
        numbers = [value for run in runs if isinstance(value := run.get(name), int | float)]
        if len(numbers) == len(runs) and sum(numbers) <= _LIMIT:
            added[name] = sum(numbers)
    kept = [fact for fact in facts if fact.name not in _ADDED]
    origin = Origin(
        kind=OriginKind.COMPUTED, note=text("scan_tools.runs.sum", count=len(runs), files=runs_of)
    )
    kept += [Fact(name=name, value=value, origin=origin) for name, value in added.items()]
    told: list[JsonValue] = [
        {"file": name, **{key: run[key] for key in _ADDED if key in run}}
        for name, run in zip(names, runs, strict=True)
    ]
    kept.append(Fact(name=FoundOnly.RUNS.value, value=told, origin=origin))
    return tuple(kept), [text("scan_tools.runs.note", count=len(runs), files=", ".join(filter(None, names)))]


def _values(facts: Sequence[AnyFact]) -> dict[str, JsonValue]:
    return {fact.name: fact.value for fact in facts if fact.name in _ADDED}


def _file(witnesses: Sequence[Witness]) -> str:
    return next((witness.file for witness in witnesses if witness.reader == "trainer_state"), "")
