# SPDX-License-Identifier: Apache-2.0
"""Several trainer_state.json: those of one run are cumulative, so the one that got furthest counts, never their sum.

States of different runs are told apart by their logs (the first step both logged has another loss), and where the logs
share no step by the plan (max_steps). Source: total_flos notes, section 3, rule 5.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.domain.names import FoundOnly
from core.scan.types import LogRows, Witness

_STATE = "trainer_state"

State = dict[str, Witness]


@dataclass(frozen=True, slots=True)
class Runs:
    """`witnesses` without states of other runs or earlier ones of the same; `earlier` are the states of other runs."""

    witnesses: list[Witness]
    earlier: tuple[tuple[Witness, ...], ...]


def split_runs(witnesses: Iterable[Witness], logs: Mapping[str, LogRows]) -> Runs:
    """Tell the runs apart. The run that the model's own folder tells of is the main one, else the one with most steps.

    When two states of a run got equally far, what one of them lacks (speed, last losses) is taken from the other.
    """
    listed = list(witnesses)
    files: dict[str, State] = defaultdict(dict)
    for witness in listed:
        if witness.reader == _STATE:
            files[witness.file][witness.found.name] = witness
    if len(files) < 2:
        return Runs(listed, ())
    groups: list[list[str]] = []
    for file in sorted(files, key=lambda file: (-_steps(files[file]), _place(files[file]), file)):
        for group in groups:
            if _same_run(file, group[0], files, logs):
                group.append(file)
                break
        else:
            groups.append([file])
    groups.sort(key=lambda group: (min(_place(files[file]) for file in group) > 0, -_steps(files[group[0]])))
    others = [witness for witness in listed if witness.reader != _STATE]
    kept = [tuple(_furthest(group, files).values()) for group in groups]
    return Runs([*others, *kept[0]], tuple(kept[1:]))


def _furthest(group: Sequence[str], files: Mapping[str, State]) -> State:
    last = _steps(files[group[0]])
    kept: State = {}
    for file in group:
        if _steps(files[file]) == last:
            kept = {**files[file], **kept}
    return kept


def _same_run(one: str, other: str, files: Mapping[str, State], logs: Mapping[str, LogRows]) -> bool:
    first, second = dict(logs.get(one, ())), dict(logs.get(other, ()))
    shared = first.keys() & second.keys()
    if shared:
        step = min(shared)
        return _equal(first[step], second[step])
    return _plan(files[one]) == _plan(files[other])


def _equal(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def _steps(state: State) -> int:
    witness = state.get("steps")
    return witness.found.value if witness is not None and isinstance(witness.found.value, int) else -1


def _place(state: State) -> int:
    return min((witness.place for witness in state.values()), default=0)


def _plan(state: State) -> object:
    witness = state.get(FoundOnly.STEPS_PLANNED)
    return witness.found.value if witness is not None else None
