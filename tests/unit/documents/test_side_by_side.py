# SPDX-License-Identifier: Apache-2.0
"""A difference as two columns says what both files say; the front matter as a table says what the YAML says."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.export import difference
from core.documents.front_table import with_front_table
from core.documents.side_by_side import PairKind, side_by_side

LINES = st.lists(
    st.sampled_from(["a", "b", "", "-- x", "++ y", "@@ -1 +1 @@", " z", "p\x0c- q", "u\u2028+ v", "\x85"]),
    max_size=30,
)


@given(LINES, LINES)
def test_both_sides_are_what_the_files_say(before: list[str], after: list[str]) -> None:
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    pairs = side_by_side(difference(old.encode(), new, "README.md"))
    for pair in pairs:
        assert pair.left_number is None or before[pair.left_number - 1] == pair.left
        assert pair.right_number is None or after[pair.right_number - 1] == pair.right
        assert (pair.kind is PairKind.SAME) <= (pair.left == pair.right)
    left = [pair.left_number for pair in pairs if pair.left_number]
    right = [pair.right_number for pair in pairs if pair.right_number]
    assert left == sorted(set(left))
    assert right == sorted(set(right))
    shown = {line for pair in pairs for line in (pair.left, pair.right)}
    for line in difflib.ndiff(before, after):
        if line[:2] in ("- ", "+ "):
            assert line[2:] in shown, "no change is left out"


def test_what_is_no_difference_of_lines_gives_no_rows() -> None:
    assert side_by_side("") == ()
    assert side_by_side("report.pdf differs.") == ()


def test_equal_lines_between_two_changes_are_a_gap() -> None:
    before = "".join(f"{number}\n" for number in range(40))
    after = before.replace("3\n", "three\n", 1).replace("35\n", "35!\n")
    kinds = [pair.kind for pair in side_by_side(difference(before.encode(), after, "x"))]
    assert kinds.count(PairKind.GAP) == 1
    assert kinds.count(PairKind.CHANGED) == 2


CARD = """---
license: mit
tags: [a, "b|c"]
model-index:
- name: tiny
  results: []
empty:
---
# Title
"""


def test_the_front_matter_is_a_table() -> None:
    lines = with_front_table(CARD).splitlines()
    assert lines[1] == "|---|---|"
    assert "| license | mit |" in lines
    assert "| tags | a\\, b\\|c |" in lines
    assert any(line.startswith("| model\\-index |") and "tiny" in line for line in lines)
    assert lines[-1] == "# Title"


@pytest.mark.parametrize("meta", ["a: [1", "- a\n- b", "x: &a [*a]"])
def test_what_cannot_be_read_stands_as_it_is(meta: str) -> None:
    shown = with_front_table(f"---\n{meta}\n---\nText\n")
    assert shown.splitlines()[0] == "```"
    assert meta.splitlines()[0] in shown
    assert with_front_table("no front matter") == "no front matter"
