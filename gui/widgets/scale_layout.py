# SPDX-License-Identifier: Apache-2.0
"""Where everything on the scale goes: plain geometry on a log axis. No Qt, so it is tested as plain calls."""

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.domain.assessment import Assessment
from core.domain.finding import Line, Outcome
from core.domain.footprint import Footprint
from core.texts import in_words

Measure = Callable[[str], float]
"""Width of a text in pixels."""

LOWEST, HIGHEST = 15, 27
"""The axis as it stands when nothing lies outside: powers of ten."""

GAP = 12.0
_TICKS = 3
_OFF = 6.0
_MOST_WAYS = 8

Span = tuple[float, float]


class LineState(StrEnum):
    """How a line is drawn: solid, dashed, dotted."""

    IN_FORCE = "in_force"
    ANNOUNCED = "announced"
    HISTORY = "history"


@dataclass(frozen=True)
class Mark:
    """A named line to draw. `value` in FLOP; `others` are lines at the same value that count less, label and state."""

    label: str
    value: int
    state: LineState
    others: tuple[tuple[str, LineState], ...] = ()


@dataclass(frozen=True)
class Bar:
    """An account's range in FLOP, resting on the axis."""

    account: str
    low: int
    central: int
    high: int


@dataclass(frozen=True)
class PlacedMark:
    """A line with its place: x of the line, left edge and tier of its label (tier 0 is nearest the axis)."""

    mark: Mark
    x: float
    label_left: float
    label_width: float
    tier: int


@dataclass(frozen=True)
class Axis:
    """A log axis from 10^low to 10^high over `left`..`right` pixels."""

    low: int
    high: int
    left: float
    right: float

    def x(self, value: int | float) -> float:
        """Where a value lies; what lies outside is put at the end."""
        exponent = log10(value) if value > 0 else float(self.low)
        share = (min(max(exponent, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> tuple[int, ...]:
        """The exponents that get a number: each third one."""
        return tuple(e for e in range(self.low, self.high + 1) if e % _TICKS == 0)


def log10(value: int | float) -> float:
    """log10 that takes integers of any size."""
    return math.log10(value)


def marks_of(assessment: Assessment | None) -> tuple[Mark, ...]:
    """The lines to draw, smallest first. Those of one value share a mark: named by those in force, the rest beside."""
    if assessment is None:
        return ()
    grouped: dict[int, dict[LineState, list[str]]] = {}
    for line in assessment.lines:
        labels = grouped.setdefault(line.value, {}).setdefault(line_state(line, assessment), [])
        label = in_words(line.label)
        if label not in labels:
            labels.append(label)
    marks = []
    for value, by_state in sorted(grouped.items()):
        first, *rest = (state for state in LineState if state in by_state)
        others = tuple((label, state) for state in rest for label in by_state[state])
        marks.append(Mark(label=" · ".join(by_state[first]), value=value, state=first, others=others))
    return tuple(marks)


def line_state(line: Line, assessment: Assessment) -> LineState:
    """Whether a line counts today, is announced, or has ended."""
    ids = {line.id}
    for finding in assessment.findings:
        if ids & {one.id for one in finding.lines}:
            if finding.ended_on is not None or finding.outcome is Outcome.HISTORY_ONLY:
                return LineState.HISTORY
            if finding.applies_from is not None and finding.applies_from > assessment.on:
                return LineState.ANNOUNCED
    return LineState.IN_FORCE if line.in_force else LineState.ANNOUNCED


def bars_of(footprint: Footprint | None) -> tuple[Bar, ...]:
    """The accounts to draw, own first; an account equal to one before it is left out."""
    if footprint is None:
        return ()
    bars: list[Bar] = []
    for account in ("own", "base", "cumulative"):
        estimate = getattr(footprint.accounts, account)
        if estimate is None or estimate.high <= 0:
            continue
        bar = Bar(account, estimate.low, estimate.central, estimate.high)
        if all((bar.low, bar.central, bar.high) != (other.low, other.central, other.high) for other in bars):
            bars.append(bar)
    return tuple(bars)


def axis_for(marks: Iterable[Mark], bars: Iterable[Bar], left: float, right: float) -> Axis:
    """An axis that holds everything, and never less than LOWEST..HIGHEST."""
    values = [mark.value for mark in marks] + [end for bar in bars for end in (bar.low, bar.high) if end > 0]
    exponents = [log10(value) for value in values if value > 0]
    low = min([LOWEST, *(math.floor(e - 0.5) for e in exponents)])
    high = max([HIGHEST, *(math.ceil(e + 0.5) for e in exponents)])
    return Axis(low=max(low, 0), high=high, left=left, right=max(right, left + 1))


def place(marks: Iterable[Mark], axis: Axis, measure: Measure, edge: float) -> tuple[PlacedMark, ...]:
    """Give each label a side of its line and a tier, so that no label touches another label or a line passing it.

    `edge` is the x no label may pass. Of all ways the one with the fewest tiers is taken. Labels that all stand to
    the left always fit (those further right lie higher), so there is always a way.
    """
    listed = tuple(marks)
    xs = tuple(axis.x(mark.value) for mark in listed)
    widths = tuple(measure(mark.label) for mark in listed)
    ways = itertools.product((True, False), repeat=len(listed)) if len(listed) <= _MOST_WAYS else ()
    best: tuple[int, ...] | None = None
    best_spans: tuple[Span, ...] = ()
    for way in itertools.chain(ways, [(False,) * len(listed)]):
        spans = _spans(xs, widths, way, edge)
        tiers = _tiers(xs, spans) if spans is not None else None
        if spans is not None and tiers is not None and (best is None or _cost(tiers) < _cost(best)):
            best, best_spans = tiers, spans
    return tuple(
        PlacedMark(mark, x, left, right - left, tier)
        for mark, x, (left, right), tier in zip(listed, xs, best_spans, best or (), strict=True)
    )


def place_few(
    marks: Iterable[Mark], axis: Axis, measure: Measure, edge: float, first: int | None
) -> tuple[PlacedMark, ...]:
    """As many labels as fit on one tier where there is little height; the line of value `first` before all others."""
    kept: list[Mark] = []
    placed: tuple[PlacedMark, ...] = ()
    for mark in sorted(marks, key=lambda one: (one.value != first, one.value)):
        tried = place(sorted([*kept, mark], key=lambda one: one.value), axis, measure, edge)
        if all(one.tier == 0 for one in tried):
            kept.append(mark)
            placed = tried
    return placed


def _cost(tiers: tuple[int, ...]) -> tuple[int, int]:
    return max(tiers, default=0), sum(tiers)


def _spans(
    xs: tuple[float, ...], widths: tuple[float, ...], way: tuple[bool, ...], edge: float
) -> tuple[Span, ...] | None:
    """Left and right end of each label; None when one that should stand at the right does not fit there."""
    spans = []
    for x, width, to_the_right in zip(xs, widths, way, strict=True):
        if to_the_right and x + _OFF + width > edge:
            return None
        spans.append((x + _OFF, x + _OFF + width) if to_the_right else (max(x - _OFF - width, 0.0), x - _OFF))
    return tuple(spans)


def _tiers(xs: tuple[float, ...], spans: tuple[Span, ...]) -> tuple[int, ...] | None:
    """The lowest tiers, or None when two labels would each have to lie above the other."""
    count = range(len(xs))
    under = {i: {j for j in count if j != i and spans[i][0] - 2 < xs[j] < spans[i][1] + 2} for i in count}
    tiers: dict[int, int] = {}
    while len(tiers) < len(xs):
        ready = [i for i in count if i not in tiers and under[i] <= tiers.keys()]
        if not ready:
            return None
        i = max(ready, key=lambda one: xs[one])
        taken = {
            tiers[j] for j in tiers if spans[i][0] < spans[j][1] + GAP and spans[j][0] < spans[i][1] + GAP
        }
        tier = max((tiers[j] + 1 for j in under[i]), default=0)
        while tier in taken:
            tier += 1
        tiers[i] = tier
    return tuple(tiers[i] for i in count)
