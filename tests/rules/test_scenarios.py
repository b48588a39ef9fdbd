# SPDX-License-Identifier: Apache-2.0
"""Every legal scenario, and proof that they would notice a change of any number, operator or date."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from core.rules import RuleBook, load_rulebook
from core.rules.schema import Instrument, Parameter, Period, parsed
from tests.rules.scenario import mismatches, run, scenarios

ALL = scenarios()
DAY = datetime.timedelta(days=1)
FLIPPED = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: f"{one['file']}: {one['name']}")
def test_scenario(scenario: dict[str, Any]) -> None:
    assert mismatches(scenario, run(scenario, load_rulebook())) == []


def test_every_instrument_has_scenarios_of_its_own_jurisdiction() -> None:
    for place, instrument in load_rulebook().instruments.items():
        own = [one for one in ALL if one["file"].startswith(place.split(".", 1)[0] + "/")]
        assert any(instrument.id in one["expect"].get("findings", {}) for one in own), instrument.id


def _parameter(book: RuleBook, name: str, **changes: Any) -> RuleBook:
    """The book with the last value of one parameter changed (validation of the file rules is passed by)."""
    parameter = book.parameters[name]
    value = parameter.values[-1].replace(**changes)
    changed = Parameter.model_construct(**{**dict(parameter), "values": (*parameter.values[:-1], value)})
    return RuleBook.model_construct(
        parameters={**book.parameters, name: changed}, instruments=book.instruments, coverage=book.coverage
    )


def _period(book: RuleBook, place: str, **changes: Any) -> RuleBook:
    instrument = book.instruments[place]
    period = Period.model_construct(**{**dict(instrument.periods[-1]), **changes})
    changed = Instrument.model_construct(**{**dict(instrument), "periods": (period,)})
    return RuleBook.model_construct(
        parameters=book.parameters, instruments={**book.instruments, place: changed}, coverage=book.coverage
    )


def _mutants() -> Iterator[tuple[str, RuleBook]]:
    book = load_rulebook()
    for name, parameter in book.parameters.items():
        entry = parameter.values[-1]
        value = parsed(entry, parameter.unit)
        if entry.operator is not None:
            yield f"{name} operator", _parameter(book, name, operator=FLIPPED[entry.operator])
        if parameter.unit in ("FLOP", "USD") and isinstance(value, int):
            yield f"{name} one more", _parameter(book, name, value=str(value + 1))
            yield f"{name} one less", _parameter(book, name, value=str(value - 1))
        elif parameter.unit == "FLOP amount" and isinstance(
            value, int
        ):  # a third of it is compared: 3 move it by 1
            yield f"{name} three more", _parameter(book, name, value=str(value + 3))
            yield f"{name} three less", _parameter(book, name, value=str(value - 3))
        elif parameter.unit == "FLOP per hour" and isinstance(value, int):
            yield f"{name} doubled", _parameter(book, name, value=str(2 * value))
        elif parameter.unit == "share":
            top, bottom = str(entry.value).split("/")
            yield (
                f"{name} larger",
                _parameter(book, name, value=f"{int(top) * 1000 + 1}/{int(bottom) * 1000}"),
            )
            yield (
                f"{name} smaller",
                _parameter(book, name, value=f"{int(top) * 1000 - 1}/{int(bottom) * 1000}"),
            )
        elif isinstance(value, datetime.date):
            yield f"{name} a day later", _parameter(book, name, value=value + DAY)
            yield f"{name} a day earlier", _parameter(book, name, value=value - DAY)
        elif isinstance(value, tuple):
            for word in value:
                left = tuple(other for other in value if other != word)
                yield f"{name} without {word}", _parameter(book, name, value=left)
    for place, instrument in book.instruments.items():
        period = instrument.periods[-1]
        yield f"{place} a day later", _period(book, place, start=period.start + DAY)
        yield f"{place} a day earlier", _period(book, place, start=period.start - DAY)
        if period.until is not None:
            yield f"{place} ends a day later", _period(book, place, until=period.until + DAY)
            yield f"{place} ends a day earlier", _period(book, place, until=period.until - DAY)


MUTANTS = dict(_mutants())


@pytest.mark.parametrize("name", MUTANTS)
def test_a_changed_rule_is_noticed(name: str) -> None:
    """At least one scenario fails when a number, an operator, a date or a word of the data is changed."""
    book = MUTANTS[name]
    assert any(mismatches(scenario, run(scenario, book)) for scenario in ALL), f"no scenario notices: {name}"
