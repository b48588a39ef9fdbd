# SPDX-License-Identifier: Apache-2.0
"""How many data points a training used, as the general range that Cal. Civ. Code 3111(a)(3) takes."""

from core.documents.card.facts import CardFacts
from core.documents.card.identity import identify
from core.documents.modalities import of_task
from core.documents.words import number
from core.domain.known import Known
from core.texts import text
from core.units import grouped, short_count


def data_points(facts: CardFacts) -> tuple[str, ...]:
    """Sentences on items and tokens; empty when nothing is known, or when several runs may have used other data."""
    known = facts.known
    size = known.integer("dataset_size")
    tokens = known.integer("tokens") or known.integer("tokens_recorded")
    lines: list[str] = []
    if size is not None and size.value > 0:
        low, high = general_range(size.value)
        source = facts.source(size.origin)
        lines.append(text("documents.ab2013.items", low=_count(low), high=_count(high), source=source))
    elif not _several_runs(known):
        lines += _examples(known)
    if tokens is not None and tokens.value > 0 and not _several_runs(known):
        lines.append(
            text(
                "documents.ab2013.tokens",
                count=short_count(tokens.value),
                source=facts.source(tokens.origin),
            )
        )
    return tuple(lines)


def general_range(value: int) -> tuple[int, int]:
    """The round numbers (1, 2 or 5 times a power of ten) around a positive count: 9,600 gives 5,000 and 10,000."""
    power = 10 ** (len(str(value)) - 1)
    low, high = next((low, high) for low, high in ((1, 2), (2, 5), (5, 10)) if value <= high * power)
    return low * power, high * power


def _examples(known: Known) -> list[str]:
    """Examples of one pass: those seen, divided by the passes."""
    seen = _seen(known)
    if seen is None:
        return []
    passes = known.number("epochs")
    mixed = " " + text("documents.ab2013.texts") if _of_texts(known) else ""
    if passes is None or passes.value <= 0:
        return [text("documents.ab2013.at_most", seen=_count(seen)) + mixed]
    low, high = general_range(max(1, round(seen / passes.value)))
    return [
        text(
            "documents.ab2013.examples",
            low=_count(low),
            high=_count(high),
            seen=grouped(seen),
            passes=number(passes.value),
        )
        + mixed
    ]


def _of_texts(known: Known) -> bool:
    """Whether the examples are texts alone: several short ones may share one example; pictures and clips do not."""
    into, out = of_task(identify(known).pipeline_tag)
    said = known.strings("data_modalities") or known.strings("output_modalities")
    return {*into, *out, *said} <= {"text", "label", "embedding"}


def _seen(known: Known) -> int | None:
    samples = known.integer("samples")
    if samples is None:
        steps, batch = known.integer("steps"), known.integer("global_batch")
        return steps.value * batch.value or None if steps is not None and batch is not None else None
    return samples.value or None


def _several_runs(known: Known) -> bool:
    runs = known.get("runs")
    return known.said("stages") or (runs is not None and isinstance(runs.value, list) and len(runs.value) > 1)


def _count(value: int) -> str:
    return short_count(value).replace(".0 ", " ") if value >= 10**6 else grouped(value)
