# SPDX-License-Identifier: Apache-2.0
"""Numbers, ranges and origins in the plain words of a published document (English, SI)."""

import datetime
import math
from collections.abc import Iterable

from core.domain.estimate import FlopEstimate, Quantity
from core.domain.fact import AnyFact, Origin, OriginKind, public_file
from core.domain.said import Said
from core.texts import catalogue, text
from core.units import grouped, scientific

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(value: datetime.date) -> str:
    """ "2 August 2025": a date nobody can misread."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def source_words(origin: Origin) -> str:
    """Where a value came from, for readers who do not know this app: "from trainer_state.json"."""
    if origin.kind is OriginKind.FILE:
        file = public_file(origin.file) if origin.file else text("documents.source.a_file")
        return text("documents.source.file", file=file)
    if origin.kind is OriginKind.USER:
        return text("documents.source.user")
    key = f"documents.source.{origin.kind.value}"
    return text(f"{key}_note", note=origin.note.rstrip(".")) if origin.note else text(key)


def field_label(name: str) -> str:
    """The name of a fact for readers; an unknown one is shown with blanks for underscores."""
    labels = catalogue("documents")
    return labels.get(f"field.{name}") or name.replace("_", " ").strip().capitalize()


def language_names(codes: Iterable[str]) -> str:
    """Language codes as names: "English, German"; a code without a name here stays as it is."""
    names = catalogue("languages")
    return ", ".join(names.get(code.lower(), code) for code in codes)


def number(value: float) -> str:
    """A finite number with up to three significant figures and no exponent between 0.0001 and 10^15."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e15 or size < 1e-4:
        return scientific(value, 3)
    if size >= 1000:
        return f"{round(value):,}"
    digits = max(0, 2 - math.floor(math.log10(size)))
    shown = f"{value:.{digits}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def exact(value: object) -> str:
    """A scalar of a file as it stood there: 2e-05 stays 2e-05, whole numbers get commas, yes and no are words."""
    if isinstance(value, bool):
        return text("documents.word.yes") if value else text("documents.word.no")
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1000 else f"{value:.6g}"
    return str(value)


def flop(value: int) -> str:
    """ "1.3 × 10²³ FLOP"; small counts are written out."""
    return f"{_figure(value)} FLOP"


def _figure(value: int) -> str:
    return scientific(value) if value >= 10**6 else grouped(value)


def flop_range(estimate: FlopEstimate) -> str:
    """The range of an estimate in words, or that the count is exact."""
    if estimate.low == estimate.high:
        return text("documents.range.exact")
    return text("documents.range.between", low=_figure(estimate.low), high=flop(estimate.high))


def range_cell(estimate: FlopEstimate) -> str:
    """The same for a column that is headed "Likely range"."""
    if estimate.low == estimate.high:
        return text("documents.range.exact")
    return text("documents.range.cell", low=_figure(estimate.low), high=flop(estimate.high))


def quantity(value: float, unit: str) -> str:
    """ "2.4 kWh"."""
    return f"{number(value)} {unit}"


def quantity_range(amount: Quantity) -> str:
    """The range of a quantity in words."""
    if amount.low == amount.high:
        return text("documents.range.exact")
    return text(
        "documents.range.between",
        low=number(amount.low),
        high=quantity(amount.high, amount.unit),
    )


def quantity_cell(amount: Quantity) -> str:
    """The same for a column that is headed "Likely range"."""
    if amount.low == amount.high:
        return text("documents.range.exact")
    return text("documents.range.cell", low=number(amount.low), high=quantity(amount.high, amount.unit))


def share(part: int, whole: int) -> str:
    """`part` of `whole` as a percentage with two significant figures: "0.71 %", "130 %"."""
    percent = part / whole * 100
    if percent == 0:
        return "0 %"
    if percent < 0.01:
        return text("documents.share.tiny")
    return f"{percent:.2g} %" if percent < 100 else f"{round(percent):,} %"


def is_scalar(fact: AnyFact) -> bool:
    """Whether a fact's value fits in one table cell."""
    return isinstance(fact.value, str | int | float | bool)


def for_readers(sentences: Iterable[Said]) -> str:
    """What the weighing says of its figures, without its advice: a reader of a document cannot act on that."""
    own = catalogue("documents")
    words = (
        own[key].format_map(dict(one.values)) if (key := f"reader.{one.key}") in own else str(one)
        for one in sentences
    )
    return " ".join(word for word in words if word)
