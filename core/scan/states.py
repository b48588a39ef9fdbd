# SPDX-License-Identifier: Apache-2.0
"""Several trainer_state.json of one run are cumulative: the one that got furthest counts, never their sum."""

from collections import defaultdict
from collections.abc import Iterable

from core.domain.names import FoundOnly
from core.scan.types import Witness
from core.texts import text

_STATE = "trainer_state"


def keep_last_state(witnesses: Iterable[Witness]) -> tuple[list[Witness], list[str]]:
    """The witnesses without earlier states of the run, and a note when the files look like different runs.

    When two states got equally far, what one of them lacks (speed, last losses) is taken from the other.
    """
    listed = list(witnesses)
    files: dict[str, dict[str, Witness]] = defaultdict(dict)
    for witness in listed:
        if witness.reader == _STATE:
            files[witness.file][witness.found.name] = witness
    if len(files) < 2:
        return listed, []
    last = min(files, key=lambda file: (-_steps(files[file]), _place(files[file])))
    level = [file for file in files if file == last or _steps(files[file]) == _steps(files[last])]
    notes = _other_runs(files, last)
    kept: dict[str, Witness] = {}
    for file in sorted(level, key=lambda file: (file != last, _place(files[file]))):
        if _plan(files[file]) == _plan(files[last]):
            kept = {**files[file], **kept}
    others = [witness for witness in listed if witness.reader != _STATE]
    return [*others, *kept.values()], notes


def _other_runs(files: dict[str, dict[str, Witness]], last: str) -> list[str]:
    strangers = [file for file in files if _plan(files[file]) != _plan(files[last])]
    if not strangers:
        return []
    return [text("scan.state.other_runs", used=last, others=", ".join(sorted(strangers)[:5]))]


def _steps(state: dict[str, Witness]) -> int:
    witness = state.get("steps")
    return witness.found.value if witness is not None and isinstance(witness.found.value, int) else -1


def _place(state: dict[str, Witness]) -> int:
    return min((witness.place for witness in state.values()), default=0)


def _plan(state: dict[str, Witness]) -> object:
    witness = state.get(FoundOnly.STEPS_PLANNED)
    return witness.found.value if witness is not None else None
