# SPDX-License-Identifier: Apache-2.0
"""Stages of a training as a person writes them."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answers import Answers
from core.domain.stage_run import StageRun
from core.stage_words import KINDS, NotAStage, parse_stages, write_stages

ROOT = Path(__file__).parents[2]


def test_a_person_writes_two_stages() -> None:
    assert parse_stages("sft tokens 50M lora; DPO: tokens 8,000,000, stored") == (
        StageRun(kind="sft", tokens=50_000_000, method="lora"),
        StageRun(kind="dpo", tokens=8_000_000, helper_stored=True),
    )


def test_lines_and_equals_signs_do_as_well() -> None:
    assert parse_stages(
        "ppo generated=10M passes=4 scorer=7b\n\nsynthetic generator 70B generated 1B public\n"
    ) == (
        StageRun(kind="ppo", generated=10**7, passes=4, helper_parameters=7 * 10**9),
        StageRun(kind="synthetic", helper_parameters=70 * 10**9, generated=10**9, public=True),
    )
    assert parse_stages("  ;\n") == ()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("bake tokens 5", "“bake” is no kind"),
        ("sft tokens", "After “tokens” a number"),
        ("sft tokens many", "“many” is none"),
        ("sft frobnicate", "“frobnicate” is not understood"),
        ("ppo generated 5M passes 0", "After “passes” a number"),
        ("sft; " * 51, "more than 50"),
    ],
)
def test_what_cannot_be_read_is_named(written: str, words: str) -> None:
    with pytest.raises(NotAStage, match=words):
        parse_stages(written)


counts = st.none() | st.integers(0, 10**30)


@given(
    st.lists(
        st.builds(
            StageRun,
            kind=st.sampled_from(KINDS),
            method=st.sampled_from(
                (None, "full", "lora", "qlora", "dora", "frozen_partial", "prompt_tuning")
            ),
            parameters=counts,
            tokens=counts,
            generated=counts,
            prompts=counts,
            passes=st.none() | st.integers(1, 1000),
            helper_parameters=counts,
            helper_stored=st.sampled_from((None, True)),
            public=st.sampled_from((None, True, False)),
        ),
        max_size=5,
    )
)
def test_what_is_written_is_read_back(stages: list[StageRun]) -> None:
    assert parse_stages(write_stages(stages)) == tuple(stages)


def test_answers_of_a_file_are_written_in_words() -> None:
    assert write_stages([{"kind": "sft", "tokens": 5}]) == "sft tokens 5"
    assert Answers.model_validate({"stages": [{"kind": "sft", "tokens": 5}]}).stages is not None


def test_the_command_line_takes_them() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "core.cli",
            "weigh",
            "--stages",
            "pretraining tokens 10B parameters 1B; sft tokens 1B parameters 1B",
            "--json",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert '"central": 66000000000000000000' in done.stdout
    wrong = subprocess.run(
        [sys.executable, "-m", "core.cli", "weigh", "--stages", "bake"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert wrong.returncode == 2
    assert "no kind of training" in wrong.stderr
    assert "Traceback" not in wrong.stderr
