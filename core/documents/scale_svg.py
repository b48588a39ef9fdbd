# SPDX-License-Identifier: Apache-2.0
"""The scale as an SVG picture for a README: accounts, legal lines and known models on one log axis.

No script, no outside reference, no font of its own. Colours follow the reader's light or dark setting; each thing is
also told apart by its place, its line and its words, so colour is never needed.
"""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from core.domain.assessment import Assessment
from core.domain.estimate import FlopEstimate
from core.domain.finding import Line
from core.reference import Reference
from core.texts import text
from core.units import power_of_ten, scientific

WIDTH = 760
_LEFT, _RIGHT = 28.0, 732.0
_ROW, _BAR = 20, 26
_LOWEST, _HIGHEST = 15, 27
"""Powers of ten the axis always shows."""
_LETTERS = 88
"""A label of more letters is cut; the whole is in its title."""
KNOWN_MODELS = ("meta-llama/Llama-3.2-1B", "meta-llama/Llama-3.1-405B")
"""Models people know, by hub id; those without a figure in the table are left out."""


class Landmark(NamedTuple):
    """A known model for comparison: its name and training compute in FLOP."""

    name: str
    value: int


class _Account(NamedTuple):
    key: str
    estimate: FlopEstimate


def landmarks(reference: Reference, hub_ids: Iterable[str] = KNOWN_MODELS) -> tuple[Landmark, ...]:
    """The known models that the table has a figure for, smallest first."""
    rows = (reference.base_model(hub_id) for hub_id in hub_ids)
    found = [Landmark(row.hub_id.split("/")[-1], row.flop_best) for row in rows if row and row.flop_best]
    return tuple(sorted(found, key=lambda one: one.value))


def scale_svg(assessment: Assessment, known_models: Sequence[Landmark] = ()) -> str:
    """The picture. Pure: the same assessment gives the same bytes."""
    accounts = _accounts(assessment)
    lines = _grouped(assessment.lines)
    axis = _Axis.over([*(value for _, value, _ in lines), *_ends(accounts), *(m.value for m in known_models)])
    top = 30 + _ROW * len(lines)
    bottom = top + 14 + _BAR * max(1, len(accounts))
    height = bottom + 44 + (_ROW if known_models else 0)
    parts = [
        *_head(assessment, known_models, height),
        *(_rule(line, axis, 28 + _ROW * index, bottom) for index, line in enumerate(lines)),
        *(_label(line, axis, 28 + _ROW * index) for index, line in enumerate(lines)),
        *(part for index, one in enumerate(accounts) for part in _bar(one, axis, top + 14 + _BAR * index)),
        *_axis(axis, bottom, height),
        *_models(known_models, axis, bottom),
    ]
    if not accounts:
        parts.append(f'<text class="quiet" x="{_LEFT}" y="{top + 30}">{escape(text("scale.nothing"))}</text>')
    return "\n".join([*parts, "</svg>", ""])


def scale_alternative(assessment: Assessment, known_models: Sequence[Landmark] = ()) -> str:
    """All the picture shows, as sentences (for `alt` and screen readers)."""
    accounts = _accounts(assessment)
    lines = _grouped(assessment.lines)
    axis = _Axis.over([*(value for _, value, _ in lines), *_ends(accounts), *(m.value for m in known_models)])
    said = [text("scale.alt.intro", low=scientific(10**axis.low), high=scientific(10**axis.high))]
    said += [f"{_account_words(one)}." for one in accounts] or [text("scale.nothing")]
    for line in assessment.lines:
        key = "line" if line.distance else "bare"
        said.append(
            text(f"scale.alt.{key}", label=line.label, value=scientific(line.value), distance=line.distance)
        )
    if known_models:
        names = ", ".join(f"{one.name} {scientific(one.value)}" for one in known_models)
        said.append(text("scale.alt.reference", names=names))
    return " ".join(said)


class _Axis(NamedTuple):
    low: int
    high: int

    @classmethod
    def over(cls, values: Iterable[int]) -> "_Axis":
        exponents = [math.log10(value) for value in values if value > 0]
        low = min([_LOWEST, *(math.floor(one - 0.5) for one in exponents)])
        return cls(max(0, low), max([_HIGHEST, *(math.ceil(one + 0.5) for one in exponents)]))

    def x(self, value: int) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low) if value > 0 else 0.0
        return _LEFT + min(1.0, max(0.0, share)) * (_RIGHT - _LEFT)


def _accounts(assessment: Assessment) -> tuple[_Account, ...]:
    found: list[_Account] = []
    for key in ("own", "base", "cumulative"):
        estimate: FlopEstimate | None = getattr(assessment.footprint.accounts, key)
        if estimate is None or estimate.high <= 0:
            continue
        if all(estimate.central != one.estimate.central for one in found):
            found.append(_Account(key, estimate))
    return tuple(found)


def _ends(accounts: Iterable[_Account]) -> list[int]:
    return [end for one in accounts for end in (one.estimate.low, one.estimate.high)]


def _grouped(lines: Iterable[Line]) -> list[tuple[str, int, bool]]:
    """(labels, value, in force), lines of the same value and state together, smallest first."""
    found: dict[tuple[int, bool], list[str]] = {}
    for line in lines:
        labels = found.setdefault((line.value, line.in_force), [])
        if line.label not in labels:
            labels.append(line.label)
    return [(" · ".join(labels), value, force) for (value, force), labels in sorted(found.items())]


def _head(assessment: Assessment, known_models: Sequence[Landmark], height: int) -> Iterable[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="scale-title scale-desc">'
    )
    yield f'<title id="scale-title">{escape(text("scale.title"))}</title>'
    yield f'<desc id="scale-desc">{escape(scale_alternative(assessment, known_models))}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield f'<rect class="paper" width="{WIDTH}" height="{height}" rx="6"/>'


def _rule(line: tuple[str, int, bool], axis: _Axis, y: int, bottom: int) -> str:
    x = axis.x(line[1])
    kind = "line" if line[2] else "line soon"
    return f'<line class="{kind}" x1="{x:.1f}" y1="{y - 10}" x2="{x:.1f}" y2="{bottom}"/>'


def _label(line: tuple[str, int, bool], axis: _Axis, y: int) -> str:
    label, value, force = line
    x = axis.x(value)
    whole = text("scale.mark" if force else "scale.announced", label=label, value=scientific(value))
    place, anchor = (x + 5, "start") if x < (_LEFT + _RIGHT) / 2 else (x - 5, "end")
    return (
        f'<text class="ink halo" x="{place:.1f}" y="{y}" text-anchor="{anchor}">'
        f"<title>{escape(whole)}</title>{escape(_cut(whole))}</text>"
    )


def _cut(words: str) -> str:
    return words if len(words) <= _LETTERS else f"{words[: _LETTERS - 1].rstrip()}…"


def _account_words(one: _Account) -> str:
    found = one.estimate
    return text(
        "scale.bar",
        name=text(f"scale.{one.key}"),
        value=scientific(found.central),
        low=scientific(found.low),
        high=scientific(found.high),
    )


def _bar(one: _Account, axis: _Axis, y: int) -> Iterable[str]:
    found = one.estimate
    low, middle, high = axis.x(found.low), axis.x(found.central), axis.x(found.high)
    wide = max(6.0, high - low)
    start = low if high - low >= 6 else middle - 3
    words = _account_words(one)
    yield (
        f'<rect class="{one.key}" x="{start:.1f}" y="{y}" width="{wide:.1f}" height="10" rx="2" '
        f'aria-label="{escape(words)}"/>'
    )
    yield f'<line class="middle" x1="{middle:.1f}" y1="{y - 2}" x2="{middle:.1f}" y2="{y + 12}"/>'
    right = start + wide + 8 + len(words) * 6.4 < _RIGHT
    place, anchor = (start + wide + 8, "start") if right else (start - 8, "end")
    yield f'<text class="ink halo" x="{place:.1f}" y="{y + 9}" text-anchor="{anchor}">{escape(words)}</text>'


def _axis(axis: _Axis, y: int, height: int) -> Iterable[str]:
    yield f'<line class="axis" x1="{_LEFT}" y1="{y}" x2="{_RIGHT}" y2="{y}"/>'
    for exponent in range(axis.low, axis.high + 1):
        x, named = axis.x(10**exponent), exponent % 3 == 0
        yield f'<line class="axis" x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{y + (7 if named else 4)}"/>'
        if named:
            yield (
                f'<text class="quiet" x="{x:.1f}" y="{y + 21}" text-anchor="middle">'
                f"{power_of_ten(exponent)}</text>"
            )
    yield f'<text class="quiet" x="{_RIGHT}" y="{height - 7}" text-anchor="end">{escape(text("scale.unit"))}</text>'


def _models(known_models: Sequence[Landmark], axis: _Axis, y: int) -> Iterable[str]:
    free = 0.0
    for one in sorted(known_models, key=lambda model: model.value):
        x = axis.x(one.value)
        yield f'<path class="known" d="M{x:.1f} {y - 5} l5 5 l-5 5 l-5 -5 z"/>'
        half = len(one.name) * 3.2
        middle = min(max(x, _LEFT + half, free + half), _RIGHT - half)
        free = middle + half + 10
        yield f'<text class="quiet" x="{middle:.1f}" y="{y + 38}" text-anchor="middle">{escape(one.name)}</text>'


_STYLE = """
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}
.paper{fill:#fbfbf9}.ink{fill:#1b1d20}.quiet{fill:#565b61}
.halo{paint-order:stroke;stroke:#fbfbf9;stroke-width:4px;stroke-linejoin:round}
.axis{stroke:#565b61;stroke-width:1}.line{stroke:#1b1d20;stroke-width:1.5}.soon{stroke-dasharray:5 4}
.own{fill:#0072b2}.base{fill:#e69f00}.cumulative{fill:#cc79a7}.middle{stroke:#1b1d20;stroke-width:2}
.known{fill:none;stroke:#565b61;stroke-width:1.5}
@media (prefers-color-scheme:dark){
.paper{fill:#1c1e21}.ink{fill:#ebebe7}.quiet{fill:#a9aeb4}.halo{stroke:#1c1e21}
.axis{stroke:#a9aeb4}.line{stroke:#ebebe7}.own{fill:#56b4e9}.base{fill:#e69f00}.cumulative{fill:#cc79a7}
.middle{stroke:#ebebe7}.known{stroke:#a9aeb4}
}
"""
"""Fill colours are those of Okabe and Ito, told apart with each kind of colour blindness."""
