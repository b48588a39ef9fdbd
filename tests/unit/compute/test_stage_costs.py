# SPDX-License-Identifier: Apache-2.0
"""What a stage costs when the network is known by its size alone, by hand: N a billion parameters, D a million tokens."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.phases import Phase, phase_cost
from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Accounts
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.domain.stage_run import StageRun
from core.reference import load_reference
from core.texts import text

N, D = 10**9, 10**6
ND = N * D


def phase(kind: str, size: int | None = N, method: str = "full", **numbers: Any) -> Phase | None:
    return phase_cost(StageRun(kind=kind, **numbers), size, method)  # type: ignore[arg-type]


def parts(found: Phase | None) -> tuple[int, int, int, int]:
    assert found is not None
    return found.trained // ND, found.served // ND, found.synthetic // ND, found.auxiliary // ND


@pytest.mark.parametrize(
    ("kind", "numbers", "low", "high"),
    [
        ("sft", {"tokens": D}, 0.95, 1.3),
        ("dpo", {"tokens": D}, 0.95, 1.3),
        ("kto", {"tokens": D}, 0.6, 1.3),
        ("reward", {"tokens": D}, 0.95, 1.3),
        ("grpo", {"generated": D}, 0.8, 2.0),
        ("grpo", {"generated": D, "passes": 2}, 0.8, 1.4),
        ("ppo", {"generated": D}, 0.3, 1.4),
        ("ppo", {"generated": D, "passes": 2}, 0.8, 1.4),
        ("synthetic", {"generated": D, "helper_parameters": N}, 0.9, 1.5),
        ("synthetic", {"public": True}, 1.0, 1.0),
        ("merge", {}, 1.0, 1.0),
        ("quantisation", {}, 1.0, 1.0),
        ("quantisation", {"tokens": D}, 0.95, 1.3),
    ],
)
def test_how_far_off_each_kind_may_be(kind: str, numbers: dict[str, Any], low: float, high: float) -> None:
    found = phase(kind, **numbers)
    assert found is not None
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("sft", {}),
        ("prompt_tuning", {}),
        ("dpo", {}),
        ("kto", {}),
        ("reward", {}),
        ("grpo", {}),
        ("ppo", {}),
        ("distillation", {}),
        ("distillation", {"tokens": D}),
        ("synthetic", {}),
        ("synthetic", {"generated": D}),
        ("synthetic", {"helper_parameters": N}),
        ("best_of_n", {}),
        ("best_of_n", {"tokens": D}),
    ],
)
def test_a_kind_that_lacks_a_number_has_no_cost(kind: str, numbers: dict[str, Any]) -> None:
    assert phase(kind, **numbers) is None


@pytest.mark.parametrize(
    "kind", ["sft", "prompt_tuning", "dpo", "kto", "reward", "grpo", "ppo", "distillation", "best_of_n"]
)
def test_without_a_size_there_is_no_cost(kind: str) -> None:
    numbers = {"tokens": D, "generated": D, "helper_stored": True}
    assert phase(kind, None, **numbers) is None
    assert phase(kind, **numbers) is not None


def test_calibration_needs_a_size_and_rounding_does_not() -> None:
    assert phase("quantisation", None, tokens=D) is None
    assert parts(phase("quantisation", None)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "method", "numbers", "expected"),
    [
        ("sft", "full", {"tokens": D}, (6, 0, 0, 0)),
        ("sft", "lora", {"tokens": D}, (4, 0, 0, 0)),
        ("sft", "frozen_partial", {"tokens": D}, (4, 0, 0, 0)),
        ("sft", "full", {"tokens": D, "parameters": 2 * N}, (12, 0, 0, 0)),
        ("reward", "full", {"tokens": D, "helper_parameters": 3 * N}, (0, 0, 0, 18)),
        # written and read once to generate, once by the frozen copy, and by a scorer of half the size
        ("grpo", "full", {"generated": D, "prompts": D, "helper_parameters": N // 2}, (12, 10, 0, 0)),
        ("grpo", "full", {"generated": 2 * D, "tokens": D, "passes": 3}, (18, 8, 0, 0)),
        ("grpo", "full", {"tokens": D, "helper_stored": True}, (6, 2, 0, 0)),
        # reference, reward model and writing 2 each; the value model reads and is trained as often as the policy
        ("ppo", "full", {"generated": D, "passes": 2, "helper_parameters": 2 * N}, (12, 8, 0, 14)),
        ("ppo", "full", {"generated": D, "passes": 1, "helper_stored": True}, (6, 4, 0, 8)),
        ("ppo", "full", {"tokens": D, "passes": 1}, (6, 6, 0, 8)),
        ("distillation", "full", {"tokens": D, "helper_parameters": 3 * N}, (6, 6, 0, 0)),
        ("synthetic", "full", {"generated": D, "helper_parameters": 3 * N}, (0, 0, 6, 0)),
        ("best_of_n", "full", {"generated": 4 * D, "prompts": D, "helper_parameters": N}, (0, 18, 0, 0)),
        ("best_of_n", "full", {"generated": 4 * D, "tokens": D}, (6, 8, 0, 0)),
    ],
)
def test_the_four_buckets(
    kind: str, method: str, numbers: dict[str, Any], expected: tuple[int, int, int, int]
) -> None:
    found = phase(kind, N, method, **numbers)
    assert parts(found) == expected
    assert found is not None
    assert found.whole == sum(expected) * ND


def test_a_stage_may_have_a_method_of_its_own() -> None:
    assert parts(phase_cost(StageRun(kind="sft", tokens=D, method="full"), N, "lora")) == (6, 0, 0, 0)
    assert parts(phase_cost(StageRun(kind="sft", tokens=D, method="lora"), N, "full")) == (4, 0, 0, 0)


def test_each_bucket_can_be_typed_into_a_calculator() -> None:
    found = phase("ppo", generated=D, passes=2)
    assert found is not None
    one, two = "2 × 1,000,000,000 × 1,000,000", "6 × 1,000,000,000 × 1,000,000 × 2"
    assert found.ways == (two, f"{one} + {one} + {one}", "", f"{one} + {two}")
    plain = phase("sft", tokens=D)
    assert plain is not None
    assert plain.ways == ("6 × 1,000,000,000 × 1,000,000", "", "", "")


@pytest.mark.parametrize(
    ("kind", "notes"),
    [
        ("grpo", [text("compute.assume.rollouts", stage="GRPO")]),
        ("ppo", [text("compute.assume.rollouts", stage="PPO"), text("compute.assume.value_model")]),
        ("sft", []),
    ],
)
def test_what_a_kind_takes_for_granted(kind: str, notes: list[str]) -> None:
    found = phase(kind, tokens=D)
    assert found is not None
    assert list(found.assumptions) == notes


def accounts(found: dict[str, Any] | None = None, **answers: Any) -> Accounts:
    origin = Origin(kind=OriginKind.FILE, file="x.json")
    facts = tuple(Fact(name=name, value=value, origin=origin) for name, value in (found or {}).items())
    scan = ScanResult(folder_name="x", facts=facts) if facts else None
    project = Project(scan=scan, answers=Answers.model_validate(answers))
    return weigh(Known(project), load_reference()).accounts


def test_the_range_of_several_stages_is_their_mean_by_size() -> None:
    """6 ND within 0.95 to 1.3, and 12 ND of KTO within 0.6 to 1.3."""
    stages = [{"kind": "sft", "tokens": D}, {"kind": "kto", "tokens": D}]
    own = accounts(parameters_total=N, origin="from_scratch", stages=stages).own
    assert own is not None
    assert own.central == 18 * ND
    assert own.low == pytest.approx((6 * 0.95 + 12 * 0.6) * ND, rel=1e-6)
    assert own.high == pytest.approx(1.3 * 18 * ND, rel=1e-6)
    assert own.steps[-1].expression == "6.000 × 10¹⁵ + 1.200 × 10¹⁶"


@pytest.mark.parametrize(
    ("stages", "weighs"),
    [([{"kind": "sft", "tokens": 1}] * 50, True), ([{"kind": "sft", "tokens": 1}] * 51, False), ([], False)],
)
def test_fifty_stages_at_most(stages: list[dict[str, Any]], weighs: bool) -> None:
    origin = Origin(kind=OriginKind.FILE, file="x.json")
    fact = Fact(name="stages", value=stages, origin=origin)
    project = Project(
        scan=ScanResult(folder_name="x", facts=(fact,)),
        answers=Answers(parameters_total=N, origin="from_scratch"),
    )
    own = weigh(Known(project), load_reference()).accounts.own
    assert (own is not None and own.central == 300 * N) is weighs


def run(**answers: Any) -> FlopEstimate:
    own = accounts(
        **({"parameters_total": N, "tokens": D, "epochs": 1, "origin": "from_scratch"} | answers)
    ).own
    assert own is not None
    return own


HALF = 5 * 10**8


@pytest.mark.parametrize(
    ("said", "central", "low", "high"),
    [
        ({}, 6 * ND, 1.0, 1.2),
        ({"parameters_total": N - 1}, 6 * (N - 1) * D, 0.95, 1.4),
        ({"parameters_total": HALF}, 6 * HALF * D, 0.95, 1.4),
        ({"parameters_total": HALF - 1}, 6 * (HALF - 1) * D, 0.95, 1.55),
        # a hundredth is taken to be trained: 4 × 0.99 + 6 × 0.01
        ({"training_method": "lora"}, 402 * ND // 100, 0.9, 1.3),
        (
            {"training_method": "lora", "parameters_total": HALF, "parameters_trainable": HALF // 10},
            (4 * 9 + 6) * HALF // 10 * D,
            *(0.75, 1.6),
        ),
        ({"training_method": "prompt_tuning"}, 4 * ND, 0.9, 1.32),
        ({"training_method": "frozen_partial"}, 35 * ND // 10, 0.57, 2.064),
        (
            {"training_method": "frozen_partial", "parameters_trainable": N // 10},
            (3 * 9 + 6) * ND // 10,
            *(0.66, 1.608),
        ),
    ],
)
def test_six_n_d_and_its_relatives(said: dict[str, Any], central: int, low: float, high: float) -> None:
    own = run(**said)
    assert own.central == central
    assert own.low == pytest.approx(low * central, rel=1e-6)
    assert own.high == pytest.approx(high * central, rel=1e-6)


@pytest.mark.parametrize(
    ("said", "expression"),
    [
        ({}, "6 × 1,000,000,000 × 1,000,000"),
        (
            {"training_method": "lora", "parameters_trainable": N // 10},
            "(4 × 900,000,000 + 6 × 100,000,000) × 1,000,000",
        ),
        ({"training_method": "prompt_tuning"}, "4 × 1,000,000,000 × 1,000,000"),
        ({"training_method": "frozen_partial"}, "3.5 × 1,000,000,000 × 1,000,000"),
        (
            {"training_method": "frozen_partial", "parameters_trainable": N // 10},
            "(3 × 900,000,000 + 6 × 100,000,000) × 1,000,000",
        ),
    ],
)
def test_how_it_is_typed(said: dict[str, Any], expression: str) -> None:
    assert run(**said).steps[-1].expression == expression


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ({}, []),
        ({"training_method": "lora"}, ["adapter_size"]),
        ({"training_method": "lora", "parameters_trainable": 10**7}, []),
        ({"training_method": "frozen_partial"}, ["partial"]),
        ({"parameters_active": HALF}, ["active"]),
    ],
)
def test_what_was_taken_for_granted(said: dict[str, Any], notes: list[str]) -> None:
    words = {text(f"compute.assume.{name}") for name in ("adapter_size", "partial", "active")}
    assert words.intersection(run(**said).assumptions) == {text(f"compute.assume.{name}") for name in notes}


@pytest.mark.parametrize(
    ("said", "ratio"),
    [
        ({"gradient_checkpointing": True}, 8 / 6),
        ({"gradient_checkpointing": True, "training_method": "lora", "parameters_trainable": 10**7}, 1.5),
        ({"gradient_checkpointing": True, "training_method": "prompt_tuning"}, 1.5),
        ({"gradient_checkpointing": False}, 1.0),
        ({}, None),
    ],
)
def test_what_the_hardware_runs_a_second_time(said: dict[str, Any], ratio: float | None) -> None:
    found = accounts(**({"parameters_total": N, "tokens": D, "epochs": 1, "origin": "from_scratch"} | said))
    assert found.own is not None
    if ratio is None:
        assert found.hardware_own is None
        return
    assert found.hardware_own is not None
    assert found.hardware_own.central == pytest.approx(ratio * found.own.central, rel=1e-6)
    assert found.hardware_own.low == pytest.approx(ratio * found.own.low, rel=1e-6)
    assert found.hardware_own.high == pytest.approx(ratio * found.own.high, rel=1e-6)


def test_qlora_recomputes_unless_somebody_says_no() -> None:
    said = {
        "parameters_total": N,
        "tokens": D,
        "epochs": 1,
        "training_method": "qlora",
        "parameters_trainable": 10**7,
    }
    found = accounts(**said)
    assert found.own is not None
    assert found.hardware_own is not None
    assert found.hardware_own.central == pytest.approx(1.5 * found.own.central, rel=1e-6)
    assert found.hardware_own.low == found.own.low
    assert text("compute.assume.qlora_checkpointing") in found.hardware_own.assumptions
    told = accounts(**said, gradient_checkpointing=True).hardware_own
    assert told is not None
    assert text("compute.assume.qlora_checkpointing") not in told.assumptions


@pytest.mark.parametrize(
    ("stage", "settings", "own", "direct", "low", "high"),
    [
        # policy 6, frozen copy 2; whether its answers were stored is not known
        ("dpo", {}, 8, 6, 0.75, 1.2),
        ("dpo", {"precompute_ref_log_probs": True}, 8, 6, 0.75, 1.2),
        ("dpo", {"reference_free": True}, 6, 6, 1.0, 1.2),
        ("dpo", {"precompute_ref_log_probs": False}, 8, 6, 1.0, 1.2),
        ("kto", {}, 12, 6, 0.5, 1.5),
        ("other", {}, 6, 6, 0.5, 4.8),
        ("orpo", {}, 6, 6, 1.0, 1.2),
        ("reward", {}, 6, 6, 1.0, 1.2),
        # writing 2, frozen copy 2, one pass of 6; the share of prompts and passes is not known
        ("grpo", {}, 10, 6, 0.8 * 0.8 * 0.9, 1.2 * 1.3 * 1.3 * 1.15),
        ("grpo", {"beta": 0.0}, 8, 6, 0.8 * 0.9, 1.2 * 1.3 * 1.3 * 1.15),
        ("grpo", {"beta": 0.1, "num_iterations": 1}, 10, 6, 0.8 * 0.9, 1.2 * 1.3 * 1.15),
        ("grpo", {"beta": 0.1, "num_iterations": 2}, 18, 12, 0.8 * 0.9, 1.2 * 1.3 * 1.15),
        ("ppo", {"num_ppo_epochs": 1}, 20, 6, 0.8, 1.4 * 1.2),
        ("ppo", {}, 56, 24, 0.3, 1.4 * 1.2),
    ],
)
def test_stages_that_run_more_than_one_pass(
    stage: str, settings: dict[str, Any], own: int, direct: int, low: float, high: float
) -> None:
    log = {"hyperparameters": settings} if settings else None
    found = accounts(log, parameters_total=N, tokens=D, epochs=1, training_stage=stage, origin="from_scratch")
    assert found.own is not None
    assert found.direct is not None
    assert found.own.central == pytest.approx(own * ND, rel=1e-6)
    assert found.direct.central == pytest.approx(direct * ND, rel=1e-6)
    assert found.own.low == pytest.approx(low * own * ND, rel=1e-6)
    assert found.own.high == pytest.approx(high * own * ND, rel=1e-6)
