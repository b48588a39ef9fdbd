# SPDX-License-Identifier: Apache-2.0
"""Odd cards, made by hand: without a change every byte stays; one changed field changes its line and no other."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import ModelCard
from hypothesis import given
from hypothesis import strategies as st

from core.documents.front_matter import read_mapping
from core.documents.metadata import Setting
from core.documents.readme_edit import decode_readme, edit_card
from core.documents.readme_parts import lines_of, split_readme

# Front matter -> the line that a new licence changes (None: a line is added).
ODD = {
    "plain": ("license: apache-2.0\nlanguage: en\n", "license: apache-2.0\n"),
    "remark": ("license: apache-2.0   # as the base\nlanguage: en\n", "license: apache-2.0   # as the base\n"),
    "double quotes": ('language: "en"\nlicense: "apache-2.0"\n', 'license: "apache-2.0"\n'),
    "single quotes": ("license: 'apache-2.0'\n", "license: 'apache-2.0'\n"),
    "quoted key": ('"license": apache-2.0\ntags: []\n', '"license": apache-2.0\n'),
    "tab before the value": ("license:\tapache-2.0\nlanguage: en\n", "license:\tapache-2.0\n"),
    "tab in quotes": ('note: "a\\tb"\nlicense: apache-2.0\t# tab\n', "license: apache-2.0\t# tab\n"),
    "wide": ("license   :   apache-2.0\nlanguage: en\n", "license   :   apache-2.0\n"),
    "indented": ("  license: apache-2.0\n  language: en\n", "  license: apache-2.0\n"),
    "anchor used elsewhere": ("who: &me mira\nlicense: apache-2.0\nauthor: *me\n", "license: apache-2.0\n"),
    "merge key": ("base: &base\n  a: 1\nmore:\n  <<: *base\n  b: 2\nlicense: apache-2.0\n", "license: apache-2.0\n"),
    "fence inside a text": ("prompt: |\n  one\n  ---\n  two\nlicense: apache-2.0\n", "license: apache-2.0\n"),
    "fence in quotes": ('note: "a --- b"\nlicense: apache-2.0\n', "license: apache-2.0\n"),
    "folded": ("description: >-\n  many words\n\n  more\nlicense: apache-2.0\n", "license: apache-2.0\n"),
    "goes on": ("description: plain\n  goes on\n  and on\nlicense: apache-2.0\n", "license: apache-2.0\n"),
    "flow lists": ("tags: [a, b,\n  c]\nlicense: apache-2.0\nmetrics: {x: [1, 2]}\n", "license: apache-2.0\n"),
    "comments": ("# head\n\nlicense: apache-2.0\n# between\nlanguage: en # tail\n# end\n", "license: apache-2.0\n"),
    "unicode": ("название: модель 🦙\nlicense: apache-2.0\n作者: 田中\n", "license: apache-2.0\n"),
    "duplicate other key": ("language: en\nlicense: apache-2.0\nlanguage: de\n", "license: apache-2.0\n"),
    "dates and numbers": ("date: 2024-01-01\nversion: 1.10\nflag: yes\nlicense: apache-2.0\n", "license: apache-2.0\n"),
    "model-index": ("model-index:\n- name: x\n  results:\n  - task:\n      type: text-generation\n    dataset:\n      type: a\n      name: a\n    metrics:\n    - type: acc\n      value: 0.5\nlicense: apache-2.0\n", "license: apache-2.0\n"),
    "empty value": ("license:\nlanguage: en\n", "license:\n"),
    "null": ("license: null\nlanguage: en\n", "license: null\n"),
    "none": ("language: en\ntags:\n- a\n", None),
    "blank lines at the end": ("language: en\n\n\n", None),
    "braces": ("{language: en, license: apache-2.0, tags: [a]}\n", "{language: en, license: apache-2.0, tags: [a]}\n"),
    "json": ('{\n  "language": "en",\n  "license": "apache-2.0"\n}\n', '  "license": "apache-2.0"\n'),
    "json without it": ('{\n  "language": "en"\n}\n', '  "language": "en"\n'),
}  # fmt: skip
BODY = "\n# Name\n\nText with --- and\n---\n\n```yaml\n---\nlicense: x\n---\n```\n<!-- note -->\nend  \t"
LICENCE = Setting(key="license", value="mit", said=True)


def forms(text: str) -> list[str]:
    return [text, text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text, "\ufeff" + text.replace("\n", "\r\n"), "\n" + text]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_without_a_change_every_byte_stays(name: str) -> None:
    for card in forms(f"---\n{ODD[name][0]}---\n{BODY}"):
        data = card.encode()
        old = decode_readme(data)
        assert split_readme(old).join().encode() == data
        assert edit_card(old, (), {}).content.encode() == data


@pytest.mark.parametrize("name", ODD)
def test_one_changed_field_changes_its_line_and_no_other(name: str) -> None:
    meta, line = ODD[name]
    for card in forms(f"---\n{meta}---\n{BODY}"):
        edited = edit_card(card, (LICENCE,), {})
        assert not edited.left_alone, edited.left_alone
        before, after = lines_of(card), lines_of(edited.content)
        if line is None:
            added = [one for one in after if one.strip() == "license: mit"]
            assert len(added) == 1
            after.remove(added[0])
            assert after == before
        else:
            assert len(before) == len(after)
            changed = [(one, two) for one, two in zip(before, after, strict=True) if one != two]
            assert [one.strip() for one, _ in changed] == [line.strip()]
        values = read_mapping(split_readme(edited.content).meta)
        assert values == read_mapping(meta) | {"license": "mit"}


@pytest.mark.parametrize("name", [name for name in ODD if "tab" not in name])
def test_huggingface_hub_reads_what_was_meant(name: str) -> None:
    card = edit_card(f"---\n{ODD[name][0]}---\n{BODY}", (LICENCE,), {}).content
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "README.md"
        path.write_bytes(card.encode())
        loaded = ModelCard.load(path, ignore_metadata_errors=True)
    assert loaded.data.license == "mit"
    assert loaded.text == split_readme(card).body or loaded.text.strip() == split_readme(card).body.strip()


@pytest.mark.parametrize(
    ("meta", "wanted", "lines"),
    [
        (
            "tags:\n  - a  # first\n  - b\nx: 1\n",
            ["a", "b", "c"],
            "tags:\n  - a  # first\n  - b\n  - c\nx: 1\n",
        ),
        ("tags:\n- a\n- 'b'\n- c\n", ["a", "c"], "tags:\n- a\n- c\n"),
        ('tags:\n- "a"\n- b\n', ["a", "x"], 'tags:\n- "a"\n- x\n'),
        ("tags:\n- a\n", ["new", "a"], "tags:\n- new\n- a\n"),
        ("tags: [a, b]\nx: 1\n", ["a", "b", "c"], "tags: [a, b, c]\nx: 1\n"),
        ("tags:\n- a", ["a", "b"], "tags:\n- a\n- b\n"),
    ],
)
def test_a_list_changes_item_by_item(meta: str, wanted: list[str], lines: str) -> None:
    from core.documents.front_matter import FrontMatter

    front = FrontMatter(meta, "\n")
    front.set("tags", wanted)
    assert front.text().rstrip("\n") == lines.rstrip("\n")


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_a_file_that_ends_with_its_fence_stays_a_card(eol: str) -> None:
    card = f"---{eol}license: mit{eol}---"
    edited = edit_card(card, (LICENCE,), {"summary": "Answers."}).content
    assert ModelCard(edited).data.license == "mit"
    assert lines_of(edited)[3].rstrip() == "<!-- weighbridge:begin summary -->"
    assert edit_card(edited, (LICENCE,), {"summary": "Answers."}).content == edited


def test_no_front_matter_gets_one_and_the_text_stays() -> None:
    for body in ("# Hi\n", "Text\r\nmore\r\n", "", "---\n", "--- \nnot: closed\n", "----\na: b\n----\n"):
        edited = edit_card(body, (LICENCE,), {}).content
        assert edited.endswith(body)
        assert split_readme(edited).body == body
        assert yaml.safe_load(split_readme(edited).meta) == {"license": "mit"}


_PIECES = st.sampled_from(
    [meta for meta, _ in ODD.values() if not meta.startswith(("{", " ")) and "\t" not in meta]
)
_NOISE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60
)


@given(_NOISE)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    for card in (text, f"---\n{text}\n---\n{text}", f"\ufeff---\r\n{text}\r\n---\r\n"):
        assert split_readme(card).join() == card
        assert edit_card(card, (), {}).content == card


@given(_PIECES, _PIECES, _NOISE)
def test_two_pieces_and_any_body(first: str, second: str, body: str) -> None:
    values: Any = yaml.safe_load(first) | yaml.safe_load(second)
    card = f"---\n{first}{second}---\n{body}"
    edited = edit_card(card, (Setting(key="zz_new", value="x", said=True),), {})
    if edited.left_alone:
        assert edited.content == card
    else:
        assert yaml.safe_load(split_readme(edited.content).meta) == values | {"zz_new": "x"}
    assert split_readme(edited.content).body == body
