# SPDX-License-Identifier: Apache-2.0
"""The compute tests of the EU chapter, step by step: on the bar and one operation more, unknown numbers, odd starts.

The indicator is 10^23 and systemic risk is presumed over 10^25, both strictly; the bar of a changed model is one third of
its base (Guidelines, points 17, 60 and 61).
"""

from typing import Any

import pytest

from core.domain.estimate import FlopEstimate
from core.rules.case import Case
from core.rules.eu.answer import Answer
from core.rules.eu.lines import eu_lines
from core.rules.eu.modified_model import modified_model
from core.rules.eu.own_model import own_model
from core.texts import text
from tests.unit.rules.cases import release

LARGE = 9 * 10**23
"""A base over the indicator; its bar is 3 × 10^23."""
SMALL = 5 * 10**22
LOWEST = 33_333_333_333_333_333_333_333
"""One third of 10^23, the least bar there is."""
TUNE: dict[str, Any] = {"origin": "fine_tune"}
MERGE: dict[str, Any] = {"origin": "merge"}
CONVERT: dict[str, Any] = {"origin": "conversion"}
TEXT: dict[str, Any] = {"output_modalities": ["text"]}
LABEL: dict[str, Any] = {"output_modalities": ["label"]}
NOT_TOLD: dict[str, Any] = {"dont_know": ["base_flop", "base_tokens"]}


def short(answer: Answer) -> tuple[str, str, str, str]:
    return answer.gpai, answer.provider, answer.systemic, answer.reason


def changed(case: Case) -> Answer:
    return modified_model(case, eu_lines(case))


@pytest.mark.parametrize(
    ("own", "said", "expected"),
    [
        (3 * 10**23, TUNE, ("base_yes", "no", "no", "below_bar")),
        (3 * 10**23 + 1, TUNE, ("yes", "yes", "no", "over_bar")),
        (3 * 10**23 + 1, TUNE | TEXT, ("yes", "yes", "no", "over_bar")),
        (3 * 10**23 + 1, TUNE | LABEL, ("no", "no", "no", "kind")),
        (3 * 10**23 + 1, TUNE | TEXT | {"narrow_task": True}, ("no", "no", "no", "narrow")),
        (91 * 10**23, TUNE, ("yes", "yes", "no", "over_bar")),  # 10^25 in all: not over it
        (91 * 10**23 + 1, TUNE, ("yes", "yes", "yes", "over_bar")),
        (3 * 10**23 + 1, TUNE | {"base_systemic": True}, ("yes", "yes", "yes", "over_bar")),
        (None, CONVERT, ("base_yes", "no", "no", "conversion")),
        (3 * 10**23, CONVERT, ("base_yes", "no", "no", "conversion")),
        (3 * 10**23 + 1, CONVERT, ("yes", "yes", "no", "over_bar")),
        (None, MERGE, ("base_yes", "unclear", "unclear", "merge")),
        (3 * 10**23, MERGE, ("base_yes", "unclear", "no", "merge")),
        (3 * 10**23 + 1, MERGE, ("yes", "yes", "no", "over_bar")),
        (None, TUNE, ("base_yes", "unclear", "unclear", "compute_unknown_base")),
        # a base over the indicator that can do only one thing is out of the rule, unless the tune alone is over it
        (10**22, TUNE | {"base_general": False}, ("no", "no", "no", "narrow_base")),
        (10**23, TUNE | {"base_general": False}, ("no", "no", "no", "narrow_base")),
        (10**23 + 1, TUNE | TEXT | {"base_general": False}, ("likely", "yes", "no", "over")),
    ],
)
def test_a_large_base(own: int | None, said: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert short(changed(release(own, LARGE, **said))) == expected


@pytest.mark.parametrize(
    ("base", "own", "systemic"),
    [
        (10**25, 10**25, "yes"),  # the sum is over the line
        (10**25 + 3, 4 * 10**24, "yes"),
        (6 * 10**24, 4 * 10**24, "no"),  # 10^25 in all
        (6 * 10**24, 4 * 10**24 + 1, "yes"),
    ],
)
def test_a_changed_model_with_systemic_risk(base: int, own: int, systemic: str) -> None:
    assert changed(release(own, base, **TUNE)).systemic == systemic


def test_a_base_over_the_systemic_line_decides_where_the_sum_is_not_known() -> None:
    over = release(None, 10**25 + 1, **TUNE)
    assert eu_lines(over).systemic.crossed is None
    assert changed(over).reason == "compute_unknown_base"


@pytest.mark.parametrize(
    ("earlier", "reason"), [(None, "below_bar"), (10**23, "below_bar"), (10**23 + 1, "chain")]
)
def test_trainings_of_several_people(earlier: int | None, reason: str) -> None:
    """2 × 10^23 here and 10^23 before are the bar; one operation more is over it."""
    answer = changed(release(2 * 10**23, LARGE, earlier_tunes_flop=earlier, **TUNE))
    assert answer.reason == reason
    if reason == "chain":
        assert (answer.gpai, answer.provider, answer.systemic) == ("base_yes", "unclear", "no")
        assert answer.filled["together"] == "just over the line"
        assert answer.filled["distance"] == "about 1.5 times below the line"
        assert answer.steps[-1].inputs == "3.00 × 10²³ FLOP"
        assert len(answer.steps) == 2


@pytest.mark.parametrize(
    ("own", "said", "expected"),
    [
        (LOWEST, TUNE, ("unclear", "no", "no", "below_lowest_bar")),
        (LOWEST, TUNE | {"base_general": True}, ("base_yes", "no", "no", "below_lowest_bar")),
        (LOWEST, TUNE | {"base_general": False}, ("unclear", "no", "no", "below_lowest_bar")),
        (LOWEST + 1, TUNE, ("unclear", "unclear", "unclear", "base_unknown")),
        (LOWEST + 1, TUNE | NOT_TOLD, ("yes", "yes", "unclear", "over_bar_stand_in")),
        (LOWEST + 1, TUNE | NOT_TOLD | {"base_systemic": False}, ("yes", "yes", "no", "over_bar_stand_in")),
        (10**25, TUNE | NOT_TOLD | {"base_systemic": False}, ("yes", "yes", "no", "over_bar_stand_in")),
        (10**25 + 1, TUNE | NOT_TOLD | {"base_systemic": False}, ("yes", "yes", "yes", "over_bar_stand_in")),
        (LOWEST + 1, TUNE | {"base_systemic": True}, ("base_yes", "no", "no", "below_lowest_bar")),
        (None, TUNE, ("unclear", "unclear", "unclear", "compute_unknown_base")),
        (None, CONVERT, ("unclear", "no", "no", "conversion")),
        (None, MERGE, ("unclear", "unclear", "unclear", "merge")),
        (LOWEST, MERGE, ("unclear", "unclear", "unclear", "merge")),
        (LOWEST + 1, MERGE, ("unclear", "unclear", "unclear", "base_unknown")),
    ],
)
def test_an_unknown_base(own: int | None, said: dict[str, Any], expected: tuple[str, ...]) -> None:
    case = release(own, None, **said)
    if own is not None:  # with the base unknown nobody knows the sum
        unknown = case.footprint.accounts.replace(cumulative=None)
        case = Case(case.known, case.footprint.replace(accounts=unknown), case.rules)
    assert short(changed(case)) == expected


@pytest.mark.parametrize(
    ("unknown", "stand_in"),
    [
        ([], False),
        (["base_flop"], False),
        (["base_flop", "base_tokens"], True),
        (["base_flop", "base_parameters"], True),
        (["base_tokens", "base_parameters"], False),
    ],
)
def test_a_stand_in_needs_a_base_that_cannot_be_estimated(unknown: list[str], stand_in: bool) -> None:
    answer = changed(release(LOWEST + 1, dont_know=unknown, **TUNE))
    assert answer.reason == ("over_bar_stand_in" if stand_in else "base_unknown")
    assert answer.modifier is stand_in


def test_a_small_merge_of_unknown_models() -> None:
    """A hundred parents of P parameters: 100 × 6 P × 10^15 reaches 10^23 at P = 166,666.67."""
    assert changed(release(parameters=166_666, **MERGE)).reason == "too_small_merge"
    assert short(changed(release(parameters=166_666, **MERGE)))[:3] == ("criterion_not_met", "no", "no")
    assert changed(release(parameters=166_667, **MERGE)).reason == "merge"


@pytest.mark.parametrize(
    ("own", "said", "expected"),
    [
        (10**22, TUNE, ("criterion_not_met", "no", "no", "small_base")),
        (5 * 10**22, TUNE, ("criterion_not_met", "no", "no", "small_base")),  # 10^23 in all
        (5 * 10**22 + 1, TUNE, ("unclear", "unclear", "no", "small_base_sum")),
        (5 * 10**22 + 1, TUNE | LABEL, ("criterion_not_met", "no", "no", "small_base")),
        (5 * 10**22 + 1, TUNE | TEXT | {"narrow_task": True}, ("no", "no", "no", "narrow")),
        (5 * 10**22 + 1, TUNE | {"very_general": True}, ("unclear", "unclear", "no", "small_base_sum")),
        (10**22, TUNE | {"very_general": True}, ("yes", "yes", "no", "very_general")),
        (10**23, TUNE | TEXT, ("unclear", "unclear", "no", "small_base_sum")),
        (10**23 + 1, TUNE | TEXT, ("likely", "yes", "no", "over")),
        (None, CONVERT, ("criterion_not_met", "no", "no", "conversion")),
        (None, TUNE, ("unclear", "unclear", "unclear", "compute_unknown_base")),
        (None, MERGE, ("criterion_not_met", "no", "no", "small_base")),
        (10**22, TUNE | {"base_general": True}, ("base_yes", "no", "no", "below_bar")),
        (2 * 10**22, TUNE | {"base_general": True}, ("yes", "yes", "no", "over_bar")),
        (2 * 10**22, TUNE | {"base_systemic": True}, ("yes", "yes", "yes", "over_bar")),
    ],
)
def test_a_small_base(own: int | None, said: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert short(changed(release(own, SMALL, **said))) == expected


def test_the_distance_of_a_small_base_is_that_of_the_sum() -> None:
    assert changed(release(10**22, 4 * 10**22, **TUNE)).filled == {"distance": "about 2 times below the line"}
    assert changed(release(None, 4 * 10**22, **MERGE)).filled == {
        "distance": "about 2.5 times below the line"
    }


@pytest.mark.parametrize(
    ("own", "low", "high", "expected"),
    [
        (10**15, 2 * 10**22, 10**24, ("unclear", "no", "no", "below_bar")),  # FLUX.1 [dev] and a LoRA
        (98 * 10**19 - 1, 2 * 10**22, 10**24, ("unclear", "no", "no", "below_bar")),
        (
            98 * 10**19,
            2 * 10**22,
            10**24,
            ("unclear", "unclear", "no", "small_base_sum"),
        ),  # a thousandth of the doubt
        (
            10**15,
            10**23,
            10**23,
            ("unclear", "unclear", "no", "small_base_sum"),
        ),  # a base known to the last operation
        (4 * 10**22, 0, 10**27, ("unclear", "unclear", "no", "small_base_sum")),  # over one third of the base
    ],
)
def test_a_small_training_on_a_base_of_about_the_indicator(
    own: int, low: int, high: int, expected: tuple[str, ...]
) -> None:
    base = FlopEstimate(low=low, central=10**23, high=high, method="table")
    answer = changed(release(own, base, **TUNE))
    assert short(answer) == expected
    if answer.reason == "below_bar":
        assert "does not decide" in answer.steps[0].result


def test_a_base_of_exactly_the_indicator_is_small() -> None:
    assert changed(release(10**20, 10**23, **TUNE)).reason == "small_base_sum"
    assert changed(release(10**20, 10**23 + 1, **TUNE)).reason == "below_bar"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (None, ("unclear", "unclear", "unclear", "compute_unknown")),
        (LOWEST, ("unclear", "no", "no", "below_both")),
        (LOWEST + 1, ("unclear", "unclear", "unclear", "start_unknown")),
    ],
)
def test_nobody_said_where_it_started(own: int | None, expected: tuple[str, ...]) -> None:
    answer = changed(release(own))
    assert short(answer) == expected
    if own is not None:
        assert answer.steps[1].value == "3.33 × 10²² FLOP"
    if answer.reason == "below_both":
        assert answer.filled == {"distance": "exactly on the line"}
        assert changed(release(LOWEST // 3)).filled == {"distance": "about 3 times below the line"}


@pytest.mark.parametrize(
    ("size", "reason"), [(50_000_000, "too_small"), (50_000_001, "compute_unknown_base")]
)
def test_size_settles_an_unknown_training(size: int, reason: str) -> None:
    """6 × 50,000,000 × 10^15 = 3 × 10^23, the bar itself."""
    answer = changed(release(None, LARGE, parameters=size, **TUNE))
    assert answer.reason == reason
    assert (answer.gpai, answer.provider) == ("base_yes", "no" if reason == "too_small" else "unclear")
    if reason == "too_small":
        assert answer.systemic == "no"
        assert answer.steps[1].rule == text("rules_us.step.too_small.rule", tokens="1 × 10¹⁵")
    else:  # 3 × 10^23 / (1.7802 × 10^18 an hour) = 168,520 hours
        assert answer.filled == {"hours": "170,000"}


def test_an_unknown_training_with_a_known_small_sum() -> None:
    """The sum can be bounded from elsewhere: then systemic risk is out of the question."""
    assert changed(release(None, LARGE, total=10**24, **TUNE)).systemic == "no"
    assert changed(release(None, LARGE, total=10**25 + 1, **TUNE)).systemic == "unclear"


@pytest.mark.parametrize(
    ("own", "said", "expected"),
    [
        (10**23, TEXT, ("criterion_not_met", "no", "no", "below")),
        (10**23, TEXT | {"very_general": True}, ("yes", "yes", "no", "very_general")),
        (10**23 + 1, TEXT, ("likely", "yes", "no", "over")),
        (10**23 + 1, TEXT | {"very_general": True}, ("likely", "yes", "no", "over")),
        (10**23 + 1, TEXT | {"narrow_task": True}, ("no", "no", "no", "narrow")),
        (10**23 + 1, TEXT | {"narrow_task": False}, ("likely", "yes", "no", "over")),
        (10**23 + 1, LABEL, ("criterion_not_met", "no", "no", "kind")),
        (10**23 + 1, {}, ("unclear", "unclear", "no", "kind_unknown")),
        (10**25, TEXT, ("likely", "yes", "no", "over")),
        (10**25 + 1, TEXT, ("likely", "yes", "yes", "over")),
        (10**25 + 1, {}, ("unclear", "unclear", "unclear", "kind_unknown")),
        (None, TEXT, ("unclear", "unclear", "unclear", "compute_unknown")),
        (None, LABEL, ("criterion_not_met", "no", "no", "kind")),
    ],
)
def test_a_model_of_ones_own(own: int | None, said: dict[str, Any], expected: tuple[str, ...]) -> None:
    case = release(own, origin="from_scratch", **said)
    answer = own_model(case, eu_lines(case))
    assert short(answer) == expected
    # over the indicator the line of systemic risk is shown as well
    shown = [text(f"rules_eu.line.{name}") for name in ("indicator", "systemic")]
    if answer.reason in ("over", "kind_unknown"):
        assert [step.rule for step in answer.steps] == shown


def test_a_sum_below_the_indicator_settles_the_direct_part() -> None:
    """Only the whole is known: 10^23 in all is not over the line, and its distance is that of the whole."""
    for total, reason in ((5 * 10**22, "below"), (10**23, "below"), (10**23 + 1, "compute_unknown")):
        case = release(None, total=total, origin="from_scratch", **TEXT)
        assert own_model(case, eu_lines(case)).reason == reason
    half = release(None, total=5 * 10**22, origin="from_scratch", **TEXT)
    assert own_model(half, eu_lines(half)).filled == {"distance": "about 2 times below the line"}


def test_a_direct_part_over_the_systemic_line_settles_the_sum() -> None:
    for own, systemic in ((10**25, "unclear"), (10**25 + 1, "yes")):
        case = release(own, origin="from_scratch", **TEXT)
        unknown = case.footprint.accounts.replace(cumulative=None)
        case = Case(case.known, case.footprint.replace(accounts=unknown), case.rules)
        assert own_model(case, eu_lines(case)).systemic == systemic


@pytest.mark.parametrize(("size", "many"), [(None, False), (999_999_999, False), (10**9, True)])
def test_the_rule_of_thumb_of_a_billion_parameters(size: int | None, many: bool) -> None:
    case = release(None, parameters=size, origin="from_scratch", **TEXT)
    steps = own_model(case, eu_lines(case)).steps
    assert len(steps) == 1 + many
    if many:
        assert (steps[1].value, steps[1].inputs) == (">= 1,000,000,000", "1,000,000,000")


def test_a_small_model_of_ones_own() -> None:
    """6 × 16,666,666 × 10^15 = 9.9999996 × 10^22; one parameter more reaches 1.00000002 × 10^23."""
    for size, reason in ((16_666_666, "too_small"), (16_666_667, "compute_unknown")):
        case = release(None, parameters=size, origin="from_scratch", **TEXT)
        answer = own_model(case, eu_lines(case))
        assert answer.reason == reason
        # 10^23 / (1.7802 × 10^18 an hour) = 56,173 hours
        assert answer.filled.get("hours") == (None if reason == "too_small" else "56,000")
