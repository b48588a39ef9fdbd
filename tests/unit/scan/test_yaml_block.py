# SPDX-License-Identifier: Apache-2.0
"""YAML as plain texts: what each form means, and what is refused with the line it stands in."""

from typing import Any

import pytest

from core.errors import CannotRead
from core.scan.formats import front_matter

LEVELS = 24


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("", {}),
        ("# a remark\n", {}),
        ("---\n", None),
        ("a", "a"),
        ("a: no\nb: 012\nc: 1e3", {"a": "no", "b": "012", "c": "1e3"}),
        ("a:\nb: ~\nc: null\nd: Null\ne: NULL", dict.fromkeys("abcde")),
        ("a: ''\nb: 'null'\nc: \"~\"\nd: nULL", {"a": "", "b": "null", "c": "~", "d": "nULL"}),
        ("a: !!null x\nb: !!str null\nc: !Enum 7", {"a": None, "b": "null", "c": "7"}),
        ("- 1\n- [a, {b: c}]\n- - d", ["1", ["a", {"b": "c"}], ["d"]]),
        ("? [a, b]\n: c", {"?": "c"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: &mark x", {"a": "x"}),
    ],
)
def test_values(block: str, value: Any) -> None:
    assert front_matter.parse_any(block) == value


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("a: &m x\nb: *m", ("references",)),
        ("? [x, &m y, *m]\n: c", ("references",)),
        ("a: 1\nb: 2\na: 3", ("twice", "'a'", "line 4")),
        ("a: 1\n? [x]\n: 2\n? {y: z}\n: 3", ("twice", "'?'", "line 5")),
        ("a: 1\n---\nb: 2", ("not correct", "line 3")),
        ("a: [1,\nb: 2", ("not correct",)),
        ("a: 1\n  b: 2", ("not correct", "line 3")),
    ],
)
def test_refusals_name_the_line(block: str, words: tuple[str, ...]) -> None:
    """The block of a card begins in line 2 of its file."""
    with pytest.raises(CannotRead) as refused:
        front_matter.parse_any(block)
    assert all(word in str(refused.value) for word in words), refused.value


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ("{a: ", "}"), ("{? [", "]}")])
def test_nesting_has_an_end(start: str, end: str) -> None:
    each = sum(mark in "[{" for mark in start)
    deepest = LEVELS // each
    assert front_matter.parse_any(start * deepest + end * deepest)
    with pytest.raises(CannotRead, match="nested too deeply"):
        front_matter.parse_any(start * (deepest + 1) + end * (deepest + 1))
