# SPDX-License-Identifier: Apache-2.0
"""Stages in a row: what each trains, what serves it, and what the law leaves out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compute import weigh
from core.compute.phases import Phase, phase_cost
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.domain.stage_run import StageRun
from core.persist import dumps, loads
from core.reference import load_reference

N, D = 10**9, 10**6
ND = N * D


def weighed(*stages: dict[str, Any], **answers: Any) -> Footprint:
    given_answers = {"parameters_total": N, "origin": "from_scratch", "stages": stages} | answers
    return weigh(Known(Project(answers=Answers.model_validate(given_answers))), load_reference())


def accounts(*stages: dict[str, Any], **answers: Any) -> Accounts:
    return weighed(*stages, **answers).accounts


def central(found: Accounts) -> tuple[int, int, int]:
    assert found.own is not None
    assert found.direct is not None
    assert found.cumulative is not None
    return found.own.central, found.direct.central, found.cumulative.central


@pytest.mark.parametrize(
    ("stage", "own", "direct", "cumulative"),
    [
        ({"kind": "pretraining", "tokens": D}, 6, 6, 6),
        ({"kind": "sft", "tokens": D, "method": "lora"}, 4, 4, 4),
        ({"kind": "prompt_tuning", "tokens": D}, 4, 4, 4),
        ({"kind": "orpo", "tokens": D}, 6, 6, 6),
        ({"kind": "dpo", "tokens": D}, 8, 6, 8),
        ({"kind": "dpo", "tokens": D, "helper_stored": True}, 6, 6, 6),
        # Model and reference read each text twice; one of the four is trained on.
        ({"kind": "kto", "tokens": D}, 12, 6, 12),
        ({"kind": "kto", "tokens": D, "helper_stored": True}, 8, 6, 8),
        ({"kind": "grpo", "generated": D}, 10, 6, 10),
        ({"kind": "grpo", "generated": D, "helper_stored": True, "passes": 2}, 14, 12, 14),
        # Groups that were thrown away: written and scored, not trained on.
        ({"kind": "grpo", "generated": 2 * D, "tokens": D}, 14, 6, 14),
        # 20 N with equal sizes and one pass, 56 N with four; the value model is auxiliary.
        ({"kind": "ppo", "generated": D, "passes": 1}, 20, 6, 12),
        ({"kind": "ppo", "generated": D}, 56, 24, 30),
        ({"kind": "reward", "tokens": D}, 6, 0, 0),
        ({"kind": "distillation", "tokens": D, "helper_parameters": 7 * N}, 20, 6, 20),
        ({"kind": "distillation", "tokens": D, "helper_stored": True}, 6, 6, 6),
        # One hundred written, ten kept: all hundred count.
        ({"kind": "best_of_n", "generated": 100 * D, "tokens": 10 * D}, 260, 60, 260),
        ({"kind": "pruning", "tokens": D, "parameters": N // 2}, 3, 3, 3),
        ({"kind": "merge"}, 0, 0, 0),
        ({"kind": "quantisation"}, 0, 0, 0),
        ({"kind": "quantisation", "tokens": D}, 2, 0, 2),
        # Writing data is no training, but counts together unless the data is public.
        ({"kind": "synthetic", "generated": D, "prompts": D, "helper_parameters": 7 * N}, 0, 0, 28),
        ({"kind": "synthetic", "public": True}, 0, 0, 0),
    ],
)
def test_each_kind_in_parts_of_n_times_d(
    stage: dict[str, Any], own: int, direct: int, cumulative: int
) -> None:
    assert central(accounts(stage)) == (own * ND, direct * ND, cumulative * ND)


def test_several_in_a_row_are_added_up_with_the_base() -> None:
    found = accounts(
        {"kind": "pretraining", "tokens": D},
        {"kind": "reward", "tokens": D},
        {"kind": "ppo", "generated": D, "passes": 1},
        {"kind": "synthetic", "generated": D, "helper_parameters": N},
        {"kind": "merge"},
        origin="continued_pretraining",
        base_flop=1000 * ND,
    )
    assert central(found) == ((6 + 6 + 20) * ND, 12 * ND, (1000 + 6 + 12 + 2) * ND)
    assert found.own is not None
    assert found.own.low < found.own.central < found.own.high


def test_every_line_is_shown_with_its_bucket() -> None:
    footprint = weighed(
        {"kind": "ppo", "generated": D}, {"kind": "distillation", "tokens": D, "helper_parameters": N}
    )
    labels = [line.label for line in footprint.explain]
    assert "PPO: passes that change weights" in labels
    assert "PPO: training of a helper model" in labels
    assert "Distillation: passes that write text or only score it" in labels
    assert "All stages" in labels


@pytest.mark.parametrize(
    "stage",
    [
        {"kind": "sft"},
        {"kind": "distillation", "tokens": D},
        {"kind": "synthetic", "generated": D},
        {"kind": "best_of_n", "tokens": D},
    ],
)
def test_a_stage_that_lacks_a_number_leaves_the_sum_unknown(stage: dict[str, Any]) -> None:
    assert accounts({"kind": "sft", "tokens": D}, stage).own is None


@pytest.mark.parametrize("kind", ["pretraining", "sft", "orpo", "dpo", "kto", "ppo"])
def test_one_run_and_the_same_as_one_stage_agree(kind: str) -> None:
    one = accounts({"kind": kind, "generated" if kind == "ppo" else "tokens": D})
    run = weigh(
        Known(
            Project(
                answers=Answers(
                    parameters_total=N,
                    tokens=D,
                    epochs=1,
                    training_stage=kind,  # type: ignore[arg-type]
                    origin="from_scratch",
                )
            )
        ),
        load_reference(),
    ).accounts
    assert central(one) == central(run)


def test_stages_survive_saving() -> None:
    project = Project(answers=Answers(stages=(StageRun(kind="ppo", generated=5, passes=2.0),)))
    assert loads(dumps(project)) == project


@pytest.mark.parametrize(
    "value", [[], [1], [{"kind": "ppo", "x": 1}], [{"kind": "?"}], "ppo", [{}] * 1000, {"a": 1}]
)
def test_strange_lists_of_a_file_are_not_believed(value: Any) -> None:
    fact = Fact(name="stages", value=value, origin=Origin(kind=OriginKind.FILE, file="x.json"))
    scan = ScanResult(folder_name="x", facts=(fact,))
    project = Project(scan=scan, answers=Answers(parameters_total=N, tokens=D, epochs=1))
    own = weigh(Known(project), load_reference()).accounts.own
    assert own is not None
    assert own.central == 6 * ND


STAGES = st.builds(
    StageRun,
    kind=st.sampled_from(
        [
            "pretraining",
            "sft",
            "dpo",
            "orpo",
            "cpo",
            "kto",
            "grpo",
            "rloo",
            "ppo",
            "reward",
            "distillation",
            "best_of_n",
            "pruning",
        ]
    ),
    tokens=st.integers(0, 10**15),
    generated=st.integers(0, 10**15),
    helper_parameters=st.integers(1, 10**12),
    passes=st.one_of(st.none(), st.floats(1, 8)),
)


@settings(max_examples=150, deadline=None)
@given(STAGES, st.integers(1, 10**12), st.integers(0, 10**15))
def test_more_never_costs_less_and_freezing_never_more(stage: StageRun, size: int, more: int) -> None:
    def whole(found: Phase | None) -> int:
        assert found is not None
        assert 0 <= found.low <= 1 <= found.high
        return found.whole

    cost = whole(phase_cost(stage, size))
    assert whole(phase_cost(stage.replace(method="lora"), size)) <= cost
    assert stage.tokens is not None
    assert stage.generated is not None
    assert whole(phase_cost(stage.replace(tokens=stage.tokens + more), size)) >= cost
    assert whole(phase_cost(stage.replace(generated=stage.generated + more), size)) >= cost
    assert whole(phase_cost(stage, size + more)) >= cost
