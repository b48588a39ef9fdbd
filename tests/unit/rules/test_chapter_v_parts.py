# SPDX-License-Identifier: Apache-2.0
"""The EU chapter: the part somebody has in a model, and the relief for free and open ones."""

from typing import Any

import pytest

from core.rules.case import Case
from core.rules.eu.answer import Answer
from core.rules.eu.lines import eu_lines
from core.rules.eu.open_source import relief
from core.rules.eu.roles import by_role
from core.texts import text
from tests.unit.rules.cases import FREE, release

LARGE = 9 * 10**23
TUNE: dict[str, Any] = {"origin": "fine_tune"}


def short(answer: Answer) -> tuple[str, str, str, str]:
    return answer.gpai, answer.provider, answer.systemic, answer.reason


def role(case: Case, **answer: Any) -> Answer:
    start = {"gpai": "likely", "provider": "yes", "systemic": "no", "reason": "over"} | answer
    return by_role(case, eu_lines(case), Answer(**start))


OWN: dict[str, Any] = {"origin": "from_scratch"}


@pytest.mark.parametrize(
    ("said", "before", "expected"),
    [
        ({}, {}, ("likely", "yes", "no", "over")),
        ({"role": "releaser"}, {}, ("likely", "yes", "no", "over")),
        ({"role": "host"}, {"systemic": "yes"}, ("likely", "no", "no", "host")),
        ({"role": "made_for_other"}, {"systemic": "yes"}, ("likely", "no", "no", "made_for_other")),
        ({"eu_designated": True}, {}, ("likely", "yes", "yes", "designated")),
        ({"eu_designated": True}, {"gpai": "yes"}, ("yes", "yes", "yes", "designated")),
        (
            {"eu_designated": True},
            {"gpai": "unclear", "provider": "unclear"},
            ("yes", "yes", "yes", "designated"),
        ),
        ({"eu_designated": True}, {"gpai": "no", "provider": "no"}, ("no", "no", "no", "over")),
        ({"eu_designated": True}, {"gpai": "base_yes", "provider": "no"}, ("base_yes", "no", "no", "over")),
        ({"trained_through_api": True}, {"modifier": True}, ("likely", "unclear", "no", "api")),
        ({"trained_through_api": True}, {}, ("likely", "yes", "no", "over")),
        ({"trained_through_api": True}, {"modifier": True, "provider": "no"}, ("likely", "no", "no", "over")),
        ({"trained_through_api": False}, {"modifier": True}, ("likely", "yes", "no", "over")),
    ],
)
def test_the_part_somebody_has(
    said: dict[str, Any], before: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert short(role(release(10**20, **OWN, **said), **before)) == expected


@pytest.mark.parametrize(
    ("base", "own", "said", "expected"),
    [
        (None, None, {}, ("unclear", "no", "no", "integrator")),
        (LARGE, 1, {}, ("likely", "no", "no", "integrator")),
        (LARGE, 1, {"base_excludes_eu": True}, ("likely", "yes", "no", "integrator_eu")),
        (10**25, 1, {"base_excludes_eu": True}, ("likely", "yes", "yes", "integrator_eu")),
        (10**23, 1, {"base_excludes_eu": True}, ("unclear", "no", "no", "integrator")),
        (
            10**23,
            1,
            {"base_excludes_eu": True, "base_general": True},
            ("likely", "yes", "no", "integrator_eu"),
        ),
        (
            10**23,
            1,
            {"base_excludes_eu": True, "base_systemic": True},
            ("likely", "yes", "no", "integrator_eu"),
        ),
        (LARGE, 1, {"base_excludes_eu": False}, ("likely", "no", "no", "integrator")),
    ],
)
def test_who_builds_a_model_into_a_product(
    base: int | None, own: int | None, said: dict[str, Any], expected: tuple[str, ...]
) -> None:
    case = release(own, base, role="integrator", **TUNE, **said)
    assert short(role(case, gpai="unclear", provider="unclear")) == expected


@pytest.mark.parametrize(("users", "name"), [(9_999, "no_reach"), (10_000, "reach")])
def test_wide_reach_is_said_to_a_provider(users: int, name: str) -> None:
    case = release(10**20, eu_business_users=users, **OWN)
    (step,) = role(case).steps
    assert (step.rule, step.value, step.inputs) == (
        text(f"rules_eu.step.{name}.rule"),
        ">= 10,000",
        f"{users:,}",
    )
    assert step.result == text(f"rules_eu.step.{name}.result")
    assert role(case, provider="no").steps == ()
    assert role(case, systemic="yes").steps == ()
    assert role(release(10**20, **OWN)).steps == ()


@pytest.mark.parametrize(
    ("said", "systemic", "status"),
    [
        ({}, "no", "yes"),
        ({}, "yes", "no"),
        ({}, "unclear", "unclear"),
        ({"license": "cc-by-nc-4.0"}, "no", "no"),
        ({"license": None}, "no", "unclear"),
        ({"license": None, "license_free": True}, "no", "yes"),
        ({"license": None, "license_free": False}, "no", "no"),
        ({"monetised": True}, "no", "no"),
        ({"monetised": None}, "no", "unclear"),
        ({"monetised": True, "micro_only": True}, "no", "yes"),
        ({"monetised": True, "micro_only": False}, "no", "no"),
        ({"monetised": True, "micro_only": True, "gate": "personal_data"}, "no", "no"),
        ({"gate": "safety_check"}, "no", "yes"),
        ({"gate": "by_country"}, "no", "no"),
        ({"release_form": "gated", "weights_public": True}, "no", "unclear"),
        ({"release_form": "gated", "weights_public": True, "gate": "safety_check"}, "no", "yes"),
        ({"release_form": None}, "no", "unclear"),
        ({"release_form": None, "weights_public": True}, "no", "yes"),
        ({"weights_public": False}, "no", "no"),
        ({"architecture_public": None}, "no", "unclear"),
        ({"architecture_public": False}, "no", "no"),
        ({"usage_public": None}, "no", "unclear"),
        ({"usage_public": False}, "no", "no"),
        ({"usage_public": False, "architecture_public": None}, "no", "no"),
    ],
)
def test_the_relief_for_free_and_open_models(said: dict[str, Any], systemic: Any, status: str) -> None:
    found = relief(release(10**24, **OWN, **(FREE | said)), systemic)
    assert found.status == status
    assert found.summary == status


def test_the_steps_of_the_relief() -> None:
    """Every condition is one step, the licence by its name; what says nothing on training data comes last."""
    steps = relief(release(10**24, **OWN, **FREE), "no").steps
    assert len(steps) == 8
    assert steps[0].inputs == "apache-2.0"
    assert all(step.inputs == "" for step in steps[1:])
    assert {step.result for step in steps[:7]} == {text("rules_eu.open.mark.yes")}
    assert steps[7].rule == text("rules_eu.step.data_may_stay.rule")
    (only,) = relief(release(10**24, **OWN, **FREE), "yes").steps
    assert only.rule == text("rules_eu.open.systemic")
    assert only.result == text("rules_eu.open.mark.no")
