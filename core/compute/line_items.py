# SPDX-License-Identifier: Apache-2.0
"""What was run, line by line: counted or not, by which point of the Guidelines.

Source: Commission Guidelines on general-purpose AI models, annex A.1, points 115 to 119, and 129 for the formula.
Where the text is silent the line says so and shows the other reading.
"""

from collections.abc import Iterator

from core.compute.accounting import earlier
from core.compute.parents import Parents
from core.compute.phases import stages_of
from core.compute.ranges import shown
from core.compute.seen import Seen
from core.compute.witnesses import Run
from core.domain.footprint import Accounts, LineItem
from core.domain.known import Known
from core.texts import text

_NO_PARENTS = Parents()


def line_items(
    known: Known, run: Run, found: Accounts, parents: Parents = _NO_PARENTS
) -> tuple[LineItem, ...]:
    """Every line, those that are not counted too. Empty when nothing is known about the training."""
    if found.own is None and found.base is None:
        return ()
    return tuple(_lines(known, run, found, parents))


def _lines(known: Known, run: Run, found: Accounts, parents: Parents) -> Iterator[LineItem]:
    own = found.own.central if found.own is not None else None
    cost = run.cost
    auxiliary = served = 0
    if own is not None and cost is not None and cost.own:
        auxiliary = own * cost.auxiliary // cost.own
        served = max(0, own - own * cost.updates // cost.own - auxiliary)
    if own:
        yield _line("updates", own - served - auxiliary, True, True, "115, 116")
        if served:
            other = text("items.both", flop=shown(own - auxiliary))
            yield _line("served", served, None, True, "115, 117", other)
        if auxiliary:
            yield _line("auxiliary", auxiliary, False, False, "119")
    made = known.text("synthetic_data")
    stages = stages_of(known)
    if (made is not None and made.value == "public") or any(
        stage.kind == "synthetic" and stage.public for stage in stages
    ):
        yield _line("public", None, False, False, "119")
    elif found.synthetic is not None:
        yield _line("synthetic", found.synthetic.central, False, True, "115, 117")
    origin = known.text("origin")
    merged = origin is not None and origin.value == "merge"
    if found.base is None and origin is not None and origin.value != "from_scratch":
        # It counts, though nobody knows it yet.
        yield _line("parents" if merged else "base", None, False, True, "118")
    if found.base is not None:
        both = parents.in_full if found.base == parents.whole else None
        more = text("items.each", flop=shown(both)) if both else ""
        yield _line("parents" if merged else "base", found.base.central, False, True, "118", more)
    tunes = earlier(known)
    if tunes is not None and (origin is None or origin.value != "from_scratch"):
        yield _line("earlier", tunes.central, False, True, "118")
    executed = found.hardware_own
    if own and executed is not None and executed.central > own:
        yield _line("recompute", executed.central - own, False, False, "119")
    if any(stage.kind == "distillation" for stage in stages):
        yield _line("teacher", None, False, False, "119")
    yield _line("checks", None, False, False, "119")
    letter = _by_letter(run, run.seen)
    if own and letter:
        yield _line("formula", letter, None, None, "129")


def _by_letter(run: Run, seen: Seen) -> int | None:
    """6 x all parameters x tokens, where the training was one run over tokens and is not weighed by that anyway."""
    if not seen.tokens or not run.network.total:
        return None
    letter = 6 * run.network.total * seen.tokens
    return letter if run.cost is not None and run.cost.own != letter else None


def _line(
    key: str, flop: int | None, direct: bool | None, cumulative: bool | None, points: str, more: str = ""
) -> LineItem:
    why = text(f"items.{key}.why")
    return LineItem(
        key=key,
        label=text(f"items.{key}"),
        flop=flop,
        direct=direct,
        cumulative=cumulative,
        points=points,
        why=f"{why} {more}".strip(),
    )
