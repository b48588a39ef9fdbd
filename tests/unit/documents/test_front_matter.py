# SPDX-License-Identifier: Apache-2.0
import json
from typing import Any

import pytest
import yaml
from huggingface_hub import ModelCard
from hypothesis import given
from hypothesis import strategies as st

from core.documents import yaml_text
from core.documents.front_matter import FrontMatter, NotEditable, read_mapping
from core.documents.metadata import apply_settings
from core.documents.readme_parts import lines_of, split_readme

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), max_size=20)
keys = st.from_regex(r"[a-z][a-z_0-9-]{0,9}", fullmatch=True).filter(
    lambda key: key not in {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
)


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Keys with their lines, written in many styles."""
    result: list[tuple[str, str]] = []
    for key in draw(st.lists(keys, unique=True, max_size=6)):
        value = json.dumps(draw(words), ensure_ascii=False).replace("\x7f", "?")
        lines = draw(
            st.sampled_from(
                [
                    f"{key}: {value}\n",
                    f"{key}:   {value}  # a remark\n",
                    f"{key}: 'single'\n",
                    f"{key}: plain words\n",
                    f"{key}:\n",
                    f"{key}: [a, {value}]\n",
                    f"{key}:\n- a\n- {value}\n",
                    f"{key}:\n    - a   # one\n    # between\n    - b\n",
                    f"{key}: |\n  block: text\n\n  # no comment\n",
                    f"{key}: >-\n  folded\n  more\n",
                    f"{key}:\n  a: 1\n  b: {{c: d}}\n",
                    f"{key}: plain\n  goes on\n",
                ]
            )
        )
        result.append((key, draw(st.sampled_from(["", "# a comment\n", "\n", "\n# x\n"])) + lines))
    return result


def parse(meta: str) -> dict[str, Any]:
    return yaml.safe_load(meta) or {}


@given(entries(), keys, words, st.sampled_from(["\n", "\r\n"]))
def test_setting_a_key_touches_only_its_lines(
    parts: list[tuple[str, str]], key: str, value: str, eol: str
) -> None:
    meta = "".join(lines for _, lines in parts).replace("\n", eol)
    front = FrontMatter(meta, eol)
    front.set(key, value)
    after = front.text()
    expected = parse(meta) | {key: yaml.safe_load(yaml_text.scalar(value))}
    assert parse(after) == expected
    for name, lines in parts:
        if name != key:
            assert lines.replace("\n", eol) in after
    comments = [line for line in lines_of(meta) if line.startswith("#")]
    assert [line for line in lines_of(after) if line.startswith("#") and line in comments] == comments
    card = f"---{eol}{after}---{eol}Body"
    assert split_readme(card).join() == card
    if key not in {"model-index", "eval_results"} and all(
        name not in {"model-index", "eval_results"} for name, _ in parts
    ):
        assert repr(ModelCard(card, ignore_metadata_errors=True).data.get(key)) == repr(expected[key])


@given(entries(), st.data())
def test_taking_a_key_out_leaves_the_others(parts: list[tuple[str, str]], data: st.DataObject) -> None:
    if not parts:
        return
    meta = "".join(lines for _, lines in parts)
    gone = data.draw(st.sampled_from([key for key, _ in parts]))
    front = FrontMatter(meta, "\n")
    front.remove(gone)
    assert list(parse(front.text()).items()) == [
        (key, value) for key, value in parse(meta).items() if key != gone
    ]


@given(entries(), keys, st.lists(words, min_size=1, max_size=3))
def test_a_list_in_and_out_again(parts: list[tuple[str, str]], key: str, value: list[str]) -> None:
    meta = "".join(lines for _, lines in parts)
    if key in parse(meta):
        return
    front = FrontMatter(meta, "\n")
    front.set(key, value)
    added = front.text()
    assert parse(added)[key] == [yaml.safe_load(yaml_text.scalar(one)) for one in value]
    back = FrontMatter(added, "\n")
    back.remove(key)
    assert back.text() == meta


@given(words)
def test_a_scalar_reads_back_as_text(value: str) -> None:
    shown = yaml_text.scalar(value)
    assert "\n" not in shown
    loaded = yaml.safe_load(f"key: {shown}")["key"]
    assert isinstance(loaded, str)


@pytest.mark.parametrize(
    "value",
    [
        "no",
        "yes",
        "1e-5",
        "22:30",
        "2026-11-23",
        "null",
        "~",
        "",
        "- a",
        "a: b",
        "#x",
        "0x1F",
        "1_000",
        ".nan",
        "=",
        "<<",
        "é",
        "a #b",
        '"',
        "'",
        "\\",
    ],
)
def test_words_yaml_would_misread_are_quoted(value: str) -> None:
    assert yaml.safe_load(f"key: {yaml_text.scalar(value)}") == {"key": value}
    assert yaml.safe_load(f"key: {yaml_text.flow_list([value, 'x'])}") == {"key": [value, "x"]}


@pytest.mark.parametrize("number", [1090.0, 0.0001, 3.2, 10**20, 1e-7])
def test_numbers_read_back_as_numbers(number: float) -> None:
    loaded = yaml.safe_load(f"key: {yaml_text.scalar(number)}")["key"]
    assert loaded == pytest.approx(number)
    assert not isinstance(loaded, str)


@pytest.mark.parametrize(
    ("meta", "after"),
    [
        ("tags:\n- a\n- bad\n- b\n", "tags:\n- a\n- b\n"),
        ("tags:\n  - bad\n  - a  # keep\nx: 1\n", "tags:\n  - a  # keep\nx: 1\n"),
        ("tags: [a, bad, b]  # list\n", "tags: [a, b]  # list\n"),
        ("tags:\r\n- a\r\n- bad\r\n", "tags:\r\n- a\r\n"),
    ],
)
def test_one_item_is_taken_out_of_a_list(meta: str, after: str) -> None:
    front = FrontMatter(meta, "\n")
    front.keep_items("tags", ["a", "b"])
    assert front.text() == after


def test_duplicate_keys_are_left_alone() -> None:
    front = FrontMatter("a: 1\nb: 2\na: 3\n", "\n")
    front.remove("a")
    with pytest.raises(NotEditable):
        front.text()


def test_an_alias_bomb_is_refused_quickly() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [{','.join('*' + p for _ in range(9))}]\n"
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
        for p in [p]
    )
    with pytest.raises(NotEditable):
        read_mapping(bomb)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(NotEditable):
        read_mapping("a: " + "[" * 5000)


@pytest.mark.parametrize("blank", ["[]", "", "/home/me/base"])
def test_a_base_that_a_tool_left_blank_goes_when_nothing_better_is_known(blank: str) -> None:
    """mergekit writes an empty list for a merge of local folders."""
    front = FrontMatter(f"license: mit\nbase_model: {blank}\n", "\n")
    apply_settings(front, ())
    assert parse(front.text()) == {"license": "mit"}
    kept = FrontMatter("base_model:\n- a/one\n- b/two\n", "\n")
    apply_settings(kept, ())
    assert parse(kept.text()) == {"base_model": ["a/one", "b/two"]}


def test_a_licence_without_a_value_is_the_authors_reminder_and_stays() -> None:
    front = FrontMatter("license:\nlanguage: en\n", "\n")
    apply_settings(front, ())
    assert front.text() == "license:\nlanguage: en\n"
