# SPDX-License-Identifier: Apache-2.0
"""A merge: the training of every parent counts (Commission Guidelines, annex, point 118)."""

from typing import Any

import pytest

from core.compute import weigh
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Footprint, LineItem, counted_word
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from tests.unit.compute.configs import LLAMA_8B as LLAMA_SHAPE

LLAMA, QWEN, CHAT = "meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B-Instruct"
LLAMA_FLOP, QWEN_FLOP = 723 * 10**21, 823 * 10**21


def merged(parents: list[str], folders: list[str] | None = None, **more: Any) -> Footprint:
    found = {"origin": "merge", "base_models": parents, **more.pop("found", {})}
    if folders is not None:
        found["base_names"] = folders
    origin = Origin(kind=OriginKind.FILE, file="mergekit_config.yml")
    facts = tuple(Fact(name=name, value=value, origin=origin) for name, value in found.items() if value)
    project = Project(scan=ScanResult(folder_name="x", facts=facts), answers=Answers.model_validate(more))
    return weigh(Known(project), load_reference())


def sums(found: Footprint) -> tuple[int | None, int | None, int | None]:
    a = found.accounts
    return tuple(None if one is None else one.central for one in (a.own, a.base, a.cumulative))  # type: ignore[return-value]


def line(found: Footprint, key: str = "parents") -> LineItem:
    return next(one for one in found.items if one.key == key)


def test_every_parent_counts_and_nothing_is_ones_own() -> None:
    found = merged([LLAMA, QWEN])
    assert sums(found) == (0, LLAMA_FLOP + QWEN_FLOP, LLAMA_FLOP + QWEN_FLOP)
    base = found.accounts.base
    assert base is not None
    assert (base.low, base.high) == ((578 + 658) * 10**21, (1080 + 1230) * 10**21)
    assert any("from memory" in note for note in base.assumptions)  # Qwen's row
    assert not any(" x " in note or "params" in note for note in base.assumptions), "the table's short hand"
    assert [one.value for one in base.inputs if one.name == "base_flop"] == [LLAMA_FLOP, QWEN_FLOP]
    assert found.accounts.direct is not None
    assert found.accounts.direct.central == 0
    item = line(found)
    assert (item.flop, counted_word(item), item.points) == (LLAMA_FLOP + QWEN_FLOP, "cumulative", "118")
    assert "other way" not in item.why
    assert any("7.230 × 10²³ + 8.230 × 10²³" in one.expression for one in found.explain)
    assert found.warnings == ()


def test_a_base_that_parents_share_is_added_once_and_the_other_reading_is_shown() -> None:
    found = merged([LLAMA, CHAT, QWEN])
    assert sums(found)[1] == LLAMA_FLOP + QWEN_FLOP
    base = found.accounts.base
    assert base is not None
    assert base.high == (2 * 1080 + 1230) * 10**21
    assert "2.269 × 10²⁴" in line(found).why
    assert any("3 parents" in note and "(2)" in note for note in base.assumptions)


def test_the_same_parent_named_twice_is_one() -> None:
    assert sums(merged([LLAMA, LLAMA])) == sums(merged([LLAMA])) == (0, LLAMA_FLOP, LLAMA_FLOP)
    assert "other way" not in line(merged([LLAMA, LLAMA])).why


def test_own_training_after_the_merge_is_added() -> None:
    found = merged([LLAMA, QWEN], parameters_total=8 * 10**9, tokens=10**9)
    own = 6 * 8 * 10**18
    assert sums(found) == (own, LLAMA_FLOP + QWEN_FLOP, own + LLAMA_FLOP + QWEN_FLOP)


@pytest.mark.parametrize(
    ("parents", "words", "not_words"),
    [
        ([LLAMA, "x/unknown"], ["x/unknown", "7.230 × 10²³"], [LLAMA]),
        (["x/unknown", "y/other"], ["x/unknown, y/other"], ["make up"]),
        ([f"x/{n}" for n in range(7)], ["x/4", "and 2 more"], ["x/5"]),
        ([], ["every parent"], ["not known"]),
    ],
)
def test_one_parent_without_a_figure_leaves_the_sum_open(
    parents: list[str], words: list[str], not_words: list[str]
) -> None:
    found = merged(parents)
    assert sums(found) == (0, None, None)
    (warning,) = found.warnings
    assert all(word in warning for word in words)
    assert not any(word in warning for word in not_words)
    item = line(found)
    assert (item.flop, counted_word(item)) == (None, "cumulative")


def test_the_persons_own_sum_comes_first() -> None:
    found = merged([LLAMA, CHAT], base_flop=10**24)
    assert sums(found) == (0, 10**24, 10**24)
    assert "other way" not in line(found).why


def test_folders_of_this_machine_are_told_by_the_sizes_that_all_parents_share() -> None:
    with_config = {"found": {"config": LLAMA_SHAPE}}
    assert sums(merged([QWEN], ["Llama-3.1-8B"]))[1] is not None
    assert sums(merged([], ["Llama-3.1-8B"], **with_config))[1] == LLAMA_FLOP
    # Of experts put side by side, the whole has other sizes than each.
    experts = {"found": {"config": {**LLAMA_SHAPE, "hidden_size": 64}, "merge_method": "mixture_of_experts"}}
    assert sums(merged([], ["Llama-3.1-8B"], **experts))[1] == LLAMA_FLOP
    other = {"found": {"config": {**LLAMA_SHAPE, "hidden_size": 64}, "merge_method": "linear"}}
    assert sums(merged([], ["Llama-3.1-8B"], **other))[1] is None


def test_a_fine_tune_with_several_names_is_no_merge() -> None:
    found = merged([LLAMA, QWEN], origin="fine_tune", base_model=LLAMA, parameters_total=10**9, tokens=10**9)
    assert sums(found)[1] == LLAMA_FLOP


def test_trainings_between_the_base_and_the_start_count_together_but_not_as_ones_own() -> None:
    answers = {"origin": "fine_tune", "base_flop": 10**23, "earlier_tunes_flop": 10**22}
    found = merged([], parameters_total=10**9, tokens=10**9, **answers)
    own = 6 * 10**18
    assert sums(found) == (own, 10**23, 10**23 + 10**22 + own)
    item = line(found, "earlier")
    assert (item.flop, counted_word(item), item.points) == (10**22, "cumulative", "118")
    scratch = merged([], parameters_total=10**9, tokens=10**9, **{**answers, "origin": "from_scratch"})
    assert sums(scratch)[2] == own
    assert all(one.key != "earlier" for one in scratch.items)


def test_a_base_nobody_knows_is_a_line_all_the_same() -> None:
    found = merged([], origin="fine_tune", parameters_total=10**9, tokens=10**9)
    item = line(found, "base")
    assert (item.flop, counted_word(item)) == (None, "cumulative")
