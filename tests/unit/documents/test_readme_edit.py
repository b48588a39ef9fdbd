# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
import yaml
from huggingface_hub import ModelCard

from core.documents import MODEL_CARD, read_back, render
from core.documents.blocks import find_blocks, without_blocks, wrapped
from core.documents.front_matter import FrontMatter
from core.documents.leftovers import had_template_title, without_leftovers, without_tool_title
from core.documents.readme_edit import decode_readme, edit_card
from core.documents.readme_parts import lines_of, split_readme
from core.domain.answers import Answers
from core.domain.document import RenderedDocument
from core.domain.said import said
from core.errors import CannotRead
from core.scan.formats.card_body import written_by_tool
from tests.unit.documents import samples
from tests.unit.documents.samples import fact

CARDS = Path(__file__).parents[2] / "fixtures" / "cards"
TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"
AUTHOR = (CARDS / "author.md").read_bytes()
TEMPLATE = (CARDS / "template.md").read_bytes()
ALL = [
    pytest.param(path, id=path.parent.name + "/" + path.name)
    for path in sorted([*CARDS.glob("*.md"), *TRAINED.rglob("README.md")])
]


def edit(
    existing: bytes,
    answers: Answers = samples.ANSWERS,
    facts: tuple[samples.AnyFact, ...] = samples.LORA_FACTS,
) -> RenderedDocument:
    project = samples.project(answers, facts)
    assessment = samples.assessment(project)
    document = render(MODEL_CARD, project, assessment, existing=existing)
    read_back(document, project, assessment)
    return document


def variants(data: bytes) -> list[bytes]:
    crlf = data.replace(b"\n", b"\r\n")
    mixed = data.replace(b"\n", b"\r\n", 7)
    return [
        data,
        crlf,
        mixed,
        b"\xef\xbb\xbf" + data,
        data.rstrip(b"\n"),
        b"\xef\xbb\xbf" + crlf.rstrip(b"\r\n"),
    ]


@pytest.mark.parametrize("path", ALL)
def test_nothing_to_say_changes_no_byte(path: Path) -> None:
    for data in variants(path.read_bytes()):
        old = decode_readme(data)
        assert edit_card(old, (), {}).content.encode() == data


@pytest.mark.parametrize("path", ALL)
def test_one_changed_key_changes_its_own_lines_only(path: Path) -> None:
    parts = split_readme(decode_readme(path.read_bytes()))
    for key, value in FrontMatter(parts.meta, parts.eol).values.items():
        if not isinstance(value, str):
            continue
        front = FrontMatter(parts.meta, parts.eol)
        front.set(key, "changed")
        before, after = lines_of(parts.meta), lines_of(front.text())
        place = next(n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
        own = (
            len(before) - len(after) + 1
        )  # a long value may stand on several lines; the new one stands on one
        assert after[place].startswith(f"{key}: changed")
        assert before[place].startswith(key)
        assert all(line.startswith((" ", "\t")) for line in before[place + 1 : place + own])
        assert before[place + own :] == after[place + 1 :]


@pytest.mark.parametrize("path", ALL)
def test_our_part_in_and_out_leaves_the_rest_as_it_was(path: Path) -> None:
    for data in variants(path.read_bytes()):
        content = edit(data).content
        assert find_blocks(split_readme(content).body)
        before = split_readme(decode_readme(data)).body
        if written_by_tool(before):  # nobody's words: what the template left is taken out first
            named = had_template_title(before)
            before = without_leftovers(before)
            before = before if named else without_tool_title(before)
        assert without_blocks(split_readme(content).body) == before
        assert edit(content.encode()).content == content


def test_every_line_of_the_authors_front_matter_survives() -> None:
    for data in variants(AUTHOR):
        before, after = split_readme(data.decode()), split_readme(edit(data).content)
        assert after.meta.startswith(
            before.meta.replace("apache-2.0", "llama3.1").replace("[en, de]", "[en, de]").split("language")[0]
        )
        kept = [
            line
            for line in before.meta.splitlines(keepends=True)
            if not line.startswith(("license:", "language:"))
        ]
        rest = after.meta
        for line in kept:
            assert line in rest
            rest = rest[rest.index(line) + len(line) :]
        assert after.bom == before.bom
        assert "license: llama3.1   # the team agreed on this" in after.meta  # said in the app, so it wins


def test_files_do_not_overrule_the_author() -> None:
    said = Answers()
    facts = (*samples.LORA_FACTS, fact("license", "mit", "LICENSE"), fact("languages", ["fr"], "config.json"))
    values = yaml.safe_load(split_readme(edit(AUTHOR, said, facts).content).meta)
    assert values["license"] == "apache-2.0"
    assert values["language"] == ["en", "de"]
    assert values["tags"] == ["owls", "birds"]
    assert values["base_model"] == "meta-llama/Llama-3.1-8B"


def test_tool_defaults_are_replaced_or_taken_out() -> None:
    content = edit(TEMPLATE).content
    values = ModelCard(content).data.to_dict()
    assert values["base_model"] == "meta-llama/Llama-3.1-8B"
    assert values["tags"] == ["lora"]
    assert "licence" not in values
    assert values["license"] == "llama3.1"
    without = tuple(one for one in samples.LORA_FACTS if one.name != "base_model")
    assert "/home/mira" not in edit(TEMPLATE, facts=without).content


def test_a_list_of_the_tools_tags_alone_gives_way_to_ours_at_once() -> None:
    old = b"---\ntags:\n- base_model:adapter:/home/mira/models/base\nlanguage: en\n---\n# Owls\n"
    once = edit(old).content
    assert ModelCard(once).data.to_dict()["tags"] == ["lora"]
    assert edit(once.encode()).content == once


def test_an_authors_section_is_left_to_the_author() -> None:
    body = split_readme(edit(AUTHOR).content).body
    assert "uses" not in find_blocks(body)
    assert "title" not in find_blocks(body)
    assert "limitations" in find_blocks(body)


def test_a_templates_empty_section_is_not_the_authors() -> None:
    document = edit(TEMPLATE)
    found = find_blocks(split_readme(document.content).body)
    assert "limitations" in found
    assert "uses" in found
    assert "evaluation" not in found  # those ten owls were written by somebody
    assert document.content.index("weighbridge:begin summary") < document.content.index(
        "Provide a quick summary"
    )


def test_a_section_the_author_wrote_is_no_gap() -> None:
    fields = {gap.field for gap in edit(AUTHOR, Answers()).gaps}
    assert "intended_use" not in fields
    assert "limitations" in fields


def test_new_sections_stand_before_citation_and_contact() -> None:
    content = edit(AUTHOR).content
    assert (
        content.index("Naming owls")
        < content.index("weighbridge:begin training-compute")
        < content.index("## Citation\n\n    @misc")
    )


def test_the_title_stands_first_in_a_card_that_a_tool_wrote() -> None:
    """With the tool's own heading gone, ours stood behind its list of settings, in the middle of the page."""
    content = edit((TRAINED / "hf_trainer_full_llama_v4" / "README.md").read_bytes()).content
    places = [
        content.index(words)
        for words in (
            "# Llama-3.1-8B-Cooking",
            "Answers questions about home cooking.",
            "It achieves the following results on the evaluation set:",
            "## Model details",
            "## Training procedure",
            "### Framework versions",
        )
    ]
    assert places == sorted(places)
    assert edit(content.encode()).content == content


def test_ours_stand_before_the_settings_that_a_tool_wrote() -> None:
    """Also under the tool's own title, as long as nobody named the model: what it is comes before how it was run."""
    card = (TRAINED / "hf_trainer_full_llama_v4" / "README.md").read_bytes()
    content = edit(card, samples.ANSWERS.replace(model_name=None, summary=None)).content
    places = [
        content.index(words)
        for words in (
            "# tiny-llama-full",
            "It achieves the following results",
            "## Model details",
            "## Training procedure",
        )
    ]
    assert places == sorted(places)


def test_only_our_blocks_change_when_the_figures_change() -> None:
    first = edit(AUTHOR).content
    touched = first.replace("Write to the owl post.", "Write to the owl post, by night.")
    project = samples.project()
    other = said("compute.agree.exact")
    assessment = samples.assessment(project, footprint=samples.footprint(agreed=(other,)))
    second = render(MODEL_CARD, project, assessment, existing=touched.encode()).content
    assert second == touched.replace(samples.footprint().agreement, str(other))


def test_our_own_emissions_are_refreshed_and_the_authors_are_kept() -> None:
    project = samples.project()
    first = render(MODEL_CARD, project, samples.assessment(project)).content.encode()
    co2 = samples.footprint().co2
    assert co2 is not None
    doubled = samples.footprint(co2=co2.replace(central=1.6))
    second = render(
        MODEL_CARD, project, samples.assessment(project, footprint=doubled), existing=first
    ).content
    assert "  emissions: 1600\n" in second
    gone = render(
        MODEL_CARD,
        project,
        samples.assessment(project, footprint=samples.footprint(co2=None)),
        existing=first,
    ).content
    assert "co2_eq_emissions" not in gone
    kept = edit(b"---\nco2_eq_emissions: 7 # metered\n---\n").content
    assert "co2_eq_emissions: 7 # metered\n" in kept


def test_a_block_without_content_is_taken_out_and_comes_back_to_its_place() -> None:
    full = edit(AUTHOR).content
    project = samples.project(samples.ANSWERS.replace(limitations=None))
    less = render(MODEL_CARD, project, samples.assessment(project), existing=full.encode()).content
    assert "begin limitations" not in less
    assert edit(less.encode()).content == full


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n```python\nnever closed",
        "# T\n\n<!-- never closed\n\nmore",
        "# T\n\n<!-- never closed\n\n<!-- more",
        "# T\n\n<!-- a --> <!--\nb --> c <!-- never closed",
        "# T\n\n```\n<!-- code\n```\n\nmore",
        "# T\n\n```\nx\n<!-- weighbridge:end how-t\n## Use\n\n```py\ny\n```\n\n## More\n\nmore",
        "<!-- weighbridge:begin uses -->\nno end",
        "<!-- weighbridge:end uses -->",
        "\n",
        "---\n---\nhi",
        "--- \nx: 1\n--- \nhi",
    ],
)
def test_odd_bodies(text: str) -> None:
    content = edit(text.encode()).content
    body = split_readme(content).body
    assert without_blocks(body) == split_readme(text).body or not text.strip()
    assert edit(content.encode()).content == content
    place = content.find("never closed")
    if place >= 0:
        assert content.index("weighbridge:begin") < place


@pytest.mark.parametrize(
    "meta",
    [
        "- a\n- b",
        "a: [",
        "a: &a [*a]",
        "? a\n: b",
        "!!python/object/apply:os.system [ls]",
        "x: \t\tbad: y",
        "{{ card_data }}",
    ],
)
def test_front_matter_that_cannot_be_edited_stays_and_is_reported(meta: str) -> None:
    document = edit(f"---\n{meta}\n---\n\nHello.\n".encode())
    assert split_readme(document.content).meta == meta + "\n"
    assert document.gaps[0].field == "front_matter"


def test_wrong_values_of_the_author_are_gaps() -> None:
    gaps = edit(
        b"---\nlicense: banana\npipeline_tag: conversational\nlanguage: English\n---\nHi.\n", Answers(), ()
    ).gaps
    problems = " ".join(gap.how_to_fill for gap in gaps)
    assert all(word in problems for word in ("banana", "conversational", "English"))


def test_private_prose_of_the_author_stays_and_is_reported() -> None:
    document = edit(AUTHOR + b"\nSee /home/mira/owls and owl@example.org.\n")
    assert "See /home/mira/owls and owl@example.org." in document.content
    line = document.content[: document.content.index("See /home")].count("\n") + 1
    assert {f"Line {line} of your own text names a folder of a machine. It was kept as you wrote it. Check that it may be public.",
            f"Line {line} of your own text holds an e-mail address. It was kept as you wrote it. Check that it may be public."} <= set(document.withheld)  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfeh\x00i\x00",
        b"caf\xe9",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        b"a\x00b",
        b"x" * 5_000_001,
    ],
)
def test_a_readme_that_is_no_text_is_told(data: bytes) -> None:
    with pytest.raises(CannotRead) as caught:
        edit(data)
    assert caught.value.what
    assert caught.value.why
    assert caught.value.todo


def test_a_block_without_content_goes_wherever_it_stands() -> None:
    """Else each edit would take out one more of its copies."""
    copies = "\n".join(wrapped("evaluation", f"Figure {number}.", "\n") + "\nMine." for number in range(4))
    once = edit_card(f"# Owl\n\n{copies}\n", (), {"licence": "Owl licence."}).content
    assert "Figure" not in once
    assert once.count("Mine.") == 4
    assert edit_card(once, (), {"licence": "Owl licence."}).content == once
