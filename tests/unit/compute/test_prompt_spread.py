# SPDX-License-Identifier: Apache-2.0
"""How unequal prompts were, and how far they are padded."""

import math
import random
import statistics
from typing import Any

import pytest

from core.compute import weigh
from core.compute.padding import longest_of, prompt_padding, prompts_together
from core.compute.prompt_spread import spread_of_prompts
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

ORIGIN = Origin(kind=OriginKind.FILE, file="trainer_state.json")
SIZES = {"batch_per_device": 8, "gradient_accumulation": 2, "world_size": 3}


def known(log: object, settings: dict[str, Any], **other: Any) -> Known:
    values = {**SIZES, "hyperparameters": settings, "written_log": log, **other}
    facts = tuple(Fact[Any](name=name, value=value, origin=ORIGIN) for name, value in values.items())
    return Known(Project(scan=ScanResult(folder_name="x", facts=facts)))


def a_log(rng: random.Random, entries: int, updates: int, written: int, copies: int) -> list[list[float]]:
    """Entries over prompts of 20 to 60 tokens, each answered `copies` times with 10 tokens on average."""
    log: list[list[float]] = []
    for _ in range(entries):
        prompts = sum(rng.randint(20, 60) for _ in range(written // copies)) * copies
        mean = rng.uniform(8, 12)
        log.append([updates, prompts + mean * written, mean])
    return log


@pytest.mark.parametrize(
    ("settings", "updates", "written"),
    [
        ({"num_generations": 4, "steps_per_generation": 2, "num_iterations": 1}, 1, 48),
        ({"num_generations": 4}, 5, 240),
        ({"num_generations": 4, "steps_per_generation": 4, "num_iterations": 1}, 2, 96),
        ({"num_generations": 4, "steps_per_generation": 2, "num_iterations": 3}, 6, 96),
        ({"num_generations": 4, "steps_per_generation": 1, "num_iterations": 1}, 1, 48),
    ],
)
def test_the_spread_of_one_prompt_follows_from_the_sums_of_many(
    settings: dict[str, Any], updates: int, written: int
) -> None:
    true = statistics.pstdev(range(20, 61)) / 40
    found = spread_of_prompts(known(a_log(random.Random(5), 800, updates, written, 4), settings))
    assert found is not None
    assert found[0] == pytest.approx(true, rel=0.08)
    assert found[1] == pytest.approx(1 / math.sqrt(2 * 799))


def test_equal_prompts_have_none_and_are_not_padded() -> None:
    log = [[1, 48 * (30 + mean), mean] for mean in (9.5, 11.0, 10.25)]
    told = known(log, {"num_generations": 4})
    assert spread_of_prompts(told) == (0.0, 0.5)
    assert prompt_padding(told) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("log", "settings", "other"),
    [
        ([[1, 2000, 10.0]] * 2, {"num_generations": 4}, {}),  # too few
        ([[1, 2000, 10.0]] * 3, {}, {}),  # nobody says how many answer one prompt
        ([[1, 2000, 10.0]] * 3, {"num_generations": True}, {"world_size": 0}),
        ([[1, 2000, 10.0]] * 3, {"num_generations": 100}, {}),  # not one prompt in an entry
        ([[1, 400, 10.0]] * 3, {"num_generations": 4}, {}),  # more written than all tokens
        ([[1, 2000, 10.0]] * 3, {"num_generations": 4, "num_iterations": 2}, {}),  # half a generation
        ([[1, 2000, 10.0]] * 3, {"num_generations": 4, "steps_per_generation": 3}, {}),
        ([[1, 2000], "x", None, [1, "2000", 10.0]], {"num_generations": 4}, {}),
        ("x", {"num_generations": 4}, {}),
        (None, {"num_generations": 4}, {}),
    ],
)
def test_what_tells_nothing(log: object, settings: dict[str, Any], other: dict[str, Any]) -> None:
    told = known(log, settings, **other)
    assert spread_of_prompts(told) is None
    low, usual, high = prompt_padding(told)
    assert low == 1.0
    assert usual == (low + high) / 2


def test_entries_of_another_size_are_left_out() -> None:
    log: list[list[float]] = [[10, 20000, 10.0]] * 4
    assert spread_of_prompts(known([*log, [3, 100, 9.0], [7, 90000, 9.0]], {"num_generations": 4})) == (
        0.0,
        1 / math.sqrt(6),
    )


@pytest.mark.parametrize("together", [2, 4, 8, 32])
@pytest.mark.parametrize("spread", [0.1, 0.3, 0.5, 0.8, 1.0])
def test_the_longest_of_some_lengths_is_that_of_a_gamma_distribution(together: int, spread: float) -> None:
    rng, shape = random.Random(together), 1 / spread**2
    draws = (max(rng.gammavariate(shape, 1 / shape) for _ in range(together)) for _ in range(4000))
    assert longest_of(together, spread) == pytest.approx(statistics.fmean(draws), rel=0.05)


def test_one_text_or_equal_texts_need_no_padding() -> None:
    assert longest_of(1, 1.0) == longest_of(0, 0.5) == longest_of(50, 0.0) == 1.0
    assert longest_of(3, 1.0) == pytest.approx(1 + 1 / 2 + 1 / 3)


@pytest.mark.parametrize(
    ("copies", "each", "together"), [(1, 2, 16), (2, 2, 8), (3, 2, 6), (8, 1, 1), (0, 2, 8)]
)
def test_prompts_that_are_padded_together(copies: int, each: int, together: int) -> None:
    """Eight texts on a device in each batch; without a number of copies they are taken as they come."""
    told = known([], {"num_generations": copies, "steps_per_generation": each})
    assert prompts_together(told) == together


def test_what_the_padding_rests_on_is_named() -> None:
    """Every figure says where it comes from: the answers' lengths and the log's entries too, where texts were written."""
    llama = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 187, "hidden_size": 32,
             "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}  # fmt: skip
    log = [[1, 48 * 40, 10.0], [1, 48 * 44, 10.0], [1, 48 * 39, 10.0]]
    more = {"config": llama, "training_method": "full", "samples": 144, "tokens_recorded": 48 * 123, "completion_length": 10.0,
            "completion_longest": 12.0}  # fmt: skip
    for stage, named in (("grpo", True), ("sft", False)):
        own = weigh(
            known(log, {"num_generations": 4}, **more, training_stage=stage), load_reference()
        ).accounts.own
        assert own is not None
        names = {fact.name for fact in own.inputs}
        assert ({"completion_length", "completion_longest", "written_log"} <= names) is named, stage
