# SPDX-License-Identifier: Apache-2.0
"""Every line has a scenario just under, at and over it; every date has one the day before and one on the day."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from core.rules import load_rulebook
from core.rules.schema import UNITS_WITH_OPERATOR, Status, parsed
from core.rules.trace import part_of
from tests.rules.scenario import footprint, scenarios

BOOK = load_rulebook()
ALL = scenarios()
DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 23)

Number = Callable[[dict[str, Any]], int | None]


def _account(name: str) -> Number:
    def number(scenario: dict[str, Any]) -> int | None:
        estimate = getattr(footprint(scenario).accounts, name)
        return None if estimate is None else int(estimate.central)

    return number


def _said(name: str) -> Number:
    return lambda scenario: scenario.get("answers", {}).get(name)


def _cluster(scenario: dict[str, Any]) -> int | None:
    answers = scenario.get("answers", {})
    peak, count = answers.get("device_peak_flops"), answers.get("device_count")
    return None if peak is None or count is None else int(peak) * int(count)


def _parameters(scenario: dict[str, Any]) -> int | None:
    return scenario.get("parameters")


COMPARED: dict[str, Number] = {
    "eu.ai_act.gpai_indicator": _account("direct"),
    "eu.ai_act.many_parameters": _parameters,
    "eu.ai_act.reach_users": _said("eu_business_users"),
    "us_federal.bis_2024_nprm.run_line": _account("own"),
    "us_california.sb_1047.tune_line": _account("own"),
    "us_california.sb_1047.training_cost": _said("training_cost_usd"),
    "us_california.sb_1047.tune_cost": _said("training_cost_usd"),
    "us_new_york.raise_original.training_cost": _said("training_cost_usd"),
    "us_new_york.raise_original.distilled_cost": _said("training_cost_usd"),
    "us_california.sb_942.platform_users": _said("monthly_users"),
    "south_korea.ai_basic_act.foreign_revenue": _said("korea_revenue_krw"),
    "south_korea.ai_basic_act.foreign_ai_revenue": _said("korea_ai_revenue_krw"),
    "south_korea.ai_basic_act.foreign_users": _said("korea_daily_users"),
}
BY_ENDING: dict[str, Number] = {
    "large_revenue": _said("annual_revenue_usd"),
    "monthly_users": _said("monthly_users"),
    "cluster_line": _cluster,
    "cluster_network": _said("network_gbit_s"),
}
"""What a line is compared with, by the end of its name; all others look at the cumulative sum."""

LINES = [
    name
    for name, one in BOOK.parameters.items()
    if one.unit in (*UNITS_WITH_OPERATOR, "count") and one.values[-1].operator is not None
]
DATES = [name for name, one in BOOK.parameters.items() if one.unit == "date"]
DATED = [
    (place, day)
    for place, law in BOOK.instruments.items()
    for period in law.periods
    if period.status not in (Status.GENERAL, Status.NO_LAW)
    for day in (period.start, period.until)
    if day is not None
]
SIZES_ONLY = ("eu.ai_act.large_dataset_share",)
"""Compared in the papers, not in a finding: tests/rules/test_scenarios.py holds them (`_sizes_hold`)."""


def _about(place: str) -> list[dict[str, Any]]:
    """The scenarios that expect something of the instrument at `place`."""
    instrument = BOOK.instruments[place].id
    chapter = place == "eu.ai_act"
    return [
        one
        for one in ALL
        if instrument in one["expect"].get("findings", {})
        or (chapter and one["expect"].get("eu"))
        or any(name.startswith(place) for name in one["expect"].get("lines", {}))
        or (chapter and any(name.startswith("eu.") for name in one["expect"].get("lines", {})))
    ]


def _place(name: str) -> str:
    return name.rsplit(".", 1)[0]


def _numbers(name: str) -> set[int]:
    compared = COMPARED.get(name) or BY_ENDING.get(name.rsplit(".", 1)[1]) or _account("cumulative")
    found = (compared(one) for one in _about(_place(name)))
    return {number for number in found if number is not None}


def _missing(wanted: Iterable[int], there: set[int]) -> list[int]:
    return [number for number in wanted if number not in there]


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_tried_just_under_at_and_over_it(name: str) -> None:
    parameter = BOOK.parameters[name]
    value = parsed(parameter.values[-1], parameter.unit)
    assert isinstance(value, int)
    assert _missing((value - 1, value, value + 1), _numbers(name)) == []


def test_the_bar_of_a_modification_is_tried_on_both_sides() -> None:
    """One third of a known base, and of both stand-ins: not over it, and one operation more."""
    share, operator = BOOK.at(TODAY).share("eu.ai_act.modification_share")
    known, stand_in = set(), set()
    for one in _about("eu.ai_act"):
        accounts = footprint(one).accounts
        own, base = accounts.direct, accounts.base
        if own is None:
            continue
        if base is not None:
            known.add(own.central - part_of(base.central, share, operator or ">"))
        else:
            stand_in.add(own.central)
    assert _missing((-1, 0, 1), known) == []
    for name in ("stand_in_base", "stand_in_base_systemic"):
        bar = part_of(BOOK.at(TODAY).whole(f"eu.ai_act.{name}"), share, operator or ">")
        assert _missing((bar - 1, bar, bar + 1), stand_in) == [], name


@pytest.mark.parametrize(("place", "day"), DATED, ids=lambda one: str(one))
def test_a_law_is_asked_the_day_before_it_starts_or_ends_and_on_the_day(
    place: str, day: datetime.date
) -> None:
    asked = {one["day"] for one in _about(place)}
    assert [one for one in (day - DAY, day) if one not in asked] == []


@pytest.mark.parametrize("name", DATES)
def test_a_date_within_a_law_is_tried_on_both_sides(name: str) -> None:
    """Compared with the day asked, or with the day of release; "after" a day is tried on it and a day later."""
    entry = BOOK.parameters[name].values[-1]
    date = entry.value
    assert isinstance(date, datetime.date)
    days: set[datetime.date] = set()
    for one in _about(_place(name)):
        days |= {one["day"], one.get("answers", {}).get("release_date")}
    wanted = (date, date + DAY) if entry.operator == ">" else (date - DAY, date)
    shown_only = name in (
        "eu.article_25.products_from",
        "eu.article_50.detectors_by",
        "us_federal.ear_4e091.enforcement_planned",
    )
    assert shown_only or [one for one in wanted if one not in days] == []


def test_no_share_is_left_out() -> None:
    """Shares that are compared with are those tried above; the rest are sizes of fines and of lists."""
    compared = {
        name for name, one in BOOK.parameters.items() if one.unit == "share" and one.values[-1].operator
    }
    assert compared == {"eu.ai_act.modification_share", *SIZES_ONLY}
