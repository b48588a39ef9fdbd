# SPDX-License-Identifier: Apache-2.0
"""Every legal scenario, and proof that they would notice a change of any number, operator or date."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from core.rules import RuleBook, load_rulebook
from core.rules.eu.fines import domain_list, is_large_dataset
from core.rules.schema import (
    UNITS_WITH_OPERATOR,
    Instrument,
    Parameter,
    Period,
    Status,
    Value,
    parsed,
)
from tests.rules.scenario import mismatches, run, scenarios

ALL = scenarios()
DAY = datetime.timedelta(days=1)
OTHER_STATUS = {
    Status.IN_FORCE: Status.PROPOSED,
    Status.ENACTED: Status.PROPOSED,
    Status.UNENFORCED: Status.PROPOSED,
    Status.PASSED: Status.ENACTED,
    Status.PROPOSED: Status.IN_FORCE,
    Status.VETOED: Status.REPEALED,
    Status.REPEALED: Status.VETOED,
    Status.NO_LAW: Status.IN_FORCE,
}
FLIPPED = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: f"{one['file']}: {one['name']}")
def test_scenario(scenario: dict[str, Any]) -> None:
    assert mismatches(scenario, run(scenario, load_rulebook())) == []


def test_every_instrument_has_scenarios_of_its_own_jurisdiction() -> None:
    for place, instrument in load_rulebook().instruments.items():
        own = [one for one in ALL if one["file"].startswith(place.split(".", 1)[0] + "/")]
        assert any(instrument.id in one["expect"].get("findings", {}) for one in own), instrument.id


def _parameter(book: RuleBook, name: str, index: int, **changes: Any) -> RuleBook:
    """The book with one value of one parameter changed (validation of the file rules is passed by)."""
    parameter = book.parameters[name]
    values = list(parameter.values)
    values[index] = values[index].replace(**changes)
    changed = Parameter.model_construct(**{**dict(parameter), "values": tuple(values)})
    return RuleBook.model_construct(
        parameters={**book.parameters, name: changed},
        instruments=book.instruments,
        coverage=book.coverage,
        edition=book.edition,
    )


def _period(book: RuleBook, place: str, index: int, **changes: Any) -> RuleBook:
    instrument = book.instruments[place]
    periods = list(instrument.periods)
    periods[index] = Period.model_construct(**{**dict(periods[index]), **changes})
    changed = Instrument.model_construct(**{**dict(instrument), "periods": tuple(periods)})
    return RuleBook.model_construct(
        parameters=book.parameters,
        instruments={**book.instruments, place: changed},
        coverage=book.coverage,
        edition=book.edition,
    )


def _mutants() -> Iterator[tuple[str, RuleBook]]:
    book = load_rulebook()
    for name, parameter in book.parameters.items():
        for index, entry in enumerate(parameter.values):
            for what, changes in _changes(parameter, entry):
                yield f"{name} {what}", _parameter(book, name, index, **changes)
    for place, instrument in book.instruments.items():
        for index, period in enumerate(instrument.periods):
            if period.status is Status.GENERAL:
                continue  # law of long standing has no first day that counts
            yield f"{place} a day later", _period(book, place, index, start=period.start + DAY)
            yield f"{place} a day earlier", _period(book, place, index, start=period.start - DAY)
            yield f"{place} status", _period(book, place, index, status=OTHER_STATUS[period.status])
            if period.until is not None:
                yield f"{place} ends a day later", _period(book, place, index, until=period.until + DAY)
                yield f"{place} ends a day earlier", _period(book, place, index, until=period.until - DAY)


def _changes(parameter: Parameter, entry: Value) -> Iterator[tuple[str, dict[str, Any]]]:
    value = parsed(entry, parameter.unit)
    if entry.operator is not None:
        yield "operator", {"operator": FLIPPED[entry.operator]}
    if parameter.unit in UNITS_WITH_OPERATOR and isinstance(value, int):
        yield "one more", {"value": str(value + 1)}
        yield "one less", {"value": str(value - 1)}
    elif parameter.unit == "FLOP amount" and isinstance(value, int):  # a third of it is compared
        yield "three more", {"value": str(value + 3)}
        yield "three less", {"value": str(value - 3)}
    elif parameter.unit in ("FLOP per hour", "EUR amount") and isinstance(value, int):
        yield "doubled", {"value": str(2 * value)}
    elif parameter.unit == "count" and isinstance(value, int):
        yield "one more", {"value": str(value + 1)}
    elif parameter.unit == "share":
        top, bottom = str(entry.value).split("/")
        percent = bottom == "100" and parameter.id.endswith("fine_share")
        step = bottom if percent else str(int(bottom) * 1000)
        scale = 1 if percent else 1000  # whole percents are shown, finer shares are compared
        yield "larger", {"value": f"{int(top) * scale + 1}/{step}"}
        yield "smaller", {"value": f"{int(top) * scale - 1}/{step}"}
    elif isinstance(value, datetime.date):
        yield "a day later", {"value": value + DAY}
        yield "a day earlier", {"value": value - DAY}
    elif isinstance(value, tuple):
        for word in value:
            yield f"without {word}", {"value": tuple(other for other in value if other != word)}


MUTANTS = dict(_mutants())


def _nearest_first(name: str) -> list[dict[str, Any]]:
    """The scenarios of the mutant's own law first, then of its jurisdiction: they notice it soonest."""
    place = ".".join(name.split(" ", 1)[0].split(".")[:2])
    law, home = load_rulebook().instruments[place].id, place.split(".", 1)[0] + "/"

    def far(one: dict[str, Any]) -> tuple[bool, bool]:
        expect = one["expect"]
        lines = any(line.startswith(place) for line in expect.get("lines", {}))
        return not (law in expect.get("findings", {}) or lines), not one["file"].startswith(home)

    return sorted(ALL, key=far)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_changed_rule_is_noticed(name: str) -> None:
    """At least one scenario fails when a number, an operator, a date, a status or a word of the data is changed."""
    book = MUTANTS[name]
    noticed = not _sizes_hold(book) or any(mismatches(one, run(one, book)) for one in _nearest_first(name))
    assert noticed, f"no scenario notices: {name}"


def _sizes_hold(book: RuleBook) -> bool:
    """Sizes that no finding shows: which domains and data sets a summary lists (template, section 2.1, footnote 16)."""
    rules = book.at(datetime.date(2026, 11, 23))
    firm = [domain_list(rules, domains, small=False) for domains in (40_000, 1_000_001)]
    small = [domain_list(rules, domains, small=True) for domains in (40_000, 19_980, 19_961)]
    large = [is_large_dataset(rules, size, 10**6) for size in (29_999, 30_000, 30_001)]
    return (firm, small, large) == ([4_000, 100_001], [1_000, 999, 999], [False, False, True])


def test_a_parameter_stands_when_its_instrument_does() -> None:
    """The dates and the status around a value are those of the law it belongs to: a changed one fails here."""
    book = load_rulebook()
    for name, parameter in book.parameters.items():
        law = book.instruments[name.rsplit(".", 1)[0]].periods
        assert parameter.values[0].start == law[0].start, name
        assert parameter.values[-1].until == law[-1].until, name
        assert parameter.values[-1].status == law[-1].status, name
