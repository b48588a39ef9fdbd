# SPDX-License-Identifier: Apache-2.0
"""A card made to waste time: checking it and taking a template's leftovers out of it stay quick."""

import time

import pytest

from core.documents.blocks import find_blocks, headings, without_blocks
from core.documents.leftovers import without_leftovers
from core.documents.readme_parts import comments
from core.lint.card import read_card
from core.lint.prose import prose_problems

SIZE = 200_000
PIECES = (
    "<!-- ", "<!-- weighbridge:", " # a", "# a #\n", "# a\n", "{{ a |", "<h1>", "**a** ", "- **aa:** ", "`", " ", "[your ", "--- \n",
    "<!-- weighbridge:begin a -->\n<!-- weighbridge:end a -->\n", "<!-- weighbridge:begin a -->\n", "[More Information Needed]\n",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_four_times_the_card_takes_no_more_than_four_times_as_long(piece: str) -> None:
    """The growth, not the time: a busy or slow machine makes both longer. Work that grows with the square takes 16 times."""
    whole = spent(piece, SIZE)
    assert whole < 1 or whole < 9 * spent(piece, SIZE // 4)


def spent(piece: str, size: int) -> float:
    """Seconds of processor time for everything that is done with a card made of so many characters."""
    body = f"\n[More Information Needed]\n# x\n{piece * (size // len(piece))}x\n"
    started = time.process_time()
    without_leftovers(body)
    headings(body)
    without_blocks(body)
    card = read_card(f"---\nlicense: mit\n---\n{body}")
    list(prose_problems(card, packed=False, merged=False))
    list(card.headings())
    return time.process_time() - started


def test_comments_are_found_as_html_finds_them() -> None:
    body = "a <!-- b <!-- c --> d --> <!-- weighbridge:begin x --> <!----> <!-- open"
    assert [body[start:end] for start, end in comments(body)] == ["<!-- b <!-- c -->", "<!---->"]
    assert [body[start:end] for start, end in comments(body, marks=True)][1] == "<!-- weighbridge:begin x -->"


def test_blocks_of_one_name_and_blocks_inside_blocks_are_taken_out() -> None:
    def block(name: str, inner: str) -> str:
        return f"<!-- weighbridge:begin {name} -->\n{inner}\n<!-- weighbridge:end {name} -->\n"

    assert without_blocks("a\n" + block("x", "1") + "b\n" + block("x", "2") + "c\n").split() == [
        "a",
        "b",
        "c",
    ]
    assert without_blocks("a\n" + block("x", block("y", "1")) + "b\n").split() == ["a", "b"]


def test_a_heading_keeps_its_words_and_one_in_a_block_is_not_the_authors() -> None:
    body = "# One ##\n<!-- weighbridge:begin a -->\n# Ours\n<!-- weighbridge:end a -->\n## Two #3\n#\n"
    assert set(find_blocks(body)) == {"a"}
    assert [(level, words) for level, words, _ in headings(body)] == [(1, "one"), (2, "two 3"), (1, "")]
