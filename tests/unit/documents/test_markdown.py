# SPDX-License-Identifier: Apache-2.0
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.documents.engine import html_engine, markdown_engine
from core.documents.markdown import clean, fenced, inline, link, literal, prose

texts = st.text(
    st.one_of(st.sampled_from("\\`*_[]<>|~&!$#-+=:.()1 \n\t\"'/a"), st.characters(codec="utf-8")), max_size=40
)
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(source: str) -> list[Token]:
    return [token for top in READER.parse(source) for token in (top, *(top.children or ()))]


def shown(source: str) -> str:
    return "".join(token.content for token in tokens(source) if token.type in {"text", "text_special"})


@given(texts)
def test_a_line_shows_exactly_its_text_and_no_markup(value: str) -> None:
    source = inline(value)
    assert shown(source).strip() == " ".join(clean(value).split()).strip()
    assert {token.type for token in tokens(source)} <= {
        "paragraph_open",
        "inline",
        "text",
        "text_special",
        "paragraph_close",
    }


@given(texts)
def test_a_line_is_safe_in_a_table_cell(value: str) -> None:
    found = tokens(f"| a | b |\n|---|---|\n| {inline(value)} | end |\n")
    cells = [token for token in found if token.type == "inline"]
    assert len(cells) == 4
    assert cells[3].content == "end"


@given(texts)
def test_prose_gives_paragraphs_and_lists_only(value: str) -> None:
    allowed = {"paragraph_open", "inline", "text", "text_special", "softbreak", "paragraph_close", "bullet_list_open", "list_item_open", "list_item_close", "bullet_list_close"}  # fmt: skip
    found = {token.type for token in tokens(prose(value))}
    assert found <= allowed
    assert "<!--" not in prose(value)


@given(texts)
def test_a_literal_is_the_same_text_in_python(value: str) -> None:
    quoted = literal(value)
    assert json.loads(quoted) == clean(value)
    assert "\n" not in quoted
    assert "`" not in quoted


@given(texts)
def test_code_cannot_leave_its_fence(value: str) -> None:
    found = [token.type for token in READER.parse(fenced(value, "text"))]
    assert found == ["fence"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://a b",
        "https://x/\n# y",
        "https://x/<b>",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert link("label", url) == "label"


def test_a_web_address_is_a_link() -> None:
    found = tokens(link("a [b]", "https://example.org/x_(y)"))
    assert (
        next(token.attrs["href"] for token in found if token.type == "link_open")
        == "https://example.org/x_(y)"
    )


def test_templates_fail_on_names_that_are_not_there() -> None:
    for engine in (markdown_engine(), html_engine()):
        with pytest.raises(Exception, match="undefined"):
            engine.from_string("{{ nothing }}").render()
    with pytest.raises(TypeError):
        markdown_engine().from_string("{{ x }}").render(x=1.5)
