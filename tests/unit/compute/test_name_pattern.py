# SPDX-License-Identifier: Apache-2.0
"""Patterns out of an adapter_config.json: the answers of re.fullmatch, in bounded time."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.compute.flops import Inputs, count_flops
from core.compute.name_pattern import CannotMatch, fits
from core.errors import BadConfig
from tests.unit.compute.test_adapters import LLAMA

UNSLOTH = (
    r"(?:.*?(?:language|text).*?(?:self_attn|attention|attn|mlp|feed_forward|ffn|dense).*?(?:k_proj|v_proj|q_proj|o_proj).*?)"
    r"|(?:\bmodel\.layers\.[\d]{1,}\.(?:self_attn|mlp)\.(?:(?:k_proj|v_proj|q_proj|o_proj|gate_proj)))"
)
PATTERNS = (
    UNSLOTH, r".*(q|v)_proj", r"^(?!.*vision).*\.(?:q_proj|v_proj)$", r".*(?<!visual\.)attn\.\w+", r"model\.layers\.(1[0-9]|[2-5])\..*",
    r"[^.]+\.\d{1,2}.*?[a-z_]+", r"(?:layers\.)*\d+", r"(a|ab)(c|bcd)d*", r"\Amodel\b.*\Z", r"x*|y?z{2,3}", r"(.*\.)?(down)\.\S+", r"[\W\d]*\D", "", r"(|a)*b",
    r"(?:(?:a?){3}){2,}", r"(?=a)a\B.", r"a{2}", r"(a{0,2}b){2,4}",
)  # fmt: skip
NAMES = (
    "model.layers.10.self_attn.q_proj", "model.language_model.layers.3.mlp.k_proj", "vision_tower.layers.0.attn.q_proj", "visual.attn.qkv",
    "layers.layers.3", "abcd", "abbcd", "acd", "aab", "aaaaaa", "zz", "xxx", "", "b", "model", "model.down.x", "abaabb", "bbb", ".9-x",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_answer_is_that_of_re(pattern: str) -> None:
    for name in NAMES:
        assert fits(pattern, name) == (re.fullmatch(pattern, name) is not None), name


@given(st.text("ab.*+?()|[]{}^$\\d12,!=<:", max_size=12), st.text("ab1.", max_size=8))
@example("(?:)*", "")
@example("a**", "a")
def test_any_pattern_gives_the_answer_of_re_or_none(pattern: str, name: str) -> None:
    try:
        mine = fits(pattern, name)
    except CannotMatch:
        return
    assert mine == (re.fullmatch(pattern, name) is not None)


@pytest.mark.parametrize(
    "pattern",
    [".{0,99}" * 40 + "zz", ".?" * 900 + "zz", "(.|..|...)" * 150 + "zz", "(((a+)+)+)+b", "(.*)*" * 200 + "x", "(?:(?:.*)*)*" * 90 + "x"],
    ids=lambda pattern: pattern[:12],
)  # fmt: skip
def test_no_pattern_takes_long(pattern: str) -> None:
    started = time.process_time()
    for layer in range(5):
        try:
            assert not fits(pattern, f"model.layers.{layer}.self_attn.q_proj")
        except CannotMatch:
            break
    assert time.process_time() - started < 2


@pytest.mark.parametrize("pattern", ["(a)\\1", "(?i)q_proj", "(?P<x>a)(?(x)b|c)", "(", "a" * 2001])
def test_what_is_not_understood_is_refused(pattern: str) -> None:
    with pytest.raises(CannotMatch):
        fits(pattern, "q_proj")
    with pytest.raises(BadConfig):
        count_flops(LLAMA, Inputs(seq_len=4), adapter={"r": 4, "target_modules": pattern})


def test_a_list_without_end_is_refused() -> None:
    for key in ("target_modules", "exclude_modules", "layers_to_transform"):
        entry = 1 if key == "layers_to_transform" else "q_proj"
        adapter = {"r": 4, "target_modules": ["q_proj"], key: [entry] * 5001}
        with pytest.raises(BadConfig):
            count_flops(LLAMA, Inputs(seq_len=4), adapter=adapter)


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", r"x|(b)\1", r"(b)\1|x", r"(?:a|(?i:b))c", r"a(?:b|(?P<n>c)(?P=n))", r"(?=(a)\1|b).*", r"(?:(c)\1|d){2}"]
)  # fmt: skip
def test_one_part_that_is_not_understood_is_enough(pattern: str) -> None:
    """Groups that are read again and letters of either case are not followed, wherever they stand."""
    with pytest.raises(CannotMatch):
        fits(pattern, "aa")
