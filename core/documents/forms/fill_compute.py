# SPDX-License-Identifier: Apache-2.0
"""Fields on computing power, energy and results."""

from core.documents.card.energy import origin_words
from core.documents.card.sections import evaluation, procedure
from core.documents.context import Item
from core.documents.forms.case import Filled, FormCase, plain
from core.documents.forms.fill_model import Fill, modalities_in, modalities_out
from core.documents.words import flop, flop_range, for_readers, number, quantity
from core.domain.estimate import FlopEstimate, Quantity
from core.texts import text
from core.units import power_of_ten, scientific

_BENCHMARK_TOKENS = 100_000
"""The task that the form names as an example (field 39)."""
_HOURS_A_MONTH = 365.25 * 24 / 12
_MOST_ASSUMPTIONS = 8


def order_of_magnitude(value: int) -> int:
    """The power of ten at or below `value` (1 or more): 4.7e24 gives 24."""
    return len(str(value)) - 1


def _hours(case: FormCase) -> tuple[float, str] | None:
    """Wall-clock hours of the training and where they came from."""
    said, seconds = case.known.number("hours"), case.known.number("train_runtime_seconds")
    if said is not None and said.value > 0:
        return said.value, case.facts.source(said.origin)
    if seconds is not None and seconds.value > 0:
        return seconds.value / 3600, case.facts.source(seconds.origin)
    return None


def _training_time_range(case: FormCase, _answer: str) -> Filled | None:
    found = _hours(case)
    if found is None:
        return None
    months = found[0] / _HOURS_A_MONTH
    where = next((words for end, words in ((1, "1"), (3, "3"), (6, "6")) if months < end), "more")
    return Filled(lines=(text(f"forms.range.time.{where}"),), source=found[1])


def _training_time(case: FormCase, _answer: str) -> Filled | None:
    found = _hours(case)
    if found is None:
        return None
    days = _sentence("days", days=_days(found[0]), hours=_clock(found[0]))
    devices = case.known.integer("device_count") or case.known.integer("world_size")
    hardware = case.facts.item("hardware")
    if devices is None:
        return Filled(lines=(days,), source=found[1])
    total = _days(found[0] * devices.value)
    if hardware is None:
        used = _sentence("device_days", days=total)
    else:
        used = _sentence("device_days_of", days=total, device=hardware.value)
    return Filled(lines=(days, used), source=found[1])


def _sentence(key: str, **values: str) -> str:
    """A sentence that may begin with "less than"."""
    words = text(f"forms.say.{key}", **values)
    return words[:1].upper() + words[1:]


def _days(hours: float) -> str:
    """Days with three figures; a run of minutes is no string of zeros."""
    return number(hours / 24) if hours >= 0.24 else text("forms.say.less_than", value="0.01")


def _clock(hours: float) -> str:
    return quantity(hours, "hours") if hours >= 0.1 else quantity(hours * 3600, "seconds")


def _compute_magnitude(case: FormCase, _answer: str) -> Filled | None:
    own = case.footprint.accounts.own
    if own is None or own.central < 1:
        return None
    return Filled(lines=(f"{power_of_ten(order_of_magnitude(own.central))} FLOP",))


def _compute(case: FormCase, _answer: str) -> Filled | None:
    return _estimate(case.footprint.accounts.own)


def _cumulative(case: FormCase, _answer: str) -> Filled | None:
    return _estimate(case.footprint.accounts.cumulative)


def _estimate(estimate: FlopEstimate | None) -> Filled | None:
    if estimate is None:
        return None
    return Filled(
        lines=(f"{flop(estimate.central)}, {flop_range(estimate)}.",),
        source=text("documents.source.computed"),
    )


def _compute_method(case: FormCase, _answer: str) -> Filled | None:
    used = [one for one in case.footprint.witnesses if one.used and one.estimate is not None]
    if not used:
        return None
    where = text("documents.where.compute")
    items = tuple(
        Item(label=f"{title}: {flop(one.estimate.central)}", value=title)
        for one in used
        if one.estimate is not None and (title := case.withheld.prose(one.title, where))
    )
    said = case.withheld.prose(for_readers(case.footprint.agreed), where)
    measured = " ".join(part for part in (text("forms.say.measured"), said) if part)
    return Filled(lines=(measured, text("forms.say.like_this")), items=items)


def _cumulative_method(case: FormCase, answer: str) -> Filled | None:
    """How all of the compute came about: the run's, and what the base brings along."""
    run, base = _compute_method(case, answer), case.footprint.accounts.base
    if run is None or base is None or base.high == 0:
        return run
    words = (
        f"{text('documents.account.base')}: {flop(base.central)} ({base.method[:1].lower()}{base.method[1:]})"
    )
    item = Item(label=case.withheld.prose(words, text("documents.where.compute")), value=words)
    return run.replace(items=(*run.items, item))


def _approximations(case: FormCase, _answer: str) -> Filled | None:
    accounts = case.footprint.accounts
    every = [
        one
        for estimate in (accounts.own, accounts.cumulative)
        if estimate is not None
        for one in estimate.assumptions
    ]
    if accounts.own is None:
        return None
    where = text("documents.where.compute")
    items = tuple(
        Item(label=case.withheld.prose(one, where), value=one) for one in dict.fromkeys(every) if one
    )
    return (
        Filled(items=items[:_MOST_ASSUMPTIONS])
        if items
        else Filled(lines=(text("forms.none.no_approximation"),))
    )


def megawatt_hours(amount: Quantity) -> str:
    """Energy in MWh with two significant figures, as the form wants it."""
    return f"{number(float(f'{amount.central / 1000:.2g}'))} MWh"


def _energy(case: FormCase, _answer: str) -> Filled | None:
    amount = case.footprint.energy
    if amount is None:
        return None
    ends = text("documents.range.between", low=number(amount.low), high=quantity(amount.high, amount.unit))
    return Filled(
        lines=(f"{megawatt_hours(amount)} ({quantity(amount.central, amount.unit)}, {ends}).",),
        source=origin_words(case.facts, amount),
    )


def _energy_method(case: FormCase, _answer: str) -> Filled | None:
    amount = case.footprint.energy
    if amount is None:
        return None
    where = text("documents.where.energy")
    steps = (f"{step.label}: {step.expression} = {step.result}" for step in amount.steps)
    words = dict.fromkeys(case.withheld.prose(one, where) for one in (*steps, *amount.assumptions) if one)
    items = tuple(Item(label=one, value=one) for one in words)
    return Filled(items=items) if items else Filled(lines=(text("forms.say.metered"),))


def _inference(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    count = case.footprint.parameters
    if (
        said is not None
        or count is None
        or not case.identity.pipeline_tag
        or modalities_in(case) != ("text",)
        or set(modalities_out(case)) & {"image", "audio", "video"}  # the task is one of text
    ):
        return said
    value = 2 * (count.active_per_token or count.total) * _BENCHMARK_TOKENS
    return Filled(lines=(f"{scientific(value)} FLOP.",), source=text("documents.source.computed"))


def _inference_method(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None or case.known.said("inference_flop") or _inference(case, "inference_flop") is None:
        return said
    makes = (
        "makes" if "text" in modalities_out(case) and case.identity.pipeline_tag != "fill-mask" else "reads"
    )
    return Filled(lines=(text(f"forms.say.benchmark_{makes}", tokens=f"{_BENCHMARK_TOKENS:,}"),))


def _training_design(case: FormCase, answer: str) -> Filled | None:
    prose, rows = case.facts.said(answer), procedure(case.facts)
    if not prose and len(rows) < 2:
        return None
    items = tuple(Item(label=f"{row.label}: {row.value}", value=row.value, source=row.source) for row in rows)
    return Filled(prose=prose, items=items)


def _benchmarks(case: FormCase, answer: str) -> Filled | None:
    prose, rows = case.facts.said(answer), evaluation(case.facts)
    if not prose and not rows:
        return None
    items = tuple(Item(label=f"{row.label}: {row.value}", value=row.value, source=row.source) for row in rows)
    return Filled(prose=prose, items=items)


FILLS: dict[str, Fill] = {
    "training_time_range": _training_time_range,
    "training_time": _training_time,
    "compute_magnitude": _compute_magnitude,
    "compute": _compute,
    "cumulative": _cumulative,
    "compute_method": _compute_method,
    "cumulative_method": _cumulative_method,
    "approximations": _approximations,
    "energy": _energy,
    "energy_method": _energy_method,
    "inference": _inference,
    "inference_method": _inference_method,
    "training_design": _training_design,
    "benchmarks": _benchmarks,
}
